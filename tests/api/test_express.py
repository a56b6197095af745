"""Small queries are answered past the application, as it would answer them; those that turn out otherwise, by it."""

import socket
from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from urllib.parse import quote

import httpx
import pytest

from equipoise.graph.release import Release
from serving import serving_equipoise

ORDINARY = {"Range": "bytes=0-"}
"""A header that changes nothing of the answer, and with which a request never goes past the application."""

ASKED = {
    "rows": ("SELECT ?s { ?s ?p ?o } LIMIT %d", {}),
    "many rows": ("SELECT * { ?s ?p ?o } LIMIT 5%d", {"Accept": "text/csv"}),
    "packed": ("SELECT * { ?s ?p ?o } LIMIT 6%d", {"Accept-Encoding": "gzip"}),
    "packed otherwise": ("SELECT * { ?s ?p ?o } LIMIT 7%d", {"Accept-Encoding": "br, gzip;q=0.5"}),
    "small, to be packed": ("ASK { ?s ?p %d }", {"Accept-Encoding": "zstd"}),
    "truth as XML": ("ASK { ?s ?p %d }", {"Accept": "application/sparql-results+xml"}),
    "graph": ("CONSTRUCT { ?s ?p ?o } { ?s ?p ?o FILTER(?o = %d) }", {"Accept": "text/turtle"}),
    "never the same": ("SELECT (STRUUID() AS ?u) ?s { ?s ?p ?o } LIMIT %d", {}),
    "named by the client": ("SELECT ?p { ?s ?p ?o } LIMIT %d", {"X-Request-ID": "one"}),
    "wrong each time": ("SELECT ?s { ?s ?p ?o } ORDER BY LIMIT %d", {}),
    "no format fits": ("SELECT ?o { ?s ?p ?o } LIMIT %d", {"Accept": "image/png"}),
}


@pytest.mark.parametrize("name", ASKED)
def test_answer_is_what_the_application_gives(client: httpx.Client, name: str) -> None:
    query, headers = ASKED[name]
    for number in range(1, 4):  # the first has a shape that is not known to be quick
        target = {"query": query % number}
        express = client.get("/sparql", params=target, headers=headers)
        ordinary = client.get("/sparql", params=target, headers=headers | ORDINARY)
        assert express.status_code == ordinary.status_code
        passing = {"date"} if "X-Request-ID" in headers else {"date", "x-request-id"}
        lasting = [
            {one: value for one, value in answer.headers.items() if one not in passing}
            for answer in (express, ordinary)
        ]
        assert lasting[0] == lasting[1]
        if name != "never the same":
            assert express.content == ordinary.content


def test_rows_that_are_cut_are_said_to_be(client: httpx.Client) -> None:
    for number in range(2, 5):
        answer = client.get("/sparql", params={"query": f"SELECT ?s {{ ?s ?p ?o }} LIMIT {number}", "rows": "1"})
        assert answer.headers["equipoise-truncated"] == "rows=1"
        assert len(answer.json()["results"]["bindings"]) == 1


def test_shape_that_is_long_this_time_is_answered_whole(client: httpx.Client) -> None:
    def asked(rows: int) -> httpx.Response:
        return client.get("/sparql", params={"query": f"SELECT ?a ?e {{ ?a ?b ?c . ?d ?e ?f }} LIMIT {rows}"})

    assert [len(asked(rows).json()["results"]["bindings"]) for rows in (1, 2, 30_000, 3)] == [1, 2, 30_000, 3]


def test_shape_that_is_slow_this_time_is_stopped_like_any_other(
    release: Release, environment: Mapping[str, str], tmp_path: Path
) -> None:
    settings = {"EQUIPOISE_DATA": str(release.folder.parents[1]), "EQUIPOISE_QUERY_SECONDS": "1"}
    inner = "SELECT ?a { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i . FILTER(STR(?a) < STR(?d)) } LIMIT %d"
    query = f"SELECT (COUNT(*) AS ?n) {{ {{ {inner} }} }}"
    with serving_equipoise({**environment, **settings}, log=tmp_path / "log") as address:
        quick = [httpx.get(f"{address}/sparql", params={"query": query % number}) for number in (1, 2, 3)]
        assert [answer.status_code for answer in quick] == [200] * 3
        assert httpx.get(f"{address}/sparql", params={"query": query % 10**10}, timeout=20).status_code == 504
        assert httpx.get(f"{address}/sparql", params={"query": query % 4}, timeout=20).status_code == 200


def test_many_at_once_get_each_their_own(client: httpx.Client) -> None:
    def asked(number: int) -> tuple[int, int]:
        query = f"SELECT ({number} AS ?n) {{ ?s ?p ?o }} LIMIT 1"
        answer = client.get("/sparql", params={"query": query}).json()
        return number, int(answer["results"]["bindings"][0]["n"]["value"])

    with ThreadPoolExecutor(20) as threads:
        assert all(number == found for number, found in threads.map(asked, range(400)))


def test_requests_sent_together_are_answered_in_their_order(client: httpx.Client) -> None:
    host, port = client.base_url.host, client.base_url.port
    assert port is not None
    queries = [f"SELECT ({number} AS ?n) {{ ?s ?p ?o }} LIMIT 1" for number in range(2000, 2010)]
    with socket.create_connection((host, port), timeout=10) as connection:
        for query in queries:
            connection.sendall(f"GET /sparql?query={quote(query)} HTTP/1.1\r\nHost: {host}\r\n\r\n".encode())
        received = b""
        while received.count(b"HTTP/1.1 200 OK") < len(queries) or not received.rstrip().endswith(b"}}]}}"):
            received += connection.recv(1 << 16)
    places = [received.index(f'"value":"{number}"'.encode()) for number in range(2000, 2010)]
    assert places == sorted(places)


def test_client_that_leaves_at_once_does_no_harm(client: httpx.Client) -> None:
    host, port = client.base_url.host, client.base_url.port
    assert port is not None
    for number in range(50):
        query = quote(f"SELECT ({number} AS ?n) {{ ?s ?p ?o }} LIMIT 1")
        with socket.create_connection((host, port), timeout=10) as connection:
            connection.sendall(f"GET /sparql?query={query} HTTP/1.1\r\nHost: {host}\r\n\r\n".encode())
    assert client.get("/sparql", params={"query": "SELECT (51 AS ?n) { ?s ?p ?o } LIMIT 1"}).status_code == 200
