"""Writing over HTTP: who may, what the history says, what an update sees, and what leaves nothing behind."""

import os
import threading
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import httpx
import pytest

from equipoise.graph.history import history
from equipoise.graph.lock import hold
from equipoise.graph.release import current_release
from serving import serving_equipoise
from support import problem
from written import GRAPH, SOME, TOKEN, TURTLE, WRITER, put, turtle


def bearer(token: str) -> dict[str, str]:
    return {"Authorization": f"Bearer {token}"}


@pytest.mark.parametrize(
    "headers", [{}, bearer("wrong-token"), bearer(TOKEN[:-1]), {"Authorization": TOKEN}, bearer("tökén")]
)
def test_nobody_writes_without_a_token(anyone: httpx.Client, data: Path, headers: dict[str, str]) -> None:
    before = current_release(data).id
    encoded = {name: value.encode() for name, value in headers.items()}
    for refused in (
        anyone.put("/graphs", params={"graph": GRAPH}, content=SOME, headers={**TURTLE, **encoded}),
        anyone.post("/graphs", params={"graph": GRAPH}, content=SOME, headers={**TURTLE, **encoded}),
        anyone.delete("/graphs", params={"graph": GRAPH}, headers=encoded),
        anyone.post("/sparql", data={"update": "CLEAR ALL"}, headers=encoded),
    ):
        assert problem(refused)["status"] == 401
        assert refused.headers["www-authenticate"] == "Bearer"
        assert TOKEN not in refused.text
    assert current_release(data).id == before


def test_writing_is_off_without_a_token_in_the_settings(client: httpx.Client) -> None:
    for refused in (
        client.put("/graphs", params={"graph": GRAPH}, content=SOME, headers={**TURTLE, **WRITER}),
        client.post("/sparql", data={"update": "CLEAR ALL"}, headers=WRITER),
    ):
        assert problem(refused)["status"] == 403
        assert "writing is off; set EQUIPOISE_WRITE_TOKEN" in problem(refused)["detail"]


def test_history_says_who_and_why(writer: httpx.Client, anyone: httpx.Client, data: Path) -> None:
    before = current_release(data).id
    assert put(writer, "<http://e/s> <http://e/p> 'who' .", **{"Equipoise-Reason": "a review"}).is_success
    release = anyone.get("/health").json()["release"]
    entry = history(data)[-1]
    assert (entry.release, entry.before, entry.how, entry.graph) == (release, before, "put", GRAPH)
    assert (entry.who, entry.why) == ("ada", "a review")
    listed = anyone.get("/releases").json()
    assert listed["history"][0] == entry.document()
    assert listed["current"] == release
    assert {one["id"] for one in listed["releases"]} >= {release, before}
    other = {"Authorization": "Bearer another-token"}
    update = {"update": "INSERT DATA { GRAPH <http://example.org/why> { <http://e/s> <http://e/p> 1 } }"}
    assert anyone.post("/sparql", data={**update, "reason": "größer"}, headers=other).status_code == 204
    assert history(data)[-1].document() | {"when": ""} == {
        "release": current_release(data).id,
        "when": "",
        "how": "update",
        "before": release,
        "who": "eve",
        "why": "größer",
    }
    page = anyone.get("/releases", headers={"Accept": "text/html"})
    assert "größer" in page.text


def test_answer_of_a_write_comes_after_the_release_is_served(writer: httpx.Client, anyone: httpx.Client) -> None:
    for number in range(3):
        triple = f"<http://e/served> <http://e/p> {number}"
        update = f"CLEAR SILENT GRAPH <http://e/n> ; INSERT DATA {{ GRAPH <http://e/n> {{ {triple} }} }}"
        done = writer.post("/sparql", content=update, headers={"Content-Type": "application/sparql-update"})
        assert done.status_code == 204
        query = "SELECT ?o { <http://e/served> <http://e/p> ?o . GRAPH <http://e/n> { ?s ?p ?o } }"
        answer = anyone.get("/sparql", params={"query": query})
        assert [row["o"]["value"] for row in answer.json()["results"]["bindings"]] == [str(number)]
        assert answer.headers["equipoise-release"] == done.headers["equipoise-release"]


def test_update_sees_the_graphs_of_the_protocol(writer: httpx.Client, anyone: httpx.Client) -> None:
    one, other, into = "http://e/one", "http://e/other", "http://e/into"
    put(writer, "<http://e/a> a <http://e/C> .", one)
    put(writer, "<http://e/b> a <http://e/C> .", other)
    update = f"DROP SILENT GRAPH <{into}> ; INSERT {{ GRAPH <{into}> {{ ?s a ?c }} }} WHERE {{ ?s a ?c }}"
    direct = {"Content-Type": "application/sparql-update"}
    for send in (
        lambda: writer.post("/sparql", params={"using-graph-uri": one}, content=update, headers=direct),
        lambda: writer.post("/sparql", data={"update": update, "using-graph-uri": one}),
    ):
        assert send().status_code == 204
        assert [str(s) for s in turtle(anyone, graph=into).subjects()] == ["http://e/a"]
    named = f"INSERT {{ GRAPH <{into}> {{ ?s a ?c }} }} WHERE {{ GRAPH ?g {{ ?s a ?c }} }}"
    assert writer.post("/sparql", data={"update": named, "using-named-graph-uri": other}).status_code == 204
    assert len(turtle(anyone, graph=into)) == 2
    for twice in (
        f"WITH <{one}> DELETE {{ ?s a ?c }} WHERE {{ ?s a ?c }}",
        update.replace("WHERE", f"USING <{one}> WHERE"),
    ):
        refused = writer.post("/sparql", data={"update": twice, "using-graph-uri": one})
        assert problem(refused)["status"] == 400
        assert "must say it in one place" in problem(refused)["detail"]


@pytest.mark.parametrize(
    ("send", "status"),
    [
        ({"method": "GET", "params": {"update": "CLEAR ALL"}}, 405),
        ({"method": "POST", "data": {"update": ["CLEAR ALL", "CLEAR ALL"]}}, 400),
        ({"method": "POST", "data": {"update": "CLEAR ALL", "query": "ASK {}"}}, 400),
        ({"method": "POST", "data": {"update": "CLEAR XYZ"}}, 400),
        ({"method": "POST", "content": b"\xff", "headers": {"Content-Type": "application/sparql-update"}}, 400),
        ({"method": "POST", "content": b"CLEAR ALL", "headers": {"Content-Type": "text/plain"}}, 415),
        ({"method": "POST", "data": {"update": "LOAD <http://127.0.0.1:9/>"}}, 400),
        ({"method": "POST", "data": {"update": "DELETE {} WHERE { SERVICE <http://127.0.0.1:9/> { ?s ?p ?o } }"}}, 400),
        ({"method": "POST", "data": {"update": "CLEAR ALL", "using-graph-uri": "not absolute"}}, 400),
    ],
)
def test_update_that_does_not_follow_the_protocol_is_refused(
    writer: httpx.Client, data: Path, send: dict[str, Any], status: int
) -> None:
    before = current_release(data).id
    assert problem(writer.request(url="/sparql", **send))["status"] == status
    assert current_release(data).id == before


def test_change_that_breaks_the_evidence_is_refused_with_every_fault(writer: httpx.Client, data: Path) -> None:
    before = {path: path.read_bytes() for path in data.rglob("*") if path.is_file()}
    update = """PREFIX eqp: <https://w3id.org/equipoise/vocab/>
        DELETE { GRAPH ?g { ?c eqp:value ?v } } INSERT { GRAPH ?g { ?c eqp:value 99 } }
        WHERE { GRAPH ?g { ?c a eqp:Contrast ; eqp:value ?v } }"""
    refused = problem(writer.post("/sparql", data={"update": update}))
    assert refused["status"] == 422
    assert len(refused["faults"]) >= 1
    assert all("graph:trial/MADE-0001: contrast/" in fault for fault in refused["faults"])
    assert {path: path.read_bytes() for path in data.rglob("*") if path.is_file()} == before


def test_lock_of_another_process_is_said_to_come_back_later(writer: httpx.Client, data: Path) -> None:
    with hold(data):
        refused = put(writer, SOME)
    assert problem(refused)["status"] == 503
    assert f"by process {os.getpid()} on" in problem(refused)["detail"]
    assert refused.headers["retry-after"]
    assert put(writer, SOME).is_success


def test_writers_take_turns_and_readers_are_answered(
    writer: httpx.Client, anyone: httpx.Client, data: Path, address: str
) -> None:
    entries = len(history(data))
    failed: list[int] = []
    done = threading.Event()

    def read() -> None:
        with httpx.Client(base_url=address, timeout=60) as client:
            while not done.is_set():
                for path, parameters in (("/health", {}), ("/sparql", {"query": "ASK { ?s ?p ?o }"})):
                    status = client.get(path, params=parameters).status_code
                    failed.extend([status] if status != 200 else [])

    reader = threading.Thread(target=read)
    reader.start()
    with ThreadPoolExecutor(max_workers=4) as threads:
        asked = [
            threads.submit(put, writer, f"<http://e/s> <http://e/p> {number} .", f"http://e/turn/{number}")
            for number in range(4)
        ]
        statuses = [one.result().status_code for one in asked]
    done.set()
    reader.join()
    assert statuses == [201] * 4
    assert failed == []
    assert len(history(data)) == entries + 4
    for number in range(4):
        assert len(turtle(anyone, graph=f"http://e/turn/{number}")) == 1
    chain = history(data)[-4:]
    assert [entry.before for entry in chain[1:]] == [entry.release for entry in chain[:-1]]


CROSS = "?a ?b ?c . ?d ?e ?f . ?g ?h ?i"


@pytest.mark.parametrize(
    ("setting", "update", "status", "detail"),
    [
        (
            {"EQUIPOISE_WRITE_SECONDS": "4"},
            f"INSERT {{ GRAPH <http://e/x> {{ <http://e/s> <http://e/p> ?n }} }} "
            f"WHERE {{ SELECT (COUNT(*) AS ?n) {{ {CROSS} }} }}",
            504,
            "was stopped after 4 seconds",
        ),
        (
            {"EQUIPOISE_WRITE_MEGABYTES": "400"},
            f"INSERT {{ GRAPH <http://e/x> {{ ?a ?b ?i }} }} WHERE {{ {CROSS} }}",
            503,
            "want of memory (400 MiB)",
        ),
    ],
)
def test_update_that_passes_a_limit_is_stopped_and_leaves_nothing(
    data: Path, tmp_path: Path, setting: dict[str, str], update: str, status: int, detail: str
) -> None:
    kept = {name: value for name, value in os.environ.items() if not name.startswith("EQUIPOISE_")}
    mine = {"EQUIPOISE_DATA": str(data), "EQUIPOISE_WRITE_TOKEN": TOKEN, **setting}
    before = {path.relative_to(data): path.read_bytes() for path in data.rglob("*") if path.is_file()}
    with serving_equipoise({**kept, **mine}, log=tmp_path / "log") as address:
        refused = httpx.post(f"{address}/sparql", data={"update": update}, headers=WRITER, timeout=60)
        assert detail in problem(refused)["detail"]
        assert problem(refused)["status"] == status
        after = {path.relative_to(data): path.read_bytes() for path in data.rglob("*") if path.is_file()}
        assert after == before
        assert httpx.get(f"{address}/health", timeout=60).json()["status"] == "ok"
    assert TOKEN not in (tmp_path / "log").read_text()
