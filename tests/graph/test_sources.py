"""Citations against the texts they were read in: a made text beside the tests, and the real article."""

import re
from pathlib import Path

import pytest

from equipoise.graph.build import TrialGraph, trial_graph
from equipoise.graph.load import load_record
from equipoise.graph.publish import shipped_records
from equipoise.graph.sources import locate, read_texts, verify_sources
from equipoise.ontology.errors import SettingError
from equipoise.ontology.terms import load_terms
from support import DATA, SHARED, equipoise, need

MADE = DATA / "MADE-0001.yaml"
TEXTS = DATA / "sources"


def graph(path: Path) -> TrialGraph:
    return trial_graph(load_record(path, load_terms()), load_terms())


def changed(tmp_path: Path, old: str, new: str) -> TrialGraph:
    text = MADE.read_text()
    assert text.count(old) == 1
    path = tmp_path / "changed.yaml"
    path.write_text(text.replace(old, new))
    return graph(path)


def test_every_figure_of_the_made_record_stands_in_its_text() -> None:
    report = verify_sources(graph(MADE), read_texts(TEXTS))
    assert report.faults == ()
    assert (report.found, report.missing, report.without_text) == (("made-article",), (), ("made-news",))
    assert report.citations == 14
    assert report.printed == 23


def test_number_that_does_not_stand_in_its_span_is_found(tmp_path: Path) -> None:
    wrong = changed(tmp_path, "    value: 0.75\n", "    value: 0.76\n")
    (fault,) = verify_sources(wrong, read_texts(TEXTS)).faults
    assert (
        str(fault) == "contrast/os/citation/hazard-ratio '0.76' does not stand there; must be printed in the cited span"
    )
    assert fault.line is not None


def test_part_of_a_number_does_not_count(tmp_path: Path) -> None:
    """The text prints 200 patients; 20 is not what it prints."""
    wrong = changed(
        tmp_path, "enrollment: {value: 200, cited: [enrolled]}", "enrollment: {value: 20, cited: [enrolled]}"
    )
    (fault,) = verify_sources(wrong, read_texts(TEXTS)).faults
    assert "'20' does not stand there" in str(fault)


def test_other_comparator_of_p_is_found(tmp_path: Path) -> None:
    wrong = changed(tmp_path, "    p: =0.012\n", "    p: <0.012\n")
    (fault,) = verify_sources(wrong, read_texts(TEXTS)).faults
    assert "'<0.012' does not stand there" in str(fault)


def test_moved_span_is_found(tmp_path: Path) -> None:
    start = re.search(r"hazard-ratio: .*start: (\d+)", MADE.read_text())
    assert start
    moved = changed(tmp_path, f"start: {start[1]},", f"start: {int(start[1]) + 1},")
    (fault,) = verify_sources(moved, read_texts(TEXTS)).faults
    assert "have another hash; must be the span that was read" in str(fault)


def test_text_that_is_not_at_hand_is_said_not_passed_over(tmp_path: Path) -> None:
    report = verify_sources(graph(MADE), read_texts(tmp_path))
    assert (report.missing, report.citations, report.printed) == (("made-article",), 0, 0)


def test_folder_that_is_none_is_refused(tmp_path: Path) -> None:
    with pytest.raises(SettingError, match="is not a folder"):
        read_texts(tmp_path / "none")


def test_words_are_located_once_or_not_at_all() -> None:
    text = "one, two, one"
    start, end, digest = locate(text, "two")
    assert text[start:end] == "two"
    assert len(digest) == 64
    for words, count in (("one", 2), ("three", 0)):
        with pytest.raises(ValueError, match=f"stand there {count} times"):
            locate(text, words)


def test_the_article_holds_every_figure_that_the_record_cites_from_it() -> None:
    need((SHARED / "sources").is_dir(), "the folder of source texts")
    report = verify_sources(graph(shipped_records()[0]), read_texts(SHARED / "sources"))
    assert report.faults == ()
    assert report.found == ("oncodaily-cares-310",)
    assert (report.citations, report.printed) == (118, 163)


def test_command_verifies_and_says_what_does_not_stand(environment: dict[str, str], tmp_path: Path) -> None:
    good = equipoise("--sources", str(TEXTS), "sources", "verify", str(MADE), environment=environment)
    assert good.returncode == 0
    assert "14 citations" in good.stdout
    assert "0 do not stand" in good.stdout
    wrong = tmp_path / "wrong.yaml"
    wrong.write_text(MADE.read_text().replace("    value: 0.75\n", "    value: 0.76\n"))
    bad = equipoise("--sources", str(TEXTS), "sources", "verify", str(wrong), environment=environment)
    assert bad.returncode == 1
    assert re.search(
        r"error: wrong.yaml:\d+: contrast/os/citation/hazard-ratio '0.76' does not stand there", bad.stderr
    )
    unset = equipoise("sources", "verify", str(MADE), environment=environment)
    assert unset.returncode == 2
    assert "EQUIPOISE_SOURCES: is not set" in unset.stderr


def test_command_locates_a_passage(environment: dict[str, str]) -> None:
    text = TEXTS / "made-article.txt"
    done = equipoise(
        "sources", "cite", str(text), "MADE-1 was a randomised, open-label phase 3 trial.", environment=environment
    )
    assert done.stdout.splitlines()[0] == "start: 26"
    assert "sha256: " in done.stdout
    none = equipoise("sources", "cite", str(text), "not there", environment=environment)
    assert none.returncode == 2
    assert "stand there 0 times" in none.stderr
