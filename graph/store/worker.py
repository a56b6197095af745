"""A process that evaluates queries for a crew: started as `python -m equipoise.graph.store.worker`.

In, through the pipe: an `Ask`. Out: the frames of its answer, written as the engine finds it, in the format asked for.
It ends when the pipe closes, and by no signal that a terminal or a supervisor sends to all processes of the service:
what is under way is then answered first. The system ends it when it takes more memory than it may, and the lane when
it takes more time. Either way the crew starts another.
"""

import ctypes
import gc
import json
import os
import select
import signal
import socket
import sys
from collections.abc import Sequence
from functools import partial
from typing import TYPE_CHECKING

import pyoxigraph as ox

from equipoise.graph.store.engine import Found, solve
from equipoise.graph.store.frames import LENGTH, READY, Ask, Plan, frame, unpack_bindings, unpacked_ask
from equipoise.graph.store.output import write_answer

if TYPE_CHECKING:
    from equipoise.graph.store.relay import Relay

__all__ = ["main"]

BEHIND = 5
"""How many steps of priority a worker stands behind the service, which hands out the work of all of them."""

PARENT_DEATH_SIGNAL = 1
"""PR_SET_PDEATHSIG of prctl(2)."""


def main() -> None:
    """Serve asks until the pipe closes. Arguments: the pipe's descriptor, and the `Plan` as JSON."""
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, signal.SIG_IGN)
    descriptor, plan_text = sys.argv[1:]
    plan = Plan(**json.loads(plan_text))
    pipe = socket.socket(fileno=int(descriptor))
    os.nice(BEHIND)
    _limit_memory(plan.memory)
    _end_with_parent()
    store, relay = ox.Store.read_only(plan.folder), _relay(plan)
    gc.freeze()
    pipe.sendall(frame(READY, b""))
    asks = pipe.makefile("rb")
    waiting = select.poll()
    waiting.register(pipe, select.POLLIN)
    while _come(waiting) and (header := asks.read(LENGTH.size)):
        length, _ = LENGTH.unpack(header)
        _answer(unpacked_ask(asks.read(length)), store, relay, pipe)


def _come(waiting: "select.poll") -> bool:
    """Wait until something came, or the pipe closed; a read that waits is woken whenever an answer is read, too."""
    return bool(waiting.poll())


def _answer(ask: Ask, store: ox.Store, relay: "Relay | None", pipe: socket.socket) -> None:
    if relay is None:
        write_answer(ask, lambda: _found(ask, ask.text, store, ()), pipe)
        return
    text = relay.redirect(ask.text)
    errors = partial(relay.reading, text)
    write_answer(ask, lambda: _found(ask, text, store, relay.addresses), pipe, errors=errors)


def _found(ask: Ask, text: str, store: ox.Store, services: Sequence[str]) -> Found:
    return solve(
        store,
        text,
        bindings=unpack_bindings(ask.bindings),
        dataset=ask.dataset,
        default_graph=ask.default_graph,
        base_iri=ask.base_iri,
        services=services,
    )


def _relay(plan: Plan) -> "Relay | None":
    """The way to other endpoints, where any is allowed."""
    if not plan.services:
        return None
    from equipoise.graph.store.relay import Relay

    return Relay(plan.services, seconds=plan.service_seconds, most_bytes=plan.service_bytes)


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


if __name__ == "__main__":
    main()
