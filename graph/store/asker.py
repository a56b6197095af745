"""A worker that asks another engine: what `process` is for the index at hand, this is for an engine at an address.

In: asks. Out: the frames of their answers, from what the engine sends as it comes. The engine is asked for one format
of rows and one of graphs; what comes is read and written again, so that every format is there, rows are cut alike, and
terms are spelled alike on every engine.
"""

import asyncio
from concurrent.futures import Executor
from contextlib import ExitStack, suppress
from io import BufferedReader
from typing import IO, cast

import pyoxigraph as ox

from equipoise.graph.store.chunks import ChunkReader
from equipoise.graph.store.crew import WorkerDiedError
from equipoise.graph.store.engine import Found
from equipoise.graph.store.frames import END, ERROR, Ask, FrameReader
from equipoise.graph.store.output import write_answer
from equipoise.graph.store.remote import RemoteStore, Stream, accepted, query_form
from equipoise.ontology.iri import named_node

__all__ = ["AskingWorker"]

MOST_WAITING = 64
"""How many pieces may wait to be read before the engine is made to wait."""


class AskingWorker:
    """Asks an engine in a thread. `seconds` is how long the engine may take."""

    def __init__(self, store: RemoteStore, executor: Executor, *, seconds: float) -> None:
        self.is_dead = False
        self._store = store
        self._executor = executor
        self._seconds = seconds
        self._loop = asyncio.get_running_loop()
        self._pieces: asyncio.Queue[bytes] = asyncio.Queue(MOST_WAITING)
        self._reader = FrameReader()
        self._frames: list[tuple[int, bytes]] = []
        self._stream: Stream | None = None

    def send(self, ask: Ask) -> None:
        """Start the work on an ask."""
        self._loop.run_in_executor(self._executor, self._work, ask)

    async def next_frame(self) -> tuple[int, bytes]:
        """The kind and payload of the next frame of the answer."""
        while not self._frames:
            self._frames = list(self._reader.feed(await self._pieces.get()))
        return self._frames.pop(0)

    async def drain(self) -> None:
        """Throw away what is still to come of an answer."""
        while (await self.next_frame())[0] not in (END, ERROR):
            pass

    def move_aside(self) -> None:
        """Nothing: how the engine shares its processors is its own affair."""

    async def kill(self) -> None:
        """Take no more of an answer. An engine that has begun one is hung up on; another is when it begins."""
        self.is_dead = True
        if self._stream is not None:
            self._stream.hang_up()
        while not self._pieces.empty():
            self._pieces.get_nowait()

    def sendall(self, data: bytes | bytearray) -> None:
        """Take a piece of the answer, from the thread; waits for room. Raises WorkerDiedError when killed."""
        if self.is_dead:
            raise WorkerDiedError("nobody waits for the rest")
        asyncio.run_coroutine_threadsafe(self._pieces.put(bytes(data)), self._loop).result()

    def _work(self, ask: Ask) -> None:
        base = named_node(ask.base_iri) if ask.base_iri else None
        text = f"BASE {base} {ask.text}" if base else ask.text
        with ExitStack() as stack, suppress(WorkerDiedError):

            def find() -> Found:
                form = query_form(ask.text)
                asked = self._store.stream(text, dataset=ask.dataset, accept=accepted(form), seconds=self._seconds)
                self._stream = stack.enter_context(asked)
                if self.is_dead:
                    raise WorkerDiedError("nobody waits for the answer")
                return _found(self._stream, form)

            write_answer(ask, find, self)
            self._stream = None


def _found(stream: Stream, form: str) -> Found:
    """What an engine sends, read as it comes."""
    content = cast("IO[bytes]", BufferedReader(ChunkReader(stream.chunks)))
    if form in ("CONSTRUCT", "DESCRIBE"):
        return (quad.triple for quad in ox.parse(content, format=ox.RdfFormat.N_TRIPLES))
    return ox.parse_query_results(content, format=ox.QueryResultsFormat.JSON)
