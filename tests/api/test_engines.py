"""The service over an engine elsewhere: the same paths, formats, pages and refusals as over its own index."""

from collections.abc import Iterator

import httpx
import pyoxigraph as ox
import pytest
import rdflib

from engines import ENGINES, RunningEngine
from equipoise.graph.release import Release
from serving import serving_equipoise
from support import problem

PREFIXES = "PREFIX eqp: <https://w3id.org/equipoise/vocab/> PREFIX rdfs: <http://www.w3.org/2000/01/rdf-schema#> "
SELECT = PREFIXES + "SELECT ?value ?label { ?c a eqp:Contrast ; eqp:value ?value ; rdfs:label ?label } ORDER BY ?value"
GRAPH = PREFIXES + "CONSTRUCT { ?t rdfs:label ?l } { ?t a eqp:Arm ; rdfs:label ?l }"
CROSS = "SELECT (COUNT(*) AS ?n) { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i }"
GRAPHS = {"text/turtle": "turtle", "application/ld+json": "json-ld", "application/rdf+xml": "xml"}


@pytest.fixture(scope="module", params=ENGINES)
def served(
    request: pytest.FixtureRequest, environment: dict[str, str], tmp_path_factory: pytest.TempPathFactory
) -> Iterator[httpx.Client]:
    """A client of a service that asks an engine, which may take longer than an index at hand: Virtuoso sends nothing
    before it has everything. But not long: a service that ends waits for what it asked."""
    engine: RunningEngine = request.getfixturevalue(request.param)
    mine = {"EQUIPOISE_STORE": engine.address, "EQUIPOISE_WRITE_TOKEN": "curator=0123456789abcdef"}
    mine["EQUIPOISE_QUERY_SECONDS"] = "10"
    with (
        serving_equipoise({**environment, **mine}, log=tmp_path_factory.mktemp("served") / "log") as address,
        httpx.Client(base_url=address, timeout=60) as client,
    ):
        yield client


def test_release_of_the_engine_is_named(served: httpx.Client, release: Release) -> None:
    response = served.get("/health")
    assert response.json() == {"status": "ok", "release": release.id}
    assert response.headers["equipoise-release"] == release.id


def test_rows_and_truth_come_as_from_the_own_index(served: httpx.Client, client: httpx.Client) -> None:
    for accept in ("application/sparql-results+json", "application/sparql-results+xml", "text/csv"):
        there = served.get("/sparql", params={"query": SELECT}, headers={"Accept": accept})
        here = client.get("/sparql", params={"query": SELECT}, headers={"Accept": accept})
        assert (there.status_code, there.headers["content-type"]) == (200, here.headers["content-type"])
        assert sorted(there.text.split("},{")) == sorted(here.text.split("},{"))
    yes = served.get("/sparql", params={"query": PREFIXES + "ASK { ?t a eqp:Trial }"})
    assert yes.json()["boolean"] is True
    assert served.get("/sparql", params={"query": "ASK { ?t a <http://none/> }"}).json()["boolean"] is False


@pytest.mark.parametrize("media_type", GRAPHS)
def test_graphs_come_in_every_format(served: httpx.Client, media_type: str) -> None:
    response = served.get("/sparql", params={"query": GRAPH}, headers={"Accept": media_type})
    assert response.headers["content-type"].partition(";")[0] == media_type
    assert len(rdflib.Graph().parse(data=response.text, format=GRAPHS[media_type])) == 2


def test_rows_are_cut_and_long_answers_streamed(served: httpx.Client) -> None:
    everything = {"query": "SELECT * { ?s ?p ?o }"}
    cut = served.get("/sparql", params={**everything, "rows": "5"}, headers={"Accept": "text/csv"})
    assert cut.status_code == 200, cut.text
    assert cut.headers["equipoise-truncated"] == "rows=5"
    assert len(cut.text.splitlines()) == 6
    whole = served.get("/sparql", params=everything)
    solutions = ox.parse_query_results(whole.content, format=ox.QueryResultsFormat.JSON)
    assert isinstance(solutions, ox.QuerySolutions)
    assert len(list(solutions)) > 10_000


def test_time_limit_holds_and_others_are_answered(served: httpx.Client) -> None:
    stopped = served.get("/sparql", params={"query": CROSS, "timeout": "1"})
    assert stopped.status_code in (503, 504)
    assert problem(stopped)["detail"]
    assert served.get("/sparql", params={"query": "ASK { ?s ?p ?o }"}).json()["boolean"] is True


def test_what_is_no_query_is_refused(served: httpx.Client) -> None:
    for query in ("SELECT * {", "CLEAR ALL", "SELECT * { SERVICE <http://127.0.0.1:9/> { ?s ?p ?o } }"):
        assert problem(served.get("/sparql", params={"query": query}))["status"] == 400


def test_nothing_is_written_through_this_service(served: httpx.Client) -> None:
    bearer = {"Authorization": "Bearer 0123456789abcdef"}
    update = served.post("/sparql", data={"update": "CLEAR ALL"}, headers=bearer)
    assert problem(update)["status"] == 403
    graph = "https://w3id.org/equipoise/graph/vocabulary"
    assert served.delete("/graphs", params={"graph": graph}, headers=bearer).status_code == 403
    assert len(rdflib.Graph().parse(data=served.get("/graphs", params={"graph": graph}).text, format="turtle")) > 1000


@pytest.mark.parametrize("path", ["/", "/trial/NCT03764293", "/drug/camrelizumab", "/vocab/Contrast", "/audit"])
def test_pages_are_served(served: httpx.Client, path: str) -> None:
    page = served.get(path, headers={"Accept": "text/html"})
    assert page.status_code == 200, page.text
    assert "</html>" in page.text


def test_trial_is_the_same_document(served: httpx.Client, client: httpx.Client) -> None:
    assert served.get("/trial/NCT03764293").json() == client.get("/trial/NCT03764293").json()


def test_service_and_dataset_describe_themselves(served: httpx.Client) -> None:
    for path in ("/sparql", "/.well-known/void"):
        graph = rdflib.Graph().parse(data=served.get(path, headers={"Accept": "text/turtle"}).text, format="turtle")
        assert len(graph) > 20
