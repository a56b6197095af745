"""SERVICE where it is allowed: to whom, for how long, how much, and what may not be done with it."""

from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from time import monotonic, sleep

import pyoxigraph as ox
import pytest

from equipoise.graph.settings import Settings
from equipoise.graph.store import Bindings
from equipoise.graph.store.embedded import EmbeddedStore
from equipoise.graph.store.pooled import PooledStore, open_pool
from equipoise.ontology.errors import QueryError, ServiceError

ROW = b'{"head":{"vars":["x"]},"results":{"bindings":[{"x":{"type":"literal","value":"from afar"}}]}}'


class Endpoint(BaseHTTPRequestHandler):
    """An endpoint of somebody else's, which misbehaves by path."""

    def do_POST(self) -> None:
        self.rfile.read(int(self.headers["Content-Length"]))
        match self.path:
            case "/good":
                self.answer(200, ROW)
            case "/away":
                self.answer(302, b"", Location=f"http://127.0.0.1:{self.server.server_port}/good")  # type: ignore[attr-defined]
            case "/slow":
                sleep(5)
            case "/junk":
                self.answer(200, b"junk")
            case "/long":
                self.answer(200, b" " * (3 << 20) + ROW)
            case _:
                self.answer(500, b"")

    def answer(self, status: int, body: bytes, **headers: str) -> None:
        self.send_response(status)
        for name, value in headers.items():
            self.send_header(name, value)
        self.send_header("Content-Type", "application/sparql-results+json")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_: object) -> None:
        pass


@pytest.fixture(scope="module")
def afar() -> Iterator[str]:
    server = ThreadingHTTPServer(("127.0.0.1", 0), Endpoint)
    server.daemon_threads = True
    Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    server.server_close()


@pytest.fixture(scope="module")
def pool(store: EmbeddedStore, afar: str) -> Iterator[PooledStore]:
    allowed = tuple(f"{afar}/{name}" for name in ("good", "away", "slow", "long", "broken", "junk"))
    settings = Settings(query_workers=2, services=allowed, service_seconds=1, answer_megabytes=1)
    with open_pool(store.folder, store.release, settings) as pool:
        yield pool


def values(pool: PooledStore, query: str) -> list[object]:
    answer = pool.query(query)
    assert isinstance(answer, Bindings)
    return [row["x"] for row in answer.values()]


@pytest.mark.parametrize("words", ["SERVICE <{}/good>", "service\n# why\n<{}/good>", "SERVICE SILENT <{}/good>"])
def test_allowed_endpoint_is_asked(pool: PooledStore, afar: str, words: str) -> None:
    assert values(pool, f"SELECT ?x {{ {words.format(afar)} {{ ?s ?p ?x }} }}") == ["from afar"]


@pytest.mark.parametrize("name", ["away", "slow", "long", "broken", "junk"])
def test_endpoint_that_misbehaves_fails_the_query_in_time_unless_it_is_silent(
    pool: PooledStore, afar: str, name: str
) -> None:
    start = monotonic()
    with pytest.raises(ServiceError) as caught:
        pool.query(f"SELECT ?x {{ SERVICE <{afar}/{name}> {{ ?s ?p ?x }} }}")
    assert (caught.value.where, caught.value.status) == (f"{afar}/{name}", 502)
    assert str(caught.value).count("127.0.0.1") == 1
    silent = f"SELECT ?x {{ SERVICE SILENT <{afar}/{name}> {{ ?s ?p ?x }} }}"
    assert values(pool, silent) == [None]
    assert monotonic() - start < 8


@pytest.mark.parametrize(
    "clause",
    [
        "SERVICE <{}/other>",
        "SERVICE <{}/good/../other>",
        "SERVICE ?where",
        "SERVICE e:good",
        "SERVICE <good>",
        "SERVICE <{}/good> {{ ?s ?p ?x }} SERVICE <{}/other>",
        "SERV\\u0049CE <{}/other>",
    ],
)
def test_any_other_endpoint_is_refused(pool: PooledStore, afar: str, clause: str) -> None:
    query = f"BASE <{afar}/> PREFIX e: <{afar}/> SELECT ?x {{ {clause.format(afar, afar)} {{ ?s ?p ?x }} }}"
    with pytest.raises(QueryError, match="SERVICE that is not allowed"):
        pool.query(query)


def test_service_is_off_where_nobody_is_allowed(pooled: PooledStore, afar: str) -> None:
    with pytest.raises(QueryError, match="SERVICE is switched off here"):
        pooled.query(f"SELECT ?x {{ SERVICE <{afar}/good> {{ ?s ?p ?x }} }}")


def test_what_only_looks_like_a_clause_stays_as_it_is(pool: PooledStore, afar: str) -> None:
    text = f"service <{afar}/good> {{"
    strings = f"\"{text}\" '''{text}'''"
    query = f"SELECT ?y {{ # {text}\n VALUES ?y {{ {strings} }} SERVICE <{afar}/good> {{ ?a ?b ?c }} }}"
    answer = pool.query(query)
    assert isinstance(answer, Bindings)
    assert [row["y"] for row in answer.values()] == [text] * 2


def test_syntax_error_is_said_of_the_query_as_it_was_asked(pool: PooledStore, afar: str) -> None:
    query = f"SELECT * {{ SERVICE <{afar}/good> {{ ?x ?y ?z }} FILTER(?x ?y) }} # and so on"
    with pytest.raises(QueryError) as caught:
        pool.query(query)
    with pytest.raises(SyntaxError) as said:
        ox.Store().query(query)
    column = int(str(said.value).split(":")[1])
    assert f"line 1, column {column}, near {query[column - 1 :].strip()!r}" in str(caught.value)
