"""The checks of figures of one survival curve, of two, and of one curve at two looks: C13 to C18, C21, C22, C28."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from itertools import combinations, pairwise

from equipoise.graph.audit.figure import Figure
from equipoise.graph.audit.finding import Finding, found
from equipoise.graph.printed import PrintedNumber
from equipoise.graph.statistics.curves import (
    check_direction,
    check_landmark_ratio,
    check_median_against_survival,
    check_medians_ratio,
    check_not_above,
    check_same_landmark,
    check_vectors_differ,
)
from equipoise.graph.statistics.readings import check_not_inverted
from equipoise.graph.statistics.verdict import judge
from equipoise.ontology.iri import EQP

__all__ = ["check_curves"]

PROGRESSION, SURVIVAL = EQP + "ProgressionFreeSurvival", EQP + "OverallSurvival"

Curves = dict[tuple[str | None, ...], list[Figure]]
"""Figures with a value by trial, analysis, analysis set, arm, endpoint and outcome."""

EVENT_OUTCOMES = {EQP + name for name in ("OverallSurvival", "ProgressionFreeSurvival", "DeathFromAnyCause")}
"""The outcomes whose events can only grow in number."""


def check_curves(figures: Sequence[Figure]) -> Iterator[Finding]:
    """Check every curve, every pair of curves that say something of each other, and every hazard ratio of two."""
    curves: Curves = defaultdict(list)
    for figure in figures:
        if figure.value and figure.outcome and not figure.reference and not figure.event:
            curves[(*figure.population, figure.arm, figure.endpoint, figure.outcome)].append(figure)
    for curve in curves.values():
        yield from _check_one(curve)
    yield from _check_progression(curves)
    yield from _check_copies(curves)
    for contrast in figures:
        if contrast.measure == EQP + "HazardRatio" and contrast.value:
            yield from _check_ratio(contrast, contrast.value, curves)
    yield from _check_looks(figures)


def _points(curve: Iterable[Figure]) -> list[tuple[float, PrintedNumber, Figure]]:
    """The survival probabilities of a curve in percent, by time in months."""
    points = [
        (figure.timepoint, figure.value, figure)
        for figure in curve
        if figure.statistic == EQP + "SurvivalProbability" and figure.timepoint is not None and figure.value
    ]
    return sorted(points, key=lambda point: (point[0], point[2].iri))


def _medians(curve: Iterable[Figure]) -> list[tuple[PrintedNumber, Figure]]:
    return [
        (figure.value, figure)
        for figure in curve
        if figure.statistic == EQP + "Median" and figure.unit == "mo" and figure.value
    ]


def _check_one(curve: list[Figure]) -> Iterator[Finding]:
    points = _points(curve)
    for (early, before, earlier), (late, after, later) in pairwise(points):
        words = f"survival at {late:g} and at {early:g} months"
        yield from found(later.iri, "C13", check_not_above(after, before, words=words), earlier.iri)
    for at, value, point in points:
        for number, median in _medians(curve):
            yield from found(point.iri, "C14", check_median_against_survival(value, at, number), median.iri)


def _check_progression(curves: Curves) -> Iterator[Finding]:
    """C15: where both were read at one data cut-off, progression-free survival is not above overall survival."""
    of_arms: Curves = defaultdict(list)
    for key, curve in curves.items():
        if key[-1] == SURVIVAL:
            of_arms[key[:4]] += curve
    for key, progression in curves.items():
        survival = of_arms.get(key[:4], [])
        if key[-1] != PROGRESSION or not survival or not progression[0].cutoff:
            continue
        words = "medians of progression-free and overall survival"
        for number, one in _medians(progression):
            for other_number, other in _medians(survival):
                yield from found(one.iri, "C15", check_not_above(number, other_number, words=words), other.iri)
        for at, value, one in _points(progression):
            words = f"progression-free and overall survival at {at:g} months"
            for other_at, other_value, other in _points(survival):
                if other_at == at:
                    yield from found(one.iri, "C15", check_not_above(value, other_value, words=words), other.iri)


def _check_copies(curves: Curves) -> Iterator[Finding]:
    """C22: arms and endpoints of one analysis do not share all their survival probabilities."""
    analyses: dict[tuple[str | None, ...], list[list[tuple[float, PrintedNumber, Figure]]]] = defaultdict(list)
    for key, curve in curves.items():
        points = _points(curve)
        if len(points) > 1:
            analyses[key[:3]].append(points)
    for vectors in analyses.values():
        for one, other in combinations(vectors, 2):
            texts = [[(at, value.text) for at, value, _ in points] for points in (one, other)]
            inputs = (point.iri for _, _, point in one)
            yield from found(other[0][2].iri, "C22", check_vectors_differ(*texts), *inputs)


def _check_ratio(contrast: Figure, ratio: PrintedNumber, curves: Curves) -> Iterator[Finding]:
    """C16 to C18: a hazard ratio against the medians and the survival probabilities of its two arms."""
    target = curves.get((*contrast.population, contrast.arm, contrast.endpoint, contrast.outcome), [])
    reference = curves.get((*contrast.population, contrast.reference, contrast.endpoint, contrast.outcome), [])
    for number, one in _medians(target):
        for other_number, other in _medians(reference):
            inputs = (one.iri, other.iri)
            limits = (contrast.lower, contrast.upper) if contrast.lower and contrast.upper else None
            verdict = check_direction(ratio, number, other_number, limits=limits)
            yield from found(contrast.iri, "C16", verdict, *inputs)
            yield from found(contrast.iri, "C17", check_medians_ratio(ratio, number, other_number), *inputs)
    if contrast.interval is None:
        return
    for at, value, one in _points(target):
        for other_at, other_value, other in _points(reference):
            if other_at == at:
                verdict = check_landmark_ratio(contrast.interval, at, value, other_value)
                yield from found(contrast.iri, "C18", verdict, one.iri, other.iri)


def _check_looks(figures: Iterable[Figure]) -> Iterator[Finding]:
    """C21 and C28: the same quantity at an earlier look and at the one that supersedes it."""
    looks: dict[tuple[object, ...], list[Figure]] = defaultdict(list)
    for figure in figures:
        if not figure.event:
            key = (figure.trial, figure.analysis_set, figure.endpoint, figure.outcome, figure.arm, figure.reference)
            looks[(*key, figure.measure, figure.statistic, figure.unit, figure.timepoint)].append(figure)
    for same in looks.values():
        for later in same:
            for earlier in same:
                if earlier.analysis in later.superseded:
                    yield from _check_two_looks(earlier, later)


def _check_two_looks(earlier: Figure, later: Figure) -> Iterator[Finding]:
    counts = (
        []
        if later.outcome not in EVENT_OUTCOMES
        else [
            (before, after)
            for before, after in ((earlier.events, later.events), (earlier.total_events, later.total_events))
            if before is not None and after is not None
        ]
    )
    for before, after in counts:
        yield from found(
            later.iri, "C21", judge(before <= after, "Error", f"{before} events, later {after}"), earlier.iri
        )
    if earlier.value is None or later.value is None:
        return
    if later.outcome == EQP + "FollowUpTime":
        verdict = check_not_above(earlier.value, later.value, words="follow-up at the earlier and the later look")
        yield from found(later.iri, "C21", verdict, earlier.iri)
    if later.statistic == EQP + "SurvivalProbability" and later.timepoint is not None:
        people = later.denominator or later.arm_size
        verdict = check_same_landmark(later.value, earlier.value, later.timepoint, people)
        yield from found(later.iri, "C21", verdict, earlier.iri)
    if later.is_ratio:
        yield from found(later.iri, "C28", check_not_inverted(later.value, earlier.value), earlier.iri)
