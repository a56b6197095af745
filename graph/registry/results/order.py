"""Which of two groups an analysis compares with which, where the record says it in words.

In: the texts of an analysis and the names of its two groups. Out: the target, the reference, and the words that say so;
None where no text names the order with the groups' own titles, where texts disagree, or where `A versus B` names a
comparator first and an experimental arm second, as lists of groups do that mean no order.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache
from html import unescape

from equipoise.graph.registry.results.groups import Group

__all__ = ["Order", "find_order"]

FIRST, SECOND = "\x01", "\x02"
SURE = (
    r"{a} (?:minus|-|–|—|−|divided by|over|/|relative to) (?:the )?(?:mean of )?{b}",
    r"ratio (?:of )?\(?{a} ?(?:to|:|over|/) ?(?:the )?{b}",
    r"{b}[- ](?:subtracted|corrected)\b",
    r"difference of {a} from {b}",
)
LOOSE = (r"{a} (?:versus|vs\.?|v\.?s\.?|compared (?:to|with)|in comparison (?:to|with)|against) (?:the )?{b}",)
AROUND = re.compile(r"\s*([/:])\s*|\s+")


@dataclass(frozen=True, slots=True)
class Order:
    """An ordered pair of groups and the words that order them."""

    target: Group
    reference: Group
    stated_by: str


def find_order(first: Group, second: Group, texts: Iterable[str]) -> Order | None:
    """The order that the texts state. None unless both groups are arms, and two different ones."""
    if first.arm is None or second.arm is None or first.arm.iri == second.arm.iri:
        return None
    found: dict[bool, str] = {}
    for text in texts:
        plain = _folded(text)
        marked = _marked(plain, _names(first), _names(second))
        if FIRST not in marked and SECOND not in marked:
            continue
        for is_forward, patterns in _orders(first, second):
            for pattern in patterns:
                if match := pattern.search(marked):
                    words = match[0].replace(FIRST, first.title).replace(SECOND, second.title)
                    found.setdefault(is_forward, words)
    if len(found) != 1:
        return None
    ((is_forward, words),) = found.items()
    return Order(first, second, words) if is_forward else Order(second, first, words)


def _orders(first: Group, second: Group) -> Iterable[tuple[bool, tuple[re.Pattern[str], ...]]]:
    """The patterns that put the first group first, and those that put it second."""
    for is_forward, target, reference in ((True, first, second), (False, second, first)):
        sure, loose = _patterns(is_forward)
        yield is_forward, sure if _is_comparator(target) and not _is_comparator(reference) else (*sure, *loose)


def _is_comparator(group: Group) -> bool:
    role = group.arm.role if group.arm else None
    return role is not None and ("Comparator" in role or role == "NoIntervention")


@lru_cache(maxsize=2)
def _patterns(is_forward: bool) -> tuple[tuple[re.Pattern[str], ...], tuple[re.Pattern[str], ...]]:
    a, b = (FIRST, SECOND) if is_forward else (SECOND, FIRST)
    sure, loose = (tuple(re.compile(text.format(a=a, b=b)) for text in texts) for texts in (SURE, LOOSE))
    return sure, loose


def _names(group: Group) -> list[str]:
    return [_folded(name) for name in {group.title, group.arm.label if group.arm else ""} if name]


@lru_cache(maxsize=1 << 12)
def _folded(text: str) -> str:
    return " ".join(unescape(text).casefold().replace("\\", "").split())


def _marked(text: str, first: Iterable[str], second: Iterable[str]) -> str:
    """The text with each name of a group as one sign, the longest first, so that no name is read in a longer one."""
    names = sorted(
        [(name, FIRST) for name in first] + [(name, SECOND) for name in second], key=lambda pair: -len(pair[0])
    )
    for name, sign in names:
        text = re.sub(rf"(?<![\w\x01\x02+]){re.escape(name)}(?![\w%])(?! ?\+)", sign, text)
    return re.sub(r"([\x01\x02])(?: (?:arm|group)s?\b)", r"\1", text)
