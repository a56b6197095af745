"""Small queries by GET to `/sparql`, answered as they come and go, without the application.

In: the head of a request. Out: the bytes of its answer, the same as the application gives. What is known to be quick is
taken (`graph.store.quick`); everything else, and whatever turns out otherwise, is left to the application.
"""

from collections.abc import Callable
from contextlib import suppress
from functools import lru_cache
from time import perf_counter

from starlette.types import Message, Receive, Scope, Send
from starlette_compress import CompressMiddleware

from equipoise.api.formats import MEDIA_TYPES, bounded, wants_page
from equipoise.api.front import NAMED, OPEN, VARY, entity_tag
from equipoise.api.protocol import read_get
from equipoise.api.ready import KeptAnswer, request_key, request_name
from equipoise.api.serving import Service, Serving
from equipoise.api.sparql import ask_of, base_of, may_change
from equipoise.api.streamed import TRUNCATED
from equipoise.graph.store.quick import Whole, ask_quickly
from equipoise.ontology.errors import EquipoiseError

__all__ = ["Express"]

Then = Callable[[bytes | None, bytes], bool]
"""Who takes the head of an answer, but for the date, and its body, and says whether the client was still there; without
a head, the application is to answer.
"""


SMALLEST = 500
"""The size of an answer, in bytes, below which no coding is worth while."""


class Express:
    """The way past the application."""

    def __init__(self, service: Service) -> None:
        self._service = service

    def take(self, scope: Scope, then: Then) -> bool:
        """Begin to answer, if it is known to be quick; whether it was begun. `then` is called later, once."""
        headers = dict(scope["headers"])
        if len(headers) < len(scope["headers"]) or NAMED in scope["query_string"]:
            return False
        accept = bounded(headers.get(b"accept", b"").decode("latin-1"))
        try:
            operation = read_get(scope["query_string"])
            if operation is None or operation.timeout is not None or wants_page(accept, operation.format):
                return False
            base = base_of(scope["scheme"], headers.get(b"host", b"").decode("latin-1"))
            ask = ask_of(operation, accept, base, self._service.settings)
        except EquipoiseError:  # the application says what is wrong
            return False
        serving = self._service.take_lease()
        passage = _Passage(self._service, serving, scope, headers, then)
        passage.is_changing, passage.most_rows = may_change(operation.text), ask.most_rows
        if ask_quickly(serving.free, ask, passage.end):
            self._service.metrics.under_way.inc()
            return True
        self._service.end_lease(serving)
        return False


class _Passage:
    """A request and the answer to it."""

    is_changing = False
    most_rows = 0

    def __init__(
        self, service: Service, serving: Serving, scope: Scope, headers: dict[bytes, bytes], then: Then
    ) -> None:
        self._began = perf_counter()
        self._service = service
        self._serving = serving
        self._scope = scope
        self._headers = headers
        self._then = then

    def end(self, whole: Whole | None) -> None:
        """Send what was found, and note it; what was not found is left to the application."""
        self._service.metrics.under_way.dec()
        try:
            if whole is None:
                self._then(None, b"")
            else:
                self._send(whole)
        finally:
            self._service.end_lease(self._serving)

    def _send(self, whole: Whole) -> None:
        target = self._scope["raw_path"] + b"?" + self._scope["query_string"]
        key = request_key(self._serving.edition, target, self._headers)
        head = _lasting_head(self._serving.release, whole.format)
        head += b"cache-control: no-store\r\n" if self.is_changing else b"etag: %b\r\n" % entity_tag(key)
        head += b"" if self.is_changing else b"cache-control: no-cache\r\n"
        if whole.end.truncated:
            head += b"%b: rows=%d\r\n" % (TRUNCATED.lower().encode(), self.most_rows)
        coding, body = _coded(whole, self._headers.get(b"accept-encoding"))
        head += coding + b"content-length: %d\r\n" % len(body)
        name = request_name(self._headers.get(b"x-request-id", b""))
        is_ended = self._then(head + b"x-request-id: %b\r\n" % name, body)
        ready, noting, path = self._service.ready, self._service.noting, self._scope["path"]
        noting.request(
            path,
            method="GET",
            status=200,
            sent=len(body),
            release=self._serving.release,
            name=name,
            seconds=perf_counter() - self._began,
            is_ended=is_ended,
        )
        if not self.is_changing and self._serving.edition == ready.edition and ready.is_wanted(key):
            told = noting.repeating(path, sent=len(body), release=self._serving.release)
            ready.keep(key, KeptAnswer(head, body, told))


@lru_cache(maxsize=100)
def _lasting_head(release: str, format: str) -> bytes:
    """What the heads of all answers from a release in one format begin with."""
    headers = [
        (b"content-type", MEDIA_TYPES[format].encode()),
        (b"equipoise-release", release.encode()),
        (b"x-content-type-options", b"nosniff"),
        *OPEN,
        VARY,
    ]
    return b"HTTP/1.1 200 OK\r\n" + b"".join(b"%b: %b\r\n" % header for header in headers)


def _coded(whole: Whole, accepted: bytes | None) -> tuple[bytes, bytes]:
    """The body in the coding that the application would choose, and the header that says so."""
    if accepted is None or len(whole.content) < SMALLEST:
        return b"", whole.content
    sent: list[Message] = []

    async def application(_: Scope, __: Receive, send: Send) -> None:
        headers = [(b"content-type", MEDIA_TYPES[whole.format].encode())]
        await send({"type": "http.response.start", "status": 200, "headers": headers})
        await send({"type": "http.response.body", "body": whole.content})

    async def receive() -> Message:
        return {"type": "http.request"}

    async def send(message: Message) -> None:
        sent.append(message)

    scope = {"type": "http", "headers": [(b"accept-encoding", accepted)]}
    with suppress(StopIteration):  # nothing in it waits
        CompressMiddleware(application)(scope, receive, send).send(None)
    start, body = sent
    coding = dict(start["headers"]).get(b"content-encoding")
    return b"content-encoding: %b\r\n" % coding if coding else b"", body["body"]
