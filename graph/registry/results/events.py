"""The adverse events: serious and other ones by term, in how many participants of each group, and the totals.

In: `adverseEventsModule`. Out: a report of the trial with its groups and their totals, an event term for each row,
and a safety estimate for each row and group: participants affected (`events`), at risk (`denominator`), and
occurrences. A term becomes a concept of ours only where it equals a name of it.
"""

from collections.abc import Mapping, Sequence
from functools import cache
from typing import Any

from equipoise.graph.registry.lines import RecordLines
from equipoise.graph.registry.results.groups import Groups, RecordArm, segment, state_groups
from equipoise.graph.registry.results.numbers import state_count, state_number
from equipoise.graph.registry.slugs import Slugs
from equipoise.ontology.terms import load_terms

__all__ = ["map_events"]

TOTALS = (("deaths", "AllCauseDeaths"), ("serious", "SeriousEvents"), ("other", "OtherEvents"))
ROWS = (("seriousEvents", "serious-event", "SeriousEvents"), ("otherEvents", "other-event", "OtherEvents"))
ASSESSMENTS = {
    "SYSTEMATIC_ASSESSMENT": "SystematicAssessment",
    "NON_SYSTEMATIC_ASSESSMENT": "NonSystematicAssessment",
}
WHOLES = ("AnyAdverseEvent", "FatalAdverseEvent")
"""Concepts that take in events of every kind; no term of a row is one of them."""


def map_events(module: dict[str, Any], *, pointer: str, arms: Sequence[RecordArm], lines: RecordLines) -> None:
    """Map the adverse events."""
    report = lines.thing(f"{lines.own}/adverse-events", "AdverseEventReport")
    lines.link(lines.trial, "hasAdverseEventReport", report)
    lines.link(report, "trial", lines.trial)
    state_number(lines, report, "frequencyThreshold", module.pop("frequencyThreshold", None))
    lines.text(report, "timeFrame", module.pop("timeFrame", None))
    lines.text(report, "dcterms:description", module.pop("description", None))
    lines.text(report, "mortalityComment", module.pop("allCauseMortalityComment", None))
    lines.cite(report, pointer)
    nodes = module.get("eventGroups", ())
    ids = [node.get("id", str(position)) for position, node in enumerate(nodes)]
    groups = state_groups(lines, report, nodes, f"{pointer}/eventGroups", arms)
    for position, (group_id, node) in enumerate(zip(ids, nodes, strict=True)):
        _map_totals(node, group_id, pointer=f"{pointer}/eventGroups/{position}", groups=groups, lines=lines)
    for name, path, kind in ROWS:
        slugs = Slugs()
        for position, row in enumerate(module.get(name, ())):
            term = f"{lines.own}/{path}/{slugs.take(row.get('term', ''), position + 1)}"
            _map_row(row, term, kind=kind, pointer=f"{pointer}/{name}/{position}", groups=groups, lines=lines)


def _map_totals(node: dict[str, Any], group_id: str, *, pointer: str, groups: Groups, lines: RecordLines) -> None:
    for name, kind in TOTALS:
        affected, at_risk = node.pop(f"{name}NumAffected", None), node.pop(f"{name}NumAtRisk", None)
        if affected is None and at_risk is None:
            continue
        figure = lines.thing(f"{groups.base}/total/{name}/{segment(group_id)}", "SafetyEstimate")
        lines.link(figure, "trial", lines.trial)
        lines.value(figure, "eventTotal", kind)
        groups.link(lines, figure, group_id)
        state_count(lines, figure, "events", affected)
        state_count(lines, figure, "denominator", at_risk)
        lines.cite(figure, pointer)


def _map_row(row: dict[str, Any], term: str, *, kind: str, pointer: str, groups: Groups, lines: RecordLines) -> None:
    name = row.pop("term", None)
    lines.thing(term, "EventTerm", label=name)
    lines.value(term, "eventTotal", kind)
    lines.text(term, "organSystem", row.pop("organSystem", None))
    lines.text(term, "sourceVocabulary", row.pop("sourceVocabulary", None))
    if row.get("assessmentType") in ASSESSMENTS:
        lines.value(term, "assessment", ASSESSMENTS[row.pop("assessmentType")])
    lines.text(term, "comment", row.pop("notes", None))
    lines.cite(term, pointer)
    concept = _concepts().get(name.casefold()) if name else None
    for position, node in enumerate(row.get("stats", ())):
        group_id = node.pop("groupId", str(position))
        figure = lines.thing(f"{term}/{segment(group_id)}", "SafetyEstimate")
        lines.link(figure, "trial", lines.trial)
        lines.link(figure, "eventTerm", term)
        groups.link(lines, figure, group_id)
        if concept:
            lines.link(figure, "event", concept)
        state_count(lines, figure, "events", node.pop("numAffected", None))
        state_count(lines, figure, "denominator", node.pop("numAtRisk", None))
        state_count(lines, figure, "occurrences", node.pop("numEvents", None))
        lines.cite(figure, f"{pointer}/stats/{position}")


@cache
def _concepts() -> Mapping[str, str]:
    """Our adverse events by each of their names, in lower case."""
    events = load_terms().schemes["AdverseEventScheme"].values()
    return {
        name.casefold(): term.iri for term in events if term.name not in WHOLES for name in (term.label, *term.synonyms)
    }
