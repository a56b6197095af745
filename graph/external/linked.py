"""The graph of what is linked: what external ontologies say of the targets of our mappings, and of all above them.

In: the quads of graph:mappings, and the release with whose ontologies they are to be served. Out: the quads of
graph:linked in a fixed order: for each target its classes (`eqp:externalAncestor`), its roles (`eqp:externalRole`), how
it stands in the ontologies in hand (`eqp:termStanding`), and for each class labels and the classes directly above it.
The closures are the updates of the folder `closures`; what they work on is the part of the ontologies that is reached,
a few thousand triples of a million. A target of which no ontology in hand speaks has itself as class, and an ATC code
the levels that stand in it.
"""

from collections.abc import Iterable, Iterator, Sequence
from functools import cache
from importlib.resources import files
from typing import TYPE_CHECKING

import pyoxigraph as ox

from equipoise.graph.evidence import LINKED_GRAPH
from equipoise.graph.external.reached import reached_triples
from equipoise.graph.external.shelf import Ontology
from equipoise.graph.external.standing import Standing, Version, namespaces_of
from equipoise.ontology.identifiers import spellings_of, system_of, usual_spelling
from equipoise.ontology.iri import vocabulary_iri
from equipoise.ontology.rdf import OWL, RDFS_SUBCLASS, in_graph, text_of

if TYPE_CHECKING:
    from equipoise.graph.release import Release

__all__ = ["linked_quads"]

TARGET = ox.NamedNode(OWL + "annotatedTarget")
STANDING = ox.NamedNode(vocabulary_iri("termStanding"))
SYSTEM = ox.NamedNode(vocabulary_iri("identifierSystem"))
PROPOSED = {
    "replaced": ox.NamedNode("http://purl.obolibrary.org/obo/IAO_0100001"),
    "deprecated": ox.NamedNode("http://www.geneontology.org/formats/oboInOwl#consider"),
}
STANDINGS: dict[Standing, str] = {
    "current": "CurrentTerm",
    "replaced": "ReplacedTerm",
    "deprecated": "DeprecatedTerm",
    "missing": "MissingTerm",
    "unknown": "NewerTerm",
}


def linked_quads(
    mappings: Iterable[ox.Quad], served: "Release | None", *, ontologies: Sequence[Ontology] | None = None
) -> tuple[ox.Quad, ...]:
    """The quads of graph:linked by the ontologies that a release is served with; by some of them only, if given."""
    targets = [quad.triple for quad in mappings if quad.predicate == TARGET]
    terms = sorted({text_of(triple.object) for triple in targets})
    known = (served.manifest.ontologies if served else ()) if ontologies is None else ontologies
    store = ox.Store()
    store.bulk_extend(in_graph(targets, None))
    store.update(_text("levels"))
    if served and known:
        index, graphs = ox.Store.read_only(str(served.index)), [ontology.iri for ontology in known]
        standings = list(_standings(index, known, terms))
        levels = store.quads_for_pattern(None, RDFS_SUBCLASS, None, None)
        others = {text_of(triple.object) for triple in standings if triple.predicate in PROPOSED.values()}
        wanted = {*terms, *others, *(text_of(level.object) for level in levels)}
        store.bulk_extend(in_graph(reached_triples(index, graphs, wanted), None))
        store.bulk_extend(in_graph(standings, LINKED_GRAPH))
    store.bulk_extend(in_graph(_systems(store), None))
    for name in ("ancestors", "roles", "classes"):
        store.update(_text(name))
    return tuple(sorted(store.quads_for_pattern(None, None, None, ox.NamedNode(LINKED_GRAPH)), key=str))


def _systems(store: ox.Store) -> Iterator[ox.Triple]:
    """The system of every term that a store speaks of."""
    terms = {text_of(term) for quad in store for term in (quad.subject, quad.object) if isinstance(term, ox.NamedNode)}
    for iri in terms:
        if system := system_of(iri):
            yield ox.Triple(ox.NamedNode(iri), SYSTEM, ox.NamedNode(system.iri))


def _standings(index: ox.Store, ontologies: Sequence[Ontology], terms: Iterable[str]) -> Iterator[ox.Triple]:
    """How each term stands of which an ontology in hand speaks or should speak, and what is proposed in its place."""
    version = Version(index, [ontology.iri for ontology in ontologies])
    spaces = tuple(space for one in ontologies for space in namespaces_of(one, Version(index, [one.iri])))
    for iri in terms:
        found = next((spelled for spelled in spellings_of(iri) if version.has(spelled)), iri)
        if not found.startswith(spaces) and not version.has(found):
            continue
        standing, proposed = version.standing(found)
        yield ox.Triple(ox.NamedNode(iri), STANDING, ox.NamedNode(vocabulary_iri(STANDINGS[standing])))
        for other in map(usual_spelling, proposed):
            yield ox.Triple(ox.NamedNode(iri), PROPOSED[standing], ox.NamedNode(other))


@cache
def _text(name: str) -> str:
    return (files("equipoise.graph.external") / "closures" / f"{name}.ru").read_text(encoding="utf-8")
