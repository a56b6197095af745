"""What a registry record may hold: its fields with their JSON types, and whether a study can be read at all.

In: `fields.yaml`, and a study as Python values. Out: the fields by pattern, and a StudyError with all that is wrong.
A field that the table does not have is no fault: nothing is stated of it, and the coverage report counts it.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any

import yaml

from equipoise.ontology.errors import Fault, StudyError

__all__ = ["Field", "check_study", "fields"]

NUMBER = re.compile(r"NCT\d{8}", re.ASCII)
MOST_FAULTS = 50
TYPES: Mapping[str, type] = {"boolean": bool, "integer": int, "number": float}
"""The JSON types of the kinds of values; every other kind is a text."""
SPOKEN = {
    bool: "a truth value",
    int: "an integer",
    float: "a number",
    str: "a text",
    dict: "an object",
    list: "a list",
    type(None): "null",
}
Tree = dict[str, Any]
"""Fields by key: a type, a tree, or a list with one of these."""


@dataclass(frozen=True)
class Field:
    """A leaf: its kind, the properties that state it, and why it is left out, where it is."""

    pattern: str
    kind: str
    becomes: tuple[str, ...]
    reason: str | None


@cache
def fields() -> Mapping[str, Field]:
    """Every field by its pattern: `protocolSection.armsInterventionsModule.armGroups[].label`."""
    raw = _raw()
    return {field.pattern: field for field in _leaves(raw["fields"], "", raw["reasons"])}


def check_study(study: object, *, where: str) -> str:
    """The registry number of a study that can be mapped.

    Raises StudyError with all faults (the first fifty) if it is no object, has no registry number, or holds a value of
    another type than its field.
    """
    faults: list[Fault] = []
    _walk(study, _tree(), "", faults)
    number = ""
    if isinstance(study, dict) and not faults:
        identity = study.get("protocolSection", {}).get("identificationModule", {})
        number = identity.get("nctId", "")
        if not NUMBER.fullmatch(number):
            found = f"is {number!r:.40}" if number else "is missing"
            faults.append(
                Fault("protocolSection.identificationModule.nctId", None, found, "must be NCT and eight digits")
            )
    if faults:
        raise StudyError(where, faults[:MOST_FAULTS])
    return str(number)


def _walk(value: object, expected: Any, path: str, faults: list[Fault]) -> None:
    """Compare a value with the type, the tree of fields or the list of either that is expected of it."""
    if type(expected) is dict:
        if type(value) is not dict:
            faults.append(_fault(path, value, dict))
            return
        for key, inner in value.items():
            wanted = expected.get(key)
            if wanted is str and type(inner) is str and inner.isascii():
                continue
            if wanted is not None:
                _walk(inner, wanted, f"{path}.{key}" if path else key, faults)
    elif type(expected) is list:
        if type(value) is not list:
            faults.append(_fault(path, value, list))
            return
        for position, inner in enumerate(value):
            _walk(inner, expected[0], f"{path}[{position}]", faults)
    elif expected is str:
        if type(value) is not str:
            faults.append(_fault(path, value, str))
        elif not _is_sound(value):
            faults.append(Fault(path, None, "holds half of a pair of surrogates", "must be Unicode"))
    elif type(value) is not expected and not (expected is float and type(value) is int):
        faults.append(_fault(path, value, expected))


def _is_sound(text: str) -> bool:
    try:
        text.encode("utf-8")
    except UnicodeEncodeError:
        return False
    return True


def _fault(path: str, value: object, expected: type) -> Fault:
    found = f"{SPOKEN.get(type(value), type(value).__name__)}"
    return Fault(path or "the record", None, f"is {found}", f"must be {SPOKEN[expected]}")


@cache
def _raw() -> dict[str, Any]:
    text = (files("equipoise.graph.registry") / "fields.yaml").read_text(encoding="utf-8")
    raw: dict[str, Any] = yaml.safe_load(text)
    return raw


@cache
def _tree() -> Tree:
    return _typed(_raw()["fields"])


def _typed(raw: Mapping[str, Any]) -> Tree:
    tree: Tree = {}
    for key, value in raw.items():
        inner = _typed(value) if isinstance(value, dict) else TYPES.get(value.split(" ", 1)[0], str)
        tree[key.removesuffix("[]")] = [inner] if key.endswith("[]") else inner
    return tree


def _leaves(raw: Mapping[str, Any], path: str, reasons: Mapping[str, str]) -> Iterator[Field]:
    for key, value in raw.items():
        pattern = f"{path}.{key}" if path else key
        if isinstance(value, dict):
            yield from _leaves(value, pattern, reasons)
        else:
            stated, _, reason = value.partition(" -- ")
            kind, _, becomes = stated.partition(" -> ")
            properties = tuple(becomes.split(", ")) if becomes else ()
            yield Field(pattern, kind, properties, reasons[reason] if reason else None)
