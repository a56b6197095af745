"""Asking an engine that takes its time: it is hung up on when nobody waits, and no thread goes on waiting."""

import asyncio
import json
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Event, Thread

import pytest

from equipoise.graph.settings import Settings
from equipoise.graph.store import Dataset
from equipoise.graph.store.asker import AskingWorker
from equipoise.graph.store.frames import Ask, Formats
from equipoise.graph.store.remote import RemoteStore

ROWS = json.dumps({"head": {"vars": ["x"]}, "results": {"bindings": [{"x": {"type": "literal", "value": "y"}}] * 9}})


class Engine(BaseHTTPRequestHandler):
    """Begins an answer, and goes on when the other side has gone."""

    asked: str
    hung_up: Event

    def do_POST(self) -> None:
        type(self).asked = self.rfile.read(int(self.headers["Content-Length"])).decode()
        self.send_response(200)
        self.send_header("Content-Type", "application/sparql-results+json")
        self.send_header("Content-Length", "1000000")
        self.end_headers()
        self.wfile.write(ROWS[:200].encode())
        self.connection.settimeout(20)
        if self.connection.recv(1) == b"":
            self.hung_up.set()

    def log_message(self, *_: object) -> None:
        pass


@pytest.fixture
def engine() -> Iterator[str]:
    Engine.hung_up = Event()
    server = ThreadingHTTPServer(("127.0.0.1", 0), Engine)
    server.daemon_threads = True
    Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}/sparql"
    server.shutdown()
    server.server_close()


@pytest.mark.parametrize("base", ["http://127.0.0.1/sparql", "http://a> ASK {} #/sparql"])
def test_engine_is_hung_up_on_when_nobody_waits_and_the_thread_is_free(engine: str, base: str) -> None:
    settings = Settings(store=engine, store_engine="generic")
    ask = Ask(
        "SELECT ?x {}",
        Formats("srj", "srj", "nt"),
        most_rows=9,
        most_bytes=1 << 20,
        dataset=Dataset(("http://g",)),
        base_iri=base,
    )

    async def test() -> None:
        with RemoteStore(engine, settings=settings) as store, ThreadPoolExecutor(1) as threads:
            worker = AskingWorker(store, threads, seconds=15)
            worker.send(ask)
            async with asyncio.timeout(10):
                while worker._stream is None:
                    await asyncio.sleep(0.01)
            await worker.kill()
            assert await asyncio.to_thread(Engine.hung_up.wait, 5)
            free = asyncio.get_running_loop().run_in_executor(threads, str)
            assert await asyncio.wait_for(free, 5) == ""
        assert ("BASE" in Engine.asked) == (base.endswith("1/sparql"))

    asyncio.run(test())
