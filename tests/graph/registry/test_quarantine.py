"""What was refused is kept with its reason, and forgotten once it is taken."""

from pathlib import Path

import pytest

from equipoise.graph.registry import quarantine
from equipoise.graph.registry.quarantine import Quarantine, quarantine_folder, quarantined
from equipoise.ontology.errors import ReleaseError

CONTENT = b'{"protocolSection": {"identificationModule": {"nctId": "NCT00000001"}}'


def names(data: Path) -> list[str]:
    return sorted(path.name for path in quarantine_folder(data).iterdir())


def test_refused_input_is_kept_with_its_reasons(tmp_path: Path) -> None:
    item = Quarantine(tmp_path).refuse("a.ndjson:3", ["is cut off", "has no title"], CONTENT)
    assert quarantined(tmp_path) == [item]
    assert (item.nct, item.origin, item.reasons) == ("NCT00000001", "a.ndjson:3", ("is cut off", "has no title"))
    assert names(tmp_path) == [f"{item.name}.input", f"{item.name}.json"]
    assert (quarantine_folder(tmp_path) / f"{item.name}.input").read_bytes() == CONTENT


def test_same_input_is_kept_once(tmp_path: Path) -> None:
    for _ in range(2):
        Quarantine(tmp_path).refuse("a.ndjson:3", ["is cut off"], CONTENT)
    Quarantine(tmp_path).refuse("b.json", ["is cut off"], CONTENT)
    assert [item.origin for item in quarantined(tmp_path)] == ["b.json"]


def test_other_content_of_the_same_number_or_place_replaces_it(tmp_path: Path) -> None:
    held = Quarantine(tmp_path)
    held.refuse("a.json", ["is cut off"], CONTENT)
    held.refuse("b.json", ["is cut off"], CONTENT + b" ")
    held.refuse("b.json", ["is empty"], None)
    [item] = quarantined(tmp_path)
    assert (item.reasons, item.size) == (("is empty",), 0)
    assert len(names(tmp_path)) == 2


@pytest.mark.parametrize(("origin", "nct"), [("a.json", "NCT00000009"), ("other.json", "NCT00000001")])
def test_taken_record_leaves_the_quarantine(tmp_path: Path, origin: str, nct: str) -> None:
    Quarantine(tmp_path).refuse("a.json", ["is cut off"], CONTENT)
    Quarantine(tmp_path).refuse("z.json", ["is no study"], b"{")
    Quarantine(tmp_path).take(origin, nct)
    assert [item.origin for item in quarantined(tmp_path)] == ["z.json"]


def test_large_input_is_kept_in_part(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(quarantine, "MOST_KEPT_BYTES", 10)
    item = Quarantine(tmp_path).refuse("a.json", ["is too long"], CONTENT)
    assert (item.size, item.kept) == (len(CONTENT), 10)
    assert (quarantine_folder(tmp_path) / f"{item.name}.input").read_bytes() == CONTENT[:10]


def test_folder_that_cannot_be_written_is_an_error(tmp_path: Path) -> None:
    (tmp_path / "registry").write_bytes(b"a file")
    with pytest.raises(ReleaseError, match="cannot be written"):
        Quarantine(tmp_path).refuse("a.json", ["is cut off"], CONTENT)


def test_empty_quarantine_has_nothing(tmp_path: Path) -> None:
    assert quarantined(tmp_path) == []
