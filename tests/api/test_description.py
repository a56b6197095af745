"""What the service says of itself in RDF: its SPARQL service description, and the VoID description of its release."""

from pathlib import Path

import httpx
import pyoxigraph as ox
import pyshacl
import pytest
import rdflib
from rdflib import DCTERMS, FOAF, RDF, VOID

from equipoise.api.description import Offer, service_description
from equipoise.graph.issue import issue_release
from equipoise.graph.release import DEFAULT_GRAPH, Release
from equipoise.graph.store.embedded import EmbeddedStore
from equipoise.ontology.iri import mint
from equipoise.ontology.rdf import RDF_TYPE, in_graph
from support import ROOT

SD = rdflib.Namespace("http://www.w3.org/ns/sparql-service-description#")
SHAPES = ROOT / "tests" / "conformance" / "service-description.ttl"
ENDPOINT = "https://evidence.example/sparql"
FORMATS = {
    "text/turtle": "turtle",
    "application/n-triples": "nt",
    "application/rdf+xml": "xml",
    "application/ld+json": "json-ld",
}
OFFERS = [Offer(), Offer(union=False, updates=True, empty_graphs=True), Offer(federated=True)]


def described(store: EmbeddedStore, offer: Offer) -> tuple[rdflib.Graph, rdflib.term.Node]:
    graph = service_description(store, offer, endpoint=ENDPOINT).graph()
    (service,) = graph.subjects(RDF.type, SD.Service)
    return graph, service


def names(graph: rdflib.Graph, service: rdflib.term.Node, predicate: rdflib.URIRef) -> set[str]:
    return {str(value).rpartition("#")[2] for value in graph.objects(service, predicate)}


@pytest.mark.parametrize("offer", OFFERS, ids=repr)
def test_description_obeys_its_vocabulary(store: EmbeddedStore, offer: Offer) -> None:
    graph, service = described(store, offer)
    conforms, _, report = pyshacl.validate(graph, shacl_graph=rdflib.Graph().parse(SHAPES))
    assert conforms, report
    assert graph.value(service, SD.endpoint) == rdflib.URIRef(ENDPOINT)


def test_description_says_what_is_offered_and_no_more(store: EmbeddedStore) -> None:
    graph, service = described(store, Offer())
    assert names(graph, service, SD.supportedLanguage) == {"SPARQL11Query"}
    assert names(graph, service, SD.feature) == {"UnionDefaultGraph"}
    assert names(graph, service, SD.inputFormat) == set()
    graph, service = described(store, Offer(union=False, updates=True, empty_graphs=True, federated=True))
    assert names(graph, service, SD.supportedLanguage) == {"SPARQL11Query", "SPARQL11Update"}
    assert names(graph, service, SD.feature) == {"EmptyGraphs", "BasicFederatedQuery"}
    assert "http://www.w3.org/ns/formats/Turtle" in names(graph, service, SD.inputFormat)


def test_description_names_every_format_that_is_answered_in(store: EmbeddedStore) -> None:
    graph, service = described(store, Offer())
    formats = {str(iri).rpartition("/")[2] for iri in graph.objects(service, SD.resultFormat)}
    results = {f"SPARQL_Results_{name}" for name in ("JSON", "XML", "CSV", "TSV")}
    assert formats >= results | {"Turtle", "N-Triples", "RDF_XML", "JSON-LD"}
    assert rdflib.URIRef("http://www.w3.org/ns/formats/JSON-LD") in graph.objects(service, SD.resultFormat)


def test_description_names_every_graph_with_its_size(store: EmbeddedStore, release: Release) -> None:
    graph, service = described(store, Offer())
    dataset = graph.value(service, SD.defaultDataset)
    found = {
        str(graph.value(named, SD.name)): graph.value(graph.value(named, SD.graph), VOID.triples)
        for named in graph.objects(dataset, SD.namedGraph)
    }
    sizes = {iri: triples.toPython() for iri, triples in found.items() if triples is not None}
    assert sizes == {entry.iri: entry.triples for entry in release.manifest.graphs}
    assert set(found) - set(sizes) == {mint("graph", "release")}


def test_default_graph_is_described_as_what_it_is_and_never_as_a_named_one(tmp_path: Path) -> None:
    graphs = {
        DEFAULT_GRAPH: tuple(in_graph([ox.Triple(RDF_TYPE, RDF_TYPE, RDF_TYPE)], None)),
        mint("graph", "own"): (),
    }
    release = issue_release(tmp_path, graphs, provenance=[], trials=[], findings={}, reasoner="none")
    store = EmbeddedStore.of_release(release)
    for union, size in ((True, None), (False, 1)):
        graph, service = described(store, Offer(union=union))
        dataset = graph.value(service, SD.defaultDataset)
        stated = graph.value(graph.value(dataset, SD.defaultGraph), VOID.triples)
        assert (None if stated is None else stated.toPython()) == size
        names = {str(name) for name in graph.objects(None, SD.name)}
        assert names == {mint("graph", "own"), mint("graph", "release")}


@pytest.mark.parametrize("media_type", FORMATS)
@pytest.mark.parametrize("path", ["/sparql", "/.well-known/void"])
def test_descriptions_come_in_every_format_of_graphs(client: httpx.Client, path: str, media_type: str) -> None:
    response = client.get(path, headers={"Accept": media_type})
    assert response.status_code == 200
    assert response.headers["content-type"].partition(";")[0] == media_type
    graph = rdflib.Graph().parse(data=response.text, format=FORMATS[media_type])
    usual = rdflib.Graph().parse(data=client.get(path).text, format="turtle")
    assert set(graph) == set(usual)


def test_void_document_is_about_the_release_and_says_where_to_ask(
    client: httpx.Client, server: str, release: Release
) -> None:
    graph = rdflib.Graph().parse(data=client.get("/.well-known/void").text, format="turtle")
    document, dataset = rdflib.URIRef(f"{server}/.well-known/void"), rdflib.URIRef(mint("release", release.id))
    assert (document, RDF.type, VOID.DatasetDescription) in graph
    assert graph.value(document, FOAF.primaryTopic) == dataset
    assert graph.value(dataset, VOID.sparqlEndpoint) == rdflib.URIRef(f"{server}/sparql")
    assert str(graph.value(dataset, DCTERMS.identifier)) == release.id
    assert graph.value(dataset, VOID.triples).toPython() > 10_000
    assert len(list(graph.objects(dataset, VOID.subset))) == len(release.manifest.graphs)
    assert list(graph.objects(dataset, VOID.classPartition))


def test_void_sends_browsers_to_the_page_of_the_release(client: httpx.Client, release: Release) -> None:
    response = client.get("/.well-known/void", headers={"Accept": "text/html,*/*;q=0.1"})
    assert response.status_code == 303
    assert response.headers["location"] == f"/release/{release.id}"
    assert client.get(response.headers["location"], headers={"Accept": "text/html"}).status_code == 200


def test_store_that_does_not_describe_itself_has_a_service_without_graphs(tmp_path: Path) -> None:
    ox.Store(str(tmp_path / "index")).flush()
    graph, service = described(EmbeddedStore(tmp_path / "index", ""), Offer())
    assert graph.value(service, SD.endpoint) == rdflib.URIRef(ENDPOINT)
    assert list(graph.objects(None, SD.namedGraph)) == []
