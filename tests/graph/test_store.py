"""One suite for every store: embedded, pooled, and remote against a real server. And what only some of them promise."""

from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path

import pandas
import pyoxigraph as ox
import pytest
import rdflib

import equipoise.graph.store
from engines import ENGINES
from equipoise.graph.release import Release
from equipoise.graph.store import Bindings, Dataset, Store, Triples, Truth, open_store
from equipoise.graph.store.embedded import EmbeddedStore
from equipoise.graph.store.pooled import PooledStore
from equipoise.graph.store.remote import RemoteStore
from equipoise.ontology.errors import QueryError, ReleaseError
from equipoise.ontology.iri import EQP, mint
from equipoise.queries.catalogue import catalogue
from equipoise.queries.run import run
from support import GIVEN, normal_rows, triples_of

PREFIXES = "PREFIX eqp: <https://w3id.org/equipoise/vocab/> PREFIX rdfs: <http://www.w3.org/2000/01/rdf-schema#> "


@pytest.fixture(params=["embedded", "pooled", "own server", *ENGINES])
def any_store(request: pytest.FixtureRequest) -> Iterator[Store]:
    match request.param:
        case "embedded":
            yield request.getfixturevalue("store")
        case "pooled":
            yield request.getfixturevalue("pooled")
        case "own server":
            with RemoteStore(request.getfixturevalue("server") + "/sparql") as store:
                yield store
        case name:
            with request.getfixturevalue(name).store() as store:
                yield store


def test_select_gives_rows(any_store: Store) -> None:
    answer = any_store.query(
        PREFIXES + "SELECT ?value ?none { ?c a eqp:Contrast ; eqp:value ?value } ORDER BY ?value LIMIT 2"
    )
    assert isinstance(answer, Bindings)
    assert answer.variables == ("value", "none")
    assert [row["value"] for row in answer] == [rdflib.Literal(Decimal("0.52")), rdflib.Literal(Decimal("0.54"))]
    assert answer.values()[0] == {"value": Decimal("0.52"), "none": None}
    assert len(answer) == 2


def test_rows_become_a_data_frame(any_store: Store) -> None:
    answer = any_store.query(PREFIXES + "SELECT ?c ?value { ?c a eqp:Contrast ; eqp:value ?value } ORDER BY ?c")
    assert isinstance(answer, Bindings)
    frame = answer.dataframe()
    assert isinstance(frame, pandas.DataFrame)
    assert frame["value"].dtype == float
    assert frame["value"].min() == 0.52
    empty = any_store.query("SELECT ?a ?b { ?a <http://none/> ?b }")
    assert list(empty.dataframe().columns) == ["a", "b"]


def test_ask_gives_a_truth_value(any_store: Store) -> None:
    yes = any_store.query(PREFIXES + "ASK { ?t a eqp:Trial }")
    assert isinstance(yes, Truth)
    assert bool(yes) is True
    assert not any_store.query("ASK { ?t a <http://none/> }")


@pytest.mark.parametrize(
    "form", ["CONSTRUCT { ?t rdfs:label ?l } WHERE { ?t a eqp:Trial ; rdfs:label ?l }", "DESCRIBE eqp:HazardRatio"]
)
def test_construct_and_describe_give_a_graph(any_store: Store, form: str) -> None:
    answer = any_store.query(PREFIXES + form)
    assert isinstance(answer, Triples)
    graph = answer.graph()
    assert isinstance(graph, rdflib.Graph)
    assert len(graph) == len(answer) > 0


def test_bindings_are_terms_and_stay_terms(any_store: Store) -> None:
    query = PREFIXES + "SELECT ?trial ?label WHERE { ?trial a eqp:Trial ; rdfs:label ?label }"
    found = any_store.query(query, bindings={"trial": ox.NamedNode(mint("trial", "NCT03764293"))})
    assert len(found) == 1
    hostile = 'x" } UNION { ?trial ?p ?label } #'
    none = any_store.query(query, bindings={"label": ox.Literal(hostile)})
    assert len(none) == 0


def test_binding_reaches_a_filter(any_store: Store) -> None:
    query = PREFIXES + "SELECT ?name ?drug WHERE { ?drug a eqp:Drug ; rdfs:label ?l FILTER(STR(?l) = ?name) }"
    (row,) = any_store.query(query, bindings={"name": ox.Literal("sorafenib")}).values()
    assert row["drug"] == mint("drug", "sorafenib")


def test_dataset_names_the_graphs_that_are_asked(any_store: Store) -> None:
    query = "SELECT (COUNT(*) AS ?n) WHERE { ?s ?p ?o }"
    (all_graphs,) = any_store.query(query).values()
    (one,) = any_store.query(query, dataset=Dataset(default=(mint("graph", "findings"),))).values()
    assert 0 < one["n"] < all_graphs["n"]
    named = "SELECT (COUNT(*) AS ?n) WHERE { GRAPH ?g { ?s ?p ?o } }"
    (in_graph,) = any_store.query(named, dataset=Dataset(named=(mint("graph", "findings"),))).values()
    assert in_graph == one


@pytest.mark.parametrize(
    ("clause", "graphs"),
    [
        ("FROM <{findings}>", ["findings"]),
        ("FROM <{findings}> FROM <{vocabulary}>", ["findings", "vocabulary"]),
        ("FROM NAMED <{findings}>", []),
        ("# FROM <http://none/>\n", None),
    ],
)
def test_dataset_of_the_query_itself_is_honoured(
    any_store: Store, release: Release, clause: str, graphs: list[str] | None
) -> None:
    names = {name: mint("graph", name) for name in ("findings", "vocabulary")}
    query = "SELECT (COUNT(*) AS ?n) " + clause.format(**names) + " WHERE { ?s ?p ?o }"
    (row,) = any_store.query(query).values()
    if graphs is None:
        assert row["n"] > triples_of(release, "findings") + triples_of(release, "vocabulary")
    else:
        assert row["n"] == sum(triples_of(release, graph) for graph in graphs)


REFUSED = {
    "SELECT ?x { ?x a eqp:Trial }": "Prefix not found",
    "SELECT ?x WHERE": "expected",
    "INSERT DATA { <http://a/> <http://b/> <http://c/> }": ".",
    "SELECT * { SERVICE <http://127.0.0.1:9/> { ?s ?p ?o } }": "SERVICE is switched off",
    "": ".",
}


@pytest.mark.parametrize("query", REFUSED)
def test_query_that_cannot_be_answered_is_refused(any_store: Store, query: str) -> None:
    with pytest.raises(QueryError):
        any_store.query(query)


@pytest.mark.parametrize("query", REFUSED)
def test_reason_of_a_refusal_is_said(store: EmbeddedStore, query: str) -> None:
    with pytest.raises(QueryError, match=REFUSED[query]):
        store.query(query)


WITHOUT_ROWS = {"stale-mappings", "outcome-switching", *(name for name in catalogue() if name.startswith("registry-"))}
"""What is asked of external ontologies and registry records: the release has none."""

ASKED = [
    *((name, {}) for name in sorted(catalogue())),
    *((name, {"timepoint": "24"}) for name in ("absolute-benefit", "landmark-survival")),
    ("severe-adverse-events", {"above": "10.5"}),
]


@pytest.mark.parametrize(
    ("name", "parameters"), ASKED, ids=lambda part: part if isinstance(part, str) else "-".join(part)
)
def test_catalogue_answers_alike_on_every_store(
    name: str, parameters: dict[str, str], store: EmbeddedStore, any_store: Store
) -> None:
    question = catalogue()[name]
    given = GIVEN.get(name, {})
    if "trial" in question.parameters:
        given = {**given, "trial": "NCT03764293"}
    expected, found = run(store, question, given | parameters), run(any_store, question, given | parameters)
    assert found.variables == expected.variables
    assert normal_rows(found) == normal_rows(expected)
    assert len(expected) > 0 or name in WITHOUT_ROWS


def test_release_is_named_by_the_stores_that_know_it(release, store: EmbeddedStore, pooled: PooledStore) -> None:
    assert store.query("ASK {}").release == pooled.query("ASK {}").release == release.id


def test_store_is_opened_by_folder_by_address_and_by_the_environment(
    data_folder: Path, release, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert open_store(data_folder).release == release.id
    assert isinstance(open_store("http://127.0.0.1:9/sparql"), RemoteStore)
    monkeypatch.setenv("EQUIPOISE_DATA", str(data_folder))
    assert open_store().release == release.id


def test_address_where_nobody_answers_is_said(tmp_path: Path) -> None:
    with pytest.raises(ReleaseError, match="cannot be asked"):
        open_store("http://127.0.0.1:9/sparql").query("ASK {}")
    with pytest.raises(ReleaseError, match="has no release"):
        open_store(tmp_path)


def test_store_is_an_rdflib_dataset_too(store: EmbeddedStore) -> None:
    dataset = store.dataset()
    label = dataset.value(rdflib.URIRef(EQP + "HazardRatio"), rdflib.RDFS.label)
    assert str(label) == "hazard ratio"


def test_example_of_the_module_is_true(data_folder: Path, release, monkeypatch: pytest.MonkeyPatch) -> None:
    import doctest

    monkeypatch.setenv("EQUIPOISE_DATA", str(data_folder))
    assert doctest.testmod(equipoise.graph.store) == doctest.TestResults(failed=0, attempted=4)
