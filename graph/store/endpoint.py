"""The line to a SPARQL engine: connections that are kept, credentials, and bounds on the time and size of an answer.

In: a request, as SPARQLWrapper writes it for the SPARQL Protocol or as the Graph Store Protocol has it. Out: the
engine's answer, in pieces as it comes. It never follows a redirect, never shows a credential, and asks for answers
without compression, so that what comes over the line is what is counted.
"""

import socket
import sys
from collections.abc import Callable, Generator, Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from functools import partial
from time import monotonic

import httpx

from equipoise.ontology.errors import EquipoiseError, LimitError, QueryError, ReleaseError, UnreachableError

__all__ = ["Endpoint", "Reply"]

CONNECT_SECONDS = 10.0
GRACE_SECONDS = 2.0
"""How much longer than the engine we wait, so that its own message comes first."""
MOST_WORDS = 500
"""Characters of an engine's complaint that are shown."""


@dataclass(frozen=True)
class Reply:
    """An answer whose status is good: its headers, and its content in pieces as they come.

    `hang_up`, which any thread may call, breaks the connection off: the engine learns that nobody waits any more, and
    who waits for the next piece gets an UnreachableError.
    """

    headers: Mapping[str, str]
    chunks: Iterator[bytes]
    hang_up: Callable[[], None]

    @property
    def media_type(self) -> str:
        """The media type, without parameters."""
        return self.headers.get("content-type", "").partition(";")[0].strip().lower()

    def body(self) -> bytes:
        """The whole content."""
        return b"".join(self.chunks)


class Endpoint:
    """Connections to an engine. Safe to use from several threads."""

    def __init__(self, *, user: str, password: str) -> None:
        auth = _Credentials(user, password) if user else None
        headers = {"Accept-Encoding": "identity", "User-Agent": "equipoise"}
        self._client = httpx.Client(auth=auth, headers=headers, transport=httpx.HTTPTransport(retries=1))

    def close(self) -> None:
        """Close the connections."""
        self._client.close()

    @contextmanager
    def send(
        self,
        address: str,
        *,
        method: str,
        headers: Mapping[str, str],
        content: bytes = b"",
        seconds: float,
        most_bytes: int = sys.maxsize,
    ) -> Iterator[Reply]:
        """Send a request; what is left of the answer when the context is left is not read, and the connection closed.

        Raises QueryError if the engine refuses the request (400), LimitError if it gives no answer within `seconds`
        or one that is too large, ReleaseError if it cannot be asked.
        """
        limits = httpx.Timeout(seconds + GRACE_SECONDS, connect=min(CONNECT_SECONDS, seconds))
        deadline = monotonic() + seconds + GRACE_SECONDS
        request = self._client.build_request(method, address, headers=dict(headers), content=content, timeout=limits)
        with _failing(address, seconds):
            response = self._client.send(request, stream=True)
            try:
                chunks = _bounded(address, response, deadline=deadline, seconds=seconds, most_bytes=most_bytes)
                if response.status_code >= 300:
                    raise _refused(address, response.status_code, _words(chunks))
                yield Reply(response.headers, chunks, partial(_hang_up, response))
            finally:
                response.close()


@contextmanager
def _failing(address: str, seconds: float) -> Iterator[None]:
    """Turn what goes wrong on the line into errors of ours."""
    try:
        yield
    except httpx.TimeoutException as error:
        raise _too_slow(address, seconds) from error
    except httpx.TransportError as error:
        found = f"cannot be asked: {error or type(error).__name__}"
        raise UnreachableError(address, found=found, allowed="must be a SPARQL endpoint") from error


def _hang_up(response: httpx.Response) -> None:
    line: socket.socket = response.extensions["network_stream"].get_extra_info("socket")
    with suppress(OSError):  # it is closed already
        line.shutdown(socket.SHUT_RDWR)


class _Credentials(httpx.Auth):
    """A user and a password, shown in the way that the engine asks for, once it has asked."""

    def __init__(self, user: str, password: str) -> None:
        self._basic, self._digest = httpx.BasicAuth(user, password), httpx.DigestAuth(user, password)
        self._chosen: httpx.Auth | None = None

    def auth_flow(self, request: httpx.Request) -> Generator[httpx.Request, httpx.Response, None]:
        """Send a request, and send it again with the credentials if it was refused for want of them."""
        if self._chosen is None:
            response = yield request
            if response.status_code != httpx.codes.UNAUTHORIZED:
                return
            asked = response.headers.get("www-authenticate", "").lower()
            self._chosen = self._digest if asked.startswith("digest") else self._basic
        yield from self._chosen.auth_flow(request)


def _bounded(
    address: str, response: httpx.Response, *, deadline: float, seconds: float, most_bytes: int
) -> Iterator[bytes]:
    """The content of an answer, as long as it is within the bounds."""
    if response.headers.get("content-encoding", "identity") != "identity":
        raise ReleaseError(address, found="sends compressed answers unasked", allowed="must send them plain")
    size = 0
    with _failing(address, seconds):
        for chunk in response.iter_raw():
            size += len(chunk)
            if size > most_bytes:
                allowed = f"at most {most_bytes} are read; add LIMIT"
                raise LimitError(address, found=f"sent more than {most_bytes} bytes", allowed=allowed, status=413)
            if monotonic() > deadline:
                raise _too_slow(address, seconds)
            yield chunk


def _words(chunks: Iterator[bytes]) -> str:
    """The beginning of what an engine says, on one line."""
    said = b""
    for chunk in chunks:
        said += chunk
        if len(said) > 10 * MOST_WORDS:
            break
    return " ".join(said.decode("utf-8", "replace").split())[:MOST_WORDS]


def _too_slow(address: str, seconds: float) -> LimitError:
    return LimitError(address, found=f"gave no answer in {seconds:g} seconds", allowed="ask for less")


def _refused(address: str, status: int, words: str) -> EquipoiseError:
    """The error that a status stands for."""
    match status:
        case 400:
            return QueryError(address, found=words or "refuses the query", allowed="see the message")
        case 401 | 403:
            allowed = "set EQUIPOISE_STORE_USER and EQUIPOISE_STORE_PASSWORD to those of someone who may"
            return ReleaseError(address, found=f"refuses access ({status})", allowed=allowed)
        case 408 | 503 | 504:
            return LimitError(address, found=words or f"answers {status}", allowed="ask for less")
        case 413:
            return LimitError(address, found=words or "refuses the size", allowed="ask for less", status=413)
    found = f"cannot be asked: it answers {status} {words}".rstrip()
    return (UnreachableError if status >= 500 else ReleaseError)(
        address, found=found, allowed="must be a SPARQL endpoint"
    )
