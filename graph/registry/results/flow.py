"""The participant flow: how many of each group reached the milestones of each period, and why others left.

In: `participantFlowModule`. Out: a flow of the trial, its periods, their steps (milestones and reasons to leave) and a
count for each step and group.
"""

from collections.abc import Sequence
from typing import Any

from equipoise.graph.registry.lines import RecordLines
from equipoise.graph.registry.results.groups import Groups, RecordArm, segment, state_groups
from equipoise.graph.registry.results.numbers import state_count
from equipoise.graph.registry.slugs import Slugs

__all__ = ["map_flow"]

KINDS = (
    ("milestones", "achievements", "milestone", "Milestone"),
    ("dropWithdraws", "reasons", "withdrawal", "ReasonToLeave"),
)
"""The lists of steps in a period, the list of counts in a step, the segment of its IRI and its kind."""


def map_flow(module: dict[str, Any], *, pointer: str, arms: Sequence[RecordArm], lines: RecordLines) -> None:
    """Map the participant flow."""
    flow = lines.thing(f"{lines.own}/participant-flow", "ParticipantFlow")
    lines.link(lines.trial, "hasParticipantFlow", flow)
    lines.link(flow, "trial", lines.trial)
    lines.text(flow, "recruitmentDetails", module.pop("recruitmentDetails", None))
    lines.text(flow, "preAssignmentDetails", module.pop("preAssignmentDetails", None))
    lines.text(flow, "unitAnalyzed", module.pop("typeUnitsAnalyzed", None))
    lines.cite(flow, pointer)
    groups = state_groups(lines, flow, module.get("groups", ()), f"{pointer}/groups", arms)
    slugs = Slugs()
    for position, node in enumerate(module.get("periods", ())):
        title = node.pop("title", None)
        period = f"{flow}/period/{slugs.take(title or '', position + 1)}"
        lines.thing(period, "FlowPeriod", label=title)
        lines.link(flow, "hasPeriod", period)
        _map_steps(node, period, pointer=f"{pointer}/periods/{position}", groups=groups, lines=lines)


def _map_steps(node: dict[str, Any], period: str, *, pointer: str, groups: Groups, lines: RecordLines) -> None:
    for list_name, counts_name, path, kind in KINDS:
        slugs = Slugs()
        for position, entry in enumerate(node.get(list_name, ())):
            name = entry.pop("type", None)
            step = f"{period}/{path}/{slugs.take(name or '', position + 1)}"
            lines.thing(step, "FlowStep", label=name)
            lines.link(step, "period", period)
            lines.value(step, "stepKind", kind)
            lines.text(step, "comment", entry.pop("comment", None))
            lines.cite(step, f"{pointer}/{list_name}/{position}")
            for place, count in enumerate(entry.get(counts_name, ())):
                group_id = count.pop("groupId", str(place))
                figure = lines.thing(f"{step}/{segment(group_id)}", "FlowCount")
                lines.link(figure, "step", step)
                groups.link(lines, figure, group_id)
                state_count(lines, figure, "participantCount", count.pop("numSubjects", None))
                state_count(lines, figure, "unitCount", count.pop("numUnits", None))
                lines.text(figure, "comment", count.pop("comment", None))
                lines.cite(figure, f"{pointer}/{list_name}/{position}/{counts_name}/{place}")
