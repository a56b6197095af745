"""The results section of a registry record: flow, baseline, outcome measures with their analyses, adverse events.

In: `resultsSection` as JSON gives it, the arms and endpoints that the protocol section describes. Out: statements in
the record's lines, and a section from which all that was stated is gone. Group ids hold within one module or measure
only.
"""

from collections.abc import Mapping, Sequence
from typing import Any

from equipoise.graph.registry.lines import RecordLines
from equipoise.graph.registry.results.baseline import map_baseline
from equipoise.graph.registry.results.events import map_events
from equipoise.graph.registry.results.flow import map_flow
from equipoise.graph.registry.results.groups import RecordArm, normalised
from equipoise.graph.registry.results.measures import map_measures
from equipoise.graph.registry.results.more import map_more

__all__ = ["RecordArm", "map_results", "normalised"]

SECTION = "/resultsSection"


def map_results(
    results: dict[str, Any],
    *,
    arms: Sequence[RecordArm],
    endpoints: Mapping[tuple[str, str], str],
    lines: RecordLines,
) -> None:
    """Map a results section, taking it apart.

    `endpoints` are the IRIs of the endpoints of the protocol section by role (`primary`, `secondary`, `other`) and
    title in `normalised` form, without those that two endpoints share.
    """
    if module := results.get("participantFlowModule"):
        map_flow(module, pointer=f"{SECTION}/participantFlowModule", arms=arms, lines=lines)
    if module := results.get("baselineCharacteristicsModule"):
        map_baseline(module, pointer=f"{SECTION}/baselineCharacteristicsModule", arms=arms, lines=lines)
    if module := results.get("outcomeMeasuresModule"):
        pointer = f"{SECTION}/outcomeMeasuresModule/outcomeMeasures"
        map_measures(module, pointer=pointer, arms=arms, endpoints=endpoints, lines=lines)
    if module := results.get("adverseEventsModule"):
        map_events(module, pointer=f"{SECTION}/adverseEventsModule", arms=arms, lines=lines)
    if module := results.get("moreInfoModule"):
        map_more(module, pointer=f"{SECTION}/moreInfoModule", lines=lines)
