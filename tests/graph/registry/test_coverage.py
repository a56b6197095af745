"""What registry records hold, what becomes of it, and what is refused."""

import copy
import json
import pickle
import re
from typing import Any

import pytest

from equipoise.graph.registry.coverage import Coverage, leaves
from equipoise.graph.registry.schema import check_study, fields
from equipoise.graph.registry.stating import codes
from equipoise.ontology.errors import StudyError
from registry_studies import made_study, mapped, real_paths, real_studies

RESULTS = "resultsSection"
DATED = re.compile(r"<[^>]*> <[^>]*[/#]([^>/#]+)> ")


def covered(study: dict[str, Any], coverage: Coverage) -> None:
    """Count a record, without the results section."""
    study.pop(RESULTS, None)
    before = leaves(study)
    coverage.count(before, leaves(mapped(study).left))


def test_every_field_that_occurs_in_real_records_is_stated_or_left_out_for_a_reason() -> None:
    coverage = Coverage()
    for study in real_studies():
        covered(study, coverage)
    assert coverage.records == 400
    assert [left for left in coverage.paths_left() if left.reason.startswith("not ")] == []
    assert len(set(coverage.by_reason())) == 4
    assert coverage.share > 0.5


def test_field_without_an_entry_is_counted_as_not_known() -> None:
    coverage = Coverage()
    covered(made_study(), coverage)
    assert next((left.path, left.reason) for left in coverage.paths_left()) == ("madeUp.by", "not known")
    assert "not known" in coverage.table()


def test_code_without_a_controlled_value_stays_and_is_counted() -> None:
    raw = made_study()
    raw["protocolSection"]["statusModule"]["overallStatus"] = "DREAMT_UP"
    raw["protocolSection"]["designModule"]["phases"].append("PHASE9")
    coverage = Coverage()
    covered(raw, coverage)
    left = {left.path: (left.count, left.of, left.reason) for left in coverage.paths_left()}
    assert left["protocolSection.statusModule.overallStatus"] == (1, 1, "not mapped")
    assert left["protocolSection.designModule.phases[]"] == (1, 3, "not mapped")


def test_counts_of_processes_add_up() -> None:
    one, both = Coverage(), Coverage()
    covered(made_study(), one)
    both.add(one)
    both.add(pickle.loads(pickle.dumps(one)))
    assert both.records == 2
    assert both.before == {path: 2 * count for path, count in one.before.items()}
    assert both.share == one.share


def test_every_real_record_can_be_mapped() -> None:
    assert {len(check_study(study, where="real")) for study in real_studies()} == {11}


def test_incomplete_record_is_mapped_or_refused_with_its_faults() -> None:
    verdicts = {}
    for path in real_paths("incomplete"):
        study = json.loads(path.read_bytes())
        try:
            check_study(study, where=path.name)
        except StudyError:
            verdicts[path.name] = False
        else:
            covered(study, Coverage())
            verdicts[path.name] = True
    assert verdicts["NCT00000001.json"] is False
    assert sum(verdicts.values()) == 25


@pytest.mark.parametrize(
    ("study", "message"),
    [
        ([], "the record is a list; must be an object"),
        ({}, "protocolSection.identificationModule.nctId is missing; must be NCT and eight digits"),
        (
            {"protocolSection": {"identificationModule": {"nctId": "NCT1"}}},
            "protocolSection.identificationModule.nctId is 'NCT1'; must be NCT and eight digits",
        ),
        ({"protocolSection": None}, "protocolSection is null; must be an object"),
        (
            {"protocolSection": {"designModule": {"phases": ["PHASE1", 2]}}},
            "protocolSection.designModule.phases[1] is an integer; must be a text",
        ),
        ({"hasResults": "true"}, "hasResults is a text; must be a truth value"),
        (
            {"protocolSection": {"identificationModule": {"briefTitle": "\ud800"}}},
            "protocolSection.identificationModule.briefTitle holds half of a pair of surrogates; must be Unicode",
        ),
    ],
)
def test_what_is_no_study_is_refused_with_the_reason(study: object, message: str) -> None:
    with pytest.raises(StudyError, match=re.escape(f"x.json: {message}")):
        check_study(study, where="x.json")


def test_all_faults_of_a_record_are_told_at_once() -> None:
    raw = made_study()
    raw["hasResults"] = 1
    raw["protocolSection"]["designModule"]["enrollmentInfo"]["count"] = "40"
    with pytest.raises(StudyError) as caught:
        check_study(raw, where="x.json")
    assert [fault.field for fault in caught.value.faults] == [
        "protocolSection.designModule.enrollmentInfo.count",
        "hasResults",
    ]


def full_study() -> dict[str, Any]:
    """A made record that has every field of the table outside of the results, each with a value of its own."""
    study: dict[str, Any] = {}
    for position, field in enumerate(fields().values(), start=100):
        if field.pattern.startswith(RESULTS):
            continue
        node: Any = study
        *parents, last = field.pattern.split(".")
        for key in parents:
            name = key.removesuffix("[]")
            node = node.setdefault(name, [{}])[0] if key.endswith("[]") else node.setdefault(name, {})
        value = made_value(field.kind, field.pattern, position)
        node[last.removesuffix("[]")] = [value] if last.endswith("[]") else value
    return study


def made_value(kind: str, pattern: str, position: int) -> Any:
    plain = {"boolean": True, "integer": position, "number": position + 0.5, "date": f"2020-01-{position % 28 + 1:02}"}
    if kind in plain:
        return plain[kind]
    if kind in codes():
        return next(iter(codes()[kind]))
    endings = {"nctId": f"NCT{position:08}", "pmid": str(position), "id": f"D{position:06}", "Age": f"{position} Years"}
    return next((value for ending, value in endings.items() if pattern.endswith(ending)), f"text {position}")


def properties(study: dict[str, Any]) -> set[tuple[str, str]]:
    triples = mapped(study).lines.triples()
    return {(match[1], triple) for triple in triples if (match := DATED.match(triple))}


def without(study: dict[str, Any], pattern: str) -> dict[str, Any]:
    study = copy.deepcopy(study)
    node: Any = study
    *parents, last = pattern.split(".")
    for key in parents:
        node = node[key.removesuffix("[]")]
        node = node[0] if key.endswith("[]") else node
    del node[last.removesuffix("[]")]
    return study


def test_table_says_truly_which_properties_state_a_field() -> None:
    full = full_study()
    check_study(full, where="full")
    stated = properties(copy.deepcopy(full))
    for field in fields().values():
        if field.pattern.startswith(RESULTS) or field.pattern.endswith("identificationModule.nctId"):
            continue
        gone = {name for name, _ in stated - properties(without(full, field.pattern))}
        wanted = {{"a": "type", "dcterms:title": "title"}.get(name, name) for name in field.becomes}
        assert wanted <= gone, field.pattern
        assert bool(wanted) != bool(field.reason), field.pattern
        assert gone if wanted else not gone, field.pattern
