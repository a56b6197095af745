"""The Graph Store Protocol as clients meet it: graphs put, read, added to and deleted, and what is refused."""

import json
import socket
import time
from pathlib import Path

import httpx
import pytest
import rdflib
from rdflib.compare import isomorphic

from equipoise.graph.release import current_release
from support import problem
from written import GRAPH, SOME, TOKEN, TURTLE, put, sent, turtle


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


@pytest.mark.parametrize("name", ["%C3%A9", "a%3Fb", "a%23b", "a%2Fb"])
def test_name_of_a_graph_is_its_address_as_it_was_sent(
    writer: httpx.Client, anyone: httpx.Client, address: str, name: str
) -> None:
    assert writer.put(f"/graphs/{name}", content="<> <http://x/p> 1 .", headers=TURTLE).status_code == 201
    ((subject, _, _),) = turtle(anyone, graph=f"{address}/graphs/{name}")
    assert str(subject) == f"{address}/graphs/{name}"
    assert writer.delete(f"/graphs/{name}").status_code == 204


def test_client_that_leaves_before_its_graph_is_sent_is_no_fault_of_ours(address: str, log: Path) -> None:
    url = httpx.URL(address)
    head = f"PUT /graphs/left HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer {TOKEN}\r\nX-Request-ID: left\r\n"
    with socket.create_connection((url.host, url.port or 0)) as connection:
        connection.sendall(f"{head}Content-Type: text/turtle\r\nContent-Length: 100\r\n\r\n<a>".encode())
        time.sleep(0.3)
    deadline = time.monotonic() + 5
    while '"left"' not in log.read_text() and time.monotonic() < deadline:
        time.sleep(0.05)
    (line,) = [json.loads(line) for line in log.read_text().splitlines() if '"left"' in line]
    assert line["status"] == 408
    assert "Traceback" not in log.read_text()


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
