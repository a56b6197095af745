"""Loading: what arrives is what was sent, whatever happens on the way, and readers never meet a part of it."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from threading import Timer

import httpx
import pyoxigraph as ox
import pytest

from engines import ENGINES, RunningEngine, running
from equipoise.graph.external.served import OntologyFile, add_ontology, remove_ontology
from equipoise.graph.publish import Assembly, publish
from equipoise.graph.release import Release
from equipoise.graph.settings import Settings
from equipoise.graph.store.remote import RemoteStore
from equipoise.graph.store.transfer import compare_release, load_release
from equipoise.graph.store.writing import STAGING
from equipoise.graph.union import DEFAULT_GRAPH, UNION_GRAPH
from equipoise.ontology.errors import ReleaseError
from equipoise.ontology.iri import EQP, mint
from equipoise.ontology.rdf import in_graph, typed
from support import equipoise

CONTRASTS = f"SELECT (COUNT(*) AS ?n) WHERE {{ ?c a <{EQP}Contrast> ; <{EQP}value> ?v }}"
NAMES = ("findings", "inferred", "linked", "mappings", "trial/NCT03764293", "vocabulary", "release")
GRAPHS = [mint("graph", name) for name in NAMES]


def made_release(folder: Path, graphs: dict[str, list[ox.Literal]]) -> Release:
    """A release of graphs that say nothing but some values of one thing."""
    quads = {
        mint("graph", name): tuple(
            ox.Quad(ox.NamedNode(mint("made")), ox.NamedNode(EQP + "value"), value, ox.NamedNode(mint("graph", name)))
            for value in values
        )
        for name, values in graphs.items()
    }
    return publish(Assembly(quads, (), (), "none"), folder)


@pytest.fixture(params=ENGINES)
def engine(request: pytest.FixtureRequest) -> RunningEngine:
    """An engine that holds the release; a test that puts another there puts this one back."""
    return request.getfixturevalue(request.param)


@pytest.fixture
def target(engine: RunningEngine) -> Iterator[RemoteStore]:
    with engine.store() as store:
        yield store


def test_engine_holds_what_the_release_has(target: RemoteStore, release: Release) -> None:
    assert target.release == release.id
    compared = compare_release(target, release)
    union = [UNION_GRAPH] if target.engine.keeps_union else []
    assert [graph.iri for graph in compared] == GRAPHS + union
    assert all(graph.same for graph in compared)
    entries = {entry.iri: entry.triples for entry in release.manifest.graphs}
    assert {graph.iri: graph.found.triples for graph in compared if graph.iri in entries} == entries


def test_release_that_is_there_is_not_sent_again(target: RemoteStore, release: Release) -> None:
    assert load_release(target, release) == []


def test_other_release_takes_the_place_of_the_first_and_only_changes_are_sent(
    target: RemoteStore, release: Release, tmp_path: Path
) -> None:
    other = made_release(tmp_path, {"first": [typed("0.80", "decimal")], "second": [ox.Literal('"\\\u00e9\n')]})
    more = made_release(tmp_path, {"first": [typed("0.80", "decimal")], "second": [ox.Literal("y")]})
    try:
        load_release(target, other)
        assert target.release == other.id
        assert sorted(target.graphs) == [mint("graph", name) for name in ("first", "release", "second")]
        assert target.count(GRAPHS[0]) == 0
        assert load_release(target, more) == [mint("graph", "second"), mint("graph", "release")]
        differ = {graph.iri for graph in compare_release(target, other) if not graph.same}
        assert differ - {UNION_GRAPH} == {mint("graph", "second"), mint("graph", "release")}
        assert (UNION_GRAPH in differ) == target.engine.keeps_union
    finally:
        load_release(target, release)
    assert target.release == release.id
    assert target.graphs_below(STAGING) == []
    assert target.count(mint("graph", "first")) == 0


def test_changed_figure_is_found_and_repaired(target: RemoteStore, engine: RunningEngine, release: Release) -> None:
    graph = mint("graph", "trial/NCT03764293")
    change = f"""DELETE {{ GRAPH <{graph}> {{ ?c <{EQP}valuePrinted> "0.64" }} }}
      INSERT {{ GRAPH <{graph}> {{ ?c <{EQP}valuePrinted> "0.46" }} }}
      WHERE {{ GRAPH <{graph}> {{ ?c a <{EQP}Contrast> ; <{EQP}valuePrinted> "0.64" }} }}"""
    address = target.engine.update_address(target.address, authorized=True)
    target.update(change, address=address, seconds=20)
    assert [graph.iri for graph in compare_release(target, release) if not graph.same] == [graph]
    assert load_release(target, release) == []  # the engine says that it holds it
    assert load_release(target, release, held={}) == GRAPHS
    assert all(graph.same for graph in compare_release(target, release))


def test_lost_triples_are_noticed_and_sent_again(target: RemoteStore, release: Release) -> None:
    graph = mint("graph", "findings")
    address = target.engine.update_address(target.address, authorized=True)
    target.update(f"CLEAR GRAPH <{graph}>", address=address, seconds=20)
    assert load_release(target, release) == [graph, mint("graph", "release")]
    assert all(graph.same for graph in compare_release(target, release))


def test_union_that_was_tampered_with_is_found_and_made_again(
    target: RemoteStore, engine: RunningEngine, release: Release
) -> None:
    if not target.engine.keeps_union:
        assert target.count(UNION_GRAPH) == 0
        return
    address = target.engine.update_address(target.address, authorized=True)
    lost = f"""DELETE {{ GRAPH <{UNION_GRAPH}> {{ ?c <{EQP}valuePrinted> ?p }} }}
      WHERE {{ GRAPH <{UNION_GRAPH}> {{ ?c a <{EQP}Contrast> ; <{EQP}valuePrinted> ?p }} }}"""
    target.update(lost, address=address, seconds=20)
    assert [graph.iri for graph in compare_release(target, release) if not graph.same] == [UNION_GRAPH]
    assert load_release(target, release) == []
    assert all(graph.same for graph in compare_release(target, release))


def test_default_graph_and_empty_graphs_are_loaded(target: RemoteStore, release: Release, tmp_path: Path) -> None:
    thing = ox.Triple(ox.NamedNode(mint("made")), ox.NamedNode(EQP + "value"), ox.Literal("x"))
    named = mint("graph", "first")
    graphs: dict[str, tuple[ox.Quad, ...]] = {
        DEFAULT_GRAPH: tuple(in_graph([thing], None)),
        named: tuple(in_graph([thing], named)),
        mint("graph", "second"): (),
    }
    filled = {**graphs, mint("graph", "second"): tuple(in_graph([thing], mint("graph", "second")))}
    first, second = (publish(Assembly(content, (), (), "none"), tmp_path) for content in (filled, graphs))
    try:
        load_release(target, first)
        assert load_release(target, second) == [mint("graph", "second"), mint("graph", "release")]
        assert load_release(target, second) == []
        assert sorted(target.graphs) == [DEFAULT_GRAPH, named, mint("graph", "release"), mint("graph", "second")]
        assert [target.count(iri) for iri in sorted(graphs)] == [1, 1, 0]
        assert all(graph.same for graph in compare_release(target, second))
        (row,) = target.query(f"SELECT (COUNT(*) AS ?n) {{ ?s <{EQP}value> ?o }}").values()
        assert row["n"] == 1
        strict = replace(target.settings, default_graph="strict")
        with (
            RemoteStore(target.address, settings=strict) as asked,
            asked.stream("SELECT * { ?s ?p ?o }", dataset=None, accept="text/csv", seconds=20) as stream,
        ):
            assert len(b"".join(stream.chunks).splitlines()) == 2
    finally:
        load_release(target, release)


def test_ontology_is_loaded_in_pieces_and_is_not_in_the_union(
    target: RemoteStore, release: Release, tmp_path: Path
) -> None:
    made_release(tmp_path / "data", {"first": [typed("0.80", "decimal")]})
    file = tmp_path / "o.ttl"
    values = "".join(f"<http://o/{n}> <{EQP}value> {n}.50 ; <http://o/p> [ <http://o/q> {n} ] .\n" for n in range(700))
    file.write_text(values)
    settings = Settings(data=tmp_path / "data")
    served = add_ontology(OntologyFile(file, "o", "o.ttl"), settings=settings).release
    graph = served.manifest.ontologies[0].iri
    try:
        load_release(target, served, request_triples=500)
        assert target.count(graph) == 2100
        assert graph in target.graphs
        (row,) = target.query(f"SELECT (COUNT(*) AS ?n) {{ ?s <{EQP}value> ?o }}").values()
        assert row["n"] == 1
        inside = f"SELECT (COUNT(*) AS ?n) {{ GRAPH <{graph}> {{ ?s <http://o/p>/<http://o/q> ?o }} }}"
        (row,) = target.query(inside).values()
        assert row["n"] == 700
        assert all(one.same for one in compare_release(target, served))
        assert load_release(target, served) == []
        assert target.graphs_below(STAGING) == []
        without = remove_ontology(tmp_path / "data", "o").release
        load_release(target, without)
        assert target.count(graph) == 0
    finally:
        load_release(target, release)
    assert (target.count(UNION_GRAPH) > 0) == target.engine.keeps_union


class StoppedError(Exception):
    """What a test breaks a load off with."""


def test_broken_load_shows_readers_nothing_and_goes_on_where_it_stopped(
    target: RemoteStore, release: Release, tmp_path: Path
) -> None:
    values = [typed(f"{number}.5", "decimal") for number in range(5000)]
    other = made_release(tmp_path, {"first": values})
    sent: list[str] = []
    target.endpoint._client.event_hooks = {
        "request": [lambda request: sent.append(request.method) if "staged" in str(request.url) else None]
    }

    def stop(done: int) -> None:
        if done == 3000:
            raise StoppedError

    before = target.query(CONTRASTS).values()
    with pytest.raises(StoppedError):
        load_release(target, other, request_triples=1000, report=stop)
    assert target.query(CONTRASTS).values() == before
    assert target.release == release.id
    (staging,) = target.graphs_below(STAGING)
    assert target.count(staging) == 3000
    first = sum(method in ("PUT", "POST") for method in sent)
    try:
        load_release(target, other, request_triples=1000)
        writes = sum(method in ("PUT", "POST") for method in sent) - first
        answered = 2 if target.engine.name == "virtuoso" else 1  # each of its challenges is answered once
        assert writes <= (2 + 1) * answered  # two of five requests, and one for the release graph
        assert target.count(mint("graph", "first")) == 5000
    finally:
        load_release(target, release)


def test_engine_that_dies_and_comes_back_is_loaded_all_the_same(tmp_path: Path) -> None:
    (tmp_path / "engine").mkdir()
    release = made_release(tmp_path / "data", {"first": [typed(str(number), "integer") for number in range(4000)]})
    with running("oxigraph", tmp_path / "engine") as engine, engine.store() as store:
        killed: list[int] = []

        def kill(done: int) -> None:
            if done == 2000 and not killed:
                killed.append(done)
                engine.kill()
                Timer(0.5, engine.restart).start()

        load_release(store, release, request_triples=1000, report=kill)
        assert killed == [2000]
        assert all(graph.same for graph in compare_release(store, release))


def test_virtuoso_is_not_given_more_digits_than_it_keeps(
    virtuoso: RunningEngine, release: Release, tmp_path: Path
) -> None:
    with virtuoso.store() as store:
        made = made_release(tmp_path, {"first": [typed("0.12345678901234567890", "decimal")]})
        with pytest.raises(ReleaseError, match="comes back from the engine as others"):
            load_release(store, made)
        assert store.release == release.id
        load_release(store, release)


def test_wrong_password_is_refused_at_once_and_not_shown(fuseki: RunningEngine, release: Release) -> None:
    settings = replace(fuseki.settings, store_password="not-the-word")
    with RemoteStore(fuseki.address, settings=settings) as store:
        with pytest.raises(ReleaseError, match="refuses access") as caught:
            load_release(store, release, held={})
        assert "not-the-word" not in str(caught.value)
    assert "not-the-word" not in repr(settings)


def test_command_loads_and_compares(
    oxigraph: RunningEngine, environment: dict[str, str], release: Release, tmp_path: Path
) -> None:
    environment = {**environment, "EQUIPOISE_STORE": oxigraph.address}
    loaded = equipoise("load", environment=environment)
    assert (loaded.returncode, loaded.stdout) == (
        0,
        f"release {release.id} is in service at {oxigraph.address} (oxigraph)\n",
    )
    assert equipoise("load", "--check", environment=environment).returncode == 0
    update = oxigraph.address.replace("/query", "/update")
    change = f"INSERT DATA {{ GRAPH <{GRAPHS[0]}> {{ <http://a/> <http://b/> <http://c/> }} }}"
    httpx.post(update, data={"update": change}).raise_for_status()
    compared = equipoise("load", "--check", environment=environment)
    assert compared.returncode == 1
    assert "graph:findings          │ differs │ 878     │ 879" in compared.stdout
    assert equipoise("load", "--all", environment=environment).returncode == 0
    assert equipoise("load", "--check", environment=environment).returncode == 0
    nowhere = equipoise("load", environment={**environment, "EQUIPOISE_STORE": ""})
    assert (nowhere.returncode, "EQUIPOISE_STORE: is not set" in nowhere.stderr) == (2, True)
