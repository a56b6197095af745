"""A quick turn: an ask whose shape was quick the last time, answered without a task of its own.

In: an ask and its lane. Out, once, to whoever asked: the whole answer, or None where only the ordinary way (`lane`) can
tell: the query is slow this time, or long, or wrong, or its worker died. It then begins again there. Most requests of a
busy service are such look-ups, and what the ordinary way does for the others would take longer than they do.
"""

import asyncio
from collections.abc import Callable
from typing import NamedTuple, cast

from equipoise.graph.store.crew import Worker
from equipoise.graph.store.frames import DATA, END, HEAD, Ask, End, Kind, unpacked_end
from equipoise.graph.store.lane import HELD, QUICK_SECONDS, Lane
from equipoise.graph.store.pace import shape_of
from equipoise.graph.store.process import ProcessWorker
from equipoise.ontology.errors import LimitError

__all__ = ["Whole", "ask_quickly"]


class Whole(NamedTuple):
    """A whole answer: what it is, its format by short name, its bytes, and how it ended."""

    kind: Kind
    format: str
    content: bytes
    end: End


Then = Callable[[Whole | None], object]


def ask_quickly(lane: Lane, ask: Ask, then: Then) -> bool:
    """Begin, if the ask is known to be quick and the lane has room; whether it was begun. `then` is called later."""
    if lane.asked >= lane.places:
        return False
    shape = shape_of(ask)
    if not lane.paces.is_quick(shape):
        return False
    _QuickTurn(lane, ask, shape, then).begin()
    return True


class _QuickTurn:
    """One ask on its way to a worker and back."""

    def __init__(self, lane: Lane, ask: Ask, shape: bytes, then: Then) -> None:
        self._lane = lane
        self._ask = ask
        self._shape = shape
        self._then = then
        self._loop = asyncio.get_running_loop()
        self._worker: ProcessWorker
        self._timer: asyncio.TimerHandle
        self._has_left = False
        self._what = ""
        self._content = bytearray()

    def begin(self) -> None:
        """Have the first worker that is idle answer."""
        self._lane.asked += 1
        worker = self._lane.crew.take_idle()
        if worker is not None:
            self._send(worker)
            return
        self._timer = self._loop.call_later(self._lane.seconds, self._leave)
        self._lane.crew.await_idle(self._came)

    def _came(self, come: Worker | LimitError) -> bool:
        """Take the worker whose turn it is, at once, so that it does not wait for whatever else the loop has to do."""
        if self._has_left:
            return False
        self._timer.cancel()
        if isinstance(come, LimitError):
            self._end(None)
        else:
            self._send(come)
        return True

    def _leave(self) -> None:
        """No worker came in time."""
        self._has_left = True
        self._end(None)

    def _send(self, worker: Worker) -> None:
        self._worker = cast("ProcessWorker", worker)
        self._timer = self._loop.call_later(QUICK_SECONDS, self._give_up, "put back")
        self._worker.send(self._ask)
        self._worker.listen(self._read)

    def _read(self) -> None:
        """Take the frames that have come. An answer that ends in an error is asked for again in the ordinary way."""
        for kind, payload in self._worker.take_frames():
            if kind == DATA:
                self._content += payload
            elif kind == HEAD:
                self._what = payload.decode()
            else:
                self._finish(unpacked_end(payload) if kind == END else None)
                return
        if self._worker.is_closed:
            self._give_up("died")
        elif len(self._content) > HELD:
            self._give_up("put back")

    def _finish(self, end: End | None) -> None:
        self._timer.cancel()
        self._worker.listen(None)
        self._lane.crew.give_back(self._worker)
        if end is None:
            self._end(None)
        else:
            self._lane.paces.note_quick(self._shape)
            kind, name = self._what.split(" ")
            self._end(Whole(cast("Kind", kind), name, bytes(self._content), end))

    def _give_up(self, why: str) -> None:
        """The shape is not quick after all."""
        self._timer.cancel()
        self._worker.listen(None)
        self._lane.paces.note_slow(self._shape)
        self._lane.crew.replace(self._worker, why)
        self._end(None)

    def _end(self, whole: Whole | None) -> None:
        self._lane.asked -= 1
        self._then(whole)
