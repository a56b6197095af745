"""Denominators: how many participants, or other units, of each group a module, a measure or a class of it analysed.

In: a list `denoms`. Out: the number of participants of each group, for the figures to state as theirs, and a node for
each number that no figure can: of eyes, lesions or clinics, or of participants where the group has no figure.
"""

from collections.abc import Mapping
from typing import Any

from equipoise.graph.registry.lines import RecordLines
from equipoise.graph.registry.results.groups import Groups, segment
from equipoise.graph.registry.results.numbers import state_count, whole
from equipoise.graph.registry.slugs import Slugs

__all__ = ["state_denominators", "state_sizes", "take_participants"]

PARTICIPANTS = "participants"


def take_participants(denoms: list[dict[str, Any]]) -> dict[str, int]:
    """The participants of each group by its id. Nothing is taken from the list."""
    counts = [
        node
        for denom in denoms
        if denom.get("units", "").casefold() == PARTICIPANTS
        for node in denom.get("counts", ())
    ]
    return {
        node["groupId"]: number
        for node in counts
        if "groupId" in node and (number := whole(str(node.get("value", "")))) is not None
    }


def state_sizes(lines: RecordLines, denoms: list[dict[str, Any]], groups: Groups, pointer: str) -> None:
    """State the denominators of a module or measure: participants as the size of the group, others as nodes."""
    for denom in denoms:
        if denom.get("units", "").casefold() == PARTICIPANTS:
            for node in denom.get("counts", ()):
                group_id = node.pop("groupId", "")
                state_count(lines, groups.find(group_id).iri, "size", node.pop("value", None))
            del denom["units"]
    state_denominators(lines, denoms, groups, base=groups.base, pointer=pointer, stated={})


def state_denominators(
    lines: RecordLines,
    denoms: list[dict[str, Any]],
    groups: Groups,
    *,
    base: str,
    pointer: str,
    stated: Mapping[str, int],
) -> None:
    """State the denominators that are left as nodes below `base`; `stated` are those that figures have as their own."""
    slugs = Slugs()
    for position, denom in enumerate(denoms):
        unit = denom.pop("units", None)
        if unit is None:
            continue
        is_participants = unit.casefold() == PARTICIPANTS
        name = slugs.take(unit, position + 1)
        for place, node in enumerate(denom.get("counts", ())):
            group_id = node.pop("groupId", str(place))
            text = node.pop("value", None)
            if is_participants and group_id in stated and stated[group_id] == whole(text or ""):
                continue
            count = lines.thing(f"{base}/denominator/{name}/{segment(group_id)}", "Denominator")
            lines.link(count, "group", groups.find(group_id).iri)
            lines.text(count, "unitPrinted", unit)
            state_count(lines, count, "unitCount", text)
            lines.cite(count, f"{pointer}/{position}/counts/{place}")
