"""What follows from the vocabulary and the records: inferred types, mechanisms and targets.

In: triples of the vocabulary and of the records. Out: an `Inference`: the triples that follow and were not stated.

Two ways give the same triples. With Java, owlready2 runs HermiT, which also proves that everything is consistent.
Without Java, the rules of the folder `rules` are run to their fixed point, and disjointness is checked. Neither runs
while a query is answered.
"""

import io
import shutil
import subprocess
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cache
from importlib.metadata import version
from importlib.resources import files

import owlready2
import pyoxigraph as ox

from equipoise.ontology.errors import ReasoningError
from equipoise.ontology.iri import EQP
from equipoise.ontology.rdf import RDF_TYPE, SKOS, in_graph, serialized, text_of

__all__ = ["Inference", "infer", "infer_by_hermit", "infer_by_rules", "java_is_present", "labels"]

CONCEPT = SKOS + "Concept"
INFERRED_PROPERTIES = (EQP + "hasMechanism", EQP + "hasTarget")
"""The object properties that have a property chain: the only ones of which new statements can follow."""


@dataclass(frozen=True)
class Inference:
    """Triples that follow from others and were not among them, and the name of what inferred them."""

    triples: frozenset[ox.Triple]
    reasoner: str


def java_is_present() -> bool:
    """Whether the command that HermiT needs is there and runs; some systems have one that only says how to get it."""
    java = shutil.which("java")
    return java is not None and subprocess.run([java, "-version"], capture_output=True, check=False).returncode == 0


def infer(triples: Iterable[ox.Triple]) -> Inference:
    """Infer by HermiT where Java is present, by the rules otherwise. Raises ReasoningError on a contradiction."""
    return infer_by_hermit(triples) if java_is_present() else infer_by_rules(triples)


def infer_by_hermit(triples: Iterable[ox.Triple]) -> Inference:
    """Infer with HermiT through owlready2.

    Literals are left out: no class is defined by one, and HermiT refuses datatypes outside the OWL 2 map, xsd:date
    among them. Raises ReasoningError where the triples are inconsistent or a class can have no member.
    """
    stated = frozenset(triples)
    logical = [triple for triple in stated if not isinstance(triple.object, ox.Literal)]
    world = owlready2.World()
    ontology = world.get_ontology(EQP)
    ontology.load(fileobj=io.BytesIO(serialized(logical, ox.RdfFormat.N_TRIPLES)))
    try:
        with ontology:
            owlready2.sync_reasoner_hermit(world, infer_property_values=True, debug=0)
    except owlready2.OwlReadyInconsistentOntologyError as error:
        raise ReasoningError("ontology", found="HermiT finds it inconsistent", allowed="must have a model") from error
    except owlready2.OwlReadyJavaError as error:
        reason = next((line for line in str(error).splitlines()[1:] if line.strip()), "no reason given")
        raise ReasoningError("ontology", found=f"HermiT failed: {reason}", allowed="must be OWL 2 DL") from error
    unsatisfiable = sorted(owl_class.iri for owl_class in world.inconsistent_classes())
    if unsatisfiable:
        raise ReasoningError(
            "ontology", found=f"no member is possible in {', '.join(unsatisfiable)}", allowed="must be satisfiable"
        )
    inferred = frozenset(_statements(world, _individuals(logical))) - stated
    world.close()
    return Inference(inferred, f"HermiT through owlready2 {version('owlready2')}")


def _individuals(triples: Iterable[ox.Triple]) -> set[str]:
    """The IRIs of what is stated to be a member of one of our classes or of skos:Concept: what is inferred about."""
    return {
        triple.subject.value
        for triple in triples
        if triple.predicate == RDF_TYPE
        and isinstance(triple.subject, ox.NamedNode)
        and _is_ours(text_of(triple.object))
    }


def _statements(world: owlready2.World, individuals: Iterable[str]) -> Iterator[ox.Triple]:
    """Every type and every value of an inferred property that the world holds of the individuals after reasoning."""
    properties = [(ox.NamedNode(iri), world[iri]) for iri in INFERRED_PROPERTIES]
    for iri in individuals:
        subject = ox.NamedNode(iri)
        individual = world[iri]
        for owl_class in individual.INDIRECT_is_a:
            if isinstance(owl_class, owlready2.ThingClass) and _is_ours(owl_class.iri):
                yield ox.Triple(subject, RDF_TYPE, ox.NamedNode(owl_class.iri))
        for predicate, owl_property in properties:
            for value in owl_property[individual]:
                yield ox.Triple(subject, predicate, ox.NamedNode(value.iri))


def _is_ours(class_iri: str) -> bool:
    return class_iri.startswith(EQP) or class_iri == CONCEPT


def infer_by_rules(triples: Iterable[ox.Triple]) -> Inference:
    """Infer by the OWL 2 RL rules that the vocabulary needs, run as SPARQL until nothing new follows.

    Raises ReasoningError where something belongs to two classes that are declared disjoint.
    """
    stated = frozenset(triples)
    store = ox.Store()
    store.bulk_extend(in_graph(stated, None))
    rules = _rules()
    size = -1
    while size != len(store):
        size = len(store)
        for rule in rules:
            found = store.query(rule)
            assert isinstance(found, ox.QueryTriples)
            store.extend(in_graph(found, None))
    _refuse_contradictions(store)
    known = _individuals(stated)
    derived = frozenset(quad.triple for quad in store if text_of(quad.subject) in known and _is_kept(quad.triple))
    inferred = derived - stated
    return Inference(inferred, "rule set (OWL 2 RL in SPARQL)")


@cache
def _rules() -> tuple[str, ...]:
    folder = files("equipoise.ontology") / "rules"
    paths = sorted(folder.iterdir(), key=lambda path: path.name)
    return tuple(path.read_text(encoding="utf-8") for path in paths if path.name.endswith(".rq"))


def _is_kept(triple: ox.Triple) -> bool:
    """Whether an inferred triple is one that the release carries: a named class, or a value of a chained property."""
    if not isinstance(triple.object, ox.NamedNode):
        return False
    if triple.predicate == RDF_TYPE:
        return _is_ours(triple.object.value)
    return triple.predicate.value in INFERRED_PROPERTIES


def _refuse_contradictions(store: ox.Store) -> None:
    query = (files("equipoise.ontology") / "disjoint.rq").read_text(encoding="utf-8")
    rows = store.query(query)
    assert isinstance(rows, ox.QuerySolutions)
    found = [f"{row['thing']} is both {row['one']} and {row['other']}" for row in rows]
    if found:
        raise ReasoningError("ontology", found="; ".join(found), allowed="the classes are disjoint")


def labels(triples: Iterable[ox.Triple]) -> frozenset[ox.Triple]:
    """An rdfs:label for every skos:prefLabel among the triples."""
    store = ox.Store()
    store.bulk_extend(in_graph(triples, None))
    found = store.query((files("equipoise.ontology") / "labels.rq").read_text(encoding="utf-8"))
    assert isinstance(found, ox.QueryTriples)
    return frozenset(found)
