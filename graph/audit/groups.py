"""The checks of parts against wholes: responses (C11), adverse events (C12), subgroups (C19, C20), counts (C24)."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence

from equipoise.graph.audit.figure import Figure
from equipoise.graph.audit.finding import Finding, found
from equipoise.graph.statistics.counts import Comparison, check_comparison, check_count, check_sum
from equipoise.graph.statistics.groups import check_bracket, check_interaction, check_nested, check_parts
from equipoise.graph.statistics.verdict import Verdict, judge
from equipoise.ontology.iri import EQP

__all__ = ["check_groups"]

RESPONSES = {
    "ObjectiveResponse": ("CompleteResponse", "PartialResponse"),
    "DiseaseControl": ("CompleteResponse", "PartialResponse", "StableDisease"),
}
"""What RECIST 1.1 makes up of what (Eisenhauer and others, Eur J Cancer 2009;45:228)."""

ALL_RESPONSES = ("CompleteResponse", "PartialResponse", "StableDisease", "ProgressiveDisease", "NotEvaluable")

COMPARISONS: dict[str, Comparison] = {
    EQP + "RiskDifference": "RiskDifference",
    EQP + "RiskRatio": "RiskRatio",
    EQP + "OddsRatio": "OddsRatio",
}


def check_groups(figures: Sequence[Figure]) -> Iterator[Finding]:
    """Check responses and adverse events of each arm, subgroups of each contrast, and comparisons of two counts."""
    arms: dict[tuple[str | None, ...], list[Figure]] = defaultdict(list)
    for figure in figures:
        if figure.value and not figure.reference and figure.statistic in (EQP + "Proportion", EQP + "Count"):
            arms[(*figure.population, figure.arm, figure.statistic, figure.unit)].append(figure)
    for same in arms.values():
        yield from _check_all_responses([figure for figure in same if not figure.event and not figure.characteristic])
        yield from _check_adverse_events([figure for figure in same if figure.event])
    yield from _check_subgroups([figure for figure in figures if figure.is_ratio and figure.interval])
    yield from _check_comparisons(figures)


def _check_all_responses(figures: list[Figure]) -> Iterator[Finding]:
    """Responses by each assessor and criteria; those that name neither belong to them where there is only one."""
    named = sorted({figure.assessment for figure in figures if figure.assessment})
    assessments: list[str | None] = [*named] or [None]
    for assessment in assessments:
        names = (assessment, None) if len(assessments) == 1 else (assessment,)
        yield from _check_responses({figure.outcome: figure for figure in figures if figure.assessment in names})


def _check_responses(by_outcome: dict[str | None, Figure]) -> Iterator[Finding]:
    def figures(names: Iterable[str]) -> list[Figure]:
        return [by_outcome[EQP + name] for name in names if EQP + name in by_outcome]

    for whole, names in RESPONSES.items():
        parts = figures(names)
        total = by_outcome.get(EQP + whole)
        if total and len(parts) == len(names):
            yield from found(total.iri, "C11", _parts(parts, total, " + ".join(names)), *(part.iri for part in parts))
    response, control = by_outcome.get(EQP + "ObjectiveResponse"), by_outcome.get(EQP + "DiseaseControl")
    if response and control:
        yield from found(response.iri, "C11", _nested(response, control, "response and disease control"), control.iri)
    every = figures(ALL_RESPONSES)
    if len(every) == len(ALL_RESPONSES) and (people := every[0].denominator):
        counts = [figure.events for figure in every if figure.events is not None]
        if len(counts) == len(every):
            words = f"{' + '.join(map(str, counts))} = {sum(counts)} of {people}"
            verdict = judge(sum(counts) == people, "Error", words)
            yield from found(every[0].iri, "C11", verdict, *(figure.iri for figure in every[1:]))


def _check_adverse_events(figures: list[Figure]) -> Iterator[Finding]:
    """C12: events of a narrower band of grades, attribution or kind are not more frequent than those of the wider."""
    for part in figures:
        for whole in figures:
            if part.iri != whole.iri and _is_within(part, whole):
                yield from found(part.iri, "C12", _nested(part, whole, "narrower and wider"), whole.iri)


def _parts(parts: Sequence[Figure], whole: Figure, words: str) -> Verdict | None:
    """Whether disjoint parts make the whole: counts exactly, percentages within rounding."""
    values = [part.value for part in parts if part.value]
    if whole.value is None or len(values) != len(parts):
        return None
    if whole.statistic == EQP + "Count":
        return check_sum([int(value.decimal) for value in values], int(whole.value.decimal))
    return check_parts(values, whole.value, words=words)


def _nested(part: Figure, whole: Figure, words: str) -> Verdict | None:
    """Whether a part is not above its whole: counts exactly, percentages within rounding."""
    if part.value is None or whole.value is None:
        return None
    if part.events is not None and whole.events is not None and part.denominator == whole.denominator:
        return check_count(part.events, whole.events)
    if whole.statistic == EQP + "Count":
        return check_count(int(part.value.decimal), int(whole.value.decimal))
    return check_nested(part.value, whole.value, words=words)


def _is_within(part: Figure, whole: Figure) -> bool:
    """Whether whoever is counted in one figure is counted in the other too."""
    if part.grades is None or whole.grades is None:
        return False
    same = (part.event, part.attribution, part.grades) == (whole.event, whole.attribution, whole.grades)
    kinds = part.event == whole.event or whole.event == EQP + "AnyAdverseEvent"
    causes = part.attribution == whole.attribution or whole.attribution == EQP + "AnyCause"
    return not same and kinds and causes and whole.grades[0] <= part.grades[0] and part.grades[1] <= whole.grades[1]


def _check_subgroups(ratios: list[Figure]) -> Iterator[Finding]:
    parts_of: dict[tuple[str | None, ...], dict[str, list[Figure]]] = defaultdict(lambda: defaultdict(list))
    for part in ratios:
        if part.set_variable:
            parts_of[_comparison(part, part.set_whole)][part.set_variable].append(part)
    for overall in ratios:
        for parts in parts_of.get(_comparison(overall, overall.analysis_set), {}).values():
            yield from _check_partition(overall, parts)


def _comparison(figure: Figure, analysis_set: str | None) -> tuple[str | None, ...]:
    """What two contrasts share that compare the same arms by the same measure at one look, and their set."""
    arms = (figure.arm, figure.reference, figure.measure)
    return (figure.trial, figure.analysis, figure.endpoint, figure.outcome, *arms, analysis_set)


def _check_partition(overall: Figure, parts: list[Figure]) -> Iterator[Finding]:
    """C19 and C20: the subgroups of one variable against the whole, and two of them against each other."""
    sizes = [part.set_size for part in parts if part.set_size is not None]
    intervals = [part.interval for part in parts if part.interval]
    if overall.interval and len(sizes) == len(parts) > 1 and sum(sizes) == overall.set_size:
        verdict = check_bracket(overall.interval, intervals)
        yield from found(overall.iri, "C19", verdict, *(part.iri for part in parts))
    if len(parts) == 2:
        one, other = parts
        p = one.p_interaction or other.p_interaction
        if p and one.interval and other.interval:
            yield from found(one.iri, "C20", check_interaction(one.interval, other.interval, p), other.iri)


def _check_comparisons(figures: Sequence[Figure]) -> Iterator[Finding]:
    """C24: a risk difference, risk ratio or odds ratio against the counts of its two arms."""
    counted = {
        (*figure.population, figure.arm, figure.endpoint, figure.outcome): figure
        for figure in figures
        if not figure.reference and not figure.event and figure.events is not None and figure.denominator
    }
    for contrast in figures:
        measure = COMPARISONS.get(contrast.measure or "")
        target = counted.get((*contrast.population, contrast.arm, contrast.endpoint, contrast.outcome))
        reference = counted.get((*contrast.population, contrast.reference, contrast.endpoint, contrast.outcome))
        if measure and target and reference and contrast.value:
            verdict = check_comparison(
                contrast.interval, contrast.value, measure, arms=(_count(target), _count(reference))
            )
            yield from found(contrast.iri, "C24", verdict, target.iri, reference.iri)


def _count(figure: Figure) -> tuple[int, int]:
    assert figure.events is not None and figure.denominator is not None
    return figure.events, figure.denominator
