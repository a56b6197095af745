"""The results of real records: what is left, what the lines are, which spellings are known, what the audit finds."""

from collections import Counter

import pyoxigraph as ox
import pytest
from posted import leaves, mapped, with_results

from equipoise.graph.audit.figure import load_figures
from equipoise.graph.registry.audit import audit_record, finding_triples, record_figures
from equipoise.graph.registry.results.spellings import find_measure, find_method, find_statistic
from equipoise.ontology.rdf import in_graph
from equipoise.ontology.terms import vocabulary

LEFT = {f".moreInfoModule.pointOfContact.{name}" for name in ("title", "organization", "email", "phone", "phoneExt")}
"""Whom to ask: persons, offices and their numbers are left out on purpose."""


def test_every_leaf_of_real_results_is_stated_or_excluded() -> None:
    left: Counter[str] = Counter()
    for study in with_results():
        mapped(study)
        left += leaves(study["resultsSection"])
    assert set(left) <= LEFT


def test_lines_are_canonical_quads_of_declared_terms() -> None:
    declared = {triple.subject.value for triple in vocabulary() if isinstance(triple.subject, ox.NamedNode)}
    for study in list(with_results())[::15]:
        lines = mapped(study).lines()
        quads = list(ox.parse("".join(lines).encode(), format=ox.RdfFormat.N_QUADS))
        assert sorted(f"{quad} .\n" for quad in quads) == lines
        used = {
            node.value for quad in quads for node in (quad.predicate, quad.object) if isinstance(node, ox.NamedNode)
        }
        assert {iri for iri in used if "/vocab/" in iri} <= declared


def test_figures_from_lines_are_those_of_a_store() -> None:
    for study in list(with_results())[::15]:
        lines = mapped(study)
        store = ox.Store()
        store.bulk_load("".join(lines.lines()).encode(), format=ox.RdfFormat.N_QUADS)
        whole = ox.Store()
        whole.bulk_extend(in_graph([*(quad.triple for quad in store), *vocabulary()], None))
        figures = sorted(record_figures(lines.triples()), key=lambda figure: figure.iri)
        assert figures == sorted(load_figures(whole), key=lambda figure: figure.iri)
        assert figures


def test_audit_of_real_results_finds_few_faults() -> None:
    counts: Counter[tuple[str, str]] = Counter()
    for study in with_results():
        audit = audit_record(mapped(study))
        counts += audit.counts
        assert bool(finding_triples(audit.findings)) == bool(audit.findings)
    failed = sum(count for (_, verdict), count in counts.items() if verdict != "Passed")
    assert {check for check, _ in counts} == {"C1", "C2", "C2b", "C3", "C4", "C6", "C7", "C12"}
    assert 0 < failed < 0.001 * sum(counts.values())


MEASURES = {
    "HazardRatio": ["Hazard Ratio (HR)", "Hazard Ratio"],
    "LogHazardRatio": ["Hazard Ratio, log"],
    "OddsRatio": ["Odds Ratio (OR)", "Adjusted Odds Ratio"],
    "LogOddsRatio": ["Odds Ratio, log"],
    "RiskRatio": ["Risk Ratio (RR)", "Relative risk"],
    "RateRatio": ["Rate ratio", "Rate Ratio", "rate ratio", "incidence rate ratio"],
    "RiskDifference": ["Difference in Percentage of Participants", "Difference in proportion", "Risk Difference (RD)"],
    "MeanDifference": ["Mean Difference (Net)", "Mean Difference (Final Values)", "Mean Difference (Final Value)"],
    "LeastSquaresMeanDifference": [
        *(
            "LS Mean Difference",
            "LS Mean difference",
            "LS mean difference",
            "LS mean Difference",
            ": LS mean difference",
        ),
        *("Least Squares Mean Difference", "Least squares mean difference", "Least square mean difference"),
        *("Difference in LS mean", "Adjusted LS mean difference", "Least squares (LS) mean difference"),
        *("LSM of difference", "Least Squares Mean of Difference"),
    ],
    "MedianDifference": ["Median Difference (Final Values)", "Median Difference (Net)"],
    "GeometricMeanRatio": ["Geometric Mean Ratio (Final Values)", "Treatment effect (ratio of geom. means)"],
    "LeastSquaresMeanRatio": ["Least square mean ratio", "LSM of ratio"],
    "Slope": ["Slope", "slope of time"],
    "DifferenceMeasure": ["Difference in Percent", "Treatment difference", "Absolute difference", "Difference"],
    "RatioMeasure": ["Ratio", "test to reference ratio", "Test to reference ratio", "test to treatment ratio"],
}
UNKNOWN = [
    *(
        "percentage of participants with success",
        "Treatment effect",
        "Est. % of Patients with controlled SBP",
        "% Diff",
    ),
    *("Wilson score test", "Treatment effect (mean change from BL)", "Person-Time (Years)", "% diff", "Percentage"),
    *("Est. % Diff in Patient w/Controlled SBP", "Percentage Difference", "Est. % Diff in Patient w/Controlled DBP"),
    *("slope with interaction", "Est. % of patients with controled SBP", "Est. % of patinets with controlled SBP"),
    *("Est. Dif in Patient w/Controlled DBP", "Logistic Model", "Difference between maci. and placebo"),
    *("Mixed Model Repeated Measures", "Test statistic"),
]


@pytest.mark.parametrize(("measure", "text"), [(name, text) for name, texts in MEASURES.items() for text in texts])
def test_spelling_of_an_effect_measure_is_known(measure: str, text: str) -> None:
    assert find_measure(text) == measure


@pytest.mark.parametrize("text", UNKNOWN)
def test_what_is_no_certain_effect_measure_has_none(text: str) -> None:
    assert find_measure(text) is None


def test_every_spelling_of_real_records_is_listed_here() -> None:
    listed = {text for texts in MEASURES.values() for text in texts} | set(UNKNOWN)
    for study in with_results():
        for measure in study["resultsSection"].get("outcomeMeasuresModule", {}).get("outcomeMeasures", []):
            assert {node["paramType"] for node in measure.get("analyses", []) if "paramType" in node} <= listed


def test_statistic_follows_its_unit_only_where_it_is_a_plain_number() -> None:
    assert find_statistic("NUMBER", "percentage of participants") == "Proportion"
    assert find_statistic("NUMBER", "participants") == "Count"
    assert find_statistic("NUMBER", "mg/dL") == "UnspecifiedNumber"
    assert find_statistic("MEAN", "percentage of participants") == "Mean"
    assert find_method("t-test, 2 sided") == "TTest"
