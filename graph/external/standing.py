"""How the terms of an ontology stand: current, replaced and by what, deprecated, missing, or newer than the ontology.

In: a store, the graphs of ontologies in it, which are taken together, and the IRI of a term. Out: its `Standing`, and
what is proposed in its place. What replaces it is followed to its end. A term whose number is above all that the
graphs have is newer than they are: it is unknown, which is no fault.
"""

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from importlib.resources import files
from itertools import chain
from typing import Literal

import pyoxigraph as ox

from equipoise.graph.external.shelf import Ontology
from equipoise.graph.external.sources import known_source
from equipoise.ontology.rdf import OWL, RDF_TYPE, text_of

__all__ = ["Standing", "Version", "namespaces_of"]

Standing = Literal["current", "replaced", "deprecated", "missing", "unknown", "not served"]

DEPRECATED = ox.NamedNode(OWL + "deprecated")
CLASS = ox.NamedNode(OWL + "Class")
REPLACED_BY = ox.NamedNode("http://purl.obolibrary.org/obo/IAO_0100001")
CONSIDER = ox.NamedNode("http://www.geneontology.org/formats/oboInOwl#consider")
ALTERNATIVE = ox.NamedNode("http://www.geneontology.org/formats/oboInOwl#hasAlternativeId")
TRUE = ("true", "1")
LOCAL = re.compile(r"(?P<space>.*?[/#_])(?P<letters>[A-Za-z]*)(?P<number>\d+)")


class Version:
    """The graphs of ontologies in a store, as one; empty if the store has none of them."""

    def __init__(self, store: ox.Store, graphs: Sequence[str]) -> None:
        self._store = store
        self._graphs: list[ox.NamedNode | ox.BlankNode | ox.DefaultGraph] = [ox.NamedNode(graph) for graph in graphs]
        self._largest: dict[str, int] = {}

    def has(self, iri: str) -> bool:
        """Whether anything is said of it."""
        return any(True for _ in self._about(ox.NamedNode(iri), None))

    def standing(self, iri: str) -> tuple[Standing, tuple[str, ...]]:
        """How a term stands, and what to take in its place."""
        node = ox.NamedNode(iri)
        if self.has(iri) and not self._is_deprecated(node):
            return "current", ()
        if end := self._end(iri):
            return "replaced", (end,)
        if self.has(iri):
            return "deprecated", tuple(self._things(node, CONSIDER))
        return ("unknown" if self._is_newer(iri) else "missing"), ()

    def class_namespaces(self) -> Counter[str]:
        """How the IRIs of its classes begin, and of how many."""
        spaces: Counter[str] = Counter()
        for quad in self._quads(None, RDF_TYPE, CLASS):
            if isinstance(quad.subject, ox.NamedNode) and (parts := LOCAL.fullmatch(quad.subject.value)):
                spaces[parts["space"] + parts["letters"]] += 1
        return spaces

    def _is_newer(self, iri: str) -> bool:
        parts = LOCAL.fullmatch(iri)
        if parts is None:
            return False
        space, number = parts["space"] + parts["letters"], int(parts["number"])
        if space not in self._largest:
            self._largest[space] = self._largest_number(space)
        return 0 < self._largest[space] < number

    def _largest_number(self, space: str) -> int:
        """The largest number behind that beginning; 0 if no class has one."""
        text = (files("equipoise.graph.external") / "largest.rq").read_text(encoding="utf-8")
        given: dict[ox.Variable, ox.NamedNode | ox.BlankNode | ox.Literal | ox.Triple] = {
            ox.Variable("space"): ox.Literal(space)
        }
        rows = self._store.query(text, default_graph=list(self._graphs), substitutions=given)
        assert isinstance(rows, ox.QuerySolutions)
        return next((int(text_of(row["largest"])) for row in rows), 0)

    def _end(self, iri: str) -> str:
        """Where replacements lead: a term that is there and not deprecated; empty if nowhere, or in a circle."""
        met = {iri}
        while following := [other for other in self._replacements(iri) if other not in met]:
            iri = following[0]
            if self.has(iri) and not self._is_deprecated(ox.NamedNode(iri)):
                return iri
            met.add(iri)
        return ""

    def _replacements(self, iri: str) -> list[str]:
        named = list(self._things(ox.NamedNode(iri), REPLACED_BY))
        merged = self._quads(None, ALTERNATIVE, ox.Literal(_curie(iri)))
        return named + sorted(text_of(quad.subject) for quad in merged)

    def _things(self, node: ox.NamedNode, predicate: ox.NamedNode) -> Iterator[str]:
        """The values of a property as IRIs: OBO's tools write CURIEs as text."""
        for quad in sorted(self._about(node, predicate), key=str):
            value = text_of(quad.object)
            if isinstance(quad.object, ox.NamedNode) or value.startswith("http"):
                yield value
            elif ":" in value:
                yield node.value.rpartition("/")[0] + "/" + value.replace(":", "_", 1)

    def _is_deprecated(self, node: ox.NamedNode) -> bool:
        return any(text_of(quad.object) in TRUE for quad in self._about(node, DEPRECATED))

    def _about(self, node: ox.NamedNode, predicate: ox.NamedNode | None) -> Iterator[ox.Quad]:
        return self._quads(node, predicate, None)

    def _quads(
        self, subject: ox.NamedNode | None, predicate: ox.NamedNode | None, value: ox.NamedNode | ox.Literal | None
    ) -> Iterator[ox.Quad]:
        return chain.from_iterable(
            self._store.quads_for_pattern(subject, predicate, value, graph) for graph in self._graphs
        )


def _curie(iri: str) -> str:
    """How OBO's tools write an IRI as text: DOID_267 as DOID:267."""
    return iri.rpartition("/")[2].replace("_", ":", 1)


def namespaces_of(ontology: Ontology, version: Version) -> tuple[str, ...]:
    """How the IRIs of an ontology's own terms begin: as the catalogue has it, or as those of most of its classes do."""
    known = known_source(ontology.name)
    if known is not None:
        return (known.namespace,)
    return tuple(space for space, _ in version.class_namespaces().most_common(1))
