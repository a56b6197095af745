"""A sort that aborts the engine's process: limits stand so high that nothing else can end it."""

import os
import re
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlsplit

import httpx
import pytest

from attacks.conftest import listener
from attacks.target import SECONDS, children
from attacks.test_queries import MIXED
from serving import serving_equipoise

UNLIMITED = {
    "EQUIPOISE_QUERY_SECONDS": "300",
    "EQUIPOISE_QUERY_MEGABYTES": "4096",
    "EQUIPOISE_ANSWER_MEGABYTES": "1024",
    "EQUIPOISE_QUERY_WORKERS": "2",
    "EQUIPOISE_PAGE_WORKERS": "2",
}
"""No limit that the sort could pass before it aborts, which takes it about a second."""

WORKERS = 4
"""Two that answer anyone's queries, two that answer the pages'."""

QUERY = {"Content-Type": "application/sparql-query"}


@pytest.fixture(scope="module")
def address(environment: dict[str, str], tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    log = tmp_path_factory.mktemp("aborted") / "log"
    with serving_equipoise({**environment, **UNLIMITED}, log=log) as address:
        yield address


@pytest.fixture
def client(address: str) -> Iterator[httpx.Client]:
    with httpx.Client(base_url=address, timeout=300) as client:
        yield client


def counted(client: httpx.Client, event: str) -> float:
    """How often that happened to a worker that answers free queries."""
    found = re.search(
        rf'equipoise_worker_events_total{{event="{event}",lane="free"}} (\S+)', client.get("/metrics").text
    )
    return float(found[1]) if found else 0.0


def workers(address: str) -> set[int]:
    """The processes that answer queries, as soon as there are as many as there should be."""
    service = listener(urlsplit(address).port or 0)
    deadline = time.monotonic() + SECONDS
    while len(found := {child for child in children(service) if _answers_queries(child)}) != WORKERS:
        assert time.monotonic() < deadline, found
        time.sleep(0.1)
    return found


def _answers_queries(process: int) -> bool:
    try:
        return b"equipoise.graph.store.worker" in Path(f"/proc/{process}/cmdline").read_bytes()
    except (FileNotFoundError, ProcessLookupError):
        return False


def test_sort_aborts_a_process_in_which_it_runs_alone() -> None:
    """If this fails, the engine has been mended: look for another query that aborts it, for the test below."""
    script = f"import pyoxigraph; list(pyoxigraph.Store().query({MIXED!r}))"
    quiet = {**os.environ, "RUST_BACKTRACE": "0"}
    ended = subprocess.run([sys.executable, "-c", script], capture_output=True, timeout=300, env=quiet)
    assert ended.returncode == -signal.SIGABRT, ended.stderr
    assert b"does not correctly implement a total order" in ended.stderr


def test_abort_costs_one_worker_and_not_the_service(client: httpx.Client, address: str) -> None:
    died, stopped, before = counted(client, "died"), counted(client, "stopped"), workers(address)
    found = client.post("/sparql", content=MIXED, headers=QUERY)
    assert found.status_code == 503
    assert found.headers["Content-Type"].startswith("application/problem+json")
    assert counted(client, "died") == died + 1
    assert counted(client, "stopped") == stopped, "it was the abort, not a limit"
    assert client.get("/sparql", params={"query": "ASK { ?s ?p ?o }"}).json()["boolean"] is True
    assert client.get("/health").status_code == 200
    assert len(before - workers(address)) == 1


def test_every_abort_is_counted_and_every_worker_replaced(client: httpx.Client, address: str) -> None:
    died, before = counted(client, "died"), workers(address)
    assert [client.post("/sparql", content=MIXED, headers=QUERY).status_code for _ in range(3)] == [503] * 3
    assert counted(client, "died") == died + 3
    assert client.get("/sparql", params={"query": "ASK { ?s ?p ?o }"}).json()["boolean"] is True
    assert len(before - workers(address)) in {1, 2}
