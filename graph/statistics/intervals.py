"""C1 to C5 and C23: what a value, its interval, its p value and its number of events must be to one another.

Intervals of ratios are taken to be symmetric on the log scale: ln(value) ± z · SE, with z the two-sided standard normal
quantile of the level (Cochrane Handbook 6.5, chapter 6.3.1; Altman and Bland, BMJ 2011;343:d2304).
"""

from dataclasses import dataclass
from math import log, sqrt

from scipy.special import ndtr, ndtri

from equipoise.graph.printed import PrintedNumber, PrintedP
from equipoise.graph.statistics.verdict import Severity, Verdict, judge

__all__ = [
    "Interval",
    "check_difference_symmetry",
    "check_interval_contains",
    "check_noninferiority",
    "check_p_against_interval",
    "check_ratio_symmetry",
    "check_significance",
    "check_width_against_events",
    "log_standard_error",
    "p_box",
    "p_range",
]

SLACK = 2.0
"""How far a p value may lie outside what its interval implies before it is an error: log-rank beside Cox."""

EXPECTED_WIDTH = (0.93, 1.10)
POSSIBLE_WIDTH = (0.85, 1.25)
"""Standard error of an interval over that of its events: what is usual, and beyond what something is wrong."""

STRONG_EFFECT = 2.5
"""The hazard ratio, or its inverse, beyond which the events no longer give the width."""


@dataclass(frozen=True)
class Interval:
    """A value with its limits as printed, all in one unit; `level` in percent, None where it is not reported."""

    value: PrintedNumber
    lower: PrintedNumber
    upper: PrintedNumber
    level: float | None = None


def check_interval_contains(interval: Interval, *, is_ratio: bool) -> Verdict:
    """C1: lower <= value <= upper, and none below 0 if they are ratios, with rounding in their favour.

    Digits of one precision keep their order when they are rounded, so they are compared as printed. A limit printed
    0.00 stands for what rounds to it.
    """
    low, value, high = interval.lower, interval.value, interval.upper
    ordered = all(_is_not_above(*pair) for pair in ((low, value), (value, high), (low, high)))
    positive = not is_ratio or (min(low.high, value.high) > 0 and min(low.decimal, value.decimal) >= 0)
    return judge(ordered and positive, "Error", f"{interval.lower} to {interval.upper} around {interval.value}")


def _is_not_above(one: PrintedNumber, other: PrintedNumber) -> bool:
    return one.decimal <= other.decimal or (one.half_unit != other.half_unit and one.low <= other.high)


def check_ratio_symmetry(interval: Interval, severity: Severity = "Error") -> Verdict | None:
    """C2: the value of a ratio can be the geometric mean of its limits.

    The value's rounding interval must meet [sqrt((L-h)(U-h)), sqrt((L+h)(U+h))], h half a unit of the last place.
    None unless the limits are positive after rounding. Tierney and others, Trials 2007;8:16.
    """
    if interval.lower.low <= 0 or interval.upper.low <= 0:
        return None
    low, high = sqrt(interval.lower.low * interval.upper.low), sqrt(interval.lower.high * interval.upper.high)
    holds = interval.value.high >= low and interval.value.low <= high
    words = f"the limits have a geometric mean from {low:.4f} to {high:.4f}; printed {interval.value}"
    return judge(holds, severity, words)


def check_difference_symmetry(interval: Interval) -> Verdict:
    """C2b: the value of a difference can be the middle of its limits. A breach is a warning: some methods are skew."""
    low = (interval.lower.low + interval.upper.low) / 2
    high = (interval.lower.high + interval.upper.high) / 2
    holds = interval.value.high >= low and interval.value.low <= high
    words = f"the limits have their middle from {low:.4f} to {high:.4f}; printed {interval.value}"
    return judge(holds, "Warning", words)


def log_standard_error(interval: Interval) -> tuple[float, float] | None:
    """The least and greatest standard error of ln(value) that rounding allows: (ln upper - ln lower) / 2z.

    None without a level or positive limits in order. Cochrane Handbook 6.5, chapter 6.3.2.
    """
    if interval.level is None or not 0 < interval.lower.low < interval.upper.high:
        return None
    z = float(ndtri(0.5 + interval.level / 200))
    narrowest = max(0.0, log(interval.upper.low / interval.lower.high)) if interval.upper.low > 0 else 0.0
    return narrowest / (2 * z), log(interval.upper.high / interval.lower.low) / (2 * z)


def p_box(interval: Interval, *, sides: int | None) -> tuple[float, float] | None:
    """The least and the greatest p value that a ratio with this interval can have, over all that rounds to it.

    p = 2 (1 - Phi(|ln value| / SE)) two-sided, half of it one-sided where the difference is in the direction tested.
    Where the sides are not reported, from the least one-sided to the greatest two-sided value. None without a level or
    positive limits.
    """
    errors = log_standard_error(interval)
    if errors is None or interval.value.low <= 0:
        return None
    narrowest, widest = errors
    ends = [abs(log(interval.value.low)), abs(log(interval.value.high))]
    nearest = 0.0 if interval.value.low <= 1 <= interval.value.high else min(ends)
    least = 2 * float(ndtr(-max(ends) / narrowest)) if narrowest > 0 else 0.0
    greatest = 2 * float(ndtr(-nearest / widest))
    return (least / (1 if sides == 2 else 2), greatest / (2 if sides == 1 else 1))


def check_p_against_interval(interval: Interval, p: PrintedP, *, sides: int | None) -> Verdict | None:
    """C3: the reported p value lies where the ratio and its interval put it.

    A p printed with `=` must meet the box, one with `<` must lie above its least value. A factor of 2 beyond that is a
    warning (a log-rank p beside a Cox interval), more is an error. A one-sided p above 0.5 is that of a difference
    against the direction tested, and is compared by its complement. None where the level is not reported.
    """
    box = p_box(interval, sides=sides)
    if box is None:
        return None
    low, high = box
    least, greatest = p_range(p)
    if sides == 1 and p.comparator == "=" and least > 0.5:
        least, greatest = 1 - greatest, 1 - least
    if least <= high and greatest >= low:
        severity: Severity | None = None
    elif least <= high * SLACK and greatest >= low / SLACK:
        severity = "Warning"
    else:
        severity = "Error"
    words = {1: "one-sided", 2: "two-sided", None: "of either kind"}[sides]
    return Verdict(severity, f"the interval implies a p {words} from {low:.2g} to {high:.2g}; printed {p}")


def p_range(p: PrintedP) -> tuple[float, float]:
    """The p values that a printed p value can stand for: a threshold is exact, a value is rounded."""
    number = p.number
    match p.comparator:
        case "<" | "<=":
            return (0.0, float(number.decimal))
        case ">" | ">=":
            return (float(number.decimal), 1.0)
        case _:
            return (max(0.0, number.low), number.high)


def check_significance(interval: Interval, p: PrintedP, *, sides: int | None) -> Verdict | None:
    """C4: the interval of a ratio excludes 1 exactly if the two-sided p value lies below 1 - level.

    A breach is a warning where C3 finds p near enough, for the tests behind p and interval differ, and an error else.
    None where the level is not reported, or where rounding or unknown sides leave either side of the rule open.
    """
    if interval.level is None:
        return None
    alpha = round(1 - interval.level / 100, 9)
    excludes = _excludes_one(interval)
    factors = {1: (2,), 2: (1,), None: (1, 2)}[sides]
    significant = {_is_below(p, factor, alpha) for factor in factors}
    if excludes is None or len(significant) > 1 or None in significant:
        return None
    (decided,) = significant
    limits = f"the interval {'excludes' if excludes else 'contains'} 1"
    words = f"{limits}; p {p} {'is' if decided else 'is not'} below {alpha:.4g} two-sided"
    near = check_p_against_interval(interval, p, sides=sides)
    return judge(excludes == decided, "Error" if near is None or near.severity == "Error" else "Warning", words)


def _excludes_one(interval: Interval) -> bool | None:
    if interval.lower.low > 1 or interval.upper.high < 1:
        return True
    if interval.lower.high < 1 < interval.upper.low:
        return False
    return None


def _is_below(p: PrintedP, factor: int, alpha: float) -> bool | None:
    """Whether factor · p lies below alpha; None where the printed digits leave it open."""
    least, greatest = (round(factor * bound, 9) for bound in p_range(p))
    if greatest < alpha or (p.comparator == "<" and greatest == alpha):
        return True
    return False if least > alpha or (p.comparator == ">" and least == alpha) else None


def check_width_against_events(interval: Interval, events: tuple[int, int] | int) -> Verdict | None:
    """C5: the interval of a hazard ratio is as wide as its number of events makes it.

    The standard error of the log hazard ratio is sqrt(1/d1 + 1/d2), or 2/sqrt(d) where only the total is known and the
    arms are of one size (Schoenfeld 1981; Parmar and others, Stat Med 1998;17:2815). The ratio of the interval's own
    standard error to that is a warning outside 0.93 to 1.10 and an error outside 0.85 to 1.25, rounding in its favour.
    Where one hazard is more than 2.5 times the other the formula gives too little, so a wide interval is only remarked.
    """
    errors = log_standard_error(interval)
    if errors is None:
        return None
    counts = (events,) if isinstance(events, int) else events
    if min(counts) <= 0:
        return None
    expected = 2 / sqrt(counts[0]) if len(counts) == 1 else sqrt(sum(1 / count for count in counts))
    low, high = errors[0] / expected, errors[1] / expected
    words = f"standard error over that of {' and '.join(map(str, counts))} events from {low:.3f} to {high:.3f}"
    if _meets((low, high), EXPECTED_WIDTH):
        return Verdict(None, words)
    value = float(interval.value.decimal)
    if low > EXPECTED_WIDTH[1] and not 1 / STRONG_EFFECT <= value <= STRONG_EFFECT:
        return Verdict("Info", words)
    return Verdict("Warning" if _meets((low, high), POSSIBLE_WIDTH) else "Error", words)


def _meets(one: tuple[float, float], other: tuple[float, float]) -> bool:
    return one[0] <= other[1] and one[1] >= other[0]


def check_noninferiority(
    interval: Interval, margin: PrintedNumber, *, no_effect: int, concluded: bool
) -> Verdict | None:
    """C23: noninferiority is concluded exactly if the interval lies on the good side of the margin.

    A margin above `no_effect` (1 for a ratio, 0 for a difference) bounds the upper limit, one below it the lower. None
    where rounding leaves it open, or the margin is no effect at all.
    """
    is_upper = margin.decimal > no_effect
    limit = interval.upper if is_upper else interval.lower
    if margin.decimal == no_effect or (limit.low < margin.high and limit.high > margin.low):
        return None
    shown = limit.high <= margin.low if is_upper else limit.low >= margin.high
    words = f"the {'upper' if is_upper else 'lower'} limit is {limit}, the margin {margin}; noninferiority was"
    return judge(shown == concluded, "Error", f"{words} {'concluded' if concluded else 'not concluded'}")
