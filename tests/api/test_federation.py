"""The question by a class elsewhere, asked of a second SPARQL server that holds the ontology, where that is allowed."""

import csv
import io
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest

from engines import RunningEngine, running
from equipoise.ontology.iri import curie
from serving import serving_equipoise
from support import DATA, ROOT, equipoise, problem

EXAMPLE = (ROOT / "examples" / "trials-by-class-elsewhere.rq").read_text()
WRITTEN = "http://127.0.0.1:7878/query"


@pytest.fixture(scope="module")
def elsewhere(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RunningEngine]:
    """A server that holds both made ontologies in its default graph."""
    with running("oxigraph", tmp_path_factory.mktemp("elsewhere")) as engine:
        for name in ("external-classes", "external-roles"):
            content = (DATA / f"{name}.ttl").read_bytes()
            address = engine.address.removesuffix("/query") + "/store?default"
            httpx.post(address, content=content, headers={"Content-Type": "text/turtle"}).raise_for_status()
        yield engine


@pytest.fixture(scope="module")
def question(elsewhere: RunningEngine) -> str:
    """The example, of that server and of the role in the made ontology."""
    assert WRITTEN in EXAMPLE
    return EXAMPLE.replace(WRITTEN, elsewhere.address).replace("obo:CHEBI_38637", "obo:CHEBI_22")


def rows(text: str) -> list[dict[str, str]]:
    return [{key: curie(value) for key, value in row.items()} for row in csv.DictReader(io.StringIO(text))]


def expected(found: list[dict[str, str]]) -> None:
    assert {row["drug"] for row in found} == {"drug:sorafenib"}
    assert {row["arm"].rpartition("/")[2] for row in found} == {"sorafenib"}
    assert {(row["identifier"], row["predicate"]) for row in found} == {("CHEBI:50924", "skos:exactMatch")}
    survival = [(row["value"], row["lower"], row["upper"]) for row in found if row["outcome"] == "eqp:OverallSurvival"]
    assert survival == [("0.62", "0.49", "0.8"), ("0.64", "0.52", "0.79")]


def test_command_asks_an_allowed_server(elsewhere: RunningEngine, question: str, environment: dict[str, str]) -> None:
    allowed = {**environment, "EQUIPOISE_SERVICES": elsewhere.address, "EQUIPOISE_QUERY_SECONDS": "20"}
    found = equipoise("sparql", "-", "--format", "csv", environment=allowed, text=question)
    assert found.returncode == 0, found.stderr
    expected(rows(found.stdout))


def test_service_asks_an_allowed_server(
    elsewhere: RunningEngine, question: str, environment: dict[str, str], tmp_path: Path
) -> None:
    allowed = {**environment, "EQUIPOISE_SERVICES": elsewhere.address, "EQUIPOISE_QUERY_SECONDS": "20"}
    with serving_equipoise(allowed, log=tmp_path / "log") as address:
        accept = {"Accept": "text/csv"}
        response = httpx.post(f"{address}/sparql", data={"query": question}, headers=accept, timeout=60)
        assert response.status_code == 200, response.text
        expected(rows(response.text))


def test_server_that_is_not_allowed_is_refused(
    question: str, environment: dict[str, str], client: httpx.Client
) -> None:
    refused = problem(client.post("/sparql", data={"query": question}))
    assert (refused["status"], "SERVICE is switched off" in refused["detail"]) == (400, True)
    other = {**environment, "EQUIPOISE_SERVICES": "http://127.0.0.1:9/query"}
    found = equipoise("sparql", "-", environment=other, text=question)
    assert found.returncode == 2
    assert "SERVICE that is not allowed" in found.stderr
