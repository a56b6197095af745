"""What a release says of itself as a VoID dataset: every number is what a counting query finds."""

import json

import pyoxigraph as ox
import pytest
import rdflib
from rdflib import DCTERMS, RDF, VOID

from equipoise.graph.evidence import LINKED_GRAPH
from equipoise.graph.release import Release
from equipoise.graph.store import Bindings, Dataset
from equipoise.graph.store.embedded import EmbeddedStore
from equipoise.graph.void import dataset_quads
from equipoise.ontology.iri import BASE, mint

COUNTS = {
    "triples": "SELECT (COUNT(*) AS ?n) { SELECT DISTINCT ?s ?p ?o { ?s ?p ?o } }",
    "distinctSubjects": "SELECT (COUNT(DISTINCT ?s) AS ?n) { ?s ?p ?o }",
    "distinctObjects": "SELECT (COUNT(DISTINCT ?o) AS ?n) { ?s ?p ?o }",
    "properties": "SELECT (COUNT(DISTINCT ?p) AS ?n) { ?s ?p ?o }",
    "classes": "SELECT (COUNT(DISTINCT ?c) AS ?n) { ?s a ?c FILTER(ISIRI(?c)) }",
    "entities": f"SELECT (COUNT(DISTINCT ?s) AS ?n) {{ ?s ?p ?o FILTER(ISIRI(?s) && STRSTARTS(STR(?s), '{BASE}')) }}",
}
CLASSES = "SELECT ?term (COUNT(DISTINCT ?s) AS ?n) { ?s a ?term FILTER(ISIRI(?term)) } GROUP BY ?term"
PROPERTIES = """SELECT ?term (COUNT(*) AS ?n) { SELECT DISTINCT ?s ?term ?o { ?s ?term ?o } } GROUP BY ?term"""


@pytest.fixture(scope="module")
def described(store: EmbeddedStore) -> rdflib.Graph:
    """The graph in which the release describes itself."""
    return store.query(
        "CONSTRUCT { ?s ?p ?o } { GRAPH <https://w3id.org/equipoise/graph/release> { ?s ?p ?o } }"
    ).graph()


def rows(store: EmbeddedStore, release: Release, query: str) -> list[dict]:
    """The rows of a query over the graphs of the manifest, but for what others say of the targets of mappings."""
    graphs = Dataset(tuple(entry.iri for entry in release.manifest.graphs if entry.iri != LINKED_GRAPH))
    answer = store.query(query, dataset=graphs)
    assert isinstance(answer, Bindings)
    return answer.values()


@pytest.mark.parametrize("name", COUNTS)
def test_count_is_what_a_query_counts(
    store: EmbeddedStore, release: Release, described: rdflib.Graph, name: str
) -> None:
    stated = described.value(rdflib.URIRef(mint("release", release.id)), VOID[name])
    assert stated.toPython() == rows(store, release, COUNTS[name])[0]["n"] > 0


@pytest.mark.parametrize(
    ("kind", "count", "query"), [("class", "entities", CLASSES), ("property", "triples", PROPERTIES)]
)
def test_partitions_are_what_queries_count(
    store: EmbeddedStore, release: Release, described: rdflib.Graph, kind: str, count: str, query: str
) -> None:
    dataset = rdflib.URIRef(mint("release", release.id))
    parts = list(described.objects(dataset, VOID[f"{kind}Partition"]))
    stated = {str(described.value(part, VOID[kind])): described.value(part, VOID[count]).toPython() for part in parts}
    assert stated == {row["term"]: row["n"] for row in rows(store, release, query)}
    assert len(parts) == len(set(parts)) == len(stated) > 40


def test_graphs_of_the_release_are_its_subsets_with_their_sizes(release: Release, described: rdflib.Graph) -> None:
    subsets = described.objects(rdflib.URIRef(mint("release", release.id)), VOID.subset)
    stated = {str(graph): described.value(graph, VOID.triples).toPython() for graph in subsets}
    assert stated == {entry.iri: entry.triples for entry in release.manifest.graphs}


def test_licence_and_examples_are_named(release: Release, described: rdflib.Graph) -> None:
    dataset = rdflib.URIRef(mint("release", release.id))
    assert (dataset, RDF.type, VOID.Dataset) in described
    assert str(described.value(dataset, DCTERMS.license)) == "https://creativecommons.org/licenses/by/4.0/"
    examples = {str(example) for example in described.objects(dataset, VOID.exampleResource)}
    assert mint("trial", "NCT03764293") in examples
    assert len(examples) == 3


def test_triple_of_two_graphs_counts_once() -> None:
    def quad(subject: str, predicate: str, value: str, graph: str) -> ox.Quad:
        return ox.Quad(*(ox.NamedNode(mint(part)) for part in (subject, predicate, value, graph)))

    graphs = {
        mint("one"): [quad("a", "p", "b", "one"), quad("a", "p", "c", "one"), quad("d", "p", "b", "one")],
        mint("two"): [quad("a", "p", "b", "two"), quad("e", "q", "b", "two")],
    }
    stated = {quad.predicate.value.rpartition("#")[2]: quad.object.value for quad in dataset_quads("made", graphs)}
    numbers = {name: stated[name] for name in ("distinctSubjects", "distinctObjects", "properties", "classes")}
    assert numbers == {"distinctSubjects": "3", "distinctObjects": "2", "properties": "2", "classes": "0"}
    of_release = [quad for quad in dataset_quads("made", graphs) if quad.subject.value == mint("release", "made")]
    assert [quad.object.value for quad in of_release if quad.predicate.value.endswith("#triples")] == ["4"]


def test_terms_whose_names_differ_in_case_only_are_two_partitions() -> None:
    graph = ox.NamedNode(mint("made"))
    names = ["https://other.example/a-b", "https://other.example/A_b", mint("vocab", "Arm"), mint("vocab", "arm")]
    quads = [ox.Quad(graph, ox.NamedNode(name), graph, graph) for name in names]
    parts = [quad.object for quad in dataset_quads("made", {graph.value: quads}) if "Partition" in str(quad.predicate)]
    assert len(set(parts)) == len(names)


def test_description_is_no_part_of_the_identifier(release: Release) -> None:
    manifest = json.loads((release.folder / "manifest.json").read_text())
    assert mint("graph", "release") not in {entry["iri"] for entry in manifest["graphs"]}
