"""Mapping sets: tables of SSSOM (a header of comments in YAML, then tab-separated values), read, judged and written.

In: a file. Out: a `MappingSet`, whose mappings are records of sssom-pydantic with the IRIs that their CURIEs stand for,
and the line on which they stand. All faults of a file are found in one go, each with its line and column. Nothing is
fetched, and nothing that is missing is guessed.
"""

import csv
import io
import os
import tempfile
from collections.abc import Iterable, Iterator
from collections.abc import Mapping as Map
from dataclasses import dataclass
from pathlib import Path

import curies
import yaml
from pydantic import ValidationError
from sssom_pydantic import MappingSetRecord, Record
from sssom_pydantic.constants import BUILTIN_CONVERTER, PROPAGATABLE
from sssom_pydantic.io import row_to_record, write_unprocessed
from sssom_pydantic.models import MULTIPLE_REFERENCE_FIELDS, SINGLE_REFERENCE_FIELDS

from equipoise.ontology.errors import Fault, MappingError
from equipoise.ontology.iri import prefixes
from equipoise.ontology.rdf import SKOS
from equipoise.ontology.terms import allowed_text

__all__ = ["MATCHES", "Mapping", "MappingSet", "read_mappings", "used_prefixes", "write_mappings"]

MATCHES = tuple(SKOS + name for name in ("exactMatch", "closeMatch", "broadMatch", "narrowMatch", "relatedMatch"))
"""The predicates of a mapping of ours, from the strongest to the weakest."""

REQUIRED = ("subject_id", "predicate_id", "object_id", "mapping_justification")
SAME_AS = "http://www.w3.org/2002/07/owl#sameAs"
REFERENCES = frozenset(SINGLE_REFERENCE_FIELDS | MULTIPLE_REFERENCE_FIELDS)
MOST_FAULTS = 100
"""How many faults of a file a message lists."""


@dataclass(frozen=True)
class Mapping:
    """One row: the IRIs of what it joins and how, all that it says, and the line on which it stands."""

    subject: str
    predicate: str
    object: str
    record: Record
    line: int

    @property
    def is_negative(self) -> bool:
        """Whether the row says that the two do not match so."""
        return self.record.predicate_modifier is not None


@dataclass(frozen=True)
class MappingSet:
    """A file: its path, what its header says, the prefixes of its CURIEs, its mappings in order."""

    path: Path
    metadata: MappingSetRecord
    converter: curies.Converter
    mappings: tuple[Mapping, ...]

    def expand(self, short: str) -> str:
        """The IRI of a CURIE of this file."""
        return self.converter.expand(short, strict=True)

    def fault(self, mapping: Mapping, column: str, found: str, allowed: str) -> MappingError:
        """The error that something is wrong with a mapping of this file."""
        return MappingError(str(self.path), [Fault(column, mapping.line, found, allowed)])


def read_mappings(path: Path, *, predicates: Iterable[str] | None = MATCHES) -> MappingSet:
    """Read a file. Only the predicates given may stand in it; any that its prefixes can spell if None.

    Raises MappingError with every fault of the file.
    """
    text = _text(path)
    header = list(_header_lines(text))
    metadata = _metadata(path, header)
    converter = curies.chain([curies.Converter.from_prefix_map(metadata.curie_map or {}), BUILTIN_CONVERTER])
    reader = _Reader(path, metadata, converter, None if predicates is None else tuple(predicates))
    mappings = tuple(reader.mappings(text, len(header)))
    if reader.faults:
        raise MappingError(str(path), reader.faults[:MOST_FAULTS])
    return MappingSet(path, metadata, converter, mappings)


def write_mappings(path: Path, records: Iterable[Record], *, metadata: MappingSetRecord) -> None:
    """Write a file in one step, rows in order of subject, object and predicate, with the prefixes that they use.

    What all rows say alike goes into the header where SSSOM allows it. Raises OSError if it cannot be written.
    """
    rows = sorted(records, key=lambda record: (record.subject_id, record.object_id, record.predicate_id))
    known = {**prefixes(), **(metadata.curie_map or {})}
    used = {prefix: known[prefix] for prefix in used_prefixes(rows, metadata) if prefix in known}
    handle, name = tempfile.mkstemp(prefix=".new-", dir=path.parent)
    try:
        with os.fdopen(handle, "w", encoding="utf-8", newline="") as file:
            content = io.StringIO(newline="")
            write_unprocessed(rows, content, metadata=metadata.model_copy(update={"curie_map": used}))
            file.write(content.getvalue().replace("\r\n", "\n"))
        os.chmod(name, 0o644)
        os.replace(name, path)
    finally:
        Path(name).unlink(missing_ok=True)


def used_prefixes(records: Iterable[Record], metadata: MappingSetRecord) -> list[str]:
    """The prefixes of all CURIEs in records and in what their header says, sorted."""
    said = metadata.model_dump(exclude_none=True, mode="json")
    texts = [text for record in records for _, text in _references(record)]
    texts += [text for name in (REFERENCES & set(said)) for text in _listed(said[name])]
    texts += [
        definition["property"] for definition in said.get("extension_definitions", []) if "property" in definition
    ]
    return sorted({text.partition(":")[0] for text in texts if ":" in text and "://" not in text})


class _Reader:
    """One reading of a file's rows; gathers what is wrong with them."""

    def __init__(
        self,
        path: Path,
        metadata: MappingSetRecord,
        converter: curies.Converter,
        predicates: tuple[str, ...] | None,
    ) -> None:
        self.faults: list[Fault] = []
        self._path = path
        self._namespaces = dict(converter.prefix_map)
        self._converter = converter
        self._predicates = predicates
        said = metadata.model_dump(exclude_none=True, mode="json")
        self._propagated = {name: said[name] for name in PROPAGATABLE if name in said}
        self._extensions = metadata.process(converter).extension_definitions

    def mappings(self, text: str, header: int) -> Iterator[Mapping]:
        """The mappings of the rows, but for rows with a fault."""
        reader = csv.reader(io.StringIO(text), delimiter="\t")
        for _ in range(header):
            next(reader)
        columns = [name.strip() for name in next(reader, [])]
        missing = [name for name in REQUIRED if name not in columns and name not in self._propagated]
        if missing:
            found = f"has the columns {', '.join(columns) or 'none'}"
            self.faults.append(Fault("", header + 1, found, f"must have {', '.join(missing)} too"))
            return
        seen: dict[tuple[str, str, str], int] = {}
        try:
            for row in reader:
                mapping = self._mapping(columns, row, reader.line_num) if any(row) else None
                if mapping is None:
                    continue
                key = (mapping.subject, mapping.predicate, mapping.object)
                if key in seen:
                    self._fault("object_id", mapping.line, f"repeats the mapping of line {seen[key]}", "must be once")
                    continue
                seen[key] = mapping.line
                yield mapping
        except csv.Error as error:
            self._fault("", reader.line_num, f"is no row of tab-separated values: {error}", "")

    def _mapping(self, columns: list[str], row: list[str], line: int) -> Mapping | None:
        before = len(self.faults)
        if len(row) > len(columns):
            self._fault("", line, f"has {len(row)} values", f"must have {len(columns)}, one for each column")
        given = {name: value.strip() for name, value in zip(columns, row, strict=False) if value.strip()}
        for name in REQUIRED:
            if name not in given and name not in self._propagated:
                self._fault(name, line, "is empty", "must be given")
        if len(self.faults) > before:
            return None
        try:
            record = row_to_record(
                {**self._propagated, **given}, converter=self._converter, extension_definitions=self._extensions
            )
        except ValidationError as error:
            for one in error.errors():
                self._fault(str(one["loc"][0]), line, f"is {one['input']!r}", one["msg"][:1].lower() + one["msg"][1:])
            return None
        except (
            ValueError,
            KeyError,
        ) as error:  # a slot of the file's own that has not the type it says, or an odd type
            self._fault("", line, f"cannot be read: {error}", "")
            return None
        self._check_references(record, line)
        if len(self.faults) > before:
            return None
        subject, predicate, target = map(self._expand, (record.subject_id, record.predicate_id, record.object_id))
        self._check_predicate(record, predicate, line)
        return Mapping(subject, predicate, target, record, line) if len(self.faults) == before else None

    def _check_references(self, record: Record, line: int) -> None:
        for name, text in _references(record):
            prefix, colon, local = text.partition(":")
            if not colon or not local:
                self._fault(name, line, f"is {text!r}", "must be a CURIE: a prefix, a colon and an identifier")
            elif prefix not in self._namespaces:
                known = sorted(self._namespaces)
                self._fault(name, line, f"is {text!r}, and curie_map has no {prefix!r}", allowed_text(known, prefix))

    def _expand(self, short: str) -> str:
        prefix, _, local = short.partition(":")
        return self._namespaces[prefix] + local

    def _check_predicate(self, record: Record, predicate: str, line: int) -> None:
        if self._predicates is None or predicate in self._predicates:
            return
        allowed = ", ".join(self._converter.compress(iri) or iri for iri in self._predicates)
        why = ", which would make one thing of two" if predicate == SAME_AS else ""
        self._fault("predicate_id", line, f"is {record.predicate_id}{why}", f"must be one of {allowed}")

    def _fault(self, column: str, line: int, found: str, allowed: str) -> None:
        self.faults.append(Fault(column, line, found, allowed))


def _text(path: Path) -> str:
    try:
        return path.read_bytes().decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = error.object[: error.start].count(b"\n") + 1
        raise MappingError(str(path), [Fault("", line, "is not UTF-8", "must be")]) from error
    except OSError as error:
        raise MappingError(str(path), [Fault("", None, f"cannot be read: {error.strerror}", "")]) from error


def _header_lines(text: str) -> Iterator[str]:
    """The lines of the header."""
    for line in io.StringIO(text):
        if not line.startswith("#"):
            return
        yield line


def _metadata(path: Path, header: list[str]) -> MappingSetRecord:
    """What the header says. Raises MappingError if it cannot be understood, or says too little."""
    try:
        said = yaml.safe_load("".join(line.removeprefix("#") for line in header)) or {}
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        fault = Fault("", mark.line + 1 if mark else 1, "is not YAML, as the header must be", str(error).split("\n")[0])
        raise MappingError(str(path), [fault]) from error
    if not isinstance(said, Map):
        raise MappingError(str(path), [Fault("", 1, "is a header without names of slots", "must be name: value")])
    try:
        return MappingSetRecord.model_validate(said)
    except ValidationError as error:
        faults = [
            Fault(
                str(one["loc"][0]), _line_of(str(one["loc"][0]), header), _found(one["type"], one["input"]), one["msg"]
            )
            for one in error.errors()
        ]
        raise MappingError(str(path), faults) from error


def _found(kind: str, value: object) -> str:
    return "is missing from the header" if kind == "missing" else f"is {value!r} in the header"


def _line_of(name: str, header: list[str]) -> int:
    """The line of the header on which a slot stands, the first if none."""
    lines = (number for number, line in enumerate(header, 1) if line.removeprefix("#").strip().startswith(f"{name}:"))
    return next(lines, 1)


def _references(record: Record) -> Iterator[tuple[str, str]]:
    """The slots of a record that hold CURIEs, with each of them."""
    for name in sorted(REFERENCES):
        for text in _listed(getattr(record, name)):
            yield name, text


def _listed(value: object) -> list[str]:
    if value is None:
        return []
    return [str(one) for one in value] if isinstance(value, list) else [str(value)]
