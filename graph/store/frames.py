"""What goes through the pipe between the service and a worker: one `Ask` in, frames out.

A frame is its length (4 bytes, without these), its kind (1 byte) and its payload. An answer is HEAD, any number of
DATA and END; in place of any of them ERROR may come, and ends it. Both ends of the pipe are ours, so what is not bytes
goes through it in the forms that Python has for itself.
"""

import marshal
import pickle
from collections.abc import Iterator, Mapping
from struct import Struct
from typing import Final, Literal, NamedTuple

import pyoxigraph as ox

from equipoise.graph.store import Dataset, DefaultGraph, Term
from equipoise.ontology.errors import EquipoiseError

__all__ = [
    "DATA",
    "END",
    "ERROR",
    "HEAD",
    "LENGTH",
    "READY",
    "Ask",
    "End",
    "Formats",
    "FrameReader",
    "Kind",
    "Plan",
    "frame",
    "pack_bindings",
    "packed_ask",
    "packed_end",
    "packed_error",
    "unpack_bindings",
    "unpacked_ask",
    "unpacked_end",
    "unpacked_error",
]

READY: Final = 0
HEAD: Final = 1
DATA: Final = 2
END: Final = 3
ERROR: Final = 4

Kind = Literal["rows", "truth", "graph"]
"""What an answer is: rows of a SELECT, the truth value of an ASK, the graph of a CONSTRUCT or DESCRIBE."""

LENGTH = Struct("!IB")
Packed = tuple[tuple[str, tuple[str, ...]], ...]


class Plan(NamedTuple):
    """What a worker is started with: the folder of the index it reads, the memory it may take in bytes (0: any), and
    whom SERVICE may ask, for how many seconds and bytes.
    """

    folder: str
    memory: int
    services: tuple[str, ...] = ()
    service_seconds: float = 10.0
    service_bytes: int = 1 << 26


class Formats(NamedTuple):
    """The format to write each kind of answer in, by short name; empty where none would do. `asked` is for messages."""

    rows: str
    truth: str
    graph: str
    asked: str = ""


class Ask(NamedTuple):
    """A query with all that decides its answer. `most_rows` cuts the answer, more than `most_bytes` are an error."""

    text: str
    formats: Formats
    most_rows: int
    most_bytes: int
    bindings: Packed = ()
    dataset: Dataset | None = None
    default_graph: DefaultGraph = "union"
    base_iri: str | None = None


class End(NamedTuple):
    """How an answer ended: whether rows are missing for the limit of rows, and whether its own bytes say so."""

    truncated: bool = False
    says_so: bool = True


def frame(kind: int, payload: bytes) -> bytes:
    """A frame as it goes through the pipe."""
    return LENGTH.pack(len(payload), kind) + payload


def packed_ask(ask: Ask) -> bytes:
    """The frame of an ask, as plain values: one of classes takes ten times as long to pack and unpack."""
    dataset = None if ask.dataset is None else (ask.dataset.default, ask.dataset.named)
    values = (ask.text, tuple(ask.formats), ask.most_rows, ask.most_bytes, ask.bindings, dataset)
    return frame(READY, marshal.dumps((*values, ask.default_graph, ask.base_iri)))


def unpacked_ask(payload: bytes) -> Ask:
    """The ask that a frame holds."""
    values = marshal.loads(payload)  # noqa: S302 - the service wrote it
    text, formats, most_rows, most_bytes, bindings, dataset, default_graph, base_iri = values
    graphs = dataset and Dataset(*dataset)
    return Ask(text, Formats(*formats), most_rows, most_bytes, bindings, graphs, default_graph, base_iri)


def packed_end(end: End) -> bytes:
    """The frame that says how an answer ended."""
    return frame(END, bytes(end))


def unpacked_end(payload: bytes) -> End:
    """How an answer ended."""
    return End._make(map(bool, payload))


def packed_error(error: EquipoiseError) -> bytes:
    """The frame of what went wrong."""
    return frame(ERROR, pickle.dumps(error, pickle.HIGHEST_PROTOCOL))


def unpacked_error(payload: bytes) -> EquipoiseError:
    """What went wrong."""
    error = pickle.loads(payload)  # noqa: S301 - it came from a worker of ours
    assert isinstance(error, EquipoiseError)
    return error


class FrameReader:
    """Cuts what comes out of the pipe into frames."""

    def __init__(self) -> None:
        self._buffer = bytearray()

    def feed(self, content: bytes) -> Iterator[tuple[int, bytes]]:
        """The frames that are whole now, each with its kind and payload."""
        self._buffer += content
        start = 0
        while len(self._buffer) - start >= LENGTH.size:
            length, kind = LENGTH.unpack_from(self._buffer, start)
            end = start + LENGTH.size + length
            if len(self._buffer) < end:
                break
            yield kind, bytes(self._buffer[start + LENGTH.size : end])
            start = end
        del self._buffer[:start]


def pack_bindings(bindings: Mapping[str, Term]) -> Packed:
    """Bindings as text, for the pipe. Raises TypeError for a blank node, which names nothing outside its graph."""
    return tuple((name, _pack(term)) for name, term in bindings.items())


def unpack_bindings(bindings: Packed) -> dict[str, Term]:
    """The bindings that `pack_bindings` was given."""
    return {name: _unpack(parts) for name, parts in bindings}


def _pack(term: Term) -> tuple[str, ...]:
    match term:
        case ox.NamedNode():
            return (term.value,)
        case ox.Literal():
            return (term.value, term.datatype.value, term.language or "")
        case _:
            raise TypeError("a blank node cannot be bound")


def _unpack(parts: tuple[str, ...]) -> Term:
    if len(parts) == 1:
        return ox.NamedNode(parts[0])
    value, datatype, language = parts
    return ox.Literal(value, language=language) if language else ox.Literal(value, datatype=ox.NamedNode(datatype))
