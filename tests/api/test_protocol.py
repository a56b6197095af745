"""`/sparql` as clients meet it: the formats, the three ways to ask, real clients, and the limits."""

from concurrent.futures import ThreadPoolExecutor

import httpx
import pyoxigraph as ox
import pytest
import rdflib
from rdflib.plugins.stores.sparqlstore import SPARQLStore
from SPARQLWrapper import JSON, POST, TURTLE, SPARQLWrapper

from equipoise.graph.release import Release
from support import problem, triples_of

PREFIXES = "PREFIX eqp: <https://w3id.org/equipoise/vocab/> PREFIX rdfs: <http://www.w3.org/2000/01/rdf-schema#> "
SELECT = PREFIXES + "SELECT ?value ?label { ?c a eqp:Contrast ; eqp:value ?value ; rdfs:label ?label } ORDER BY ?value"
GRAPH = PREFIXES + "CONSTRUCT { ?t rdfs:label ?l } { ?t a eqp:Arm ; rdfs:label ?l }"
CROSS = "SELECT (COUNT(*) AS ?n) { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i }"
RESULTS = {
    "application/sparql-results+json": ox.QueryResultsFormat.JSON,
    "application/sparql-results+xml": ox.QueryResultsFormat.XML,
    "text/tab-separated-values": ox.QueryResultsFormat.TSV,
}
GRAPHS = {
    "text/turtle": "turtle",
    "application/n-triples": "nt",
    "application/ld+json": "json-ld",
    "application/rdf+xml": "xml",
}


@pytest.mark.parametrize("media_type", [*RESULTS, "text/csv"])
def test_rows_come_in_the_media_type_asked_for(client: httpx.Client, media_type: str) -> None:
    response = client.get("/sparql", params={"query": SELECT}, headers={"Accept": media_type})
    assert response.status_code == 200
    assert response.headers["content-type"].partition(";")[0] == media_type
    if media_type in RESULTS:
        rows = list(ox.parse_query_results(response.content, format=RESULTS[media_type]))
        assert [row["value"].value for row in rows][:2] == ["0.52", "0.54"]
    else:
        assert response.text.splitlines()[0] == "value,label"


@pytest.mark.parametrize("media_type", GRAPHS)
def test_graphs_come_in_the_media_type_asked_for(client: httpx.Client, media_type: str) -> None:
    response = client.get("/sparql", params={"query": GRAPH}, headers={"Accept": media_type})
    assert response.headers["content-type"].partition(";")[0] == media_type
    assert len(rdflib.Graph().parse(data=response.text, format=GRAPHS[media_type])) == 2


@pytest.mark.parametrize(
    ("accept", "query", "media_type"),
    [
        ("*/*", SELECT, "application/sparql-results+json"),
        ("application/json", SELECT, "application/sparql-results+json"),
        ("text/csv;q=0.5, application/sparql-results+xml;q=0.9", SELECT, "application/sparql-results+xml"),
        ("text/html,application/xhtml+xml,*/*;q=0.8", SELECT, "text/html"),
        ("*/*", GRAPH, "text/turtle"),
        ("application/ld+json, text/turtle;q=0.1", GRAPH, "application/ld+json"),
        ("*/*", "ASK {}", "application/sparql-results+json"),
    ],
)
def test_preferences_are_weighed(client: httpx.Client, accept: str, query: str, media_type: str) -> None:
    response = client.get("/sparql", params={"query": query}, headers={"Accept": accept})
    assert response.headers["content-type"].partition(";")[0] == media_type


def test_all_three_ways_to_ask_give_the_same(client: httpx.Client) -> None:
    got = client.get("/sparql", params={"query": SELECT})
    form = client.post("/sparql", data={"query": SELECT})
    direct = client.post("/sparql", content=SELECT.encode(), headers={"Content-Type": "application/sparql-query"})
    assert got.content == form.content == direct.content
    assert client.head("/sparql", params={"query": SELECT}).status_code == 200


def test_dataset_of_the_protocol_is_honoured(client: httpx.Client, release: Release) -> None:
    count = "SELECT (COUNT(*) AS ?n) { ?s ?p ?o }"
    graph = "https://w3id.org/equipoise/graph/findings"

    def number(response: httpx.Response) -> int:
        return int(response.json()["results"]["bindings"][0]["n"]["value"])

    everything = number(client.get("/sparql", params={"query": count}))
    one = number(client.get("/sparql", params={"query": count, "default-graph-uri": graph}))
    posted = number(
        client.post(
            f"/sparql?default-graph-uri={graph}", content=count, headers={"Content-Type": "application/sparql-query"}
        )
    )
    assert one == posted == triples_of(release, "findings") < everything


def test_query_that_passes_the_time_limit_is_stopped_while_others_are_answered(
    client: httpx.Client, server: str
) -> None:
    with ThreadPoolExecutor() as threads:
        heavy = [threads.submit(httpx.get, f"{server}/sparql", params={"query": CROSS}, timeout=60) for _ in range(2)]
        for path in ("/health", "/queries/arms", "/trial/NCT03764293"):
            assert client.get(path).status_code == 200
        stopped = [one.result() for one in heavy]
    for response in stopped:
        assert response.status_code == 504
        assert "was stopped after 3 seconds" in problem(response)["detail"]
    assert client.get("/sparql", params={"query": "ASK {}"}).status_code == 200


def test_service_describes_itself_to_those_who_ask_without_a_query(client: httpx.Client, server: str) -> None:
    graph = rdflib.Graph().parse(data=client.get("/sparql", headers={"Accept": "text/turtle"}).text, format="turtle")
    sd = rdflib.Namespace("http://www.w3.org/ns/sparql-service-description#")
    (service,) = graph.subjects(rdflib.RDF.type, sd.Service)
    assert graph.value(service, sd.endpoint) == rdflib.URIRef(f"{server}/sparql")
    assert (service, sd.feature, sd.UnionDefaultGraph) in graph


def test_sparqlwrapper_works(server: str) -> None:
    wrapper = SPARQLWrapper(f"{server}/sparql")
    wrapper.setQuery(SELECT)
    wrapper.setReturnFormat(JSON)
    assert len(wrapper.queryAndConvert()["results"]["bindings"]) == 6
    wrapper.setMethod(POST)
    assert len(wrapper.queryAndConvert()["results"]["bindings"]) == 6
    wrapper.setQuery(GRAPH)
    wrapper.setReturnFormat(TURTLE)
    assert len(rdflib.Graph().parse(data=wrapper.queryAndConvert(), format="turtle")) == 2


def test_rdflib_sparql_store_works(server: str) -> None:
    graph = rdflib.Graph(store=SPARQLStore(f"{server}/sparql"))
    values = [row["value"].toPython() for row in graph.query(SELECT)]
    assert [str(value) for value in values[:2]] == ["0.52", "0.54"]
