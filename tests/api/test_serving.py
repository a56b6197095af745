"""The service around the answers: validators, kept and packed answers, origins, names, logs, counters, releases."""

import gzip
import json
import os
import shutil
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import brotli
import httpx
import pytest
import zstandard

from equipoise.graph.publish import assemble, publish, shipped_records
from equipoise.graph.release import Release
from serving import serving_equipoise
from support import DATA, problem

QUERY = "SELECT ?s ?p ?o { ?s ?p ?o } LIMIT 100"
CROSS = "SELECT (COUNT(*) AS ?n) { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i }"
UNPACK = {
    "gzip": gzip.decompress,
    "br": brotli.decompress,
    "zstd": lambda body: zstandard.ZstdDecompressor().decompressobj().decompress(body),
}
PATHS = ["/", "/trial/NCT03764293", "/queries/contrasts", "/vocab/Contrast", f"/sparql?query={QUERY}"]


@pytest.mark.parametrize("path", PATHS)
def test_answer_has_a_validator_and_is_not_sent_twice(client: httpx.Client, path: str) -> None:
    first = client.get(path)
    assert first.status_code == 200
    again = client.get(path, headers={"If-None-Match": f'"other", {first.headers["etag"]}'})
    assert again.status_code == 304
    assert again.content == b""
    assert again.headers["etag"] == first.headers["etag"]
    assert client.get(path, headers={"If-None-Match": 'W/"other"'}).status_code == 200


@pytest.mark.parametrize("path", PATHS)
def test_head_tells_what_get_would(client: httpx.Client, path: str) -> None:
    got, head = client.get(path), client.head(path)
    assert (head.status_code, head.content) == (200, b"")
    told = ("content-type", "content-length", "etag", "equipoise-release")
    assert {name: head.headers.get(name) for name in told} == {name: got.headers.get(name) for name in told}


def test_validator_differs_by_format_and_by_coding(client: httpx.Client) -> None:
    variants = [{"Accept": "text/csv"}, {"Accept": "text/tab-separated-values"}, {"Accept-Encoding": "gzip"}]
    tags = [client.get("/sparql", params={"query": QUERY}, headers=one).headers["etag"] for one in variants]
    assert len(set(tags)) == 3
    assert "Accept" in client.get("/health").headers["vary"]


@pytest.mark.parametrize(
    "query", ["SELECT (NOW() AS ?t) {}", "SELECT (STRUUID() AS ?u) {}", "SELECT (rand() AS ?r) {}"]
)
def test_answer_that_changes_is_never_kept(client: httpx.Client, query: str) -> None:
    first, second = (client.get("/sparql", params={"query": query}) for _ in range(2))
    assert first.headers["cache-control"] == "no-store"
    assert "etag" not in first.headers
    assert first.json()["results"] != second.json()["results"]


def test_kept_answer_is_the_same_as_the_first_and_is_counted(client: httpx.Client) -> None:
    query = "SELECT ?s { ?s ?p ?o } LIMIT 7"

    def cached() -> float:
        line = next(line for line in client.get("/metrics").text.splitlines() if line.startswith("equipoise_cached"))
        return float(line.split()[-1])

    before, first = cached(), client.get("/sparql", params={"query": query})
    for _ in range(2):  # what is asked once only is not kept
        again = client.get("/sparql", params={"query": query})
        assert first.content == again.content
        differing = {name for name in first.headers if first.headers[name] != again.headers.get(name)}
        assert differing <= {"x-request-id", "date"}
    assert cached() == before + 1


@pytest.mark.parametrize("coding", UNPACK)
def test_body_is_packed_as_the_client_can_unpack(server: str, coding: str) -> None:
    plain = httpx.get(f"{server}/trial/NCT03764293", headers={"Accept-Encoding": "identity"})
    with httpx.stream("GET", f"{server}/trial/NCT03764293", headers={"Accept-Encoding": coding}) as packed:
        assert packed.headers["content-encoding"] == coding
        raw = b"".join(packed.iter_raw())
    assert UNPACK[coding](raw) == plain.content
    assert len(raw) < len(plain.content) / 2


def test_long_answer_is_packed_as_it_streams(server: str) -> None:
    query = {"query": "SELECT * { ?s ?p ?o }"}
    with httpx.stream("GET", f"{server}/sparql", params=query, headers={"Accept-Encoding": "gzip"}, timeout=30) as one:
        assert one.headers["content-encoding"] == "gzip"
        body = gzip.decompress(b"".join(one.iter_raw()))
    assert len(json.loads(body)["results"]["bindings"]) > 10_000


def test_any_origin_may_ask_and_read(client: httpx.Client) -> None:
    origin = {"Origin": "https://example.org"}
    asked = client.options(
        "/sparql",
        headers={
            **origin,
            "Access-Control-Request-Method": "POST",
            "Access-Control-Request-Headers": "content-type, authorization, equipoise-reason",
        },
    )
    assert asked.status_code == 200
    assert asked.headers["access-control-allow-origin"] == "*"
    assert "authorization" in asked.headers["access-control-allow-headers"].lower()
    assert "access-control-allow-credentials" not in asked.headers
    for response in (client.get("/health", headers=origin), client.get("/queries/none", headers=origin)):
        assert response.headers["access-control-allow-origin"] == "*"
        assert "Equipoise-Release" in response.headers["access-control-expose-headers"]


def test_request_keeps_its_name_or_gets_one(client: httpx.Client) -> None:
    assert client.get("/health", headers={"X-Request-ID": "abc-1.2:3"}).headers["x-request-id"] == "abc-1.2:3"
    hostile = client.get("/health", headers={"X-Request-ID": "a b;<script>"}).headers["x-request-id"]
    assert len(hostile) == 16
    assert hostile != client.get("/health").headers["x-request-id"]


def test_counters_are_in_the_text_format_of_prometheus(client: httpx.Client) -> None:
    from prometheus_client.parser import text_string_to_metric_families

    client.get("/queries/none")
    families = {family.name: family for family in text_string_to_metric_families(client.get("/metrics").text)}
    samples = {(sample.labels["kind"], sample.labels["status"]) for sample in families["equipoise_requests"].samples}
    assert ("queries", "404") in samples
    assert {"equipoise_request_seconds", "equipoise_worker_events", "equipoise_queries"} <= set(families)


def test_query_that_is_cut_says_so(client: httpx.Client) -> None:
    query = {"query": "SELECT ?s { ?s ?p ?o }", "rows": "5"}
    cut = client.get("/sparql", params=query, headers={"Accept": "text/csv"})
    assert cut.headers["equipoise-truncated"] == "rows=5"
    assert len(cut.text.splitlines()) == 6
    whole = client.get("/sparql", params={"query": "SELECT ?s { ?s ?p ?o } LIMIT 5", "rows": "5"})
    assert "equipoise-truncated" not in whole.headers


def test_csv_that_is_cut_in_the_stream_is_broken_off_for_it_cannot_say_so(client: httpx.Client) -> None:
    query = {"query": "SELECT * { ?s ?p ?o }", "rows": "9000"}
    with pytest.raises(httpx.RemoteProtocolError):
        client.get("/sparql", params=query, headers={"Accept": "text/csv"})
    xml = client.get("/sparql", params=query, headers={"Accept": "application/sparql-results+xml"})
    assert "<!-- truncated" in xml.text[-120:]


@pytest.mark.parametrize(("name", "value"), [("timeout", "0"), ("timeout", "soon"), ("rows", "-1"), ("timeout", "nan")])
def test_limit_that_is_none_is_refused(client: httpx.Client, name: str, value: str) -> None:
    response = client.get("/sparql", params={"query": "ASK {}", name: value})
    assert response.status_code == 400
    assert problem(response)["where"] == name


def test_client_may_lower_the_time_limit(client: httpx.Client) -> None:
    start = time.monotonic()
    response = client.get("/sparql", params={"query": CROSS, "timeout": "0.5"})
    assert response.status_code == 504
    assert "was stopped after 0.5 seconds" in problem(response)["detail"]
    assert time.monotonic() - start < 3


def test_client_that_hangs_up_stops_its_query(client: httpx.Client) -> None:
    def abandoned() -> float:
        lines = client.get("/metrics").text.splitlines()
        return sum(float(line.split()[-1]) for line in lines if 'event="abandoned"' in line and "_total" in line)

    before = abandoned()
    with pytest.raises(httpx.ReadTimeout):
        client.get("/sparql", params={"query": CROSS + " # left"}, timeout=0.7)
    deadline = time.monotonic() + 2.5  # the query itself would run for three seconds
    while abandoned() == before and time.monotonic() < deadline:
        time.sleep(0.05)
    assert abandoned() == before + 1


@pytest.fixture
def own_server(environment: dict[str, str], data_folder: Path, tmp_path: Path) -> "Iterator[Served]":
    """A server of the test's own, over a copy of the release."""
    data = tmp_path / "data"
    shutil.copytree(data_folder, data)
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    log = tmp_path / "log"
    command = [sys.executable, "-P", "-m", "equipoise.api.cli", "serve", "--port", str(port)]
    with log.open("wb") as output:
        process = subprocess.Popen(command, env={**environment, "EQUIPOISE_DATA": str(data)}, stderr=output)
        served = Served(process, f"http://127.0.0.1:{port}", data, log)
        try:
            served.wait()
            yield served
        finally:
            process.kill()
            process.wait()


class Served:
    """A server, where it answers, what it serves, and what it wrote."""

    def __init__(self, process: "subprocess.Popen[bytes]", address: str, data: Path, log: Path) -> None:
        self.process, self.address, self.data, self.log = process, address, data, log

    def wait(self) -> None:
        """Wait until it answers."""
        for _ in range(200):
            try:
                httpx.get(f"{self.address}/health", timeout=5)
                return
            except httpx.TransportError:
                time.sleep(0.1)
        pytest.fail(self.log.read_text())


def test_new_release_is_served_without_a_failed_request(own_server: Served, release: Release) -> None:
    stop, seen, failures = threading.Event(), set[str](), list[str]()

    def ask() -> None:
        with httpx.Client(base_url=own_server.address, timeout=30) as client:
            while not stop.is_set():
                for path in ("/sparql?query=SELECT%20*%20%7B%3Fs%20%3Fp%20%3Fo%7D%20LIMIT%203", "/queries/arms"):
                    response = client.get(path, headers={"Cache-Control": "no-cache"})
                    seen.add(response.headers.get("equipoise-release", ""))
                    if response.status_code != 200:
                        failures.append(response.text)

    with ThreadPoolExecutor() as threads:
        asking = [threads.submit(ask) for _ in range(4)]
        made = sorted((DATA).glob("MADE-*.yaml"))[:1]
        other = publish(assemble([*shipped_records(), *made]), own_server.data)
        deadline = time.monotonic() + 20
        while other.id not in seen and time.monotonic() < deadline:
            time.sleep(0.1)
        stop.set()
        for one in asking:
            one.result()
    assert failures == []
    assert {release.id, other.id} <= seen
    assert httpx.get(f"{own_server.address}/health").json()["release"] == other.id


def test_damaged_release_leaves_the_one_in_service(own_server: Served, release: Release) -> None:
    (own_server.data / "current").write_text("0000000000000000\n")
    time.sleep(2.5)
    assert httpx.get(f"{own_server.address}/health").json()["release"] == release.id
    assert any(json.loads(line)["event"] == "reload failed" for line in own_server.log.read_text().splitlines())


def test_shutdown_answers_what_is_under_way_and_leaves_no_process(own_server: Served) -> None:
    children = _children(own_server.process.pid)
    assert len(children) >= 4
    with ThreadPoolExecutor() as threads:
        asked = threads.submit(httpx.get, f"{own_server.address}/sparql", params={"query": CROSS}, timeout=30)
        time.sleep(0.5)
        own_server.process.send_signal(signal.SIGTERM)
        assert asked.result().status_code == 504
    assert own_server.process.wait(timeout=20) == 0
    assert [child for child in children if Path(f"/proc/{child}").exists()] == []


def test_workers_end_with_a_service_that_is_killed(own_server: Served) -> None:
    children = _children(own_server.process.pid)
    with ThreadPoolExecutor() as threads:
        asked = threads.submit(httpx.get, f"{own_server.address}/sparql", params={"query": CROSS}, timeout=30)
        time.sleep(0.5)
        own_server.process.kill()
        own_server.process.wait()
        with pytest.raises(httpx.TransportError):
            asked.result()
    deadline = time.monotonic() + 5
    while any(_runs(child) for child in children) and time.monotonic() < deadline:
        time.sleep(0.05)
    assert [child for child in children if _runs(child)] == []


def test_log_is_json_and_holds_no_query(own_server: Served) -> None:
    httpx.get(
        f"{own_server.address}/sparql", params={"query": 'ASK { ?s ?p "secret" }'}, headers={"X-Request-ID": "r1"}
    )
    deadline = time.monotonic() + 5
    while '"r1"' not in own_server.log.read_text() and time.monotonic() < deadline:
        time.sleep(0.05)
    lines = [json.loads(line) for line in own_server.log.read_text().splitlines()]
    (line,) = [line for line in lines if line.get("id") == "r1"]
    assert {"time", "event", "method", "path", "status", "milliseconds", "bytes", "release"} <= set(line)
    assert "secret" not in own_server.log.read_text()


def _children(pid: int) -> list[int]:
    children = Path(f"/proc/{pid}/task/{pid}/children").read_text().split()
    return [int(child) for child in children]


def _runs(pid: int) -> bool:
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except OSError:
        return False


def test_children_of_a_process_are_seen_here() -> None:
    assert isinstance(_children(os.getpid()), list)


def test_browser_that_hangs_up_stops_its_query_too(client: httpx.Client) -> None:
    def running() -> float:
        lines = client.get("/metrics").text.splitlines()
        return next(float(line.split()[-1]) for line in lines if line.startswith('equipoise_queries{lane="free"}'))

    query = {"query": CROSS.replace("?n", "?page")}
    with pytest.raises(httpx.ReadTimeout):
        client.get("/sparql", params=query, headers={"Accept": "text/html"}, timeout=0.7)
    deadline = time.monotonic() + 2
    while running() and time.monotonic() < deadline:
        time.sleep(0.05)
    assert running() == 0


def test_head_does_not_wait_for_the_body(client: httpx.Client) -> None:
    everything = {"query": "SELECT * { ?s ?p ?o . ?a a <https://w3id.org/equipoise/vocab/Arm> . ?b ?c ?d }"}
    start = time.monotonic()
    assert client.head("/sparql", params=everything).status_code == 200
    assert time.monotonic() - start < 2.5  # the whole of it would run into the limit of three seconds


def test_validator_follows_the_settings(environment: dict[str, str], tmp_path: Path) -> None:
    tags = []
    for rows in ("5", "50"):
        mine = {**environment, "EQUIPOISE_QUERY_ROWS": rows}
        with serving_equipoise(mine, log=tmp_path / "log") as address:
            tags.append(httpx.get(f"{address}/sparql", params={"query": QUERY}).headers["etag"])
    assert tags[0] != tags[1]


@pytest.mark.parametrize("name", ["format", "Accept"])
def test_endless_choice_of_format_is_refused_or_cut(client: httpx.Client, name: str) -> None:
    long = ", ".join(["text/csv;q=0.1"] * 500)
    if name == "format":
        assert client.post("/sparql", data={"query": "ASK {}", "format": long}).status_code == 406
    else:
        assert (
            client.get("/sparql?query=ASK{}", headers={"Accept": long}).headers["content-type"].startswith("text/csv")
        )
