"""The registry records that a release holds: for each its hashes, its size, and where its lines stand on the shelf.

In: rows, one a record. Out: a `Table`, in order of registry number, and a file of it that is opened without being read.
A table is never changed; another version of a record makes another table. Sixty bytes a record, so that each release
has a table of its own and any two can be compared.
"""

import hashlib
import re
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from equipoise.ontology.errors import ReleaseError

__all__ = ["DIGEST", "EMPTY", "Row", "Table", "nct_of", "number_of"]

DIGEST = 16
"""Bytes of a SHA-256 that are kept of each hash."""

NCT = re.compile(r"NCT\d{8}")

LAYOUT = np.dtype(
    [
        ("number", "<u4"),
        ("content", f"V{DIGEST}"),
        ("lines", f"V{DIGEST}"),
        ("quads", "<u4"),
        ("pack", "<u4"),
        ("start", "<u8"),
        ("length", "<u4"),
    ]
)


class Row(NamedTuple):
    """One record: its registry number without letters, the hash of the record as read and that of its lines, the
    number of its quads, and the bytes of a pack that hold them.
    """

    number: int
    content: bytes
    lines: bytes
    quads: int
    pack: int
    start: int
    length: int

    @property
    def nct(self) -> str:
        """The registry number: NCT03764293."""
        return nct_of(self.number)


def number_of(nct: str) -> int:
    """The number of a registry number, NCT and eight digits. Raises ValueError for that of another registry."""
    if not NCT.fullmatch(nct):
        raise ValueError(f"{nct!r} is no registry number of ClinicalTrials.gov")
    return int(nct[3:])


def nct_of(number: int) -> str:
    """The registry number of a number."""
    return f"NCT{number:08d}"


@dataclass(frozen=True, eq=False)
class Table:
    """Rows in order of their numbers, each number once."""

    rows: npt.NDArray[np.void]

    @classmethod
    def of(cls, rows: Iterable[Row]) -> "Table":
        """A table of rows in any order."""
        array = np.array([tuple(row) for row in rows], dtype=LAYOUT)
        return cls(np.sort(array, order="number"))

    @classmethod
    def open(cls, path: Path) -> "Table":
        """The table in a file. Raises ReleaseError if it cannot be read."""
        try:
            rows = np.load(path, mmap_mode="r", allow_pickle=False) if path.stat().st_size else None
        except (OSError, ValueError, EOFError) as error:
            raise ReleaseError(str(path), found=f"cannot be read: {error}", allowed="load the records again") from error
        if rows is None or rows.dtype != LAYOUT or rows.ndim != 1:
            raise ReleaseError(str(path), found="is no table of records", allowed="load the records again")
        return cls(rows)

    def save(self, path: Path) -> None:
        """Write the table to a file. Raises OSError."""
        with open(path, "wb") as file:
            np.save(file, self.rows, allow_pickle=False)

    def __len__(self) -> int:
        return len(self.rows)

    def __iter__(self) -> Iterator[Row]:
        return (_row(entry) for entry in self.rows)

    @property
    def quads(self) -> int:
        """The number of quads of all records."""
        return int(self.rows["quads"].sum(dtype=np.int64))

    @cached_property
    def sha256(self) -> str:
        """What the table says of the records' content, as one hash: of the numbers and the hashes of the lines."""
        said = [np.ascontiguousarray(self.rows[name]).tobytes() for name in ("number", "lines")]
        return hashlib.sha256(b"".join(said)).hexdigest()

    def find(self, nct: str) -> Row | None:
        """The row of a record, if the table has it; none for a trial of another registry."""
        if not NCT.fullmatch(nct):
            return None
        number = number_of(nct)
        place = int(np.searchsorted(self.rows["number"], number))
        if place < len(self.rows) and int(self.rows["number"][place]) == number:
            return _row(self.rows[place])
        return None

    @property
    def packs(self) -> set[int]:
        """The numbers of the packs that hold the records."""
        return set(np.unique(self.rows["pack"]).tolist())

    @cached_property
    def contents(self) -> Mapping[bytes, int]:
        """The numbers of the records by the hashes of the records as they were read."""
        return dict(zip(map(bytes, self.rows["content"].tolist()), self.rows["number"].tolist(), strict=True))

    def with_rows(self, rows: Collection[Row]) -> "Table":
        """The table with these rows in place of, or beside, its own."""
        if not rows:
            return self
        coming = Table.of(rows).rows
        staying = self.rows[~np.isin(self.rows["number"], coming["number"])]
        return Table(np.sort(np.concatenate([staying, coming]), order="number"))

    def without(self, ncts: Collection[str]) -> "Table":
        """The table without some records."""
        return Table(self.rows[~np.isin(self.rows["number"], [number_of(nct) for nct in ncts])])

    def missing_from(self, other: "Table") -> "Table":
        """The rows whose record another table does not have at all."""
        return Table(self.rows[~np.isin(self.rows["number"], other.rows["number"])])

    def changed_in(self, other: "Table") -> list[tuple[Row, Row]]:
        """The records that another table has with other lines: the row here, the row there."""
        _, here, there = np.intersect1d(
            self.rows["number"], other.rows["number"], assume_unique=True, return_indices=True
        )
        differ = _digests(self.rows, here) != _digests(other.rows, there)
        changed = zip(here[differ], there[differ], strict=True)
        return [(_row(self.rows[mine]), _row(other.rows[theirs])) for mine, theirs in changed]


EMPTY = Table(np.empty(0, dtype=LAYOUT))
"""The table of no records."""


def _digests(rows: npt.NDArray[np.void], places: npt.NDArray[np.intp]) -> npt.NDArray[np.bytes_]:
    """The hashes of lines at some places, in a type that numpy compares: all are of one length, so no zero is lost."""
    return np.ascontiguousarray(rows["lines"][places]).view(f"S{DIGEST}")


def _row(entry: np.void) -> Row:
    number, content, lines, quads, pack, start, length = entry.tolist()
    return Row(number, bytes(content), bytes(lines), quads, pack, start, length)
