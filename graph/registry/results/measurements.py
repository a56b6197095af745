"""The cells of a measure: its classes, their categories, and a figure for each group in each category.

In: the `classes` of an outcome or baseline measure. Out: an estimate for each measurement, with its value, spread or
limits, group and denominator. What kind of number it is, its measure says, and each figure repeats by name.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from equipoise.graph.registry.lines import RecordLines
from equipoise.graph.registry.results.denominators import state_denominators, take_participants
from equipoise.graph.registry.results.groups import Groups, segment
from equipoise.graph.registry.results.numbers import read_number, state_number
from equipoise.graph.registry.results.spellings import find_dispersion, find_interval, find_statistic, find_unit

__all__ = ["Kind", "map_classes", "state_kind"]


@dataclass(frozen=True, slots=True)
class Kind:
    """What all figures of a measure share: controlled values by local name, the UCUM unit, the level as printed.

    `facts` are links that each figure gets, by property and IRI.
    """

    figure: str
    statistic: str | None = None
    unit: str | None = None
    dispersion: str | None = None
    interval: str | None = None
    level: str | None = None
    facts: tuple[tuple[str, str], ...] = ()


def state_kind(
    lines: RecordLines, measure: str, node: dict[str, Any], *, figure: str, facts: tuple[tuple[str, str], ...]
) -> Kind:
    """State what kind of numbers a measure has, as printed, and give it for its figures."""
    param, unit, spread = (node.pop(key, None) for key in ("paramType", "unitOfMeasure", "dispersionType"))
    lines.text(measure, "statisticPrinted", param)
    lines.text(measure, "unitPrinted", unit)
    lines.text(measure, "dispersionPrinted", spread)
    lines.flag(measure, "percentCalculated", node.pop("calculatePct", None))
    interval, level = (find_interval(spread) if spread else None) or (None, None)
    return Kind(
        figure,
        statistic=find_statistic(param, unit) if param else None,
        unit=find_unit(unit) if unit else None,
        dispersion=find_dispersion(spread) if spread else None,
        interval=interval,
        level=level,
        facts=facts,
    )


def map_classes(
    classes: list[dict[str, Any]],
    measure: str,
    *,
    pointer: str,
    kind: Kind,
    groups: Groups,
    participants: Mapping[str, int],
    lines: RecordLines,
) -> None:
    """Map the classes of a measure. `participants` are the denominators of its groups, where it has them."""
    for position, node in enumerate(classes):
        title = node.pop("title", None)
        denoms = node.get("denoms", [])
        own = take_participants(denoms)
        counted = {**participants, **own}
        with_figures: set[str] = set()
        for number, category in enumerate(node.get("categories", ())):
            name = category.pop("title", None)
            for place, cell in enumerate(category.get("measurements", ())):
                group_id = cell.pop("groupId", str(place))
                with_figures.add(group_id)
                figure = f"{measure}/{position + 1}/{number + 1}/{segment(group_id)}"
                where = f"{pointer}/{position}/categories/{number}/measurements/{place}"
                _state_figure(lines, figure, cell, kind)
                groups.link(lines, figure, group_id)
                if group_id in counted:
                    lines.number(figure, "denominator", counted[group_id])
                lines.text(figure, "classTitle", title)
                lines.text(figure, "categoryTitle", name)
                lines.cite(figure, where)
        stated = {group_id: count for group_id, count in own.items() if group_id in with_figures}
        base, where = f"{measure}/{position + 1}", f"{pointer}/{position}/denoms"
        state_denominators(lines, denoms, groups, base=base, pointer=where, stated=stated)
        if title is not None and not with_figures:
            lines.text(measure, "classTitle", title)


def _state_figure(lines: RecordLines, figure: str, cell: dict[str, Any], kind: Kind) -> None:
    lines.thing(figure, kind.figure)
    lines.link(figure, "trial", lines.trial)
    for name, iri in kind.facts:
        lines.link(figure, name, iri)
    if kind.statistic:
        lines.value(figure, "statistic", kind.statistic)
    if kind.unit:
        lines.text(figure, "unit", kind.unit)
    state_number(lines, figure, "value", cell.pop("value", None))
    if "spread" in cell:
        state_number(lines, figure, "dispersionValue", cell.pop("spread"))
        if kind.dispersion:
            lines.value(figure, "dispersionKind", kind.dispersion)
    if "lowerLimit" in cell or "upperLimit" in cell:
        state_number(lines, figure, "lower", cell.pop("lowerLimit", None))
        state_number(lines, figure, "upper", cell.pop("upperLimit", None))
        if kind.interval:
            lines.value(figure, "intervalKind", kind.interval)
        if kind.level and (level := read_number(kind.level).decimal):
            lines.number(figure, "level", level)
    lines.text(figure, "comment", cell.pop("comment", None))
