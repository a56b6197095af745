"""Registry records as a stream of their bytes, from files, folders and archives of any size.

In: paths. A `.json` file holds one study, a page of the registry's API (`{"studies": […]}`) or an array of studies;
`.ndjson` and `.jsonl` one of these on each line; both may be packed (`.gz`, `.zst`, `.xz`), and a `.zip` may hold any
number of them. Folders are read to the last, in the order of their names; what has another name is passed over there.

Out: a `RawRecord` for each study, its bytes as they stood, valid UTF-8 and well-formed JSON; and for what is not, an
`Unreadable` in its place in the stream, which goes on behind it. No more is held than one line, member or file of JSON,
which are bounded. What a study must have is not asked here.
"""

import hashlib
import os
import re
import zipfile
import zlib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import IO

import msgspec

from equipoise.graph.external.unpacking import Unpacked, plain_name, unpack
from equipoise.ontology.errors import OntologyError

__all__ = ["MOST_LINE_BYTES", "RawRecord", "Unreadable", "content_hash", "data_version", "read_records"]

MOST_LINE_BYTES = 64 << 20
"""Size of one line; the longest record of the registry is below 20 MB."""
MOST_FILE_BYTES = 512 << 20
"""Size of one file or member of JSON; a page of a thousand studies has 20 to 100 MB."""
MOST_UNPACKED_BYTES = 1 << 40
"""Size of a file of lines, unpacked."""
MOST_RATIO = 300
HARMLESS = 64 << 20

LINES = (".ndjson", ".jsonl")
JSON = (".json",)
BOM = b"\xef\xbb\xbf"
STAMP = re.compile(rb'"versionHolder"\s*:\s*"([^"\\]*)"')


@dataclass(frozen=True)
class RawRecord:
    """One study as it stands, and where: `dump.zip!NCT01.json`, `pages.ndjson.gz:17` or `page.json#/studies/3`."""

    origin: str
    content: bytes


@dataclass(frozen=True)
class Unreadable:
    """What could not be read: where, why, and its bytes, if there were any to keep."""

    origin: str
    reason: str
    content: bytes | None = None


class _Page(msgspec.Struct):
    """Of an object, as much as tells a page from a study: studies as they stand, if any."""

    studies: list[msgspec.Raw] | msgspec.UnsetType = msgspec.UNSET


OBJECT = msgspec.json.Decoder(_Page)
ARRAY = msgspec.json.Decoder(list[msgspec.Raw])

Read = RawRecord | Unreadable


def read_records(paths: Iterable[Path]) -> Iterator[Read]:
    """Every study below the paths, in order; what cannot be read is named in its place."""
    for path in paths:
        if path.is_dir():
            yield from _folder(path, frozenset())
        elif not path.is_file():
            yield Unreadable(str(path), "is not there, or no file" if not path.exists() else "is no file")
        elif (kind := _kind(path.name)) is None:
            yield Unreadable(str(path), "is not named as .json, .ndjson, .jsonl (packed or not) or .zip")
        else:
            yield from _file(path, kind)


def content_hash(content: bytes) -> str:
    """The SHA-256 of a record but for the date of the registry's data (`versionHolder`), which moves every day.

    Bytes count, not values: a record that is written in another way counts as changed.
    """
    digest = hashlib.sha256()
    start = 0
    while (found := content.find(b'"versionHolder"', start)) >= 0:
        stamp = None if content[found - 1 : found] == b"\\" else STAMP.match(content, found)
        end = stamp.start(1) if stamp else found + 1
        digest.update(content[start:end])
        start = stamp.end(1) if stamp else end
    digest.update(content[start:])
    return digest.hexdigest()


def data_version(content: bytes) -> str:
    """The date of the registry's data (`versionHolder`) that a record has; empty if it has none."""
    stamp = STAMP.match(content, max(content.rfind(b'"versionHolder"'), 0))
    return stamp[1].decode() if stamp else ""


def _kind(name: str) -> str | None:
    """How a file of that name is read: `json`, `lines` or `zip`; None if it is not."""
    if name.lower().endswith(".zip"):
        return "zip"
    suffix = plain_name(Path(name)).suffix.lower()
    return "lines" if suffix in LINES else "json" if suffix in JSON else None


def _folder(folder: Path, above: frozenset[tuple[int, int]]) -> Iterator[Read]:
    """A folder, in the order of names; hidden ones and those that lead back to where they stand are not entered."""
    try:
        status = folder.stat()
        names = sorted(os.listdir(folder))
    except OSError as error:
        yield Unreadable(str(folder), f"cannot be read: {error.strerror}")
        return
    if (here := (status.st_dev, status.st_ino)) in above:
        yield Unreadable(str(folder), "is a link that leads back to a folder it stands in")
        return
    for name in names:
        path = folder / name
        if name.startswith("."):
            continue
        if path.is_dir():
            yield from _folder(path, above | {here})
        elif (kind := _kind(name)) is None:
            continue
        elif path.is_file():
            yield from _file(path, kind)
        else:
            yield Unreadable(str(path), "is no file, or a link to none")


def _file(path: Path, kind: str) -> Iterator[Read]:
    if kind == "zip":
        yield from _archive(path)
        return
    try:
        with unpack(path, most_bytes=MOST_UNPACKED_BYTES if kind == "lines" else MOST_FILE_BYTES) as stream:
            if kind == "lines":
                yield from _lines(str(path), stream)
            else:
                yield from _studies(str(path), b"".join(iter(lambda: stream.read(1 << 20), b"")))
    except OntologyError as error:
        yield Unreadable(error.where, error.found)


def _archive(path: Path) -> Iterator[Read]:
    """The members of a ZIP file, in its order."""
    try:
        with zipfile.ZipFile(path) as archive:
            for member in archive.infolist():
                kind = None if member.is_dir() else _kind(member.filename)
                if kind in ("json", "lines"):
                    yield from _member(archive, member, f"{path}!{member.filename}", kind)
    except (OSError, zipfile.BadZipFile) as error:
        yield Unreadable(str(path), f"is no whole ZIP file: {error}")


def _member(archive: zipfile.ZipFile, member: zipfile.ZipInfo, origin: str, kind: str) -> Iterator[Read]:
    size = member.file_size
    if size > max(member.compress_size * MOST_RATIO, HARMLESS):
        yield Unreadable(origin, f"unpacks to more than {MOST_RATIO} times its size")
    elif plain_name(Path(member.filename)).name != Path(member.filename).name:
        yield Unreadable(origin, "is packed within an archive")
    elif kind == "json" and size > MOST_FILE_BYTES:
        yield Unreadable(origin, f"is longer than {MOST_FILE_BYTES >> 20} MiB")
    else:
        try:
            with archive.open(member) as stream:
                if kind == "lines":
                    yield from _lines(origin, stream)
                else:
                    yield from _studies(origin, stream.read())
        except (OSError, EOFError, zipfile.BadZipFile, zlib.error, NotImplementedError, RuntimeError) as error:
            yield Unreadable(origin, f"is damaged: {str(error) or 'breaks off'}")  # RuntimeError: it has a password


def _lines(origin: str, stream: "Unpacked | IO[bytes]") -> Iterator[Read]:
    """The studies of each line; a line that is too long is skipped."""
    rest, number, is_long = b"", 0, False
    while content := stream.read(1 << 20):
        *whole, last = content.split(b"\n")
        for line in whole:
            number += 1
            if is_long:
                is_long = False
            else:
                yield from _line(f"{origin}:{number}", rest + line)
            rest = b""
        rest = b"" if is_long else rest + last
        if len(rest) > MOST_LINE_BYTES:
            yield Unreadable(f"{origin}:{number + 1}", f"is longer than {MOST_LINE_BYTES >> 20} MiB")
            rest, is_long = b"", True
    yield from _line(f"{origin}:{number + 1}", rest)


def _line(origin: str, line: bytes) -> Iterator[Read]:
    if line and not line.isspace():
        yield from _studies(origin, line)


def _studies(origin: str, content: bytes) -> Iterator[Read]:
    """The studies of one piece of JSON: itself, or those of a page or an array."""
    content = content.removeprefix(BOM).strip()
    try:
        if not content.isascii():
            content.decode()
        if content.startswith(b"["):
            studies, below = ARRAY.decode(content), ""
        elif isinstance(found := OBJECT.decode(content).studies, list):
            studies, below = found, "/studies"
        else:
            yield RawRecord(origin, content)
            return
    except UnicodeDecodeError as error:
        yield Unreadable(origin, f"is not UTF-8: byte {error.start} is 0x{content[error.start]:02X}", content)
        return
    except (msgspec.DecodeError, RecursionError) as error:
        reason = "nests too deep" if isinstance(error, RecursionError) else str(error)
        yield Unreadable(origin, f"is no study in JSON: {reason}" if content else "is empty", content)
        return
    for number, raw in enumerate(studies):
        study = bytes(raw)
        place = f"{origin}#{below}/{number}"
        if study.startswith(b"{"):
            yield RawRecord(place, study)
        else:
            yield Unreadable(place, "is no study, which is an object", study)
