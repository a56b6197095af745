"""Writing over HTTP as clients meet it: the Graph Store Protocol, SPARQL Update, who may write, and what is refused."""

import os
import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import httpx
import pytest
import rdflib
from rdflib.compare import isomorphic

from equipoise.graph.history import history
from equipoise.graph.lock import hold
from equipoise.graph.publish import build
from equipoise.graph.release import current_release
from serving import serving_equipoise
from support import DATA, problem

TOKEN = "a-token-of-the-tests"
WRITER = {"Authorization": f"Bearer {TOKEN}"}
TURTLE = {"Content-Type": "text/turtle"}
GRAPH = "http://example.org/graph"
SOME = "<http://example.org/s> <http://example.org/p> 'o' ."


@pytest.fixture(scope="module")
def data(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("written")
    build([DATA / "MADE-0001.yaml"], folder)
    return folder


@pytest.fixture(scope="module")
def address(data: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    kept = {name: value for name, value in os.environ.items() if not name.startswith("EQUIPOISE_")}
    mine = {"EQUIPOISE_DATA": str(data), "EQUIPOISE_WRITE_TOKEN": f"ada={TOKEN} eve=another-token"}
    mine |= {"EQUIPOISE_BODY_MEGABYTES": "1"}
    with serving_equipoise({**kept, **mine}, log=tmp_path_factory.mktemp("writing") / "log") as address:
        yield address


@pytest.fixture(scope="module")
def anyone(address: str) -> Iterator[httpx.Client]:
    with httpx.Client(base_url=address, timeout=60) as client:
        yield client


@pytest.fixture(scope="module")
def writer(address: str) -> Iterator[httpx.Client]:
    with httpx.Client(base_url=address, timeout=60, headers=WRITER) as client:
        yield client


def turtle(client: httpx.Client, path: str = "/graphs", **parameters: str) -> rdflib.Graph:
    response = client.get(path, params=parameters, headers={"Accept": "text/turtle"})
    assert response.status_code == 200, response.text
    return rdflib.Graph().parse(data=response.content, format="turtle", publicID=str(response.url))


def sent(text: str, base: str = "http://example.org/") -> rdflib.Graph:
    return rdflib.Graph().parse(data=text, format="turtle", publicID=base)


def put(client: httpx.Client, text: str, graph: str = GRAPH, **headers: str) -> httpx.Response:
    return client.put("/graphs", params={"graph": graph}, content=text.encode(), headers={**TURTLE, **headers})


def test_graph_is_put_read_added_to_and_deleted(writer: httpx.Client, anyone: httpx.Client) -> None:
    mine = {"graph": "http://example.org/whole-life"}
    first = "<http://example.org/s> <http://example.org/p> [ <http://example.org/q> 1 ] ."
    assert writer.put("/graphs", params=mine, content=first, headers=TURTLE).status_code == 201
    assert isomorphic(turtle(anyone, **mine), sent(first))
    assert writer.put("/graphs", params=mine, content=SOME, headers=TURTLE).status_code == 204
    assert isomorphic(turtle(anyone, **mine), sent(SOME))
    assert writer.post("/graphs", params=mine, content=first, headers=TURTLE).status_code == 204
    assert isomorphic(turtle(anyone, **mine), sent(first + SOME))
    assert writer.delete("/graphs", params=mine).status_code == 204
    assert problem(anyone.get("/graphs", params=mine))["status"] == 404
    assert problem(writer.delete("/graphs", params=mine))["status"] == 404


def test_address_below_graphs_is_the_name_of_a_graph(writer: httpx.Client, anyone: httpx.Client, address: str) -> None:
    text = "<> <#p> <other> ."
    assert writer.put("/graphs/people/1", content=text, headers=TURTLE).status_code == 201
    mine = f"{address}/graphs/people/1"
    (triple,) = turtle(anyone, "/graphs/people/1")
    assert [str(term) for term in triple] == [mine, f"{mine}#p", f"{address}/graphs/people/other"]
    assert isomorphic(turtle(anyone, graph=mine), turtle(anyone, "/graphs/people/1"))
    assert writer.delete("/graphs/people/1").status_code == 204


def test_posting_to_the_store_of_graphs_makes_one(writer: httpx.Client, anyone: httpx.Client) -> None:
    made = writer.post("/graphs", content="<> <http://example.org/p> 1 .", headers=TURTLE)
    assert made.status_code == 201
    location = made.headers["location"]
    ((subject, _, _),) = turtle(anyone, location)
    assert str(subject) == location
    assert writer.post("/graphs", content=SOME, headers=TURTLE).headers["location"] != location
    assert writer.delete(location).status_code == 204


def test_empty_graph_is_there(writer: httpx.Client, anyone: httpx.Client) -> None:
    mine = {"graph": "http://example.org/empty"}
    assert writer.put("/graphs", params=mine, content=b"", headers=TURTLE).status_code == 201
    assert len(turtle(anyone, **mine)) == 0
    assert writer.put("/graphs", params=mine, content=b"", headers=TURTLE).status_code == 204
    assert writer.delete("/graphs", params=mine).status_code == 204


def test_default_graph_is_put_and_emptied(writer: httpx.Client, anyone: httpx.Client) -> None:
    assert len(turtle(anyone, default="")) == 0
    assert writer.put("/graphs?default", content=SOME, headers=TURTLE).status_code == 204
    assert isomorphic(turtle(anyone, default=""), sent(SOME))
    assert anyone.get("/sparql", params={"query": "ASK { <http://example.org/s> ?p 'o' }"}).json()["boolean"]
    assert writer.delete("/graphs?default").status_code == 204
    assert len(turtle(anyone, default="")) == 0


@pytest.mark.parametrize(
    ("media_type", "text"),
    [
        ("text/turtle", SOME),
        ("text/turtle; charset=UTF-8", SOME),
        ("application/n-triples", '<http://example.org/s> <http://example.org/p> "o" .'),
        (
            "application/rdf+xml",
            "<rdf:RDF xmlns:rdf='http://www.w3.org/1999/02/22-rdf-syntax-ns#' xmlns:e='http://example.org/'>"
            "<rdf:Description rdf:about='s'><e:p>o</e:p></rdf:Description></rdf:RDF>",
        ),
        ("application/ld+json", '{"@context": {"p": "http://example.org/p"}, "@id": "s", "p": "o"}'),
    ],
)
def test_every_media_type_is_read_and_written(
    writer: httpx.Client, anyone: httpx.Client, media_type: str, text: str
) -> None:
    assert put(writer, text, **{"Content-Type": media_type}).is_success
    bare = media_type.partition(";")[0]
    response = anyone.get("/graphs", params={"graph": GRAPH}, headers={"Accept": bare})
    assert response.headers["content-type"].partition(";")[0] == bare
    names = {"application/n-triples": "nt", "application/rdf+xml": "xml", "application/ld+json": "json-ld"}
    read = rdflib.Graph().parse(data=response.content, format=names.get(bare, "turtle"))
    assert isomorphic(read, sent(SOME))
    assert anyone.head("/graphs", params={"graph": GRAPH}).headers["content-length"] != "0"


def test_files_of_a_form_are_added_together(writer: httpx.Client, anyone: httpx.Client) -> None:
    mine = {"graph": "http://example.org/form"}
    files = [
        ("one", ("one.ttl", "_:b <http://example.org/p> 1 .", "text/turtle")),
        ("two", ("two.nt", '_:b <http://example.org/p> "2" .', "application/n-triples")),
    ]
    assert writer.post("/graphs", params=mine, files=files).status_code == 201
    assert isomorphic(turtle(anyone, **mine), sent("[] <http://example.org/p> 1 . [] <http://example.org/p> '2' ."))
    refused = writer.post("/graphs", params=mine, files=[("one", ("one", "x", "text/plain"))])
    assert problem(refused)["status"] == 415
    refused = writer.post("/graphs", params=mine, data={"one": "x"}, files=[("two", ("two", SOME, "text/turtle"))])
    assert "no file" in problem(refused)["detail"]


@pytest.mark.parametrize(
    ("text", "headers", "status", "detail"),
    [
        ("<s> <p> ", TURTLE, 400, "is not text/turtle"),
        (SOME, {"Content-Type": "application/rdf+xml"}, 400, "is not application/rdf+xml"),
        (SOME, {"Content-Type": "text/plain"}, 415, "must be one of text/turtle"),
        (SOME, {}, 415, "must be one of text/turtle"),
        (SOME, {"Content-Type": "text/turtle; charset=latin-1"}, 415, "in UTF-8"),
        (SOME, {**TURTLE, "Content-Encoding": "gzip"}, 415, "Content-Encoding"),
        (SOME + "#" * 1_100_000, TURTLE, 413, "at most 1048576 bytes"),
        (SOME, {"Content-Type": "multipart/form-data"}, 400, "is no form"),
        ("<http://e/s> <http://e/p> <<( <http://e/s> <http://e/p> 1 )>> .", TURTLE, 422, "must be RDF 1.1"),
        ('{"@context": "http://127.0.0.1:9/c", "@id": "s"}', {"Content-Type": "application/ld+json"}, 400, "remote"),
        (
            '{"@id": "http://e/g", "@graph": [{"@id": "http://e/s", "http://e/p": 1}]}',
            {"Content-Type": "application/ld+json"},
            400,
            "names graphs",
        ),
    ],
)
def test_what_cannot_be_taken_is_refused_with_the_reason(
    writer: httpx.Client, data: Path, text: str, headers: dict[str, str], status: int, detail: str
) -> None:
    before = current_release(data).id
    refused = writer.put("/graphs", params={"graph": "http://example.org/bad"}, content=text, headers=headers)
    assert problem(refused)["status"] == status
    assert detail in problem(refused)["detail"]
    assert current_release(data).id == before


@pytest.mark.parametrize(
    "query",
    ["", "?default&graph=http://e/g", "?graph=relative", "?graph=http://e/a&graph=http://e/b", "?graph=http://e/%3E"],
)
def test_graph_that_is_not_named_once_is_refused(writer: httpx.Client, query: str) -> None:
    assert problem(writer.get(f"/graphs{query}"))["status"] == 400
    assert problem(writer.put(f"/graphs{query}", content=SOME, headers=TURTLE))["status"] == 400


def test_format_that_is_not_offered_is_refused(writer: httpx.Client) -> None:
    put(writer, SOME)
    refused = writer.get("/graphs", params={"graph": GRAPH}, headers={"Accept": "image/png"})
    assert problem(refused)["status"] == 406


def test_patch_is_refused_with_what_is_allowed(writer: httpx.Client) -> None:
    refused = writer.patch("/graphs", params={"graph": GRAPH})
    assert problem(refused)["status"] == 405
    assert refused.headers["allow"] == "GET, HEAD, PUT, POST, DELETE"


@pytest.mark.parametrize("name", ["vocabulary", "inferred", "findings", "release"])
def test_graph_that_every_release_makes_is_refused(writer: httpx.Client, name: str) -> None:
    graph = f"https://w3id.org/equipoise/graph/{name}"
    assert problem(put(writer, SOME, graph))["status"] == 403
    assert problem(writer.delete("/graphs", params={"graph": graph}))["status"] == 403
    update = f"INSERT DATA {{ GRAPH <{graph}> {{ {SOME} }} }}"
    assert problem(writer.post("/sparql", data={"update": update}))["status"] == 403


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
