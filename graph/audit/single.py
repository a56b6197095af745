"""The checks of one figure by itself: C1 to C6, C9, C10, C23, C27, C29 and C30."""

from collections.abc import Iterable, Iterator

from equipoise.graph.audit.figure import Figure
from equipoise.graph.audit.finding import Finding, found
from equipoise.graph.printed import PrintedNumber, parse_number
from equipoise.graph.statistics.counts import (
    check_count,
    check_percentage,
    check_percentage_is_possible,
    check_proportion_interval,
    check_whole,
    possible_counts,
)
from equipoise.graph.statistics.intervals import (
    check_difference_symmetry,
    check_interval_contains,
    check_noninferiority,
    check_p_against_interval,
    check_ratio_symmetry,
    check_significance,
    check_width_against_events,
)
from equipoise.graph.statistics.readings import check_unit
from equipoise.graph.statistics.verdict import Verdict, judge
from equipoise.ontology.iri import EQP

__all__ = ["check_each"]

SKEW_METHODS = {EQP + name for name in ("ProfileLikelihood", "ExactMethod", "RepeatedConfidenceInterval")}
"""Methods whose intervals are not symmetric on the log scale."""

COUNTING_METHODS = (None, EQP + "ExactMethod")
"""Methods by which a proportion is that of counted participants, and not estimated by a model."""

ONE_SIZE = 0.9
"""How near to each other the sizes of two arms are that are taken to be of one size."""

NONE_IN_WORDS = ("no ", "none", "not any")


def check_each(figures: Iterable[Figure]) -> Iterator[Finding]:
    """Check every figure by itself."""
    for figure in figures:
        yield from _check_interval(figure)
        yield from _check_counts(figure)
        yield from _check_printed(figure)


def _check_interval(figure: Figure) -> Iterator[Finding]:
    interval = figure.interval
    if interval is None:
        return
    if figure.has_confidence_interval or figure.statistic == EQP + "Median":
        yield from found(figure.iri, "C1", check_interval_contains(interval, is_ratio=figure.is_ratio))
    if not figure.has_confidence_interval:
        return
    if figure.is_difference:
        yield from found(figure.iri, "C2b", check_difference_symmetry(interval))
    is_skew = figure.method in SKEW_METHODS
    if figure.is_ratio:
        yield from found(figure.iri, "C2", check_ratio_symmetry(interval, "Info" if is_skew else "Error"))
        if figure.p and not is_skew and figure.margin is None:  # the p value of a margin is not that of no effect
            yield from found(figure.iri, "C3", check_p_against_interval(interval, figure.p, sides=figure.sides))
            yield from found(figure.iri, "C4", check_significance(interval, figure.p, sides=figure.sides))
    events = _events(figure)
    if figure.measure == EQP + "HazardRatio" and events is not None and not is_skew:
        yield from found(figure.iri, "C5", check_width_against_events(interval, events))
    if figure.margin is not None and figure.noninferior is not None:
        no_effect = 1 if figure.is_ratio else 0
        verdict = check_noninferiority(interval, figure.margin, no_effect=no_effect, concluded=figure.noninferior)
        yield from found(figure.iri, "C23", verdict)


def _events(figure: Figure) -> tuple[int, int] | int | None:
    """The events of both arms; else their sum, where the arms are of about one size."""
    if figure.events is not None and figure.reference_events is not None:
        return figure.events, figure.reference_events
    sizes = (figure.arm_size, figure.reference_size)
    if None in sizes or min(filter(None, sizes), default=0) < ONE_SIZE * max(filter(None, sizes), default=1):
        return None
    return figure.total_events


def _check_counts(figure: Figure) -> Iterator[Finding]:
    total = figure.denominator if figure.denominator is not None else figure.set_size
    for events, people in (
        (figure.events, figure.arm_size if figure.reference else total),
        (figure.reference_events, figure.reference_size),
        (figure.total_events, total),
    ):
        if events is not None and people is not None:
            yield from found(figure.iri, "C6", check_count(events, people))
    if figure.statistic == EQP + "Count" and figure.value:
        yield from found(figure.iri, "C6", check_whole(figure.value, total))
    if figure.statistic != EQP + "Proportion" or figure.unit != "%" or figure.value is None:
        return
    if figure.method not in COUNTING_METHODS:
        return
    denominator = figure.denominator if figure.denominator is not None else _people(figure)
    if denominator is None:
        return
    counts: Iterable[int] = possible_counts(figure.value, denominator)
    if figure.events is not None:
        counts = [figure.events]
        yield from found(figure.iri, "C9", check_percentage(figure.value, figure.events, denominator))
    else:
        yield from found(figure.iri, "C9b", check_percentage_is_possible(figure.value, denominator))
    if figure.interval and figure.has_confidence_interval:
        yield from found(figure.iri, "C10", check_proportion_interval(figure.interval, counts, denominator))


def _people(figure: Figure) -> int | None:
    """The participants that a proportion is of, where they can only be all of its arm."""
    return figure.arm_size if figure.set_kind == EQP + "IntentionToTreat" and figure.arm else None


def _check_printed(figure: Figure) -> Iterator[Finding]:
    if figure.value is None:
        return
    if figure.statistic == EQP + "SurvivalProbability" and figure.unit == "%":
        yield from found(figure.iri, "C27", check_unit(figure.value))
    if figure.value.decimal == 0 and figure.reference is None:
        said = [text for text in figure.printed if _is_zero(text)]
        words = f"0 read as {', '.join(said)}" if said else "0, and no citation prints it"
        yield from found(figure.iri, "C29", judge(bool(said), "Error", words))
    yield from found(figure.iri, "C30", _is_printed(figure, figure.value))


def _is_zero(text: str) -> bool:
    """Whether characters say that there is none: a number that is 0, or words."""
    number = _number(text)
    return number.decimal == 0 if number else text.casefold().startswith(NONE_IN_WORDS)


def _number(text: str) -> PrintedNumber | None:
    """The number that characters are, if they are one."""
    try:
        return parse_number(text)
    except ValueError:
        return None


def _is_printed(figure: Figure, value: PrintedNumber) -> Verdict | None:
    """C30: some citation prints the value; None where citations give no characters."""
    numbers = [number for text in figure.printed if (number := _number(text))]
    if not numbers:
        return None
    holds = any(value.agrees_with(number) for number in numbers)
    return judge(holds, "Error", f"{value} among {', '.join(map(str, numbers))}")
