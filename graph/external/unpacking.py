"""A file as a stream of the bytes it was packed from, so bounded that nothing a file holds can fill memory or disk.

In: a path. Out: the bytes, as they are read. How a file is packed is told by its first bytes; a file whose name says
otherwise is refused. Memory stays flat, whatever the size.
"""

import gzip
import lzma
import zlib
from collections.abc import Callable
from pathlib import Path
from typing import IO, Protocol, cast

from equipoise.graph.compression import zstd
from equipoise.ontology.errors import OntologyError

__all__ = ["MOST_RATIO", "Stream", "Unpacked", "packing_of", "plain_name", "unpack"]

MOST_RATIO = 300
"""How many bytes one packed byte may stand for; files of text pack to a twentieth, dense ones to a sixtieth."""
HARMLESS = 64 << 20
"""Bytes up to which no ratio matters."""

SUFFIXES = {".gz": "gzip", ".zst": "zstd", ".xz": "xz"}
BEGINNINGS = {b"\x1f\x8b": "gzip", b"\x28\xb5\x2f\xfd": "zstd", b"\xfd7zXZ\x00": "xz"}
OTHERS = {b"PK\x03\x04": "ZIP", b"BZh": "bzip2", b"7z\xbc\xaf\x27\x1c": "7z", b"Rar!": "RAR"}
OPENERS: dict[str, Callable[..., object]] = {"": open, "gzip": gzip.open, "zstd": zstd.open, "xz": lzma.open}
DAMAGE = (EOFError, gzip.BadGzipFile, zlib.error, lzma.LZMAError, zstd.ZstdError)


class Stream(Protocol):
    """The bytes of a file, to be read once."""

    path: Path

    @property
    def place(self) -> str:
        """The file and the line that is being read."""
        ...

    def read(self, size: int = 1 << 16) -> bytes:
        """The next bytes, at most so many; none at the end. Raises OntologyError."""
        ...


class Unpacked:
    """The bytes of a file, to be read once; `lines` is how many lines have been read whole."""

    def __init__(self, path: Path, source: IO[bytes], *, most_bytes: int) -> None:
        self.path = path
        self.lines = 0
        self._source = source
        self._read = 0
        self._most = most_bytes
        self._dense = max(path.stat().st_size * MOST_RATIO, HARMLESS)

    def __enter__(self) -> "Unpacked":
        return self

    def __exit__(self, *_: object) -> None:
        self._source.close()

    @property
    def place(self) -> str:
        """The file and the line that is being read."""
        return f"{self.path}:{self.lines + 1}"

    def read(self, size: int = 1 << 16) -> bytes:
        """The next bytes, at most so many; none at the end. Raises OntologyError if they are damaged or too many."""
        try:
            content = self._source.read(min(size, 1 << 20) if size >= 0 else 1 << 20)
        except DAMAGE as error:
            found = "breaks off" if isinstance(error, EOFError) else f"is damaged: {error}"
            raise OntologyError(self.place, found=found, allowed="must be the whole file; fetch it again") from error
        except OSError as error:
            raise OntologyError(
                self.place, found=f"cannot be read: {error}", allowed="must be a readable file"
            ) from error
        self._read += len(content)
        self.lines += content.count(b"\n")
        if self._read > self._most:
            found = f"is longer than {self._most >> 20} MiB unpacked"
            raise OntologyError(self.place, found=found, allowed="raise EQUIPOISE_FILE_MEGABYTES if it may be")
        if self._read > self._dense:
            found = f"unpacks to more than {MOST_RATIO} times its size, as no honest file does"
            raise OntologyError(self.place, found=found, allowed="unpack it yourself if you trust it")
        return content


def unpack(path: Path, *, most_bytes: int) -> Unpacked:
    """Open a file, packed or not. Raises OntologyError if it cannot be, or is packed otherwise than its name says."""
    packing = packing_of(path)
    try:
        return Unpacked(path, cast("IO[bytes]", OPENERS[packing](path, "rb")), most_bytes=most_bytes)
    except OSError as error:
        raise OntologyError(str(path), found=f"cannot be read: {error.strerror}", allowed="must be a file") from error


def packing_of(path: Path) -> str:
    """How a file is packed: gzip, zstd, xz, or the empty text. Raises OntologyError as `unpack` does."""
    try:
        with open(path, "rb") as file:
            first = file.read(8)
    except OSError as error:
        raise OntologyError(str(path), found=f"cannot be read: {error.strerror}", allowed="must be a file") from error
    for beginning, name in OTHERS.items():
        if first.startswith(beginning):
            found, allowed = f"is a {name} archive", "must be plain, or packed with gzip, zstd or xz"
            raise OntologyError(str(path), found=found, allowed=allowed)
    found_packing = next((name for beginning, name in BEGINNINGS.items() if first.startswith(beginning)), "")
    said = SUFFIXES.get(path.suffix.lower(), "")
    if said != found_packing:
        found = f"is named as {said or 'not packed'}, and is {found_packing or 'not packed'}"
        raise OntologyError(str(path), found=found, allowed="must be what its name says")
    return found_packing


def plain_name(path: Path) -> Path:
    """The name without the suffix of the packing."""
    return path.with_suffix("") if path.suffix.lower() in SUFFIXES else path
