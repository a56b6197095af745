"""Releases on disk: how a folder holds them, which one is in service, and what its manifest says.

    DATA/current                 the identifier of the release in service
    DATA/releases/ID/manifest.json   its named graphs with their hashes and sizes, and how it was made
    DATA/releases/ID/data.nq.gz      its content, as canonical N-Quads: the release itself
    DATA/releases/ID/records.npy     the table of its registry records, if it has any; their lines stand in packs
    DATA/releases/ID/union/          the same for the embedded store, with the union of all graphs as default graph
    DATA/releases/ID/strict/         the same with the release's own default graph, made when it is first wanted

A release may be served with external ontologies: its manifest names them, their triples stand on the shelf
(`graph.external.shelf`), and the indexes have them as named graphs; the text, and the union, do not.

A release is written aside and moved into place in one step, and `current` is replaced in one step: whoever looks sees
the old release or the new one, never a part. Nothing in here builds a release; `graph.publish` does.
"""

import gzip
import hashlib
import json
import os
import re
import shutil
import tempfile
import zlib
from collections.abc import Collection, Iterable, Iterator, Mapping
from contextlib import suppress
from dataclasses import asdict, dataclass
from functools import cached_property
from itertools import chain
from pathlib import Path
from typing import IO, Any, cast

import pyoxigraph as ox

from equipoise.graph.external.shelf import Ontology
from equipoise.graph.index import make_strict, make_union
from equipoise.graph.registry.table import EMPTY, Table
from equipoise.graph.settings import DefaultGraph
from equipoise.graph.union import DEFAULT_GRAPH
from equipoise.ontology.errors import ReleaseError, UnknownNameError

__all__ = [
    "DEFAULT_GRAPH",
    "RECORDS",
    "GraphEntry",
    "Manifest",
    "Records",
    "Release",
    "current_id",
    "current_release",
    "graph_entry",
    "graph_hash",
    "named_release",
    "release_id",
    "releases_on_disk",
    "stored_graphs",
    "write_release",
]

ID_LENGTH = 16
"""Hexadecimal digits of the content hash that name a release."""


IDENTIFIER = re.compile(rf"[0-9a-f]{{4,{ID_LENGTH}}}")
"""An identifier of a release, or the beginning of one."""

RECORDS = "records.npy"
"""The file of a release's registry records."""

PACKING = 6
"""The level of gzip: 9 takes two and a half times as long for a thirtieth less."""


@dataclass(frozen=True)
class GraphEntry:
    """One graph of a release: its IRI, the SHA-256 of its sorted canonical N-Triples, its number of triples.

    A named graph may be empty. The IRI of the default graph is `DEFAULT_GRAPH`.
    """

    iri: str
    sha256: str
    triples: int


@dataclass(frozen=True)
class Records:
    """The registry records of a release: the hash of their table, how many they are, and how many quads they have."""

    sha256: str
    count: int
    quads: int


@dataclass(frozen=True)
class Manifest:
    """What a release is made of and how it was made. Only the graphs, the ontologies and the registry records decide
    the identifier.
    """

    id: str
    graphs: tuple[GraphEntry, ...]
    trials: tuple[str, ...]
    findings: Mapping[str, int]
    reasoner: str
    software: Mapping[str, str]
    ontologies: tuple[Ontology, ...] = ()
    records: Records | None = None

    @property
    def triples(self) -> int:
        """The number of triples over all graphs that stand in the release's text."""
        return sum(graph.triples for graph in self.graphs)

    @property
    def served_triples(self) -> int:
        """The number of triples with those of the ontologies that it is served with, and of its registry records."""
        records = self.records.quads if self.records else 0
        return self.triples + records + sum(ontology.triples for ontology in self.ontologies)

    def ontology(self, name: str) -> Ontology:
        """The external ontology of that name that the release is served with. Raises UnknownNameError."""
        for ontology in self.ontologies:
            if ontology.name == name:
                return ontology
        there = ", ".join(ontology.name for ontology in self.ontologies)
        allowed = f"there is {there}" if there else "there is none: see equipoise ontology add"
        raise UnknownNameError("ontology", found=f"there is none called {name!r}", allowed=allowed)


@dataclass(frozen=True)
class Release:
    """A release on disk."""

    folder: Path
    manifest: Manifest

    @property
    def id(self) -> str:
        """The identifier: the first digits of the content hash."""
        return self.manifest.id

    @property
    def data(self) -> Path:
        """The data folder that the release is in."""
        return self.folder.parent.parent

    @cached_property
    def table(self) -> Table:
        """Its registry records. Raises ReleaseError if the file of them is damaged."""
        return Table.open(self.folder / RECORDS) if self.manifest.records else EMPTY

    @property
    def index(self) -> Path:
        """The folder of the embedded store whose default graph is the union of all graphs. Raises ReleaseError."""
        return self.index_for("union")

    def index_for(self, default_graph: DefaultGraph) -> Path:
        """The folder of the embedded store with that default graph, made now if it is not there yet.

        Raises ReleaseError if it cannot be made.
        """
        folder = self.folder / default_graph
        try:
            if not folder.exists():
                make = make_union if default_graph == "union" else make_strict
                make(folder, self)
        except OSError as error:
            if not folder.exists():  # no other process was quicker
                allowed = "must be a writable folder"
                raise ReleaseError(str(folder), found=f"cannot be written: {error}", allowed=allowed) from error
        except (EOFError, zlib.error, SyntaxError, ValueError) as error:
            allowed = "build it again"
            raise ReleaseError(str(self.folder), found=f"cannot be read: {error}", allowed=allowed) from error
        return folder

    def quads(self) -> Iterator[ox.Quad]:
        """All quads of the release, as they were written."""
        with self._text() as text:
            yield from ox.parse(text, format=ox.RdfFormat.N_QUADS)

    def quads_of(self, graphs: Collection[str]) -> Iterator[ox.Quad]:
        """The quads of some of its graphs, by IRI."""
        ends = tuple(f" <{iri}> .\n".encode() for iri in graphs)
        with self._text() as text:  # a line that ends so may be of the default graph, and is looked at again
            lines = [line for line in text if DEFAULT_GRAPH in graphs or line.endswith(ends)]
        for quad in ox.parse(b"".join(lines), format=ox.RdfFormat.N_QUADS):
            if _graph_iri(quad) in graphs:
                yield quad

    def _text(self) -> IO[bytes]:
        return cast("IO[bytes]", gzip.open(self.folder / "data.nq.gz", "rb"))

    def load(self) -> ox.Store:
        """A copy of the release in memory, blank nodes labelled as they were written, empty graphs included."""
        store = ox.Store()
        store.bulk_extend(self.quads())
        for entry in self.manifest.graphs:
            if not entry.triples:
                store.add_graph(ox.NamedNode(entry.iri))
        return store


def graph_hash(quads: Iterable[ox.Quad]) -> str:
    """The SHA-256 of one named graph: its triples in canonical N-Triples, sorted, one a line.

    Blank nodes must have been given canonical labels before.
    """
    lines = sorted(f"{quad.triple} .\n" for quad in quads)
    return hashlib.sha256("".join(lines).encode()).hexdigest()


def graph_entry(iri: str, quads: Collection[ox.Quad]) -> GraphEntry:
    """The entry of one graph in a manifest."""
    return GraphEntry(iri, graph_hash(quads), len(quads))


def release_id(
    graphs: Iterable[GraphEntry], ontologies: Iterable[Ontology] = (), records: Records | None = None
) -> str:
    """The identifier of a release with these parts: a hash of their sorted names and hashes."""
    lines = sorted(f"{graph.iri} {graph.sha256}\n" for graph in chain[GraphEntry | Ontology](graphs, ontologies))
    if records:
        lines.append(f"records {records.sha256}\n")
    return hashlib.sha256("".join(lines).encode()).hexdigest()[:ID_LENGTH]


def current_release(data: Path) -> Release:
    """The release in service. Raises ReleaseError if there is none or it is damaged."""
    return _open(data / "releases" / current_id(data))


def named_release(data: Path, name: str) -> Release:
    """The release of that identifier, or of the one identifier that begins so; the one in service if the name is empty.

    Raises UnknownNameError if there is none or more than one, ReleaseError if it is damaged.
    """
    if not name:
        return current_release(data)
    folders = sorted(path.name for path in (data / "releases").glob(f"{name}*")) if IDENTIFIER.fullmatch(name) else []
    if len(folders) != 1:
        found = f"is {name!r}, with which {len(folders)} begin" if folders else f"there is none called {name!r}"
        raise UnknownNameError("release", found=found, allowed="see equipoise releases, or /releases")
    return _open(data / "releases" / folders[0])


def current_id(data: Path) -> str:
    """The identifier of the release in service. Raises ReleaseError if there is none, or its file names none."""
    try:
        return (data / "current").read_text(encoding="utf-8").strip()
    except FileNotFoundError as error:
        raise ReleaseError(str(data), found="has no release", allowed="build one with: equipoise build") from error
    except (OSError, UnicodeDecodeError) as error:
        found, allowed = f"cannot be read: {error}", "build the release again"
        raise ReleaseError(str(data / "current"), found=found, allowed=allowed) from error


def stored_graphs(store: ox.Store) -> dict[str, tuple[ox.Quad, ...]]:
    """The graphs of a store by IRI, their quads in order; empty ones too, but the default graph only if it is not."""
    names = [name for name in store.named_graphs() if isinstance(name, ox.NamedNode)]
    graphs = {name.value: _in_order(store.quads_for_pattern(None, None, None, name)) for name in names}
    default = _in_order(store.quads_for_pattern(None, None, None, ox.DefaultGraph()))
    return {**graphs, DEFAULT_GRAPH: default} if default else graphs


def _in_order(quads: Iterable[ox.Quad]) -> tuple[ox.Quad, ...]:
    return tuple(sorted(quads, key=str))


def releases_on_disk(data: Path) -> list[Release]:
    """Every release of a data folder that can be opened, in service or not, by identifier."""
    found = []
    for folder in sorted((data / "releases").glob("[!.]*")):
        with suppress(ReleaseError):
            found.append(_open(folder))
    return found


def _open(folder: Path) -> Release:
    try:
        raw: dict[str, Any] = json.loads((folder / "manifest.json").read_text(encoding="utf-8"))
        graphs = tuple(GraphEntry(**entry) for entry in raw.pop("graphs"))
        ontologies = tuple(Ontology(**entry) for entry in raw.pop("ontologies", ()))
        records = Records(**found) if (found := raw.pop("records", None)) else None
        trials = tuple(raw.pop("trials"))
        manifest = Manifest(graphs=graphs, ontologies=ontologies, records=records, trials=trials, **raw)
    except (OSError, ValueError, TypeError, KeyError, AttributeError) as error:
        raise ReleaseError(str(folder), found=f"cannot be read: {error}", allowed="build it again") from error
    if manifest.id != release_id(manifest.graphs, manifest.ontologies, manifest.records):
        raise ReleaseError(str(folder), found="has a manifest that was changed", allowed="build it again")
    return Release(folder, manifest)


def write_release(
    data: Path, manifest: Manifest, quads: Iterable[ox.Quad], *, table: Table = EMPTY, base: Release | None = None
) -> Release:
    """Write a release and put it in service. A release that is there already is only put in service. `table` is that of
    its registry records. Its index is made from that of `base` where that is less work, or of the release in service if
    None.

    Raises ReleaseError if the folder cannot be written; what was in service before stays.
    """
    folder = data / "releases" / manifest.id
    try:
        if not folder.exists():
            folder.parent.mkdir(parents=True, exist_ok=True)
            _write_aside(folder, manifest, quads, table, before=base or _in_service(data))
        _replace(data / "current", manifest.id + "\n")
    except OSError as error:
        raise ReleaseError(
            str(data), found=f"cannot be written: {error}", allowed="must be a writable folder"
        ) from error
    return _open(folder)


def _in_service(data: Path) -> Release | None:
    """The release in service, from whose index a new one can be made; None if there is none that can be read."""
    try:
        return current_release(data)
    except ReleaseError:
        return None


def _write_aside(
    folder: Path, manifest: Manifest, quads: Iterable[ox.Quad], table: Table, *, before: Release | None
) -> None:
    """Write a release in a folder of another name, then give it its own. The quads are never all held in memory."""
    aside = Path(tempfile.mkdtemp(prefix=".new-", dir=folder.parent))
    try:
        with open(aside / "data.nq.gz", "wb") as raw, gzip.GzipFile("", "wb", PACKING, raw, mtime=0) as packed:
            ox.serialize(quads, cast("IO[bytes]", packed), format=ox.RdfFormat.N_QUADS)
        if manifest.records:
            table.save(aside / RECORDS)
        make_union(aside / "union", Release(aside, manifest), base=before)
        text = json.dumps(asdict(manifest), indent=2, sort_keys=True)
        (aside / "manifest.json").write_text(text + "\n", encoding="utf-8")
        aside.chmod(0o755)
        aside.rename(folder)
    except OSError:
        if not folder.exists():
            raise
    finally:
        shutil.rmtree(aside, ignore_errors=True)


def _graph_iri(quad: ox.Quad) -> str:
    return quad.graph_name.value if isinstance(quad.graph_name, ox.NamedNode) else DEFAULT_GRAPH


def _replace(path: Path, text: str) -> None:
    """Put a file in place of another in one step."""
    handle, name = tempfile.mkstemp(prefix=".new-", dir=path.parent)
    try:
        with os.fdopen(handle, "w", encoding="utf-8") as file:
            file.write(text)
            file.flush()
            os.fsync(file.fileno())
        os.replace(name, path)
    finally:
        Path(name).unlink(missing_ok=True)
