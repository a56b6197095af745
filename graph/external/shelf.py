"""The shelf: every external ontology that a data folder has, as the store loads it.

    DATA/ontologies/NAME/SHA12/about.json        what is known of it
    DATA/ontologies/NAME/SHA12/triples.nt.zst    its triples

SHA12 are the first digits of the hash of the file that was given, so one file is one place. A place is written aside
and moved in one step, and never changed; releases name the places that they are served with, so none is taken away.
"""

import hashlib
import json
import os
import re
import shutil
import sys
import tempfile
from collections.abc import Callable
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import IO, Any, cast

from equipoise.ontology.errors import OntologyError, ReleaseError
from equipoise.ontology.iri import mint

if sys.version_info >= (3, 14):
    from compression import zstd
else:
    from backports import zstd

__all__ = [
    "DAMAGE",
    "ONTOLOGY_GRAPHS",
    "Ontology",
    "file_hash",
    "graph_of",
    "named",
    "open_triples",
    "open_triples_for_writing",
    "open_written_triples",
    "put_on_shelf",
    "shelf_place",
    "shelved",
]

ONTOLOGY_GRAPHS = mint("graph", "ontology", "")
"""How the IRI of an external ontology's graph begins."""

DAMAGE = (EOFError, SyntaxError, zstd.ZstdError)
"""What reading triples raises that are not as they were written."""

NAME = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")
PACKING: dict[int, int] = {zstd.CompressionParameter.compression_level: 1, zstd.CompressionParameter.checksum_flag: 1}
"""Level 1 is written as fast as it is read; the checksum tells when a file was damaged."""


@dataclass(frozen=True)
class Ontology:
    """An external ontology as a release is served with it. `sha256` is that of the file that was given.

    `ontology` is the IRI by which it calls itself; `source` the address or the name of the file. What it does not say
    of itself is empty.
    """

    name: str
    iri: str
    sha256: str
    triples: int
    title: str
    ontology: str
    version_iri: str
    version: str
    licence: str
    source: str
    format: str
    added: str

    @property
    def edition(self) -> str:
        """Which one it is, in a few words."""
        return self.version or self.version_iri or self.sha256[:12]


def graph_of(name: str) -> str:
    """The IRI of the graph of an external ontology."""
    return ONTOLOGY_GRAPHS + name


def named(name: str) -> str:
    """The name, if an ontology can have it. Raises OntologyError."""
    if not NAME.fullmatch(name):
        allowed = "must be lower-case letters, digits and single hyphens; give one with --name"
        raise OntologyError("name", found=f"is {name!r}", allowed=allowed)
    return name


def file_hash(path: Path) -> str:
    """The SHA-256 of a file. Raises OntologyError if it cannot be read."""
    try:
        with open(path, "rb") as file:
            return hashlib.file_digest(file, "sha256").hexdigest()
    except OSError as error:
        raise OntologyError(str(path), found=f"cannot be read: {error.strerror}", allowed="must be a file") from error


def shelf_place(data: Path, name: str, sha256: str) -> Path:
    """Where an ontology read from a file with that hash stands, or would stand."""
    return data / "ontologies" / name / sha256[:12]


def put_on_shelf(data: Path, name: str, sha256: str, write: Callable[[Path], Ontology]) -> Ontology:
    """Let `write` write the triples into a file, and keep them under the name and hash; what is there stays.

    What `write` raises leaves the shelf as it was. Raises ReleaseError if the folder cannot be written.
    """
    place = shelf_place(data, name, sha256)
    if place.exists():
        return _read(place)
    try:
        place.parent.mkdir(parents=True, exist_ok=True)
        aside = Path(tempfile.mkdtemp(prefix=".new-", dir=place.parent))
    except OSError as error:
        raise _not_written(place, error) from error
    try:
        ontology = write(aside / "triples.nt.zst")
        _keep(aside, ontology)
        aside.chmod(0o755)
        aside.rename(place)
    except OSError as error:
        raise _not_written(place, error) from error
    finally:
        shutil.rmtree(aside, ignore_errors=True)
        _remove_empty(place.parent)
    return ontology


def open_triples(data: Path, ontology: Ontology) -> IO[bytes]:
    """The triples of an ontology on the shelf, as N-Triples. Raises ReleaseError if they are not there."""
    path = shelf_place(data, ontology.name, ontology.sha256) / "triples.nt.zst"
    try:
        return open_written_triples(path)
    except OSError as error:
        found, allowed = f"cannot be read: {error.strerror}", f"add it again: equipoise ontology add {ontology.source}"
        raise ReleaseError(str(path), found=found, allowed=allowed) from error


def open_written_triples(path: Path) -> IO[bytes]:
    """A file of triples as it was written."""
    return cast("IO[bytes]", zstd.open(path, "rb"))


def open_triples_for_writing(path: Path) -> IO[bytes]:
    """A new file for triples."""
    return cast("IO[bytes]", zstd.open(path, "wb", options=PACKING))


def shelved(data: Path) -> list[Ontology]:
    """Every ontology on the shelf, by name and the day it was added. Raises ReleaseError if one is damaged."""
    found = [_read(place) for place in (data / "ontologies").glob("[!.]*/[!.]*")]
    return sorted(found, key=lambda ontology: (ontology.name, ontology.added, ontology.sha256))


def _read(place: Path) -> Ontology:
    try:
        raw: dict[str, Any] = json.loads((place / "about.json").read_text(encoding="utf-8"))
        return Ontology(**raw)
    except (OSError, ValueError, TypeError) as error:
        raise ReleaseError(
            str(place), found=f"cannot be read: {error}", allowed="take it away, and add it again"
        ) from error


def _keep(aside: Path, ontology: Ontology) -> None:
    """Write what is known beside the triples, and see both on the disk."""
    text = json.dumps(asdict(ontology), indent=2, sort_keys=True, ensure_ascii=False)
    (aside / "about.json").write_text(text + "\n", encoding="utf-8")
    for path in aside.iterdir():
        with open(path, "rb+") as file:
            os.fsync(file.fileno())


def _remove_empty(folder: Path) -> None:
    """Take away the folder of a name under which nothing stands."""
    if folder.is_dir() and not any(folder.iterdir()):
        folder.rmdir()


def _not_written(place: Path, error: OSError) -> ReleaseError:
    return ReleaseError(str(place), found=f"cannot be written: {error}", allowed="must be a writable folder")
