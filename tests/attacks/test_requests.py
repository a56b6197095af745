"""Requests that are meant to do harm before any query is asked: heads, bodies, connections."""

import gzip
import resource
import socket
import struct
import time
import zlib
from urllib.parse import quote

import httpx
import pytest

from attacks.target import SECONDS, Attack, Target

SPARQL = {"Content-Type": "application/sparql-query"}
CROSS = "SELECT (COUNT(*) AS ?n) WHERE { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i }"


def exchange(target: Target, sent: bytes) -> bytes:
    """What comes back for these bytes, until the server closes or is silent for three seconds."""
    with target.connect(3) as connection:
        got = b""
        try:
            connection.sendall(sent)
            while chunk := connection.recv(65536):
                got += chunk
        except (TimeoutError, ConnectionResetError, BrokenPipeError):
            pass
    target.check_alive()
    return got


def statuses(got: bytes) -> list[int]:
    return [int(part[:3]) for part in got.split(b"HTTP/1.1 ")[1:]]


def test_many_headers_are_refused(target: Target) -> None:
    head = b"GET /health HTTP/1.1\r\nHost: x\r\n" + b"".join(b"X-%d: y\r\n" % number for number in range(5000))
    assert statuses(exchange(target, head + b"\r\n"))[:1] in ([400], [431], [])


def test_huge_header_is_refused(target: Target) -> None:
    got = exchange(target, b"GET /health HTTP/1.1\r\nHost: x\r\nX: " + b"y" * 10_000_000 + b"\r\n\r\n")
    assert statuses(got)[:1] in ([400], [431], [])


def test_endless_header_is_refused(target: Target) -> None:
    before = target.megabytes()
    with target.connect(3) as connection:
        connection.sendall(b"GET /health HTTP/1.1\r\nHost: x\r\n")
        endless = (b"X-%d: " % number + b"y" * 1000 + b"\r\n" for number in range(100_000))
        with pytest.raises((ConnectionError, TimeoutError)):
            connection.sendall(b"".join(endless))
    assert target.megabytes() < before + 50
    target.check_alive()


def test_long_target_is_refused(target: Target) -> None:
    got = exchange(target, b"GET /sparql?query=" + b"x" * 200_000 + b" HTTP/1.1\r\nHost: x\r\n\r\n")
    assert statuses(got)[:1] in ([414], [])


@pytest.mark.parametrize(
    "accept", ["x/y," * 10_000, "a/b;" + "q=0.1;" * 5_000, "*/*;q=" + "9" * 10_000, ",;,;/" * 3_000, "text/html;q=\xff"]
)
def test_strange_accept_header_is_bounded(attack: Attack, accept: str) -> None:
    found = attack("GET", "/sparql?query=ASK%7B%7D", headers={"Accept": accept.encode("latin-1")})
    assert found.status in {200, 400, 406, 431}


def test_many_parameters_are_refused(attack: Attack) -> None:
    body = "&".join(f"x{number}=y" for number in range(100_000))
    form = {"Content-Type": "application/x-www-form-urlencoded"}
    assert attack("POST", "/sparql", content=body, headers=form).status in {400, 413}


@pytest.mark.parametrize("coding", ["gzip", "deflate", "br", "zstd"])
def test_packed_body_is_not_unpacked(attack: Attack, coding: str) -> None:
    bomb = zlib.compress(b"#" * 50_000_000) if coding == "deflate" else gzip.compress(b"#" * 50_000_000)
    found = attack("POST", "/sparql", content=bomb, headers={**SPARQL, "Content-Encoding": coding})
    assert found.status in {400, 413, 415}


@pytest.mark.parametrize(
    "path",
    [
        "/static/../../../../etc/passwd",
        "/static/%2e%2e/%2e%2e/%2e%2e/etc/passwd",
        "/static/..%2f..%2f..%2fetc%2fpasswd",
        "/static/..%5c..%5cetc%5cpasswd",
        "/static//etc/passwd",
        "/trial/..%2f..%2fetc%2fpasswd",
        "/trial/%00",
        "/drug/%ff%fe",
        "/vocab/%0d%0aX-Injected:%20yes",
        "/queries/..%2f..%2fapi%2fapp",
        "/release/..%2f..%2f..%2fetc%2fpasswd",
        "/explain?thing=file:///etc/passwd&class=eqp:Drug",
        "/queries/contrasts?trial=%0d%0aX-Injected:%20yes",
        "/sparql?query=ASK%7B%7D&format=%0d%0aX-Injected:%20yes",
        "/sparql?query=ASK%7B%7D&format=..%2f..%2fetc%2fpasswd",
        "/sparql?query=ASK%7B%7D&timeout=-1",
        "/sparql?query=ASK%7B%7D&timeout=1e999",
        "/sparql?query=ASK%7B%7D&rows=-5",
        "/sparql?query=%ff",
        "/sparql?query=%00",
    ],
)
def test_path_leads_nowhere_and_nothing_comes_back_in_a_header(target: Target, path: str) -> None:
    got = exchange(target, f"GET {path} HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n".encode())
    assert statuses(got)[0] in {200, 303, 400, 404, 406}
    assert b"root:" not in got
    assert b"x-injected" not in got.partition(b"\r\n\r\n")[0].lower().replace(b"%0d%0ax-injected", b"")


@pytest.mark.parametrize("name", ["X-Request-ID", "Origin", "Accept-Language", "If-None-Match", "Range", "Host"])
@pytest.mark.parametrize("value", ["a\tb" * 1000, "\x7f", "'\"><script>", "é".encode().decode("latin-1")])
def test_header_value_is_harmless(target: Target, name: str, value: str) -> None:
    head = f"GET /health HTTP/1.1\r\n{name}: {value}\r\n".encode("latin-1")
    host = b"" if name == "Host" else b"Host: x\r\n"
    got = exchange(target, head + host + b"Connection: close\r\n\r\n")
    assert statuses(got)[0] in {200, 206, 304, 400, 416, 431}
    assert b"<script>" not in got


SMUGGLED = b"GET /smuggled HTTP/1.1\r\nHost: x\r\n\r\n"
SMUGGLING = {
    "both lengths": b"POST /sparql HTTP/1.1\r\nHost: x\r\nContent-Type: application/sparql-query\r\n"
    b"Content-Length: 4\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n" + SMUGGLED,
    "two lengths": b"POST /sparql HTTP/1.1\r\nHost: x\r\nContent-Length: 0\r\nContent-Length: 44\r\n\r\n" + SMUGGLED,
    "negative length": b"POST /sparql HTTP/1.1\r\nHost: x\r\nContent-Length: -1\r\n\r\n" + SMUGGLED,
    "chunk of a huge size": b"POST /sparql HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n"
    b"ffffffffffffffffff\r\n" + SMUGGLED,
    "chunk of no size": b"POST /sparql HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n" + SMUGGLED,
    "unknown coding": b"POST /sparql HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: xchunked\r\n\r\n0\r\n\r\n" + SMUGGLED,
    "space before the colon": b"POST /sparql HTTP/1.1\r\nHost: x\r\nContent-Length : 37\r\n\r\n" + SMUGGLED,
}


@pytest.mark.parametrize("name", SMUGGLING)
def test_no_second_request_is_smuggled(target: Target, name: str) -> None:
    found = statuses(exchange(target, SMUGGLING[name]))
    assert 404 not in found
    assert all(400 <= status < 500 for status in found)


def test_noise_is_refused(target: Target) -> None:
    noise = (
        b"\x00" * 1000,
        b"\x16\x03\x01" * 100,
        b"GET\r\n\r\n",
        b"\r\n" * 10_000,
        b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n",
    )
    for sent in (*noise, b"GET /health HTTP/9.9\r\n\r\n", b"GET /\x00 HTTP/1.1\r\nHost: x\r\n\r\n"):
        assert all(status < 500 for status in statuses(exchange(target, sent)))


def test_invalid_utf_8_is_refused(attack: Attack) -> None:
    assert attack("POST", "/sparql", content=b"SELECT \xff\xfe", headers=SPARQL).status == 400
    assert attack("POST", "/sparql", content=b"ASK { ?s ?p '\x00' }", headers=SPARQL).status in {200, 400}


@pytest.mark.parametrize("method", ["TRACE", "CONNECT", "PROPFIND", "DELETE", "PATCH", "PUT"])
def test_other_methods_are_refused(target: Target, method: str) -> None:
    request = f"{method} /sparql HTTP/1.1\r\nHost: x\r\nConnection: close\r\nContent-Length: 0\r\n\r\n"
    assert statuses(exchange(target, request.encode()))[0] in {400, 405}


def test_a_thousand_idle_connections_leave_room(target: Target) -> None:
    allowed, most = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (max(allowed, min(most, 4096)), most))
    connections = [target.connect() for _ in range(1000)]
    try:
        for number, connection in enumerate(connections):
            if number % 2:
                connection.sendall(b"GET /health HTTP/1.1\r\nX-Slow: ")
        target.check_alive()
    finally:
        for connection in connections:
            connection.close()
    target.check_alive()


def test_slow_bodies_hold_no_worker(target: Target) -> None:
    head = b"POST /sparql HTTP/1.1\r\nHost: x\r\nContent-Type: application/sparql-query\r\nContent-Length: 100\r\n\r\nS"
    connections = [target.connect() for _ in range(50)]
    try:
        for connection in connections:
            connection.sendall(head)
        target.check_alive()
    finally:
        for connection in connections:
            connection.close()


def test_slow_readers_hold_no_worker_for_long(target: Target) -> None:
    query = quote("SELECT * WHERE { ?a ?b ?c . ?d ?e ?f }")
    connections = [target.connect() for _ in range(8)]
    try:
        for connection in connections:
            connection.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
            connection.sendall(f"GET /sparql?query={query} HTTP/1.1\r\nHost: x\r\n\r\n".encode())
        time.sleep(1)
        target.check_alive()
    finally:
        for connection in connections:
            connection.close()


def test_client_that_hangs_up_frees_its_worker(target: Target) -> None:
    for _ in range(20):
        with target.connect() as connection:
            linger = struct.pack("ii", 1, 0)
            connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, linger)  # hang up with a reset
            connection.sendall(f"GET /sparql?query={quote(CROSS)} HTTP/1.1\r\nHost: x\r\n\r\n".encode())
            time.sleep(0.05)
    start = time.monotonic()
    target.check_alive()
    assert time.monotonic() - start < SECONDS


def test_flood_of_heavy_queries_is_sent_away_in_part(target: Target) -> None:
    """Small questions go on being answered while forty clients ask for what never ends."""
    connections = [target.connect() for _ in range(40)]
    try:
        for connection in connections:
            connection.sendall(f"GET /sparql?query={quote(CROSS)} HTTP/1.1\r\nHost: x\r\n\r\n".encode())
        with httpx.Client(base_url=target.address, timeout=SECONDS) as client:
            for path in ("/health", "/queries/trials", "/trial/NCT03764293"):
                assert client.get(path).status_code == 200
        heads = [connection.recv(4096) for connection in connections[-10:]]
    finally:
        for connection in connections:
            connection.close()
    assert {status for head in heads for status in statuses(head)} <= {503, 504}
    busy = [head for head in heads if statuses(head) == [503]]
    assert busy
    assert all(b"retry-after:" in head.lower() for head in busy)
    target.check_alive()
