"""The index of a release: what the embedded store opens, made anew, or from that of another release.

In: a release whose text and manifest are written. Out: a folder with its named graphs, the external ontologies it is
served with among them, and as default graph the union of its own graphs, or its own default graph. From another
release only what differs is taken out and put in; the quads are then the same as in an index made anew. That release's
index is not opened for writing: the engine never changes a file of its tables, so these are linked, not copied. Indexes
are written aside and moved in one step.

Ontologies are in their named graphs only, never in the union.
"""

import os
import shutil
import tempfile
from collections.abc import Callable, Collection, Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import replace
from itertools import chain
from pathlib import Path
from typing import TYPE_CHECKING

import pyoxigraph as ox

from equipoise.graph.external.shelf import DAMAGE, ONTOLOGY_GRAPHS, Ontology, damaged, open_part, parts_of
from equipoise.graph.registry.indexing import (
    Membership,
    graphs_left_out,
    load_records,
    mend_records,
    records_cost,
)
from equipoise.graph.union import DEFAULT_GRAPH, with_union
from equipoise.ontology.iri import mint

if TYPE_CHECKING:
    from equipoise.graph.release import Manifest, Release

__all__ = ["make_strict", "make_union", "staged"]

RELEASE_GRAPH = mint("graph", "release")
OWN = ox.NamedNode(DEFAULT_GRAPH)
REMOVAL = 5
"""What it costs to take a triple out of an index, in triples that are put into a new one."""

TOGETHER = 2
"""How many parts of an ontology are loaded at the same time: the engine works through each in one thread."""

NOT_COPIED = ("LOG", "LOCK")
"""How the names of the engine's files begin that belong to a process, not to the index."""


def make_union(folder: Path, release: "Release", *, base: "Release | None" = None) -> None:
    """Make the index whose default graph is the union of the release's graphs, from that of `base` where that is less.

    Raises OSError if it cannot be written, ReleaseError if an ontology is not on the shelf, and what reading the text
    raises.
    """
    with _aside(folder) as aside:
        if base is None or not _from_base(aside, release, base):
            _anew(aside, release, with_union(release.quads()), lambda nct: nct not in release.manifest.trials)


def make_strict(folder: Path, release: "Release") -> None:
    """Make the index whose default graph is the release's own, from its index of the union where that is less.

    Raises as `make_union` does.
    """
    union, manifest = release.folder / "union", release.manifest
    with _aside(folder) as aside:
        if union.exists() and REMOVAL * (manifest.triples + release.table.quads) < manifest.served_triples:
            _link(union, aside)
            _without_union(aside)
        else:
            _anew(aside, release, release.quads(), lambda _: False)


@contextmanager
def staged(release: "Release", ontologies: Collection[Ontology]) -> Iterator["Release"]:
    """The release as it is served with these ontologies, for as long as the block lasts: itself, or an index made aside
    from which that of the next release can be made. Raises as `make_union` does.
    """
    if set(ontologies) == set(release.manifest.ontologies):
        yield release
        return
    folder = Path(tempfile.mkdtemp(prefix=".new-", dir=release.folder.parent))
    try:
        shutil.copyfile(release.folder / "data.nq.gz", folder / "data.nq.gz")
        stage = replace(release, folder=folder, manifest=replace(release.manifest, ontologies=tuple(ontologies)))
        make_union(folder / "union", stage, base=release)
        yield stage
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _anew(aside: Path, release: "Release", quads: Iterable[ox.Quad], in_union: Membership) -> None:
    store = ox.Store(str(aside))
    store.bulk_extend(quads)
    _add_empty_graphs(store, release.manifest)
    for ontology in release.manifest.ontologies:
        _add_ontology(store, release.data, ontology)
    if len(release.table):
        load_records(store, release.data, release.table, in_union)
        store.flush()
    else:
        store.optimize()  # a fifth more time for an index in which queries take half of theirs


def _without_union(aside: Path) -> None:
    """Put the release's own default graph in the place of the union."""
    store = ox.Store(str(aside))
    own = list(store.quads_for_pattern(None, None, None, OWN))
    store.clear_graph(ox.DefaultGraph())
    store.remove_graph(OWN)
    store.bulk_extend([ox.Quad(quad.subject, quad.predicate, quad.object) for quad in own])
    store.flush()


@contextmanager
def _aside(folder: Path) -> Iterator[Path]:
    """A folder of another name, which gets its own when the block has ended well."""
    aside = Path(tempfile.mkdtemp(prefix=".new-", dir=folder.parent))
    try:
        (aside / "index").mkdir()
        yield aside / "index"
        (aside / "index").rename(folder)
    finally:
        shutil.rmtree(aside, ignore_errors=True)


def _from_base(aside: Path, release: "Release", base: "Release") -> bool:
    """Make the union's index from that of another release; False, and nothing, if that is more than to make it anew."""
    index = base.folder / "union"
    if not index.exists() or base.manifest.software.get("pyoxigraph") != release.manifest.software.get("pyoxigraph"):
        return False
    served, wanted = _editions(base.manifest), _editions(release.manifest)
    dropped = [ontology for edition, ontology in served.items() if edition not in wanted]
    changed = _changed(release.manifest, base.manifest)
    gone, come = _difference(index, release, changed)
    cost = REMOVAL * (len(gone) + sum(ontology.triples for ontology in dropped)) + len(come)
    kept = release.manifest.triples + sum(ontology.triples for e, ontology in wanted.items() if e in served)
    cost += records_cost(base.table, release.table)
    if cost > kept + release.table.quads:
        return False
    _link(index, aside)
    store = ox.Store(str(aside))
    for ontology in dropped:
        store.remove_graph(ox.NamedNode(ontology.iri))
    left_out = graphs_left_out(release.manifest.trials)

    def is_of_union(graph: str) -> bool:
        return graph not in left_out and not graph.startswith(ONTOLOGY_GRAPHS)

    _mend_graphs(store, release.manifest, changed, gone, come)
    mend_records(
        store,
        release.data,
        base.table,
        release.table,
        curated_before=base.manifest.trials,
        curated=release.manifest.trials,
        is_of_union=is_of_union,
    )
    _mend_union(store, gone, come, is_of_union)
    for edition, ontology in wanted.items():
        if edition not in served:
            _add_ontology(store, release.data, ontology)
    store.flush()
    return True


def _editions(manifest: "Manifest") -> dict[tuple[str, str], Ontology]:
    return {(ontology.iri, ontology.sha256): ontology for ontology in manifest.ontologies}


def _changed(now: "Manifest", before: "Manifest") -> set[str]:
    """The graphs that came, went, or say something else; what a release says of itself always does."""
    hashes, old = ({entry.iri: entry.sha256 for entry in one.graphs} for one in (now, before))
    return {iri for iri in hashes | old if hashes.get(iri) != old.get(iri)} | {RELEASE_GRAPH}


def _difference(index: Path, release: "Release", changed: Collection[str]) -> tuple[set[ox.Quad], set[ox.Quad]]:
    """The quads of an index's graphs that the release does not have, and those that it has more."""
    store = ox.Store.read_only(str(index))
    graphs = (store.quads_for_pattern(None, None, None, ox.NamedNode(iri)) for iri in changed)
    old = set(chain.from_iterable(graphs))
    new = {_in_named_graph(quad) for quad in release.quads_of(changed)}
    return old - new, new - old


def _in_named_graph(quad: ox.Quad) -> ox.Quad:
    """A quad as the union's index has it beside the union."""
    if isinstance(quad.graph_name, ox.DefaultGraph):
        return ox.Quad(quad.subject, quad.predicate, quad.object, OWN)
    return quad


def _mend_graphs(
    store: ox.Store, now: "Manifest", changed: Iterable[str], gone: Iterable[ox.Quad], come: Iterable[ox.Quad]
) -> None:
    for quad in gone:
        store.remove(quad)
    store.bulk_extend(come)
    listed = {entry.iri for entry in now.graphs}
    for graph in (ox.NamedNode(iri) for iri in changed if iri not in listed):
        if not any(True for _ in store.quads_for_pattern(None, None, None, graph)):
            store.remove_graph(graph)
    _add_empty_graphs(store, now)


def _mend_union(
    store: ox.Store, gone: Iterable[ox.Quad], come: Iterable[ox.Quad], is_of_union: Callable[[str], bool]
) -> None:
    """Put into the default graph what came, and take out of it what is in no graph of the union any more."""
    store.bulk_extend([ox.Quad(quad.subject, quad.predicate, quad.object) for quad in come])
    for subject, predicate, value in {(quad.subject, quad.predicate, quad.object) for quad in gone}:
        homes = store.quads_for_pattern(subject, predicate, value, None)
        if not any(isinstance(home.graph_name, ox.NamedNode) and is_of_union(home.graph_name.value) for home in homes):
            store.remove(ox.Quad(subject, predicate, value))


def _add_empty_graphs(store: ox.Store, manifest: "Manifest") -> None:
    for entry in manifest.graphs:
        if not entry.triples:
            store.add_graph(ox.NamedNode(entry.iri))


def _add_ontology(store: ox.Store, data: Path, ontology: Ontology) -> None:
    """Load the graph of an ontology, whose triples were judged when they were put on the shelf."""
    graph = ox.NamedNode(ontology.iri)

    def load(part: Path) -> None:
        try:
            with open_part(part) as triples:
                store.bulk_load(triples, ox.RdfFormat.N_TRIPLES, to_graph=graph, lenient=True)
        except DAMAGE as error:
            raise damaged(part, error) from error

    with ThreadPoolExecutor(TOGETHER) as pool:
        for _ in pool.map(load, parts_of(data, ontology)):
            pass


def _link(index: Path, to: Path) -> None:
    """Give an index a second folder: its tables by links, or copied where the file system has none; the rest copied."""
    for path in index.iterdir():
        if path.name.startswith(NOT_COPIED):
            continue
        if path.suffix == ".sst":
            try:
                os.link(path, to / path.name)
                continue
            except OSError:  # no links here, or too many of this file
                pass
        shutil.copyfile(path, to / path.name)
