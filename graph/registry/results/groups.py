"""Groups of participants, as a module or a measure of the results section reports them, and the arms that they are.

In: the `groups` of a module, whose ids hold nowhere else, and the arms of the record. Out: a node for each group, and
for figures the IRI of the group that an id names. A group is an arm only where their names leave no doubt; it is
never guessed, and how it was matched is stated.
"""

import re
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from html import unescape
from typing import Any

from equipoise.graph.registry.lines import RecordLines
from equipoise.graph.registry.slugs import shortened

__all__ = ["Group", "Groups", "RecordArm", "normalised", "segment", "state_groups"]

NOT_A_WORD = re.compile(r"[^\w+<>=%.]+|(?<!\d)\.|\.(?!\d)")
DESIGNATION = re.compile(r"(?:study |treatment )?(?:arm|group)\s+(?:\w|\d+|[ivx]+)\s*[:–—-]\s*(?=\S)", re.IGNORECASE)
LAST_WORD = re.compile(r"(?<=\S)\s+(?:study |treatment )?(?:arm|group)$", re.IGNORECASE)
TOTALS = frozenset(("total", "overall", "all", "all participants", "all patients", "all subjects", "overall study"))


@dataclass(frozen=True, slots=True)
class RecordArm:
    """An arm of the record's protocol section: its IRI, its label as printed, and its role by local name."""

    iri: str
    label: str
    role: str | None = None


@dataclass(frozen=True, slots=True)
class Group:
    """A group as posted: its IRI, its title, and the arm that it is, where that is certain."""

    iri: str
    title: str
    arm: RecordArm | None = None
    is_total: bool = False


class Groups:
    """The groups of one module or measure by their ids; an id that no group has still names one."""

    def __init__(self, base: str, known: Mapping[str, Group]) -> None:
        self.base = base
        self.known = known

    def find(self, group_id: str) -> Group:
        """The group of an id."""
        return self.known.get(group_id) or Group(f"{self.base}/group/{segment(group_id)}", group_id)

    def link(self, lines: RecordLines, figure: str, group_id: str) -> None:
        """Say whose a figure is: its group, and its arm where that is certain."""
        group = self.find(group_id)
        lines.link(figure, "group", group.iri)
        if group.arm:
            lines.link(figure, "arm", group.arm.iri)


@lru_cache(maxsize=1 << 14)
def normalised(text: str) -> str:
    """A name without case, punctuation and repeated blanks; signs that tell doses apart are kept."""
    return " ".join(NOT_A_WORD.sub(" ", unescape(text).casefold()).split())


@lru_cache(maxsize=1 << 14)
def undesignated(text: str) -> str:
    """A normalised name without a designation before it or the word arm after it: `Arm A: Drug` gives `drug`."""
    return normalised(LAST_WORD.sub("", DESIGNATION.sub("", unescape(text).strip(), count=1)))


def state_groups(
    lines: RecordLines, base: str, groups: Sequence[dict[str, Any]], pointer: str, arms: Sequence[RecordArm]
) -> Groups:
    """State the groups of a module or a measure, whose IRI is `base`; `pointer` is that of the list of groups."""
    titles = [group.get("title", "") for group in groups]
    matches = match_arms(titles, arms)
    known: dict[str, Group] = {}
    for position, (node, title, match) in enumerate(zip(groups, titles, matches, strict=True)):
        group_id = node.pop("id", str(position))
        arm, how = match if match else (None, None)
        group = Group(f"{base}/group/{segment(group_id)}", title, arm, normalised(title) in TOTALS)
        lines.thing(group.iri, "ReportingGroup", label=node.pop("title", None))
        lines.link(base, "hasGroup", group.iri)
        lines.text(group.iri, "dcterms:description", node.pop("description", None))
        if group.is_total:
            lines.thing(group.iri, "TotalGroup")
        if arm and how:
            lines.link(group.iri, "matchedArm", arm.iri)
            lines.value(group.iri, "matchedBy", how)
        lines.cite(group.iri, f"{pointer}/{position}")
        known[group_id] = group
    return Groups(base, known)


def match_arms(titles: Sequence[str], arms: Sequence[RecordArm]) -> list[tuple[RecordArm, str] | None]:
    """For each title of a group the one arm that has it as its label, and how they agree.

    None where there is no such arm or more than one, or where two groups would be the same arm.
    """
    exact, loose = _unique(arms, normalised), _unique(arms, undesignated)
    found: list[tuple[RecordArm, str] | None] = []
    for title in titles:
        if arm := exact.get(normalised(title)):
            found.append((arm, "EqualTitle"))
        elif arm := loose.get(undesignated(title)):
            found.append((arm, "EqualTitleWithoutDesignation"))
        else:
            found.append(None)
    times = Counter(match[0].iri for match in found if match)
    return [match if match and times[match[0].iri] == 1 else None for match in found]


def _unique(arms: Iterable[RecordArm], name: Callable[[str], str]) -> dict[str, RecordArm]:
    """The arms by a form of their labels, without forms that two arms share."""
    arms = list(arms)
    times = Counter(name(arm.label) for arm in arms)
    return {key: arm for arm in arms if times[key := name(arm.label)] == 1 and key}


def segment(group_id: str) -> str:
    """The path segment for the id of a group: the id itself, where it is letters and digits."""
    return group_id if group_id.isascii() and group_id.isalnum() else shortened(group_id) or "unnamed"
