"""Take values from a node of a record and state them of a thing, by tables of keys and properties.

In: a node of a study (taken apart: what is stated is popped), the thing it describes, and a table. Out: lines. Values
of types other than the registry's schema has never come here: `check_study` refuses them. A code without a controlled
value stays in the node, so that the coverage report counts it.
"""

from collections.abc import Mapping
from functools import cache
from importlib.resources import files
from typing import Any

import yaml

from equipoise.graph.registry.lines import RecordLines

__all__ = ["Node", "code_of", "codes", "state_code", "state_codes", "state_dates", "state_flags", "state_texts"]

Node = dict[str, Any]
"""An object of a record."""


@cache
def codes() -> Mapping[str, Mapping[str, str]]:
    """The registry's codes by list, and the local name of the controlled value that each stands for."""
    raw: Mapping[str, Mapping[str, str]] = yaml.safe_load(
        (files("equipoise.graph.registry") / "codes.yaml").read_text(encoding="utf-8")
    )
    return raw


def state_texts(lines: RecordLines, subject: str, node: Node, table: Mapping[str, str]) -> None:
    """Texts, and lists of texts, as they are printed; `table` gives the property of each key."""
    for key, name in table.items():
        found = node.pop(key, None)
        if isinstance(found, list):
            for text in found:
                lines.text(subject, name, text)
        else:
            lines.text(subject, name, found)


def state_flags(lines: RecordLines, subject: str, node: Node, table: Mapping[str, str]) -> None:
    """Truth values."""
    for key, name in table.items():
        lines.flag(subject, name, node.pop(key, None))


def state_dates(lines: RecordLines, subject: str, node: Node, table: Mapping[str, str]) -> None:
    """Days, months and years."""
    for key, name in table.items():
        if (found := node.pop(key, None)) is not None:
            lines.date(subject, name, found)


def code_of(node: Node, key: str, listed: str) -> str | None:
    """Take a code from a node: the local name of its controlled value. None, and nothing taken, where there is none."""
    concept = codes()[listed].get(node.get(key, ""))
    if concept is not None:
        del node[key]
    return concept


def state_code(lines: RecordLines, subject: str, node: Node, key: str, *, name: str, listed: str) -> str | None:
    """A code, or each code of a list, as its controlled value; gives the one of a single code."""
    found = node.get(key)
    if isinstance(found, list):
        known = codes()[listed]
        for code in found:
            if code in known:
                lines.value(subject, name, known[code])
        node[key] = [code for code in found if code not in known]
        return None
    concept = code_of(node, key, listed)
    if concept is not None:
        lines.value(subject, name, concept)
    return concept


def state_codes(lines: RecordLines, subject: str, node: Node, table: Mapping[str, tuple[str, str]]) -> None:
    """Codes by a table of keys, each with its property and its list of codes."""
    for key, (name, listed) in table.items():
        state_code(lines, subject, node, key, name=name, listed=listed)
