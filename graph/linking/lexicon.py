"""The names, references and status of the classes of an ontology, out of its named graph.

In: a store and the IRI of the graph that holds the ontology. Out: a `Lexicon`. It reads the store by SPARQL only, so
the ontology may be on disk here or on another engine; which properties are names or references the queries say.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from functools import cached_property
from importlib.resources import files

import pyoxigraph as ox

from equipoise.graph.store import Bindings, Dataset, Store
from equipoise.ontology.errors import UnknownNameError
from equipoise.ontology.iri import mint

__all__ = ["Lexicon", "Name", "Reference", "Scope", "Status", "lexicon", "loaded_ontologies", "status"]

ONTOLOGIES = mint("graph", "ontology", "")
"""What the names of the graphs of ontologies begin with."""


class Scope(StrEnum):
    """What a name of a class says of it: its label, or a synonym that means the same, less, more, or something near."""

    LABEL = "label"
    EXACT = "exact synonym"
    NARROW = "narrow synonym"
    BROAD = "broad synonym"
    RELATED = "related synonym"


@dataclass(frozen=True, order=True)
class Name:
    """A name of a class: the class, the name as written, what it says of the class, and the property it stood in."""

    iri: str
    text: str
    scope: Scope
    property: str


@dataclass(frozen=True, order=True)
class Reference:
    """An identifier of another system at a class: as written, and that system where the property says it."""

    iri: str
    text: str
    system: str
    property: str


@dataclass(frozen=True)
class Status:
    """Which classes an ontology no longer stands by; `replaced` leads from one to what it names in its place."""

    graph: str
    deprecated: frozenset[str]
    replaced: Mapping[str, str]

    @property
    def name(self) -> str:
        """The name under which the ontology was added: `chebi`."""
        return self.graph.removeprefix(ONTOLOGIES)

    def successor(self, iri: str) -> str | None:
        """The class itself if it lives, else the living class that it was replaced by, over any number of steps.

        None where the ontology names none, or goes in a circle.
        """
        seen: set[str] = set()
        while iri in self.deprecated:
            seen.add(iri)
            if (then := self.replaced.get(iri)) is None or then in seen:
                return None
            iri = then
        return iri


@dataclass(frozen=True)
class Lexicon(Status):
    """What an ontology calls its classes, and which identifiers of other systems it gives them."""

    version: str
    names: tuple[Name, ...]
    references: tuple[Reference, ...]

    @cached_property
    def labels(self) -> Mapping[str, str]:
        """The label of each class; of several, the first in order."""
        labels: dict[str, str] = {}
        for name in self.names:
            if name.scope is Scope.LABEL:
                labels.setdefault(name.iri, name.text)
        return labels

    def has_living(self, iri: str) -> bool:
        """Whether the ontology has that class and stands by it."""
        return iri in self.labels and iri not in self.deprecated


def loaded_ontologies(store: Store) -> dict[str, str]:
    """The graph of each ontology that the release is served with, by its name."""
    rows = _rows(store, "loaded", dataset=None)
    return {iri.removeprefix(ONTOLOGIES): iri for (iri,) in rows}


def lexicon(store: Store, graph: str) -> Lexicon:
    """The lexicon of the ontology in a named graph. Raises UnknownNameError if it has no named class there."""
    dataset = Dataset(default=(graph,))
    names = [Name(iri, text, Scope(scope), of) for iri, text, scope, of in sorted(set(_rows(store, "names", dataset)))]
    if not names:
        known = ", ".join(sorted(loaded_ontologies(store))) or "none"
        raise UnknownNameError(
            graph.removeprefix(ONTOLOGIES),
            found="is no ontology of this release, or one without labels",
            allowed=f"add it with `equipoise ontology add`; there: {known}",
        )
    references = sorted(set(_rows(store, "references", dataset)))
    withdrawn = status(store, graph)
    return Lexicon(
        graph,
        deprecated=withdrawn.deprecated,
        replaced=withdrawn.replaced,
        version=next((version for (version,) in _rows(store, "version", dataset)), ""),
        names=tuple(names),
        references=tuple(Reference(*row) for row in references),
    )


def status(store: Store, graph: str) -> Status:
    """Which classes of the ontology in a named graph are deprecated."""
    rows = sorted(_rows(store, "status", Dataset(default=(graph,))))
    return Status(graph, frozenset(iri for iri, _ in rows), {iri: after for iri, after in rows if after})


def _rows(store: Store, name: str, dataset: Dataset | None) -> Iterable[tuple[str, ...]]:
    """The rows of a query beside this module, each term as its text; what is unbound is empty; blank nodes are left."""
    text = (files("equipoise.graph.linking") / f"{name}.rq").read_text(encoding="utf-8")
    answer = store.query(text, dataset=dataset)
    assert isinstance(answer, Bindings)
    variables, rows = answer.solutions
    for row in rows:
        terms = [row.get(variable) for variable in variables]
        if not any(isinstance(term, ox.BlankNode) for term in terms):
            yield tuple("" if term is None else term.value for term in terms)
