"""What a study is about: conditions and keywords as printed, and conditions of ours that are called the same.

In: the conditions module, and the names of our conditions. Out: statements on the study.
"""

from collections.abc import Mapping

from equipoise.graph.registry.lines import RecordLines
from equipoise.graph.registry.stating import Node, state_texts

__all__ = ["map_conditions"]


def map_conditions(module: Node, lines: RecordLines, *, conditions: Mapping[str, str]) -> None:
    """Conditions and keywords."""
    for name in module.get("conditions", ()):
        if concept := conditions.get(name.casefold()):
            lines.value(lines.trial, "condition", concept)
    state_texts(lines, lines.trial, module, {"conditions": "conditionPrinted", "keywords": "keyword"})
    lines.cite(lines.trial, "/protocolSection/conditionsModule")
