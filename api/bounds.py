"""The bounds of a connection: how long the head of a request may be, and how long a client may take to send and read.

A subclass of uvicorn's own protocol, for uvicorn has no setting for these with its fast parser.
"""

import asyncio
import json
import re
from http import HTTPStatus

from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol

__all__ = ["BoundedProtocol"]

TARGET_BYTES = 1 << 15
"""How long the target of a request may be (414)."""

HEAD_BYTES = 1 << 16
"""How long its headers may be together (431)."""

HEADERS = 100
"""How many headers it may have (431)."""

REQUEST_SECONDS = 30.0
"""How long a client may take to send a request, counted from its first byte, or from the connection on (408)."""

HTTP_2 = re.compile(rb"\r\nupgrade:[ \t]*h2c[ \t]*(?=\r\n|\Z)", re.IGNORECASE)
"""The offer to go on in HTTP/2, which clients in Java make with their first request."""


class RefusedError(Exception):
    """The head of a request is out of bounds."""


class BoundedProtocol(HttpToolsProtocol):
    """A connection whose client must keep within bounds."""

    _refusal: tuple[HTTPStatus, str] | None = None
    _timer: asyncio.TimerHandle | None = None
    _head_bytes = 0
    _is_receiving = False
    _is_in_head = True

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        """A client has come."""
        super().connection_made(transport)
        self._is_receiving = True
        self._arm()

    def connection_lost(self, exc: Exception | None) -> None:
        """The client has gone."""
        self._disarm()
        super().connection_lost(exc)

    def data_received(self, data: bytes) -> None:
        """Bytes came; what is not a whole request yet must become one in time."""
        super().data_received(_without_offer(data) if self._is_in_head and b"h2c" in data else data)
        if self._is_receiving:
            self._arm()

    def on_message_begin(self) -> None:
        """A request begins."""
        super().on_message_begin()
        self._is_receiving = True
        self._is_in_head = True
        self._head_bytes = 0

    def on_url(self, url: bytes) -> None:
        """A part of the target came."""
        super().on_url(url)
        if len(self.url) > TARGET_BYTES:
            self._refuse(HTTPStatus.REQUEST_URI_TOO_LONG, f"the target may have {TARGET_BYTES} bytes; POST has room")

    def on_header(self, name: bytes, value: bytes) -> None:
        """A header came."""
        self._head_bytes += len(name) + len(value)
        if self._head_bytes > HEAD_BYTES or len(self.headers) >= HEADERS:
            allowed = f"at most {HEADERS} headers of {HEAD_BYTES} bytes together"
            self._refuse(HTTPStatus.REQUEST_HEADER_FIELDS_TOO_LARGE, allowed)
        super().on_header(name, value)

    def on_headers_complete(self) -> None:
        """The head of the request is whole."""
        self._is_in_head = False
        super().on_headers_complete()

    def on_message_complete(self) -> None:
        """The request is whole."""
        self._is_receiving = False
        self._is_in_head = True
        self._disarm()
        super().on_message_complete()

    def send_400_response(self, msg: str) -> None:
        """Answer what is no request, or out of bounds, with a problem document, and close."""
        status, detail = self._refusal or (HTTPStatus.BAD_REQUEST, "this is not HTTP")
        document = {"type": "about:blank", "title": status.phrase, "status": status, "detail": detail}
        body = json.dumps(document).encode()
        head = f"HTTP/1.1 {status.value} {status.phrase}\r\ncontent-type: application/problem+json\r\n"
        self.transport.write(f"{head}content-length: {len(body)}\r\nconnection: close\r\n\r\n".encode() + body)
        self.transport.close()

    def timeout_keep_alive_handler(self) -> None:
        """Nobody asks any more. A client that did not even read the last answer is not waited for."""
        if not self.transport.is_closing():
            self.transport.abort()

    def _refuse(self, status: HTTPStatus, detail: str) -> None:
        self._refusal = (status, detail)
        raise RefusedError(detail)

    def _arm(self) -> None:
        if self._timer is None:
            self._timer = self.loop.call_later(REQUEST_SECONDS, self._too_slow)

    def _disarm(self) -> None:
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None

    def _too_slow(self) -> None:
        if not self.transport.is_closing():
            if self.cycle is None or self.cycle.response_complete:
                self._refusal = (HTTPStatus.REQUEST_TIMEOUT, f"a request must be whole after {REQUEST_SECONDS:g} s")
                self.send_400_response("")
            self.transport.abort()


def _without_offer(data: bytes) -> bytes:
    """The bytes without an offer of HTTP/2 in the head: the parser would take the body for the other protocol's."""
    head, blank, body = data.partition(b"\r\n\r\n")
    return HTTP_2.sub(b"", head) + blank + body
