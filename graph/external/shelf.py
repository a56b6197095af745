"""The shelf: every external ontology that a data folder has, as the store loads it.

    DATA/ontologies/NAME/SHA12/about.json        what is known of it
    DATA/ontologies/NAME/SHA12/triples-N.nt.zst  its triples, in parts

All triples with blank nodes are in one part, the first, for a blank node lives within one file; the others have so many
that a few of them are loaded at the same time, in bounded memory. SHA12 are the first digits of the hash of the file
that was given, so one file is one place. A place is written aside and moved in one step, and never changed; releases
name the places that they are served with, so none is taken away.
"""

import hashlib
import json
import os
import re
import shutil
import tempfile
from collections.abc import Callable, Iterable, Iterator
from dataclasses import asdict, dataclass
from itertools import chain, count, islice
from pathlib import Path
from typing import IO, Any, cast

import pyoxigraph as ox

from equipoise.graph.compression import zstd
from equipoise.ontology.errors import OntologyError, ReleaseError
from equipoise.ontology.iri import mint

__all__ = [
    "DAMAGE",
    "ONTOLOGY_GRAPHS",
    "Ontology",
    "damaged",
    "file_hash",
    "graph_of",
    "named",
    "open_part",
    "parts_of",
    "put_on_shelf",
    "read_triples",
    "shelf_place",
    "shelved",
    "triples_of",
    "write_triples",
]

ONTOLOGY_GRAPHS = mint("graph", "ontology", "")
"""How the IRI of an external ontology's graph begins."""

DAMAGE = (EOFError, SyntaxError, zstd.ZstdError)
"""What reading triples raises that are not as they were written."""

NAME = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")
PART = 400_000
"""Triples of a part: two of them take the engine half a gigabyte to load."""

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
    """Let `write` write the triples into a folder, and keep them under the name and hash; what is there stays.

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
        ontology = write(aside)
        _keep(aside, ontology)
        aside.chmod(0o755)
        aside.rename(place)
    except OSError as error:
        raise _not_written(place, error) from error
    finally:
        shutil.rmtree(aside, ignore_errors=True)
        _remove_empty(place.parent)
    return ontology


def parts_of(data: Path, ontology: Ontology) -> list[Path]:
    """The files of an ontology on the shelf. Raises ReleaseError if it is not there."""
    place = shelf_place(data, ontology.name, ontology.sha256)
    if not (found := _parts(place)):
        allowed = f"add it again: equipoise ontology add {ontology.source}"
        raise ReleaseError(str(place), found="is not there", allowed=allowed)
    return found


def open_part(path: Path) -> IO[bytes]:
    """A part, as N-Triples."""
    return cast("IO[bytes]", zstd.open(path, "rb"))


def read_triples(place: Path) -> Iterator[ox.Triple]:
    """The triples of all parts in a folder, which were judged when they were written."""
    for path in _parts(place):
        with open_part(path) as file:
            for quad in ox.parse(file, format=ox.RdfFormat.N_TRIPLES, lenient=True):
                yield quad.triple


def triples_of(data: Path, ontology: Ontology) -> Iterator[ox.Triple]:
    """The triples of an ontology on the shelf. Raises ReleaseError if it is not there or damaged."""
    parts_of(data, ontology)
    place = shelf_place(data, ontology.name, ontology.sha256)
    try:
        yield from read_triples(place)
    except DAMAGE as error:
        raise damaged(place, error) from error


def damaged(place: Path, error: Exception) -> ReleaseError:
    """The error of a place on the shelf that is not as it was written."""
    return ReleaseError(str(place), found=f"is damaged: {error}", allowed="take it away, and add it again")


def write_triples(folder: Path, triples: Iterable[ox.Triple]) -> None:
    """Write triples as parts into a folder, as they come."""
    blanks = folder / "triples-0.nt.zst"
    with _writing(blanks) as blank:
        ground = _diverting(iter(triples), blank)
        for number in count(1):
            first = list(islice(ground, 1))
            if not first:
                break
            with _writing(folder / f"triples-{number}.nt.zst") as file:
                ox.serialize(chain(first, islice(ground, PART - 1)), file, ox.RdfFormat.N_TRIPLES)
        is_empty = blank.tell() == 0
    if is_empty:
        blanks.unlink()


def _diverting(triples: Iterator[ox.Triple], blank: IO[bytes]) -> Iterator[ox.Triple]:
    """The triples without blank nodes; the others are written."""
    for triple in triples:
        if isinstance(triple.subject, ox.BlankNode) or isinstance(triple.object, ox.BlankNode):
            blank.write(f"{triple} .\n".encode())
        else:
            yield triple


def _writing(path: Path) -> IO[bytes]:
    return cast("IO[bytes]", zstd.open(path, "wb", options=PACKING))


def _parts(place: Path) -> list[Path]:
    return sorted(place.glob("triples-*.nt.zst"), key=lambda path: int(path.name.split("-")[1].partition(".")[0]))


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
