"""What every request passes before it is routed: a lease of the release, a name, validators, the answers kept ready.

A release never changes, so an answer is known by the release, what the service is set to, and the request's target
and Accept headers: that is its ETag, and where it is kept, its key. An answer that may change says `no-store`, and has
neither.
"""

import hashlib
import re
import secrets
from collections import OrderedDict
from contextlib import suppress
from dataclasses import dataclass
from importlib.metadata import version
from time import perf_counter

from starlette.types import ASGIApp, Message, Receive, Scope, Send

from equipoise.api.serving import Service, Serving
from equipoise.graph.settings import Settings

__all__ = ["Front"]

Headers = list[tuple[bytes, bytes]]

LARGEST_KEPT = 1 << 18
"""The size of an answer above which it is not kept, in bytes."""

REQUEST_ID = re.compile(rb"[\w.:-]{1,128}")
CHOOSING = (b"accept", b"accept-encoding", b"host")
"""The headers of a request that decide its answer."""

OPEN = [
    (b"access-control-allow-origin", b"*"),
    (
        b"access-control-expose-headers",
        b"Equipoise-Release, Equipoise-Truncated, ETag, Link, Location, Retry-After, X-Request-ID",
    ),
]
"""Any page of any origin may read every answer: nothing here is told to some and not to others."""

VARY = (b"vary", b"Accept, Accept-Encoding")

KINDS = ("sparql", "queries", "graphs", "trial", "drug", "vocab", "health", "metrics", "static")
"""What is told apart in logs and metrics, by the first part of the path; all others are called `page`."""


class HeadSentError(Exception):
    """All that HEAD asks for was sent: what makes the body stops."""


@dataclass(frozen=True, slots=True)
class Kept:
    """An answer kept ready."""

    headers: Headers
    body: bytes

    @property
    def size(self) -> int:
        """About how many bytes it takes."""
        return len(self.body) + 160 * len(self.headers) + 500


class Front:
    """The outermost layer around the application."""

    def __init__(self, app: ASGIApp, service: Service) -> None:
        self._app = app
        self._service = service
        self._kept: OrderedDict[bytes, Kept] = OrderedDict()
        self._kept_bytes = 0
        self._kept_release = ""
        self._edition = _edition(service.settings)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer a request."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        with self._service.lease() as serving:
            exchange = _Exchange(scope, send, serving, self._edition)
            self._service.metrics.under_way.inc()
            try:
                await self._answer(exchange, receive)
            finally:
                self._service.metrics.under_way.dec()
                self._note(exchange)

    async def _answer(self, exchange: "_Exchange", receive: Receive) -> None:
        if not exchange.is_reading:
            await self._app(exchange.scope, receive, exchange.send)
            return
        kept = self._find(exchange)
        if exchange.validates():
            await exchange.not_modified()
        elif kept is not None:
            self._service.metrics.cached.inc()
            await exchange.repeat(kept)
        else:
            with suppress(HeadSentError):
                await self._app(exchange.as_get(), receive, exchange.send_and_keep)
            self._keep(exchange)

    def _find(self, exchange: "_Exchange") -> Kept | None:
        if self._kept_release != exchange.serving.release:
            self._kept.clear()
            self._kept_bytes, self._kept_release = 0, exchange.serving.release
        kept = self._kept.get(exchange.key)
        if kept is not None:
            self._kept.move_to_end(exchange.key)
        return kept

    def _keep(self, exchange: "_Exchange") -> None:
        kept = exchange.kept()
        if kept is None or exchange.serving.release != self._kept_release or exchange.key in self._kept:
            return
        self._kept[exchange.key] = kept
        self._kept_bytes += kept.size + len(exchange.key)
        while self._kept_bytes > self._service.settings.cache_megabytes << 20:
            key, oldest = self._kept.popitem(last=False)
            self._kept_bytes -= oldest.size + len(key)

    def _note(self, exchange: "_Exchange") -> None:
        seconds = perf_counter() - exchange.began
        metrics, kind = self._service.metrics, exchange.kind
        metrics.requests.labels(kind, str(exchange.status)).inc()
        metrics.latency.labels(kind).observe(seconds)
        self._service.log.event(
            "request" if exchange.is_ended else "broken off",
            id=exchange.id.decode(),
            method=exchange.scope["method"],
            path=exchange.scope["path"],
            status=exchange.status,
            milliseconds=round(seconds * 1000, 1),
            bytes=exchange.sent,
            release=exchange.serving.release,
        )


def _edition(settings: Settings) -> bytes:
    """What decides answers beside the release: this program, and how it is set."""
    deciding = (settings.default_graph, settings.query_rows, settings.answer_megabytes, settings.services)
    return repr((version("equipoise"), deciding, bool(settings.write_token))).encode()


class _Exchange:
    """A request and the answer to it."""

    def __init__(self, scope: Scope, send: Send, serving: Serving, edition: bytes) -> None:
        self.scope = scope
        self._edition = edition
        self.serving = serving
        self.began = perf_counter()
        self.status = 0
        self.sent = 0
        self.is_ended = False
        self._send = send
        self._headers: dict[bytes, bytes] = {}
        for name, value in scope["headers"]:
            known = self._headers.get(name)
            self._headers[name] = value if known is None else known + b", " + value
        given = self._headers.get(b"x-request-id", b"")
        self.id = given if REQUEST_ID.fullmatch(given) else secrets.token_hex(8).encode()
        self.is_reading = scope["method"] in ("GET", "HEAD")
        self.key = self._key() if self.is_reading else b""
        self.etag = b'W/"' + hashlib.blake2b(self.key, digest_size=12).hexdigest().encode() + b'"'
        self._answer: Headers = []
        self._body = bytearray()
        self._is_whole = False
        self._may_keep = False

    @property
    def kind(self) -> str:
        """The kind of request, for logs and metrics."""
        first = self.scope["path"].split("/", 2)[1]
        return first if first in KINDS else "page"

    def validates(self) -> bool:
        """Whether the client has this answer already."""
        given = self._headers.get(b"if-none-match")
        return given is not None and self.etag in [one.strip() for one in given.split(b",")]

    def as_get(self) -> Scope:
        """The request as the application sees it: HEAD is GET there, and the server leaves the body out."""
        return self.scope if self.scope["method"] == "GET" else {**self.scope, "method": "GET"}

    async def not_modified(self) -> None:
        """Say that what the client has is still right."""
        await self.send({"type": "http.response.start", "status": 304, "headers": self._validators()})
        await self.send({"type": "http.response.body", "body": b""})

    async def repeat(self, kept: Kept) -> None:
        """Send an answer that was kept."""
        await self.send({"type": "http.response.start", "status": 200, "headers": list(kept.headers)})
        await self.send({"type": "http.response.body", "body": kept.body})

    async def send(self, message: Message) -> None:
        """Send a part of the answer, with the headers that every answer has."""
        if message["type"] == "http.response.start":
            self.status = message["status"]
            names = {name for name, _ in message["headers"]}
            release = (b"equipoise-release", self.serving.release.encode())  # a write names the one it led to
            message["headers"] = [
                *message["headers"],
                *([] if b"equipoise-release" in names else [release]),
                (b"x-content-type-options", b"nosniff"),
                (b"x-request-id", self.id),
                *OPEN,
            ]
        else:
            self.sent += len(message.get("body", b""))
            self.is_ended = not message.get("more_body", False)
        await self._send(message)

    async def send_and_keep(self, message: Message) -> None:
        """Send a part of the answer to a reading request, with its validators, and keep it if it may be kept."""
        if message["type"] == "http.response.start":
            headers = [(name, value) for name, value in message["headers"] if name != b"vary"]
            caching = dict(headers).get(b"cache-control")
            self._may_keep = message["status"] == 200 and caching != b"no-store"
            headers += self._validators(caching) if self._may_keep else [VARY]
            self._answer = headers
            message = {**message, "headers": headers}
        elif self._may_keep:
            self._body += message.get("body", b"")
            self._may_keep = len(self._body) <= LARGEST_KEPT
            self._is_whole = not message.get("more_body", False)
        await self.send(message)
        if message["type"] == "http.response.start" and self.scope["method"] == "HEAD":
            await self.send({"type": "http.response.body", "body": b""})
            raise HeadSentError

    def kept(self) -> Kept | None:
        """The answer to keep, if it may be."""
        return Kept(self._answer, bytes(self._body)) if self._may_keep and self._is_whole else None

    def _validators(self, caching: bytes | None = None) -> Headers:
        """What lets a client ask whether its copy is still right; it must, unless the answer said otherwise."""
        return [(b"etag", self.etag), VARY, *([] if caching else [(b"cache-control", b"no-cache")])]

    def _key(self) -> bytes:
        target = (self.scope["raw_path"], self.scope["query_string"], self.serving.release.encode(), self._edition)
        return b"\n".join((*target, *(self._headers.get(name, b"") for name in CHOOSING)))
