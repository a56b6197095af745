"""Lay out a forest plot: contrasts of one effect measure on a common log scale.

In: contrasts with value and limits (ratios). Out: positions in percent of the width, which the template draws.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from math import exp, log

__all__ = ["Forest", "ForestRow", "lay_out"]

TICKS = (0.05, 0.1, 0.2, 0.3, 0.5, 0.7, 1.0, 1.5, 2.0, 3.0, 5.0, 10.0, 20.0)


@dataclass(frozen=True)
class ForestRow:
    """One contrast: its IRI and label, its value and limits as printed, and where they lie in percent of the width."""

    iri: str
    label: str
    value: str
    lower: str
    upper: str
    value_at: float
    lower_at: float
    upper_at: float


@dataclass(frozen=True)
class Forest:
    """Rows, the ticks of the axis with their positions, and where the line of no effect stands."""

    rows: tuple[ForestRow, ...]
    ticks: tuple[tuple[str, float], ...]
    no_effect_at: float


def lay_out(contrasts: Sequence[tuple[str, str, str, str, str]]) -> Forest | None:
    """Place contrasts (IRI, label, value, lower, upper; numbers as printed, above 0) on a log scale; None for none."""
    if not contrasts:
        return None
    numbers = [float(text) for contrast in contrasts for text in contrast[2:]] + [1.0]
    low, high = log(min(numbers)), log(max(numbers))
    margin = 0.08 * (high - low) or 0.1
    low, high = low - margin, high + margin

    def at(number: float) -> float:
        return round(100 * (log(number) - low) / (high - low), 2)

    rows = tuple(
        ForestRow(iri, label, value, lower, upper, at(float(value)), at(float(lower)), at(float(upper)))
        for iri, label, value, lower, upper in contrasts
    )
    ticks = tuple((f"{tick:g}", at(tick)) for tick in TICKS if exp(low) <= tick <= exp(high))
    return Forest(rows, ticks, at(1.0))
