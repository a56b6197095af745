"""The Python clients: SPARQLWrapper, and rdflib's stores over an endpoint."""

import json
from collections.abc import Callable
from typing import Any

import pyoxigraph as ox
import pytest
import rdflib
from rdflib.plugins.stores.sparqlstore import SPARQLStore, SPARQLUpdateStore
from SPARQLWrapper import (
    CSV,
    GET,
    JSON,
    JSONLD,
    N3,
    POST,
    POSTDIRECTLY,
    RDFXML,
    TSV,
    TURTLE,
    URLENCODED,
    XML,
    SPARQLWrapper,
)
from SPARQLWrapper.SPARQLExceptions import Unauthorized

from clients.asked import ASK, CONSTRUCT, SELECT, VALUES
from clients.conftest import TOKEN
from equipoise.ontology.iri import mint

GRAPH = rdflib.URIRef("https://evidence.example/graph/clients")
THING, NOTE = rdflib.URIRef("https://evidence.example/thing"), rdflib.URIRef("https://evidence.example/note")


def read(content: bytes, format: ox.QueryResultsFormat) -> list[str]:
    return [row["value"].value for row in ox.parse_query_results(content, format=format)]


ROWS: dict[str, Callable[[Any], list[str]]] = {
    JSON: lambda found: [row["value"]["value"] for row in found["results"]["bindings"]],
    XML: lambda found: read(found.toxml().encode(), ox.QueryResultsFormat.XML),
    CSV: lambda found: [line.partition(",")[0] for line in found.decode().splitlines()[1:]],
    TSV: lambda found: read(found, ox.QueryResultsFormat.TSV),
}


def wrapper(address: str, query: str) -> SPARQLWrapper:
    asking = SPARQLWrapper(f"{address}/sparql")
    asking.setQuery(query)
    return asking


@pytest.mark.parametrize("format", ROWS)
@pytest.mark.parametrize("method", [GET, POST])
def test_sparqlwrapper_reads_rows_in_every_format(server: str, method: str, format: str) -> None:
    asking = wrapper(server, SELECT)
    asking.setMethod(method)
    asking.setReturnFormat(format)
    assert ROWS[format](asking.queryAndConvert()) == VALUES


@pytest.mark.parametrize("request_method", [URLENCODED, POSTDIRECTLY])
def test_sparqlwrapper_posts_a_form_or_the_query_itself(server: str, request_method: str) -> None:
    asking = wrapper(server, SELECT)
    asking.setMethod(POST)
    asking.setRequestMethod(request_method)
    asking.setReturnFormat(JSON)
    assert ROWS[JSON](asking.queryAndConvert()) == VALUES


@pytest.mark.parametrize("format", [TURTLE, N3, RDFXML, JSONLD])
def test_sparqlwrapper_reads_graphs_in_every_format(server: str, format: str) -> None:
    asking = wrapper(server, CONSTRUCT)
    asking.setReturnFormat(format)
    found = asking.queryAndConvert()
    graph = found if isinstance(found, rdflib.Graph) else rdflib.Graph().parse(data=found, format="turtle")
    assert len(graph) == 2


def test_sparqlwrapper_asks_yes_or_no_and_of_named_graphs(server: str) -> None:
    asking = wrapper(server, ASK)
    asking.setReturnFormat(JSON)
    assert asking.queryAndConvert()["boolean"] is True
    asking.addDefaultGraph(mint("graph", "findings"))
    assert asking.queryAndConvert()["boolean"] is False


def test_sparqlwrapper_updates_with_a_token_and_not_without(writable: str) -> None:
    insert = f"INSERT DATA {{ GRAPH <{GRAPH}> {{ <{THING}> <{NOTE}> 'from SPARQLWrapper' }} }}"
    writing = wrapper(writable, insert)
    writing.setMethod(POST)
    with pytest.raises(Unauthorized):
        writing.query()
    writing.addCustomHttpHeader("Authorization", f"Bearer {TOKEN}")
    writing.query()
    asking = wrapper(writable, f"ASK {{ GRAPH <{GRAPH}> {{ <{THING}> <{NOTE}> 'from SPARQLWrapper' }} }}")
    asking.setReturnFormat(JSON)
    assert asking.queryAndConvert()["boolean"] is True


@pytest.mark.parametrize("method", ["GET", "POST", "POST_FORM"])
def test_rdflib_store_asks_by_every_method(server: str, method: str) -> None:
    graph = rdflib.Graph(store=SPARQLStore(f"{server}/sparql", method=method))
    assert [str(row["value"]) for row in graph.query(SELECT)] == VALUES
    assert graph.query(ASK).askAnswer is True
    assert len(graph.query(CONSTRUCT).graph) == 2


def test_rdflib_store_reads_triples_by_pattern(server: str) -> None:
    graph = rdflib.Graph(store=SPARQLStore(f"{server}/sparql"))
    trial = rdflib.URIRef(mint("trial", "NCT03764293"))
    assert (trial, rdflib.RDF.type, rdflib.URIRef(mint("vocab", "Trial"))) in graph
    assert str(graph.value(trial, rdflib.URIRef(mint("vocab", "acronym")))) == "CARES-310"


def test_rdflib_update_store_adds_and_removes(writable: str) -> None:
    endpoint = f"{writable}/sparql"
    store = SPARQLUpdateStore(endpoint, endpoint, headers={"Authorization": f"Bearer {TOKEN}"})
    graph = rdflib.Graph(store=store, identifier=GRAPH)
    note = rdflib.Literal("from rdflib")
    graph.add((THING, NOTE, note))
    assert (THING, NOTE, note) in graph
    graph.remove((THING, NOTE, note))
    assert (THING, NOTE, note) not in graph


def test_answers_of_all_python_clients_are_the_same(server: str) -> None:
    asking = wrapper(server, SELECT)
    asking.setReturnFormat(JSON)
    labels = [row["label"]["value"] for row in asking.queryAndConvert()["results"]["bindings"]]
    graph = rdflib.Graph(store=SPARQLStore(f"{server}/sparql"))
    assert json.dumps(labels) == json.dumps([str(row["label"]) for row in graph.query(SELECT)])
