"""Write what an engine found as the frames of an answer: in the format asked for, cut at the rows allowed.

In: an ask, and what finds its rows, truth value or triples, whichever engine that is. Out: frames, to whoever takes
bytes.
"""

import re
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from itertools import islice
from typing import IO, Protocol, cast

import pyoxigraph as ox

from equipoise.graph.store.engine import Found, reading
from equipoise.graph.store.frames import DATA, HEAD, Ask, End, Kind, frame, packed_end, packed_error
from equipoise.graph.store.rows import NOTE, ROW_STARTS, RowCounter, RowsExceeded
from equipoise.ontology.errors import EquipoiseError, FormatError, LimitError
from equipoise.ontology.iri import named_node

__all__ = ["GRAPH_FORMATS", "ROW_FORMATS", "Sink", "write_answer"]

ROW_FORMATS = {
    "srj": ox.QueryResultsFormat.JSON,
    "srx": ox.QueryResultsFormat.XML,
    "csv": ox.QueryResultsFormat.CSV,
    "tsv": ox.QueryResultsFormat.TSV,
}
GRAPH_FORMATS = {
    "ttl": ox.RdfFormat.TURTLE,
    "nt": ox.RdfFormat.N_TRIPLES,
    "nq": ox.RdfFormat.N_QUADS,
    "trig": ox.RdfFormat.TRIG,
    "rdf": ox.RdfFormat.RDF_XML,
    "jsonld": ox.RdfFormat.JSON_LD,
}
NOTES = dict.fromkeys(("ttl", "nt", "nq", "trig"), b"# " + NOTE + b"\n") | {"rdf": b"<!-- " + NOTE + b" -->\n"}
"""How a graph says that triples are missing; JSON-LD has no comments."""

FULL = 1 << 16
"""Bytes that are gathered before they go through the pipe."""

PREFIX = re.compile(
    r"\bPREFIX\s+((?!xml)[a-z][a-z0-9_-]*|):\s*<([a-z][a-z0-9+.-]*:[^<>\s]*)>", re.IGNORECASE | re.ASCII
)
"""A prefix that every format can have: XML keeps names that begin with its own to itself, and some readers take fewer
letters than SPARQL."""


class Sink(Protocol):
    """Where frames go: a pipe, or what stands for one."""

    def sendall(self, data: bytes | bytearray, /) -> object:
        """Take bytes; wait until there is room for them."""
        ...


def write_answer(
    ask: Ask, find: Callable[[], Found], sink: Sink, *, errors: Callable[[], AbstractContextManager[None]] | None = None
) -> None:
    """Find the answer to an ask and write it, or what went wrong, as frames.

    Within `errors`, what the engine raises becomes ours; `reading` the text of the ask unless something else is said.
    """
    out = _Output(sink, ask)
    try:
        with errors() if errors else reading(ask.text):
            out.finish(out.write_found(find()))
    except EquipoiseError as error:
        out.fail(error)


def _prefixes(query: str) -> dict[str, str]:
    """The prefixes that a query declares, for writing a graph; what only looks like one is left out."""
    return {name: iri for name, iri in PREFIX.findall(query) if named_node(iri) is not None}


def _chosen(found: Found, ask: Ask) -> tuple[Kind, str]:
    kind: Kind = "rows"
    name = ask.formats.rows
    if isinstance(found, ox.QueryBoolean):
        kind, name = "truth", ask.formats.truth
    elif not isinstance(found, ox.QuerySolutions):
        kind, name = "graph", ask.formats.graph
    if not name:
        offered = [*(GRAPH_FORMATS if kind == "graph" else ROW_FORMATS).values()]
        types = ", ".join(one.media_type for one in offered)
        raise FormatError("Accept", found=f"is {ask.formats.asked!r}", allowed=f"must allow one of {types}")
    return kind, name


class _Output:
    """Where the engine writes an answer: counts its rows and bytes, and sends it in frames."""

    def __init__(self, sink: Sink, ask: Ask) -> None:
        self._sink = sink
        self._ask = ask
        self._left = ask.most_bytes
        self._frames = bytearray()
        self._data = bytearray()
        self._counter: RowCounter | None = None
        self._is_cut = False

    def write_found(self, found: Found) -> End:
        """Write all of it, or as many rows as are allowed. Raises FormatError if no format asked for can hold it."""
        kind, name = _chosen(found, self._ask)
        self._frames += frame(HEAD, f"{kind} {name}".encode())
        match found:
            case ox.QuerySolutions():
                return self._rows(found, name)
            case ox.QueryBoolean():
                found.serialize(cast("IO[bytes]", self), format=ROW_FORMATS[name])
                return End()
            case _:
                return self._graph(found, name)

    def _rows(self, found: ox.QuerySolutions, name: str) -> End:
        """Write rows, as many as are allowed."""
        starts = ROW_STARTS[name]
        self._counter = RowCounter(starts, self._ask.most_rows)
        try:
            found.serialize(cast("IO[bytes]", self), format=ROW_FORMATS[name])
        except RowsExceeded as exceeded:
            self._append(exceeded.rest + (starts.close or b""))
            return End(truncated=True, says_so=starts.close is not None)
        self._append(self._counter.rest())
        return End()

    def _graph(self, found: Iterator[ox.Triple], name: str) -> End:
        """Write triples, as many as are allowed; names are shortened by the prefixes that the query declares."""
        triples, prefixes = islice(found, self._ask.most_rows), _prefixes(self._ask.text)
        ox.serialize(triples, cast("IO[bytes]", self), GRAPH_FORMATS[name], prefixes=prefixes)
        if next(found, None) is None:
            return End()
        self._append(NOTES.get(name, b""))
        return End(truncated=True, says_so=name in NOTES)

    def write(self, content: bytes) -> int:
        """Take bytes from the engine. Raises RowsExceeded or LimitError, which end its work.

        The engine writes what it has buffered even then; that is not taken.
        """
        if not self._is_cut:
            self._is_cut = True
            self._append(self._counter.take(content) if self._counter else content)
            self._is_cut = False
        return len(content)

    def flush(self) -> None:
        """Nothing: what is written is sent when enough of it is there."""

    def finish(self, end: End) -> None:
        """Send what is left, and how it ended."""
        self._gather()
        self._frames += packed_end(end)
        self._sink.sendall(self._frames)

    def fail(self, error: EquipoiseError) -> None:
        """Send what is left, and the error that ended it."""
        self._frames += packed_error(error)
        self._sink.sendall(self._frames)

    def _append(self, content: bytes) -> None:
        self._left -= len(content)
        if self._left < 0:
            found, allowed = f"its answer has more than {self._ask.most_bytes} bytes", "add LIMIT, or ask for less"
            raise LimitError("query", found=found, allowed=allowed, status=413)
        self._data += content
        if len(self._data) >= FULL:
            self._gather()
            self._sink.sendall(self._frames)
            self._frames.clear()

    def _gather(self) -> None:
        if self._data:
            self._frames += frame(DATA, bytes(self._data))
            self._data.clear()
