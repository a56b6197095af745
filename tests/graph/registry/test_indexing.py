"""Registry records in the index of a release: the same quads whichever release it is made from."""

import shutil
from collections.abc import Mapping
from pathlib import Path
from tempfile import TemporaryDirectory

import pyoxigraph as ox
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from equipoise.graph.evidence import TRIAL_GRAPHS
from equipoise.graph.index import make_union
from equipoise.graph.registry.indexing import derived_graph
from equipoise.graph.registry.lines import RecordLines, line_of, registry_graph
from equipoise.graph.registry.packs import Lines, digest, next_pack, pack_records, packs_folder, put_pack, read_lines
from equipoise.graph.registry.table import EMPTY, Row, Table
from equipoise.graph.release import Manifest, Records, Release, graph_entry, release_id, write_release
from equipoise.ontology.errors import ReleaseError
from equipoise.ontology.iri import mint

NCTS = [f"NCT0000000{n}" for n in range(1, 4)]
P = ox.NamedNode("http://e/p")
BALLAST = [ox.Quad(ox.NamedNode(f"http://e/{n}"), P, ox.Literal(n), ox.NamedNode("http://e/g")) for n in range(400)]
"""What never changes, so that it is always less to change an index than to make one."""

Said = frozenset[str]
records = st.dictionaries(st.sampled_from(NCTS), st.frozensets(st.sampled_from("abcd"), min_size=1, max_size=3))
curated = st.dictionaries(st.sampled_from(NCTS[:2]), st.frozensets(st.sampled_from("abc"), max_size=2))


def lines_of(nct: str, said: Said) -> list[str]:
    """A record: of each letter a statement of its own, and one that another record, or a curated one, makes too."""
    lines = RecordLines(nct)
    for letter in said:
        lines.text(lines.trial, "note", letter)
        lines.text(mint("organization", letter), "note", letter)
    return [*lines.lines(), line_of(f'<{lines.trial}> <http://e/derived> "{len(said)}" ', derived_graph(nct))]


def shelve(data: Path, number: int, made: list[Lines]) -> list[Row]:
    pack, rows = pack_records(number, made)
    put_pack(data, number, pack)
    return rows


def issue(data: Path, held: Mapping[str, Said], by_hand: Mapping[str, Said]) -> Release:
    made = [Lines(nct, digest("".join(sorted(said)).encode()), lines_of(nct, said)) for nct, said in held.items()]
    table = Table.of(shelve(data, next_pack(data), made)) if made else EMPTY
    graphs = {"http://e/g": BALLAST}
    for nct, said in by_hand.items():
        name = ox.NamedNode(TRIAL_GRAPHS + nct)
        note = ox.NamedNode(mint("vocab", "note"))
        graphs[name.value] = [ox.Quad(ox.NamedNode(mint("trial", nct)), note, ox.Literal(one), name) for one in said]
    entries = tuple(graph_entry(iri, quads) for iri, quads in sorted(graphs.items()))
    found = Records(table.sha256, len(table), table.quads) if made else None
    identifier = release_id(entries, (), found)
    manifest = Manifest(identifier, entries, tuple(by_hand), {}, "none", {"pyoxigraph": "same"}, (), found)
    return write_release(data, manifest, [quad for quads in graphs.values() for quad in quads], table=table)


def content(index: Path) -> tuple[set[ox.Quad], set[str]]:
    store = ox.Store.read_only(str(index))
    return set(store), {str(name) for name in store.named_graphs()}


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.lists(st.tuples(records, curated), min_size=2, max_size=4))
def test_index_made_from_another_holds_what_one_made_anew_holds(
    steps: list[tuple[dict[str, Said], dict[str, Said]]],
) -> None:
    with TemporaryDirectory() as folder:
        data = Path(folder) / "data"
        for number, (held, by_hand) in enumerate(steps):
            release = issue(data, held, by_hand)
            anew = Path(folder) / f"anew-{number}"
            make_union(anew, release)
            assert content(release.index) == content(anew)


def test_record_of_a_trial_with_a_curated_one_is_in_its_named_graph_only(tmp_path: Path) -> None:
    release = issue(tmp_path, {nct: frozenset("a") for nct in NCTS[:2]}, {NCTS[0]: frozenset("b")})
    store = ox.Store.read_only(str(release.index))
    note = ox.NamedNode(mint("vocab", "note"))

    def said(nct: str, graph: ox.NamedNode | ox.DefaultGraph) -> set[str]:
        found = store.quads_for_pattern(ox.NamedNode(mint("trial", nct)), note, None, graph)
        return {quad.object.value for quad in found if isinstance(quad.object, ox.Literal)}

    assert said(NCTS[0], ox.NamedNode(registry_graph(NCTS[0]))) == {"a"}
    assert said(NCTS[0], ox.DefaultGraph()) == {"b"}
    assert said(NCTS[1], ox.DefaultGraph()) == {"a"}


def test_strict_index_has_records_in_their_named_graphs_only(tmp_path: Path) -> None:
    release = issue(tmp_path, {NCTS[2]: frozenset("ab")}, {})
    store = ox.Store.read_only(str(release.index_for("strict")))
    graphs = {str(quad.graph_name) for quad in store if str(quad.graph_name) != "<http://e/g>"}
    assert graphs == {f"<{registry_graph(NCTS[2])}>", f"<{derived_graph(NCTS[2])}>"}


def test_release_with_other_records_is_another_release(tmp_path: Path) -> None:
    one = issue(tmp_path, {NCTS[0]: frozenset("a")}, {})
    two = issue(tmp_path, {NCTS[0]: frozenset("b")}, {})
    assert one.id != two.id
    assert issue(tmp_path, {NCTS[0]: frozenset("a")}, {}).id == one.id
    assert issue(tmp_path, {}, {}).id not in {one.id, two.id}


def test_lines_come_back_from_their_pack_as_they_were(tmp_path: Path) -> None:
    made = [Lines(nct, digest(nct.encode()), lines_of(nct, frozenset("abc"))) for nct in NCTS]
    rows = [*shelve(tmp_path, 1, made[:2]), *shelve(tmp_path, 2, made[2:])]
    assert [text.decode() for text in read_lines(tmp_path, rows)] == ["".join(one.lines) for one in made]
    assert [row.nct for row in rows] == NCTS
    assert sorted(path.name for path in packs_folder(tmp_path).iterdir()) == ["00000001.nq.zst", "00000002.nq.zst"]


def test_damaged_pack_is_told_by_its_name(tmp_path: Path) -> None:
    release = issue(tmp_path, {NCTS[0]: frozenset("a")}, {})
    (pack,) = packs_folder(tmp_path).iterdir()
    pack.write_bytes(pack.read_bytes()[:-4])
    shutil.rmtree(release.folder / "union")
    with pytest.raises(ReleaseError, match=r"00000001\.nq\.zst: cannot be read"):
        _ = release.index


def row(number: int, said: bytes, pack: int = 1) -> Row:
    return Row(number, digest(b"content" + said), digest(said), 1, pack, 0, 10)


numbers = st.dictionaries(st.integers(1, 30), st.binary(min_size=1, max_size=2), max_size=12)


@given(numbers, numbers)
def test_tables_tell_what_came_went_and_changed(before: dict[int, bytes], now: dict[int, bytes]) -> None:
    one, two = (Table.of(row(number, said) for number, said in rows.items()) for rows in (before, now))
    assert {found.number for found in two.missing_from(one)} == now.keys() - before.keys()
    assert {found.number for found in one.missing_from(two)} == before.keys() - now.keys()
    changed = {number for number in before.keys() & now.keys() if before[number] != now[number]}
    assert {old.number for old, _ in one.changed_in(two)} == changed
    assert (one.sha256 == two.sha256) == (before == now)
    assert [found.number for found in one.with_rows(list(two))] == sorted(before | now)
    for number, said in (before | now).items():
        found = one.with_rows(list(two)).find(f"NCT{number:08d}")
        assert found is not None
        assert found.lines == digest(said)


def test_table_comes_back_from_its_file_as_it_was(tmp_path: Path) -> None:
    table = Table.of([row(2, b"b"), row(1, b"a")])
    table.save(tmp_path / "records.npy")
    again = Table.open(tmp_path / "records.npy")
    assert list(again) == list(table)
    assert again.sha256 == table.sha256


@pytest.mark.parametrize("content", [b"", b"no table", b"\x93NUMPY\x01\x00"])
def test_file_that_is_no_table_is_refused(tmp_path: Path, content: bytes) -> None:
    (tmp_path / "records.npy").write_bytes(content)
    with pytest.raises(ReleaseError, match="records"):
        Table.open(tmp_path / "records.npy")
