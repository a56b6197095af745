"""What each question answers about CARES-310, as worked out by hand from the article and the other sources.

A row lists the columns named; IRIs stand by their last part, or by what follows the trial's IRI. Columns that are not
named are not compared, and rows come in the order of the question.
"""

from decimal import Decimal
from typing import Any

import pytest

from equipoise.graph.store.embedded import EmbeddedStore
from equipoise.queries.catalogue import catalogue, find_question
from equipoise.queries.run import run

COMBINATION, SORAFENIB = "arm/camrelizumab-rivoceranib", "arm/sorafenib"
TRIAL = "https://w3id.org/equipoise/trial/NCT03764293"
OS, PFS = "OverallSurvival", "ProgressionFreeSurvival"
SILENT = "not reported"

ANSWERS: list[tuple[str, dict[str, str], str, list[tuple[Any, ...]]]] = [
    (
        "trials",
        {},
        "registry_id acronym phase condition enrollment",
        [("NCT03764293", "CARES-310", "phase 3", "unresectable hepatocellular carcinoma", 543)],
    ),
    (
        "trial-design",
        {},
        "name value",
        [
            ("allocation", "randomised"),
            ("allocation ratio", "1:1"),
            ("condition", "unresectable hepatocellular carcinoma"),
            ("country count", "13"),
            ("enrollment", "543"),
            ("first randomised", "2019-06-28"),
            ("geographic scope", "international"),
            ("last randomised", "2021-03-24"),
            ("line of therapy", "first line"),
            ("masking", "open label"),
            ("phase", "phase 3"),
            ("registry identifier", "NCT03764293"),
            ("registry status", "completed"),
            ("site count", "95"),
            ("sponsor", "Jiangsu HengRui Medicine Co., Ltd."),
            ("sponsor's study identifier", "SHR-1210-III-310"),
            ("start date", "2019-06-10"),
        ],
    ),
    (
        "arms",
        {},
        "arm role size drug dose unit route frequency",
        [
            (COMBINATION, "experimental", 272, "camrelizumab", 200, "mg", "intravenous", "every 2 weeks"),
            (COMBINATION, "experimental", 272, "rivoceranib", 250, "mg", "oral", "once daily"),
            (SORAFENIB, "active comparator", 271, "sorafenib", 400, "mg", "oral", "twice daily"),
        ],
    ),
    (
        "endpoints",
        {"role": "primary"},
        "outcome assessor criteria time_frame",
        [
            (OS, None, None, "Up to approximately 3 years"),
            (PFS, "blinded independent central review", "RECIST 1.1", "Up to approximately 3 years"),
        ],
    ),
    (
        "endpoint-assessors",
        {},
        "outcome by_central_review by_investigator",
        [
            ("duration of response", "yes", SILENT),
            ("objective response", "yes", SILENT),
            ("progression-free survival", "yes", SILENT),
            ("time to response", "yes", SILENT),
        ],
    ),
    (
        "outcome-results",
        {"outcome": "OS", "analysis_kind": "final"},
        "measure value lower upper level p p_sides events target_median target_median_lower target_median_upper "
        "target_follow_up reference_median reference_median_lower reference_median_upper reference_follow_up",
        [
            (
                *("hazard ratio", "0.64", "0.52", "0.79", 95, "<0.0001", 1, 351),
                *("23.8", "20.6", "27.2", "22.1", "15.2", "13.2", "18.5", "14.9"),
            )
        ],
    ),
    (
        "contrasts",
        {"outcome": "PFS"},
        "analysis analysis_set value lower_printed upper_printed level p p_sides events",
        [
            ("analysis/final", "analysis-set/intention-to-treat", "0.54", "0.44", "0.67", 95, "<0.0001", None, None),
            ("analysis/interim", "analysis-set/intention-to-treat", "0.52", "0.41", "0.65", 95, "<0.0001", 1, None),
            ("analysis/interim", "analysis-set/asia", "0.57", "0.46", "0.71", 95, None, None, None),
            ("analysis/interim", "analysis-set/non-asia", "0.56", "0.33", "0.94", 95, None, None, None),
        ],
    ),
    (
        "estimates",
        {"outcome": "OS", "analysis_kind": "interim"},
        "arm statistic value_printed lower_printed upper_printed interval_kind level unit",
        [
            (COMBINATION, "Median", "22.1", "19.1", "27.2", "confidence interval", 95, "mo"),
            (SORAFENIB, "Median", "15.2", "13.0", "18.5", "confidence interval", 95, "mo"),
        ],
    ),
    (
        "analyses-compared",
        {},
        "outcome earlier earlier_value earlier_lower earlier_upper later later_value later_lower later_upper",
        [
            (OS, "analysis/interim", "0.62", "0.49", "0.8", "analysis/final", "0.64", "0.52", "0.79"),
            (PFS, "analysis/interim", "0.52", "0.41", "0.65", "analysis/final", "0.54", "0.44", "0.67"),
        ],
    ),
    (
        "latest-and-primary",
        {},
        "outcome analysis value is_latest is_planned_primary",
        [
            (OS, "analysis/final", "0.64", True, False),
            (OS, "analysis/interim", "0.62", False, False),
            (PFS, "analysis/final", "0.54", True, False),
            (PFS, "analysis/interim", "0.52", False, True),
        ],
    ),
    (
        "landmark-survival",
        {"outcome": "OS"},
        "timepoint arm value value_printed intent",
        [
            (12, COMBINATION, 77, "77", "post hoc"),
            (12, SORAFENIB, 61, "61", "post hoc"),
            (24, COMBINATION, 49, "49.0", "post hoc"),
            (24, SORAFENIB, "32.6", "32.6", "post hoc"),
            (36, COMBINATION, "37.7", "37.7", "post hoc"),
            (36, SORAFENIB, "24.8", "24.8", "post hoc"),
        ],
    ),
    # 49.0 - 32.6 = 16.4 points, and 100 / 16.4 = 6.1
    ("absolute-benefit", {"timepoint": "24"}, "difference number_needed_to_treat", [("16.4", "6.1")]),
    (
        "stratification-factors",
        {},
        "variable level_label value unit",
        [
            ("alpha-fetoprotein", "at least 400 ng/mL", 400, "ng/mL"),
            ("alpha-fetoprotein", "below 400 ng/mL", 400, "ng/mL"),
            ("macrovascular invasion or extrahepatic metastasis", "no", None, None),
            ("macrovascular invasion or extrahepatic metastasis", "yes", None, None),
            ("region", "Asia", None, None),
            ("region", "non-Asia", None, None),
        ],
    ),
    (
        "stratification-subgroups",
        {},
        "variable_label reported_as_subgroup",
        [
            ("alpha-fetoprotein", SILENT),
            ("macrovascular invasion or extrahepatic metastasis", SILENT),
            ("region", "yes"),
        ],
    ),
    (
        "subgroup-effects",
        {"outcome": "PFS", "variable": "region"},
        "category size value lower upper",
        [("Asia", 449, "0.57", "0.46", "0.71"), ("non-Asia", 94, "0.56", "0.33", "0.94")],
    ),
    ("subgroups-and-overall", {}, "overall_value lowest highest lies_between", [("0.52", "0.56", "0.57", False)]),
    (
        "recruitment",
        {},
        "enrollment sites countries region participants percent",
        [(543, 95, 13, "Asia", 449, "82.7"), (543, 95, 13, "non-Asia", 94, "17.3")],
    ),
    (
        "tumour-response",
        {},
        "outcome analysis arm value lower upper reported",
        [
            ("DiseaseControl", None, None, None, None, None, SILENT),
            ("DurationOfResponse", "analysis/final", COMBINATION, "17.5", None, None, "yes"),
            ("DurationOfResponse", "analysis/final", SORAFENIB, "9.2", None, None, "yes"),
            ("ObjectiveResponse", "analysis/final", COMBINATION, 27, None, None, "yes"),
            ("ObjectiveResponse", "analysis/final", SORAFENIB, 6, None, None, "yes"),
            ("ObjectiveResponse", "analysis/interim", COMBINATION, "25.4", "20.3", 31, "yes"),
            ("ObjectiveResponse", "analysis/interim", SORAFENIB, "5.9", "3.4", "9.4", "yes"),
            ("TimeToResponse", "analysis/final", COMBINATION, "1.9", None, None, "yes"),
            ("TimeToResponse", "analysis/final", SORAFENIB, "3.7", None, None, "yes"),
        ],
    ),
    (
        "adverse-events",
        {"attribution": "treatment related"},
        "event grade_from grade_to arm value reporting_status",
        [
            ("ALTIncreased", 3, 4, COMBINATION, None, "named without value"),
            ("AnyAdverseEvent", 3, 5, COMBINATION, 81, "value reported"),
            ("AnyAdverseEvent", 3, 5, SORAFENIB, 54, "value reported"),
            ("ASTIncreased", 3, 4, COMBINATION, None, "named without value"),
            ("FatalAdverseEvent", 5, 5, COMBINATION, 1, "value reported"),
            ("FatalAdverseEvent", 5, 5, SORAFENIB, 1, "value reported"),
            ("Hypertension", 3, 4, COMBINATION, None, "named without value"),
            ("PalmarPlantarErythrodysaesthesia", 3, 4, COMBINATION, None, "named without value"),
            ("Proteinuria", 3, 4, COMBINATION, None, "named without value"),
        ],
    ),
    (
        "adverse-events",
        {"attribution": "irAE"},
        "grade_from grade_to arm value unit",
        [(1, 5, COMBINATION, 57, "%"), (3, 5, COMBINATION, 17, "%")],
    ),
    ("severe-adverse-events", {}, "arm value", [(COMBINATION, 81), (SORAFENIB, 54)]),
    ("severe-adverse-events", {"above": "60"}, "above arm value", [(60, COMBINATION, 81)]),
    ("treatment-related-deaths", {}, "arm deaths printed", [(COMBINATION, 1, "one"), (SORAFENIB, 1, "one")]),
    (
        "adverse-event-status",
        {"event": "hepatic failure"},
        "arm status value meaning",
        [
            (arm, "NotReported", None, "No source read says anything of the event; it may or may not have occurred.")
            for arm in (COMBINATION, SORAFENIB)
        ],
    ),
    (
        "adverse-event-status",
        {"event": "Hypertension"},
        "arm status value",
        [(COMBINATION, "NamedWithoutValue", None), (SORAFENIB, "NotReported", None)],
    ),
    (
        "patient-reported-outcomes",
        {},
        "instrument claim",
        [(name, "claim/quality-of-life") for name in ("EORTC QLQ-C30", "EORTC QLQ-HCC18", "EQ-5D-5L")],
    ),
    (
        "baseline",
        {},
        "characteristic category value events denominator",
        [
            ("aetiology of liver disease", "hepatitis B virus infection", 75, None, None),
            ("macrovascular invasion or extrahepatic metastasis", "yes", 74, None, None),
            ("race", "Asian", 83, 450, 543),
            ("sex", "male", 84, 457, 543),
        ],
    ),
    (
        "eligibility",
        {},
        "polarity variable relation category value applies_to",
        [
            ("inclusion", "age", "at least", None, 18, None),
            ("inclusion", "antiviral therapy", "is present", None, None, "hepatitis B virus infection"),
            ("inclusion", "antiviral therapy", "is present", None, None, "hepatitis C virus infection"),
            ("inclusion", "BCLC stage", "one of", "BCLC stage B", None, None),
            ("inclusion", "BCLC stage", "one of", "BCLC stage C", None, None),
            ("inclusion", "confirmation of diagnosis", "one of", "cytological confirmation", None, None),
            ("inclusion", "confirmation of diagnosis", "one of", "histological confirmation", None, None),
            ("inclusion", "extent of disease", "one of", "metastatic", None, None),
            ("inclusion", "extent of disease", "one of", "unresectable", None, None),
            ("inclusion", "Child-Pugh class", "one of", "Child-Pugh class A", None, None),
            ("inclusion", "locoregional therapy status", "one of", "progressed after locoregional therapy", None, None),
            ("inclusion", "locoregional therapy status", "one of", "unsuitable for locoregional therapy", None, None),
            ("inclusion", "number of measurable lesions", "at least", None, 1, None),
            ("exclusion", "prior systemic therapy", "is present", None, None, None),
            ("inclusion", "ECOG performance status", "at most", None, 1, None),
        ],
    ),
    (
        "treatment-rules",
        {},
        "kind event assessor",
        [
            ("treat beyond progression", "clinical benefit", None),
            ("treat until", "disease progression", "blinded independent central review"),
            ("treat until", "unacceptable toxicity", "blinded independent central review"),
            ("treat until", "withdrawal", "blinded independent central review"),
        ],
    ),
    (
        "subsequent-therapy",
        {},
        "therapy arm value",
        [
            ("subsequent immunotherapy", COMBINATION, 17),
            ("subsequent immunotherapy", SORAFENIB, 36),
            ("subsequent targeted therapy", COMBINATION, 36),
            ("subsequent targeted therapy", SORAFENIB, 42),
        ],
    ),
    (
        "follow-up",
        {},
        "analysis arm median lower upper interval cutoff",
        [
            ("analysis/final", COMBINATION, "22.1", "11.9", "30.3", "interquartile range", "2023-06-14"),
            ("analysis/final", SORAFENIB, "14.9", "7.2", "28.3", "interquartile range", "2023-06-14"),
            ("analysis/interim", None, "7.8", "4.1", "10.6", "interquartile range", SILENT),
        ],
    ),
    (
        "checkpoint-plus-antiangiogenic",
        {},
        "acronym arm comparator analysis value lower upper",
        [
            ("CARES-310", COMBINATION, SORAFENIB, "analysis/interim", "0.62", "0.49", "0.8"),
            ("CARES-310", COMBINATION, SORAFENIB, "analysis/final", "0.64", "0.52", "0.79"),
        ],
    ),
    (
        "drug-mechanisms",
        {"drug": "rivoceranib"},
        "mechanism is_stated acts_on is_multikinase",
        [
            ("VEGFAxisInhibition", False, None, False),
            ("VEGFRInhibition", False, "VEGF receptor family", False),
            ("VEGFR2Inhibition", True, "KDR", False),
            ("AngiogenesisInhibition", False, None, False),
            ("KinaseInhibition", True, None, False),
        ],
    ),
    (
        "drug-classes",
        {"drug": "camrelizumab"},
        "class",
        [("PD1AxisBlocker",), ("PD1Inhibitor",), ("CheckpointInhibitor",)],
    ),
    (
        "drug-classes",
        {"drug": "sorafenib"},
        "class",
        [("VEGFAxisInhibitor",), ("AntiangiogenicAgent",), ("MultikinaseInhibitor",)],
    ),
    (
        "drug-names",
        {"name": "APATINIB"},
        "drug preferred other_name",
        [("rivoceranib", "rivoceranib", "YN968D1"), ("rivoceranib", "rivoceranib", "apatinib")],
    ),
    (
        "where-read",
        {"value": f"{TRIAL}/estimate/final-objective-response/sorafenib"},
        "source section start end printed",
        [("oncodaily-cares-310", "Progression-free survival and response", 4176, 4190, "6")],
    ),
    (
        "unreported-endpoints",
        {},
        "outcome role result",
        [("disease control", "secondary", SILENT), ("patient-reported outcome", "secondary", SILENT)],
    ),
    (
        "regulatory-actions",
        {},
        "date kind drug",
        [
            ("2023-01-31", "approval", "camrelizumab"),
            ("2023-01-31", "approval", "rivoceranib"),
            ("2023-05", "application submitted", "camrelizumab"),
            ("2023-05", "application submitted", "rivoceranib"),
            ("2023-07", "application accepted", "rivoceranib"),
            ("2024-05", "target decision date", "camrelizumab"),
            ("2024-05", "target decision date", "rivoceranib"),
            ("2024-05-16", "complete response letter", "camrelizumab"),
            ("2024-05-16", "complete response letter", "rivoceranib"),
            ("2024-10", "application accepted", "camrelizumab"),
            ("2024-10", "application accepted", "rivoceranib"),
            ("2025-03-20", "complete response letter", "camrelizumab"),
            ("2025-03-20", "complete response letter", "rivoceranib"),
            ("2025-03-20", "target decision date", "camrelizumab"),
            ("2025-03-20", "target decision date", "rivoceranib"),
            (SILENT, "inspection observations", "camrelizumab"),
        ],
    ),
]


def plain(value: Any) -> Any:
    """A value as the answers above write it."""
    if isinstance(value, str) and value.startswith("https://w3id.org/equipoise/"):
        return value.removeprefix(TRIAL + "/") if value.startswith(TRIAL + "/") else value.rpartition("/")[2]
    if isinstance(value, Decimal):
        return int(value) if value == int(value) else str(value)
    return value


def identity(case: tuple[str, dict[str, str], str, list[tuple[Any, ...]]]) -> str:
    return " ".join([case[0], *case[1].values()])


@pytest.mark.parametrize("case", ANSWERS, ids=identity)
def test_question_has_the_expected_answer(
    store: EmbeddedStore, case: tuple[str, dict[str, str], str, list[tuple[Any, ...]]]
) -> None:
    name, given, columns, expected = case
    question = find_question(name)
    about = {"trial": "CARES-310"} if "trial" in question.parameters else {}
    rows = run(store, question, {**about, **given}).values()
    assert [tuple(plain(row[column]) for column in columns.split()) for row in rows] == expected


def test_mechanisms_that_both_arms_share(store: EmbeddedStore) -> None:
    """CARES-310 sets VEGF inhibition against VEGF inhibition; what it adds is PD-1 blockade."""
    rows = run(store, find_question("mechanisms-by-arm"), {"trial": "CARES-310"}).values()
    shared = {plain(row["mechanism"]) for row in rows if row["is_in_every_arm"]}
    added = {plain(row["mechanism"]) for row in rows if plain(row["arm"]) == COMBINATION and not row["is_in_every_arm"]}
    assert shared == {"AngiogenesisInhibition", "VEGFAxisInhibition", "VEGFRInhibition", "KinaseInhibition"}
    assert added == {"PD1Blockade", "PD1AxisBlockade", "ImmuneCheckpointBlockade", "VEGFR2Inhibition"}


def test_checks_of_the_primary_contrast(store: EmbeddedStore) -> None:
    rows = run(store, find_question("checks"), {"trial": "CARES-310", "verdict": "Passed"}).values()
    contrast = {
        row["check"].rpartition("/Check")[2]: row["computed"]
        for row in rows
        if row["about"].endswith("/contrast/final-overall-survival")
    }
    assert sorted(contrast) == ["C1", "C16", "C2", "C3", "C4", "C6"]
    assert contrast["C3"] == "the interval implies a p one-sided from 4.8e-06 to 3.8e-05; printed <0.0001"
    assert run(store, find_question("checks"), {"trial": "CARES-310", "verdict": "Failed"}).values() == []


def test_claims_are_cited_and_about_something(store: EmbeddedStore) -> None:
    rows = run(store, find_question("claims"), {"trial": "CARES-310", "kind": "MechanismClaim"}).values()
    assert {plain(row["claim"]) for row in rows} == {
        f"claim/{name}"
        for name in (
            "camrelizumab-action",
            "camrelizumab-antibody",
            "camrelizumab-pd1",
            "pd1-pathway",
            "rivoceranib-vegfr2",
        )
    }
    assert all(row["source"].endswith("/oncodaily-cares-310") and row["section"] for row in rows)


def test_values_that_rest_on_news_alone_are_found(store: EmbeddedStore) -> None:
    rows = {
        plain(row["value"]): row["kinds"]
        for row in run(store, find_question("weakly-sourced"), {"trial": "CARES-310"}).values()
    }
    assert rows["estimate/final-objective-response/sorafenib"] == "news article"
    assert rows["contrast/interim-overall-survival"] == "press release"
    assert "contrast/final-overall-survival" in rows  # four news reports; the article itself was not read


def test_values_that_would_lose_their_only_source_are_found(store: EmbeddedStore) -> None:
    source = "https://w3id.org/equipoise/source/docwirenews-asco-2024"
    rows = {
        plain(row["value"]): row["is_only_source"]
        for row in run(store, find_question("values-from-source"), {"source": source}).values()
    }
    assert rows["estimate/final-subsequent-immunotherapy/sorafenib"] is True
    assert rows["contrast/final-overall-survival"] is False


def test_what_no_source_gives_is_listed(store: EmbeddedStore) -> None:
    rows = run(store, find_question("not-reported"), {"trial": "CARES-310"}).values()
    missing = {(plain(row["thing"]), row["property_label"]) for row in rows}
    assert ("contrast/final-progression-free-survival", "p sides") in missing
    assert ("analysis/interim", "data cut-off") in missing
    assert ("analysis-set/safety-set", "size") in missing


def test_sources_say_what_they_are_and_whether_their_text_was_read(store: EmbeddedStore) -> None:
    rows = {plain(row["source"]): row for row in run(store, find_question("sources"), {"trial": "CARES-310"}).values()}
    assert rows["oncodaily-cares-310"]["text_checked"] is True
    assert [name for name, row in rows.items() if row["text_checked"]] == ["oncodaily-cares-310"]
    assert rows["ctgov-2026-04-30"]["kind"] == "registry record"


def test_every_question_has_an_expected_answer() -> None:
    elsewhere = {
        "mechanisms-by-arm",
        "checks",
        "claims",
        "weakly-sourced",
        "values-from-source",
        "not-reported",
        "sources",
    }
    assert {name for name, *_ in ANSWERS} | elsewhere == set(catalogue())
