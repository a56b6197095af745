"""Numbers as registry records print them, which is as text: read where that is certain, kept as text in any case.

In: a text such as `0.80`, `1,234`, `<0.0001`, `&lt;.05`, `NA`. Out: a `Number`. Nothing is rounded, guessed or made
zero: `1,5` is no number here, since it can be 1.5 or a slip for 1,500.
"""

import re
from dataclasses import dataclass
from decimal import Decimal
from functools import lru_cache
from html import unescape

from equipoise.graph.registry.lines import RecordLines

__all__ = ["Number", "read_number", "state_count", "state_number", "state_p_value", "whole"]

PLAIN = re.compile(r"[-+]?(?:[0-9]+\.?[0-9]*|\.[0-9]+)")
GROUPED = re.compile(r"[-+]?[0-9]{1,3}(?:,[0-9]{3})+(?:\.[0-9]+)?")
SCIENTIFIC = re.compile(r"([-+]?(?:[0-9]+\.?[0-9]*|\.[0-9]+))(?:[eE]|\s?[x×*]\s?10\s?\^\s?)([-+]?[0-9]{1,2})")
COMPARED = re.compile(r"(?:p\s*(?:-?\s*values?)?\s*)?(<=|>=|=<|=>|<|>|=|≤|≥)\s*(.*)", re.IGNORECASE | re.DOTALL)
COMPARATORS = {"≤": "<=", "=<": "<=", "≥": ">=", "=>": ">="}
MINUS = str.maketrans({"−": "-", "–": "-", "‐": "-", "‑": "-"})
ABSENT = frozenset(
    (
        *("", "na", "n/a", "n.a.", "n.a", "ne", "n.e.", "nr", "n.r.", "nd", "n.d.", "nc", "nan", "-", "--", "---"),
        *("none", "unknown", "not applicable", "not estimable", "not evaluable", "not calculable", "not calculated"),
        *("not determined", "not reported", "not available", "not reached", "not done", "not assessed"),
    )
)
"""What stands where there is no number, in lower case."""


@dataclass(frozen=True, slots=True)
class Number:
    """A number as printed. `decimal` is None where there is none (`is_absent`) or where it cannot be read.

    `comparator` is one of = < <= > >=, None where none is printed.
    """

    printed: str
    decimal: Decimal | None = None
    comparator: str | None = None
    is_absent: bool = False

    @property
    def is_exact(self) -> bool:
        """Whether the decimal is the value itself, and no bound of it."""
        return self.decimal is not None and self.comparator in (None, "=")


@lru_cache(maxsize=1 << 16)
def read_number(text: str) -> Number:
    """Read a number as a registry prints it."""
    if PLAIN.fullmatch(text):
        return Number(text, Decimal(text))
    plain = unescape(unescape(text)).translate(MINUS).replace("\\", "").strip()
    if plain.casefold() in ABSENT:
        return Number(text, is_absent=True)
    match = COMPARED.fullmatch(plain)
    comparator, digits = (match[1], match[2].strip()) if match else (None, plain)
    return Number(text, _decimal(digits.removesuffix("%").rstrip()), COMPARATORS.get(comparator or "", comparator))


def _decimal(digits: str) -> Decimal | None:
    if PLAIN.fullmatch(digits):
        return Decimal(digits)
    if GROUPED.fullmatch(digits):
        return Decimal(digits.replace(",", ""))
    match = SCIENTIFIC.fullmatch(digits)
    return Decimal(match[1]).scaleb(int(match[2])) if match else None


def whole(text: str) -> int | None:
    """The whole number that a text prints, None where it prints anything else."""
    number = read_number(text)
    if number.decimal is None or not number.is_exact or number.decimal != number.decimal.to_integral_value():
        return None
    return int(number.decimal)


def state_number(lines: RecordLines, thing: str, name: str, text: str | None) -> None:
    """State a number with its digits as printed; what is no number is kept as text, with a mark that says why."""
    if text is None:
        return
    number = read_number(text)
    lines.text(thing, f"{name}Printed", text)
    if number.decimal is not None and number.is_exact:
        lines.number(thing, name, number.decimal)
    else:
        lines.value(thing, "notReported" if number.is_absent else "notParsed", name)


def state_count(lines: RecordLines, thing: str, name: str, count: str | int | None) -> None:
    """State a count as an integer; one that is no whole number is kept as text, with a mark that says why."""
    if count is None:
        return
    if isinstance(count, str):
        number = whole(count)
        if number is None:
            lines.text(thing, "countPrinted", count)
            lines.value(thing, "notReported" if read_number(count).is_absent else "notParsed", name)
            return
        count = number
    lines.number(thing, name, count)


def state_p_value(lines: RecordLines, thing: str, text: str | None) -> None:
    """State a p value with its comparator, = where none is printed; what is no probability is kept as text."""
    if text is None:
        return
    number = read_number(text)
    lines.text(thing, "pPrinted", text)
    if number.decimal is not None and 0 <= number.decimal <= 1:
        lines.number(thing, "pValue", number.decimal)
        lines.text(thing, "pComparator", number.comparator or "=")
    else:
        lines.value(thing, "notReported" if number.is_absent else "notParsed", "pValue")
