"""The part of external ontologies that terms reach: what is said of them, and of every class and role above them.

In: a store with the ontologies in their graphs, and terms. Out: triples, each class under its one IRI: names, whether
it is deprecated, which graphs speak of it, the classes that it is a subclass of (`rdfs:subClassOf`) and the roles that
it has (`obo:RO_0000087`), whether these are stated directly, by a restriction, or as parts of an intersection. The
graphs are taken together, for one may have the hierarchy and another the roles.
What goes round in a circle is met once.
"""

from collections.abc import Iterable, Iterator, Sequence

import pyoxigraph as ox

from equipoise.ontology.identifiers import spellings_of, usual_spelling
from equipoise.ontology.rdf import OWL, RDFS_LABEL, RDFS_SUBCLASS, SKOS, text_of, typed

__all__ = ["HAS_ROLE", "IS_DEFINED_BY", "reached_triples"]

RDF = "http://www.w3.org/1999/02/22-rdf-syntax-ns#"
HAS_ROLE = ox.NamedNode("http://purl.obolibrary.org/obo/RO_0000087")
IS_DEFINED_BY = ox.NamedNode("http://www.w3.org/2000/01/rdf-schema#isDefinedBy")
DEPRECATED = ox.NamedNode(OWL + "deprecated")
EQUIVALENT = ox.NamedNode(OWL + "equivalentClass")
INTERSECTION = ox.NamedNode(OWL + "intersectionOf")
ON_PROPERTY = ox.NamedNode(OWL + "onProperty")
SOME_VALUES = ox.NamedNode(OWL + "someValuesFrom")
FIRST, REST = ox.NamedNode(RDF + "first"), ox.NamedNode(RDF + "rest")
THING = ox.NamedNode(OWL + "Thing")
NAMES = (RDFS_LABEL, ox.NamedNode(SKOS + "prefLabel"))
ROLES = (HAS_ROLE, ox.NamedNode("http://purl.obolibrary.org/obo/chebi#has_role"))
"""The property, and what conversions of ChEBI's OBO file call it."""

Above = tuple[ox.NamedNode, ox.NamedNode]
"""How something stands above a class (as superclass or as role), and its IRI as the ontology has it."""


def reached_triples(store: ox.Store, graphs: Sequence[str], terms: Iterable[str]) -> Iterator[ox.Triple]:
    """The triples of all that the terms reach in these graphs of a store."""
    reader = _Reader(store, graphs)
    waiting, met = list(terms), set(terms)
    while waiting:
        for triple in reader.about(waiting.pop()):
            yield triple
            if triple.predicate in (RDFS_SUBCLASS, HAS_ROLE) and (above := text_of(triple.object)) not in met:
                met.add(above)
                waiting.append(above)


class _Reader:
    """What the graphs say of one class at a time."""

    def __init__(self, store: ox.Store, graphs: Sequence[str]) -> None:
        self._store = store
        self._graphs = [ox.NamedNode(graph) for graph in graphs]

    def about(self, iri: str) -> Iterator[ox.Triple]:
        """What is said of a class, whichever of its IRIs a graph has."""
        subject = ox.NamedNode(iri)
        for graph in self._graphs:
            for node in map(ox.NamedNode, spellings_of(iri)):
                found = list(self._store.quads_for_pattern(node, None, None, graph))
                if found:
                    yield ox.Triple(subject, IS_DEFINED_BY, graph)
                for quad in found:
                    yield from self._said(subject, quad)
                for quad in self._store.quads_for_pattern(None, EQUIVALENT, node, graph):
                    if isinstance(quad.subject, ox.NamedNode):
                        yield _triple(subject, (RDFS_SUBCLASS, quad.subject))

    def _said(self, subject: ox.NamedNode, quad: ox.Quad) -> Iterator[ox.Triple]:
        match quad.predicate:
            case predicate if predicate in NAMES and isinstance(quad.object, ox.Literal):
                yield ox.Triple(subject, predicate, quad.object)
            case predicate if predicate == DEPRECATED and text_of(quad.object) in ("true", "1"):
                yield ox.Triple(subject, DEPRECATED, typed("true", "boolean"))
            case predicate if predicate in ROLES and isinstance(quad.object, ox.NamedNode):
                yield _triple(subject, (HAS_ROLE, quad.object))
            case predicate if predicate in (RDFS_SUBCLASS, EQUIVALENT):
                for above in self._expressed(quad.object, quad.graph_name, set()):
                    yield _triple(subject, above)

    def _expressed(self, value: object, graph: object, met: set[object]) -> Iterator[Above]:
        """What stands above the members of a class or class expression; a list of classes is gone through."""
        if isinstance(value, ox.NamedNode):
            if value != THING:
                yield RDFS_SUBCLASS, value
        elif isinstance(value, ox.BlankNode) and value not in met and isinstance(graph, ox.NamedNode):
            met.add(value)
            parts = {quad.predicate: quad.object for quad in self._store.quads_for_pattern(value, None, None, graph)}
            filler = parts.get(SOME_VALUES)
            if parts.get(ON_PROPERTY) in ROLES and isinstance(filler, ox.NamedNode):
                yield HAS_ROLE, filler
            for predicate in (INTERSECTION, FIRST, REST):
                if predicate in parts and parts[predicate] != ox.NamedNode(RDF + "nil"):
                    yield from self._expressed(parts[predicate], graph, met)


def _triple(subject: ox.NamedNode, above: Above) -> ox.Triple:
    return ox.Triple(subject, above[0], ox.NamedNode(usual_spelling(above[1].value)))
