"""Read a curated record: YAML text in, a `LoadedRecord` out, or a `RecordError` with every fault and its line.

Scalars stay text until the record's fields give them a type, so that `0.80` keeps its last digit and `no` is not a
truth value. Anchors, aliases and repeated keys are refused: a record says everything once, where it is read.
"""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml
from pydantic import BaseModel, ValidationError
from pydantic_core import ErrorDetails

from equipoise.graph.fields import Context, Place, RecordPath, declared_names
from equipoise.graph.record import TrialRecord
from equipoise.ontology.errors import Fault, RecordError
from equipoise.ontology.terms import Terms, allowed_text

__all__ = ["LoadedRecord", "load_record"]

MAX_BYTES = 5_000_000
"""The size above which a file is not taken for a record of one trial."""

MAX_DEPTH = 20
"""How deep the parts of a record may stand in one another."""

YAML_LOADER = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
"""The loader in C where PyYAML has it: it says the same, faster."""


@dataclass(frozen=True)
class LoadedRecord:
    """A record with the name and hash of its file, and the line (from 1) on which each of its fields stands."""

    name: str
    sha256: str
    record: TrialRecord
    lines: Mapping[RecordPath, int]

    def line(self, path: RecordPath) -> int | None:
        """The line of a field, or of the nearest part of the record that contains it."""
        return next((self.lines[path[:end]] for end in range(len(path), -1, -1) if path[:end] in self.lines), None)

    def fault(self, path: RecordPath, found: str, allowed: str) -> Fault:
        """A fault of a field, named and with its line."""
        return Fault(_field(path), self.line(path), found, allowed)


def load_record(path: Path, terms: Terms) -> LoadedRecord:
    """Read and validate one record. Raises RecordError with all faults; never returns half a record."""
    content = _read(path)
    tree, lines, faults = _parse(path.name, content)
    try:
        record = TrialRecord.model_validate(tree, context=Context(terms, declared_names(tree)))
    except ValidationError as error:
        faults += [_fault(detail, lines) for detail in _own_errors(error)]
    else:
        faults += _declaration_faults(record, lines)
    if faults:
        raise RecordError(path.name, sorted(faults, key=lambda fault: (fault.line or 0, fault.field)))
    return LoadedRecord(path.name, hashlib.sha256(content).hexdigest(), record, lines)


def _read(path: Path) -> bytes:
    try:
        size = path.stat().st_size
        if size > MAX_BYTES:
            raise RecordError(path.name, [Fault("", None, f"has {size} bytes", f"at most {MAX_BYTES} are read")])
        return path.read_bytes()
    except OSError as error:
        reason = error.strerror or str(error)
        raise RecordError(
            path.name, [Fault("", None, f"cannot be read: {reason}", "must be a readable file")]
        ) from error


def _parse(name: str, content: bytes) -> tuple[dict[str, Any], dict[RecordPath, int], list[Fault]]:
    """The record as mappings, lists and text, the line of each part, and the faults of the YAML itself."""
    try:
        text = content.decode("utf-8")
        _refuse_aliases_and_depth(name, text)
        node = yaml.compose(text, Loader=YAML_LOADER)
    except UnicodeDecodeError as error:
        raise RecordError(
            name, [Fault("", None, f"is not UTF-8 at byte {error.start}", "must be UTF-8 text")]
        ) from error
    except yaml.MarkedYAMLError as error:
        line = error.problem_mark.line + 1 if error.problem_mark else None
        problem = error.problem or "is not YAML"
        raise RecordError(name, [Fault("", line, f"is not YAML: {problem}", "must be one YAML mapping")]) from error
    except yaml.YAMLError as error:
        raise RecordError(
            name, [Fault("", None, "is not YAML that can be read", "must be one YAML mapping")]
        ) from error
    if not isinstance(node, yaml.MappingNode):
        raise RecordError(name, [Fault("", 1, "is not a mapping", "must be one YAML mapping")])
    lines: dict[RecordPath, int] = {}
    faults: list[Fault] = []
    tree = _tree(node, (), lines, faults)
    assert isinstance(tree, dict)
    return tree, lines, faults


def _refuse_aliases_and_depth(name: str, text: str) -> None:
    """Look at the events of a text one by one, before anything is built of them."""
    depth = 0
    for event in yaml.parse(text, Loader=YAML_LOADER):
        line = event.start_mark.line + 1 if event.start_mark else None
        depth += isinstance(event, yaml.CollectionStartEvent) - isinstance(event, yaml.CollectionEndEvent)
        if depth > MAX_DEPTH:
            raise RecordError(name, [Fault("", line, "is nested too deeply", f"at most {MAX_DEPTH} levels")])
        if isinstance(event, yaml.AliasEvent):
            raise RecordError(name, [Fault("", line, "uses an alias (*)", "write the value out where it belongs")])


def _tree(node: yaml.Node, path: RecordPath, lines: dict[RecordPath, int], faults: list[Fault]) -> Any:
    lines[path] = node.start_mark.line + 1
    if isinstance(node, yaml.MappingNode):
        mapping: dict[str, Any] = {}
        for key_node, value_node in node.value:
            key, line = str(key_node.value), key_node.start_mark.line + 1
            if key in mapping:
                faults.append(Fault(_field((*path, key)), line, "stands twice", "each field may stand once"))
            mapping[key] = _tree(value_node, (*path, key), lines, faults)
            lines[*path, key] = line
        return mapping
    if isinstance(node, yaml.SequenceNode):
        return [_tree(item, (*path, index), lines, faults) for index, item in enumerate(node.value)]
    return node.value


def _field(path: RecordPath) -> str:
    """How a field is called in messages: `contrasts[0].upper`."""
    text = "".join(f"[{part}]" if isinstance(part, int) else f".{part}" for part in path)
    return text.removeprefix(".")


def _own_errors(error: ValidationError) -> list[ErrorDetails]:
    """The errors, but for lists that are only too short because one of their items was at fault."""
    details = error.errors(include_url=False)
    return [
        detail
        for detail in details
        if detail["type"] != "too_short"
        or not any(len(other["loc"]) > len(detail["loc"]) == _shared(other, detail) for other in details)
    ]


def _shared(one: ErrorDetails, other: ErrorDetails) -> int:
    """How many steps two errors' places have in common from the start."""
    pairs = zip(one["loc"], other["loc"], strict=False)
    return next((step for step, (a, b) in enumerate(pairs) if a != b), min(len(one["loc"]), len(other["loc"])))


def _fault(detail: ErrorDetails, lines: Mapping[RecordPath, int]) -> Fault:
    """One of pydantic's errors in the words of a record."""
    path = tuple(part for part in detail["loc"] if part != "[key]")
    known = next(path[:end] for end in range(len(path), -1, -1) if path[:end] in lines)
    field, line = _field(path), lines[known]
    kind, value = detail["type"], detail["input"]
    match kind:
        case "extra_forbidden":
            allowed = allowed_text(sorted(_fields_at(path[:-1])), str(path[-1]))
            return Fault(field, line, "is not a field of a record", allowed)
        case "missing":
            return Fault(field, line, "is missing", "must be given")
        case "contradiction":
            return Fault(field, line, "contradicts itself", detail["msg"])
        case "too_short":
            return Fault(field, line, "has too few items", f"must have at least {detail['ctx']['min_length']}")
        case "value_error":
            return Fault(field, line, f"is {value!r}", str(detail.get("ctx", {}).get("error", detail["msg"])))
        case "string_pattern_mismatch":
            return Fault(field, line, f"is {value!r}", f"must match {detail['ctx']['pattern']}")
        case "dict_type" | "model_type" | "tuple_type" | "string_type" | "model_attributes_type":
            wanted = {"dict_type": "a mapping", "tuple_type": "a list", "string_type": "text"}.get(kind, "a mapping")
            return Fault(field, line, f"is {_shape(value)}", f"must be {wanted}")
        case _:
            allowed = detail["msg"]
            return Fault(field, line, f"is {value!r}", allowed[:1].lower() + allowed[1:])


def _shape(value: object) -> str:
    match value:
        case dict():
            return "a mapping"
        case list():
            return "a list"
        case _:
            return f"the text {value!r}"


def _fields_at(path: RecordPath) -> set[str]:
    """The fields that the part of a record at a path may have."""
    part = TrialRecord.model_json_schema()
    definitions = part["$defs"]
    for step in path:
        part = _resolve(part, definitions)
        if isinstance(step, int):
            part = part.get("items", {})
        else:
            part = part.get("properties", {}).get(step) or part.get("additionalProperties") or {}
    return set(_resolve(part, definitions).get("properties", {}))


def _resolve(part: dict[str, Any], definitions: Mapping[str, Any]) -> dict[str, Any]:
    while True:
        if "$ref" in part:
            part = definitions[part["$ref"].rpartition("/")[2]]
        elif "anyOf" in part:
            part = next((option for option in part["anyOf"] if option.get("type") != "null"), {})
        else:
            return part


def _declaration_faults(record: TrialRecord, lines: Mapping[RecordPath, int]) -> list[Fault]:
    """Names declared twice, passages that nothing cites, and passages without a text to find them in."""
    faults = []
    for section in ("arms", "criteria", "stratification", "treatment_rules", "endpoints", "analysis_sets", "analyses"):
        faults += _repeated(section, getattr(record, section), lines)
    for section in ("estimates", "contrasts", "safety", "baseline", "claims", "regulatory", "conflicts"):
        faults += _repeated(section, getattr(record, section), lines)
    cited = _cited(record)
    for name, passage in record.passages.items():
        path: RecordPath = ("passages", name)
        if name not in cited:
            faults.append(Fault(_field(path), lines[path], "is cited nowhere", "must be cited, or taken out"))
        if name in record.sources:
            faults.append(Fault(_field(path), lines[path], "is the name of a source too", "must be a name of its own"))
        if passage.end <= passage.start:
            found = f"is {passage.end}"
            faults.append(
                Fault(_field((*path, "end")), lines[*path, "end"], found, f"must be above start, {passage.start}")
            )
        if record.sources[passage.source].text_sha256 is None:
            found = f"is {passage.source}, whose text was not at hand"
            faults.append(Fault(_field((*path, "source")), lines[*path, "source"], found, "must have text_sha256"))
    return faults


def _cited(part: object) -> set[str]:
    """The places that a part of a record cites, at any depth."""
    match part:
        case Place():
            return {part.at}
        case BaseModel():
            return set().union(*(_cited(getattr(part, name)) for name in type(part).model_fields))
        case tuple():
            return set().union(*map(_cited, part))
        case dict():
            return set().union(*map(_cited, part.values()))
        case _:
            return set()


def _repeated(section: str, items: tuple[Any, ...], lines: Mapping[RecordPath, int]) -> list[Fault]:
    seen: set[str] = set()
    faults = []
    for index, item in enumerate(items):
        if item.id in seen:
            path: RecordPath = (section, index, "id")
            faults.append(
                Fault(_field(path), lines[path], f"is {item.id!r}", f"must be the only one of that name in {section}")
            )
        seen.add(item.id)
    return faults
