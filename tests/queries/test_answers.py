"""What each question answers about CARES-310: the rows of `answers.yaml`, and what needs more than rows to say."""

from decimal import Decimal
from typing import Any

import pytest
import yaml

from equipoise.graph.store.embedded import EmbeddedStore
from equipoise.queries.catalogue import catalogue, find_question
from equipoise.queries.run import run
from support import ROOT

TRIAL = "https://w3id.org/equipoise/trial/NCT03764293"
COMBINATION = "arm/camrelizumab-rivoceranib"
ANSWERS: list[dict[str, Any]] = yaml.safe_load((ROOT / "tests" / "queries" / "answers.yaml").read_text())


def plain(value: Any) -> Any:
    """A value as `answers.yaml` writes it."""
    if isinstance(value, str) and value.startswith("https://w3id.org/equipoise/"):
        return value.removeprefix(TRIAL + "/") if value.startswith(TRIAL + "/") else value.rpartition("/")[2]
    if isinstance(value, Decimal):
        return int(value) if value == int(value) else str(value)
    return value


def identity(case: dict[str, Any]) -> str:
    return " ".join([case["question"], *case.get("given", {}).values()])


@pytest.mark.parametrize("case", ANSWERS, ids=identity)
def test_question_has_the_expected_answer(store: EmbeddedStore, case: dict[str, Any]) -> None:
    question = find_question(case["question"])
    about = {"trial": "CARES-310"} if "trial" in question.parameters else {}
    rows = run(store, question, {**about, **case.get("given", {})}).values()
    assert [[plain(row[column]) for column in case["columns"]] for row in rows] == case["rows"]


def test_mechanisms_that_both_arms_share(store: EmbeddedStore) -> None:
    """CARES-310 sets VEGF inhibition against VEGF inhibition; what it adds is PD-1 blockade."""
    rows = run(store, find_question("mechanisms-by-arm"), {"trial": "CARES-310"}).values()
    shared = {plain(row["mechanism"]) for row in rows if row["is_in_every_arm"]}
    added = {plain(row["mechanism"]) for row in rows if plain(row["arm"]) == COMBINATION and not row["is_in_every_arm"]}
    vegf = {"AngiogenesisInhibition", "VEGFAxisInhibition", "VEGFRInhibition", "VEGFRKinaseInhibition"}
    assert shared == {*vegf, "KinaseInhibition"}
    pd1 = {"PD1Blockade", "PD1AxisBlockade", "ImmuneCheckpointBlockade"}
    assert added == {*pd1, "VEGFR2Inhibition", "SelectiveVEGFR2KinaseInhibition"}


def test_checks_of_the_primary_contrast(store: EmbeddedStore) -> None:
    rows = run(store, find_question("checks"), {"trial": "CARES-310", "verdict": "Passed"}).values()
    contrast = {
        row["check"].rpartition("/Check")[2]: row["computed"]
        for row in rows
        if row["about"].endswith("/contrast/final-overall-survival")
    }
    assert sorted(contrast) == ["C1", "C16", "C17", "C18", "C2", "C28", "C3", "C30", "C4", "C5", "C6"]
    assert contrast["C3"] == "the interval implies a p one-sided from 4.8e-06 to 3.8e-05; printed <0.0001"
    failed = run(store, find_question("checks"), {"trial": "CARES-310", "verdict": "Failed"}).values()
    assert sorted(
        (row["check"].rpartition("/Check")[2], plain(row["about"]), bool(row["waiver"])) for row in failed
    ) == [
        ("C19", "contrast/primary-progression-free-survival", True),
        ("C25", "NCT03764293", False),
        ("C26", "estimate/final-overall-survival-24-months/sorafenib", True),
    ]


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
    assert rows["estimate/response-2022/sorafenib"] == "press release"
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
    assert ("analysis/primary", "data cut-off") in missing
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
        "stale-mappings",  # tests/queries/test_external_classes.py: no ontology is served here
    }
    assert {case["question"] for case in ANSWERS} | elsewhere == set(catalogue())
