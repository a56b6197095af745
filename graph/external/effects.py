"""What another version of an ontology, or none, does to the mappings of a release: which targets it does not have.

In: the releases before and after, and the ontology. Out: an `Effect` for each mapping whose target is deprecated, was
replaced, or is missing. What replaces it is followed to its end and proposed; no mapping is changed. A target whose
number is above all that the version has is newer than the version: it is unknown, which is no fault.
"""

import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from importlib.resources import files
from typing import Literal

import pyoxigraph as ox

from equipoise.graph.external.shelf import Ontology
from equipoise.graph.external.sources import known_source
from equipoise.graph.release import Release
from equipoise.ontology.rdf import OWL, RDF_TYPE, text_of

__all__ = ["Effect", "Standing", "effects_of_removal", "effects_of_version"]

Standing = Literal["current", "replaced", "deprecated", "missing", "unknown", "not served"]

DEPRECATED = ox.NamedNode(OWL + "deprecated")
CLASS = ox.NamedNode(OWL + "Class")
REPLACED_BY = ox.NamedNode("http://purl.obolibrary.org/obo/IAO_0100001")
CONSIDER = ox.NamedNode("http://www.geneontology.org/formats/oboInOwl#consider")
ALTERNATIVE = ox.NamedNode("http://www.geneontology.org/formats/oboInOwl#hasAlternativeId")
TRUE = ("true", "1")
LOCAL = re.compile(r"(?P<space>.*?[/#_])(?P<letters>[A-Za-z]*)(?P<number>\d+)")


@dataclass(frozen=True)
class Effect:
    """A mapping, how its target stands now and stood before, and what is proposed in its place."""

    term: str
    predicate: str
    target: str
    now: Standing
    before: Standing
    proposed: tuple[str, ...] = ()


def effects_of_version(after: Release, before: Release, ontology: Ontology) -> list[Effect]:
    """The mappings into an ontology whose targets are not current in the version that `after` is served with."""
    now, then = _Version(after, ontology.iri), _Version(before, ontology.iri)
    spaces = _namespaces(ontology, now)
    effects = []
    for term, predicate, target in _mappings(after):
        if target.startswith(spaces) or now.has(target) or then.has(target):
            standing, proposed = now.standing(target)
            if standing != "current":
                effects.append(Effect(term, predicate, target, standing, then.standing(target)[0], proposed))
    return effects


def effects_of_removal(before: Release, after: Release, ontology: Ontology) -> list[Effect]:
    """The mappings into an ontology that nothing says anything about any more."""
    then = _Version(before, ontology.iri)
    return [
        Effect(term, predicate, target, "not served", then.standing(target)[0])
        for term, predicate, target in _mappings(after)
        if then.has(target)
    ]


def _mappings(release: Release) -> Iterator[tuple[str, str, str]]:
    """The SKOS mappings of a release: term, relation and target."""
    store = ox.Store.read_only(str(release.index))
    rows = store.query((files("equipoise.graph.external") / "mappings.rq").read_text(encoding="utf-8"))
    assert isinstance(rows, ox.QuerySolutions)
    for row in rows:
        yield text_of(row["term"]), text_of(row["predicate"]), text_of(row["target"])


class _Version:
    """The graph of an ontology in the index of a release; empty if the release is served without it."""

    def __init__(self, release: Release, graph: str) -> None:
        self._store = ox.Store.read_only(str(release.index))
        self._graph = ox.NamedNode(graph)
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
        """How the IRIs of its classes begin, and of how many; and what is the largest number behind each."""
        spaces: Counter[str] = Counter()
        for quad in self._store.quads_for_pattern(None, RDF_TYPE, CLASS, self._graph):
            if isinstance(quad.subject, ox.NamedNode) and (parts := LOCAL.fullmatch(quad.subject.value)):
                space = parts["space"] + parts["letters"]
                spaces[space] += 1
                self._largest[space] = max(int(parts["number"]), self._largest.get(space, 0))
        return spaces

    def _is_newer(self, iri: str) -> bool:
        parts = LOCAL.fullmatch(iri)
        if parts is None:
            return False
        if not self._largest:
            self.class_namespaces()
        return int(parts["number"]) > self._largest.get(parts["space"] + parts["letters"], int(parts["number"]))

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
        merged = self._store.quads_for_pattern(None, ALTERNATIVE, ox.Literal(_curie(iri)), self._graph)
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
        return iter(self._store.quads_for_pattern(node, predicate, None, self._graph))


def _curie(iri: str) -> str:
    """How OBO's tools write an IRI as text: DOID_267 as DOID:267."""
    return iri.rpartition("/")[2].replace("_", ":", 1)


def _namespaces(ontology: Ontology, version: _Version) -> tuple[str, ...]:
    """How the IRIs of an ontology's own terms begin: as the catalogue has it, or as those of most of its classes do."""
    known = known_source(ontology.name)
    if known is not None:
        return (known.namespace,)
    return tuple(space for space, _ in version.class_namespaces().most_common(1))
