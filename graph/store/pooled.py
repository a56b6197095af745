"""The pooled store: queries in processes of their own, for callers that wait for the whole answer.

In: what `Store.query` takes. Out: an answer in memory. The serving process gives it a lane; the command line, which has
no loop of its own, opens one with `open_pool`.
"""

import asyncio
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from functools import partial
from math import inf
from pathlib import Path
from threading import Thread

from equipoise.graph.settings import Settings
from equipoise.graph.store import NO_BINDINGS, Dataset, DefaultGraph
from equipoise.graph.store.answer import Answer, Bindings, Term, Triples, Truth
from equipoise.graph.store.crew import Crew, WorkerDiedError
from equipoise.graph.store.frames import Ask, End, Formats, Plan, pack_bindings
from equipoise.graph.store.lane import Lane
from equipoise.graph.store.process import ProcessWorker
from equipoise.ontology.errors import LimitError, ReleaseError

__all__ = ["WHOLE", "PooledStore", "free_plan", "open_pool", "whole_answer"]

WHOLE = Formats("srj", "srj", "nt")
KINDS: Mapping[str, type[Answer]] = {"rows": Bindings, "truth": Truth, "graph": Triples}


class PooledStore:
    """A lane as a `Store`. Call it from any thread but the one of the lane's loop."""

    def __init__(
        self,
        lane: Lane,
        loop: asyncio.AbstractEventLoop,
        release: str,
        *,
        most_rows: int,
        most_bytes: int,
        default_graph: DefaultGraph = "union",
    ) -> None:
        self.release = release
        self._lane = lane
        self._loop = loop
        self._most_rows = most_rows
        self._most_bytes = most_bytes
        self._default_graph = default_graph

    def query(self, text: str, *, bindings: Mapping[str, Term] = NO_BINDINGS, dataset: Dataset | None = None) -> Answer:
        """Answer a query within the limits; see `Store.query`. Raises LimitError when a limit is passed."""
        packed = pack_bindings(bindings)
        ask = Ask(text, WHOLE, self._most_rows, self._most_bytes, packed, dataset, self._default_graph)
        return asyncio.run_coroutine_threadsafe(self._whole(ask), self._loop).result()

    async def _whole(self, ask: Ask) -> Answer:
        answer, end = await whole_answer(self._lane, ask, release=self.release)
        if end.truncated:
            found, allowed = f"its answer has more than {ask.most_rows} rows", "add LIMIT, or ask for less"
            raise LimitError("query", found=found, allowed=allowed, status=413)
        return answer


async def whole_answer(lane: Lane, ask: Ask, *, release: str, seconds: float = inf) -> tuple[Answer, End]:
    """The answer to an ask with the formats `WHOLE`, read to its end, and whether it was cut."""
    async with lane.reply(ask, seconds=seconds) as reply:
        body = reply.held
        async for chunk in reply.rest:
            body += chunk
    assert reply.end is not None
    return KINDS[reply.kind](bytes(body), release), reply.end


def free_plan(index: Path, settings: Settings) -> Plan:
    """The plan of workers for anyone's queries over an index."""
    memory, most = settings.query_megabytes << 20, settings.answer_megabytes << 20
    return Plan(str(index), memory, settings.services, settings.service_seconds, most)


@contextmanager
def open_pool(index: Path, release: str, settings: Settings) -> Iterator[PooledStore]:
    """A pool of its own over a release's index, for as long as the context lasts. Raises ReleaseError."""
    loop = asyncio.new_event_loop()
    thread = Thread(target=loop.run_forever, name="equipoise-pool", daemon=True)
    thread.start()

    async def opened() -> tuple[Crew, Lane]:
        crew = Crew(partial(ProcessWorker.start, free_plan(index, settings)), size=settings.query_workers, told=str)
        await crew.open()
        return crew, Lane(crew, places=settings.query_places, seconds=settings.query_seconds, told=str)

    try:
        crew, lane = asyncio.run_coroutine_threadsafe(opened(), loop).result()
        try:
            yield PooledStore(
                lane,
                loop,
                release,
                most_rows=settings.query_rows,
                most_bytes=settings.answer_megabytes << 20,
                default_graph=settings.default_graph,
            )
        finally:
            asyncio.run_coroutine_threadsafe(crew.close(), loop).result()
    except WorkerDiedError as error:
        raise ReleaseError(str(index), found=f"cannot be opened: {error}", allowed="build it again") from error
    finally:
        loop.call_soon_threadsafe(loop.stop)
        thread.join()
        loop.close()
