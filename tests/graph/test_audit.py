# ruff: noqa: E501 (lines of records)
"""The self-audit of whole records: every check runs and passes on a sound one, and finds what it is for."""

from pathlib import Path

import pyoxigraph as ox
import pytest

from equipoise.graph.audit import Finding, audit
from equipoise.graph.build import trial_graph
from equipoise.graph.load import load_record
from equipoise.ontology.rdf import in_graph
from equipoise.ontology.reasoner import infer_by_rules
from equipoise.ontology.terms import load_terms, vocabulary
from support import DATA

MADE = DATA / "audit" / "MADE-0100.yaml"


def findings_of(path: Path) -> list[Finding]:
    terms = load_terms()
    stated = [*vocabulary(), *(quad.triple for quad in trial_graph(load_record(path, terms), terms).quads)]
    store = ox.Store()
    store.bulk_extend(in_graph([*stated, *infer_by_rules(stated).triples], None))
    return audit(store, {})


def test_every_check_runs_on_a_sound_record_and_only_the_second_source_is_doubted() -> None:
    findings = findings_of(MADE)
    (doubted,) = [finding for finding in findings if not finding.verdict.passed]
    assert (doubted.check, doubted.verdict.severity) == ("C26", "Warning")
    assert doubted.verdict.computed == "read as 33.0 and as 30.3; two neighbouring digits are swapped"
    assert doubted.waiver == "The article was read, and the news page has its digits swapped."
    checks = {name.removeprefix("Check") for name in load_terms().schemes["CheckScheme"]}
    assert {finding.check for finding in findings} == checks


def test_only_count_that_a_percentage_can_stand_for_is_derived() -> None:
    derived = {finding.about.rpartition("/")[0]: finding.verdict.derived_count for finding in findings_of(MADE)}
    assert derived["https://w3id.org/equipoise/trial/MADE-0100/estimate/immunotherapy"] == 51


@pytest.mark.parametrize(
    ("check", "severity", "right", "wrong"),
    [
        ("C1", "Error", "value: 0.75, lower: 0.59", "value: 0.57, lower: 0.59"),
        ("C2", "Error", "lower: 0.59, upper: 0.95", "lower: 0.59, upper: 0.99"),
        ("C2b", "Warning", "value: 10.0, lower: 2.2, upper: 17.7", "value: 10.0, lower: 2.2, upper: 27.7"),
        ("C3", "Error", "p: =0.016", "p: =0.0016"),
        ("C4", "Error", "p: =0.0014", "p: =0.14"),
        ("C5", "Warning", "target_events: 130, reference_events: 150", "target_events: 130, reference_events: 85"),
        ("C6", "Error", "target_events: 130, reference_events: 150", "target_events: 230, reference_events: 150"),
        ("C7", "Warning", "enrollment: {value: 400", "enrollment: {value: 410"),
        ("C7", "Error", "enrollment: {value: 400", "enrollment: {value: 390"),
        ("C7", "Error", "kind: IntentionToTreat, size: 400", "kind: IntentionToTreat, size: 399"),
        ("C7", "Warning", "category: Asia, size: 240", "category: Asia, size: 250"),
        ("C7", "Error", "kind: SafetySet, size: 398", "kind: SafetySet, size: 498"),
        ("C7", "Info", "events: 280, denominator: 400", "events: 282, denominator: 400"),
        ("C7", "Error", "events: 280, target_events", "events: 283, target_events"),
        ("C8", "Info", 'value: "1:1"', 'value: "2:1"'),
        ("C9", "Error", "value: 65, events: 130", "value: 66, events: 130"),
        ("C9b", "Error", "{value: 25.5}", "{value: 25.3}"),
        ("C10", "Warning", "lower: 19.2, upper: 31.6", "lower: 19.2, upper: 33.6"),
        ("C11", "Error", "value: 40.0, events: 80", "value: 42.0, events: 84"),
        ("C11", "Error", "value: 65.0, events: 130", "value: 56.0, events: 112"),
        ("C11", "Error", "value: 10.0, events: 20", "value: 9.5, events: 19"),
        ("C12", "Error", "value: 40.2, events: 80", "value: 99.0, events: 197"),
        ("C13", "Error", "rivoceranib: {value: 43.5}", "rivoceranib: {value: 67.5}"),
        ("C14", "Error", "rivoceranib: {value: 43.5}", "rivoceranib: {value: 53.5}"),
        ("C15", "Error", "rivoceranib: {value: 30.5}", "rivoceranib: {value: 69.5}"),
        ("C16", "Warning", "rivoceranib: {value: 20.0}", "rivoceranib: {value: 12.0}"),
        ("C17", "Info", "rivoceranib: {value: 20.0}", "rivoceranib: {value: 32.0}"),
        ("C18", "Info", "rivoceranib: {value: 43.5}", "rivoceranib: {value: 33.5}"),
        ("C19", "Warning", "value: 0.72, lower: 0.53, upper: 0.98", "value: 0.82, lower: 0.60, upper: 1.11"),
        ("C20", "Warning", "p_interaction: =0.67", "p_interaction: =0.01"),
        ("C21", "Error", "overall: {value: 10.0}", "overall: {value: 30.0}"),
        ("C21", "Error", "events: 195, target_events: 90", "events: 295, target_events: 190"),
        ("C21", "Warning", "rivoceranib: {value: 66.5}", "rivoceranib: {value: 76.5}"),
        ("C23", "Error", "noninferior: true", "noninferior: false"),
        ("C24", "Error", "value: 10.0, lower: 2.2", "value: 12.0, lower: 2.2"),
        ("C24", "Warning", "lower: 2.2, upper: 17.7", "lower: 1.2, upper: 18.7"),
        ("C25", "Error", "last_randomised: {value: 2021-01-01", "last_randomised: {value: 2019-01-01"),
        ("C25", "Error", "published: 2026-01", "published: 2025-05"),
        ("C25", "Info", "start_date: {value: 2020-01-01", "start_date: {value: 2020-01-02"),
        ("C27", "Warning", "sorafenib: {value: 33.0}", "sorafenib: {value: 0.33}"),
        ("C27", "Warning", "value: 30.3", "value: 0.33"),
        ("C28", "Warning", "value: 0.74, lower: 0.56, upper: 0.98", "value: 1.33, lower: 1.01, upper: 1.76"),
        ("C29", "Error", "{value: zero}}], by_arm", "{event: deaths}}], by_arm"),
        ("C6", "Error", "{value: zero}}], by_arm: {sorafenib: {value: 0}}", "{value: 0.4}}], by_arm: {sorafenib: {value: 0.4}}"),
    ],
)  # fmt: skip
def test_check_finds_what_it_is_for(tmp_path: Path, check: str, severity: str, right: str, wrong: str) -> None:
    text = MADE.read_text(encoding="utf-8")
    assert right in text
    path = tmp_path / "MADE-0100.yaml"
    path.write_text(text.replace(right, wrong), encoding="utf-8")
    failed = {(finding.check, finding.verdict.severity) for finding in findings_of(path)}
    assert (check, severity) in failed


def test_arms_swapped_in_another_source_are_found(tmp_path: Path) -> None:
    text = MADE.read_text(encoding="utf-8").replace("about: estimate/os-24/sorafenib", "about: contrast/os")
    path = tmp_path / "MADE-0100.yaml"
    path.write_text(text.replace("value: 30.3", "value: 1.33"), encoding="utf-8")
    assert {found.check for found in findings_of(path) if not found.verdict.passed} == {"C26", "C28"}


def test_copied_row_is_found(tmp_path: Path) -> None:
    text = MADE.read_text(encoding="utf-8")
    for right, wrong in (
        ("sorafenib: {value: 57.4}", "sorafenib: {value: 66.0}"),
        ("sorafenib: {value: 33.0}", "sorafenib: {value: 43.5}"),
    ):
        text = text.replace(right, wrong)
    path = tmp_path / "MADE-0100.yaml"
    path.write_text(text, encoding="utf-8")
    (finding,) = [found for found in findings_of(path) if found.check == "C22" and not found.verdict.passed]
    assert {iri.rpartition("/trial/MADE-0100/")[2] for iri in (finding.about, *finding.inputs)} == {
        "estimate/os-12/sorafenib", "estimate/os-12/rivoceranib", "estimate/os-24/rivoceranib",
    }  # fmt: skip


def added(tmp_path: Path, **sections: str) -> list[Finding]:
    """The findings about the made record with more lines at the end of some of its sections."""
    text = MADE.read_text(encoding="utf-8")
    for section, lines in sections.items():
        text = text.replace(f"\n{section}:\n", f"\n{section}:\n{lines}\n")
    path = tmp_path / "MADE-0100.yaml"
    path.write_text(text, encoding="utf-8")
    return findings_of(path)


def test_same_outcome_by_other_criteria_is_another_quantity(tmp_path: Path) -> None:
    shared = "analysis: final, analysis_set: itt, cited: [made-article]"
    findings = added(
        tmp_path,
        endpoints="""
  - {id: orr-m, outcome: ObjectiveResponse, role: Secondary, assessor: BIRC, criteria: MRECIST, cited: [made-article]}
  - {id: pfs-m, outcome: ProgressionFreeSurvival, role: Secondary, assessor: BIRC, criteria: MRECIST, cited: [made-article]}
""",
        estimates=f"""
  - {{id: orr-m, endpoint: orr-m, {shared}, statistic: Proportion, unit: "%", by_arm: {{rivoceranib: {{value: 33.0, events: 66, denominator: 200}}}}}}
  - {{id: pfs-m, endpoint: pfs-m, {shared}, statistic: Median, unit: mo, by_arm: {{rivoceranib: {{value: 15.0}}}}}}
""",
    )
    assert {found.check for found in findings if not found.verdict.passed} == {"C26"}


def test_rows_of_the_baseline_are_not_added_up_together(tmp_path: Path) -> None:
    shared = 'analysis_set: itt, statistic: Proportion, unit: "%", cited: [made-article]'
    text = (
        MADE.read_text(encoding="utf-8")
        + f"""baseline:
  - {{id: male, characteristic: Sex, category: Male, {shared}, by_arm: {{rivoceranib: {{value: 85, events: 170, denominator: 200}}, sorafenib: {{value: 84, events: 168, denominator: 200}}}}, overall: {{value: 84.5, events: 338, denominator: 400}}}}
  - {{id: hbv, characteristic: Aetiology, category: HepatitisBVirus, {shared}, by_arm: {{rivoceranib: {{value: 75, events: 150, denominator: 200}}, sorafenib: {{value: 73, events: 146, denominator: 200}}}}, overall: {{value: 74, events: 296, denominator: 400}}}}
"""
    )
    path = tmp_path / "MADE-0100.yaml"
    path.write_text(text, encoding="utf-8")
    findings = findings_of(path)
    assert {found.check for found in findings if not found.verdict.passed} == {"C26"}
    assert sum(found.check == "C7" and "/baseline/" in found.about for found in findings) == 2


def test_error_beside_what_it_breaks_is_still_a_finding(tmp_path: Path) -> None:
    """More responders than participants: the count is refused, and what needs it is silent."""
    text = MADE.read_text(encoding="utf-8").replace("upper: 31.6, events: 50,", "upper: 31.6, events: 500,")
    path = tmp_path / "MADE-0100.yaml"
    path.write_text(text, encoding="utf-8")
    failed = {found.check for found in findings_of(path) if found.verdict.severity == "Error"}
    assert {"C6", "C9"} <= failed


def test_responses_may_become_fewer(tmp_path: Path) -> None:
    shared = 'analysis: interim, analysis_set: itt, statistic: Proportion, unit: "%", cited: [made-article]'
    findings = added(
        tmp_path,
        estimates=f"  - {{id: interim-sd, outcome: StableDisease, {shared}, by_arm: {{rivoceranib: {{value: 44.0, events: 88, denominator: 200}}}}}}",
    )
    assert {found.check for found in findings if not found.verdict.passed} == {"C26"}
