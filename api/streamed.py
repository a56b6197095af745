"""Send a reply as it comes: a status of its own while its first bytes are held, a stream behind them.

A reply that ends while it is held has a length, and is whole. A longer one is sent in chunks; if it fails on the way,
the connection is closed before the last chunk, which every client notices. A client that leaves stops its query.
"""

import asyncio
from collections.abc import Mapping
from contextlib import suppress
from time import monotonic

from starlette.responses import Response
from starlette.types import Receive, Scope, Send

from equipoise.api.formats import MEDIA_TYPES
from equipoise.graph.store.frames import Ask
from equipoise.graph.store.lane import Lane, Reply
from equipoise.ontology.errors import EquipoiseError

__all__ = ["TRUNCATED", "StreamedReply", "WhileClientStays"]

WATCH_SECONDS = 0.05
"""After how long it is looked whether the client is still there."""

TRUNCATED = "Equipoise-Truncated"


class StreamedReply(Response):
    """The answer of a lane to an ask, in the format that the worker chose."""

    def __init__(self, lane: Lane, ask: Ask, *, seconds: float, headers: Mapping[str, str]) -> None:
        self._lane = lane
        self._ask = ask
        self._seconds = seconds
        self._extra = dict(headers)
        self.background = None

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Ask, and send what comes. Raises what the ask raises as long as nothing was sent."""
        with WhileClientStays(receive):
            async with self._lane.reply(self._ask, seconds=self._seconds) as reply:
                await self._send(reply, send)

    async def _send(self, reply: Reply, send: Send) -> None:
        headers = self._extra | {"Content-Type": MEDIA_TYPES[reply.format]}
        if reply.end is not None:
            headers["Content-Length"] = str(len(reply.held))
            if reply.end.truncated:
                headers[TRUNCATED] = f"rows={self._ask.most_rows}"
        raw = [(name.lower().encode(), value.encode()) for name, value in headers.items()]
        await send({"type": "http.response.start", "status": 200, "headers": raw})
        await send({"type": "http.response.body", "body": bytes(reply.held), "more_body": reply.end is None})
        if reply.end is None:
            with suppress(EquipoiseError, TimeoutError):  # too late for a status: the answer stays without its end
                async with asyncio.timeout(reply.deadline - monotonic()):
                    await self._send_rest(reply, send)

    async def _send_rest(self, reply: Reply, send: Send) -> None:
        async for chunk in reply.rest:
            await send({"type": "http.response.body", "body": chunk, "more_body": True})
        if reply.end is not None and (reply.end.says_so or not reply.end.truncated):
            await send({"type": "http.response.body", "body": b"", "more_body": False})


class WhileClientStays:
    """Ends a block of the task at hand when its client leaves. Listening begins late: most answers come before."""

    def __init__(self, receive: Receive) -> None:
        task = asyncio.current_task()
        assert task is not None
        self.client_left = False
        self._task = task
        self._receive = receive
        self._listening: asyncio.Task[None] | None = None

    def __enter__(self) -> "WhileClientStays":
        self._timer = asyncio.get_running_loop().call_later(WATCH_SECONDS, self._start)
        return self

    def __exit__(self, kind: type[BaseException] | None, *_: object) -> bool:
        self._timer.cancel()
        if self._listening:
            self._listening.cancel()
        if kind is asyncio.CancelledError and self.client_left:
            self._task.uncancel()
            return True
        return False

    def _start(self) -> None:
        self._listening = asyncio.create_task(self._listen())

    async def _listen(self) -> None:
        while (await self._receive())["type"] != "http.disconnect":
            pass
        self.client_left = True
        self._task.cancel()
