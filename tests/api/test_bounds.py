"""The bounds of a connection, on bare sockets against a real server whose times and numbers are short."""

import json
import resource
import socket
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from urllib.parse import quote, urlsplit

import httpx
import pytest

from equipoise.api import bounds
from serving import free_port, serving

START = """
import resource, sys
from equipoise.api import bounds, listen
from equipoise.graph.settings import Settings
bounds.WRITE_SECONDS = 2.0
bounds.REQUEST_SECONDS = 3.0
listen.CONNECTIONS = 300
resource.setrlimit(resource.RLIMIT_NOFILE, (128, resource.getrlimit(resource.RLIMIT_NOFILE)[1]))
listen.serve_forever(Settings.from_environment(), "127.0.0.1", int(sys.argv[1]))
"""

ENDLESS = quote("SELECT * { ?a ?b ?c . ?d ?e ?f }")
LONG = quote("SELECT * { ?s ?p ?o }")
PATIENCE = 20.0
"""How long a test waits for what takes two or three seconds."""


class Bounded:
    """A server with short limits, and what it wrote."""

    def __init__(self, address: str, log: Path) -> None:
        self.address = address
        self._log = log

    def connect(self, *, reads: int | None = None) -> socket.socket:
        """A bare connection, whose client has room for so many bytes that it does not read."""
        parts = urlsplit(self.address)
        connection = socket.socket()
        if reads is not None:
            connection.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, reads)
        connection.settimeout(PATIENCE)
        connection.connect((parts.hostname or "", parts.port or 0))
        connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        return connection

    def exchange(self, *parts: bytes) -> bytes:
        """What comes back for these bytes, sent in so many parts, until the server closes."""
        with self.connect() as connection:
            for number, part in enumerate(parts):
                time.sleep(0.3 if number else 0)
                connection.sendall(part)
            return rest(connection)

    def gauge(self, name: str) -> float:
        """A number among the counters."""
        lines = httpx.get(f"{self.address}/metrics").text.splitlines()
        return float(next(line for line in lines if line.startswith(name)).split()[-1])

    def log(self) -> str:
        """What it wrote."""
        return self._log.read_text(encoding="utf-8")

    def events(self) -> list[dict[str, object]]:
        """The lines of it that are objects."""
        return [json.loads(line) for line in self.log().split("\n") if line.startswith("{")]


@pytest.fixture(scope="module")
def bounded(environment: dict[str, str], tmp_path_factory: pytest.TempPathFactory) -> Iterator[Bounded]:
    port, log = free_port(), tmp_path_factory.mktemp("bounded") / "log"
    command = [sys.executable, "-P", "-c", START, str(port)]
    mine = {"EQUIPOISE_QUERY_WORKERS": "2", "EQUIPOISE_QUERY_SECONDS": "2"}
    address = f"http://127.0.0.1:{port}"
    with serving(command, f"{address}/health", environment={**environment, **mine}, log=log):
        yield Bounded(address, log)


def rest(connection: socket.socket) -> bytes:
    """All that comes until the end, be it a reset."""
    got = b""
    try:
        while chunk := connection.recv(1 << 16):
            got += chunk
    except ConnectionResetError:
        pass
    return got


def statuses(got: bytes) -> list[int]:
    return [int(part[:3]) for part in got.split(b"HTTP/1.1 ")[1:]]


def await_that(holds: Callable[[], bool]) -> None:
    deadline = time.monotonic() + PATIENCE
    while not holds():
        assert time.monotonic() < deadline
        time.sleep(0.1)


def post(query: str, *, headers: bytes = b"") -> bytes:
    head = b"POST /sparql HTTP/1.1\r\nHost: x\r\nContent-Type: application/sparql-query\r\n"
    return head + headers + b"Content-Length: %d\r\n\r\n" % len(query) + query.encode()


def is_reset(connection: socket.socket) -> bool:
    """Whether the server has ended the connection, seen without reading from it."""
    try:
        connection.send(b"\r\n")
    except OSError:
        return True
    return False


def test_client_that_reads_no_answer_loses_its_connection(bounded: Bounded) -> None:
    with bounded.connect(reads=4096) as connection:
        connection.sendall(post("SELECT * { ?s ?p ?o } LIMIT 700") * 80)
        await_that(lambda: bounded.gauge("equipoise_requests_under_way") > 1)  # one is that for the counters
        await_that(lambda: bounded.gauge("equipoise_requests_under_way") == 1)
        assert bounded.gauge('equipoise_queries{lane="free"}') == 0
        await_that(lambda: is_reset(connection))


def test_stream_that_was_stopped_does_not_keep_its_connection(bounded: Bounded) -> None:
    with bounded.connect(reads=4096) as connection:
        connection.sendall(b"GET /sparql?query=%b HTTP/1.1\r\nHost: x\r\n\r\n" % ENDLESS.encode())
        await_that(lambda: is_reset(connection))


def test_client_that_reads_slowly_gets_the_whole_answer(bounded: Bounded) -> None:
    query = quote("SELECT * { ?s ?p ?o } LIMIT 700")
    with bounded.connect(reads=4096) as connection:
        connection.sendall(b"GET /sparql?query=%b HTTP/1.0\r\n\r\n" % query.encode())
        time.sleep(1)
        got = rest(connection)
    assert len(json.loads(got.partition(b"\r\n\r\n")[2])["results"]["bindings"]) == 700


@pytest.mark.parametrize(
    "begin",
    [
        b"GET /health HTTP/1.1\r\nHost: x\r\nX-A: ",
        b"POST /sparql HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n0\r\nX-A: ",
    ],
    ids=["header", "trailer"],
)
def test_header_without_an_end_is_answered_431(bounded: Bounded, begin: bytes) -> None:
    got = bounded.exchange(begin, b"y" * (bounds.TARGET_BYTES + bounds.HEAD_BYTES + 1))
    assert statuses(got) == [431]
    assert json.loads(got.partition(b"\r\n\r\n")[2])["status"] == 431


def test_request_that_does_not_end_is_answered_408(bounded: Bounded) -> None:
    assert statuses(bounded.exchange(b"GET /health HTTP/1.1\r\nHost: x\r\nX-A: ")) == [408]
    assert statuses(bounded.exchange(post("ASK {}")[:-1])) == [408]


def test_empty_lines_do_not_keep_a_connection(bounded: Bounded) -> None:
    with bounded.connect() as connection:
        connection.sendall(b"GET /health HTTP/1.1\r\nHost: x\r\n\r\n")
        assert connection.recv(1 << 16).startswith(b"HTTP/1.1 200")
        connection.sendall(b"\r\n")
        assert statuses(rest(connection))[-1:] == [408]


OFFER = b"Connection: Upgrade, HTTP2-Settings\r\nUpgrade: h2c\r\nHTTP2-Settings: AAEAAEAA\r\n"


def test_offer_of_http_2_is_passed_over(bounded: Bounded) -> None:
    last = OFFER.replace(b"Upgrade,", b"Upgrade, close,")
    got = bounded.exchange(post("ASK {}", headers=last))
    assert statuses(got) == [200]
    assert b'"boolean":true' in got


LINE = b"\r\nupgrade: h2c"
HIDDEN = b"GET /smuggled HTTP/1.1\r\nHost: x\r\n\r\n"


def smuggling() -> tuple[bytes, bytes]:
    """A request whose body has as many bytes of what looks like the offer as the head of the second one has.

    Were they taken out, the second head would be taken for their place, and its body for a request.
    """
    second = b"POST /sparql?query=ASK%%7B%%7D HTTP/1.1\r\nHost: x\r\nX-Pad: %b\r\nContent-Length: %d\r\n\r\n"
    missing = -len(second % (b"", len(HIDDEN))) % len(LINE)
    head = second % (b"p" * missing, len(HIDDEN))
    body = b"ASK {} #" + LINE * (len(head) // len(LINE)) + b"\r\n\r\n"
    return post(body.decode()), head + HIDDEN


def test_bytes_of_a_body_are_never_taken_for_an_offer(bounded: Bounded) -> None:
    first, second = smuggling()
    cut = first.index(b"\r\n\r\n") + 2
    for parts in (
        (first + second,),
        (first[:cut], first[cut:] + second),
        (first[: cut + 2], first[cut + 2 :] + second),
    ):
        assert 404 not in statuses(bounded.exchange(*parts))


def test_lines_that_end_otherwise_hide_no_body_behind_the_head(bounded: Bounded) -> None:
    first, second = smuggling()
    assert 404 not in statuses(bounded.exchange(first.replace(b"\r\n\r\n", b"\n\n", 1) + second))


def test_offer_in_a_head_that_comes_in_parts_is_refused_only_with_a_body(bounded: Bounded) -> None:
    sent = post("ASK {}", headers=OFFER)
    assert statuses(bounded.exchange(sent[:30], sent[30:])) == [400]
    asked = b"GET /health HTTP/1.1\r\nHost: x\r\n" + OFFER + b"\r\n"
    got = bounded.exchange(asked[:20], asked[20:])
    assert statuses(got) == [200]
    assert b"connection: close" in got


def test_noise_behind_a_request_is_not_answered_in_its_place(bounded: Bounded) -> None:
    asked = b"GET /sparql?query=%b HTTP/1.1\r\nHost: x\r\n\r\n" % LONG.encode()
    assert 400 not in statuses(bounded.exchange(asked + b"\x00\x01 noise\r\n\r\n"))


def test_trailer_is_no_header(bounded: Bounded) -> None:
    query = quote("SELECT * { ?s ?p ?o } LIMIT 1").encode()
    head = b"GET /sparql?query=%b HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\nConnection: close\r\n" % query
    got = bounded.exchange(head + b"\r\n0\r\naccept: text/csv\r\n\r\n")
    assert b"content-type: application/sparql-results+json" in got


def test_answer_in_http_1_0_has_no_chunks_and_ends_with_the_connection(bounded: Bounded) -> None:
    got = bounded.exchange(b"GET /sparql?query=%b HTTP/1.0\r\n\r\n" % LONG.encode())
    head, _, body = got.partition(b"\r\n\r\n")
    assert statuses(got) == [200]
    assert b"transfer-encoding" not in head.lower()
    assert b"connection: close" in head.lower()
    assert len(json.loads(body)["results"]["bindings"]) > 10_000


def test_answer_in_http_1_0_that_is_broken_off_is_reset(bounded: Bounded) -> None:
    with bounded.connect() as connection:
        connection.sendall(b"GET /sparql?query=%b&rows=9000 HTTP/1.0\r\nAccept: text/csv\r\n\r\n" % LONG.encode())
        with pytest.raises(ConnectionResetError):
            list(iter(lambda: connection.recv(1 << 16), b""))


def test_answer_of_known_length_in_http_1_0_keeps_it(bounded: Bounded) -> None:
    head, _, body = bounded.exchange(b"GET /health HTTP/1.0\r\n\r\n").partition(b"\r\n\r\n")
    assert b"content-length: %d\r\n" % len(body) in head


def test_too_many_connections_are_told_when_to_come_again(bounded: Bounded) -> None:
    """More than the files that the server's process began with: it asks for more."""
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (max(soft, min(hard, 1024)), hard))
    asked = b"GET /health HTTP/1.1\r\nHost: x\r\n\r\n"
    idle = [bounded.connect() for _ in range(250)]
    try:
        assert statuses(bounded.exchange(asked.replace(b"\r\n\r\n", b"\r\nConnection: close\r\n\r\n"))) == [200]
        idle += [bounded.connect() for _ in range(60)]
        got = bounded.exchange(asked)
    finally:
        for connection in idle:
            connection.close()
    head, _, body = got.partition(b"\r\n\r\n")
    assert statuses(got) == [503]
    assert b"retry-after: 5" in head
    assert b"content-type: application/problem+json" in head
    assert json.loads(body)["status"] == 503


def test_stream_that_is_broken_off_is_an_event_and_no_error(bounded: Bounded) -> None:
    bounded.exchange(
        b"GET /sparql?query=%b&rows=9000 HTTP/1.1\r\nHost: x\r\nAccept: text/csv\r\nX-Request-ID: cut-1\r\n\r\n"
        % LONG.encode()
    )
    await_that(lambda: any(line.get("id") == "cut-1" for line in bounded.events()))
    assert [line["event"] for line in bounded.events() if line.get("id") == "cut-1"] == ["broken off"]
    assert "without completing" not in json.dumps(bounded.events())


def test_log_is_ascii(bounded: Bounded) -> None:
    path = "/trial/a%E2%80%A8b%C2%85c%1B"
    bounded.exchange(b"GET %b HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n" % path.encode())
    wanted = "/trial/a\u2028b\u0085c\u001b"
    await_that(lambda: any(line.get("path") == wanted for line in bounded.events()))
    assert "".join(line for line in bounded.log().split("\n") if line.startswith("{")).isascii()
