"""What follows from the vocabulary and the records: inferred types, mechanisms and targets, and what stands above what.

In: triples of the vocabulary and of the records. Out: an `Inference`: the triples that follow and were not stated.

Two ways give the same triples. With Java, owlready2 runs HermiT, which also proves that everything is consistent.
Without Java, the rules of the folder `rules` are run in the store to their fixed point, and disjointness is checked;
`materialise` does the same in a store of any size. Neither runs while a query is answered. The closures of
skos:broader and of rdfs:subClassOf (folder `closures`) are the same updates in both, so that no query needs a path.
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
from equipoise.ontology.iri import EQP, mint
from equipoise.ontology.rdf import RDF_TYPE, SKOS, in_graph, serialized, text_of

__all__ = [
    "INFERRED_GRAPH",
    "Inference",
    "infer",
    "infer_by_hermit",
    "infer_by_rules",
    "java_is_present",
    "labels",
    "materialise",
]

CONCEPT = SKOS + "Concept"
INFERRED_GRAPH = mint("graph", "inferred")
STATED_GRAPH = mint("graph", "stated")
CHAIN = ox.NamedNode("http://www.w3.org/2002/07/owl#propertyChainAxiom")


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
    inferred = frozenset(_statements(world, _individuals(logical), _chained(logical))) | _closures(logical)
    world.close()
    return Inference(inferred - stated, f"HermiT through owlready2 {version('owlready2')}")


def _individuals(triples: Iterable[ox.Triple]) -> set[str]:
    """The IRIs of what is stated to be a member of one of our classes or of skos:Concept: what is inferred about."""
    return {
        triple.subject.value
        for triple in triples
        if triple.predicate == RDF_TYPE
        and isinstance(triple.subject, ox.NamedNode)
        and _is_ours(text_of(triple.object))
    }


def _chained(triples: Iterable[ox.Triple]) -> set[str]:
    """The object properties that have a property chain: the only ones of which new statements can follow."""
    return {text_of(triple.subject) for triple in triples if triple.predicate == CHAIN}


def _statements(
    world: owlready2.World, individuals: Iterable[str], inferred_properties: Iterable[str]
) -> Iterator[ox.Triple]:
    """Every type and every value of an inferred property that the world holds of the individuals after reasoning."""
    properties = [(ox.NamedNode(iri), world[iri]) for iri in inferred_properties]
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
    """Infer by the OWL 2 RL rules that the vocabulary needs, run in a store in memory.

    Raises ReasoningError where something belongs to two classes that are declared disjoint.
    """
    store = ox.Store()
    store.bulk_extend(in_graph(triples, STATED_GRAPH))
    materialise(store)
    inferred = store.quads_for_pattern(None, None, None, ox.NamedNode(INFERRED_GRAPH))
    return Inference(frozenset(quad.triple for quad in inferred), "rule set (OWL 2 RL in SPARQL)")


def materialise(store: ox.Store) -> int:
    """Put what follows from the named graphs of a store into its graph:inferred, in place of what was there.

    The rules run in the engine as SPARQL updates, so that large data never passes through Python; the default graph is
    their working space and is empty afterwards. Gives the number of rounds until nothing new followed. Raises
    ReasoningError where something belongs to two classes that are declared disjoint; what was inferred is then taken
    back.
    """
    store.update(_text("gather.ru"))
    rules = _updates("rules")
    rounds, before = 0, -1
    while (size := _inferred_size(store)) != before:
        rounds, before = rounds + 1, size
        for rule in rules:
            store.update(rule)
    try:
        _refuse_contradictions(store)
    except ReasoningError:
        store.clear_graph(ox.NamedNode(INFERRED_GRAPH))
        store.clear_graph(ox.DefaultGraph())
        raise
    store.update(_text("keep.ru"))
    for closure in _updates("closures"):
        store.update(closure)
    store.clear_graph(ox.DefaultGraph())
    return rounds


def _closures(triples: Iterable[ox.Triple]) -> frozenset[ox.Triple]:
    """What stands above each concept and each class over any number of steps, where that is not stated."""
    store = ox.Store()
    store.bulk_extend(in_graph(triples, None))
    for closure in _updates("closures"):
        store.update(closure)
    return frozenset(quad.triple for quad in store.quads_for_pattern(None, None, None, ox.NamedNode(INFERRED_GRAPH)))


def _updates(folder: str) -> list[str]:
    """The texts of a folder of updates, in the order in which they run."""
    names = sorted(path.name for path in (files("equipoise.ontology") / folder).iterdir())
    return [_text(f"{folder}/{name}") for name in names if name.endswith(".ru")]


@cache
def _text(name: str) -> str:
    return (files("equipoise.ontology") / name).read_text(encoding="utf-8")


def _inferred_size(store: ox.Store) -> int:
    rows = store.query(f"SELECT (COUNT(*) AS ?size) WHERE {{ GRAPH <{INFERRED_GRAPH}> {{ ?s ?p ?o }} }}")
    assert isinstance(rows, ox.QuerySolutions)
    return int(next(rows)["size"].value)


def _refuse_contradictions(store: ox.Store) -> None:
    rows = store.query(_text("disjoint.rq"))
    assert isinstance(rows, ox.QuerySolutions)
    found = [f"{row['thing']} is both {row['one']} and {row['other']}" for row in rows]
    if found:
        raise ReasoningError("ontology", found="; ".join(found), allowed="the classes are disjoint")


def labels(triples: Iterable[ox.Triple]) -> frozenset[ox.Triple]:
    """An rdfs:label for every skos:prefLabel among the triples."""
    store = ox.Store()
    store.bulk_extend(in_graph(triples, None))
    found = store.query(_text("labels.rq"))
    assert isinstance(found, ox.QueryTriples)
    return frozenset(found)
