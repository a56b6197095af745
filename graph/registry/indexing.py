"""Registry records in an index: each in its named graph, and in the union unless a curated record stands for its trial.

In: an index that is being made, and the tables of records of the release before and of this one. Out: the index with
the records of this one. What came is loaded in bulk, a few hundred thousand lines at a time, so memory stays flat; of a
record that changed only the lines that differ are taken out and put in.
"""

import re
from collections.abc import Callable, Collection, Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from itertools import chain
from pathlib import Path

import pyoxigraph as ox

from equipoise.graph.registry.lines import REGISTRY_GRAPHS
from equipoise.graph.registry.packs import read_lines
from equipoise.graph.registry.table import Row, Table

__all__ = [
    "Membership",
    "derived_graph",
    "graphs_left_out",
    "load_records",
    "mend_records",
    "records_cost",
]

CHUNK = 150_000
"""How many quads are loaded at once. Two such chunks are loaded at the same time, which takes half a gigabyte."""

TOGETHER = 2
"""How many chunks are loaded at the same time: the engine works through each in one thread."""

REMOVAL = 2
"""What it costs to compare a quad with another, and perhaps to take it out, in quads that are loaded in bulk."""

GRAPH_NAME = re.compile(rb" <[^<> ]*> \.\n")
"""The end of a line of N-Quads; a line feed in a literal is written otherwise."""

Membership = Callable[[str], bool]
"""Whether the record of a registry number is in the union."""


def graphs_left_out(curated: Collection[str]) -> frozenset[str]:
    """The graphs of records that are not in the union, given the trials that have curated records."""
    return frozenset(chain.from_iterable((f"{REGISTRY_GRAPHS}{nct}", derived_graph(nct)) for nct in curated))


def derived_graph(nct: str) -> str:
    """The graph of what follows from a registry record: classes, and what the checks say."""
    return f"{REGISTRY_GRAPHS}{nct}/derived"


def load_records(store: ox.Store, data: Path, rows: Iterable[Row], in_union: Membership) -> None:
    """Load the lines of records, by their packs: each in its named graph, and those in the union in the default graph
    too. Raises ReleaseError if a pack cannot be read.
    """

    def load(chunk: list[Row]) -> None:
        texts = read_lines(data, chunk)
        texts += [_union(text) for text, row in zip(texts, chunk, strict=True) if in_union(row.nct)]
        store.bulk_load(b"".join(texts), ox.RdfFormat.N_QUADS, lenient=True)

    with ThreadPoolExecutor(TOGETHER) as pool:
        for _ in pool.map(load, _chunks(rows)):
            pass


def mend_records(
    store: ox.Store,
    data: Path,
    before: Table,
    now: Table,
    *,
    curated_before: Collection[str],
    curated: Collection[str],
    is_of_union: Callable[[str], bool],
) -> None:
    """Make the records of one release those of another, in an index of the union. `is_of_union` says of a graph of the
    new release whether it is in the union.
    """
    load_records(store, data, now.missing_from(before), lambda nct: nct not in curated)
    named, union = _Difference(), _Difference()
    for old, new in _pairs(before, now, set(curated) ^ set(curated_before)):
        lines_before, lines_now = (_lines(data, row) for row in (old, new))
        named.note(lines_before, lines_now)
        union.note(
            set() if old is None or old.nct in curated_before else lines_before,
            set() if new is None or new.nct in curated else lines_now,
        )
    for quad in _quads(named.gone):
        store.remove(quad)
    store.bulk_load(b"".join([*named.come, *map(_union, union.come)]), ox.RdfFormat.N_QUADS, lenient=True)
    for quad in _quads(map(_union, union.gone)):
        homes = store.quads_for_pattern(quad.subject, quad.predicate, quad.object, None)
        if not any(isinstance(home.graph_name, ox.NamedNode) and is_of_union(home.graph_name.value) for home in homes):
            store.remove(quad)
    for graph in {quad.graph_name for quad in _quads(named.gone)}:
        if not any(True for _ in store.quads_for_pattern(None, None, None, graph)):
            store.remove_graph(graph)


def records_cost(before: Table, now: Table) -> int:
    """What it costs to make the records of one table those of another, in quads that are loaded in bulk: at most all
    lines of a record that changed are taken out and put in.
    """
    changed = sum(old.quads + new.quads for old, new in before.changed_in(now))
    return now.missing_from(before).quads + REMOVAL * (changed // 2 + before.missing_from(now).quads)


class _Difference:
    """The lines that go and those that come."""

    def __init__(self) -> None:
        self.gone: list[bytes] = []
        self.come: list[bytes] = []

    def note(self, before: set[bytes], now: set[bytes]) -> None:
        self.gone += before - now
        self.come += now - before


def _pairs(before: Table, now: Table, turned: Collection[str]) -> Iterator[tuple[Row | None, Row | None]]:
    """The records to be compared line by line: those that changed, those that went, and those whose trial got a curated
    record, or lost it.
    """
    yield from before.changed_in(now)
    for row in before.missing_from(now):
        yield row, None
    for nct in turned:
        old, new = before.find(nct), now.find(nct)
        if old and new and old.lines == new.lines:
            yield old, new


def _lines(data: Path, row: Row | None) -> set[bytes]:
    return set() if row is None else set(read_lines(data, [row])[0].splitlines(keepends=True))


def _quads(lines: Iterable[bytes]) -> list[ox.Quad]:
    return list(ox.parse(b"".join(lines), format=ox.RdfFormat.N_QUADS))


def _union(lines: bytes) -> bytes:
    """Lines of named graphs as lines of the default graph."""
    return GRAPH_NAME.sub(b" .\n", lines)


def _chunks(rows: Iterable[Row]) -> Iterator[list[Row]]:
    chunk, quads = list[Row](), 0
    for row in sorted(rows, key=lambda row: (row.pack, row.start)):
        chunk.append(row)
        quads += row.quads
        if quads >= CHUNK:
            yield chunk
            chunk, quads = [], 0
    if chunk:
        yield chunk
