"""Run the statistical checks over the figures of a store, and carry the verdicts away as findings.

In: an in-memory store with the vocabulary, the records and what follows from them. Out: one `Finding` for every check
that could be run on a value, passed or failed. The figures are read by SPARQL, so it does not matter from what kind of
record they came.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from importlib.resources import files
from itertools import pairwise

import pyoxigraph as ox

from equipoise.graph.printed import PrintedNumber, PrintedP, parse_number, parse_p
from equipoise.graph.statistics import (
    Interval,
    Verdict,
    check_count,
    check_direction,
    check_interval_contains,
    check_median_against_survival,
    check_not_above,
    check_p_against_interval,
    check_percentage,
    check_ratio_symmetry,
    check_significance,
    check_sum,
)
from equipoise.ontology.iri import EQP

__all__ = ["Finding", "check_figures"]

Row = dict[str, str]


@dataclass(frozen=True)
class Finding:
    """The verdict of one check (`C2`) on one value, with the curator's reason where a failure is let stand."""

    about: str
    check: str
    verdict: Verdict
    waiver: str | None = None

    @property
    def blocks(self) -> bool:
        """Whether a record with this finding is refused: an error, which no waiver lifts."""
        return self.verdict.severity == "Error"


@dataclass(frozen=True)
class Figure:
    """An estimate or a contrast as the store holds it. Names are IRIs; what is not reported is None."""

    iri: str
    kind: str | None
    trial: str
    analysis: str | None
    cutoff: str | None
    outcome: str | None
    analysis_set: str | None
    arm: str | None
    reference: str | None
    statistic: str | None
    unit: str | None
    value: PrintedNumber | None
    lower: PrintedNumber | None
    upper: PrintedNumber | None
    interval_kind: str | None
    level: float | None
    timepoint: float | None
    p: PrintedP | None
    sides: int | None
    events: int | None
    denominator: int | None
    set_size: int | None

    @property
    def is_ratio(self) -> bool:
        """Whether the value compares two arms by dividing."""
        return self.kind == EQP + "RatioMeasure"

    @property
    def interval(self) -> Interval | None:
        """The value with its limits, where all three are reported."""
        if self.value and self.lower and self.upper:
            return Interval(self.value, self.lower, self.upper, self.level)
        return None

    @property
    def curve(self) -> tuple[str | None, ...]:
        """What two figures share if they describe the same survival curve, but for the outcome."""
        return (self.trial, self.analysis, self.analysis_set, self.arm)


def check_figures(store: ox.Store, waivers: Mapping[tuple[str, str], str]) -> list[Finding]:
    """Run every check on every figure it applies to. `waivers` maps (value IRI, check id) to a reason."""
    figures = _figures(store)
    findings = [
        *_check_each(figures),
        *_check_curves(figures),
        *_check_directions(figures),
        *_check_sizes(_rows(store, "sizes")),
    ]
    waived = [replace(finding, waiver=waivers.get((finding.about, finding.check))) for finding in findings]
    return sorted(waived, key=lambda finding: (finding.about, finding.check, finding.verdict.computed))


def _rows(store: ox.Store, name: str) -> Iterator[Row]:
    """The rows of a query beside this module, as text; unbound variables are left out."""
    text = (files("equipoise.graph") / f"{name}.rq").read_text(encoding="utf-8")
    found = store.query(text, use_default_graph_as_union=True)
    assert isinstance(found, ox.QuerySolutions)
    names = [variable.value for variable in found.variables]
    for solution in found:
        terms = {name: solution[name] for name in names}
        yield {name: term.value for name, term in terms.items() if isinstance(term, ox.NamedNode | ox.Literal)}


def _figures(store: ox.Store) -> list[Figure]:
    properties: dict[str, Row] = defaultdict(dict)
    for row in _rows(store, "figures"):
        properties[row["figure"]][row["property"].rpartition("/")[2].rpartition("#")[2]] = row["value"]
    return [_figure(iri, values) for iri, values in properties.items()]


def _figure(iri: str, values: Row) -> Figure:
    def number(name: str) -> PrintedNumber | None:
        return parse_number(values[name]) if name in values else None

    def whole(name: str) -> int | None:
        return int(values[name]) if name in values else None

    def real(name: str) -> float | None:
        return float(values[name]) if name in values else None

    return Figure(
        iri=iri,
        kind=values.get("broader"),
        trial=values["trial"],
        analysis=values.get("analysis"),
        cutoff=values.get("dataCutoff"),
        outcome=values.get("outcome"),
        analysis_set=values.get("analysisSet"),
        arm=values.get("arm", values.get("targetArm")),
        reference=values.get("referenceArm"),
        statistic=values.get("statistic"),
        unit=values.get("unit"),
        value=number("valuePrinted"),
        lower=number("lowerPrinted"),
        upper=number("upperPrinted"),
        interval_kind=values.get("intervalKind"),
        level=real("level"),
        timepoint=real("timepoint"),
        p=parse_p(values["pPrinted"]) if "pPrinted" in values else None,
        sides=whole("pSides"),
        events=whole("events"),
        denominator=whole("denominator"),
        set_size=whole("size"),
    )


def _finding(figure: Figure, check: str, verdict: Verdict | None) -> Iterator[Finding]:
    if verdict is not None:
        yield Finding(figure.iri, check, verdict)


def _check_each(figures: Iterable[Figure]) -> Iterator[Finding]:
    """C1-C4, C6 and C9: what one figure must be by itself."""
    for figure in figures:
        interval = figure.interval
        if interval:
            yield from _finding(figure, "C1", check_interval_contains(interval, is_ratio=figure.is_ratio))
        if interval and figure.is_ratio and figure.interval_kind == EQP + "ConfidenceInterval":
            yield from _finding(figure, "C2", check_ratio_symmetry(interval))
            if figure.p:
                yield from _finding(figure, "C3", check_p_against_interval(interval, figure.p, sides=figure.sides))
                yield from _finding(figure, "C4", check_significance(interval, figure.p, sides=figure.sides))
        total = figure.denominator if figure.denominator is not None else figure.set_size
        if figure.events is not None and total is not None:
            yield from _finding(figure, "C6", check_count(figure.events, total))
        counted = figure.statistic == EQP + "Proportion" and figure.unit == "%"
        if counted and figure.value and figure.events is not None and figure.denominator is not None:
            yield from _finding(figure, "C9", check_percentage(figure.value, figure.events, figure.denominator))


def _check_curves(figures: Iterable[Figure]) -> Iterator[Finding]:
    """C13-C15: what the survival probabilities and medians of one arm must be to one another."""
    curves: dict[tuple[str | None, ...], dict[str | None, list[Figure]]] = defaultdict(lambda: defaultdict(list))
    for figure in figures:
        if figure.arm and figure.outcome and figure.value and not figure.reference:
            curves[figure.curve][figure.outcome].append(figure)
    for by_outcome in curves.values():
        for curve in by_outcome.values():
            yield from _check_one_curve(curve)
        same_cutoff = by_outcome[EQP + "ProgressionFreeSurvival"] + by_outcome[EQP + "OverallSurvival"]
        if same_cutoff and same_cutoff[0].cutoff:
            yield from _check_progression_against_death(by_outcome)


def _probabilities(curve: list[Figure]) -> list[Figure]:
    points = [
        figure for figure in curve if figure.statistic == EQP + "SurvivalProbability" and figure.timepoint is not None
    ]
    return sorted(points, key=lambda figure: figure.timepoint or 0.0)


def _medians(curve: list[Figure]) -> list[Figure]:
    return [figure for figure in curve if figure.statistic == EQP + "Median"]


def _check_one_curve(curve: list[Figure]) -> Iterator[Finding]:
    points = _probabilities(curve)
    for earlier, later in pairwise(points):
        assert earlier.value and later.value
        words = f"survival at {later.timepoint:g} and at {earlier.timepoint:g} months"
        yield from _finding(later, "C13", check_not_above(later.value, earlier.value, words=words))
    for point in points:
        for median in _medians(curve):
            assert point.value and median.value and point.timepoint is not None
            yield from _finding(point, "C14", check_median_against_survival(point.value, point.timepoint, median.value))


def _check_progression_against_death(by_outcome: Mapping[str | None, list[Figure]]) -> Iterator[Finding]:
    progression, survival = by_outcome[EQP + "ProgressionFreeSurvival"], by_outcome[EQP + "OverallSurvival"]
    pairs = [(one, other, "medians") for one in _medians(progression) for other in _medians(survival)]
    for one in _probabilities(progression):
        at = f"probabilities at {one.timepoint:g} months"
        pairs += [(one, other, at) for other in _probabilities(survival) if other.timepoint == one.timepoint]
    for one, other, words in pairs:
        assert one.value and other.value
        words = f"{words} of progression-free and overall survival"
        yield from _finding(one, "C15", check_not_above(one.value, other.value, words=words))


def _check_directions(figures: Iterable[Figure]) -> Iterator[Finding]:
    """C16: a hazard ratio and the medians of its two arms point the same way."""
    medians = {
        (*figure.curve, figure.outcome): figure.value for figure in figures if figure.statistic == EQP + "Median"
    }
    for figure in figures:
        if not figure.is_ratio or not figure.reference or not figure.value:
            continue
        shared = (figure.trial, figure.analysis, figure.analysis_set)
        target = medians.get((*shared, figure.arm, figure.outcome))
        reference = medians.get((*shared, figure.reference, figure.outcome))
        if target and reference:
            yield from _finding(figure, "C16", check_direction(figure.value, target, reference))


def _check_sizes(rows: Iterable[Row]) -> Iterator[Finding]:
    """C7: the arms of a trial add up to its enrollment, the subgroups of one variable to their set."""
    parts: dict[tuple[str, str, int], list[int]] = defaultdict(list)
    for row in rows:
        parts[(row["whole"], row["partition"], int(row["total"]))].append(int(row["size"]))
    for (whole, partition, total), sizes in parts.items():
        complete = partition == EQP + "Arm"
        if complete or len(sizes) > 1:
            yield Finding(whole, "C7", check_sum(sorted(sizes, reverse=True), total, complete=complete))
