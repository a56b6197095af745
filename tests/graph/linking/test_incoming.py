"""Mapping sets of others: the real ones are read whole, bad ones are refused with file and line."""

import re
from pathlib import Path

import pytest

from equipoise.graph.linking.evidence import EXACT
from equipoise.graph.linking.incoming import read_incoming
from equipoise.graph.linking.sheet import LONGEST_LINE, read_sheet, sheet_text
from equipoise.ontology.errors import MappingError
from support import DATA, SHARED, need

BAD = DATA / "linking" / "bad"
REAL = SHARED / "data" / "ontologies"
GOOD = (BAD / "confidence.sssom.tsv").read_text().replace("high", "0.9")


@pytest.mark.parametrize("path", sorted(BAD.glob("*.tsv")), ids=lambda path: path.name.partition(".")[0])
def test_bad_set_is_refused_with_file_and_line(path: Path) -> None:
    expected = path.read_text().splitlines()[0].removeprefix("## expect: ")
    with pytest.raises(MappingError, match=re.escape(path.name + expected)):
        read_incoming(path)


def written(folder: Path, content: bytes) -> Path:
    path = folder / "set.sssom.tsv"
    path.write_bytes(content)
    return path


def test_bytes_that_are_no_text_are_refused_with_their_line(tmp_path: Path) -> None:
    lines = GOOD.encode().splitlines(keepends=True)
    path = written(tmp_path, b"".join([*lines, b"MONDO:1\tskos:exactMatch\tNCIT:C\xff1\tsemapv:LexicalMatching\n"]))
    with pytest.raises(MappingError, match=re.escape("set.sssom.tsv:9: byte 31 of the line is not UTF-8")):
        read_incoming(path)


def test_a_line_of_a_hundred_megabytes_is_refused_before_it_is_read(tmp_path: Path) -> None:
    path = tmp_path / "long.sssom.tsv"
    with path.open("wb") as file:
        file.write(GOOD.encode())
        file.truncate(100 * 1024 * 1024)
    with pytest.raises(
        MappingError, match=re.escape(f"long.sssom.tsv:9: the line is longer than {LONGEST_LINE} bytes")
    ):
        read_incoming(path)


def test_a_file_with_nul_bytes_or_none_at_all_is_refused(tmp_path: Path) -> None:
    with pytest.raises(MappingError, match="set.sssom.tsv:1: the line has a NUL"):
        read_incoming(written(tmp_path, b"subject_id\0\tpredicate_id\n"))
    with pytest.raises(MappingError, match="there are no columns"):
        read_incoming(written(tmp_path, b""))
    with pytest.raises(MappingError, match="none.sssom.tsv: cannot be read: No such file"):
        read_incoming(tmp_path / "none.sssom.tsv")
    with pytest.raises(MappingError, match="cannot be read: Is a directory"):
        read_incoming(tmp_path)


def test_a_head_that_is_made_to_harm_is_refused(tmp_path: Path) -> None:
    with pytest.raises(MappingError, match="set.sssom.tsv:1: the head is nested too deep|the head is no YAML"):
        read_incoming(written(tmp_path, b"#" + b"[" * 100_000 + b"\nsubject_id\tobject_id\n"))


def test_all_faults_are_told_at_once_but_no_more_than_twenty(tmp_path: Path) -> None:
    row = "MONDO:0007256\tskos:alike\tNCIT:C3099\tsemapv:ManualMappingCuration\n"
    with pytest.raises(MappingError) as caught:
        read_incoming(written(tmp_path, (GOOD + 50 * row).encode()))
    assert [fault.line for fault in caught.value.faults] == list(range(9, 29))


def test_identifiers_are_read_in_our_form(tmp_path: Path) -> None:
    text = GOOD.replace("obo/NCIT_", "obo/NCIT_").replace("NCIT:C3099", "ncit:C3099")
    text = text.replace(
        "#  NCIT: http://purl.obolibrary.org/obo/NCIT_", "#  ncit: http://ncicb.nci.nih.gov/xml/owl/EVS/Thesaurus.owl#"
    )
    (link,) = read_incoming(written(tmp_path, text.encode())).links
    assert link.object == "http://purl.obolibrary.org/obo/NCIT_C3099"
    assert link.predicate == EXACT
    assert link.place == "set.sssom.tsv:8"


def test_a_sheet_is_written_as_it_was_read(tmp_path: Path) -> None:
    path = written(tmp_path, GOOD.encode())
    assert sheet_text(read_sheet(path)) == GOOD


@pytest.mark.parametrize(
    ("name", "matches", "others"),
    [
        ("biomappings-positive", 11823, {"debio:0000003": 616, "ro:0018033": 1, "ro:HOM0000017": 1}),
        ("mondo_exactmatch_ncit", 7304, {}),
        ("mondo_exactmatch_efo", 2399, {}),
    ],
)
def test_real_sets_are_read_whole(name: str, matches: int, others: dict[str, int]) -> None:
    path = REAL / f"{name}.sssom.tsv"
    need(path.exists(), "shared files")
    found = read_incoming(path)
    assert (len(found.links), dict(found.passed_over)) == (matches, others)
