"""Loading registry records: only what changed is mapped and written, and the rest of the release stays as it was."""

import json
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pyoxigraph as ox
import pytest

from equipoise.graph.change import Document, Put
from equipoise.graph.comparing import compare, trial_changes
from equipoise.graph.history import history
from equipoise.graph.publish import build
from equipoise.graph.registry import mapping
from equipoise.graph.registry.load import Report, load_registry
from equipoise.graph.registry.packs import pack_number, packs_on_shelf
from equipoise.graph.registry.quarantine import quarantined
from equipoise.graph.release import Release, current_release, releases_on_disk
from equipoise.graph.revise import revise
from equipoise.graph.store.embedded import EmbeddedStore
from equipoise.ontology.errors import ReleaseError
from equipoise.queries.catalogue import catalogue, find_question
from equipoise.queries.run import run
from registry_studies import REAL, made_study, real_paths
from support import DATA, GIVEN

NCT = "NCT00000901"
Alter = Callable[[dict[str, Any]], object]


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """A data folder with a release of one made trial."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("PATH", "")
        folder = tmp_path_factory.mktemp("built")
        build([DATA / "MADE-0001.yaml"], folder)
        yield folder


@pytest.fixture
def data(built: Path, tmp_path: Path) -> Path:
    return Path(shutil.copytree(built, tmp_path / "data"))


def study(number: int = 901, alter: Alter = bool, *, version: str = "2026-01-01") -> dict[str, Any]:
    """The made record under another number, altered."""
    made = made_study()
    made["protocolSection"]["identificationModule"]["nctId"] = f"NCT{number:08d}"
    made["derivedSection"]["miscInfoModule"]["versionHolder"] = version
    alter(made["protocolSection"])
    return made


def enrolling(count: int) -> Alter:
    return lambda protocol: protocol["designModule"]["enrollmentInfo"].update(count=count)


def load(data: Path, *studies: dict[str, Any] | str) -> Report:
    """Load records from a folder with one file each, whose names are those of their places."""
    folder = data.parent / "records"
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir()
    for place, one in enumerate(studies):
        text = one if isinstance(one, str) else json.dumps(one)
        (folder / f"{place}.json").write_text(text, encoding="utf-8")
    found = load_registry(data, [folder])
    assert_tidy(data)
    return found


def assert_tidy(data: Path) -> None:
    """Nothing half-written, and no pack that no release names."""
    assert not list(data.rglob(".new-*"))
    named = set().union(*(release.table.packs for release in releases_on_disk(data)))
    assert {pack_number(path) for path in packs_on_shelf(data)} == named


def asked(release: Release, name: str, **given: str) -> list[dict[str, Any]]:
    return run(EmbeddedStore.of_release(release), find_question(name), given).values()


def releases_before(data: Path, release: Release) -> str:
    """The release that was in service before another."""
    return next(str(entry.before) for entry in reversed(history(data)) if entry.release == release.id)


def lines(release: Release) -> set[str]:
    """What the index holds of registry records."""
    store = ox.Store.read_only(str(release.index))
    return {str(quad) for quad in store if "/graph/registry/" in str(quad.graph_name)}


def test_new_records_come_beside_the_curated_ones(data: Path) -> None:
    before = current_release(data)
    found = load(data, study(1), study(2))
    assert (found.read, found.added, found.changed, found.unchanged, found.refused) == (2, 2, 0, 0, [])
    now = current_release(data)
    assert now.id == found.release.id != before.id
    assert {entry.iri: entry.sha256 for entry in now.manifest.graphs} == {
        entry.iri: entry.sha256 for entry in before.manifest.graphs
    }
    assert [row.nct for row in now.table] == ["NCT00000001", "NCT00000002"]
    assert {row["registry_id"] for row in asked(now, "trials")} == {"MADE-0001", "NCT00000001", "NCT00000002"}
    assert [(entry.release, entry.how) for entry in history(data)][1:] == [(now.id, "registry load")]
    assert found.coverage.records == 2


def test_records_whose_data_stamp_alone_moved_cost_no_mapping_and_no_release(data: Path) -> None:
    before = load(data, study(1), study(2)).release
    files = {path: path.stat().st_mtime_ns for path in data.rglob("*") if path.is_file() and path.name != "lock"}
    found = load(data, study(1, version="2026-02-02"), study(2, version="2026-02-02"))
    assert (found.read, found.unchanged, found.added, found.changed) == (2, 2, 0, 0)
    assert found.coverage.records == 0
    assert found.release.id == before.id
    now = {path: path.stat().st_mtime_ns for path in data.rglob("*") if path.is_file() and path.name != "lock"}
    assert now == files


def test_of_a_changed_record_only_the_lines_that_differ_change(data: Path) -> None:
    before = load(data, study(1), study(2)).release
    found = load(data, study(1, enrolling(77)), study(2))
    assert (found.changed, found.unchanged, found.added) == (1, 1, 0)
    gone, come = lines(before) - lines(found.release), lines(found.release) - lines(before)
    assert {line.split()[1].rpartition("/")[2] for line in gone} == {"enrollment>", "textHash>"}
    changed = [line for line in come if "/change/" not in line and "RecordChange" not in line]
    assert {line.split()[1].rpartition("/")[2] for line in changed} == {"enrollment>", "textHash>"}
    assert all("/NCT00000001/registry/change/" in line for line in come if line not in changed)
    assert compare(before, found.release).changed == ("NCT00000001",)
    on_trial = [
        change for change in trial_changes(before, found.release, "NCT00000001") if "change/" not in change.thing
    ]
    assert [(change.property.rpartition("/")[2], change.before, change.now) for change in on_trial] == [
        ("enrollment", ("40",), ("77",))
    ]


@pytest.mark.parametrize("order", [(0, 1, 2), (2, 1, 0), (1, 2, 0)])
def test_of_several_versions_the_newest_is_taken(data: Path, order: tuple[int, ...]) -> None:
    versions = [study(1, enrolling(number), version=f"2026-01-{number:02}") for number in (10, 11, 12)]
    found = load(data, *(versions[place] for place in order))
    assert {row["enrollment"] for row in asked(found.release, "trials") if row["registry_id"] != "MADE-0001"} == {12}
    assert found.added == 1


def test_versions_that_are_loaded_again_leave_the_newest_in_service(data: Path) -> None:
    versions = [study(1, enrolling(number), version=f"2026-01-{number:02}") for number in (10, 11, 12)]
    first = load(data, *versions)
    again = load(data, *versions)
    assert again.release.id == first.release.id
    assert (again.added, again.changed) == (0, 0)
    newer = load(data, *versions, study(1, enrolling(13), version="2026-01-13"))
    assert newer.changed == 1


def test_refused_records_are_put_aside_with_the_reason_and_the_rest_goes_on(data: Path) -> None:
    wrong = study(3)
    wrong["protocolSection"]["designModule"]["enrollmentInfo"]["count"] = "many"
    found = load(data, study(1), wrong, '{"protocolSection": ', study(2))
    assert (found.read, found.added, len(found.refused)) == (4, 2, 2)
    kept = {Path(item.origin).name: item for item in quarantined(data)}
    assert set(kept) == {"1.json", "2.json"}
    assert kept["1.json"].nct == "NCT00000003"
    assert any("enrollmentInfo" in reason and "count" in reason for reason in kept["1.json"].reasons)
    assert "is no study in JSON" in kept["2.json"].reasons[0]


def test_record_leaves_the_quarantine_when_it_comes_well(data: Path) -> None:
    wrong = study(3)
    wrong["protocolSection"]["designModule"]["enrollmentInfo"]["count"] = "many"
    load(data, wrong)
    assert len(quarantined(data)) == 1
    load(data, study(3))
    assert quarantined(data) == []
    load(data, study(1), wrong)
    assert len(quarantined(data)) == 1
    load(data, study(1), study(3, version="2026-03-03"))  # as it is in service
    assert quarantined(data) == []


def test_same_loads_give_the_same_release_in_any_folder(data: Path, built: Path, tmp_path: Path) -> None:
    other = Path(shutil.copytree(built, tmp_path / "elsewhere" / "data"))
    for folder in (data, other):
        load(folder, study(1), study(2))
        load(folder, study(2, enrolling(7)), study(3))
    one, two = current_release(data), current_release(other)
    assert one.id == two.id
    assert lines(one) == lines(two)
    assert (one.folder / "data.nq.gz").read_bytes() == (two.folder / "data.nq.gz").read_bytes()


def test_load_in_many_processes_gives_the_same_release(data: Path, built: Path, tmp_path: Path, monkeypatch) -> None:
    studies = [study(number, enrolling(number)) for number in range(1, 7)]
    one = load(data, *studies).release
    monkeypatch.setattr(mapping, "BATCH_BYTES", 1)  # each a batch of its own
    other = Path(shutil.copytree(built, tmp_path / "elsewhere" / "data"))
    two = load(other, *studies).release
    assert len(packs_on_shelf(other)) == 6
    assert one.id == two.id
    assert lines(one) == lines(two)


def test_release_of_before_comes_back_and_leaves_no_pack_behind(data: Path) -> None:
    load(data, study(1))
    first = load(data, study(1), study(2)).release
    (data / "current").write_text(
        releases_before(data, first)
    )  # as a load leaves it that is killed before the last step
    assert load(data, study(1), study(2)).release.id == first.id


def test_wording_of_a_primary_outcome_that_changes_is_told(data: Path) -> None:
    def reworded(protocol: dict[str, Any]) -> None:
        protocol["outcomesModule"]["primaryOutcomes"][0] = {
            "measure": "Progression-free survival",
            "timeFrame": "2 years",
        }
        protocol["statusModule"]["lastUpdatePostDateStruct"]["date"] = "2022-05-05"

    load(data, study(1))
    switched = load(data, study(1, reworded)).release
    rows = asked(switched, "outcome-switching", trial="NCT00000001")
    assert [(row["before"], row["now"], row["version_before"], row["version_now"]) for row in rows] == [
        ("Overall survival (OS) [3 years]", "Progression-free survival [2 years]", "2021-04-01", "2022-05-05")
    ]
    assert asked(switched, "outcome-switching", trial="NCT00000001", role="Secondary") == []

    def posted(protocol: dict[str, Any]) -> None:
        reworded(protocol)
        protocol["statusModule"]["lastUpdatePostDateStruct"]["date"] = "2023-06-06"
        protocol["designModule"]["enrollmentInfo"]["count"] = 41

    last = load(data, study(1, posted)).release
    told = [
        (row["version_now"], row["property"].rpartition("/")[2], row["role"], row["before"], row["now"])
        for row in asked(last, "registry-timeline", trial="NCT00000001")
    ]
    assert told == [
        (
            "2022-05-05",
            "hasEndpoint",
            "primary",
            "Overall survival (OS) [3 years]",
            "Progression-free survival [2 years]",
        ),
        ("2023-06-06", "enrollment", None, "40", "41"),
    ]


def test_real_versions_one_after_the_other_change_what_the_registry_changed(data: Path) -> None:
    """Wherever the registry changed a record, the next release says that it did, and what."""
    paths = sorted(real_paths("versions"), key=lambda path: path.name.split(".")[1])
    table = (REAL / "versions" / "CHANGES.tsv").read_text(encoding="utf-8").splitlines()[1:]
    changed = {tuple(line.split("\t")[1:3]): line.split("\t")[3] for line in table}
    held: dict[str, Path] = {}
    steps: dict[str, dict[str, Path]] = {}
    for path in paths:
        nct, day, *_ = path.name.split(".")
        steps.setdefault(day, {})[nct] = path
    release = current_release(data)
    seen = set()
    for _, files in sorted(steps.items()):
        before, release = release, load_registry(data, files.values()).release
        told = set(compare(before, release).changed)
        for nct, path in files.items():
            step = (held[nct].name, path.name) if nct in held else None
            if step in changed:
                assert nct in told, step
                if (
                    changed[step] != "protocolSection/contactsLocationsModule"
                ):  # a place may move by a few seconds of arc
                    assert trial_changes(before, release, nct), step
                seen.add(step)
            held[nct] = path
    assert seen == set(changed)
    assert len(asked(release, "registry-timeline", trial="NCT04514484")) > 0
    assert_tidy(data)


def test_build_and_revise_keep_the_records(data: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", "")
    loaded = load(data, study(1), study(2)).release
    put = Put("http://example.org/g", (Document(b"<s> <p> 1 .", "text/turtle", "http://example.org/g"),))
    revised = revise(data, put).release
    assert lines(revised) == lines(loaded)
    _, again = build([DATA / "MADE-0001.yaml"], data)
    assert lines(again) == lines(loaded)
    assert again.table.sha256 == loaded.table.sha256
    _, other = build([DATA / "MADE-0002.yaml"], data)
    assert lines(other) == lines(loaded)
    assert_tidy(data)


def test_process_that_is_ended_from_outside_is_told(data: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    before = current_release(data)
    monkeypatch.setattr(mapping, "BATCH_BYTES", 1)
    monkeypatch.setattr(mapping, "_end_with_parent", mapping.os.abort)
    with pytest.raises(ReleaseError, match="a process that maps records was ended from outside; load them again"):
        load(data, study(1), study(2))
    assert current_release(data).id == before.id


def test_load_without_a_release_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ReleaseError, match="has no release; build one with: equipoise build"):
        load_registry(tmp_path, [tmp_path])


def curated_study(*, enrollment: int, start: str, primary: list[str]) -> dict[str, Any]:
    """A made record under the number of a trial that has a curated record."""

    def alter(protocol: dict[str, Any]) -> None:
        protocol["designModule"]["enrollmentInfo"]["count"] = enrollment
        protocol["designModule"]["phases"] = ["PHASE3"]
        protocol["designModule"]["designInfo"]["maskingInfo"] = {"masking": "NONE"}
        protocol["statusModule"] |= {"overallStatus": "COMPLETED", "startDateStruct": {"date": start, "type": "ACTUAL"}}
        del protocol["contactsLocationsModule"]
        protocol["outcomesModule"]["primaryOutcomes"] = [{"measure": name, "timeFrame": "3 years"} for name in primary]

    return study(3764293, alter)


@pytest.fixture
def with_curated(release: Release, data_folder: Path, tmp_path: Path) -> Path:
    """A copy of the data folder with the shipped records."""
    del release
    return Path(shutil.copytree(data_folder, tmp_path / "data"))


def conflicts_with_registry(release: Release) -> dict[str, tuple[str, str]]:
    rows = asked(release, "conflicts", trial="CARES-310")
    return {
        row["property"].rpartition("/")[2]: (str(row["preferred"]), str(row["read"]))
        for row in rows
        if "/registry/" in row["conflict"]
    }


def test_record_that_differs_from_the_curated_one_is_in_conflict_until_it_does_not(with_curated: Path) -> None:
    differs = curated_study(enrollment=500, start="2019-05-01", primary=["Overall survival"])
    found = load(with_curated, differs).release
    told = conflicts_with_registry(found)
    assert told["enrollment"] == ("543", "500")
    assert told["startDate"] == ("2019-06-10", "2019-05-01")
    assert "OverallSurvival" in told["hasEndpoint"][1]
    assert set(told) == {"enrollment", "startDate", "hasEndpoint"}
    both = ["Overall survival", "Progression-free survival"]
    corrected = load(with_curated, curated_study(enrollment=543, start="2019-06", primary=both)).release
    assert conflicts_with_registry(corrected) == {}


def test_curated_answers_are_the_same_with_and_without_the_registry_record(with_curated: Path) -> None:
    before = current_release(with_curated)
    both = ["Overall survival", "Progression-free survival"]
    now = load(with_curated, curated_study(enrollment=543, start="2019-06", primary=both)).release
    assert now.id != before.id
    elsewhere = {"registry-timeline", "outcome-switching"}
    stores = [EmbeddedStore.of_release(release) for release in (before, now)]
    for name, question in catalogue().items():
        if "trial" not in question.parameters or name in elsewhere:
            continue
        one, other = (run(store, question, {"trial": "CARES-310", **GIVEN.get(name, {})}) for store in stores)
        assert repr(one.values()) == repr(other.values()), name
