"""C11, C12, C19 and C20: what parts, subgroups and nested figures must be to the whole.

Ratios of subgroups are pooled on the log scale with inverse-variance weights (Cochrane Handbook 6.5, chapter 10.3).
"""

from collections.abc import Sequence
from math import exp, log, sqrt

from scipy.special import ndtr

from equipoise.graph.printed import PrintedNumber, PrintedP
from equipoise.graph.statistics.intervals import Interval, log_standard_error, p_range
from equipoise.graph.statistics.verdict import Severity, Verdict, judge

__all__ = ["check_bracket", "check_interaction", "check_nested", "check_parts"]

USUAL_GAP = 0.05
"""How far the pooled log ratio of subgroups usually lies from the overall one at most."""

SLACK = 2.0
"""How far an interaction p value may lie outside what the intervals imply."""


def check_parts(parts: Sequence[PrintedNumber], whole: PrintedNumber, *, words: str) -> Verdict:
    """C11: disjoint parts add up to their whole, with rounding in their favour."""
    low, high = sum(part.low for part in parts), sum(part.high for part in parts)
    found = f"{words}: {' + '.join(map(str, parts))} against {whole}"
    return judge(low <= whole.high and high >= whole.low, "Error", found)


def check_nested(part: PrintedNumber, whole: PrintedNumber, *, words: str) -> Verdict:
    """C11 and C12: what is part of something is not more frequent than it, with rounding in its favour."""
    return judge(part.low <= whole.high, "Error", f"{words}: {part} within {whole}")


def check_bracket(overall: Interval, subgroups: Sequence[Interval]) -> Verdict | None:
    """C19: an overall ratio lies among those of the subgroups that divide it.

    Outside all of them, and more than 0.05 from the pooled ratio on the log scale, is a warning: stratified and
    unstratified models are mixed, or a figure is wrong. None without levels or positive limits.
    """
    errors = [log_standard_error(interval) for interval in subgroups]
    values = [interval.value for interval in subgroups]
    if min(value.low for value in (overall.value, *values)) <= 0 or any(
        pair is None or pair[1] <= 0 for pair in errors
    ):
        return None
    weights = [4 / (pair[0] + pair[1]) ** 2 for pair in errors if pair]
    pairs = zip(weights, subgroups, strict=True)
    pooled = sum(weight * log(float(interval.value.decimal)) for weight, interval in pairs) / sum(weights)
    outside = overall.value.high < min(value.low for value in values) or overall.value.low > max(
        value.high for value in values
    )
    gap = abs(pooled - log(float(overall.value.decimal)))
    words = f"subgroups {', '.join(map(str, values))} pool to {exp(pooled):.3f}; overall {overall.value}"
    return judge(not (outside and gap > USUAL_GAP), "Warning", words)


def check_interaction(one: Interval, other: Interval, p: PrintedP) -> Verdict | None:
    """C20: the p value of an interaction is what two subgroups imply: z = (ln r1 - ln r2) / sqrt(SE1^2 + SE2^2).

    Altman and Bland, BMJ 2003;326:219. More than a factor of 2 outside is a warning, for models differ. None without
    levels or positive limits.
    """
    errors = (log_standard_error(one), log_standard_error(other))
    if errors[0] is None or errors[1] is None or min(one.value.low, other.value.low) <= 0:
        return None
    ends = (log(one.value.low / other.value.high), log(one.value.high / other.value.low))
    narrowest, widest = (sqrt(errors[0][index] ** 2 + errors[1][index] ** 2) for index in (0, 1))
    nearest = 0.0 if ends[0] <= 0 <= ends[1] else min(map(abs, ends))
    low = 2 * float(ndtr(-max(map(abs, ends)) / narrowest)) if narrowest > 0 else 0.0
    high = 2 * float(ndtr(-nearest / widest))
    least, greatest = p_range(p)
    severity: Severity | None = None if least <= high * SLACK and greatest >= low / SLACK else "Warning"
    return Verdict(
        severity,
        f"ratios {one.value} and {other.value} imply an interaction p from {low:.2g} to {high:.2g}; printed {p}",
    )
