"""Releases on disk: how a folder holds them, which one is in service, and what its manifest says.

    DATA/current                 the identifier of the release in service
    DATA/releases/ID/manifest.json   its named graphs with their hashes and sizes, and how it was made
    DATA/releases/ID/data.nq.gz      its content, as canonical N-Quads: the release itself
    DATA/releases/ID/index/          the same for the embedded store, made from data.nq.gz

A release is written aside and moved into place in one step, and `current` is replaced in one step: whoever looks sees
the old release or the new one, never a part. Nothing in here builds a release; `graph.publish` does.
"""

import gzip
import hashlib
import json
import os
import shutil
import tempfile
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import IO, Any, cast

import pyoxigraph as ox

from equipoise.ontology.errors import ReleaseError
from equipoise.ontology.rdf import serialized

__all__ = [
    "GraphEntry",
    "Manifest",
    "Release",
    "current_id",
    "current_release",
    "graph_hash",
    "release_id",
    "write_release",
]

ID_LENGTH = 16
"""Hexadecimal digits of the content hash that name a release."""


@dataclass(frozen=True)
class GraphEntry:
    """One named graph of a release: its IRI, the SHA-256 of its sorted canonical N-Triples, its number of triples."""

    iri: str
    sha256: str
    triples: int


@dataclass(frozen=True)
class Manifest:
    """What a release is made of and how it was made. Only the graphs decide the identifier."""

    id: str
    graphs: tuple[GraphEntry, ...]
    trials: tuple[str, ...]
    findings: Mapping[str, int]
    reasoner: str
    software: Mapping[str, str]

    @property
    def triples(self) -> int:
        """The number of triples over all graphs."""
        return sum(graph.triples for graph in self.graphs)


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
    def index(self) -> Path:
        """The folder of the embedded store."""
        return self.folder / "index"

    def quads(self) -> Iterable[ox.Quad]:
        """All quads of the release, as they were written."""
        with gzip.open(self.folder / "data.nq.gz", "rt", encoding="utf-8") as lines:
            yield from ox.parse(cast("IO[str]", lines), format=ox.RdfFormat.N_QUADS)


def graph_hash(quads: Iterable[ox.Quad]) -> str:
    """The SHA-256 of one named graph: its triples in canonical N-Triples, sorted, one a line.

    Blank nodes must have been given canonical labels before.
    """
    lines = sorted(f"{quad.triple} .\n" for quad in quads)
    return hashlib.sha256("".join(lines).encode()).hexdigest()


def release_id(graphs: Iterable[GraphEntry]) -> str:
    """The identifier of a release with these graphs: a hash of their sorted names and hashes."""
    lines = sorted(f"{graph.iri} {graph.sha256}\n" for graph in graphs)
    return hashlib.sha256("".join(lines).encode()).hexdigest()[:ID_LENGTH]


def current_release(data: Path) -> Release:
    """The release in service. Raises ReleaseError if there is none or it is damaged."""
    return _open(data / "releases" / current_id(data))


def current_id(data: Path) -> str:
    """The identifier of the release in service. Raises ReleaseError if there is none."""
    try:
        return (data / "current").read_text(encoding="utf-8").strip()
    except OSError as error:
        raise ReleaseError(str(data), found="has no release", allowed="build one with: equipoise build") from error


def _open(folder: Path) -> Release:
    try:
        raw: dict[str, Any] = json.loads((folder / "manifest.json").read_text(encoding="utf-8"))
        graphs = tuple(GraphEntry(**entry) for entry in raw.pop("graphs"))
        manifest = Manifest(graphs=graphs, trials=tuple(raw.pop("trials")), **raw)
    except (OSError, ValueError, TypeError, KeyError) as error:
        raise ReleaseError(str(folder), found=f"cannot be read: {error}", allowed="build it again") from error
    if manifest.id != release_id(manifest.graphs):
        raise ReleaseError(str(folder), found="has a manifest that was changed", allowed="build it again")
    return Release(folder, manifest)


def write_release(data: Path, manifest: Manifest, quads: Iterable[ox.Quad]) -> Release:
    """Write a release and put it in service. A release that is there already is only put in service.

    Raises ReleaseError if the folder cannot be written; what was in service before stays.
    """
    folder = data / "releases" / manifest.id
    try:
        if not folder.exists():
            folder.parent.mkdir(parents=True, exist_ok=True)
            _write_aside(folder, manifest, quads)
        _replace(data / "current", manifest.id + "\n")
    except OSError as error:
        raise ReleaseError(
            str(data), found=f"cannot be written: {error}", allowed="must be a writable folder"
        ) from error
    return _open(folder)


def _write_aside(folder: Path, manifest: Manifest, quads: Iterable[ox.Quad]) -> None:
    """Write a release in a folder of another name, then give it its own."""
    aside = Path(tempfile.mkdtemp(prefix=".new-", dir=folder.parent))
    try:
        content = serialized(quads, ox.RdfFormat.N_QUADS)
        with open(aside / "data.nq.gz", "wb") as raw, gzip.GzipFile("", "wb", fileobj=raw, mtime=0) as packed:
            packed.write(content)
        store = ox.Store(str(aside / "index"))
        store.bulk_load(content, format=ox.RdfFormat.N_QUADS)
        store.flush()
        del store
        text = json.dumps(asdict(manifest), indent=2, sort_keys=True)
        (aside / "manifest.json").write_text(text + "\n", encoding="utf-8")
        aside.chmod(0o755)
        aside.rename(folder)
    except OSError:
        if not folder.exists():
            raise
    finally:
        shutil.rmtree(aside, ignore_errors=True)


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
