"""Doses out of the texts of registry records, where they cannot be mistaken.

In: the texts that speak of one drug in one arm. Out: a `Dose`, `UNCLEAR` where a text speaks of a dose in a way that
may mean more than one thing, or None where none does. What counts stands in `doses.yaml`. Pure.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal
from enum import Enum
from functools import cache
from importlib.resources import files
from typing import Final, Literal

import yaml

__all__ = ["UNCLEAR", "Dose", "Unclear", "read_dose"]

NUMBER = r"(?<![\w.,/\-])(\d{1,3}(?:,\d{3})+|\d+(?:\.\d+)?)"
LIKE_A_DOSE = re.compile(
    r"\d\s*-?\s*(?:[mµμ]?c?g|milligrams?|micrograms?|grams?|mcg|ug|iu|units?|ml|gy)\b", re.IGNORECASE
)


class Unclear(Enum):
    """A text speaks of a dose, but not of one only."""

    UNCLEAR = "unclear"


UNCLEAR: Final = Unclear.UNCLEAR


@dataclass(frozen=True)
class Dose:
    """An amount, its unit as a UCUM code, both as printed; route and frequency by local name where they are given."""

    value: Decimal
    unit: str
    printed: str
    route: str | None
    frequency: str | None


@dataclass(frozen=True)
class Patterns:
    """What `doses.yaml` says, compiled."""

    dose: re.Pattern[str]
    units: tuple[tuple[re.Pattern[str], str], ...]
    routes: tuple[tuple[re.Pattern[str], str], ...]
    frequencies: tuple[tuple[re.Pattern[str], str], ...]
    caution: re.Pattern[str]


@cache
def patterns() -> Patterns:
    """The patterns of doses."""
    raw = yaml.safe_load((files("equipoise.graph.registry") / "doses.yaml").read_text(encoding="utf-8"))
    units = "|".join(sorted(raw["units"], key=len, reverse=True))
    routes = {**raw["routes"], "": raw["other_routes"]}
    return Patterns(
        re.compile(rf"{NUMBER}\s*-?\s*({units})(?![\w/²%-])(?!\s*/)", re.IGNORECASE),
        tuple((re.compile(text, re.IGNORECASE), code) for text, code in raw["units"].items()),
        tuple((re.compile(text, re.IGNORECASE), route) for route, text in routes.items()),
        tuple((re.compile(text, re.IGNORECASE), frequency) for frequency, text in raw["frequencies"].items()),
        re.compile(raw["caution"], re.IGNORECASE),
    )


def read_dose(texts: Iterable[str]) -> Dose | Literal[Unclear.UNCLEAR] | None:
    """The dose on which all texts that speak of one agree."""
    found = [dose for text in texts if LIKE_A_DOSE.search(text) and (dose := _read(text))]
    if not found:
        return None
    first = found[0]
    return first if first is not UNCLEAR and all(_agree(first, other) for other in found) else UNCLEAR


def _agree(one: Dose, other: Dose | Unclear) -> bool:
    return isinstance(other, Dose) and (one.value, one.unit, one.route, one.frequency) == (
        other.value,
        other.unit,
        other.route,
        other.frequency,
    )


def _read(text: str) -> Dose | Literal[Unclear.UNCLEAR]:
    """The dose of a text that is like one."""
    known = patterns()
    doses = list(known.dose.finditer(text))
    rest, frequencies = _taken(known.dose.sub(" ", text), known.frequencies)
    rest, routes = _taken(rest, known.routes)
    if len(doses) != 1 or len(routes) > 1 or len(frequencies) > 1:
        return UNCLEAR
    if re.search(r"\d", rest) or known.caution.search(rest):
        return UNCLEAR
    (dose,) = doses
    unit = next(code for pattern, code in known.units if pattern.fullmatch(dose[2]))
    return Dose(
        Decimal(dose[1].replace(",", "")),
        unit,
        dose[0],
        next(iter(routes), None) or None,
        next(iter(frequencies), None),
    )


def _taken(text: str, known: tuple[tuple[re.Pattern[str], str], ...]) -> tuple[str, set[str]]:
    """The text without what the patterns match, and the names of those that match."""
    names = set()
    for pattern, name in known:
        text, count = pattern.subn(" ", text)
        if count:
            names.add(name)
    return text, names
