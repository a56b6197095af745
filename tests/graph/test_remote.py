"""The line to an engine: what is asked for is what the engine can give whole, within bounds, and nothing else."""

import asyncio
import threading
from collections.abc import Iterator
from dataclasses import replace
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from time import monotonic, sleep
from typing import ClassVar

import httpx
import pytest
from fastapi import FastAPI

from engines import ENGINES, RunningEngine
from equipoise.api.audit import audit_router
from equipoise.api.questions import questions_router
from equipoise.api.things import things_router
from equipoise.api.vocabulary import vocabulary_router
from equipoise.graph.release import Release
from equipoise.graph.settings import Settings
from equipoise.graph.store import Dataset, Store, open_store
from equipoise.graph.store.embedded import EmbeddedStore
from equipoise.graph.store.remote import RemoteStore
from equipoise.ontology.errors import LimitError, QueryError, ReleaseError, SettingError
from equipoise.ontology.iri import mint

CROSS = "SELECT (COUNT(*) AS ?n) { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i }"
ALL = "SELECT ?s ?p ?o WHERE { ?s ?p ?o }"
PAGES = [
    "/trial/NCT03764293",
    "/trial/NCT03764293/contrast/final-overall-survival",
    "/drug/rivoceranib",
    "/audit",
    "/vocab/Contrast",
    "/vocab/CheckpointPlusAntiangiogenicTrial",
    "/mechanisms",
    "/outcomes",
    "/queries/contrasts?outcome=OS&format=csv",
]


KNOWN_DIFFERENCES = {("virtuoso", path) for path in PAGES if path.startswith("/vocab/C")}
"""Virtuoso finds nothing by the nested path from a class to the classes above it; docs/engines.md says so."""


@pytest.fixture(params=ENGINES)
def engine(request: pytest.FixtureRequest) -> RunningEngine:
    return request.getfixturevalue(request.param)


def test_engine_is_told_by_its_answers(engine: RunningEngine, server: str) -> None:
    with RemoteStore(engine.address) as store:
        assert store.engine.name == engine.name
    with RemoteStore(server + "/sparql") as store:
        assert store.engine.name == "generic"


def test_release_of_the_engine_is_named(engine: RunningEngine, release: Release) -> None:
    with engine.store() as store:
        assert store.release == store.query("ASK {}").release == release.id
        assert mint("graph", "release") in store.graphs


def test_count_cut_by_a_time_limit_is_an_error_and_no_number(engine: RunningEngine) -> None:
    settings = replace(engine.settings, query_seconds=1)
    with RemoteStore(engine.address, settings=settings) as store:
        store.query("ASK {}")
        started = monotonic()
        with pytest.raises(LimitError):
            store.query(CROSS)
        assert monotonic() - started < 10
        assert store.query("ASK { ?s ?p ?o }")


def test_size_limit_refuses_an_answer(engine: RunningEngine) -> None:
    with RemoteStore(engine.address, settings=replace(engine.settings, answer_megabytes=1)) as store:
        with pytest.raises(LimitError, match="more than 1048576 bytes") as caught:
            store.query(ALL)
        assert caught.value.status == 413


def test_named_graphs_are_found_beside_the_union(engine: RunningEngine, release: Release) -> None:
    text = "SELECT ?g (COUNT(*) AS ?n) WHERE { GRAPH ?g { ?s ?p ?o } } GROUP BY ?g ORDER BY ?g"
    with engine.store() as store:
        found = {row["g"]: row["n"] for row in store.query(text).values()}
        (union,) = store.query("SELECT (COUNT(*) AS ?n) WHERE { ?s ?p ?o }").values()
    assert found.items() >= {entry.iri: entry.triples for entry in release.manifest.graphs}.items()
    assert {iri for iri in found if not iri.startswith(mint("graph"))} == set()
    assert union["n"] == sum(found.values())


@pytest.mark.parametrize(
    "text",
    [
        'DEFINE get:soft "replace" SELECT * FROM <http://127.0.0.1:9/> { ?s ?p ?o }',
        "# SELECT\nINSERT DATA { GRAPH <http://evil/> { <http://a/> <http://b/> <http://c/> } }",
        "PREFIX select: <http://a/> CLEAR ALL",
    ],
)
def test_directives_and_updates_do_not_reach_the_engine(text: str) -> None:
    with RemoteStore("http://127.0.0.1:9/sparql") as store, pytest.raises(QueryError):
        store.query(text)


@pytest.mark.parametrize("accept", ["application/sparql-results+json", "text/csv", "application/n-triples"])
def test_answer_is_streamed_in_the_format_asked_for(engine: RunningEngine, accept: str) -> None:
    text = "CONSTRUCT { ?s ?p ?o } WHERE { ?s ?p ?o }" if accept.endswith("triples") else ALL
    with engine.store() as store, store.stream(text, dataset=None, accept=accept, seconds=20) as stream:
        pieces = list(stream.chunks)
    assert stream.media_type == accept
    assert sum(map(len, pieces)) > 1_000_000
    with engine.store() as store, store.stream("ASK {}", dataset=None, accept=JSON, seconds=20) as stream:
        assert b'"boolean"' in b"".join(stream.chunks)


JSON = "application/sparql-results+json"


def test_stream_of_named_graphs_only(engine: RunningEngine, release: Release) -> None:
    graph = mint("graph", "findings")
    with engine.store() as store:
        dataset = Dataset(default=(graph,))
        with store.stream(ALL, dataset=dataset, accept="text/csv", seconds=20) as stream:
            lines = b"".join(stream.chunks).count(b"/finding/")
    assert lines > 0
    assert lines < release.manifest.triples


def page_of(store: Store, path: str) -> httpx.Response:
    """A page as a store makes it."""
    app = FastAPI()
    for router in (questions_router, audit_router, vocabulary_router, things_router):
        app.include_router(router(store))

    async def get() -> httpx.Response:
        transport = httpx.ASGITransport(app)
        async with httpx.AsyncClient(transport=transport, base_url="http://pages") as client:
            return await client.get(path, headers={"Accept": "text/html"})

    return asyncio.run(get())


@pytest.mark.parametrize("path", PAGES)
def test_page_is_the_same_over_every_engine(engine: RunningEngine, store: EmbeddedStore, path: str) -> None:
    expected = page_of(store, path)
    with engine.store() as remote:
        found = page_of(remote, path)
    assert expected.status_code == found.status_code == 200
    if (engine.name, path) in KNOWN_DIFFERENCES:
        assert "<h2>Properties</h2>" in expected.text
        assert "<h2>Properties</h2>" not in found.text
    else:
        assert found.text.splitlines() == expected.text.splitlines()


TRUE = b'{"head":{},"boolean":true}'
NO_ROWS = b'{"head":{"vars":["release","identifier"]},"results":{"bindings":[]}}'


class Odd(BaseHTTPRequestHandler):
    """An engine that does, by path, what engines should not."""

    protocol_version = "HTTP/1.1"
    connections: ClassVar[set[int]] = set()
    left = threading.Event()

    def do_POST(self) -> None:
        asked = self.rfile.read(int(self.headers["Content-Length"]))
        body = NO_ROWS if b"SELECT" in asked else TRUE
        self.connections.add(self.client_address[1])
        headers = {"Content-Type": JSON, "Content-Length": str(len(body))}
        match self.path:
            case "/page":
                headers["Content-Type"] = "text/html"
            case "/packed":
                headers["Content-Encoding"] = "gzip"
            case "/elsewhere":
                self.send_response(307)
                self.send_header("Location", "http://127.0.0.1:9/sparql")
                self.send_header("Content-Length", "0")
                self.end_headers()
                return
            case "/drip":
                del headers["Content-Length"]
                headers["Connection"] = "close"
        self.send_response(200)
        for name, value in headers.items():
            self.send_header(name, value)
        self.end_headers()
        if self.path == "/drip":
            self._drip()
        else:
            self.wfile.write(body)

    def _drip(self) -> None:
        self.close_connection = True
        try:
            for _ in range(600):
                self.wfile.write(b" " * 1000)
                sleep(0.05)
        except OSError:
            self.left.set()

    def log_message(self, format: str, *args: object) -> None:
        pass


@pytest.fixture(scope="module")
def odd() -> Iterator[str]:
    with ThreadingHTTPServer(("127.0.0.1", 0), Odd) as listening:
        thread = threading.Thread(target=listening.serve_forever)
        thread.start()
        yield f"http://127.0.0.1:{listening.server_port}"
        listening.shutdown()
        thread.join()


def odd_store(address: str, seconds: float = 5) -> RemoteStore:
    return RemoteStore(address, settings=Settings(store_engine="generic", query_seconds=seconds))


def test_connection_is_kept(odd: str) -> None:
    Odd.connections.clear()
    with odd_store(odd + "/plain") as store:
        assert all(store.query("ASK {}") for _ in range(5))
    assert len(Odd.connections) == 1


@pytest.mark.parametrize(
    ("path", "message"),
    [("/page", "answers with a page"), ("/packed", "compressed answers unasked"), ("/elsewhere", "it answers 307")],
)
def test_answer_that_is_none_is_refused(odd: str, path: str, message: str) -> None:
    with odd_store(odd + path) as store, pytest.raises(ReleaseError, match=message):
        store.query("ASK {}")


def test_answer_that_never_ends_is_given_up(odd: str) -> None:
    with odd_store(odd + "/drip", seconds=0.5) as store, pytest.raises(LimitError, match=r"in 0\.5 seconds"):
        store.query("ASK {}")


def test_engine_learns_that_nobody_waits_any_more(odd: str) -> None:
    Odd.left.clear()
    with odd_store(odd + "/drip") as store:
        with store.stream(ALL, dataset=Dataset(), accept=JSON, seconds=30) as stream:
            assert next(stream.chunks)
        assert Odd.left.wait(10)


@pytest.mark.parametrize("address", ["http://user:word@127.0.0.1:9/sparql", "http://:word@127.0.0.1:9/sparql"])
def test_credentials_in_an_address_are_refused_and_not_repeated(address: str) -> None:
    with pytest.raises(SettingError, match="credentials in it; set EQUIPOISE_STORE_USER") as caught:
        open_store(address)
    assert "word@" not in str(caught.value)


def test_credentials_go_to_the_endpoint_of_the_settings_only() -> None:
    settings = Settings(store="http://127.0.0.1:9/a", store_user="me", store_password="word")
    own, other = open_store(settings=settings), open_store("http://127.0.0.1:9/b", settings=settings)
    assert isinstance(own, RemoteStore) and isinstance(other, RemoteStore)
    assert (own.settings.store_password, other.settings.store_password) == ("word", "")
    own.close()
    other.close()
