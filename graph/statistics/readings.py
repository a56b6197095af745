"""C25 to C28: what readings of one value in several sources, and dates, must be to one another."""

from datetime import date as Date
from itertools import pairwise

from equipoise.graph.printed import PrintedNumber
from equipoise.graph.statistics.verdict import Verdict, judge

__all__ = [
    "are_transposed",
    "check_dates_in_order",
    "check_not_inverted",
    "check_readings_agree",
    "check_same_day",
    "check_same_unit",
    "check_unit",
]

FACTORS = {
    "weeks against months": 4.345,
    "days against months": 30.44,
    "years against months": 12.0,
    "fractions against percent": 100.0,
}
"""How many times larger a value is in the wrong unit."""


def check_readings_agree(preferred: PrintedNumber, other: PrintedNumber) -> Verdict:
    """C26: two readings of one value can have been rounded from one number. A breach is a warning.

    Says so where the digits of one are those of the other with two neighbours swapped (Damerau, CACM 1964;7:171).
    """
    words = f"read as {preferred} and as {other}"
    if are_transposed(preferred.text, other.text):
        words += "; two neighbouring digits are swapped"
    return judge(preferred.agrees_with(other), "Warning", words)


def are_transposed(one: str, other: str) -> bool:
    """Whether two numbers as printed differ by one swap of neighbouring digits, whatever stands between them."""
    digits, others = ("".join(filter(str.isdigit, text)) for text in (one, other))
    if len(digits) != len(others):
        return False
    differing = [index for index, pair in enumerate(zip(digits, others, strict=True)) if pair[0] != pair[1]]
    if len(differing) != 2 or differing[1] - differing[0] != 1:
        return False
    first, second = differing
    return digits[first] == others[second] and digits[second] == others[first]


def check_same_unit(preferred: PrintedNumber, other: PrintedNumber) -> Verdict | None:
    """C27: two readings do not differ by the factor of a unit. A breach is a warning. None unless both are positive."""
    if min(preferred.low, other.low) <= 0:
        return None
    lesser, greater = sorted((preferred, other), key=lambda number: number.decimal)
    low, high = greater.low / lesser.high, greater.high / lesser.low
    found = [name for name, factor in FACTORS.items() if low <= factor <= high]
    words = f"{greater} is {float(greater.decimal / lesser.decimal):.3g} times {lesser}"
    return judge(not found, "Warning", f"{words}: {' or '.join(found)}" if found else words)


def check_unit(percentage: PrintedNumber) -> Verdict:
    """C27: a survival probability in percent is not a fraction of 1. A breach is a warning."""
    is_fraction = 0 < percentage.decimal <= 1 and percentage.half_unit < 1
    return judge(not is_fraction, "Warning", f"{percentage} %")


def check_not_inverted(preferred: PrintedNumber, other: PrintedNumber) -> Verdict | None:
    """C28: one reading of a ratio is not the inverse of another, as when the arms were swapped. A breach is a warning.

    None where a reading can be 1, or is not positive.
    """
    if min(preferred.low, other.low) <= 0 or any(number.low <= 1 <= number.high for number in (preferred, other)):
        return None
    low, high = preferred.low * other.low, preferred.high * other.high
    return judge(not low <= 1 <= high, "Warning", f"{preferred} times {other} is from {low:.3f} to {high:.3f}")


def check_dates_in_order(dates: list[tuple[str, str]]) -> Verdict:
    """C25: dates, given as (name, ISO 8601 text) in the order they must have, do not go back.

    Dates of unequal precision are compared at the coarser one.
    """
    holds = all(earlier[: len(later)] <= later[: len(earlier)] for (_, earlier), (_, later) in pairwise(dates))
    return judge(holds, "Error", ", ".join(f"{name} {text}" for name, text in dates))


def check_same_day(registered: str, reported: str) -> Verdict:
    """C25: a registry's start of the trial is the day of the first randomisation; another day is remarked."""
    days = (Date.fromisoformat(reported) - Date.fromisoformat(registered)).days
    return judge(days == 0, "Info", f"start {registered}, first randomised {reported}: {days} days")
