"""A crew: the worker processes over one release, those that are idle, and who waits for one.

A worker that died or was killed is replaced by another, however often; those who wait go on waiting meanwhile, unless
none has lived for some seconds.
"""

import asyncio
from collections import deque
from collections.abc import Awaitable, Callable, Coroutine, Iterable
from functools import partial
from time import monotonic
from typing import Protocol

from equipoise.graph.store.frames import Ask
from equipoise.ontology.errors import LimitError

__all__ = ["Crew", "Worker", "WorkerDiedError", "release"]

RESTART_SECONDS = 1.0
"""How long to wait before a worker that did not start is tried again."""


DOWN_SECONDS = 5.0
"""How long a crew may be without a worker until it counts as down."""


RETRY_SECONDS = 10
"""After how long a client may ask a crew again that was down."""


class WorkerDiedError(Exception):
    """A worker ended while it was at work; the message says of what, most likely."""


class Worker(Protocol):
    """Someone who answers one ask at a time: a process over an index, or a thread that asks another engine."""

    @property
    def is_dead(self) -> bool:
        """Whether it can work no more."""
        ...

    def send(self, ask: Ask) -> None:
        """Start the work on an ask."""
        ...

    async def next_frame(self) -> tuple[int, bytes]:
        """The kind and payload of the next frame of its answer. Raises WorkerDiedError when none will come any more."""
        ...

    async def drain(self) -> None:
        """Throw away what is still to come of an answer. Raises WorkerDiedError."""
        ...

    def move_aside(self) -> None:
        """Give way to quick queries: this worker is at work on a slow one."""
        ...

    async def kill(self) -> None:
        """End its work, whatever it is doing."""
        ...


Taker = Callable[[Worker | LimitError], bool]
"""Who waits for a worker: gets one, or the error that says why there is none. Says whether it still waited."""


class Crew:
    """A number of workers, started in one way. `told` hears why one is replaced."""

    def __init__(self, start: Callable[[], Awaitable[Worker]], *, size: int, told: Callable[[str], object]) -> None:
        self.size = size
        self._start = start
        self._told = told
        self._idle: list[Worker] = []
        self._waiting: deque[Taker] = deque()
        self._workers: set[Worker] = set()
        self._tasks: set[asyncio.Task[None]] = set()
        self._without_since: float | None = None

    @property
    def is_down(self) -> bool:
        """Whether no worker has lived for some seconds. Those that died idle are replaced when this is asked."""
        for worker in [worker for worker in self._idle if worker.is_dead]:
            self._idle.remove(worker)
            self.replace(worker, "died")
        if any(not worker.is_dead for worker in self._workers):
            self._without_since = None
            return False
        if self._without_since is None:
            self._without_since = monotonic()
        return monotonic() - self._without_since >= DOWN_SECONDS

    async def open(self) -> None:
        """Start the workers. Raises what starting one raises, and then leaves none behind."""
        starting = (self._begin() for _ in range(self.size))
        outcomes = await asyncio.gather(*starting, return_exceptions=True)
        if failures := [outcome for outcome in outcomes if outcome is not None]:
            await self.close()
            raise failures[0]

    async def close(self) -> None:
        """End all workers, whatever they do."""
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        await asyncio.gather(*(worker.kill() for worker in self._workers))
        self._workers.clear()
        self._idle.clear()

    async def borrow(self, seconds: float) -> Worker:
        """An idle worker. Raises TimeoutError if there is none for that long, LimitError if the crew is down."""
        if worker := self.take_idle():
            return worker
        if self.is_down:
            raise _down()
        future: asyncio.Future[Worker] = asyncio.get_running_loop().create_future()
        self.await_idle(partial(_take, future))
        try:
            async with asyncio.timeout(seconds):
                return await future
        except (TimeoutError, asyncio.CancelledError):
            if future.done() and not future.cancelled() and not future.exception():  # it came while we were leaving
                self.give_back(future.result())
            raise

    def take_idle(self) -> Worker | None:
        """A worker that is idle now, the one that was at work last, if there is any."""
        while self._idle:
            worker = self._idle.pop()
            if not worker.is_dead:
                return worker
            self.replace(worker, "died")
        return None

    def await_idle(self, taker: Taker) -> None:
        """Call the taker with a worker when one is idle and those who came before have theirs, or with an error."""
        self._waiting.append(taker)

    def give_back(self, worker: Worker) -> None:
        """A worker is idle again: who waits longest gets it."""
        while self._waiting:
            if self._waiting.popleft()(worker):
                return
        self._idle.append(worker)

    def replace(self, worker: Worker, why: str, *, places: Iterable[asyncio.Semaphore] = ()) -> None:
        """Kill a worker, and start another in its place; the places it took are free when that one is there.

        Were they free before, whoever takes them would take a worker from those who need none. Where none can be
        started, they are free as soon as the crew counts as down, so that whoever waits for them is told.
        """
        self._told(why)
        self.spawn(self._replaced(worker, list(places)))

    def spawn(self, work: Coroutine[None, None, None]) -> None:
        """Do something beside the asks; it is cancelled when the crew closes."""
        task = asyncio.create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def _begin(self) -> None:
        worker = await self._start()
        self._workers.add(worker)
        self.give_back(worker)

    async def _replaced(self, worker: Worker, places: list[asyncio.Semaphore]) -> None:
        """Whatever ending the one or starting the other raises, the place is filled some time."""
        await asyncio.gather(worker.kill(), return_exceptions=True)
        self._workers.discard(worker)
        while any(await asyncio.gather(self._begin(), return_exceptions=True)):
            self._told("not started")
            if self.is_down:
                self._send_away()
                release(places)
            await asyncio.sleep(RESTART_SECONDS)
        release(places)

    def _send_away(self) -> None:
        """Tell those who wait that there is nothing to wait for."""
        while self._waiting:
            self._waiting.popleft()(_down())


def release(places: list[asyncio.Semaphore]) -> None:
    """Free places, and forget them."""
    while places:
        places.pop().release()


def _take(future: "asyncio.Future[Worker]", come: Worker | LimitError) -> bool:
    if future.done():
        return False
    if isinstance(come, LimitError):
        future.set_exception(come)
    else:
        future.set_result(come)
    return True


def _down() -> LimitError:
    found = f"no worker could be started for {DOWN_SECONDS:g} seconds"
    return LimitError("query", found=found, allowed="try again later", retry_seconds=RETRY_SECONDS)
