"""The shelf of registry records: packs, each holding the lines of many records, one zstd frame a record.

In: records as lines of N-Quads. Out: a file `DATA/registry/packs/NUMBER.nq.zst` and a row for each record, and the
lines again. Packing and putting on the shelf are two steps, so that many processes pack and one writes. A pack is
written aside and moved into place in one step, and never changed after; releases share packs. A whole pack is one zstd
stream, so that every tool can read it.
"""

import hashlib
from collections.abc import Iterable
from pathlib import Path
from typing import NamedTuple

from equipoise.graph.compression import zstd
from equipoise.graph.registry.table import DIGEST, Row, Table, number_of
from equipoise.graph.whole import write_whole
from equipoise.ontology.errors import ReleaseError

__all__ = [
    "Lines",
    "clear_packs",
    "digest",
    "next_pack",
    "pack_number",
    "pack_records",
    "packs_folder",
    "packs_on_shelf",
    "put_pack",
    "read_lines",
]

LEVEL = 3
"""The level of zstd."""


class Lines(NamedTuple):
    """What a record became: its registry number, the hash of the record as read, and its quads, one a line, sorted."""

    nct: str
    content: bytes
    lines: list[str]


def packs_folder(data: Path) -> Path:
    """The folder of the packs of a data folder."""
    return data / "registry" / "packs"


def digest(content: bytes) -> bytes:
    """The hash of some bytes, as tables have it."""
    return hashlib.sha256(content).digest()[:DIGEST]


def packs_on_shelf(data: Path) -> list[Path]:
    """The packs of a data folder."""
    return sorted(packs_folder(data).glob("[0-9]*.nq.zst"))


def pack_number(path: Path) -> int:
    """The number of a pack."""
    return int(path.name.partition(".")[0])


def next_pack(data: Path) -> int:
    """A number that no pack has yet."""
    return max(map(pack_number, packs_on_shelf(data)), default=0) + 1


def clear_packs(data: Path, *, but: Iterable[Table]) -> None:
    """Remove all packs but those that these tables name. Raises OSError."""
    needed = set[int]().union(*(table.packs for table in but))
    for path in packs_on_shelf(data):
        if pack_number(path) not in needed:
            path.unlink()


def pack_records(number: int, records: Iterable[Lines]) -> tuple[bytes, list[Row]]:
    """The pack of that number, and the rows of its records. Nothing is written."""
    frames, rows, start = [], [], 0
    for record in records:
        text = "".join(record.lines).encode()
        frame = zstd.compress(text, LEVEL)
        found = (len(record.lines), number, start, len(frame))
        rows.append(Row(number_of(record.nct), record.content, digest(text), *found))
        frames.append(frame)
        start += len(frame)
    return b"".join(frames), rows


def put_pack(data: Path, number: int, pack: bytes) -> None:
    """Put a pack on the shelf. Raises OSError, and leaves nothing behind then."""
    folder = packs_folder(data)
    folder.mkdir(parents=True, exist_ok=True)
    write_whole(_path(data, number), pack)


def read_lines(data: Path, rows: Iterable[Row]) -> list[bytes]:
    """The lines of records, as one text each, in the order of the rows. Raises ReleaseError if a pack is damaged."""
    texts = []
    number, file = -1, None
    try:
        for row in rows:
            if row.pack != number:
                if file:
                    file.close()
                number, file = row.pack, _path(data, row.pack).open("rb")
            assert file is not None
            file.seek(row.start)
            texts.append(zstd.decompress(file.read(row.length)))
    except (OSError, zstd.ZstdError) as error:
        found = f"cannot be read: {error}"
        raise ReleaseError(str(_path(data, number)), found=found, allowed="load the records again") from error
    finally:
        if file:
            file.close()
    return texts


def _path(data: Path, number: int) -> Path:
    return packs_folder(data) / f"{number:08d}.nq.zst"
