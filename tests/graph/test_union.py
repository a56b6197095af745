"""The union of a release whose trials share a regimen: a triple in several graphs counts once, on every engine."""

from collections.abc import Iterator

import pytest

from engines import ENGINES
from equipoise.graph.publish import assemble, publish
from equipoise.graph.release import Release
from equipoise.graph.store.embedded import EmbeddedStore
from equipoise.graph.store.remote import RemoteStore
from equipoise.graph.store.transfer import compare_release, load_release
from equipoise.graph.union import UNION_GRAPH
from equipoise.ontology.iri import mint
from equipoise.queries.catalogue import catalogue
from equipoise.queries.run import run
from support import GIVEN, ROOT, normal_rows

PREFIXES = "PREFIX eqp: <https://w3id.org/equipoise/vocab/> "
REGIMEN = mint("regimen", "sorafenib-400-mg-po-bid")
COUNTS = {
    "all": "SELECT (COUNT(*) AS ?n) { ?s ?p ?o }",
    "of a shared thing": f"SELECT (COUNT(*) AS ?n) {{ <{REGIMEN}> ?p ?o }}",
    "of things in a shared one": "SELECT ?r (COUNT(?c) AS ?n) { ?r eqp:hasComponent ?c } GROUP BY ?r ORDER BY ?r",
    "by predicate": "SELECT ?p (COUNT(*) AS ?n) { ?s ?p ?o } GROUP BY ?p ORDER BY ?p",
    "sum": "SELECT (SUM(?d) AS ?n) { ?c a eqp:Component ; eqp:doseValue ?d }",
    "by graph": "SELECT ?g (COUNT(*) AS ?n) { GRAPH ?g { ?s ?p ?o } } GROUP BY ?g ORDER BY ?g",
    "graphs of a shared thing": f"SELECT ?g {{ <{REGIMEN}> a ?c GRAPH ?g {{ <{REGIMEN}> a ?c }} }} ORDER BY ?g",
    "blank nodes in both": "SELECT (COUNT(*) AS ?n) { ?s ?p ?o FILTER(ISBLANK(?o)) GRAPH ?g { ?o ?q ?r } }",
}
ONE_TRIAL = {"trial": "MADE-0002"}


@pytest.fixture(scope="module")
def sharing(tmp_path_factory: pytest.TempPathFactory) -> Release:
    """A release of two trials that have an arm with the same regimen."""
    records = [ROOT / "tests" / "data" / f"MADE-000{number}.yaml" for number in (1, 2)]
    return publish(assemble(records), tmp_path_factory.mktemp("sharing"))


@pytest.fixture(scope="module")
def own(sharing: Release) -> EmbeddedStore:
    return EmbeddedStore.of_release(sharing)


@pytest.fixture(scope="module", params=ENGINES)
def asked(request: pytest.FixtureRequest, sharing: Release, release: Release) -> Iterator[RemoteStore]:
    """An engine that holds that release while these tests last."""
    with request.getfixturevalue(request.param).store() as store:
        load_release(store, sharing)
        yield store
        load_release(store, release)


def test_trials_share_triples(sharing: Release, own: EmbeddedStore) -> None:
    (row,) = own.query(COUNTS["all"]).values()
    assert row["n"] < sum(1 for _ in sharing.quads())


@pytest.mark.parametrize("text", COUNTS.values(), ids=COUNTS)
def test_counts_are_the_same(own: EmbeddedStore, asked: RemoteStore, text: str) -> None:
    expected, found = own.query(PREFIXES + text), asked.query(PREFIXES + text)
    assert normal_rows(found) == normal_rows(expected)
    assert len(expected) > 0


def test_truth_values_leave_numbers_alone(own: EmbeddedStore, asked: RemoteStore) -> None:
    text = "SELECT ?c ?value ?is { ?c a eqp:Contrast ; eqp:value ?value BIND(EXISTS { ?c a ?d } AS ?is) } ORDER BY ?c"
    assert asked.query(PREFIXES + text).values() == own.query(PREFIXES + text).values()


@pytest.mark.parametrize("name", sorted(catalogue()))
def test_questions_are_answered_alike(own: EmbeddedStore, asked: RemoteStore, name: str) -> None:
    question = catalogue()[name]
    given = GIVEN.get(name, {}) | {
        parameter: value for parameter, value in ONE_TRIAL.items() if parameter in question.parameters
    }
    assert normal_rows(run(asked, question, given)) == normal_rows(run(own, question, given))


def test_union_is_no_graph_of_the_release(asked: RemoteStore, sharing: Release) -> None:
    named = {row["g"] for row in asked.query("SELECT DISTINCT ?g { GRAPH ?g { ?s ?p ?o } }").values()}
    assert named == set(asked.graphs) == {entry.iri for entry in sharing.manifest.graphs} | {mint("graph", "release")}
    assert (asked.count(UNION_GRAPH) > 0) == asked.engine.keeps_union


def test_union_is_verified(asked: RemoteStore, sharing: Release) -> None:
    compared = {graph.iri: graph for graph in compare_release(asked, sharing)}
    assert all(graph.same for graph in compared.values())
    assert (UNION_GRAPH in compared) == asked.engine.keeps_union
