"""Files that are damaged, too large, or packed otherwise than they say."""

import gzip
import lzma
import sys
from pathlib import Path

import pytest

from equipoise.graph.external.unpacking import Unpacked, packing_of, unpack
from equipoise.ontology.errors import OntologyError

if sys.version_info >= (3, 14):
    from compression import zstd
else:
    from backports import zstd

LINES = b"".join(b"<http://e/%d> <http://e/p> <http://e/o> .\n" % n for n in range(50_000))
MUCH = 1 << 30
PACK = {"gz": gzip.compress, "zst": zstd.compress, "xz": lzma.compress}


def drained(source: Unpacked) -> bytes:
    with source:
        return b"".join(iter(source.read, b""))


@pytest.mark.parametrize("suffix", PACK)
def test_packed_file_is_unpacked(tmp_path: Path, suffix: str) -> None:
    path = tmp_path / f"o.nt.{suffix}"
    path.write_bytes(PACK[suffix](LINES))
    source = unpack(path, most_bytes=MUCH)
    assert drained(source) == LINES
    assert source.lines == 50_000


@pytest.mark.parametrize("suffix", PACK)
def test_file_that_breaks_off_is_refused_with_the_line(tmp_path: Path, suffix: str) -> None:
    path = tmp_path / f"o.nt.{suffix}"
    packed = PACK[suffix](LINES)
    path.write_bytes(packed[: len(packed) * 9 // 10])
    with pytest.raises(OntologyError, match=rf"o\.nt\.{suffix}:\d+: breaks off; must be the whole file"):
        drained(unpack(path, most_bytes=MUCH))


def test_damaged_file_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "o.nt.gz"
    packed = bytearray(gzip.compress(LINES))
    packed[-6] ^= 0xFF  # in the checksum
    path.write_bytes(packed)
    with pytest.raises(OntologyError, match="is damaged: CRC check failed"):
        drained(unpack(path, most_bytes=MUCH))


@pytest.mark.parametrize("suffix", PACK)
def test_bomb_is_refused_long_before_it_is_unpacked(tmp_path: Path, suffix: str) -> None:
    path = tmp_path / f"o.nt.{suffix}"
    path.write_bytes(PACK[suffix](bytes(80 << 20)))
    source = unpack(path, most_bytes=1 << 40)
    with pytest.raises(OntologyError, match="unpacks to more than 300 times its size, as no honest file does"):
        drained(source)


def test_file_that_is_longer_than_allowed_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "o.nt"
    path.write_bytes(LINES)
    with pytest.raises(OntologyError, match="is longer than 1 MiB unpacked; raise EQUIPOISE_FILE_MEGABYTES"):
        drained(unpack(path, most_bytes=1 << 20))


@pytest.mark.parametrize(
    ("name", "content", "found"),
    [
        ("o.nt.gz", LINES, "is named as gzip, and is not packed"),
        ("o.nt", gzip.compress(LINES), "is named as not packed, and is gzip"),
        ("o.nt.xz", gzip.compress(LINES), "is named as xz, and is gzip"),
        ("o.owl", b"PK\x03\x04rest", "is a ZIP archive; must be plain, or packed with gzip, zstd or xz"),
        ("o.owl.bz2", b"BZh9rest", "is a bzip2 archive"),
    ],
)
def test_file_that_is_packed_otherwise_than_its_name_says_is_refused(
    tmp_path: Path, name: str, content: bytes, found: str
) -> None:
    (tmp_path / name).write_bytes(content)
    with pytest.raises(OntologyError, match=found):
        packing_of(tmp_path / name)


def test_file_that_is_not_there_is_refused(tmp_path: Path) -> None:
    with pytest.raises(OntologyError, match="No such file or directory; must be a file"):
        unpack(tmp_path / "none.nt", most_bytes=MUCH)
