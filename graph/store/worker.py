"""A process that evaluates queries for a pool: started as `python -m equipoise.graph.store.worker`.

In, through the pipe: an `Ask`. Out: the frames of its answer, written as the engine finds it, in the format asked for.
It ends when the pipe closes; the system ends it when it takes more memory than it may, and the pool when it takes more
time. Either way the pool starts another.
"""

import ctypes
import json
import pickle
import re
import signal
import socket
import sys
from itertools import islice
from typing import IO, TYPE_CHECKING, cast

import pyoxigraph as ox

from equipoise.graph.store.engine import Found, reading, solve
from equipoise.graph.store.frames import DATA, END, ERROR, HEAD, LENGTH, READY, Ask, End, Kind, Plan, frame, packed
from equipoise.graph.store.frames import unpack_bindings as unpack
from equipoise.graph.store.rows import NOTE, ROW_STARTS, RowCounter, RowsExceeded
from equipoise.ontology.errors import EquipoiseError, FormatError, LimitError
from equipoise.ontology.iri import named_node

if TYPE_CHECKING:
    from equipoise.graph.store.relay import Relay

__all__ = ["GRAPH_FORMATS", "ROW_FORMATS", "main"]

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

PARENT_DEATH_SIGNAL = 1
"""PR_SET_PDEATHSIG of prctl(2)."""

FULL = 1 << 16
"""Bytes that are gathered before they go through the pipe."""

PREFIX = re.compile(r"\bPREFIX\s+((?:[a-z](?:[\w.-]*[\w-])?)?):\s*<([a-z][a-z0-9+.-]*:[^<>\s]*)>", re.IGNORECASE)


def main() -> None:
    """Serve asks until the pipe closes. Arguments: the pipe's descriptor, and the `Plan` as JSON."""
    descriptor, plan_text = sys.argv[1:]
    plan = Plan(**json.loads(plan_text))
    pipe = socket.socket(fileno=int(descriptor))
    _limit_memory(plan.memory)
    _end_with_parent()
    store = ox.Store.read_only(plan.folder)
    relay = None
    if plan.services:
        from equipoise.graph.store.relay import Relay

        relay = Relay(plan.services, seconds=plan.service_seconds, most_bytes=plan.service_bytes)
    pipe.sendall(frame(READY, b""))
    asks = pipe.makefile("rb")
    while header := asks.read(LENGTH.size):
        length, _ = LENGTH.unpack(header)
        _serve(store, relay, pickle.loads(asks.read(length)), pipe)  # noqa: S301 - the service wrote it


def _end_with_parent() -> None:
    """Have the system end this process when the service ends, even while a query runs. Linux only."""
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(PARENT_DEATH_SIGNAL, signal.SIGKILL)


def _limit_memory(memory: int) -> None:
    """Cap the private memory of this process, and leave no core file behind."""
    import resource

    if memory:
        resource.setrlimit(resource.RLIMIT_DATA, (memory, memory))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


def _serve(store: ox.Store, relay: "Relay | None", ask: Ask, pipe: socket.socket) -> None:
    out = _Output(pipe, ask)
    try:
        out.finish(_write(store, relay, ask, out))
    except EquipoiseError as error:
        out.fail(error)


def _write(store: ox.Store, relay: "Relay | None", ask: Ask, out: "_Output") -> End:
    """Evaluate an ask and write what it gives. Raises QueryError, FormatError, LimitError."""
    found = solve(
        store,
        relay.redirect(ask.text) if relay else ask.text,
        bindings=unpack(ask.bindings),
        dataset=ask.dataset,
        default_graph=ask.default_graph,
        base_iri=ask.base_iri,
        services=relay.addresses if relay else (),
    )
    kind, name = _chosen(found, ask)
    out.start(kind, name)
    with reading(ask.text):
        match found:
            case ox.QuerySolutions():
                return out.rows(found, name)
            case ox.QueryBoolean():
                found.serialize(cast("IO[bytes]", out), format=ROW_FORMATS[name])
                return End()
            case ox.QueryTriples():
                return out.graph(found, name)


def _chosen(found: Found, ask: Ask) -> tuple[Kind, str]:
    kind: Kind = "rows"
    name = ask.formats.rows
    if isinstance(found, ox.QueryBoolean):
        kind, name = "truth", ask.formats.truth
    elif isinstance(found, ox.QueryTriples):
        kind, name = "graph", ask.formats.graph
    if not name:
        offered = [*(GRAPH_FORMATS if kind == "graph" else ROW_FORMATS).values()]
        types = ", ".join(one.media_type for one in offered)
        raise FormatError("Accept", found=f"is {ask.formats.asked!r}", allowed=f"must allow one of {types}")
    return kind, name


def _prefixes(query: str) -> dict[str, str]:
    """The prefixes that a query declares, for writing a graph; what only looks like one is left out."""
    return {name: iri for name, iri in PREFIX.findall(query) if named_node(iri) is not None}


class _Output:
    """Where the engine writes an answer: counts its rows and bytes, and sends it in frames."""

    def __init__(self, pipe: socket.socket, ask: Ask) -> None:
        self._pipe = pipe
        self._ask = ask
        self._left = ask.most_bytes
        self._frames = bytearray()
        self._data = bytearray()
        self._counter: RowCounter | None = None
        self._is_cut = False

    def start(self, kind: Kind, name: str) -> None:
        """Say what comes."""
        self._frames += frame(HEAD, f"{kind} {name}".encode())

    def rows(self, found: ox.QuerySolutions, name: str) -> End:
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

    def graph(self, found: ox.QueryTriples, name: str) -> End:
        """Write triples, as many as are allowed; names are shortened by the prefixes that the query declares."""
        triples, prefixes = islice(found, self._ask.most_rows), _prefixes(self._ask.text)
        ox.serialize(triples, cast("IO[bytes]", self), GRAPH_FORMATS[name], prefixes=prefixes)
        if next(iter(found), None) is None:
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
        self._frames += packed(END, end)
        self._pipe.sendall(self._frames)

    def fail(self, error: EquipoiseError) -> None:
        """Send what is left, and the error that ended it."""
        self._frames += packed(ERROR, error)
        self._pipe.sendall(self._frames)

    def _append(self, content: bytes) -> None:
        self._left -= len(content)
        if self._left < 0:
            found, allowed = f"its answer has more than {self._ask.most_bytes} bytes", "add LIMIT, or ask for less"
            raise LimitError("query", found=found, allowed=allowed, status=413)
        self._data += content
        if len(self._data) >= FULL:
            self._gather()
            self._pipe.sendall(self._frames)
            self._frames.clear()

    def _gather(self) -> None:
        if self._data:
            self._frames += frame(DATA, bytes(self._data))
            self._data.clear()


if __name__ == "__main__":
    main()
