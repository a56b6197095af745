"""Cycles of subclass axioms, found without holding the classes.

In: the triples of an ontology. Out: the cycles by name, one for each group of classes that are below each other. Of an
axiom two numbers are kept; names are looked up again where there is a cycle.
"""

from array import array
from collections import defaultdict
from collections.abc import Iterator
from graphlib import CycleError, TopologicalSorter
from pathlib import Path
from typing import cast

import numpy as np
import pyoxigraph as ox

from equipoise.graph.external.shelf import read_triples
from equipoise.ontology.iri import curie
from equipoise.ontology.rdf import RDFS_SUBCLASS, text_of

__all__ = ["Cycles"]

MOST = 5
"""How many cycles are named."""


class Cycles:
    """The subclass axioms of an ontology, as far as they have been seen."""

    watched = frozenset({RDFS_SUBCLASS})

    def __init__(self) -> None:
        self._edges = array("q")

    def see(self, triple: ox.Triple) -> None:
        """Take note of a subclass axiom between classes with names."""
        if isinstance(triple.object, ox.NamedNode) and triple.subject != triple.object:
            self._edges.append(hash(triple.subject))
            self._edges.append(hash(triple.object))

    def named(self, folder: Path) -> list[list[str]]:
        """The cycles, each beginning and ending with the same class; the axioms are read again."""
        members = self._members()
        if not members:
            return []
        found: list[list[str]] = []
        above: dict[str, set[str]] = defaultdict(set)
        for triple in _axioms(folder):
            if hash(triple.subject) in members and hash(triple.object) in members:
                above[text_of(triple.subject)].add(text_of(triple.object))
        while len(found) < MOST and (cycle := _one(above)):
            found.append([curie(iri) for iri in cycle])
            for iri in cycle:
                above.pop(iri, None)
        return found

    def _members(self) -> set[int]:
        """The numbers of the classes that are in a cycle, or between two.

        Axioms whose upper class is below nothing, or whose lower class is above nothing, are left out again and again.
        """
        names, places = np.unique(np.frombuffer(self._edges, dtype=np.int64), return_inverse=True)
        below, above = places.reshape(-1, 2).T
        while below.size:
            goes_up, goes_down = (np.bincount(ends, minlength=names.size) > 0 for ends in (below, above))
            kept = goes_up[above] & goes_down[below]
            if kept.all():
                break
            below, above = below[kept], above[kept]
        return set(names[below].tolist())


def _one(above: dict[str, set[str]]) -> list[str]:
    """A cycle, from a class to what is above it and back; none if there is none."""
    try:
        TopologicalSorter(above).prepare()
    except CycleError as error:
        return list(reversed(cast("list[str]", error.args[1])))
    return []


def _axioms(folder: Path) -> Iterator[ox.Triple]:
    return (
        triple
        for triple in read_triples(folder)
        if triple.predicate == RDFS_SUBCLASS and isinstance(triple.object, ox.NamedNode)
    )
