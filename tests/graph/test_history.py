"""The history of releases: what is appended is read back, what is not known is absent, what was cut off is no entry."""

import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from equipoise.graph.history import Entry, history, record
from equipoise.ontology.errors import ReleaseError
from support import DATA, equipoise

TEXTS = st.none() | st.text(min_size=1)
ENTRIES = st.lists(
    st.builds(
        Entry.of_now,
        release=st.text(min_size=1),
        before=TEXTS,
        how=st.sampled_from(["build", "update", "put", "post", "delete"]),
        graph=TEXTS,
        who=TEXTS,
        why=TEXTS,
    )
)


@given(entries=ENTRIES)
def test_entries_are_read_as_they_were_written(tmp_path_factory: pytest.TempPathFactory, entries: list[Entry]) -> None:
    data = tmp_path_factory.mktemp("data")
    for entry in entries:
        record(data, entry)
    assert history(data) == entries


def test_what_is_not_known_is_absent(tmp_path: Path) -> None:
    record(tmp_path, Entry.of_now(release="a", before=None, how="build"))
    (line,) = (tmp_path / "history.jsonl").read_text().splitlines()
    assert set(json.loads(line)) == {"release", "when", "how"}


def test_entry_that_was_cut_off_gives_way_to_the_next(tmp_path: Path) -> None:
    one, other = (Entry.of_now(release=name, before=None, how="build") for name in "ab")
    record(tmp_path, one)
    with (tmp_path / "history.jsonl").open("ab") as file:
        file.write(b'{"release": "cut o')
    assert history(tmp_path) == [one]
    record(tmp_path, other)
    assert history(tmp_path) == [one, other]


@pytest.mark.parametrize("line", ["{", "[]", '{"release": 1, "colour": 2}', "\xff"])
def test_damaged_history_is_refused(tmp_path: Path, line: str) -> None:
    (tmp_path / "history.jsonl").write_bytes(line.encode("latin-1") + b"\n")
    with pytest.raises(ReleaseError, match="must be one entry a line"):
        history(tmp_path)


def test_every_build_is_an_entry_though_the_release_is_the_same(tmp_path: Path, environment: dict[str, str]) -> None:
    mine = {**environment, "EQUIPOISE_DATA": str(tmp_path), "PATH": "", "LOGNAME": "ada"}
    assert history(tmp_path) == []
    assert equipoise("build", str(DATA / "MADE-0001.yaml"), environment=mine).returncode == 0
    assert equipoise("build", "--why", "once more", str(DATA / "MADE-0001.yaml"), environment=mine).returncode == 0
    first, second = history(tmp_path)
    assert first.release == second.release == second.before
    assert (first.before, first.why, second.why) == (None, None, "once more")
    assert (first.how, first.who, first.graph) == ("build", "ada", None)
    listed = json.loads(equipoise("releases", "--format", "json", environment=mine).stdout)
    assert listed["current"] == first.release
    assert listed["history"] == [second.document(), first.document()]
    assert [one["id"] for one in listed["releases"]] == [first.release]
    assert "once more" in equipoise("releases", environment=mine).stdout
