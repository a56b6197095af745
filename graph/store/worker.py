"""A process that evaluates queries for a crew: started as `python -m equipoise.graph.store.worker`.

In, through the pipe: an `Ask`. Out: the frames of its answer, written as the engine finds it, in the format asked for.
It ends when the pipe closes; the system ends it when it takes more memory than it may, and the lane when it takes more
time. Either way the crew starts another.
"""

import ctypes
import json
import pickle
import signal
import socket
import sys
from typing import TYPE_CHECKING

import pyoxigraph as ox

from equipoise.graph.store.engine import solve
from equipoise.graph.store.frames import LENGTH, READY, Ask, Plan, frame, unpack_bindings
from equipoise.graph.store.output import Found, write_answer

if TYPE_CHECKING:
    from equipoise.graph.store.relay import Relay

__all__ = ["main"]

PARENT_DEATH_SIGNAL = 1
"""PR_SET_PDEATHSIG of prctl(2)."""


def main() -> None:
    """Serve asks until the pipe closes. Arguments: the pipe's descriptor, and the `Plan` as JSON."""
    descriptor, plan_text = sys.argv[1:]
    plan = Plan(**json.loads(plan_text))
    pipe = socket.socket(fileno=int(descriptor))
    _limit_memory(plan.memory)
    _end_with_parent()
    store, relay = ox.Store.read_only(plan.folder), _relay(plan)
    pipe.sendall(frame(READY, b""))
    asks = pipe.makefile("rb")
    while header := asks.read(LENGTH.size):
        length, _ = LENGTH.unpack(header)
        ask: Ask = pickle.loads(asks.read(length))  # noqa: S301 - the service wrote it
        write_answer(ask, lambda ask=ask: _find(store, relay, ask), pipe)  # type: ignore[misc]


def _find(store: ox.Store, relay: "Relay | None", ask: Ask) -> Found:
    found = solve(
        store,
        relay.redirect(ask.text) if relay else ask.text,
        bindings=unpack_bindings(ask.bindings),
        dataset=ask.dataset,
        default_graph=ask.default_graph,
        base_iri=ask.base_iri,
        services=relay.addresses if relay else (),
    )
    return iter(found) if isinstance(found, ox.QueryTriples) else found


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
