"""What the vocabulary calls that which records spell in many ways: statistics, dispersions, units, measures, methods.

In: a text of a record. Out: a term by its local name (a UCUM code for a unit), or None where the spelling is not in
`spellings.yaml`: then it stays text, and nothing is concluded from a part of it.
"""

import re
from collections.abc import Mapping
from functools import cache, lru_cache
from html import unescape
from importlib.resources import files

import yaml

__all__ = [
    "find_dispersion",
    "find_interval",
    "find_measure",
    "find_method",
    "find_sides",
    "find_statistic",
    "find_unit",
]

BRACKETS = re.compile(
    r"\s*\((?:hr|or|rr|rd|md|gmr|irr|ls|lsm|auc|sd|se|iqr|cmh|bpm|mmhg|msec|kg|mg|g|[a-z%]{1,6}/[a-z]{1,4})\)"
)
LEAST_SQUARES = re.compile(r"\bleast[- ]squares?\b|\bls means?\b|\blsmeans?\b|\blsmd\b|\blsm\b")
LEVEL = re.compile(r"(?:confidence (\d{2,3})|(\d{2}(?:\.\d+)?) ?% confidence interval)")
SIDES = re.compile(r"\b(1|one|2|two)[- ](?:sided|tailed)\b")
NOT_KEPT = re.compile(r"[^\w%/^²'.]+|\.(?!\d)")


def find_statistic(param: str, unit: str | None) -> str | None:
    """What the values of a measure are; a plain number is a share or a count where its unit says so."""
    statistic = _table("statistics").get(folded(param))
    if statistic == "UnspecifiedNumber" and unit is not None:
        return _table("shares").get(folded(unit), statistic)
    return statistic


def find_dispersion(text: str) -> str | None:
    """The kind of dispersion that stands as one number beside a value."""
    return _table("dispersions").get(folded(text))


def find_interval(text: str) -> tuple[str, str | None] | None:
    """The kind of limits, and the confidence level in percent as printed, where there is one."""
    name = folded(text)
    if match := LEVEL.fullmatch(name):
        return ("ConfidenceInterval", match[2] or {"975": "97.5"}.get(match[1], match[1]))
    if name in ("confidence other", "confidence interval"):
        return ("ConfidenceInterval", None)
    kind = _table("intervals").get(name)
    return (kind, None) if kind else None


def find_unit(text: str) -> str | None:
    """The UCUM code of a unit, where it is certain; a share of participants is in percent."""
    name = folded(text)
    return "%" if _table("shares").get(name) == "Proportion" else _table("units").get(name)


def find_measure(text: str) -> str | None:
    """The effect measure of an analysis."""
    return _table("measures").get(folded(text))


def find_method(text: str) -> str | None:
    """The statistical method of an analysis."""
    return _table("methods").get(folded(text))


def find_sides(text: str) -> int | None:
    """The number of sides of a test, where the name of the method says it."""
    match = SIDES.search(text.casefold())
    return (1 if match[1] in ("1", "one") else 2) if match else None


@lru_cache(maxsize=1 << 14)
def folded(text: str) -> str:
    """The form in which spellings are compared: lower case, least squares as ls, no abbreviation in brackets, words and
    the signs of units only.
    """
    name = BRACKETS.sub("", unescape(text).casefold().replace("_", " "))
    name = LEAST_SQUARES.sub(lambda match: "ls" if match[0].startswith("least") else "ls mean", name)
    name = " ".join(NOT_KEPT.sub(" ", name).split())
    return name.replace("ls ls ", "ls ").removeprefix("the ").removeprefix("estimated ") or name


@cache
def _table(kind: str) -> Mapping[str, str]:
    """One table of `spellings.yaml`, by spelling."""
    text = (files("equipoise.graph.registry.results") / "spellings.yaml").read_text(encoding="utf-8")
    return {folded(spelling): term for term, spellings in yaml.safe_load(text)[kind].items() for spelling in spellings}
