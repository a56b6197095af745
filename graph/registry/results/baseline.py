"""The baseline characteristics: what participants were like before treatment.

In: `baselineCharacteristicsModule`. Out: a baseline table of the trial with its groups, a baseline measure for each
row of it, and a baseline estimate for each cell.
"""

from collections.abc import Sequence
from typing import Any

from equipoise.graph.registry.lines import RecordLines
from equipoise.graph.registry.results.denominators import state_denominators, state_sizes, take_participants
from equipoise.graph.registry.results.groups import RecordArm, state_groups
from equipoise.graph.registry.results.measurements import map_classes, state_kind
from equipoise.graph.registry.slugs import Slugs

__all__ = ["map_baseline"]


def map_baseline(module: dict[str, Any], *, pointer: str, arms: Sequence[RecordArm], lines: RecordLines) -> None:
    """Map the baseline characteristics."""
    table = lines.thing(f"{lines.own}/baseline", "BaselineTable")
    lines.link(lines.trial, "hasBaselineTable", table)
    lines.link(table, "trial", lines.trial)
    lines.text(table, "populationDescription", module.pop("populationDescription", None))
    lines.text(table, "unitAnalyzed", module.pop("typeUnitsAnalyzed", None))
    lines.cite(table, pointer)
    groups = state_groups(lines, table, module.get("groups", ()), f"{pointer}/groups", arms)
    participants = take_participants(module.get("denoms", []))
    state_sizes(lines, module.get("denoms", []), groups, f"{pointer}/denoms")
    slugs = Slugs()
    for position, node in enumerate(module.get("measures", ())):
        where = f"{pointer}/measures/{position}"
        title = node.pop("title", None)
        measure = f"{lines.own}/baseline/measure/{slugs.take(title or '', position + 1)}"
        lines.thing(measure, "BaselineMeasure", label=title)
        lines.link(measure, "trial", lines.trial)
        lines.text(measure, "dcterms:description", node.pop("description", None))
        lines.text(measure, "populationDescription", node.pop("populationDescription", None))
        selected = node.pop("denomUnitsSelected", None)
        lines.text(measure, "denominatorUnit", selected)
        lines.cite(measure, where)
        kind = state_kind(lines, measure, node, figure="BaselineEstimate", facts=(("baselineMeasure", measure),))
        denoms = node.get("denoms", [])
        counted = {**participants, **take_participants(denoms)}
        map_classes(
            node.get("classes", []),
            measure,
            pointer=f"{where}/classes",
            kind=kind,
            groups=groups,
            participants=counted if selected is None or selected.casefold() == "participants" else {},
            lines=lines,
        )
        state_denominators(lines, denoms, groups, base=measure, pointer=f"{where}/denoms", stated={})
