"""A real server for every attack: low limits, its processes watched, and a table of what each attack met."""

import os
import socket
import threading
import time
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlsplit

import httpx
import pytest

from attacks.target import MEGABYTES, SECONDS, Attack, Outcome, Target, children
from serving import serving_equipoise

LIMITS = {
    "EQUIPOISE_QUERY_SECONDS": "2",
    "EQUIPOISE_QUERY_MEGABYTES": "512",
    "EQUIPOISE_ANSWER_MEGABYTES": "16",
    "EQUIPOISE_QUERY_ROWS": "100000",
    "EQUIPOISE_QUERY_WORKERS": "2",
    "EQUIPOISE_QUERY_PLACES": "16",
}


def listener(port: int) -> int:
    """The process that was started on a port: a child of this one with the port among its arguments."""
    wanted = f"--port\0{port}\0".encode()
    return next(child for child in children(os.getpid()) if wanted in Path(f"/proc/{child}/cmdline").read_bytes())


@pytest.fixture(scope="session")
def target(environment: dict[str, str], tmp_path_factory: pytest.TempPathFactory) -> Iterator[Target]:
    log = tmp_path_factory.mktemp("attacked") / "log"
    with serving_equipoise({**environment, **LIMITS}, log=log) as address:
        target = Target(address, listener(urlsplit(address).port or 0))
        yield target
        if "EQUIPOISE_ATTACK_TABLE" in os.environ:
            head = "| attack | answer | seconds | memory before, most, after (MB) |\n| --- | --- | --- | --- |\n"
            Path(os.environ["EQUIPOISE_ATTACK_TABLE"]).write_text(head + "".join(target.rows), encoding="utf-8")


@pytest.fixture
def attack(target: Target, request: pytest.FixtureRequest) -> Iterator[Attack]:
    """Send one request and see that its answer is bounded; afterwards see that the service lives.

    A stream that is broken off has the status of its head, and a body that ends before its end.
    """

    def send(method: str, path: str, **options: object) -> Outcome:
        before, seen, over = target.megabytes(), [0.0], threading.Event()

        def watch() -> None:
            while not over.wait(0.05):
                seen.append(target.megabytes())

        watcher = threading.Thread(target=watch)
        watcher.start()
        start, body = time.monotonic(), b""
        try:
            with (
                httpx.Client(base_url=target.address, timeout=SECONDS) as client,
                client.stream(method, path, **options) as response,  # type: ignore[arg-type]
            ):
                status, headers = response.status_code, response.headers
                ended = f"{status}"
                try:
                    for chunk in response.iter_raw():
                        body += chunk
                except httpx.RemoteProtocolError:
                    ended = f"{status}, broken off"
        finally:
            seconds = time.monotonic() - start
            over.set()
            watcher.join()
        memory = f"{before:.0f}, {max(seen):.0f}, {target.megabytes():.0f}"
        target.rows.append(f"| {request.node.name} | {ended} | {seconds:.2f} | {memory} |\n")
        assert seconds < SECONDS
        assert max(seen) < MEGABYTES
        return Outcome(status, body, headers)

    yield send
    target.check_alive()


@pytest.fixture
def ask(attack: Attack) -> Attack:
    """Send a query by POST."""

    def send(query: str | bytes, **headers: str) -> Outcome:
        content = query if isinstance(query, bytes) else query.encode()
        given = {"Content-Type": "application/sparql-query", **headers}
        return attack("POST", "/sparql", content=content, headers=given)

    return send


@pytest.fixture
def listened() -> Iterator[list[str]]:
    """An address on loopback that nobody may come to, and behind it in the list whoever came."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        found = [f"http://127.0.0.1:{listener.getsockname()[1]}/"]

        def listen() -> None:
            while True:
                try:
                    connection, address = listener.accept()
                except OSError:
                    return
                found.append(str(address))
                connection.close()

        thread = threading.Thread(target=listen, daemon=True)
        thread.start()
        yield found
        listener.shutdown(socket.SHUT_RDWR)
    thread.join(timeout=5)
