"""What an ontology says of one class, for somebody who must judge a link to it.

In: a store, the graph of the ontology, a class. Out: its label, synonyms and definition, and the classes above it.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from importlib.resources import files

import pyoxigraph as ox

from equipoise.graph.store import Bindings, Dataset, Store

__all__ = ["Description", "describe_class"]

MOST_STEPS = 4
MOST_NAMES = 12


@dataclass(frozen=True)
class Description:
    """A class as its ontology has it; `above` holds the labels of the classes above it, nearest first, step by step."""

    labels: tuple[str, ...]
    synonyms: tuple[str, ...]
    definition: str
    above: tuple[tuple[str, ...], ...]


def describe_class(store: Store, graph: str, iri: str) -> Description:
    """What the ontology in a graph says of a class; all is empty for one that it does not have."""
    found: dict[str, list[str]] = {}
    for kind, value, _ in _about(store, graph, iri):
        found.setdefault(kind, []).append(value)
    return Description(
        tuple(found.get("label", ())),
        tuple(found.get("synonym", ())[:MOST_NAMES]),
        next(iter(found.get("definition", ())), ""),
        tuple(_above(store, graph, iri)),
    )


def _above(store: Store, graph: str, iri: str) -> Iterator[tuple[str, ...]]:
    seen, level = {iri}, [iri]
    for _ in range(MOST_STEPS):
        parents: dict[str, str] = {}
        for one in level:
            parents.update({value: label for kind, value, label in _about(store, graph, one) if kind == "parent"})
        level = sorted(parent for parent in parents if parent not in seen)
        if not level:
            return
        seen.update(level)
        yield tuple(sorted(parents[parent] or parent for parent in level))


def _about(store: Store, graph: str, iri: str) -> Iterator[tuple[str, str, str]]:
    text = (files("equipoise.graph.linking") / "description.rq").read_text(encoding="utf-8")
    answer = store.query(text, bindings={"class": ox.NamedNode(iri)}, dataset=Dataset(default=(graph,)))
    assert isinstance(answer, Bindings)
    for row in answer.solutions[1]:
        if not isinstance(row["value"], ox.BlankNode):
            label = row.get("label")
            yield row["kind"].value, row["value"].value, label.value if label else ""
