"""A mapping set as a sheet of text: its head, its columns and its rows, with the line of each.

In: the path of an SSSOM/TSV file from anywhere. Out: a `Sheet`, of which cells can be changed and which is written back
as it was otherwise, columns of others included. The file is read line by line under bounds, so that one that is no
table, or is made to harm, is refused with file and line before it takes memory. What cells mean is not looked at here.
"""

import csv
import io
import os
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import yaml

from equipoise.ontology.errors import Fault, MappingError

__all__ = ["Row", "Sheet", "read_sheet", "sheet_text", "write_sheet"]

LONGEST_LINE = 1 << 20
"""Bytes: a longer line is no row of a table."""

MOST_BYTES = 1 << 28
"""Bytes: a larger file is refused."""

MOST_HEAD_LINES = 20_000
MOST_FAULTS = 20


@dataclass
class Row:
    """One row: its line in the file, and its cells by column; empty cells are left out."""

    line: int
    cells: dict[str, str] = field(default_factory=dict)


@dataclass
class Sheet:
    """A table with its head: the lines of metadata as they stand, and what they say."""

    path: Path
    head: tuple[str, ...]
    metadata: Mapping[str, Any]
    columns: list[str]
    rows: list[Row]


def read_sheet(path: Path) -> Sheet:
    """Read a sheet. Raises MappingError with every fault found, at most twenty."""
    head: list[str] = []
    faults: list[Fault] = []
    try:
        with path.open("rb") as raw:
            lines = _lines(raw, path)
            first = next(lines, None)
            while first is not None and first[1].startswith("#") and len(head) < MOST_HEAD_LINES:
                head.append(first[1])
                first = next(lines, None)
            metadata = _metadata(path, head)
            if first is None:
                raise MappingError(
                    str(path), [Fault("", len(head) or None, "there are no columns", "must be SSSOM/TSV")]
                )
            columns = _columns(path, *first)
            rows = list(_rows(lines, columns, path, faults))
    except OSError as error:
        reason = error.strerror or str(error)
        raise MappingError(str(path), [Fault("", None, f"cannot be read: {reason}", "must be a file")]) from error
    if faults:
        raise MappingError(str(path), faults)
    return Sheet(path, tuple(head), metadata, columns, rows)


def _lines(raw: io.BufferedReader, path: Path) -> Iterator[tuple[int, str]]:
    """The lines of a file with their numbers, from 1, without their ends."""
    size = 0
    for number in range(1, MOST_BYTES):
        line = raw.readline(LONGEST_LINE + 1)
        if not line:
            return
        size += len(line)
        if len(line) > LONGEST_LINE:
            found = f"the line is longer than {LONGEST_LINE} bytes"
            raise MappingError(str(path), [Fault("", number, found, "must be a table of one mapping a line")])
        if size > MOST_BYTES:
            found = f"the file is larger than {MOST_BYTES} bytes"
            raise MappingError(str(path), [Fault("", number, found, "must be a mapping set, in parts if need be")])
        try:
            text = line.decode("utf-8-sig" if number == 1 else "utf-8")
        except UnicodeDecodeError as error:
            found = f"byte {error.start + 1} of the line is not UTF-8"
            raise MappingError(str(path), [Fault("", number, found, "must be UTF-8 text")]) from error
        if "\0" in text:
            raise MappingError(str(path), [Fault("", number, "the line has a NUL", "must be text")])
        yield number, text.rstrip("\r\n")


def _metadata(path: Path, head: Sequence[str]) -> Mapping[str, Any]:
    try:
        found = yaml.safe_load("\n".join(line[1:] for line in head)) if head else {}
    except yaml.MarkedYAMLError as error:
        line = error.problem_mark.line + 1 if error.problem_mark else 1
        found_text = f"the head is no YAML: {error.problem}"
        raise MappingError(str(path), [Fault("", line, found_text, "must be SSSOM metadata")]) from error
    except RecursionError as error:
        raise MappingError(
            str(path), [Fault("", 1, "the head is nested too deep", "must be SSSOM metadata")]
        ) from error
    except yaml.YAMLError as error:
        raise MappingError(
            str(path), [Fault("", 1, f"the head is no YAML: {error}", "must be SSSOM metadata")]
        ) from error
    if not isinstance(found, dict | None):
        raise MappingError(str(path), [Fault("", 1, "the head is no list of slots", "must be SSSOM metadata")])
    return found or {}


def _columns(path: Path, number: int, line: str) -> list[str]:
    columns = [name.strip() for name in line.split("\t")]
    if len(columns) < 2:
        found = f"the line has no tab: {line[:60]!r}"
        raise MappingError(str(path), [Fault("", number, found, "must be the names of columns, separated by tabs")])
    while columns and not columns[-1]:
        columns.pop()
    twice = sorted({name for name in columns if columns.count(name) > 1})
    if twice:
        found = f"the column {twice[0] or 'without a name'} stands twice"
        raise MappingError(str(path), [Fault("", number, found, "must be once")])
    return columns


def _rows(lines: Iterator[tuple[int, str]], columns: Sequence[str], path: Path, faults: list[Fault]) -> Iterator[Row]:
    for number, line in lines:
        if not line.strip():
            continue
        try:
            cells = next(csv.reader([line], delimiter="\t", strict=True))
        except csv.Error as error:
            faults.append(Fault("", number, f"the row cannot be read: {error}", "must be cells separated by tabs"))
            cells = []
        if len(cells) > len(columns) and any(cells[len(columns) :]):
            faults.append(Fault("", number, f"the row has {len(cells)} cells", f"must be at most {len(columns)}"))
        if len(faults) >= MOST_FAULTS:
            raise MappingError(str(path), faults)
        values = {name: cell.strip() for name, cell in zip(columns, cells, strict=False)}
        yield Row(number, {name: cell for name, cell in values.items() if cell})


def sheet_text(sheet: Sheet) -> str:
    """The sheet as SSSOM/TSV."""
    written = io.StringIO()
    written.writelines(f"{line}\n" for line in sheet.head)
    writer = csv.writer(written, delimiter="\t", lineterminator="\n")
    writer.writerow(sheet.columns)
    writer.writerows([row.cells.get(name, "") for name in sheet.columns] for row in sheet.rows)
    return written.getvalue()


def write_sheet(sheet: Sheet) -> None:
    """Write a sheet in the place of the file it was read from, in one step. Raises MappingError if it cannot be."""
    path = sheet.path
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        handle, name = tempfile.mkstemp(prefix=".new-", dir=path.parent)
        try:
            with os.fdopen(handle, "w", encoding="utf-8", newline="") as file:
                file.write(sheet_text(sheet))
            Path(name).chmod(path.stat().st_mode & 0o777 if path.exists() else 0o644)
            os.replace(name, path)
        finally:
            Path(name).unlink(missing_ok=True)
    except OSError as error:
        found = f"cannot be written: {error.strerror or error}"
        raise MappingError(str(path), [Fault("", None, found, "must be in a writable folder")]) from error
