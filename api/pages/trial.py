"""What the page of a trial shows: the answers of the catalogue about it, arranged for reading.

In: a store and a trial's IRI. Out: a `TrialView`, which holds nothing that a question of the catalogue does not give.
"""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from equipoise.api.pages.asked import rows_about
from equipoise.api.pages.disagreements import Disagreement, disagreements
from equipoise.api.pages.evidence import Evidence, gather_evidence, is_failed
from equipoise.api.pages.forest import Forest, lay_out
from equipoise.graph.store import Store
from equipoise.ontology.iri import EQP
from equipoise.ontology.rdf import DCTERMS
from equipoise.queries.catalogue import find_question
from equipoise.queries.run import run

__all__ = ["SECTIONS", "TrialView", "trial_answers", "trial_view"]

SECTIONS = {
    "design": "trial-design",
    "registry_arms": "registry-arms",
    "registry_endpoints": "registry-endpoints",
    "registry_comparisons": "registry-comparisons",
    "registry_timeline": "registry-timeline",
    "arms": "arms",
    "endpoints": "endpoints",
    "eligibility": "eligibility",
    "stratification": "stratification-factors",
    "treatment_rules": "treatment-rules",
    "contrasts": "contrasts",
    "estimates": "estimates",
    "adverse_events": "adverse-events",
    "baseline": "baseline",
    "claims": "claims",
    "regulatory_actions": "regulatory-actions",
    "unreported_endpoints": "unreported-endpoints",
    "sources": "sources",
    "checks": "checks",
    "conflicts": "conflicts",
    "places": "where-read",
}
"""The parts of a trial, each with the question of the catalogue that gives it."""

Answer = list[dict[str, Any]]


@dataclass(frozen=True)
class Figure:
    """A value as it is shown: as printed, with its interval and unit, and its evidence."""

    text: str
    interval: str
    evidence: Evidence


@dataclass(frozen=True)
class Fact:
    """A property of the trial as a whole, with its evidence."""

    name: str
    value: str
    evidence: Evidence


@dataclass
class ResultRow:
    """One quantity: its name, a figure for each arm (or one for all together), and the contrast where there is one."""

    label: str
    by_arm: dict[str, Figure] = field(default_factory=dict)
    overall: Figure | None = None
    contrast: Figure | None = None
    p: str = ""


@dataclass(frozen=True)
class ResultTable:
    """The quantities of one analysis."""

    analysis: str
    label: str
    rows: tuple[ResultRow, ...]


@dataclass(frozen=True)
class TrialView:
    """A trial, ready to be laid out."""

    iri: str
    acronym: str
    title: str
    facts: tuple[Fact, ...]
    answers: Mapping[str, Answer]
    arms: tuple[Mapping[str, Any], ...]
    tables: tuple[ResultTable, ...]
    forest: Forest | None
    evidence: Mapping[str, Evidence]
    adverse_events: tuple[ResultRow, ...]
    baseline: tuple[ResultRow, ...]
    disagreements: tuple[Disagreement, ...]
    passed: int
    explained: int
    failed: int
    spans: int


def trial_answers(store: Store, registry_id: str) -> dict[str, Answer]:
    """The answers of the catalogue about a trial, by section."""
    return {part: run(store, find_question(name), {"trial": registry_id}).values() for part, name in SECTIONS.items()}


def trial_view(store: Store, iri: str, registry_id: str) -> TrialView:
    """Arrange the answers about a trial for its page."""
    answers = trial_answers(store, registry_id)
    names = {row["property"]: row["value"] for row in rows_about(store, "names-of-trial", iri)}
    evidence = gather_evidence(answers)
    arms = _arms(answers["arms"])
    return TrialView(
        iri=iri,
        acronym=names.get(EQP + "acronym", registry_id),
        title=names.get(DCTERMS + "title", ""),
        facts=_facts(answers["design"], evidence),
        answers=answers,
        arms=arms,
        tables=_tables(answers, evidence),
        forest=_forest(answers["contrasts"]),
        evidence=evidence,
        adverse_events=_adverse_events(answers["adverse_events"], evidence),
        baseline=_baseline(answers["baseline"], evidence),
        disagreements=disagreements(answers["conflicts"]),
        passed=sum(row["severity"] is None for row in answers["checks"]),
        explained=sum(bool(row["waiver"]) for row in answers["checks"]),
        failed=sum(is_failed(row) for row in answers["checks"]),
        spans=len({row["citation"] for row in answers["places"] if row["span_hash"]}),
    )


FACT_ORDER: tuple[str, ...] = (
    "phase",
    "allocation",
    "allocationRatio",
    "masking",
    "lineOfTherapy",
    "condition",
    "enrollment",
    "siteCount",
)
FACT_ORDER += (
    "countryCount",
    "geographicScope",
    "registryId",
    "sponsor",
    "sponsorStudyId",
    "startDate",
    "firstRandomised",
)


def _facts(rows: Answer, evidence: Mapping[str, Evidence]) -> tuple[Fact, ...]:
    """The facts of the design in the order in which one would tell them."""

    def rank(row: Mapping[str, Any]) -> tuple[int, str]:
        name = row["property"].removeprefix(EQP)
        return (FACT_ORDER.index(name) if name in FACT_ORDER else len(FACT_ORDER), name)

    unknown = Evidence("")
    return tuple(
        Fact(row["name"], row["value"], evidence.get(row["property"], unknown)) for row in sorted(rows, key=rank)
    )


def _arms(rows: Answer) -> tuple[dict[str, Any], ...]:
    """One entry an arm, its drugs in a list."""
    arms: dict[str, dict[str, Any]] = {}
    for row in rows:
        arm = arms.setdefault(row["arm"], {**row, "drugs": []})
        arm["drugs"].append(row)
    return tuple(sorted(arms.values(), key=lambda arm: arm["role"] != "experimental"))


def _interval(row: Mapping[str, Any]) -> str:
    if row["lower_printed"] is None:
        return ""
    kind = row.get("interval_kind") or "confidence interval"
    name = "IQR" if kind == "interquartile range" else "CI"
    level = f"{row['level']:g} % " if name == "CI" and row["level"] is not None else ""
    return f"{level}{name} {row['lower_printed']} to {row['upper_printed']}"


UNITS = {"mo": " months", "%": " %", None: ""}


def _figure(row: Mapping[str, Any], iri: str, evidence: Mapping[str, Evidence]) -> Figure:
    unit = UNITS.get(row.get("unit"), f" {row.get('unit')}")
    interval = _interval(row) if "lower_printed" in row else ""
    if row.get("events") is not None and row.get("denominator") is not None:
        interval = f"{row['events']} of {row['denominator']}"
    return Figure(f"{row['value_printed']}{unit}", interval, evidence.get(iri, Evidence(iri)))


def _tables(answers: Mapping[str, Answer], evidence: Mapping[str, Evidence]) -> tuple[ResultTable, ...]:
    """One table for each analysis, the final one first, with the contrast beside the median it belongs to."""
    rows: dict[str, dict[tuple[Any, ...], ResultRow]] = defaultdict(dict)
    for row in answers["estimates"]:
        if row["outcome"] == EQP + "AdverseEventOutcome":
            continue  # the table of adverse events has them
        name = _quantity(row)
        key = (row["outcome"], row["statistic"], row["timepoint"])
        found = rows[row["analysis"]].setdefault(key, ResultRow(name))
        figure = _figure(row, row["estimate"], evidence)
        if row["arm"]:
            found.by_arm[row["arm"]] = figure
        else:
            found.overall = figure
    for row in answers["contrasts"]:
        group = f" ({row['subgroup']})" if row["subgroup"] else ""
        name = _sentence(f"{row['outcome_label']}{group}")
        key = (row["outcome"], EQP + "Median", None, *([row["subgroup"]] if row["subgroup"] else []))
        found = rows[row["analysis"]].setdefault(key, ResultRow(name))
        figure = _figure(row, row["contrast"], evidence)
        found.contrast = replace(figure, text=f"{_sentence(row['measure_label'])} {figure.text}")
        sides = {1: "one-sided ", 2: "two-sided "}.get(row["p_sides"], "")
        found.p = f"{sides}p {row['p']}" if row["p"] else ""
    analyses = {
        row["analysis"]: (not row["analysis_kind"].endswith("FinalAnalysis"), row["analysis_label"])
        for part in ("estimates", "contrasts")
        for row in answers[part]
    }
    order = sorted(rows, key=lambda analysis: analyses[analysis])
    return tuple(ResultTable(analysis, analyses[analysis][1], tuple(_in_order(rows[analysis]))) for analysis in order)


OUTCOME_ORDER = (
    "OverallSurvival",
    "ProgressionFreeSurvival",
    "ObjectiveResponse",
    "DurationOfResponse",
    "TimeToResponse",
)


def _in_order(rows: Mapping[tuple[Any, ...], ResultRow]) -> list[ResultRow]:
    """Survival first, then response, then the rest; a median before the probabilities at landmarks."""

    def rank(key: tuple[Any, ...]) -> tuple[int, str, float, int]:
        outcome = key[0].removeprefix(EQP)
        position = OUTCOME_ORDER.index(outcome) if outcome in OUTCOME_ORDER else len(OUTCOME_ORDER)
        return (position, outcome, float(key[2] or 0), len(key))

    return [rows[key] for key in sorted(rows, key=rank)]


def _quantity(row: Mapping[str, Any]) -> str:
    """What an estimate measures, as one would say it; a proportion is known by its percent sign."""
    statistic = row["statistic"].removeprefix(EQP)
    at = f" at {row['timepoint']:g} months" if row["timepoint"] is not None else ""
    word = "" if statistic in ("Proportion", "SurvivalProbability") else f"{row['statistic_label']} "
    return _sentence(f"{word}{row['outcome_label']}{at}")


def _sentence(text: str) -> str:
    return text[0].upper() + text[1:]


def _forest(contrasts: Sequence[Mapping[str, Any]]) -> Forest | None:
    """The hazard ratios of the trial, final analysis first, subgroups behind."""
    ratios = [row for row in contrasts if row["measure"] == EQP + "HazardRatio" and row["lower_printed"]]
    ratios.sort(key=lambda row: (row["analysis_kind"], row["subgroup"] or "", row["outcome"]))
    lines = []
    for row in ratios:
        group = f", {row['subgroup']}" if row["subgroup"] else ""
        label = f"{_sentence(row['outcome_label'])}, {row['analysis_kind_label']}{group}"
        lines.append((row["contrast"], label, row["value_printed"], row["lower_printed"], row["upper_printed"]))
    return lay_out(lines)


def _adverse_events(rows: Answer, evidence: Mapping[str, Evidence]) -> tuple[ResultRow, ...]:
    """One row for each event, attribution and range of grades; what has no number says so."""
    found: dict[tuple[Any, ...], ResultRow] = {}
    for row in rows:
        key = (row["event"], row["attribution"], row["grade_from"], row["grade_to"])
        name = _sentence(f"{row['event_label']}, {row['attribution_label']}{_grades(row)}")
        line = found.setdefault(key, ResultRow(name))
        if row["value_printed"] is None:
            known = evidence.get(row["estimate"], Evidence(row["estimate"]))
            line.by_arm[row["arm"]] = Figure(row["reporting_status"], "", known)
        else:
            line.by_arm[row["arm"]] = _figure(row, row["estimate"], evidence)
    return tuple(found.values())


def _grades(row: Mapping[str, Any]) -> str:
    low, high = row["grade_from"], row["grade_to"]
    if low is None:
        return ""
    return f", grade {low}" if low == high else f", grade {low} to {high}"


def _baseline(rows: Answer, evidence: Mapping[str, Evidence]) -> tuple[ResultRow, ...]:
    found: dict[tuple[Any, ...], ResultRow] = {}
    for row in rows:
        name = _sentence(row["characteristic"] + (f": {row['category']}" if row["category"] else ""))
        line = found.setdefault((row["characteristic"], row["category"]), ResultRow(name))
        figure = _figure(row, row["estimate"], evidence)
        if row["arm"]:
            line.by_arm[row["arm"]] = figure
        else:
            line.overall = figure
    return tuple(found.values())
