"""Made registry records, as the benchmarks load them: built as real ones are, in agreement, and mapped whole."""

import copy
import json
import random
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from equipoise.graph.registry.coverage import Coverage, leaves
from equipoise.graph.registry.names import load_names
from equipoise.graph.registry.reading import content_hash
from equipoise.graph.registry.schema import check_study
from equipoise.graph.registry.study import map_study
from registry_studies import REAL
from support import need

FOLDER = Path(__file__).parents[3] / "benchmarks" / "registry"
RECORDS, RESULTS_SHARE, SEED = 30, 0.5, 7

Study = dict[str, Any]


@pytest.fixture(scope="module")
def generate(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Any]:
    """The generator, with what real records measure."""
    need(REAL.is_dir(), "the folder of real registry records")
    sys.path.insert(0, str(FOLDER))
    import generate
    import measure

    generate.DISTRIBUTIONS = tmp_path_factory.mktemp("measured") / "distributions.json"
    measure.measure(REAL / "studies", generate.DISTRIBUTIONS)
    yield generate
    sys.path.remove(str(FOLDER))


@pytest.fixture(scope="module")
def studies(generate: Any) -> list[Study]:
    return [generate.record(place, RESULTS_SHARE, SEED) for place in range(RECORDS)]


def test_made_records_are_sound_and_no_field_of_theirs_is_unknown(studies: list[Study]) -> None:
    coverage = Coverage()
    for study in copy.deepcopy(studies):
        check_study(study, where="made")
        before = leaves(study)
        coverage.count(before, leaves(map_study(study, names=load_names(), content_hash="0" * 64).left))
    assert coverage.records == RECORDS
    assert [left for left in coverage.paths_left() if left.reason.startswith("not ")] == []


def test_the_same_place_and_seed_make_the_same_record(generate: Any, studies: list[Study]) -> None:
    assert generate.record(3, RESULTS_SHARE, SEED) == studies[3]
    assert generate.record(3, RESULTS_SHARE, SEED + 1) != studies[3]


def test_results_take_up_the_outcomes_and_arms_of_the_protocol(studies: list[Study]) -> None:
    posted = [study for study in studies if "resultsSection" in study]
    assert 5 < len(posted) < 25
    named_as_arms = 0
    for study in posted:
        assert study["hasResults"]
        outcomes = study["protocolSection"]["outcomesModule"]
        measures = study["resultsSection"]["outcomeMeasuresModule"]["outcomeMeasures"]
        assert measures[0]["title"] == outcomes["primaryOutcomes"][0]["measure"]
        arms = {arm["label"] for arm in study["protocolSection"]["armsInterventionsModule"].get("armGroups", ())}
        named_as_arms += any(group["title"] in arms for group in measures[0].get("groups", ()))
    assert named_as_arms > 0


def test_dates_are_in_order_and_nobody_is_affected_who_is_not_at_risk(studies: list[Study]) -> None:
    for study in studies:
        status = study["protocolSection"]["statusModule"]
        assert status["studyFirstSubmitDate"][:7] <= status["lastUpdateSubmitDate"][:7]
        events = study.get("resultsSection", {}).get("adverseEventsModule", {})
        for event in (*events.get("seriousEvents", ()), *events.get("otherEvents", ())):
            for stats in event["stats"]:
                assert stats.get("numAffected", 0) <= stats.get("numAtRisk", 10**9)


def test_next_version_of_a_record_says_something_else_and_the_others_have_another_stamp_only(
    generate: Any, tmp_path: Path
) -> None:
    file = tmp_path / "made.ndjson.zst"
    with generate.zstd.open(file, "wb") as out:
        for lines in generate.records(RECORDS, results_share=RESULTS_SHARE, seed=SEED):
            out.write(lines)
    before = generate.zstd.decompress(file.read_bytes()).splitlines(keepends=True)
    now = list(generate.changed(file, 4, seed=1))
    assert len(before) == len(now) == RECORDS
    assert sum(another for _, another in now) == 4
    for old, (new, another) in zip(before, now, strict=True):
        assert old != new
        assert (content_hash(old) != content_hash(new)) == another
        check_study(json.loads(new), where="made")


def test_changes_leave_a_record_that_can_be_mapped(generate: Any, studies: list[Study]) -> None:
    for place, study in enumerate(copy.deepcopy(studies)):
        generate.changing.change(study, random.Random(place), day="2025-06-03")
        check_study(study, where="made")
        assert map_study(study, names=load_names(), content_hash="0" * 64).lines.lines()
