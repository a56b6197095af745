"""Records that are refused, each with its reason, and the one that is not."""

import re
from pathlib import Path

import pytest

from equipoise.graph.build import trial_graph
from equipoise.graph.load import MAX_BYTES, load_record
from equipoise.graph.publish import assemble, shipped_records
from equipoise.ontology.errors import RecordError
from equipoise.ontology.terms import load_terms
from support import DATA

MADE = DATA / "MADE-0001.yaml"
BAD = sorted((DATA / "bad").glob("*.yaml"))


@pytest.fixture(autouse=True)
def without_java(monkeypatch: pytest.MonkeyPatch) -> None:
    """Reasoning is not what is tested here, and the rules are faster."""
    monkeypatch.setenv("PATH", "")


def test_there_are_bad_records() -> None:
    assert len(BAD) > 30


@pytest.mark.parametrize("path", BAD, ids=lambda path: path.stem)
def test_bad_record_is_refused_with_its_reason(path: Path) -> None:
    expected = path.read_text().splitlines()[0].removeprefix("# expect: ")
    with pytest.raises(RecordError, match=re.escape(expected)) as caught:
        assemble([path])
    assert str(caught.value).startswith(f"{path.name}:")
    assert all(fault.line is None or fault.line > 1 or "mapping" in fault.found for fault in caught.value.faults)


def test_made_record_passes() -> None:
    assembly = assemble([MADE])
    assert [finding for finding in assembly.findings if not finding.verdict.passed] == []
    assert {finding.check for finding in assembly.findings} >= {
        "C1",
        "C2",
        "C3",
        "C4",
        "C6",
        "C7",
        "C9",
        "C13",
        "C14",
        "C16",
    }


def test_all_faults_of_a_record_come_at_once_with_their_lines(tmp_path: Path) -> None:
    text = (
        MADE.read_text()
        .replace("role: Experimental", "role: Main")
        .replace("reference: sorafenib", "reference: placebo")
    )
    path = tmp_path / "two.yaml"
    path.write_text(text.replace("upper: 0.94", "upper: high"))
    with pytest.raises(RecordError) as caught:
        load_record(path, load_terms())
    lines = {fault.field: fault.line for fault in caught.value.faults}
    assert set(lines) == {"arms[0].role", "contrasts[0].reference", "contrasts[0].upper"}
    for field, word in (("arms[0].role", "role: Main"), ("contrasts[0].upper", "upper: high")):
        assert word in path.read_text().splitlines()[lines[field] - 1]


def test_faults_of_several_records_come_together() -> None:
    with pytest.raises(RecordError) as caught:
        assemble([DATA / "bad" / "unknown-field.yaml", DATA / "bad" / "unknown-drug.yaml"])
    assert "unknown-field.yaml:" in str(caught.value)
    assert "unknown-drug.yaml:" in str(caught.value)


def test_trial_may_have_one_record_only(tmp_path: Path) -> None:
    again = tmp_path / "again.yaml"
    again.write_text(MADE.read_text())
    with pytest.raises(RecordError, match="the trial of MADE-0001.yaml too; must be one record a trial"):
        assemble([MADE, again])


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (b"\xff\xfe\x00", "is not UTF-8 at byte 0"),
        (b"a: " + b"[" * 1_000_000, "is nested too deeply; at most 20 levels"),
        (b"", "is not a mapping"),
        (b"x" * (MAX_BYTES + 1), "has 5000001 bytes"),
        (b"a: &a [1]\nb: *a\n", "uses an alias"),
        (b"!!python/object/apply:os.system ['true']\n", "is not a mapping"),
        (b"registry_id: {1: 2}\n", "registry_id is a mapping; must be text"),
    ],
)
def test_file_that_is_no_record_is_refused(tmp_path: Path, content: bytes, reason: str) -> None:
    path = tmp_path / "file.yaml"
    path.write_bytes(content)
    with pytest.raises(RecordError, match=re.escape(reason)):
        load_record(path, load_terms())


def test_file_that_is_not_there_is_refused(tmp_path: Path) -> None:
    with pytest.raises(RecordError, match="cannot be read: No such file"):
        load_record(tmp_path / "none.yaml", load_terms())


@pytest.mark.parametrize("path", [*shipped_records(), MADE], ids=lambda path: path.stem)
def test_same_record_gives_the_same_quads(path: Path) -> None:
    terms = load_terms()
    one, other = (trial_graph(load_record(path, terms), terms) for _ in range(2))
    assert one.quads == other.quads
    assert list(one.quads) == sorted(one.quads, key=str)


def test_waiver_lets_a_warning_stand_with_its_reason(tmp_path: Path) -> None:
    """Medians the other way round are a warning (curves may cross); the reason goes with the finding."""
    text = (
        MADE.read_text()
        .replace("value: 12.0", "value: 9.0")
        .replace("sorafenib: {value: 9.0, cited", "sorafenib: {value: 12.0, cited")
    )
    crossed = tmp_path / "crossed.yaml"
    crossed.write_text(text)
    (found,) = [finding for finding in assemble([crossed]).findings if finding.verdict.severity == "Warning"]
    assert (found.check, found.waiver) == ("C16", None)
    crossed.write_text(text + "waivers:\n  - {about: contrast/os, check: CheckC16, reason: The curves cross.}\n")
    (waived,) = [finding for finding in assemble([crossed]).findings if finding.verdict.severity == "Warning"]
    assert waived.waiver == "The curves cross."
