"""The one way to other endpoints: SERVICE clauses of those that are allowed, asked for the engine.

The engine would ask any endpoint, wait for it as long as it likes, follow it wherever it sends, and read all it gives.
So a clause for an endpoint of the allow list is pointed at a relay on loopback within the same process, which asks that
endpoint and no other, follows nothing, and stops after a time and a size. The engine sees an endpoint that failed,
which is what SILENT is about. What it says of the relay is said to whoever asked of the endpoint.
"""

import secrets
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from http import HTTPStatus
from http.client import HTTPException
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from time import monotonic
from typing import Any
from urllib.error import HTTPError
from urllib.request import HTTPRedirectHandler, Request, build_opener

from equipoise.graph.store.engine import reading
from equipoise.graph.store.guard import service_clauses
from equipoise.ontology.errors import ServiceError

__all__ = ["Relay"]

RESULTS = "application/sparql-results+json"
MOST_QUERY_BYTES = 10_000_000
CHUNK = 1 << 16


class Relay:
    """Asks the endpoints of an allow list. `seconds` and `most_bytes` bound each answer."""

    def __init__(self, endpoints: Sequence[str], *, seconds: float, most_bytes: int) -> None:
        self.endpoints = {f"/{secrets.token_urlsafe(16)}/{place}": iri for place, iri in enumerate(endpoints)}
        self.seconds = seconds
        self.most_bytes = most_bytes
        self.answered = ""
        """The endpoint that answered last, since a query was last redirected."""
        server = ThreadingHTTPServer(("127.0.0.1", 0), _handler(self))
        server.daemon_threads = True
        Thread(target=server.serve_forever, name="equipoise-relay", daemon=True).start()
        self._addresses = {iri: f"http://127.0.0.1:{server.server_port}{path}" for path, iri in self.endpoints.items()}

    @property
    def addresses(self) -> Sequence[str]:
        """Where the relay itself answers, one address for each endpoint; nobody else knows them."""
        return tuple(self._addresses.values())

    def redirect(self, query: str) -> str:
        """The query with the clauses of allowed endpoints pointed at the relay."""
        self.answered = ""
        redirected, rest = "", 0
        for clause in service_clauses(query):
            if address := self._addresses.get(clause["target"][1:-1]):
                redirected += f"{query[rest : clause.start('target')]}<{address}>"
                rest = clause.end("target")
        return redirected + query[rest:]

    @contextmanager
    def reading(self, redirected: str) -> Iterator[None]:
        """Turn the engine's errors into ours, as `engine.reading` does for other queries.

        Raises ServiceError for an endpoint that failed.
        """
        with reading(redirected, restored=self._restored):
            try:
                yield
            except OSError as error:
                for iri, address in self._addresses.items():
                    if address in str(error):
                        raise _failed(iri, str(error).partition("payload:")[2].strip()) from error
                raise
            except RuntimeError as error:
                if self.answered:
                    raise _failed(self.answered, f"sent what cannot be read: {error}") from error
                raise

    def _restored(self, text: str) -> str:
        """What was asked or is said, with the endpoints in place of the relay."""
        for iri, address in self._addresses.items():
            text = text.replace(address, iri)
        return text


def _failed(endpoint: str, found: str) -> ServiceError:
    return ServiceError(endpoint, found=found or "gave no answer", allowed="SERVICE SILENT does without it")


class _Stays(HTTPRedirectHandler):
    """Follows no redirection: the endpoint that was allowed is asked, and no other."""

    def redirect_request(self, *_: Any, **__: Any) -> None:
        """Go nowhere."""


def _ask(relay: Relay, endpoint: str, query: bytes, media_type: str) -> tuple[int, str, bytes]:
    """The status, media type and body of an endpoint's answer. Raises OSError if there is none within the bounds."""
    deadline = monotonic() + relay.seconds
    headers = {"Content-Type": media_type, "Accept": RESULTS, "User-Agent": "Equipoise"}
    with build_opener(_Stays).open(Request(endpoint, query, headers), timeout=relay.seconds) as answer:  # noqa: S310
        body = bytearray()
        while chunk := answer.read1(CHUNK):
            body += chunk
            if len(body) > relay.most_bytes or monotonic() > deadline:
                raise OSError("the answer is too long, or too slow")
        return answer.status, answer.headers.get("Content-Type", RESULTS), bytes(body)


def _handler(relay: Relay) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        """Answers the engine."""

        def do_POST(self) -> None:
            """Ask the endpoint that the path stands for."""
            endpoint = relay.endpoints.get(self.path)
            length = int(self.headers.get("Content-Length", "0"))
            if endpoint is None or length > MOST_QUERY_BYTES:
                self._answer(HTTPStatus.NOT_FOUND, "text/plain", b"")
                return
            query = self.rfile.read(length)
            try:
                answer = _ask(relay, endpoint, query, self.headers.get("Content-Type", ""))
                relay.answered = endpoint
                self._answer(*answer)
            except HTTPError as error:
                self._answer(HTTPStatus.BAD_GATEWAY, "text/plain", f"answered {error.code}".encode())
            except (OSError, HTTPException) as error:
                self._answer(HTTPStatus.GATEWAY_TIMEOUT, "text/plain", f"gave no answer: {error}".encode())

        def log_message(self, *_: Any) -> None:
            """Say nothing; the service's log says what was asked of it."""

        def _answer(self, status: int, media_type: str, body: bytes) -> None:
            self.send_response(status)
            self.send_header("Content-Type", media_type)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

    return Handler
