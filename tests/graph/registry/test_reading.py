"""Records from every kind of input, damaged ones among them."""

import csv
import gzip
import itertools
import json
import os
import sys
import tracemalloc
import zipfile
from pathlib import Path

import pytest

from equipoise.graph.registry import reading
from equipoise.graph.registry.reading import RawRecord, Unreadable, content_hash, read_records
from support import SHARED, need

if sys.version_info >= (3, 14):
    from compression import zstd
else:
    from backports import zstd

REAL = SHARED / "data" / "registry"


def study(number: int, **more: object) -> bytes:
    identification = {"nctId": f"NCT{number:08d}", "briefTitle": "naïve"}
    return json.dumps(
        {"protocolSection": {"identificationModule": identification}, **more}, ensure_ascii=False
    ).encode()


STUDIES = [study(number) for number in range(5)]
LINES = b"".join(line + b"\n" for line in STUDIES)


def read(*paths: Path) -> list[RawRecord | Unreadable]:
    return list(read_records(paths))


def refused(path: Path) -> tuple[str, str]:
    """The one thing that is wrong with a file: where, and why."""
    [item] = read(path)
    assert isinstance(item, Unreadable)
    return item.origin.removeprefix(str(path.parent) + "/"), item.reason


def written(path: Path, content: bytes) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content)
    return path


PACKED = {"": bytes, ".gz": gzip.compress, ".zst": zstd.compress}


@pytest.mark.parametrize("packing", PACKED)
@pytest.mark.parametrize("suffix", [".ndjson", ".jsonl"])
def test_lines_are_records_by_number(tmp_path: Path, suffix: str, packing: str) -> None:
    content = LINES.replace(b"\n", b"\n\n", 1).rstrip(b"\n")
    path = written(tmp_path / f"records{suffix}{packing}", PACKED[packing](content))
    places = [f"{path}:{number}" for number in (1, 3, 4, 5, 6)]
    assert read(path) == [RawRecord(place, content) for place, content in zip(places, STUDIES, strict=True)]


@pytest.mark.parametrize("before", [b"", b"\xef\xbb\xbf", b" \r\n"])
def test_json_is_a_study_a_page_or_an_array(tmp_path: Path, before: bytes) -> None:
    joined = b", ".join(STUDIES)
    one = written(tmp_path / "one.json", before + STUDIES[0])
    page = written(
        tmp_path / "page.json", before + b'{"totalCount": 5, "studies": [' + joined + b'], "nextPageToken": "x"}'
    )
    array = written(tmp_path / "array.json", before + b"[" + joined + b"]")
    assert read(one) == [RawRecord(str(one), STUDIES[0])]
    assert read(page) == [RawRecord(f"{page}#/studies/{place}", content) for place, content in enumerate(STUDIES)]
    assert read(array) == [RawRecord(f"{array}#/{place}", content) for place, content in enumerate(STUDIES)]


def test_folders_are_read_to_the_last_in_order_of_names(tmp_path: Path) -> None:
    for place, name in enumerate(["b.json", "a/z.json", "a/b/c.json", "c.ndjson", ".hidden/x.json"]):
        written(tmp_path / name, STUDIES[place])
    written(tmp_path / "README.md", b"words")
    os.symlink(tmp_path, tmp_path / "a" / "loop")
    os.symlink(tmp_path / "nowhere", tmp_path / "d.json")
    found = [(item.origin.removeprefix(f"{tmp_path}/"), type(item)) for item in read(tmp_path)]
    assert found == [
        ("a/b/c.json", RawRecord),
        ("a/loop", Unreadable),
        ("a/z.json", RawRecord),
        ("b.json", RawRecord),
        ("c.ndjson:1", RawRecord),
        ("d.json", Unreadable),
    ]


def test_archive_is_read_member_by_member(tmp_path: Path) -> None:
    path = tmp_path / "dump.zip"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("NCT0000xxxx/NCT00000000.json", STUDIES[0])
        archive.writestr("more.ndjson", LINES)
        archive.writestr("README.txt", "words")
        archive.writestr("bomb.json", b'{"a":"' + b" " * (80 << 20) + b'"}')
        archive.writestr("nested.json.gz", gzip.compress(STUDIES[0]))
    found = [item.origin.removeprefix(f"{path}!") for item in read(path) if isinstance(item, RawRecord)]
    assert found == ["NCT0000xxxx/NCT00000000.json", *(f"more.ndjson:{number}" for number in range(1, 6))]
    bad = {item.origin.removeprefix(f"{path}!"): item.reason for item in read(path) if isinstance(item, Unreadable)}
    assert bad == {
        "bomb.json": "unpacks to more than 300 times its size",
        "nested.json.gz": "is packed within an archive",
    }


@pytest.mark.parametrize(
    ("name", "content", "reason"),
    [
        ("empty.json", b"", "is empty"),
        ("cut.json", STUDIES[0][:-3], "Input data was truncated"),
        ("nan.json", b'{"enrollment": NaN}', "invalid character"),
        ("latin.json", b'{"title": "na\xefve"}', "is not UTF-8: byte 13 is 0xEF"),
        ("wide.json", STUDIES[0].decode().encode("utf-16"), "is not UTF-8: byte 0 is 0xFF"),
        ("surrogate.json", b'{"title": "\\ud800"}', "is no study in JSON"),
        ("deep.json", b'{"a":' + b"[" * 100_000 + b"]" * 100_000 + b"}", "nests too deep"),
        ("number.json", b"17", "is no study in JSON"),
        ("other.json", b"[17]", "is no study, which is an object"),
        ("studies.json", b'{"studies": 3}', "is no study in JSON"),
        ("named.json.gz", STUDIES[0], "is named as gzip, and is not packed"),
        ("two.json", STUDIES[0] + STUDIES[1], "trailing characters"),
        ("records.csv", b"a,b", "is not named as"),
        ("bad.zip", b"PK\x03\x04", "is no whole ZIP file"),
    ],
)
def test_what_is_no_record_is_named_with_the_reason(tmp_path: Path, name: str, content: bytes, reason: str) -> None:
    origin, found = refused(written(tmp_path / name, content))
    assert origin.partition("#")[0] == name
    assert reason in found


@pytest.mark.parametrize("packing", [".gz", ".zst"])
def test_what_comes_before_the_break_is_read(tmp_path: Path, packing: str) -> None:
    chance = [study(number, salt=os.urandom(500).hex()) for number in range(2000)]
    whole = PACKED[packing](b"\n".join(chance))
    path = written(tmp_path / f"cut.ndjson{packing}", whole[: len(whole) - len(whole) // 8])
    *records, last = read(path)
    assert [record.content for record in records if isinstance(record, RawRecord)] == chance[: len(records)]
    assert isinstance(last, Unreadable) and "breaks off" in last.reason


def test_bad_line_leaves_the_others(tmp_path: Path) -> None:
    path = written(tmp_path / "a.ndjson", b"\n".join([STUDIES[0], b"{broken", STUDIES[1]]))
    first, bad, last = read(path)
    assert (first.content, last.content) == (STUDIES[0], STUDIES[1])
    assert isinstance(bad, Unreadable)
    assert (bad.origin, bad.content) == (f"{path}:2", b"{broken")


def test_line_without_end_is_skipped_in_little_memory(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(reading, "MOST_LINE_BYTES", 2 << 20)
    path = written(tmp_path / "a.ndjson", STUDIES[0] + b"\n" + b" " * (40 << 20) + b"\n" + STUDIES[1] + b"\n")
    tracemalloc.start()
    try:
        first, bad, last = read(path)
        peak = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
    assert bad == Unreadable(f"{path}:2", "is longer than 2 MiB")
    assert (first.content, last.origin) == (STUDIES[0], f"{path}:3")
    assert peak < 16 << 20


def test_bomb_of_one_file_is_refused(tmp_path: Path) -> None:
    path = written(tmp_path / "bomb.ndjson.gz", gzip.compress(b" " * (100 << 20)))
    assert (
        "unpacks to more than 300 times its size"
        in [item.reason for item in read(path) if isinstance(item, Unreadable)][-1]
    )


def test_what_is_not_there_is_named(tmp_path: Path) -> None:
    assert refused(tmp_path / "nowhere.json") == ("nowhere.json", "is not there, or no file")
    os.mkfifo(tmp_path / "pipe.json")
    assert refused(tmp_path / "pipe.json") == ("pipe.json", "is no file")


def test_real_records_are_read(tmp_path: Path) -> None:
    need(REAL.is_dir(), "the folder of real registry records")
    found = read(REAL / "studies", REAL / "incomplete")
    assert [type(item) for item in found] == [RawRecord] * 427


@pytest.mark.parametrize(
    ("before", "after", "same"),
    [
        (b'{"versionHolder":"2026-01-01","a":1}', b'{"versionHolder":"2026-01-02","a":1}', True),
        (b'{"versionHolder" : "2026-01-01"}', b'{"versionHolder" : ""}', True),
        (b'{"versionHolder":"2026-01-01","a":1}', b'{"versionHolder":"2026-01-01","a":2}', False),
        (b'{"a":"\\"versionHolder\\":\\"1\\""}', b'{"a":"\\"versionHolder\\":\\"2\\""}', False),
        (b'{"a":"versionHolder","b":"1"}', b'{"a":"versionHolder","b":"2"}', False),
        (b'{"versionHolder":3}', b'{"versionHolder":4}', False),
        (b'"versionHolder', b'"versionHolder"', False),
        (b'{"a":1}', b'{"a":1}', True),
    ],
)
def test_hash_is_of_all_but_the_stamp(before: bytes, after: bytes, same: bool) -> None:
    assert (content_hash(before) == content_hash(after)) is same


def test_real_versions_have_other_hashes_where_more_than_the_stamp_changed() -> None:
    folder = REAL / "versions"
    need(folder.is_dir(), "the folder of versions of real records")
    with open(folder / "CHANGES.tsv", encoding="utf-8", newline="") as file:
        changed = {(row["file_before"], row["file_after"]) for row in csv.DictReader(file, delimiter="\t")}
    names = sorted(path.name for path in folder.glob("*.json"))
    hashes = {name: content_hash((folder / name).read_bytes()) for name in names}
    steps = [pair for pair in itertools.pairwise(names) if pair[0][:11] == pair[1][:11]]
    assert {pair for pair in steps if hashes[pair[0]] != hashes[pair[1]]} == changed
    assert len(steps) > len(changed)
