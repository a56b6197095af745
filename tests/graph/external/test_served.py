"""Releases served with external ontologies: added, updated, removed, kept by builds and writes, or refused whole."""

import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pyoxigraph as ox
import pytest

from equipoise.graph.change import Change, Delete, Document, Post, Put, Update
from equipoise.graph.external.effects import Effect, effects_of_removal, effects_of_version
from equipoise.graph.external.served import OntologyFile, Served, add_ontology, remove_ontology, update_ontology
from equipoise.graph.external.shelf import graph_of, shelf_place, shelved
from equipoise.graph.history import history
from equipoise.graph.publish import build
from equipoise.graph.release import current_release, releases_on_disk
from equipoise.graph.revise import revise
from equipoise.graph.settings import Settings
from equipoise.graph.store.embedded import EmbeddedStore
from equipoise.ontology.errors import ChangeError, OntologyError, ReleaseError, UnknownNameError
from equipoise.ontology.iri import mint
from support import DATA, SHARED, need

MADE = DATA / "MADE-0001.yaml"
CHEBI = graph_of("chebi")
SPACE = "http://purl.obolibrary.org/obo/CHEBI_"
DEPRECATED = "<http://www.w3.org/2002/07/owl#deprecated>"
REPLACED = "<http://purl.obolibrary.org/obo/IAO_0100001>"
CONSIDER = "<http://www.geneontology.org/formats/oboInOwl#consider>"
CLASS = "<http://www.w3.org/1999/02/22-rdf-syntax-ns#type> <http://www.w3.org/2002/07/owl#Class>"
FIRST = "".join(f"<{SPACE}{n}> {CLASS} .\n" for n in range(1, 8)) + f"<{SPACE}1> <http://e/q> _:x .\n"
TRUE = '"true"^^<http://www.w3.org/2001/XMLSchema#boolean>'
SECOND = "".join(
    (
        "".join(f"<{SPACE}{n}> {CLASS} .\n" for n in (1, 2, 3, 4, 5, 7)),
        f"<{SPACE}2> {DEPRECATED} {TRUE} .\n<{SPACE}2> {REPLACED} <{SPACE}3> .\n",
        f'<{SPACE}3> {DEPRECATED} {TRUE} .\n<{SPACE}3> {REPLACED} "CHEBI:4" .\n',
        f'<{SPACE}5> {DEPRECATED} {TRUE} .\n<{SPACE}5> {CONSIDER} "CHEBI:7" .\n',
    )
)
MAPPINGS = "".join(
    f"<http://e/drug/{n}> <http://www.w3.org/2004/02/skos/core#exactMatch> <{SPACE}{n}> .\n" for n in (1, 2, 5, 6, 99)
)


@pytest.fixture(autouse=True)
def no_java(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", "")


@pytest.fixture
def data(tmp_path: Path) -> Path:
    build([MADE], tmp_path / "data")
    return tmp_path / "data"


def given(folder: Path, text: str, name: str = "chebi") -> OntologyFile:
    path = folder / f"{name}.nt"
    path.write_text(text)
    return OntologyFile(path, name, path.name)


def added(data: Path, text: str = FIRST, name: str = "chebi") -> Served:
    return add_ontology(given(data.parent, text, name), settings=Settings(data=data), who="ada", why="to link")


def count(data: Path, graph: str) -> int:
    store = ox.Store.read_only(str(current_release(data).index))
    return len(list(store.quads_for_pattern(None, None, None, ox.NamedNode(graph))))


def content(folder: Path) -> dict[str, bytes]:
    """Every file of a data folder, but those that tell who holds the lock."""
    files = (path for path in folder.rglob("*") if path.is_file() and path.name not in ("lock", "LOG"))
    return {str(path.relative_to(folder)): path.read_bytes() for path in files}


def effects(served: Served) -> list[Effect]:
    """What a version does to the mappings of these tests; our own vocabulary is mapped to ChEBI, too."""
    found = effects_of_version(served.release, served.before, served.ontology)
    return [effect for effect in found if effect.term.startswith("http://e/")]


def mapped(data: Path) -> None:
    document = Document(MAPPINGS.encode(), "application/n-triples", "http://e/")
    revise(data, Put("http://e/mappings", (document,)))


def test_ontology_that_is_added_is_in_a_new_release(data: Path) -> None:
    before = current_release(data)
    served = added(data)
    assert current_release(data).id == served.release.id != before.id
    own, old = ({entry.iri: entry.sha256 for entry in one.manifest.graphs} for one in (served.release, before))
    assert {iri for iri in own | old if own.get(iri) != old.get(iri)} == {mint("graph", "linked")}
    assert count(data, CHEBI) == 8
    entry = history(data)[-1]
    assert (entry.how, entry.graph, entry.who, entry.why, entry.before) == (
        "ontology add",
        CHEBI,
        "ada",
        "to link",
        before.id,
    )
    (ontology,) = shelved(data)
    assert ontology == served.ontology
    assert (ontology.name, ontology.triples, ontology.source, ontology.format) == ("chebi", 8, "chebi.nt", "N-Triples")
    assert ontology.title == "Chemical Entities of Biological Interest"
    assert str(data) not in (shelf_place(data, "chebi", ontology.sha256) / "about.json").read_text()


def test_release_says_of_itself_what_it_is_served_with(data: Path) -> None:
    served = added(data)
    store = EmbeddedStore.of_release(served.release)
    rows = store.query(f"""PREFIX dcterms: <http://purl.org/dc/terms/> PREFIX eqp: <https://w3id.org/equipoise/vocab/>
        SELECT * {{ GRAPH <https://w3id.org/equipoise/graph/release> {{
        ?release a eqp:Release ; dcterms:hasPart <{CHEBI}> . <{CHEBI}> eqp:fileHash ?hash ;
        <http://rdfs.org/ns/void#triples> ?triples ; dcterms:license ?licence }} }}""")
    (row,) = rows
    assert str(row["release"]).endswith(served.release.id)
    assert str(row["hash"]) == served.ontology.sha256
    assert int(row["triples"]) == 8
    assert not store.query(f"ASK {{ ?s ?p ?o FILTER(CONTAINS(STR(?s), '{served.before.id}')) }}")


def test_ontology_is_asked_by_its_graph_and_not_in_the_union(data: Path) -> None:
    store = EmbeddedStore.of_release(added(data).release)
    pattern = f"<{SPACE}1> a <http://www.w3.org/2002/07/owl#Class>"
    assert not store.query(f"ASK {{ {pattern} }}")
    assert store.query(f"ASK {{ GRAPH <{CHEBI}> {{ {pattern} }} }}")
    assert store.query(f"ASK FROM <{CHEBI}> {{ {pattern} }}")


def test_same_ontology_gives_the_same_release(data: Path) -> None:
    before = current_release(data).id
    first, without = added(data).release.id, remove_ontology(data, "chebi").release.id
    assert without == before
    assert added(data).release.id == first
    assert remove_ontology(data, "chebi").release.id == without
    assert {release.id for release in releases_on_disk(data)} == {first, without}
    assert [entry.how for entry in history(data)][1:] == ["ontology add", "ontology remove"] * 2


def test_builds_and_writes_keep_the_ontologies(data: Path) -> None:
    ontologies = added(data).release.manifest.ontologies
    mapped(data)
    assert current_release(data).manifest.ontologies == ontologies
    assert count(data, CHEBI) == 8
    build([MADE], data)
    assert current_release(data).manifest.ontologies == ontologies
    assert count(data, CHEBI) == 8


def test_manifest_without_ontologies_is_still_read(data: Path) -> None:
    path = current_release(data).folder / "manifest.json"
    manifest = json.loads(path.read_text())
    del manifest["ontologies"]
    path.write_text(json.dumps(manifest))
    assert current_release(data).manifest.ontologies == ()


@pytest.mark.parametrize(
    "change",
    [
        Put(CHEBI, (Document(b"<a> <b> <c> .", "text/turtle", "http://e/"),)),
        Post(graph_of("new"), (Document(b"<a> <b> <c> .", "text/turtle", "http://e/"),)),
        Delete(CHEBI),
        Update(f"INSERT DATA {{ GRAPH <{CHEBI}> {{ <http://e/a> <http://e/b> 1 }} }}"),
        Update(f"DELETE WHERE {{ GRAPH <{CHEBI}> {{ ?s ?p ?o }} }}"),
        Update(f"CLEAR GRAPH <{CHEBI}>"),
        Update(f"DROP SILENT GRAPH <{CHEBI}>"),
        Update(f"COPY <{CHEBI}> TO <http://e/g>"),
        Update(f"INSERT {{ ?s ?p ?o }} WHERE {{ GRAPH <{CHEBI}> {{ ?s ?p ?o }} }}"),
        Update("INSERT { ?s ?p ?o } WHERE { ?s ?p ?o }", using=(CHEBI,)),
        Update("PREFIX g: <https://w3id.org/equipoise/graph/> CLEAR GRAPH g:ontology\\/chebi"),
        Update("BASE <https://w3id.org/equipoise/> WITH <graph/ontology/chebi> DELETE { ?s ?p ?o } WHERE { ?s ?p ?o }"),
        Update(
            'INSERT { GRAPH ?g { <http://e/a> <http://e/b> 1 } } WHERE { BIND(IRI(CONCAT("https://w3id.org/equipoise/'
            'graph/ontology/", "chebi")) AS ?g) }'
        ),
    ],
    ids=str,
)
def test_graph_of_an_ontology_cannot_be_written(data: Path, change: Change) -> None:
    before = added(data).release.id
    message = r"graph:ontology/\w+ is for an external ontology.*use equipoise ontology"
    with pytest.raises(ChangeError, match=message) as caught:
        revise(data, change)
    assert caught.value.status == 403
    assert current_release(data).id == before


def test_name_that_is_taken_is_refused(data: Path) -> None:
    added(data)
    with pytest.raises(OntologyError, match="chebi: is there already; use equipoise ontology update, or another"):
        added(data, SECOND)
    with pytest.raises(UnknownNameError, match="there is none called 'mondo'; there is chebi"):
        update_ontology(given(data.parent, SECOND, "mondo"), settings=Settings(data=data))
    with pytest.raises(UnknownNameError, match="there is none called 'mondo'"):
        remove_ontology(data, "mondo")
    with pytest.raises(OntologyError, match="is 'Not/a name'; must be lower-case letters, digits and single hyphens"):
        add_ontology(OntologyFile(data.parent / "chebi.nt", "Not/a name", "x"), settings=Settings(data=data))


@pytest.mark.parametrize(
    ("text", "message"),
    [(FIRST[:-4], r"chebi\.nt:8: "), ("", "is empty"), (FIRST + "<a> <b> <c> .\n", r"chebi\.nt:9: ")],
)
def test_file_that_is_refused_leaves_everything_as_it_was(data: Path, text: str, message: str) -> None:
    added(data)
    before = content(data)
    with pytest.raises(OntologyError, match=message):
        update_ontology(given(data.parent, text), settings=Settings(data=data))
    assert content(data) == before


def test_file_with_another_checksum_is_refused(data: Path) -> None:
    file = given(data.parent, FIRST)
    with pytest.raises(OntologyError, match=r"chebi\.nt: has the SHA-256 [0-9a-f]{64}; must be 00"):
        add_ontology(OntologyFile(file.path, "chebi", "chebi.nt", sha256="00"), settings=Settings(data=data))


def test_release_that_cannot_be_written_leaves_everything_as_it_was(
    data: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = content(data)
    monkeypatch.setattr("equipoise.graph.index.parts_of", _gone)
    with pytest.raises(ReleaseError, match="cannot be read"):
        added(data)
    monkeypatch.undo()
    assert content(data) == before


def _gone(*_: object) -> None:
    raise ReleaseError("shelf", found="cannot be read", allowed="")


ADD = """
import sys
from pathlib import Path
from equipoise.graph.external.served import OntologyFile, add_ontology
from equipoise.graph.settings import Settings
add_ontology(OntologyFile(Path(sys.argv[2]), "chebi", "o.nt"), settings=Settings(data=Path(sys.argv[1])))
"""


def test_adding_that_is_killed_at_any_moment_leaves_a_release_that_answers(data: Path, tmp_path: Path) -> None:
    path = tmp_path / "large.nt"
    path.write_text("".join(f"<{SPACE}{n}> {CLASS} .\n" for n in range(60_000)))
    for milliseconds in (150, 400, 600, 800, 1000, 1200, 1500, 1900):
        process = subprocess.Popen([sys.executable, "-P", "-c", ADD, str(data), str(path)], env=os.environ.copy())
        time.sleep(milliseconds / 1000)
        process.send_signal(signal.SIGKILL)
        process.wait()
        release = current_release(data)
        assert EmbeddedStore.of_release(release).query("ASK { ?s ?p ?o }")
        if release.manifest.ontologies:
            remove_ontology(data, "chebi")
    served = add_ontology(OntologyFile(path, "chebi", "large.nt"), settings=Settings(data=data))
    assert count(data, CHEBI) == 60_000 == served.ontology.triples
    assert not list(data.rglob(".new-*"))


def test_update_reports_what_it_does_to_mappings(data: Path) -> None:
    mapped(data)
    added(data)
    served = update_ontology(given(data.parent, SECOND), settings=Settings(data=data))
    exact = "http://www.w3.org/2004/02/skos/core#exactMatch"
    assert effects(served) == [
        Effect("http://e/drug/2", exact, SPACE + "2", "replaced", "current", (SPACE + "4",)),
        Effect("http://e/drug/5", exact, SPACE + "5", "deprecated", "current", (SPACE + "7",)),
        Effect("http://e/drug/6", exact, SPACE + "6", "missing", "current"),
        Effect("http://e/drug/99", exact, SPACE + "99", "unknown", "unknown"),
    ]
    assert count(data, CHEBI) == 12
    assert len(shelved(data)) == 2


def test_replacements_in_a_circle_propose_nothing(data: Path) -> None:
    mapped(data)
    circle = f"<{SPACE}2> {CLASS} .\n" + "".join(
        f"<{SPACE}{one}> {DEPRECATED} {TRUE} .\n<{SPACE}{one}> {REPLACED} <{SPACE}{other}> .\n"
        for one, other in ((2, 3), (3, 2))
    )
    served = added(data, circle)
    found = {effect.target: effect for effect in effects(served)}
    assert (found[SPACE + "2"].now, found[SPACE + "2"].proposed) == ("deprecated", ())


def test_term_that_was_merged_into_another_is_found_by_its_alternative_identifier(data: Path) -> None:
    mapped(data)
    text = f'{FIRST}<{SPACE}1> <http://www.geneontology.org/formats/oboInOwl#hasAlternativeId> "CHEBI:99" .\n'
    served = added(data, text)
    (effect,) = (one for one in effects(served) if one.target == SPACE + "99")
    assert (effect.target, effect.now, effect.proposed) == (SPACE + "99", "replaced", (SPACE + "1",))


def test_removal_reports_the_mappings_that_lead_into_it(data: Path) -> None:
    mapped(data)
    added(data)
    served = remove_ontology(data, "chebi")
    found = effects_of_removal(served.before, served.release, served.ontology)
    assert [(effect.target, effect.now) for effect in found] == [(SPACE + n, "not served") for n in "1256"]
    assert count(data, CHEBI) == 0


def test_newer_identifiers_than_those_of_real_chebi_are_unknown(data: Path) -> None:
    path = SHARED / "data" / "ontologies" / "chebi-2026-05-01-labels-isa.nt.gz"
    need(path.exists(), f"../shared/data/ontologies/{path.name}")
    mapping = f"<http://e/camrelizumab> <http://www.w3.org/2004/02/skos/core#exactMatch> <{SPACE}757168> ."
    revise(data, Put("http://e/mappings", (Document(mapping.encode(), "application/n-triples", "http://e/"),)))
    served = add_ontology(OntologyFile(path, "chebi", path.name), settings=Settings(data=data))
    (effect,) = effects(served)
    assert (effect.target, effect.now) == (SPACE + "757168", "unknown")
    assert count(data, CHEBI) == 754_360
