"""Map records in processes of their own: batches of records in, packs of lines on the shelf and rows out.

In: records as they were read, a batch at a time. Out: an `Outcome` for each batch, in the order of the batches: the
rows of what was mapped, what was refused and why, and what was counted. No more batches are under way than the
processes can begin, so memory stays flat. A single batch is mapped at once: starting processes would take longer.

Those processes write nothing, and end with the one that started them: whatever ends that, nobody writes after it.
"""

import multiprocessing
import os
from collections import Counter, deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Future, ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from dataclasses import dataclass, field
from functools import cache, partial
from itertools import chain, count, islice
from pathlib import Path
from threading import Thread
from typing import TypeVar

import msgspec

from equipoise.graph.registry.audit import audit_record, finding_triples
from equipoise.graph.registry.changes import changes
from equipoise.graph.registry.coverage import Coverage, leaves
from equipoise.graph.registry.indexing import derived_graph
from equipoise.graph.registry.inferred import inferred_triples, prepare
from equipoise.graph.registry.lines import line_of
from equipoise.graph.registry.names import Names, load_names
from equipoise.graph.registry.packs import Lines, next_pack, pack_records, put_pack, read_lines
from equipoise.graph.registry.reading import RawRecord
from equipoise.graph.registry.schema import check_study
from equipoise.graph.registry.study import MappedStudy, map_study
from equipoise.graph.registry.table import DIGEST, EMPTY, Row, Table
from equipoise.ontology.errors import ReleaseError, StudyError

__all__ = ["Outcome", "Refused", "map_records"]

Found = TypeVar("Found")

BATCH_BYTES = 4 << 20
"""How much of records is mapped as one batch, and packed as one."""

AHEAD = 2
"""How many batches wait for each process."""

ODD = (ArithmeticError, AttributeError, LookupError, TypeError, ValueError)
"""What a mapper raises on a record that is not as the registry's records are, in a way the schema does not tell."""


@dataclass(frozen=True)
class Refused:
    """A record that was not mapped, and why."""

    record: RawRecord
    reasons: tuple[str, ...]


@dataclass
class Outcome:
    """What became of some records. Beside each row stand the origin and the data version of its record; `findings` are
    numbers of verdicts by check and verdict.
    """

    rows: list[tuple[str, str, Row]] = field(default_factory=list)
    refused: list[Refused] = field(default_factory=list)
    coverage: Coverage = field(default_factory=Coverage)
    findings: Counter[tuple[str, str]] = field(default_factory=Counter)


Given = tuple[RawRecord, str]
"""A record as it was read, and the hash of its content (`content_hash`)."""


def map_records(data: Path, records: Iterable[Given], *, before: Path | None) -> Iterator[Outcome]:
    """Map records, and put their lines on the shelf of a data folder. `before` is the file of the table of the records
    that were mapped before, if any: what changed since is stated too. Raises OSError if something cannot be written,
    ReleaseError if a process was ended from outside.
    """
    batches = _batches(records)
    first = list(islice(batches, 2))
    packed = _one_by_one if len(first) < 2 else _together
    for number, pack, outcome in packed(data, chain(first, batches), before):
        if pack:
            put_pack(data, number, pack)
        yield outcome


Packed = tuple[int, bytes, Outcome]
"""The number of a pack, the pack, which is empty if nothing was mapped, and what became of its batch."""


def _one_by_one(data: Path, batches: Iterable[list[Given]], before: Path | None) -> Iterator[Packed]:
    """Map batches in this process."""
    for number, batch in zip(count(next_pack(data)), batches):
        yield _map_batch(data, number, batch, before)


def _together(data: Path, batches: Iterable[list[Given]], before: Path | None) -> Iterator[Packed]:
    """Map batches in processes of their own, one for each core."""
    workers = os.cpu_count() or 1
    spawn = multiprocessing.get_context("spawn")
    with ProcessPoolExecutor(workers, mp_context=spawn, initializer=_end_with_parent) as pool:
        waiting = deque[Future[Packed]]()
        try:
            for number, batch in zip(count(next_pack(data)), batches):
                waiting.append(pool.submit(_map_batch, data, number, batch, before))
                if len(waiting) > AHEAD * workers:
                    yield waiting.popleft().result()
            while waiting:
                yield waiting.popleft().result()
        except BrokenProcessPool as error:
            found = "a process that maps records was ended from outside"
            raise ReleaseError(str(data), found=found, allowed="load them again, with more memory") from error
        finally:
            pool.shutdown(cancel_futures=True)


def _end_with_parent() -> None:
    """End this process when the one that started it does, also when that is killed."""
    parent = multiprocessing.parent_process()
    assert parent is not None

    def wait() -> None:
        parent.join()
        os._exit(1)

    Thread(target=wait, daemon=True).start()


def _batches(records: Iterable[Given]) -> Iterator[list[Given]]:
    batch, size = list[Given](), 0
    for record, content in records:
        batch.append((record, content))
        size += len(record.content)
        if size >= BATCH_BYTES:
            yield batch
            batch, size = [], 0
    if batch:
        yield batch


def _map_batch(data: Path, number: int, batch: list[Given], before: Path | None) -> Packed:
    outcome, mapper = Outcome(), _Mapper(data, load_names(), _table(before))
    begun: list[tuple[Given, _Begun]] = []
    for record, content in batch:
        if (found := _or_refused(partial(mapper.begin, record, content), record, outcome)) is not None:
            begun.append(((record, content), found))
    prepare(one.mapped for _, one in begun)
    mapped, about = list[Lines](), list[tuple[str, str]]()
    for (record, content), one in begun:
        lines = _or_refused(partial(mapper.finish, one, content, outcome), record, outcome)
        if lines is not None:
            mapped.append(lines)
            about.append((record.origin, one.version))
    pack, rows = pack_records(number, mapped)
    outcome.rows = [(*said, row) for said, row in zip(about, rows, strict=True)]
    return number, pack, outcome


@cache
def _table(path: Path | None) -> Table:
    return Table.open(path) if path else EMPTY


@dataclass(frozen=True)
class _Begun:
    """A record that is mapped but for what follows from it: its data version, its leaves, and what it became."""

    version: str
    there: dict[str, int]
    mapped: MappedStudy


@dataclass(frozen=True)
class _Mapper:
    """What mapping a record needs beside the record."""

    data: Path
    names: Names
    before: Table

    def begin(self, record: RawRecord, content: str) -> _Begun:
        """Map a record but for what follows from it. Raises StudyError, or one of `ODD`."""
        study = msgspec.json.decode(record.content)
        check_study(study, where=record.origin)
        there = leaves(study)
        version = str(study.get("derivedSection", {}).get("miscInfoModule", {}).get("versionHolder", ""))
        return _Begun(version, there, map_study(study, names=self.names, content_hash=content))

    def finish(self, begun: _Begun, content: str, outcome: Outcome) -> Lines:
        """The lines of a record with what follows from it, what failed, and what changed. Raises one of `ODD`."""
        mapped, nct = begun.mapped, begun.mapped.nct
        audit = audit_record(mapped.lines)
        known = self.before.find(nct)
        since = changes(read_lines(self.data, [known])[0], mapped.lines) if known else []
        derived = sorted({*inferred_triples(mapped), *finding_triples(audit.findings), *since})
        lines = mapped.lines.lines() + [line_of(triple, derived_graph(nct)) for triple in derived]
        outcome.coverage.count(begun.there, leaves(mapped.left))
        outcome.findings.update(audit.counts)
        return Lines(nct, bytes.fromhex(content)[:DIGEST], lines)


def _or_refused(work: Callable[[], Found], record: RawRecord, outcome: Outcome) -> Found | None:
    """What some work on a record gives; None, and the record among the refused, if it cannot be done."""
    try:
        return work()
    except StudyError as error:
        outcome.refused.append(Refused(record, tuple(str(fault) for fault in error.faults)))
    except ODD as error:
        outcome.refused.append(Refused(record, (f"cannot be mapped: {type(error).__name__}: {error}",)))
    return None
