"""The bounds of a connection: how long the head of a request may be, and how long a client may take to send and read.

A subclass of uvicorn's own protocol, for uvicorn has no setting for these with its fast parser. What a client sends and
what it is told passes through unchanged, but for an offer of HTTP/2, and for the framing of answers in HTTP/1.0.
"""

import asyncio
import json
import re
import socket
import struct
from functools import partial
from http import HTTPStatus
from time import perf_counter
from typing import Any

from starlette.types import ASGIApp, Message, Receive, Scope, Send
from uvicorn.protocols.http.flow_control import service_unavailable
from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol, RequestResponseCycle

from equipoise.api.ready import KeptAnswer, request_key, request_name

__all__ = ["BoundedProtocol"]

TARGET_BYTES = 1 << 15
"""How long the target of a request may be (414)."""

HEAD_BYTES = 1 << 16
"""How long its headers may be together, with the trailers behind its body (431)."""

HEADERS = 100
"""How many headers it may have (431)."""

REQUEST_SECONDS = 30.0
"""How long a client may take to send a request, counted from its first byte, or from the connection on (408)."""

WRITE_SECONDS = 30.0
"""How long a client may leave an answer unread; then the connection is ended."""

LOOKS = 10
"""How often in that time it is looked whether the client has read."""

BUSY_SECONDS = 5
"""After how long a client may come again when there were too many connections (503)."""

HTTP_2 = re.compile(rb"\r\nupgrade:[ \t]*h2c[ \t]*(?=\r\n|\Z)", re.IGNORECASE)
"""The offer to go on in HTTP/2, which clients in Java make with their first request."""

NOT_READY = (b"content-length", b"transfer-encoding", b"if-none-match", b"range", b"expect", b"upgrade")
"""Headers of requests for which no answer is ready: they have a body, or want another answer than the whole."""

RESET = struct.pack("ii", 1, 0)
"""The value of SO_LINGER with which a connection ends in an error for the client."""


class RefusedError(Exception):
    """The head of a request is out of bounds."""


class BoundedProtocol(HttpToolsProtocol):
    """A connection whose client must keep within bounds."""

    _refusal: tuple[HTTPStatus, str] | None = None
    _request_timer: asyncio.TimerHandle | None = None
    _write_timer: asyncio.TimerHandle | None = None
    _answering: RequestResponseCycle | None = None
    _head_bytes = 0
    _headers = 0
    _unread_bytes = 0
    _is_receiving = False
    _is_between = True
    _is_in_head = True
    _ready: tuple[KeptAnswer, bytes, float] | None = None

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        """A client has come."""
        super().connection_made(transport)
        self._is_receiving = True
        self._arm()

    def connection_lost(self, exc: Exception | None) -> None:
        """The client has gone. The request being answered hears of it, though others may wait behind it."""
        self._disarm()
        self._stop_watching()
        if self._answering is not None:
            _leave(self._answering)
        super().connection_lost(exc)

    def data_received(self, data: bytes) -> None:
        """Bytes came; what is not a whole request yet must become one in time, and before it is too long."""
        if self.cycle is None or self.cycle.response_complete:
            self._is_receiving = True
        self._unread_bytes += len(data)
        super().data_received(_without_offer(data) if self._is_between and b"h2c" in data else data)
        if self.transport.is_closing():
            return
        if self._unread_bytes > TARGET_BYTES + HEAD_BYTES:
            self._answer_refusal(HTTPStatus.REQUEST_HEADER_FIELDS_TOO_LARGE, "a line of the head has no end")
        elif self._is_receiving:
            self._arm()

    def on_message_begin(self) -> None:
        """A request begins."""
        super().on_message_begin()
        self._is_receiving = True
        self._is_between = False
        self._is_in_head = True
        self._head_bytes = self._headers = 0

    def on_url(self, url: bytes) -> None:
        """A part of the target came."""
        super().on_url(url)
        if len(self.url) > TARGET_BYTES:
            self._refuse(HTTPStatus.REQUEST_URI_TOO_LONG, f"the target may have {TARGET_BYTES} bytes; POST has room")

    def on_header(self, name: bytes, value: bytes) -> None:
        """A header came, or a trailer: that comes when the request is being answered, and is passed over."""
        self._unread_bytes = 0
        self._head_bytes += len(name) + len(value)
        self._headers += 1
        if self._head_bytes > HEAD_BYTES or self._headers > HEADERS:
            allowed = f"at most {HEADERS} headers of {HEAD_BYTES} bytes together"
            self._refuse(HTTPStatus.REQUEST_HEADER_FIELDS_TOO_LARGE, allowed)
        if self._is_in_head:
            super().on_header(name, value)

    def on_headers_complete(self) -> None:
        """The head of the request is whole. If its answer is kept ready, the application is not asked."""
        self._unread_bytes = 0
        self._is_in_head = False
        self._ready = self._kept_answer()
        if self._ready is None:
            super().on_headers_complete()

    def on_body(self, body: bytes) -> None:
        """A part of the body came."""
        self._unread_bytes = 0
        super().on_body(body)

    def on_message_complete(self) -> None:
        """The request is whole."""
        self._unread_bytes = 0
        self._is_receiving = False
        self._is_between = True
        self._disarm()
        if self._ready is None:
            super().on_message_complete()
        else:
            self._send_ready(*self._ready)

    def _kept_answer(self) -> tuple[KeptAnswer, bytes, float] | None:
        """The answer kept ready for the request at hand, with its name and when it came."""
        if self.parser.get_method() != b"GET" or not self.parser.should_keep_alive():
            return None
        if self.pipeline or self.flow.write_paused or (self.cycle is not None and not self.cycle.response_complete):
            return None
        headers = dict(self.headers)
        if len(headers) < len(self.headers) or not headers.keys().isdisjoint(NOT_READY):
            return None
        began, answers = perf_counter(), self.app.ready
        kept = answers.find(request_key(answers.edition, self.url, headers))
        return kept and (kept, request_name(headers.get(b"x-request-id", b"")), began)

    def _send_ready(self, kept: KeptAnswer, name: bytes, began: float) -> None:
        date = b"".join(b"%b: %b\r\n" % header for header in self.server_state.default_headers)
        self.transport.write(b"%b%bx-request-id: %b\r\n\r\n%b" % (kept.head, date, name, kept.body))
        self.on_response_complete()
        kept.told(name.decode(), perf_counter() - began)

    def pause_writing(self) -> None:
        """The client reads more slowly than it is written to."""
        super().pause_writing()
        self._watch()

    def resume_writing(self) -> None:
        """The client has read most of it."""
        super().resume_writing()
        if not self.transport.is_closing():
            self._stop_watching()

    def send_400_response(self, msg: str) -> None:
        """Answer what is no request, or out of bounds, with a problem document, and close.

        Where another answer is due first, the connection is ended: the client would take this one for that.
        """
        cycle = self.cycle
        is_open = cycle is not None and not cycle.response_complete
        if self.pipeline or (is_open and (cycle.response_started or not cycle.more_body)):
            self.transport.abort()
            return
        if is_open:
            _leave(cycle)
        status, detail = self._refusal or (HTTPStatus.BAD_REQUEST, "this is not HTTP")
        body = _problem(status, detail)
        head = f"HTTP/1.1 {status.value} {status.phrase}\r\ncontent-type: application/problem+json\r\n"
        self.transport.write(f"{head}content-length: {len(body)}\r\nconnection: close\r\n\r\n".encode() + body)
        self.transport.close()
        self._watch()

    def timeout_keep_alive_handler(self) -> None:
        """Nobody asks any more. A client that did not even read the last answer is not waited for."""
        if not self.transport.is_closing():
            self.transport.abort()

    def _unsupported_upgrade_warning(self) -> None:
        """An offer of another protocol is left: the parser has passed over what came behind the head.

        Without a body the request is answered, and is the last; a body would have to be guessed at.
        """
        if any(name in (b"content-length", b"transfer-encoding") for name, _ in self.headers):
            self.cycle.more_body = True
            self._answer_refusal(HTTPStatus.BAD_REQUEST, "a request with a body may not offer another protocol")
        else:
            self.cycle.keep_alive = False

    def _start_asgi_task(self, cycle: RequestResponseCycle, app: Any) -> None:
        if app is not self.app or not self._goes_express(cycle):
            self._start_task(cycle, app)

    def _goes_express(self, cycle: RequestResponseCycle) -> bool:
        """Whether the request at hand is answered without the application, if it can be; see `Express`."""
        scope, express = cycle.scope, self.app.express
        if express is None or scope["path"] != "/sparql" or scope["method"] != "GET" or not cycle.keep_alive:
            return False
        if scope["http_version"] != "1.1" or any(name in NOT_READY for name, _ in scope["headers"]):
            return False
        taken: bool = express.take(scope, partial(self._send_express, cycle))
        return taken

    def _send_express(self, cycle: RequestResponseCycle, head: bytes | None, body: bytes) -> bool:
        """Send an answer, or have the application answer; whether the client was still there."""
        if cycle.disconnected or self.transport.is_closing():
            cycle.response_complete = True
            return False
        if head is None:
            self._start_task(cycle, self.app)
            return True
        cycle.response_started = cycle.response_complete = True
        date = b"".join(b"%b: %b\r\n" % header for header in self.server_state.default_headers)
        closing = b"" if cycle.keep_alive else b"connection: close\r\n"
        self.transport.write(b"%b%b%b\r\n%b" % (head, date, closing, body))
        if not cycle.keep_alive:
            self.transport.close()
        self.on_response_complete()
        return True

    def _start_task(self, cycle: RequestResponseCycle, app: Any) -> None:
        bounded = partial(self._answer, cycle, _too_many if app is service_unavailable else app)
        super()._start_asgi_task(cycle, bounded)

    async def _answer(
        self, cycle: RequestResponseCycle, app: ASGIApp, scope: Scope, receive: Receive, send: Send
    ) -> None:
        """Have the application answer. An answer without its end is broken off so that the client sees it."""
        self._answering = cycle
        unframed = _Unframed(cycle, send)
        try:
            await app(scope, receive, unframed if scope["http_version"] == "1.0" else send)
            if cycle.response_started and not cycle.response_complete and not cycle.disconnected:
                _leave(cycle)  # uvicorn would call it an error of the application
                if unframed.is_used:
                    self.transport.get_extra_info("socket").setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, RESET)
                    self.transport.abort()
                self.transport.close()
        finally:
            if not cycle.response_complete or self.transport.is_closing():
                self._watch()

    def _refuse(self, status: HTTPStatus, detail: str) -> None:
        """Have the parser stop, and answer so."""
        self._refusal = (status, detail)
        raise RefusedError(detail)

    def _answer_refusal(self, status: HTTPStatus, detail: str) -> None:
        self._refusal = (status, detail)
        self.send_400_response("")

    def _arm(self) -> None:
        if self._request_timer is None:
            self._request_timer = self.loop.call_later(REQUEST_SECONDS, self._too_slow)

    def _disarm(self) -> None:
        if self._request_timer is not None:
            self._request_timer.cancel()
            self._request_timer = None

    def _too_slow(self) -> None:
        if not self.transport.is_closing():
            self._answer_refusal(HTTPStatus.REQUEST_TIMEOUT, f"a request must be whole after {REQUEST_SECONDS:g} s")

    def _watch(self) -> None:
        """See that what is written is read, until it is; closing the connection waits for that too."""
        if self._write_timer is None and self in self.connections:
            self._look_again(self.transport.get_write_buffer_size(), 0)

    def _look_again(self, unread: int, looks: int) -> None:
        self._write_timer = self.loop.call_later(WRITE_SECONDS / LOOKS, self._look, unread, looks)

    def _look(self, before: int, looks: int) -> None:
        self._write_timer = None
        unread = self.transport.get_write_buffer_size()
        looks = looks + 1 if unread >= before else 0
        if looks == LOOKS:
            self.transport.abort()
        elif unread or self.transport.is_closing():
            self._look_again(unread, looks)

    def _stop_watching(self) -> None:
        if self._write_timer is not None:
            self._write_timer.cancel()
            self._write_timer = None


class _Unframed:
    """Sends an answer of unknown length in HTTP/1.0, which has no chunks: it ends with the connection."""

    def __init__(self, cycle: RequestResponseCycle, send: Send) -> None:
        self.is_used = False
        self._cycle = cycle
        self._send = send

    async def __call__(self, message: Message) -> None:
        """Send a part of the answer; where it has no length, each part is told to uvicorn as if it were all."""
        if message["type"] == "http.response.start":
            self.is_used = all(name.lower() != b"content-length" for name, _ in message["headers"])
            self._cycle.chunked_encoding = False if self.is_used else None
        elif self.is_used:
            self._cycle.expected_content_length = len(message.get("body", b""))
        await self._send(message)


async def _too_many(scope: Scope, receive: Receive, send: Send) -> None:
    """Answer that there are too many connections."""
    body = _problem(HTTPStatus.SERVICE_UNAVAILABLE, "too many connections; try again later")
    headers = [
        (b"content-type", b"application/problem+json"),
        (b"content-length", b"%d" % len(body)),
        (b"retry-after", b"%d" % BUSY_SECONDS),
        (b"connection", b"close"),
    ]
    await send({"type": "http.response.start", "status": HTTPStatus.SERVICE_UNAVAILABLE, "headers": headers})
    await send({"type": "http.response.body", "body": body})


def _problem(status: HTTPStatus, detail: str) -> bytes:
    return json.dumps({"type": "about:blank", "title": status.phrase, "status": status, "detail": detail}).encode()


def _leave(cycle: RequestResponseCycle) -> None:
    """Have the application hear that nobody listens any more."""
    cycle.disconnected = True
    cycle.message_event.set()


def _without_offer(data: bytes) -> bytes:
    """The bytes, with which a request begins, without an offer of HTTP/2 in its head, if that is whole.

    The parser would take the body for the other protocol's. Lines must end as HTTP has it: were the end of the head
    elsewhere for the parser, a body would be changed.
    """
    head, blank, rest = data.partition(b"\r\n\r\n")
    if not blank or head.count(b"\n") != head.count(b"\r\n"):
        return data
    return HTTP_2.sub(b"", head) + blank + rest
