"""A process that evaluates queries for `pooled`: started as `python -m equipoise.graph.store.worker`.

In, through the pipe: a `Request`. Out: an answer, or the error it met. It ends when the pipe closes, and the system
ends it when it takes more memory than it may; the pool sees the closed pipe and starts another.
"""

import sys
from dataclasses import dataclass
from multiprocessing.connection import Connection
from pathlib import Path

import pyoxigraph as ox

from equipoise.graph.store import Dataset
from equipoise.graph.store.answer import Answer, Term
from equipoise.graph.store.embedded import evaluate
from equipoise.ontology.errors import EquipoiseError, LimitError

__all__ = ["Request", "main"]


@dataclass(frozen=True)
class Request:
    """A query with its bindings (terms as N-Triples would spell their parts), its dataset, and the release's name."""

    text: str
    bindings: tuple[tuple[str, tuple[str, ...]], ...]
    dataset: Dataset | None
    release: str


def pack(term: Term) -> tuple[str, ...]:
    """A term as text, for the pipe. Raises TypeError for a blank node, which names nothing outside its graph."""
    match term:
        case ox.NamedNode():
            return (term.value,)
        case ox.Literal():
            return (term.value, term.datatype.value, term.language or "")
        case _:
            raise TypeError("a blank node cannot be bound")


def unpack(parts: tuple[str, ...]) -> Term:
    """The term that `pack` was given."""
    if len(parts) == 1:
        return ox.NamedNode(parts[0])
    value, datatype, language = parts
    return ox.Literal(value, language=language) if language else ox.Literal(value, datatype=ox.NamedNode(datatype))


def main() -> None:
    """Serve requests until the pipe closes. Arguments: pipe descriptor, index folder, bytes of memory and of answer."""
    descriptor, folder, memory, size = sys.argv[1:]
    pipe = Connection(int(descriptor))
    _limit_memory(int(memory))
    store = ox.Store.read_only(str(Path(folder)))
    pipe.send(None)
    while True:
        try:
            request = pipe.recv()
        except EOFError:
            return
        pipe.send(_answer(store, request, int(size)))


def _answer(store: ox.Store, request: Request, size: int) -> Answer | EquipoiseError:
    bindings = {name: unpack(parts) for name, parts in request.bindings}
    try:
        answer = evaluate(store, request.text, bindings=bindings, dataset=request.dataset, release=request.release)
    except EquipoiseError as error:
        return error
    if len(answer.body) > size:
        found, allowed = f"its answer has {len(answer.body)} bytes", f"at most {size} are sent; add LIMIT"
        return LimitError("query", found=found, allowed=allowed, status=413)
    return answer


def _limit_memory(memory: int) -> None:
    """Cap the private memory of this process, and leave no core file behind."""
    import resource

    resource.setrlimit(resource.RLIMIT_DATA, (memory, memory))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


if __name__ == "__main__":
    main()
