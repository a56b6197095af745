"""The outcome measures: what was posted for each outcome, group by group, with the analyses made of it.

In: `outcomeMeasuresModule`. Out: an outcome measure for each, joined to the endpoint of the protocol section that has
the same role and title, its groups, an estimate for each measurement, and its analyses.
"""

from collections.abc import Mapping, Sequence
from typing import Any

from equipoise.graph.registry.lines import RecordLines
from equipoise.graph.registry.results.analyses import map_analysis
from equipoise.graph.registry.results.denominators import state_sizes, take_participants
from equipoise.graph.registry.results.groups import RecordArm, normalised, state_groups
from equipoise.graph.registry.results.measurements import map_classes, state_kind
from equipoise.graph.registry.slugs import Slugs

__all__ = ["map_measures"]

ROLES = {
    "PRIMARY": ("Primary", "primary"),
    "SECONDARY": ("Secondary", "secondary"),
    "OTHER_PRE_SPECIFIED": ("OtherPrespecified", "other"),
    "POST_HOC": ("PostHocOutcome", None),
}
"""The types of outcome measures: their role, and that of the protocol's endpoints that may be the same."""

STATUSES = {"POSTED": "Posted", "NOT_POSTED": "NotPosted"}


def map_measures(
    module: dict[str, Any],
    *,
    pointer: str,
    arms: Sequence[RecordArm],
    endpoints: Mapping[tuple[str, str], str],
    lines: RecordLines,
) -> None:
    """Map the outcome measures."""
    analysis = lines.thing(f"{lines.own}/analysis", "Analysis", label="results posted in the registry")
    lines.link(lines.trial, "hasAnalysis", analysis)
    lines.link(analysis, "trial", lines.trial)
    lines.value(analysis, "analysisKind", "KindNotReported")
    lines.value(analysis, "notReported", "dataCutoff")
    lines.cite(analysis, pointer)
    slugs = Slugs()
    for position, node in enumerate(module.get("outcomeMeasures", ())):
        segment = slugs.take(node.get("title", ""), position + 1)
        measure = f"{lines.own}/outcome-measure/{segment}"
        _map_measure(node, measure, pointer=f"{pointer}/{position}", arms=arms, endpoints=endpoints, lines=lines)


def _map_measure(
    node: dict[str, Any],
    measure: str,
    *,
    pointer: str,
    arms: Sequence[RecordArm],
    endpoints: Mapping[tuple[str, str], str],
    lines: RecordLines,
) -> None:
    title = node.pop("title", None)
    lines.thing(measure, "OutcomeMeasure", label=title)
    lines.link(measure, "trial", lines.trial)
    lines.link(lines.trial, "hasOutcomeMeasure", measure)
    protocol_role = _take_role(node, measure, lines)
    lines.text(measure, "dcterms:description", node.pop("description", None))
    lines.text(measure, "populationDescription", node.pop("populationDescription", None))
    lines.text(measure, "timeFrame", node.pop("timeFrame", None))
    lines.text(measure, "unitAnalyzed", node.pop("typeUnitsAnalyzed", None))
    if node.get("reportingStatus") in STATUSES:
        lines.value(measure, "postingStatus", STATUSES[node.pop("reportingStatus")])
    if "anticipatedPostingDate" in node:
        lines.date(measure, "anticipatedPosting", node.pop("anticipatedPostingDate"))
    selected = node.pop("denomUnitsSelected", None)
    lines.text(measure, "denominatorUnit", selected)
    lines.cite(measure, pointer)
    facts: tuple[tuple[str, str], ...] = (("outcomeMeasure", measure), ("analysis", f"{lines.own}/analysis"))
    if endpoint := endpoints.get((protocol_role or "", normalised(title or ""))):
        lines.link(measure, "endpoint", endpoint)
        facts = (*facts, ("endpoint", endpoint))
    kind = state_kind(lines, measure, node, figure="Estimate", facts=facts)
    groups = state_groups(lines, measure, node.get("groups", ()), f"{pointer}/groups", arms)
    participants = take_participants(node.get("denoms", []))
    state_sizes(lines, node.get("denoms", []), groups, f"{pointer}/denoms")
    map_classes(
        node.get("classes", []),
        measure,
        pointer=f"{pointer}/classes",
        kind=kind,
        groups=groups,
        participants=participants if selected is None or selected.casefold() == "participants" else {},
        lines=lines,
    )
    for position, analysis in enumerate(node.get("analyses", ())):
        where = f"{pointer}/analyses/{position}"
        map_analysis(
            analysis, f"{measure}/analysis/{position + 1}", pointer=where, facts=facts, groups=groups, lines=lines
        )


def _take_role(node: dict[str, Any], measure: str, lines: RecordLines) -> str | None:
    """State the role of a measure, and give that of its endpoint in the protocol section.

    A type that the registry's schema does not know stays where it is.
    """
    role, protocol_role = ROLES.get(node.get("type", ""), (None, None))
    if role:
        del node["type"]
        lines.value(measure, "endpointRole", role)
    return protocol_role
