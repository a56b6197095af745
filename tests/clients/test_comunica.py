"""Comunica, which finds out from the service description what a source is, and joins sources."""

import json
import shutil
import subprocess
import threading
from collections.abc import Iterator
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest
import rdflib

from clients.asked import ASK, CONSTRUCT, PREFIXES, SELECT, VALUES
from equipoise.ontology.iri import mint
from support import need

RESULTS = "application/sparql-results+json"


@pytest.fixture(scope="module")
def program(node_modules: Path) -> Path:
    need(shutil.which("node") is not None, "Node.js")
    return node_modules / ".bin" / "comunica-sparql"


@pytest.fixture(scope="module")
def second_source(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """A Turtle file on a server of its own: which of our drugs is on a hospital's shelf."""
    folder = tmp_path_factory.mktemp("shelf")
    shelf = f"<{mint('drug', 'sorafenib')}> <https://hospital.example/shelf> 'B7' ."
    (folder / "shelf.ttl").write_text(shelf)
    handler = partial(SimpleHTTPRequestHandler, directory=str(folder))
    with ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}/shelf.ttl"
        server.shutdown()


def asked(program: Path, *arguments: str) -> str:
    done = subprocess.run([str(program), *arguments], capture_output=True, text=True, timeout=120)
    assert done.returncode == 0, done.stderr[-2000:]
    return done.stdout


def test_comunica_reads_rows_and_a_truth_value(program: Path, server: str) -> None:
    found = json.loads(asked(program, f"{server}/sparql", "-q", SELECT, "-t", RESULTS))
    assert [row["value"]["value"] for row in found["results"]["bindings"]] == VALUES
    assert json.loads(asked(program, f"{server}/sparql", "-q", ASK, "-t", RESULTS))["boolean"] is True


def test_comunica_reads_a_graph(program: Path, server: str) -> None:
    turtle = asked(program, f"{server}/sparql", "-q", CONSTRUCT, "-t", "text/turtle")
    assert len(rdflib.Graph().parse(data=turtle, format="turtle")) == 2


def test_comunica_joins_the_endpoint_with_another_source(program: Path, server: str, second_source: str) -> None:
    query = (
        PREFIXES
        + """SELECT DISTINCT ?arm ?shelf {
        ?arm a eqp:Arm ; eqp:hasRegimen/eqp:hasComponent/eqp:drug ?drug .
        ?drug <https://hospital.example/shelf> ?shelf }"""
    )
    found = json.loads(asked(program, f"{server}/sparql", second_source, "-q", query, "-t", RESULTS))
    rows = [(row["arm"]["value"], row["shelf"]["value"]) for row in found["results"]["bindings"]]
    assert rows == [(mint("trial", "NCT03764293", "arm", "sorafenib"), "B7")]
