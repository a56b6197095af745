"""A lane: asks in, replies out, under limits that hold whatever is asked.

The first bytes of a reply are held back, so that a query which fails early can still be answered with a status of its
own. Every ask runs under a wall-clock limit, and waits no longer than that for its turn; what passes it is killed with
its process.

A query is slow that has not ended after `QUICK_SECONDS`, or has more to say than is held back. What counts is the shape
of a query and how it went the last time (`pace`). Of the workers, one is kept for shapes known to be quick, another for
those and shapes of which nothing is known; the rest may be slow at a time. A slow query without a place is stopped, and
begins again in its turn.
"""

import asyncio
from collections.abc import AsyncGenerator, AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field
from math import inf
from time import monotonic
from typing import TypeVar, cast

from equipoise.graph.store.crew import Crew, Worker, WorkerDiedError, release
from equipoise.graph.store.frames import DATA, ERROR, HEAD, Ask, End, Kind, unpacked_end, unpacked_error
from equipoise.graph.store.pace import Paces, shape_of
from equipoise.ontology.errors import LimitError

__all__ = ["Lane", "Reply"]

T = TypeVar("T")

QUICK_SECONDS = 0.25
"""How long a query may take before it is slow, and how long one may go on when its client has left."""

LONG_SECONDS = 1.0
"""How long a query may take before its worker gives way to others, and is replaced when it has ended."""

HELD = 1 << 18
"""Bytes of an answer that are held back until it has ended or has a place among the slow."""

BUSY_SECONDS = 5
"""After how long a client that was sent away may try again."""


@dataclass
class Reply:
    """An answer as it comes: what it is, its first bytes, how it ended (None: more is to come), and the rest.

    Reading `rest` raises as `Lane.reply` does; behind its last bytes, `end` is known. `deadline` is when the query is
    stopped, on the monotonic clock.
    """

    rest: AsyncIterator[bytes]
    deadline: float = inf
    kind: Kind = "rows"
    format: str = ""
    held: bytearray = field(default_factory=bytearray)
    end: End | None = None


class Lane:
    """A way to a crew. At most `places` asks run or wait, each at most `seconds`. `told` hears what happens."""

    def __init__(self, crew: Crew, *, places: int, seconds: float, told: Callable[[str], object]) -> None:
        self.asked = 0
        self.seconds = seconds
        self.crew = crew
        self.told = told
        self.paces = Paces()
        self.places = places
        self.slow_waiting = 0
        self.slow_places = asyncio.Semaphore(max(1, crew.size - 2))
        self.unproven_places = asyncio.Semaphore(max(2, crew.size - 1))

    @asynccontextmanager
    async def reply(self, ask: Ask, *, seconds: float = inf) -> AsyncGenerator[Reply]:
        """Ask, and keep the worker while the reply is read; leaving early stops the query.

        Raises LimitError when a limit is passed, and what the worker raises, while the rest is read too.
        """
        if self.asked >= self.places:
            raise self.busy("too many queries are waiting")
        self.asked += 1
        turn = _Turn(self, ask, min(seconds, self.seconds))
        try:
            await turn.begin()
            yield turn.reply
        finally:
            self.asked -= 1
            turn.leave()

    def busy(self, found: str) -> LimitError:
        """The error of those who find no place."""
        self.told("refused")
        return LimitError("query", found=found, allowed="try again later", retry_seconds=BUSY_SECONDS)


class _Turn:
    """One ask on its way through a lane: which worker and which places it has, and how long it may go on."""

    def __init__(self, lane: Lane, ask: Ask, seconds: float) -> None:
        self.reply = Reply(self._rest())
        self._lane = lane
        self._ask = ask
        self._shape = shape_of(ask)
        self._seconds = seconds
        self._patience = monotonic() + seconds
        self._began = inf
        self._worker: Worker | None = None
        self._places: list[asyncio.Semaphore] = []
        self._is_over = False
        self._is_slow = False
        self._giving_way: asyncio.TimerHandle | None = None

    async def begin(self) -> None:
        """Go on until the answer has ended, or its first bytes are held and it may be slow."""
        if self._lane.paces.is_slow(self._shape):
            await self._wait_among_the_slow()
        await self._send()
        if not self._is_slow and not await self._ends_quickly():
            await self._become_slow()
        if self._is_slow:
            await self._until(self.reply.deadline, self._hold())
        if self._is_over:
            if monotonic() - self._began <= QUICK_SECONDS and len(self.reply.held) < HELD:
                self._lane.paces.note_quick(self._shape)
            self.leave()

    def leave(self) -> None:
        """Give back what is held. An answer that was not read to its end is stopped, unless it ends by itself soon."""
        worker, self._worker = self._worker, None
        if self._giving_way is not None:
            self._giving_way.cancel()
        if worker is None:
            self._leave_places()
        elif not self._is_over:
            self._lane.crew.spawn(self._abandon(worker))
        elif monotonic() - self._began > LONG_SECONDS:
            self._lane.crew.replace(worker, "retired", places=self._handed_over())
        else:
            self._lane.crew.give_back(worker)
            self._leave_places()

    async def _send(self) -> None:
        lane = self._lane
        if not lane.paces.is_quick(self._shape):
            await self._take(lane.unproven_places, "all workers are busy")
        try:
            self._worker = await lane.crew.borrow(max(0.0, self._patience - monotonic()))
        except TimeoutError as error:
            raise lane.busy("all workers are busy") from error
        self._began = monotonic()
        self.reply.deadline = self._began + self._seconds
        self._giving_way = asyncio.get_running_loop().call_later(LONG_SECONDS, self._worker.move_aside)
        self._worker.send(self._ask)

    async def _ends_quickly(self) -> bool:
        """Whether the answer ends before it counts as slow."""
        quick = monotonic() + QUICK_SECONDS
        if quick >= self.reply.deadline:
            await self._until(self.reply.deadline, self._hold())
        else:
            with suppress(TimeoutError):
                await self._reading(quick, self._hold())
        return self._is_over

    async def _become_slow(self) -> None:
        """Take a place among the slow; where there is none, stop, wait for one and begin again."""
        lane = self._lane
        lane.paces.note_slow(self._shape)
        if not lane.slow_places.locked():
            await self._take(lane.slow_places, "")
            self._is_slow = True
            return
        self._replace("put back")
        self.reply.held.clear()
        await self._wait_among_the_slow()
        await self._send()

    async def _wait_among_the_slow(self) -> None:
        """Take a place among the slow, waiting if need be; they may not take all places where one can wait."""
        lane = self._lane
        if lane.slow_places.locked() and lane.slow_waiting >= lane.places // 2:
            raise lane.busy("too many slow queries are waiting")
        lane.slow_waiting += 1
        try:
            await self._take(lane.slow_places, "slow queries before this one take all their time")
        finally:
            lane.slow_waiting -= 1
        self._is_slow = True

    async def _take(self, places: asyncio.Semaphore, busy: str) -> None:
        try:
            async with asyncio.timeout(self._patience - monotonic()):
                await places.acquire()
        except TimeoutError as error:
            raise self._lane.busy(busy) from error
        self._places.append(places)

    def _leave_places(self) -> None:
        release(self._places)

    def _handed_over(self) -> list[asyncio.Semaphore]:
        """The places held so far; whoever gets them releases them."""
        places, self._places = self._places, []
        return places

    async def _hold(self) -> None:
        """Read until the answer has ended or enough of it is held."""
        while not self._is_over and len(self.reply.held) < HELD:
            self.reply.held += await self._next()

    async def _rest(self) -> AsyncIterator[bytes]:
        while not self._is_over:
            if chunk := await self._until(self.reply.deadline, self._next()):
                yield chunk

    async def _next(self) -> bytes:
        """The bytes of the next frame; none where it says what the answer is, or how it ended."""
        assert self._worker is not None
        kind, payload = await self._worker.next_frame()
        if kind == DATA:
            return payload
        if kind == HEAD:
            what, self.reply.format = payload.decode().split(" ")
            self.reply.kind = cast("Kind", what)
            return b""
        self._is_over = True
        if kind == ERROR:
            raise unpacked_error(payload)
        self.reply.end = unpacked_end(payload)
        return b""

    async def _until(self, deadline: float, work: Awaitable[T]) -> T:
        """Do a part of the reading before the deadline. Raises LimitError when it passes, or the worker dies."""
        try:
            return await self._reading(deadline, work)
        except TimeoutError as error:
            self._replace("stopped")
            found = f"was stopped after {self._seconds:g} seconds"
            raise LimitError("query", found=found, allowed="ask for less", status=504) from error

    async def _reading(self, deadline: float, work: Awaitable[T]) -> T:
        """Read until a time. Raises TimeoutError when it passes, LimitError when the worker dies."""
        try:
            async with asyncio.timeout(deadline - monotonic()):
                return await work
        except WorkerDiedError as error:
            self._replace("died")
            raise LimitError("query", found=str(error), allowed="ask for less") from error

    def _replace(self, why: str) -> None:
        assert self._worker is not None
        self._lane.crew.replace(self._worker, why, places=self._handed_over())
        self._worker = None

    async def _abandon(self, worker: Worker) -> None:
        """Wait a moment for the rest of an answer that nobody wants, then kill the worker."""
        try:
            async with asyncio.timeout(QUICK_SECONDS):
                await worker.drain()
        except (TimeoutError, WorkerDiedError):
            self._lane.crew.replace(worker, "abandoned", places=self._handed_over())
        else:
            self._lane.crew.give_back(worker)
            self._leave_places()
