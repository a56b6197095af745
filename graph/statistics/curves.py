"""C13 to C18, C21 and C22: what medians, survival probabilities and hazard ratios must be to one another.

Survival probabilities are in percent, times in months.
"""

from collections.abc import Sequence
from math import log, sqrt

from equipoise.graph.printed import PrintedNumber
from equipoise.graph.statistics.intervals import Interval
from equipoise.graph.statistics.verdict import Verdict, judge

__all__ = [
    "check_direction",
    "check_landmark_ratio",
    "check_median_against_survival",
    "check_medians_ratio",
    "check_not_above",
    "check_same_landmark",
    "check_vectors_differ",
]

USUAL_GAP = 0.35
"""How far the log ratio of medians usually lies from the log hazard ratio at most."""

LEAST_DRIFT = 3.0
"""Percentage points by which a survival probability may change from one data cut-off to the next."""


def check_not_above(later: PrintedNumber, earlier: PrintedNumber, *, words: str) -> Verdict:
    """C13, C15 and C21: one figure is not above another, with rounding in its favour."""
    return judge(later.low <= earlier.high, "Error", f"{words}: {later} against {earlier}")


def check_median_against_survival(survival: PrintedNumber, timepoint: float, median: PrintedNumber) -> Verdict | None:
    """C14: survival in percent is at least 50 before the median, at most 50 after it. None at the median itself."""
    words = f"{survival} % at {timepoint:g} months; the median is {median} months"
    if timepoint < median.low:
        return judge(survival.high >= 50, "Error", words)
    if timepoint > median.high:
        return judge(survival.low <= 50, "Error", words)
    return None


def check_direction(
    ratio: PrintedNumber,
    target_median: PrintedNumber,
    reference_median: PrintedNumber,
    *,
    limits: tuple[PrintedNumber, PrintedNumber] | None,
) -> Verdict | None:
    """C16: a hazard ratio below 1 goes with the longer median in the target arm. None where rounding leaves it open.

    A breach is a warning where the limits exclude 1 or the ratio of the medians is far from the hazard ratio (C17), and
    is remarked otherwise: curves may cross, and near 1 either can fall on the other side by chance.
    """
    ratio_sign = _sign(1.0 - ratio.high, 1.0 - ratio.low)
    median_sign = _sign(target_median.low - reference_median.high, target_median.high - reference_median.low)
    if ratio_sign == 0 or median_sign == 0:
        return None
    excludes = limits is not None and (limits[0].low > 1 or limits[1].high < 1)
    far = check_medians_ratio(ratio, target_median, reference_median)
    clear = excludes or (far is not None and not far.passed)
    words = f"ratio {ratio}; medians {target_median} against {reference_median}"
    return judge(ratio_sign == median_sign, "Warning" if clear else "Info", words)


def _sign(low: float, high: float) -> int:
    """The sign of a quantity known to lie between two bounds; 0 where it can be either."""
    return 1 if low > 0 else -1 if high < 0 else 0


def check_medians_ratio(
    ratio: PrintedNumber, target_median: PrintedNumber, reference_median: PrintedNumber
) -> Verdict | None:
    """C17: the ratio of the medians, reference over target, lies near the hazard ratio, as with constant hazards.

    Farther than 0.35 on the log scale is remarked: the hazards are not proportional, or a figure is wrong. None unless
    all are positive.
    """
    if min(ratio.low, target_median.low, reference_median.low) <= 0:
        return None
    least = log(reference_median.low / target_median.high) - log(ratio.high)
    greatest = log(reference_median.high / target_median.low) - log(ratio.low)
    gap = f"{least:+.2f} to {greatest:+.2f} apart on the log scale"
    words = f"medians {reference_median} over {target_median}, ratio {ratio}: {gap}"
    return judge(least < USUAL_GAP and greatest > -USUAL_GAP, "Info", words)


def check_landmark_ratio(
    interval: Interval, timepoint: float, target: PrintedNumber, reference: PrintedNumber
) -> Verdict | None:
    """C18: the hazard ratio that survival at a time implies, ln S(target) / ln S(reference), lies within the interval.

    Under proportional hazards S(target) = S(reference) ** ratio. One outside is remarked. None at 0 or 100 %.
    """
    if min(target.low, reference.low) <= 0 or max(target.high, reference.high) >= 100:
        return None
    low = log(target.high / 100) / log(reference.low / 100)
    high = log(target.low / 100) / log(reference.high / 100)
    words = f"survival at {timepoint:g} months implies a ratio from {low:.2f} to {high:.2f}"
    holds = low <= interval.upper.high and high >= interval.lower.low
    return judge(holds, "Info", f"{words}; the interval is {interval.lower} to {interval.upper}")


def check_same_landmark(
    later: PrintedNumber, earlier: PrintedNumber, timepoint: float, participants: int | None
) -> Verdict:
    """C21: survival at one time hardly changes from one data cut-off to the next.

    By more than 3 percentage points and twice the binomial standard error is a warning.
    """
    share = min(max(float(earlier.decimal) / 100, 0.0), 1.0)
    error = 200 * sqrt(share * (1 - share) / participants) if participants else 0.0
    allowed = max(LEAST_DRIFT, error)
    gap = max(later.low - earlier.high, earlier.low - later.high, 0.0)
    words = f"survival at {timepoint:g} months: {earlier} %, later {later} %; {allowed:.1f} points are usual"
    return judge(gap <= allowed, "Warning", words)


def check_vectors_differ(one: Sequence[tuple[float, str]], other: Sequence[tuple[float, str]]) -> Verdict:
    """C22: two arms or endpoints do not have the same survival at every time; a copied row is a warning."""
    values, others = dict(one), dict(other)
    shared = sorted(values.keys() & others.keys())
    same = len(shared) > 1 and all(values[at] == others[at] for at in shared)
    found = ", ".join(f"{values[at]} at {at:g} months" for at in shared)
    return judge(not same, "Warning", f"{found}; the other curve has {'the same' if same else 'others'}")
