"""Releases: the same from the same, never half written, and the old one in service until the new one is whole."""

import gzip
import json
import threading
from pathlib import Path

import pyoxigraph as ox
import pytest

from equipoise.graph.publish import Assembly, assemble, publish, shipped_records
from equipoise.graph.release import current_release, graph_hash
from equipoise.graph.store.embedded import EmbeddedStore
from equipoise.ontology.errors import ReleaseError
from support import DATA, equipoise

MADE = DATA / "MADE-0001.yaml"


@pytest.fixture(scope="module")
def assembly() -> Assembly:
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("PATH", "")
        return assemble([MADE])


def content(folder: Path) -> bytes:
    return gzip.decompress((folder / "data.nq.gz").read_bytes())


def test_same_records_give_the_same_release(tmp_path: Path, assembly: Assembly) -> None:
    one, other = publish(assembly, tmp_path / "one"), publish(assembly, tmp_path / "other")
    assert one.id == other.id
    assert (one.folder / "data.nq.gz").read_bytes() == (other.folder / "data.nq.gz").read_bytes()
    assert (one.folder / "manifest.json").read_bytes() == (other.folder / "manifest.json").read_bytes()


def test_building_again_leaves_one_release(tmp_path: Path, assembly: Assembly) -> None:
    publish(assembly, tmp_path)
    publish(assembly, tmp_path)
    assert sorted(path.name for path in tmp_path.iterdir()) == ["current", "releases"]
    assert len(list((tmp_path / "releases").iterdir())) == 1


def test_changed_record_gives_another_release_that_differs_in_its_graphs_only(
    tmp_path: Path, assembly: Assembly, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PATH", "")
    changed = tmp_path / "MADE-0001.yaml"
    changed.write_text(MADE.read_text().replace("Final analysis", "The final analysis"))
    one, other = publish(assembly, tmp_path / "data"), publish(assemble([changed]), tmp_path / "data")
    assert one.id != other.id
    before, after = ({entry.iri: entry.sha256 for entry in release.manifest.graphs} for release in (one, other))
    assert {iri.rpartition("/")[2] for iri in before if before[iri] != after[iri]} == {"MADE-0001"}
    assert current_release(tmp_path / "data").id == other.id
    assert one.folder.is_dir()


def test_index_holds_what_was_written(release) -> None:
    written = set(release.quads())
    indexed = set(ox.Store.read_only(str(release.index)))
    named = {
        quad
        for quad in written
        if not isinstance(quad.subject, ox.BlankNode) and not isinstance(quad.object, ox.BlankNode)
    }
    assert named <= indexed
    assert len(written) == sum(not isinstance(quad.graph_name, ox.DefaultGraph) for quad in indexed)
    triples = {quad.triple for quad in indexed if not isinstance(quad.graph_name, ox.DefaultGraph)}
    assert triples == {quad.triple for quad in indexed if isinstance(quad.graph_name, ox.DefaultGraph)}


def test_hash_of_a_graph_follows_from_what_is_served(release) -> None:
    """Engines rewrite literals; ours are written the way they will come back, so the hash can be checked afterwards."""
    store = ox.Store.read_only(str(release.index))
    for entry in release.manifest.graphs:
        if not entry.iri.endswith("vocabulary"):  # its blank nodes are renamed by the index
            assert graph_hash(store.quads_for_pattern(None, None, None, ox.NamedNode(entry.iri))) == entry.sha256


def test_no_blank_nodes_in_data(release) -> None:
    for quad in release.quads():
        if not quad.graph_name.value.endswith("/vocabulary"):
            assert not isinstance(quad.subject, ox.BlankNode)
            assert not isinstance(quad.object, ox.BlankNode)


def test_manifest_says_what_is_in_the_release(release) -> None:
    manifest = json.loads((release.folder / "manifest.json").read_text())
    assert manifest["trials"] == ["NCT03764293"]
    assert manifest["findings"] == {"Info": 1, "Passed": 135, "Warning": 2}
    assert {graph["iri"].rpartition("/graph/")[2] for graph in manifest["graphs"]} == {
        "findings",
        "inferred",
        "linked",
        "mappings",
        "trial/NCT03764293",
        "vocabulary",
    }


def test_release_says_of_itself_what_it_is(store: EmbeddedStore) -> None:
    rows = store.query("""PREFIX eqp: <https://w3id.org/equipoise/vocab/> PREFIX dcterms: <http://purl.org/dc/terms/>
        SELECT ?id (COUNT(?graph) AS ?graphs) {
          ?release a eqp:Release ; dcterms:identifier ?id ; dcterms:hasPart ?graph
        } GROUP BY ?id""").values()
    assert rows == [{"id": store.release, "graphs": 6}]


def test_refused_record_leaves_the_release_in_service(tmp_path: Path, environment: dict[str, str]) -> None:
    mine = {**environment, "EQUIPOISE_DATA": str(tmp_path), "PATH": ""}
    assert equipoise("build", str(MADE), environment=mine).returncode == 0
    before = (tmp_path / "current").read_text()
    refused = equipoise("build", str(MADE), str(DATA / "bad" / "interval-excludes-estimate.yaml"), environment=mine)
    assert refused.returncode == 1
    assert "must be one record a trial" in refused.stderr
    refused = equipoise("build", str(DATA / "bad" / "interval-excludes-estimate.yaml"), environment=mine)
    assert refused.returncode == 1
    assert "must obey check C1" in refused.stderr
    assert "Traceback" not in refused.stderr
    assert (tmp_path / "current").read_text() == before
    assert len(list((tmp_path / "releases").iterdir())) == 1
    assert "MADE-1" in equipoise("query", "trials", environment=mine).stdout


def test_two_builds_at_once_both_end_well(tmp_path: Path, assembly: Assembly) -> None:
    found: list[str] = []
    threads = [threading.Thread(target=lambda: found.append(publish(assembly, tmp_path).id)) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert found == [current_release(tmp_path).id] * 4
    assert [path.name for path in (tmp_path / "releases").iterdir()] == [found[0]]


def test_there_is_no_release_before_one_is_built(tmp_path: Path) -> None:
    with pytest.raises(ReleaseError, match="has no release; build one with: equipoise build"):
        current_release(tmp_path)


@pytest.mark.parametrize("damage", ["{", '{"id": 1}', "[]"])
def test_damaged_manifest_is_refused(tmp_path: Path, assembly: Assembly, damage: str) -> None:
    folder = publish(assembly, tmp_path).folder
    (folder / "manifest.json").write_text(damage)
    with pytest.raises(ReleaseError, match="cannot be read"):
        current_release(tmp_path)


def test_changed_manifest_is_refused(tmp_path: Path, assembly: Assembly) -> None:
    path = publish(assembly, tmp_path).folder / "manifest.json"
    manifest = json.loads(path.read_text())
    manifest["graphs"][0]["sha256"] = "0" * 64
    path.write_text(json.dumps(manifest))
    with pytest.raises(ReleaseError, match="has a manifest that was changed"):
        current_release(tmp_path)


def test_missing_index_is_made_again(tmp_path: Path, assembly: Assembly) -> None:
    found = publish(assembly, tmp_path)
    before = len(ox.Store.read_only(str(found.index)))
    found.index.rename(tmp_path / "elsewhere")
    assert len(EmbeddedStore.of_release(current_release(tmp_path)).query("SELECT * { ?s ?p ?o }")) > 0
    assert len(ox.Store.read_only(str(found.index))) == before
    assert not list(tmp_path.rglob(".new-*"))


def test_damaged_index_is_refused(tmp_path: Path, assembly: Assembly) -> None:
    found = publish(assembly, tmp_path)
    for path in found.index.iterdir():
        path.unlink()
    with pytest.raises(ReleaseError, match="cannot be opened"):
        EmbeddedStore.of_release(current_release(tmp_path))


def test_strict_index_has_the_default_graph_of_the_release_itself(tmp_path: Path, assembly: Assembly) -> None:
    found = publish(assembly, tmp_path)
    strict, union = (ox.Store.read_only(str(found.index_for(kind))) for kind in ("strict", "union"))
    assert len(list(strict.quads_for_pattern(None, None, None, ox.DefaultGraph()))) == 0
    assert len(strict) == len(set(found.quads()))
    assert len(list(union.quads_for_pattern(None, None, None, ox.DefaultGraph()))) > 0


def test_folder_that_cannot_be_written_is_refused(tmp_path: Path, assembly: Assembly) -> None:
    (tmp_path / "file").write_text("in the way")
    with pytest.raises(ReleaseError, match="cannot be written"):
        publish(assembly, tmp_path / "file")


def test_shipped_records_are_those_of_the_repository() -> None:
    assert [path.name for path in shipped_records()] == ["NCT03764293.yaml"]
