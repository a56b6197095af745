"""C6 to C10 and C24: what counts, percentages, their intervals and the measures made of them must be.

Counts are of participants or events, percentages run from 0 to 100.
"""

from collections.abc import Iterable, Sequence
from math import ceil, exp, floor, log, sqrt
from typing import Literal

from scipy.special import ndtri
from scipy.stats import binomtest, chisquare

from equipoise.graph.printed import PrintedNumber
from equipoise.graph.statistics.intervals import Interval
from equipoise.graph.statistics.verdict import Severity, Verdict, judge

__all__ = [
    "Comparison",
    "check_allocation",
    "check_comparison",
    "check_count",
    "check_percentage",
    "check_percentage_is_possible",
    "check_proportion_interval",
    "check_sum",
    "check_whole",
]

Comparison = Literal["RiskDifference", "RiskRatio", "OddsRatio"]

SLACK = 1e-9
"""What binary arithmetic may lose at the very edge of a rounding interval."""

UNLIKELY = 0.001
"""The p value below which an allocation is remarked."""

MOST_COUNTS = 50
"""The counts of one percentage whose intervals are tried."""

METHODS: dict[Literal["exact", "wilson"], str] = {"exact": "Clopper-Pearson", "wilson": "Wilson"}


def check_count(events: int, total: int) -> Verdict:
    """C6: a count of events is not above the number of participants counted."""
    return judge(0 <= events <= total, "Error", f"{events} of {total}")


def check_whole(count: PrintedNumber, total: int | None) -> Verdict:
    """C6: a printed count is whole, not negative, and not above the number of participants counted, where known."""
    holds = count.decimal == count.decimal.to_integral_value() and 0 <= count.decimal <= (total or count.decimal)
    return judge(holds, "Error", f"{count} of {total}" if total is not None else f"{count}")


def check_sum(parts: Sequence[int], total: int, *, short: Severity = "Error", over: Severity = "Error") -> Verdict:
    """C7: parts add up to their total; how grave it is if they fall short of it or go over it."""
    words = f"{' + '.join(map(str, parts))} = {sum(parts)}; the total is {total}"
    return judge(sum(parts) == total, short if sum(parts) < total else over, words)


def check_allocation(sizes: Sequence[int], ratio: Sequence[int]) -> Verdict:
    """C8: the sizes of arms are likely under their allocation ratio, in whichever order fits best.

    Exact binomial test for two arms, chi-square for more. A p value below 0.001 is remarked. INSPECT-SR 4.3.
    """
    found, wanted = sorted(sizes), sorted(ratio)
    total = sum(found)
    if len(found) == 2:
        p = float(binomtest(found[0], total, wanted[0] / sum(wanted)).pvalue)
    else:
        p = float(chisquare(found, [total * share / sum(wanted) for share in wanted]).pvalue)
    words = f"sizes {', '.join(map(str, found))} under {':'.join(map(str, wanted))} have p {p:.2g}"
    return judge(p >= UNLIKELY, "Info", words)


def check_percentage(percentage: PrintedNumber, events: int, denominator: int) -> Verdict | None:
    """C9: a printed percentage is 100 · events / denominator, rounded half up or half to even. None of nobody."""
    if denominator == 0:
        return None
    exact = 100 * events / denominator
    holds = percentage.low - SLACK <= exact <= percentage.high + SLACK
    return judge(holds, "Error", f"100 · {events} / {denominator} = {exact:.3f}; printed {percentage}")


def possible_counts(percentage: PrintedNumber, denominator: int) -> range:
    """The counts that a printed percentage of so many participants can stand for."""
    least = max(0, ceil((percentage.low - SLACK) * denominator / 100))
    greatest = min(denominator, floor((percentage.high + SLACK) * denominator / 100))
    return range(least, greatest + 1)


def check_percentage_is_possible(percentage: PrintedNumber, denominator: int) -> Verdict | None:
    """C9b: a percentage printed without its count is one of so many participants; the count, where only one fits.

    Only for proportions that were counted, never for those estimated by a model. The GRIM test of percentages: Brown
    and Heathers, Soc Psychol Personal Sci 2017;8:363.
    """
    if denominator == 0:
        return None
    counts = possible_counts(percentage, denominator)
    if not counts:
        return Verdict("Error", f"no count of {denominator} gives {percentage} %")
    if len(counts) == 1:
        return Verdict(None, f"only {counts[0]} of {denominator} gives {percentage} %", derived_count=counts[0])
    return Verdict(None, f"{counts[0]} to {counts[-1]} of {denominator} give {percentage} %")


def check_proportion_interval(interval: Interval, counts: Iterable[int], denominator: int) -> Verdict | None:
    """C10: the limits of a percentage are Clopper-Pearson's or Wilson's for one of the counts it can stand for.

    A breach is a warning, for there are more methods. None without a level, or where no count is possible or more than
    fifty are. Newcombe, Stat Med 1998;17:857.
    """
    possible = [count for count in counts if 0 <= count <= denominator]
    if interval.level is None or denominator <= 0 or not 0 < len(possible) <= MOST_COUNTS:
        return None
    nearest = ""
    for count in possible:
        for method, name in METHODS.items():
            limits = binomtest(count, denominator).proportion_ci(interval.level / 100, method)
            low, high = 100 * float(limits.low), 100 * float(limits.high)
            nearest = f"{name} of {count} / {denominator} is {low:.2f} to {high:.2f}"
            if _rounds_to(low, interval.lower) and _rounds_to(high, interval.upper):
                return Verdict(None, nearest)
    words = f"printed {interval.lower} to {interval.upper}, neither Clopper-Pearson nor Wilson; {nearest}"
    return Verdict("Warning", words)


def _rounds_to(number: float, printed: PrintedNumber) -> bool:
    return printed.low - SLACK <= number <= printed.high + SLACK


def check_comparison(
    interval: Interval | None, value: PrintedNumber, measure: Comparison, *, arms: tuple[tuple[int, int], ...]
) -> Verdict | None:
    """C24: a risk difference (percentage points), risk ratio or odds ratio is what the counts of its arms give.

    `arms` are (events, participants) of the target and the reference arm. The limits of a risk difference are
    Newcombe's (Stat Med 1998;17:873, method 10), those of ratios by the delta method on the log scale (Cochrane
    Handbook 6.5, chapter 6.4); other limits are a warning, another value is an error. None at 0 and at all.
    """
    (one, total), (other, others) = arms
    if not (0 < one < total and 0 < other < others):
        return None
    number, low, high = _compare(measure, arms, interval.level if interval and interval.level else 95.0)
    words = f"{one} / {total} against {other} / {others} give {number:.4g} ({low:.4g} to {high:.4g}); printed {value}"
    if not _rounds_to(number, value):
        return Verdict("Error", words)
    if interval is None or interval.level is None:
        return Verdict(None, words)
    matches = _rounds_to(low, interval.lower) and _rounds_to(high, interval.upper)
    return judge(matches, "Warning", f"{words} ({interval.lower} to {interval.upper})")


def _compare(measure: Comparison, arms: tuple[tuple[int, int], ...], level: float) -> tuple[float, float, float]:
    """The measure with its limits; a risk difference in percentage points."""
    (one, total), (other, others) = arms
    p, q = one / total, other / others
    if measure == "RiskDifference":
        wilson = [binomtest(*arm).proportion_ci(level / 100, "wilson") for arm in arms]
        down = sqrt((p - wilson[0].low) ** 2 + (wilson[1].high - q) ** 2)
        up = sqrt((wilson[0].high - p) ** 2 + (q - wilson[1].low) ** 2)
        return 100 * (p - q), 100 * (p - q - down), 100 * (p - q + up)
    if measure == "RiskRatio":
        ratio, variance = p / q, 1 / one - 1 / total + 1 / other - 1 / others
    else:
        ratio = (p / (1 - p)) / (q / (1 - q))
        variance = 1 / one + 1 / (total - one) + 1 / other + 1 / (others - other)
    factor = float(ndtri(0.5 + level / 200)) * sqrt(variance)
    return ratio, exp(log(ratio) - factor), exp(log(ratio) + factor)
