"""Indexes made from others: the same quads as in those made anew, whatever changed, and the other left as it was."""

import os
import shutil
from collections import Counter
from collections.abc import Mapping, Sequence
from pathlib import Path
from tempfile import TemporaryDirectory

import pyoxigraph as ox
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from equipoise.graph.canonical import canonical
from equipoise.graph.external.shelf import (
    Ontology,
    graph_of,
    put_on_shelf,
    shelf_place,
    write_triples,
)
from equipoise.graph.index import make_union
from equipoise.graph.release import DEFAULT_GRAPH, Manifest, Release, graph_entry, release_id, write_release
from equipoise.ontology.errors import ReleaseError
from equipoise.ontology.iri import mint

GRAPHS = ["http://e/one", "http://e/two", mint("graph", "release"), DEFAULT_GRAPH]
BALLAST = [
    ox.Quad(ox.NamedNode(f"http://e/{n}"), ox.NamedNode("http://e/p"), ox.Literal(n), ox.NamedNode("http://e/ballast"))
    for n in range(300)
]
"""What never changes, so that it is always less to change an index than to make one."""

nodes = st.sampled_from([ox.NamedNode("http://e/a"), ox.NamedNode("http://e/b"), ox.BlankNode("x"), ox.BlankNode("y")])
triples = st.tuples(nodes, st.sampled_from([ox.NamedNode("http://e/p"), ox.NamedNode("http://e/q")]), nodes)
States = Mapping[str, frozenset[tuple[ox.NamedNode | ox.BlankNode, ox.NamedNode, ox.NamedNode | ox.BlankNode]]]
states = st.dictionaries(st.sampled_from(GRAPHS), st.frozensets(triples, max_size=4))
served = st.frozensets(st.sampled_from(["chebi-1", "chebi-2", "mondo-1"]), max_size=2).filter(
    lambda names: len({name.partition("-")[0] for name in names}) == len(names)
)


def quads_of(state: States) -> dict[str, list[ox.Quad]]:
    """A state as graphs of quads; the default graph only if something is in it."""
    made = {}
    for iri, content in state.items():
        if content or iri != DEFAULT_GRAPH:
            graph = ox.DefaultGraph() if iri == DEFAULT_GRAPH else ox.NamedNode(iri)
            made[iri] = [ox.Quad(*triple, graph) for triple in content]
    return {**made, "http://e/ballast": BALLAST}


def ontology(data: Path, name: str) -> Ontology:
    """A small ontology on the shelf; a number behind its name is its version. One triple has a blank node."""
    short, _, version = name.partition("-")

    def write(into: Path) -> Ontology:
        lines = [f'<http://o/{short}/{n}> <http://e/p> "{version}" .\n' for n in range(3)]
        lines += ["<http://e/a> <http://e/p> <http://e/b> .\n", "<http://o/r> <http://e/q> _:x .\n"]
        write_triples(into, (quad.triple for quad in ox.parse("".join(lines), format=ox.RdfFormat.N_TRIPLES)))
        known = dict.fromkeys(
            ("title", "ontology", "version_iri", "version", "licence", "source", "format", "added"), "x"
        )
        return Ontology(name=short, iri=graph_of(short), sha256=name * 8, triples=5, **known)

    return put_on_shelf(data, short, name * 8, write)


def issue(data: Path, state: States, names: Sequence[str] = ()) -> Release:
    graphs = quads_of(state)
    entries = tuple(graph_entry(iri, quads) for iri, quads in sorted(graphs.items()) if iri != mint("graph", "release"))
    ontologies = tuple(ontology(data, name) for name in sorted(names))
    identifier = release_id(entries, ontologies)
    software = {"pyoxigraph": "the same"}
    manifest = Manifest(identifier, entries, (), {}, "none", software, ontologies)
    return write_release(data, manifest, [quad for _, quads in sorted(graphs.items()) for quad in quads])


def content(index: Path) -> tuple[dict[str, tuple[ox.Quad, ...]], set[str]]:
    """All quads by graph, blank nodes named by what is said of them, and the names of graphs, empty ones too."""
    store = ox.Store.read_only(str(index))
    found: dict[str, list[ox.Quad]] = {}
    for quad in store:
        found.setdefault(str(quad.graph_name), []).append(quad)
    named = {iri: tuple(sorted(quads, key=str)) for iri, quads in found.items()}
    return canonical(named), {str(name) for name in store.named_graphs()}


def is_linked(index: Path) -> bool:
    """Whether an index shares files with another."""
    return any(path.stat().st_nlink > 1 for path in index.glob("*.sst"))


@settings(max_examples=15, deadline=None, report_multiple_bugs=False, suppress_health_check=[HealthCheck.too_slow])
@given(st.lists(st.tuples(states, served), min_size=2, max_size=4))
def test_index_made_from_another_holds_what_one_made_anew_holds(steps: list[tuple[States, frozenset[str]]]) -> None:
    with TemporaryDirectory() as folder:
        data = Path(folder) / "data"
        for number, (state, names) in enumerate(steps):
            release = issue(data, state, sorted(names))
            anew = Path(folder) / f"anew-{number}"
            make_union(anew, release)
            assert content(release.index) == content(anew)
            strict = release.index_for("strict")
            assert set(release.quads()) == {
                quad for quad in ox.Store.read_only(str(strict)) if "ontology/" not in str(quad.graph_name)
            }
            shutil.rmtree(strict)


def test_change_is_made_in_a_linked_index_and_the_other_is_left_as_it_was(tmp_path: Path) -> None:
    a, b, p = ox.NamedNode("http://e/a"), ox.NamedNode("http://e/b"), ox.NamedNode("http://e/p")
    one = issue(tmp_path, {"http://e/one": frozenset({(a, p, b)}), "http://e/two": frozenset({(a, p, b)})})
    before = content(one.index)
    two = issue(tmp_path, {"http://e/one": frozenset({(a, p, a)}), "http://e/two": frozenset({(a, p, b)})})
    assert is_linked(two.index)
    assert content(one.index) == before
    shutil.rmtree(one.folder)
    union = Counter(
        str(quad.object) for quad in ox.Store.read_only(str(two.index)).quads_for_pattern(a, p, None, ox.DefaultGraph())
    )
    assert union == {"<http://e/a>": 1, "<http://e/b>": 1}


def test_ontology_is_in_its_graph_only(tmp_path: Path) -> None:
    issue(tmp_path, {})
    release = issue(tmp_path, {}, ["chebi-1"])
    assert is_linked(release.index)
    for kind in ("union", "strict"):
        store = ox.Store.read_only(str(release.index_for(kind)))
        assert len(list(store.quads_for_pattern(None, None, None, ox.NamedNode(graph_of("chebi"))))) == 5
        assert not list(store.quads_for_pattern(ox.NamedNode("http://o/r"), None, None, ox.DefaultGraph()))


def test_triple_that_an_ontology_has_too_leaves_the_union_with_the_last_graph_of_the_release(tmp_path: Path) -> None:
    a, b, p = ox.NamedNode("http://e/a"), ox.NamedNode("http://e/b"), ox.NamedNode("http://e/p")
    issue(tmp_path, {"http://e/one": frozenset({(a, p, b)})}, ["chebi-1"])
    release = issue(tmp_path, {"http://e/one": frozenset()}, ["chebi-1"])
    assert is_linked(release.index)
    assert ox.Quad(a, p, b) not in ox.Store.read_only(str(release.index))


def test_index_that_shares_no_file_system_with_links_is_copied(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: object) -> None:
        raise OSError("no links here")

    issue(tmp_path, {})
    monkeypatch.setattr(os, "link", refuse)
    release = issue(tmp_path, {}, ["chebi-1"])
    assert not is_linked(release.index)
    assert len(list(ox.Store.read_only(str(release.index)).named_graphs())) == 2


def test_ontology_that_is_not_on_the_shelf_is_said(tmp_path: Path) -> None:
    release = issue(tmp_path, {}, ["chebi-1"])
    shutil.rmtree(shelf_place(tmp_path, "chebi", release.manifest.ontologies[0].sha256))
    shutil.rmtree(release.folder / "union")
    with pytest.raises(ReleaseError, match="add it again: equipoise ontology add x"):
        release.index_for("union")


def test_damaged_ontology_leaves_what_was_in_service(tmp_path: Path) -> None:
    before = issue(tmp_path, {})
    place = shelf_place(tmp_path, "chebi", "chebi-1" * 8)
    ontology(tmp_path, "chebi-1")
    path = place / "triples-1.nt.zst"
    path.write_bytes(path.read_bytes()[:-6])
    with pytest.raises(ReleaseError, match="is damaged"):
        issue(tmp_path, {}, ["chebi-1"])
    assert (tmp_path / "current").read_text().strip() == before.id
    assert not list((tmp_path / "releases").glob(".new-*"))
