"""The arithmetic of the checks: what a reported value implies, reckoned over the rounding of its printed digits.

Each function takes figures as printed and gives a `Verdict`, or None where the figures needed were not reported.
Nothing here reads a store or knows what a trial is; `graph.audit` brings the figures and carries the verdicts away.

Intervals of ratios are taken to be symmetric on the log scale: ln(value) ± z · SE, with z the two-sided standard normal
quantile of the level (Cochrane Handbook 6.5, chapter 6.3.1; Altman and Bland, BMJ 2011;343:d2304).
"""

from dataclasses import dataclass
from math import erfc, log, sqrt
from statistics import NormalDist
from typing import Literal

from equipoise.graph.printed import PrintedNumber, PrintedP

__all__ = [
    "Interval",
    "Severity",
    "Verdict",
    "check_count",
    "check_direction",
    "check_interval_contains",
    "check_median_against_survival",
    "check_not_above",
    "check_p_against_interval",
    "check_percentage",
    "check_ratio_symmetry",
    "check_significance",
    "check_sum",
    "p_box",
]

Severity = Literal["Error", "Warning", "Info"]

SLACK = 2.0
"""How far a p value may lie outside what its interval implies before it is an error: log-rank beside Cox."""


@dataclass(frozen=True)
class Verdict:
    """What a check found. `severity` is None exactly if the value passed."""

    severity: Severity | None
    computed: str

    @property
    def passed(self) -> bool:
        """Whether the value obeys the rule."""
        return self.severity is None


@dataclass(frozen=True)
class Interval:
    """A value with its limits as printed, all in one unit; `level` in percent, None where it is not reported."""

    value: PrintedNumber
    lower: PrintedNumber
    upper: PrintedNumber
    level: float | None = None


def _verdict(holds: bool, severity: Severity, computed: str) -> Verdict:
    return Verdict(None if holds else severity, computed)


def check_interval_contains(interval: Interval, *, is_ratio: bool) -> Verdict:
    """C1: lower < upper, lower <= value <= upper, and all above 0 if they are ratios. Compared as printed."""
    low, value, high = interval.lower.decimal, interval.value.decimal, interval.upper.decimal
    ordered = low <= value <= high and low < high
    positive = not is_ratio or low > 0
    return _verdict(ordered and positive, "Error", f"{interval.lower} to {interval.upper} around {interval.value}")


def check_ratio_symmetry(interval: Interval) -> Verdict | None:
    """C2: the value of a ratio can be the geometric mean of its limits.

    The value's rounding interval must meet [sqrt((L-h)(U-h)), sqrt((L+h)(U+h))], h half a unit of the last place.
    None unless the limits are positive after rounding.
    """
    if interval.lower.low <= 0 or interval.upper.low <= 0:
        return None
    low, high = sqrt(interval.lower.low * interval.upper.low), sqrt(interval.lower.high * interval.upper.high)
    holds = interval.value.high >= low and interval.value.low <= high
    return _verdict(
        holds, "Error", f"the limits have a geometric mean from {low:.4f} to {high:.4f}; printed {interval.value}"
    )


def p_box(interval: Interval, *, sides: int | None) -> tuple[float, float] | None:
    """The least and the greatest p value that a ratio with this interval can have, over all that rounds to it.

    SE = (ln upper - ln lower) / 2z; p = erfc(|ln value| / (SE·sqrt 2)) two-sided, half of it one-sided. Where the sides
    are not reported, from the least one-sided to the greatest two-sided value. None without a level or positive limits.
    """
    if interval.level is None or interval.lower.low <= 0 or interval.value.low <= 0:
        return None
    z = NormalDist().inv_cdf(0.5 + interval.level / 200)
    widest = log(interval.upper.high / interval.lower.low) / (2 * z)
    narrowest = (
        log(interval.upper.low / interval.lower.high) / (2 * z) if interval.upper.low > interval.lower.high else 0.0
    )
    ends = [abs(log(interval.value.low)), abs(log(interval.value.high))]
    nearest = 0.0 if interval.value.low <= 1 <= interval.value.high else min(ends)
    two_sided_low = erfc(max(ends) / narrowest / sqrt(2)) if narrowest > 0 else 0.0
    two_sided_high = erfc(nearest / widest / sqrt(2))
    return (two_sided_low / (1 if sides == 2 else 2), two_sided_high / (2 if sides == 1 else 1))


def check_p_against_interval(interval: Interval, p: PrintedP, *, sides: int | None) -> Verdict | None:
    """C3: the reported p value lies where the ratio and its interval put it.

    A p printed with `=` must meet the box, one with `<` must lie above its least value. A factor of 2 beyond that is a
    warning (a log-rank p beside a Cox interval), more is an error. None where the level is not reported.
    """
    box = p_box(interval, sides=sides)
    if box is None:
        return None
    low, high = box
    least, greatest = _p_range(p)
    if least <= high and greatest >= low:
        severity: Severity | None = None
    elif least <= high * SLACK and greatest >= low / SLACK:
        severity = "Warning"
    else:
        severity = "Error"
    words = {1: "one-sided", 2: "two-sided", None: "of either kind"}[sides]
    return Verdict(severity, f"the interval implies a p {words} from {low:.2g} to {high:.2g}; printed {p}")


def _p_range(p: PrintedP) -> tuple[float, float]:
    """The p values that a printed p value can stand for."""
    number = p.number
    match p.comparator:
        case "<" | "<=":
            return (0.0, number.high)
        case ">" | ">=":
            return (number.low, 1.0)
        case _:
            return (max(0.0, number.low), number.high)


def check_significance(interval: Interval, p: PrintedP, *, sides: int | None) -> Verdict | None:
    """C4: the interval of a ratio excludes 1 exactly if the two-sided p value lies below 1 - level.

    None where the level is not reported, or where rounding or unknown sides leave either side of the rule open.
    """
    if interval.level is None:
        return None
    alpha = 1 - interval.level / 100
    excludes = _excludes_one(interval)
    factors = {1: (2,), 2: (1,), None: (1, 2)}[sides]
    significant = {_is_below(p, factor, alpha) for factor in factors}
    if excludes is None or len(significant) > 1 or None in significant:
        return None
    (decided,) = significant
    limits = f"the interval {'excludes' if excludes else 'contains'} 1"
    words = f"{limits}; p {p} {'is' if decided else 'is not'} below {alpha:.4g} two-sided"
    return _verdict(excludes == decided, "Error", words)


def _excludes_one(interval: Interval) -> bool | None:
    if interval.lower.low > 1 or interval.upper.high < 1:
        return True
    if interval.lower.high < 1 < interval.upper.low:
        return False
    return None


def _is_below(p: PrintedP, factor: int, alpha: float) -> bool | None:
    """Whether factor · p lies below alpha; None where the printed digits leave it open."""
    least, greatest = (factor * bound for bound in _p_range(p))
    if p.comparator == "<":
        greatest = factor * float(p.number.decimal)
        return True if greatest <= alpha else None
    if greatest < alpha:
        return True
    return False if least > alpha else None


def check_count(events: int, total: int) -> Verdict:
    """C6: a count of events is not above the number of participants counted."""
    return _verdict(0 <= events <= total, "Error", f"{events} of {total}")


def check_sum(parts: list[int], total: int, *, complete: bool) -> Verdict:
    """C7: parts add up to their total. Parts that need not be all may fall short of it, which is only remarked."""
    words = f"{' + '.join(map(str, parts))} = {sum(parts)}; the total is {total}"
    if sum(parts) == total:
        return Verdict(None, words)
    return Verdict("Error" if complete or sum(parts) > total else "Info", words)


def check_percentage(percentage: PrintedNumber, events: int, denominator: int) -> Verdict | None:
    """C9: a printed percentage is 100 · events / denominator, rounded half up or half to even. None of nobody."""
    if denominator == 0:
        return None
    exact = 100 * events / denominator
    slack = 1e-9
    holds = percentage.low - slack <= exact <= percentage.high + slack
    return _verdict(holds, "Error", f"100 · {events} / {denominator} = {exact:.3f}; printed {percentage}")


def check_not_above(later: PrintedNumber, earlier: PrintedNumber, *, words: str) -> Verdict:
    """C13 and C15: one figure is not above another, with rounding in its favour."""
    return _verdict(later.low <= earlier.high, "Error", f"{words}: {later} against {earlier}")


def check_median_against_survival(survival: PrintedNumber, timepoint: float, median: PrintedNumber) -> Verdict | None:
    """C14: survival in percent is at least 50 before the median, at most 50 after it. None at the median itself."""
    words = f"{survival} % at {timepoint:g} months; the median is {median} months"
    if timepoint < median.low:
        return _verdict(survival.high >= 50, "Error", words)
    if timepoint > median.high:
        return _verdict(survival.low <= 50, "Error", words)
    return None


def check_direction(
    ratio: PrintedNumber, target_median: PrintedNumber, reference_median: PrintedNumber
) -> Verdict | None:
    """C16: a hazard ratio below 1 goes with the longer median in the target arm. None where rounding leaves it open.

    A breach is a warning, for curves may cross.
    """
    ratio_sign = _sign(1.0 - ratio.high, 1.0 - ratio.low)
    median_sign = _sign(target_median.low - reference_median.high, target_median.high - reference_median.low)
    if ratio_sign == 0 or median_sign == 0:
        return None
    words = f"ratio {ratio}; medians {target_median} against {reference_median}"
    return _verdict(ratio_sign == median_sign, "Warning", words)


def _sign(low: float, high: float) -> int:
    """The sign of a quantity known to lie between two bounds; 0 where it can be either."""
    return 1 if low > 0 else -1 if high < 0 else 0
