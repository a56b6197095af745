"""What a request passes before it is routed: a lease of the release, a name, validators; and what is kept of an answer.

A release never changes, so an answer is known by the release, what the service is set to, and the request's target and
Accept headers: that is its ETag, and where it is kept ready (`ready`), its key. An answer that may change says
`no-store`, and has neither.
"""

from contextlib import suppress
from time import perf_counter
from urllib.parse import unquote

from starlette.requests import Request
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from equipoise.api.problems import error_response
from equipoise.api.ready import LARGEST, KeptAnswer, request_key, request_name
from equipoise.api.serving import Service, Serving
from equipoise.ontology.errors import EquipoiseError

__all__ = ["NAMED", "OPEN", "VARY", "Front", "entity_tag"]

Headers = list[tuple[bytes, bytes]]

OPEN = [
    (b"access-control-allow-origin", b"*"),
    (
        b"access-control-expose-headers",
        b"Equipoise-Release, Equipoise-Truncated, ETag, Link, Location, Retry-After, X-Request-ID",
    ),
]
"""Any page of any origin may read every answer: nothing here is told to some and not to others."""

VARY = (b"vary", b"Accept, Accept-Encoding")


NAMED = b"release="
"""How the parameter begins that says which release is asked."""

OF_ALL_RELEASES = ("/releases", "/diff", "/health", "/metrics")
"""What is not of one release."""


class HeadSentError(Exception):
    """All that HEAD asks for was sent: what makes the body stops."""


class Front:
    """The outermost layer around the application."""

    def __init__(self, app: ASGIApp, service: Service) -> None:
        self._app = app
        self._service = service

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer a request."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        scope, name = _without_release(scope)
        app = self._app
        try:
            found = await self._service.find(name)
        except EquipoiseError as error:
            found, app = self._service.serving, error_response(Request(scope, receive), error)
        with self._service.lease(found) as serving:
            exchange = _Exchange(scope, send, serving)
            self._service.metrics.under_way.inc()
            try:
                await self._answer(exchange, receive, app)
            finally:
                self._service.metrics.under_way.dec()
                self._note(exchange)

    async def _answer(self, exchange: "_Exchange", receive: Receive, app: ASGIApp) -> None:
        if not exchange.is_reading:
            await app(exchange.scope, receive, exchange.send)
            return
        if exchange.validates():
            await exchange.not_modified()
        else:
            with suppress(HeadSentError):
                await app(exchange.as_get(), receive, exchange.send_and_keep)
            self._keep(exchange)

    def _keep(self, exchange: "_Exchange") -> None:
        """Keep the answer ready for the next who asks the same, as long as its release is in service."""
        ready = self._service.ready
        head = exchange.head_to_keep()
        if head is None or exchange.serving.edition != ready.edition or not ready.is_wanted(exchange.key):
            return
        path, release = exchange.scope["path"], exchange.serving.release
        told = self._service.noting.repeating(path, sent=len(exchange.body), release=release)
        ready.keep(exchange.key, KeptAnswer(head, bytes(exchange.body), told))

    def _note(self, exchange: "_Exchange") -> None:
        self._service.noting.request(
            exchange.scope["path"],
            method=exchange.scope["method"],
            status=exchange.status,
            sent=exchange.sent,
            release=exchange.serving.release,
            name=exchange.id,
            seconds=perf_counter() - exchange.began,
            is_ended=exchange.is_ended,
        )


def _without_release(scope: Scope) -> tuple[Scope, str]:
    """A request without the parameter `release`, and the release that it names; empty if it names none."""
    pairs = scope["query_string"].split(b"&") if NAMED in scope["query_string"] else []
    names = [pair.removeprefix(NAMED) for pair in pairs if pair.startswith(NAMED)]
    if not names or scope["path"] in OF_ALL_RELEASES:
        return scope, ""
    rest = b"&".join(pair for pair in pairs if not pair.startswith(NAMED))
    name = unquote(names[-1].decode("latin-1"))
    return {**scope, "query_string": rest, "release": name}, name


def entity_tag(key: bytes) -> bytes:
    """The ETag of the answer to a request of that key."""
    return b'W/"' + key.hex().encode() + b'"'


class _Exchange:
    """A request and the answer to it."""

    def __init__(self, scope: Scope, send: Send, serving: Serving) -> None:
        self.scope = scope
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
        self.id = request_name(self._headers.get(b"x-request-id", b""))
        self.is_reading = scope["method"] in ("GET", "HEAD")
        query = b"?" + scope["query_string"] if scope["query_string"] else b""
        self.key = request_key(serving.edition, scope["raw_path"] + query, self._headers) if self.is_reading else b""
        self.etag = entity_tag(self.key)
        self.body = bytearray()
        self._sent_headers: Headers = []
        self._is_whole = False
        self._may_keep = False

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
                *OPEN,
                (b"x-request-id", self.id),
            ]
            self._sent_headers = message["headers"]
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
            message = {**message, "headers": headers}
        elif self._may_keep:
            self.body += message.get("body", b"")
            self._may_keep = len(self.body) <= LARGEST
            self._is_whole = not message.get("more_body", False)
        await self.send(message)
        if message["type"] == "http.response.start" and self.scope["method"] == "HEAD":
            await self.send({"type": "http.response.body", "body": b""})
            raise HeadSentError

    def head_to_keep(self) -> bytes | None:
        """The head of the answer but for the date and the request's name, if it may be kept."""
        if not (self._may_keep and self._is_whole and self.scope["method"] == "GET"):
            return None
        headers = dict(self._sent_headers[:-1]) | {b"content-length": b"%d" % len(self.body)}
        return b"HTTP/1.1 200 OK\r\n" + b"".join(b"%b: %b\r\n" % header for header in headers.items())

    def _validators(self, caching: bytes | None = None) -> Headers:
        """What lets a client ask whether its copy is still right; it must, unless the answer said otherwise."""
        return [(b"etag", self.etag), VARY, *([] if caching else [(b"cache-control", b"no-cache")])]
