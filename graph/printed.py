"""Numbers as sources print them: the digits are kept, and the rounding they stand for is known.

A number printed to d decimals stands for every number that rounds to it: the closed interval of half a unit of the last
printed place to either side. All checks reckon with that interval, never with a fixed tolerance.
"""

import re
from dataclasses import dataclass
from decimal import Decimal

__all__ = ["PrintedNumber", "PrintedP", "parse_number", "parse_p"]

WORDS = ("zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve")
"""The numbers that sources write out, by their value."""
NUMBER = re.compile(r"-?(?:\d+(?:\.\d+)?|\.\d+)")
P_VALUE = re.compile(r"(<=|>=|<|>|=)?\s*(.+)")


@dataclass(frozen=True)
class PrintedNumber:
    """A number with the characters that stand for it: digits, or a small number in words."""

    text: str
    decimal: Decimal

    @property
    def half_unit(self) -> Decimal:
        """Half a unit of the last printed place: 0.005 for 0.80; 0.5 for 38; zero for a number in words."""
        if not isinstance(exponent := self.decimal.as_tuple().exponent, int) or self.text in WORDS:
            return Decimal(0)
        return Decimal(5).scaleb(min(exponent, 0) - 1)

    @property
    def low(self) -> float:
        """The least number that is printed so."""
        return float(self.decimal - self.half_unit)

    @property
    def high(self) -> float:
        """The greatest number that is printed so."""
        return float(self.decimal + self.half_unit)

    def agrees_with(self, other: "PrintedNumber") -> bool:
        """Whether one number can have been printed both ways: 37.7 and 38 agree, 37.7 and 37 do not."""
        return abs(self.decimal - other.decimal) <= max(self.half_unit, other.half_unit)

    def __str__(self) -> str:
        return self.text


@dataclass(frozen=True)
class PrintedP:
    """A p value with its comparator: `<0.0001`, `=0.0227`."""

    comparator: str
    number: PrintedNumber

    def agrees_with(self, other: "PrintedP") -> bool:
        """Whether both say the same: `<0.0001` and `<.0001` do."""
        return self.comparator == other.comparator and self.number.agrees_with(other.number)

    def __str__(self) -> str:
        return f"{self.comparator}{self.number}"


def parse_number(text: str) -> PrintedNumber:
    """Read a printed number: digits with at most one decimal point, or a word from zero to twelve.

    Raises ValueError for anything else.
    """
    if text in WORDS:
        return PrintedNumber(text, Decimal(WORDS.index(text)))
    if not NUMBER.fullmatch(text):
        raise ValueError("must be a number as printed: digits with at most one decimal point, or a word up to twelve")
    return PrintedNumber(text, Decimal(text))


def parse_p(text: str) -> PrintedP:
    """Read a printed p value: a number from 0 to 1, after one of = < <= > >= (= where there is none).

    Raises ValueError for anything else.
    """
    match = P_VALUE.fullmatch(text)
    number = parse_number(match[2]) if match else None
    if match is None or number is None or not 0 <= number.decimal <= 1:
        raise ValueError("must be a p value: a number from 0 to 1, after one of = < <= > >=")
    return PrintedP(match[1] or "=", number)
