"""Fetching over HTTP from a server on loopback that breaks off, is busy, changes its file, and redirects."""

import hashlib
import threading
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

from equipoise.graph.external.download import Patience, download, file_name
from equipoise.ontology.errors import OntologyError

CONTENT = bytes(range(256)) * 4000
OTHER = bytes(reversed(range(256))) * 4000
QUICK = Patience(tries=3, first_pause_seconds=0.01, longest_pause_seconds=0.05)
Answer = Callable[[BaseHTTPRequestHandler, int], None]


class Server:
    """A server whose answer to the n-th request (from 0) is told by a function."""

    def __init__(self) -> None:
        self.asked: list[dict[str, str]] = []
        self.answer: Answer = whole(CONTENT)
        server = self

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                server.asked.append({name.lower(): value for name, value in self.headers.items()})
                server.answer(self, len(server.asked) - 1)

            def log_message(self, format: str, *args: object) -> None:
                pass

        self.http = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.address = f"http://127.0.0.1:{self.http.server_port}/chebi.owl"


def send(
    request: BaseHTTPRequestHandler, status: int, content: bytes = b"", cut: int | None = None, **headers: str
) -> None:
    """Answer, and if `cut` is given, close the connection behind so many bytes."""
    request.send_response(status)
    for name, value in {"Content-Length": str(len(content)), **headers}.items():
        request.send_header(name.replace("_", "-"), value)
    request.end_headers()
    request.wfile.write(content if cut is None else content[:cut])
    if cut is not None:
        request.wfile.flush()
        request.connection.close()


def whole(content: bytes, etag: str = '"one"') -> Answer:
    return lambda request, _: send(request, 200, content, ETag=etag)


def ranged(request: BaseHTTPRequestHandler, content: bytes, etag: str, cut: int | None = None) -> None:
    """Answer as a server that knows ranges and validators."""
    asked = request.headers.get("Range")
    if asked and request.headers.get("If-Range") == etag:
        start = int(asked.removeprefix("bytes=").removesuffix("-"))
        place = f"bytes {start}-{len(content) - 1}/{len(content)}"
        send(request, 206, content[start:], cut, ETag=etag, Content_Range=place)
    else:
        send(request, 200, content, cut, ETag=etag)


@pytest.fixture
def server() -> Iterator[Server]:
    server = Server()
    thread = threading.Thread(target=server.http.serve_forever, daemon=True)
    thread.start()
    yield server
    server.http.shutdown()
    server.http.server_close()
    thread.join()


def fetch(server: Server, folder: Path, **options: str) -> bytes:
    path = download(server.address, folder, most_bytes=1 << 22, patience=QUICK, **options)
    assert path.name == "chebi.owl"
    assert [other.name for other in path.parent.iterdir()] == ["chebi.owl"]
    return path.read_bytes()


def test_file_is_fetched_whole_and_politely(server: Server, tmp_path: Path) -> None:
    told: list[tuple[int, int]] = []
    path = download(server.address, tmp_path, most_bytes=1 << 22, report=lambda done, total: told.append((done, total)))
    assert path.read_bytes() == CONTENT
    (asked,) = server.asked
    assert asked["user-agent"].startswith("equipoise/")
    assert asked["accept-encoding"] == "identity"
    assert told[-1] == (len(CONTENT), len(CONTENT))


def test_fetch_that_breaks_off_goes_on_where_it_stopped(server: Server, tmp_path: Path) -> None:
    server.answer = lambda request, n: ranged(request, CONTENT, '"one"', cut=300_000 if n < 3 else None)
    assert fetch(server, tmp_path) == CONTENT
    assert [asked.get("range") for asked in server.asked] == [None, *(f"bytes={n}00000-" for n in (3, 6, 9))]
    assert {asked.get("if-range") for asked in server.asked[1:]} == {'"one"'}


def test_fetch_is_gone_on_with_by_the_next_command(server: Server, tmp_path: Path) -> None:
    server.answer = lambda request, n: ranged(request, CONTENT, '"one"', cut=500_000 if n == 0 else 0)
    with pytest.raises(OntologyError, match="cannot be fetched: .*try again later; it goes on where it stopped"):
        fetch(server, tmp_path)
    server.answer = lambda request, _: ranged(request, CONTENT, '"one"')
    assert fetch(server, tmp_path) == CONTENT
    assert server.asked[-1]["range"] == "bytes=500000-"


def test_file_that_changes_in_between_is_fetched_anew(server: Server, tmp_path: Path) -> None:
    def answer(request: BaseHTTPRequestHandler, number: int) -> None:
        if number == 0:
            ranged(request, CONTENT, '"one"', cut=500_000)
        else:
            ranged(request, OTHER, '"two"')

    server.answer = answer
    assert fetch(server, tmp_path) == OTHER


def test_file_without_a_validator_is_fetched_anew(server: Server, tmp_path: Path) -> None:
    server.answer = lambda request, n: send(request, 200, CONTENT, 500_000 if n == 0 else None, ETag='W/"weak"')
    assert fetch(server, tmp_path) == CONTENT
    assert "range" not in server.asked[1]


def test_server_that_has_less_than_before_is_asked_anew(server: Server, tmp_path: Path) -> None:
    def answer(request: BaseHTTPRequestHandler, number: int) -> None:
        if number == 0:
            ranged(request, CONTENT, '"one"', cut=500_000)
        elif number == 1:
            send(request, 416)
        else:
            ranged(request, CONTENT, '"one"')

    server.answer = answer
    assert fetch(server, tmp_path) == CONTENT


@pytest.mark.parametrize("retry", ["0", "Mon, 01 Jan 2001 00:00:00 GMT", "soon", ""])
def test_busy_server_is_asked_again(server: Server, tmp_path: Path, retry: str) -> None:
    def answer(request: BaseHTTPRequestHandler, number: int) -> None:
        if number < 2:
            send(request, 503, **({"Retry_After": retry} if retry else {}))
        else:
            send(request, 200, CONTENT)

    server.answer = answer
    assert fetch(server, tmp_path) == CONTENT


def test_server_that_stays_busy_is_given_up(server: Server, tmp_path: Path) -> None:
    server.answer = lambda request, _: send(request, 503)
    with pytest.raises(OntologyError, match="cannot be fetched: the server says 503; try again later"):
        fetch(server, tmp_path)
    assert len(server.asked) == 3


def test_answer_that_is_no_file_is_refused(server: Server, tmp_path: Path) -> None:
    server.answer = lambda request, _: send(request, 404, b"no")
    with pytest.raises(OntologyError, match="is answered with 404; must be there to fetch"):
        fetch(server, tmp_path)
    assert len(server.asked) == 1


def test_checksum_is_verified(server: Server, tmp_path: Path) -> None:
    assert fetch(server, tmp_path, sha256=hashlib.sha256(CONTENT).hexdigest().upper()) == CONTENT
    with pytest.raises(OntologyError, match=r"has the SHA-256 [0-9a-f]{64}; must be 00"):
        download(server.address, tmp_path / "other", most_bytes=1 << 22, sha256="00", patience=QUICK)
    assert not any(path.is_file() for path in (tmp_path / "other").rglob("*"))


@pytest.mark.parametrize("told", [True, False])
def test_file_that_is_too_large_is_refused(server: Server, tmp_path: Path, told: bool) -> None:
    def answer(request: BaseHTTPRequestHandler, _: int) -> None:
        if told:
            send(request, 200, CONTENT)
        else:
            request.send_response(200)
            request.end_headers()
            request.wfile.write(CONTENT)
            request.connection.close()

    server.answer = answer
    with pytest.raises(OntologyError, match="is larger than 0 MiB; raise EQUIPOISE_FILE_MEGABYTES if it may be"):
        download(server.address, tmp_path, most_bytes=1000, patience=QUICK)
    assert not any(path.is_file() for path in tmp_path.rglob("*"))


def test_redirects_are_followed_and_no_further_than_http(server: Server, tmp_path: Path) -> None:
    def answer(request: BaseHTTPRequestHandler, number: int) -> None:
        if number == 0:
            send(request, 302, Location="/elsewhere/chebi-1.owl")
        else:
            send(request, 200, CONTENT)

    server.answer = answer
    assert fetch(server, tmp_path) == CONTENT
    server.answer = lambda request, _: send(request, 302, Location="file:///etc/hostname")
    with pytest.raises(OntologyError, match="redirects from http to file; must stay with http or https"):
        download(server.address, tmp_path / "other", most_bytes=1000, patience=QUICK)
    server.answer = lambda request, _: send(request, 302, Location=server.address)
    with pytest.raises(OntologyError, match="redirects more than 10 times"):
        download(server.address, tmp_path / "other", most_bytes=1000, patience=QUICK)


@pytest.mark.parametrize("address", ["ftp://e/x.owl", "http:///x.owl", "http://me:secret@e/x.owl", "http://e/", "x"])
def test_address_that_is_none_of_a_file_is_refused(address: str) -> None:
    with pytest.raises(OntologyError, match="is no address of a file; must be http") as caught:
        file_name(address)
    assert "secret" not in str(caught.value)
