"""The analyses of an outcome measure: comparisons of groups, tests over all groups, estimates for one group.

In: an entry of `analyses`. Out: a `Contrast` where the record says which arm is compared with which; an
`UnorderedComparison` of two groups where it does not; an `OmnibusTest` of more than two; an `Estimate` of one group.
"""

from typing import Any

from equipoise.graph.registry.lines import RecordLines
from equipoise.graph.registry.results.groups import Groups
from equipoise.graph.registry.results.numbers import read_number, state_number, state_p_value
from equipoise.graph.registry.results.order import find_order
from equipoise.graph.registry.results.spellings import find_dispersion, find_measure, find_method, find_sides

__all__ = ["map_analysis"]

TEXTS = {
    "groupDescription": "groupDescription",
    "estimateComment": "comment",
    "statisticalComment": "methodComment",
    "pValueComment": "pComment",
    "nonInferiorityComment": "hypothesisComment",
    "otherAnalysisDescription": "otherAnalysis",
    "ciLowerLimitComment": "lowerComment",
    "ciUpperLimitComment": "upperComment",
}
"""The texts of an analysis, and the properties that they become."""

ORDERING = ("paramType", "estimateComment", "groupDescription", "statisticalComment", "nonInferiorityComment")
"""The texts in which an analysis can say which group it compares with which."""

HYPOTHESES = {
    "SUPERIORITY": "Superiority",
    "NON_INFERIORITY": "Noninferiority",
    "EQUIVALENCE": "Equivalence",
    "OTHER": "OtherHypothesis",
    "NON_INFERIORITY_OR_EQUIVALENCE": "NoninferiorityOrEquivalence",
    "SUPERIORITY_OR_OTHER": "SuperiorityOrOther",
    "NON_INFERIORITY_OR_EQUIVALENCE_LEGACY": "NoninferiorityOrEquivalence",
    "SUPERIORITY_OR_OTHER_LEGACY": "SuperiorityOrOther",
}
SIDES = {"ONE_SIDED": 1, "TWO_SIDED": 2}


def map_analysis(
    node: dict[str, Any],
    figure: str,
    *,
    pointer: str,
    facts: tuple[tuple[str, str], ...],
    groups: Groups,
    lines: RecordLines,
) -> None:
    """Map one analysis. `facts` are the links that it has from its measure."""
    _state_groups(node, figure, groups, lines)
    lines.link(figure, "trial", lines.trial)
    for name, iri in facts:
        lines.link(figure, name, iri)
    _state_measure(node, figure, lines)
    _state_test(node, figure, lines)
    for key, name in TEXTS.items():
        lines.text(figure, name, node.pop(key, None))
    lines.cite(figure, pointer)


def _state_groups(node: dict[str, Any], figure: str, groups: Groups, lines: RecordLines) -> None:
    """State which groups an analysis is of, and by that what kind of figure it is."""
    ids = list(dict.fromkeys(node.pop("groupIds", ())))
    if len(ids) == 1:
        lines.thing(figure, "Estimate")
        groups.link(lines, figure, ids[0])
        return
    for group_id in ids:
        lines.link(figure, "comparedGroup", groups.find(group_id).iri)
    if len(ids) != 2:
        lines.thing(figure, "OmnibusTest")
        return
    texts = [node[key] for key in ORDERING if key in node]
    order = find_order(groups.find(ids[0]), groups.find(ids[1]), texts)
    if order is None or order.target.arm is None or order.reference.arm is None:
        lines.thing(figure, "UnorderedComparison")
        return
    lines.thing(figure, "Contrast")
    lines.link(figure, "targetArm", order.target.arm.iri)
    lines.link(figure, "referenceArm", order.reference.arm.iri)
    lines.text(figure, "orderStatedBy", order.stated_by)


def _state_measure(node: dict[str, Any], figure: str, lines: RecordLines) -> None:
    """State the value, what it is, its limits and its dispersion."""
    if (param := node.pop("paramType", None)) is not None:
        lines.text(figure, "measurePrinted", param)
        if measure := find_measure(param):
            lines.value(figure, "effectMeasure", measure)
    state_number(lines, figure, "value", node.pop("paramValue", None))
    if (spread := node.pop("dispersionType", None)) is not None:
        lines.text(figure, "dispersionPrinted", spread)
        if kind := find_dispersion(spread):
            lines.value(figure, "dispersionKind", kind)
    state_number(lines, figure, "dispersionValue", node.pop("dispersionValue", None))
    if "ciLowerLimit" in node or "ciUpperLimit" in node:
        lines.value(figure, "intervalKind", "ConfidenceInterval")
    state_number(lines, figure, "lower", node.pop("ciLowerLimit", None))
    state_number(lines, figure, "upper", node.pop("ciUpperLimit", None))
    if (level := node.pop("ciPctValue", None)) is not None:
        number = read_number(level)
        if number.decimal is not None and number.is_exact and 50 < number.decimal < 100:
            lines.number(figure, "level", number.decimal)
        else:
            lines.text(figure, "levelPrinted", level)
            lines.value(figure, "notReported" if number.is_absent else "notParsed", "level")
    if node.get("ciNumSides") in SIDES:
        lines.number(figure, "intervalSides", SIDES[node.pop("ciNumSides")])


def _state_test(node: dict[str, Any], figure: str, lines: RecordLines) -> None:
    """State the test: p, its method and sides, and the hypothesis."""
    if "pValue" in node and "statisticalMethod" in node and (sides := find_sides(node["statisticalMethod"])):
        lines.number(figure, "pSides", sides)
    state_p_value(lines, figure, node.pop("pValue", None))
    if (method := node.pop("statisticalMethod", None)) is not None:
        lines.text(figure, "methodPrinted", method)
        if term := find_method(method):
            lines.value(figure, "method", term)
    if node.get("nonInferiorityType") in HYPOTHESES:
        kind = node.pop("nonInferiorityType")
        lines.value(figure, "hypothesis", HYPOTHESES[kind])
        lines.flag(figure, "legacyHypothesis", True if kind.endswith("_LEGACY") else None)
    lines.flag(figure, "noninferiorityTested", node.pop("testedNonInferiority", None))
