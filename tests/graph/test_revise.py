"""A change leads to a new release that a build would give, or to none; what was there before stays as it was."""

import random
import signal
import subprocess
import sys
import time
from pathlib import Path

import pyoxigraph as ox
import pytest
import rdflib
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from rdflib.compare import isomorphic

from equipoise.graph.change import Change, Delete, Document, Post, Put, Update
from equipoise.graph.history import history
from equipoise.graph.parts import find_graph, reading_query
from equipoise.graph.publish import assemble, build, publish
from equipoise.graph.release import DEFAULT_GRAPH, Release, current_release
from equipoise.graph.revise import Revision, revise
from equipoise.graph.store import Triples
from equipoise.graph.store.embedded import EmbeddedStore
from equipoise.graph.union import UNION_GRAPH
from equipoise.ontology.errors import (
    ChangeError,
    EquipoiseError,
    QueryError,
    ReleaseError,
    RequestError,
    UnknownNameError,
)
from equipoise.ontology.iri import mint
from support import DATA

MADE = DATA / "MADE-0001.yaml"
TRIAL = mint("graph", "trial", "MADE-0001")
INFERRED = mint("graph", "inferred")
PREFIX = "PREFIX eqp: <https://w3id.org/equipoise/vocab/> PREFIX rdfs: <http://www.w3.org/2000/01/rdf-schema#> "


@pytest.fixture(autouse=True)
def no_java(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", "")


@pytest.fixture
def data(tmp_path: Path) -> Path:
    build([MADE], tmp_path)
    return tmp_path


def turtle(text: str, base: str = "http://example.org/g") -> tuple[Document, ...]:
    return (Document(text.encode(), "text/turtle", base),)


def read(release: Release, graph: str) -> rdflib.Graph:
    store = EmbeddedStore.of_release(release)
    answer = store.query(reading_query(), dataset=find_graph(store, graph))
    assert isinstance(answer, Triples)
    return answer.graph()


def content(data: Path) -> dict[Path, bytes]:
    return {path: path.read_bytes() for path in data.rglob("*") if path.is_file()}


def hashes(release: Release) -> dict[str, str]:
    return {entry.iri: entry.sha256 for entry in release.manifest.graphs}


def test_change_to_one_graph_changes_no_other(data: Path) -> None:
    before = current_release(data)
    after = revise(data, Put("http://example.org/g", turtle("<s> <p> [ <q> [] ] .")), who="ada", why="to see").release
    assert {iri for iri in hashes(after) if hashes(after)[iri] != hashes(before).get(iri)} == {"http://example.org/g"}
    assert current_release(data).id == after.id
    assert before.folder.is_dir()
    (_, entry) = history(data)
    assert (entry.release, entry.before, entry.how) == (after.id, before.id, "put")
    assert (entry.graph, entry.who, entry.why) == ("http://example.org/g", "ada", "to see")


def test_change_that_is_taken_back_leads_to_the_release_before(data: Path) -> None:
    before = current_release(data)
    revise(data, Put("http://example.org/g", turtle("<s> <p> 1 .")))
    assert revise(data, Delete("http://example.org/g")).release.id == before.id
    assert [entry.how for entry in history(data)] == ["build", "put", "delete"]


def test_same_content_in_other_words_is_the_same_release(data: Path) -> None:
    one = revise(data, Put("http://e/g", turtle("<s> <p> [ <q> 1 ; <r> _:x ] . _:x <q> 2 ."))).release
    other = revise(data, Put("http://e/g", turtle("_:z <q> 2 . _:a <r> _:z ; <q> 1 . <s> <p> _:a ."))).release
    assert one.id == other.id


def test_blank_nodes_of_two_graphs_are_apart_unless_they_are_one(data: Path) -> None:
    revise(data, Put("http://e/one", turtle("_:b <http://e/p> 1 .")))
    release = revise(data, Put("http://e/two", turtle("_:b <http://e/q> 2 ."))).release
    query = "ASK { ?b <http://e/p> 1 ; <http://e/q> 2 }"
    assert not EmbeddedStore.of_release(release).query(query)
    both = "INSERT DATA { GRAPH <http://e/one> { _:b <http://e/p> 1 } GRAPH <http://e/two> { _:b <http://e/q> 2 } }"
    assert EmbeddedStore.of_release(revise(data, Update(both)).release).query(query)


def test_default_graph_and_empty_graphs_are_held(data: Path) -> None:
    revise(data, Update("INSERT DATA { <http://e/s> <http://e/p> 1 }"))
    release = revise(data, Put("http://e/empty", turtle(""))).release
    entries = {entry.iri: entry.triples for entry in release.manifest.graphs}
    assert (entries[DEFAULT_GRAPH], entries["http://e/empty"]) == (1, 0)
    assert len(read(release, DEFAULT_GRAPH)) == 1
    assert len(read(release, "http://e/empty")) == 0
    assert ox.NamedNode("http://e/empty") in ox.Store.read_only(str(release.index)).named_graphs()
    with pytest.raises(UnknownNameError, match="no such graph"):
        read(release, "http://e/none")
    emptied = revise(data, Delete(None)).release
    assert DEFAULT_GRAPH not in hashes(emptied)
    assert "http://e/empty" in hashes(emptied)


def test_build_keeps_the_graphs_that_were_written_and_replaces_those_of_trials(data: Path) -> None:
    first = current_release(data)
    revise(data, Post("http://e/own", turtle("<s> <p> [] .")))
    revise(data, Update("INSERT DATA { <http://e/s> <http://e/p> 1 }"))
    relabel = "DELETE { GRAPH ?g { ?t rdfs:label ?l } } INSERT { GRAPH ?g { ?t rdfs:label 'Other' } }"
    where = "WHERE { GRAPH ?g { ?t a eqp:Trial ; rdfs:label ?l } FILTER(CONTAINS(STR(?g), '/trial/')) }"
    revised = revise(data, Update(PREFIX + relabel + where)).release
    assert hashes(revised)[TRIAL] != hashes(first)[TRIAL]
    _, built = build([MADE], data)
    assert hashes(built) == {**hashes(first), **{iri: hashes(revised)[iri] for iri in ("http://e/own", DEFAULT_GRAPH)}}
    _, again = build([MADE], data)
    assert again.id == built.id
    for release in (built, again):
        assert len(read(release, "http://e/own")) == 1


def test_graph_of_a_trial_is_inferred_from_and_audited_as_its_record_is(data: Path, tmp_path_factory) -> None:
    """Taken away and written again, it leads to the very same release."""
    before = current_release(data)
    text = ox.serialize(
        (quad.triple for quad in before.quads() if quad.graph_name.value == TRIAL), format=ox.RdfFormat.TURTLE
    )
    without = revise(data, Delete(TRIAL)).release
    assert without.manifest.trials == ()
    assert without.manifest.findings == {}
    again = revise(data, Put(TRIAL, (Document(text, "text/turtle", TRIAL),))).release
    assert again.id == before.id
    assert again.manifest.trials == ("MADE-0001",)


def test_waiver_of_a_record_holds_for_the_graph_after_it(tmp_path: Path) -> None:
    full = DATA / "MADE-FULL.yaml"
    build([full], tmp_path)
    before = current_release(tmp_path)
    label = "DELETE { GRAPH ?g { ?t rdfs:label ?l } } INSERT { GRAPH ?g { ?t rdfs:label 'Other' } }"
    where = "WHERE { GRAPH ?g { ?t a eqp:Trial ; rdfs:label ?l } FILTER(CONTAINS(STR(?g), '/trial/')) }"
    after = revise(tmp_path, Update(PREFIX + label + where)).release
    assert after.id != before.id
    findings = mint("graph", "findings")
    assert hashes(after)[findings] == hashes(before)[findings]


def test_provenance_of_a_record_is_kept_until_its_graph_is_changed(data: Path) -> None:
    query = PREFIX + "SELECT ?by ?hash { ?g eqp:curatedBy ?by ; eqp:recordHash ?hash }"
    subject = "SELECT ?t { ?g <http://purl.org/dc/terms/subject> ?t }"
    kept = revise(data, Put("http://e/g", turtle("<s> <p> 1 ."))).release
    assert len(EmbeddedStore.of_release(kept).query(query)) == 1
    changed = revise(
        data,
        Update(
            PREFIX + "INSERT { GRAPH ?g { ?t rdfs:comment 'changed' } } "
            "WHERE { GRAPH ?g { ?t a eqp:Trial } FILTER(CONTAINS(STR(?g), '/trial/')) }"
        ),
    ).release
    assert len(EmbeddedStore.of_release(changed).query(query)) == 0
    assert len(EmbeddedStore.of_release(changed).query(subject)) == 1


WRONG_VALUE = PREFIX + (
    "DELETE { GRAPH ?g { ?c eqp:value ?v } } INSERT { GRAPH ?g { ?c eqp:value 99.5 } } "
    "WHERE { GRAPH ?g { ?c a eqp:Contrast ; eqp:value ?v } }"
)
REFUSED: list[tuple[Change, type[EquipoiseError], str]] = [
    (Update(WRONG_VALUE), ChangeError, r"graph:trial/MADE-0001: contrast/.* has 99.5 for the printed"),
    (Update(PREFIX + "DELETE WHERE { GRAPH ?g { ?c eqp:citedFrom ?s } }"), ChangeError, "Say under cited"),
    (
        Update(PREFIX + "INSERT DATA { GRAPH <http://e/g> { <http://e/x> a eqp:Estimate } }"),
        ChangeError,
        "http://e/g: ",
    ),
    (Update(PREFIX + "INSERT DATA { <http://e/x> eqp:colour 1 }"), ChangeError, "is not declared|no such property"),
    (
        Update(PREFIX + "INSERT DATA { GRAPH <http://e/g> { <http://e/x> a eqp:PD1Blockade, eqp:Trial, eqp:Arm } }"),
        ChangeError,
        "eqp:|disjoint|shape",
    ),
    (Update(f"INSERT DATA {{ GRAPH <{TRIAL}> {{ [] a <http://e/C> }} }}"), ChangeError, "blank node"),
    (
        Update(f"INSERT DATA {{ GRAPH <{INFERRED}> {{ <http://e/s> <http://e/p> 1 }} }}"),
        ChangeError,
        "graph:inferred is made",
    ),
    (Update(f"CLEAR GRAPH <{mint('graph', 'vocabulary')}>"), ChangeError, "graph:vocabulary is made"),
    (Update(f"MOVE <{mint('graph', 'release')}> TO <http://e/g>"), ChangeError, "graph:release is made"),
    (Update(f"CREATE GRAPH <{DEFAULT_GRAPH}>"), ChangeError, "how a release calls the default graph"),
    (Update(f"CREATE GRAPH <{UNION_GRAPH}>"), ChangeError, "how engines call the union of all graphs"),
    (Put(UNION_GRAPH, turtle("<s> <p> 1 .")), ChangeError, "how engines call the union of all graphs"),
    (Put(DEFAULT_GRAPH, turtle("<s> <p> 1 .")), ChangeError, "how a release calls the default graph"),
    (Put(mint("graph", "findings"), turtle("")), ChangeError, "graph:findings is made"),
    (Update("INSERT DATA { <http://e/s> <http://e/p> <<( <http://e/s> <http://e/p> 1 )>> }"), ChangeError, "RDF 1.1"),
    (Update("LOAD <http://127.0.0.1:9/>"), QueryError, "LOAD is switched off"),
    (Update("INSERT DATA { <http://e/s> <http://e/p> 1 } ; nonsense"), QueryError, "must be a SPARQL 1.1 update"),
    (Put("http://e/g", turtle("<s> <p>")), RequestError, "is not text/turtle"),
    (Put("http://e/g", (Document(b"", "text/plain", "http://e/"),)), RequestError, "must be one of"),
    (Put("relative", turtle("<s> <p> 1 .")), RequestError, "must be an absolute IRI"),
    (Delete("http://e/none"), UnknownNameError, "no such graph"),
]


@pytest.fixture(scope="module")
def unchanged(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("unchanged")
    build([MADE], folder)
    return folder


@pytest.mark.parametrize(("change", "kind", "message"), REFUSED)
def test_refused_change_leaves_the_data_folder_byte_for_byte(
    unchanged: Path, change: Change, kind: type[EquipoiseError], message: str
) -> None:
    before = content(unchanged)
    with pytest.raises(kind, match=message):
        revise(unchanged, change)
    assert content(unchanged) == before


def test_there_must_be_a_release_to_change(tmp_path: Path) -> None:
    with pytest.raises(ReleaseError, match="build one with"):
        revise(tmp_path, Update("CLEAR ALL"))


def test_build_over_a_damaged_release_says_what_would_be_lost(data: Path) -> None:
    (current_release(data).folder / "manifest.json").write_text("{")
    with pytest.raises(ReleaseError, match="to build without the graphs that were written to it"):
        build([MADE], data)
    (data / "current").unlink()


SUBJECTS = st.sampled_from(
    [ox.NamedNode("http://e/s"), ox.NamedNode("http://e/t"), ox.BlankNode("a"), ox.BlankNode("b")]
)
OBJECTS = st.one_of(
    SUBJECTS,
    st.builds(ox.Literal, st.text(st.characters(exclude_categories=("Cs",)), max_size=8)),
    st.builds(lambda text: ox.Literal(text, language="en"), st.text(st.characters(exclude_categories=("Cs",)))),
    st.builds(ox.Literal, st.integers(-(2**40), 2**40)),
    st.builds(ox.Literal, st.booleans()),
)
TRIPLES = st.lists(st.builds(ox.Triple, SUBJECTS, st.sampled_from([ox.NamedNode("http://e/p")]), OBJECTS), max_size=8)


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(triples=TRIPLES)
def test_what_is_put_is_read_back(unchanged: Path, triples: list[ox.Triple]) -> None:
    text = ox.serialize(triples, format=ox.RdfFormat.N_TRIPLES)
    assert text is not None
    release = revise(unchanged, Put("http://e/g", (Document(text, "application/n-triples", "http://e/"),))).release
    assert isomorphic(read(release, "http://e/g"), rdflib.Graph().parse(data=text, format="nt"))


KILLED = """
import sys
from pathlib import Path
from equipoise.graph.change import Document, Put
from equipoise.graph.revise import revise
text = " ".join(f"<http://e/{n}> <http://e/p> {n} ." for n in range(20000)).encode()
print("begun", flush=True)
revise(Path(sys.argv[1]), Put("http://e/killed", (Document(text, "text/turtle", "http://e/"),)))
"""


def test_killed_writer_leaves_the_old_release_or_the_new_one(data: Path) -> None:
    known = {current_release(data).id}
    whole = revise(data, Put("http://e/other", turtle("<s> <p> 1 ."))).release
    known.add(whole.id)
    chance = random.Random(4)
    for _ in range(6):
        with subprocess.Popen([sys.executable, "-P", "-c", KILLED, str(data)], stdout=subprocess.PIPE) as writer:
            assert writer.stdout is not None
            assert writer.stdout.readline() == b"begun\n"
            time.sleep(chance.random())
            writer.send_signal(signal.SIGKILL)
        found = current_release(data)
        assert {entry.iri for entry in found.manifest.graphs} >= {"http://e/other", TRIAL}
        quads = set(found.quads())
        assert len(quads) + len({quad.triple for quad in quads}) == len(ox.Store.read_only(str(found.index)))
    after: Revision = revise(data, Put("http://e/after", turtle("<s> <p> 1 .")))
    assert current_release(data).id == after.release.id
    assert not list(data.rglob(".new-*"))


def test_publishing_alone_records_nothing(tmp_path: Path) -> None:
    publish(assemble([MADE]), tmp_path)
    assert history(tmp_path) == []
