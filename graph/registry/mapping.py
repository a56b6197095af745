"""Map records in processes of their own: batches of records in, packs of lines on the shelf and rows out.

In: records as they were read, a batch at a time. Out: an `Outcome` for each batch, in the order of the batches: the rows
of what was mapped, what was refused and why, and what was counted. No more batches are under way than the processes can
begin, so memory stays flat.
"""

import json
import multiprocessing
import os
from collections import Counter, deque
from collections.abc import Iterable, Iterator
from concurrent.futures import Future, ProcessPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path

from equipoise.graph.registry.audit import audit_study
from equipoise.graph.registry.coverage import Coverage, leaves
from equipoise.graph.registry.indexing import derived_graph
from equipoise.graph.registry.inferred import infer_classes
from equipoise.graph.registry.lines import line_of
from equipoise.graph.registry.names import Names, load_names
from equipoise.graph.registry.packs import Lines, next_pack, write_pack
from equipoise.graph.registry.reading import RawRecord
from equipoise.graph.registry.schema import check_study
from equipoise.graph.registry.study import map_study
from equipoise.graph.registry.table import DIGEST, Row
from equipoise.ontology.errors import StudyError

__all__ = ["Outcome", "Refused", "map_records"]

BATCH_BYTES = 4 << 20
"""How much of records is mapped as one batch, and packed as one."""

AHEAD = 2
"""How many batches wait for each process."""

ODD = (ArithmeticError, AttributeError, LookupError, TypeError, ValueError)
"""What a mapper raises on a record that is not as the registry's records are, in a way the schema does not tell."""


@dataclass(frozen=True)
class Refused:
    """A record that was not mapped, and why: one reason a line."""

    record: RawRecord
    reason: str


@dataclass
class Outcome:
    """What became of some records. `rows` have the data version of each beside it; `findings` are numbers of verdicts by
    check and verdict.
    """

    rows: list[tuple[str, Row]] = field(default_factory=list)
    refused: list[Refused] = field(default_factory=list)
    coverage: Coverage = field(default_factory=Coverage)
    findings: Counter[tuple[str, str]] = field(default_factory=Counter)


Given = tuple[RawRecord, str]
"""A record as it was read, and the hash of its content (`content_hash`)."""


def map_records(data: Path, records: Iterable[Given]) -> Iterator[Outcome]:
    """Map records, and put their lines on the shelf of a data folder. Raises OSError if they cannot be written."""
    workers = os.cpu_count() or 1
    pack = next_pack(data)
    context = multiprocessing.get_context("spawn")
    with ProcessPoolExecutor(workers, mp_context=context) as pool:
        waiting = deque[Future[Outcome]]()
        try:
            for batch in _batches(records):
                waiting.append(pool.submit(_map_batch, data, pack, batch))
                pack += 1
                if len(waiting) > AHEAD * workers:
                    yield waiting.popleft().result()
            while waiting:
                yield waiting.popleft().result()
        finally:
            pool.shutdown(cancel_futures=True)


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


def _map_batch(data: Path, pack: int, batch: list[Given]) -> Outcome:
    outcome, names = Outcome(), load_names()
    mapped, versions = list[Lines](), list[str]()
    for record, content in batch:
        try:
            version, lines = _map_one(record, content, names, outcome)
        except StudyError as error:
            outcome.refused.append(Refused(record, "\n".join(str(fault) for fault in error.faults)))
        except ODD as error:
            outcome.refused.append(Refused(record, f"cannot be mapped: {type(error).__name__}: {error}"))
        else:
            mapped.append(lines)
            versions.append(version)
    if mapped:
        outcome.rows = list(zip(versions, write_pack(data, pack, mapped), strict=True))
    return outcome


def _map_one(record: RawRecord, content: str, names: Names, outcome: Outcome) -> tuple[str, Lines]:
    """The data version of a record, and its lines. Raises StudyError, or one of `ODD`."""
    study = json.loads(record.content)
    check_study(study, where=record.origin)
    before = leaves(study)
    version = str(study.get("derivedSection", {}).get("miscInfoModule", {}).get("versionHolder", ""))
    mapped = map_study(study, names=names, content_hash=content)
    findings = audit_study(mapped)
    derived = derived_graph(mapped.nct)
    lines = mapped.lines.lines()
    lines += [line_of(triple, derived) for triple in sorted([*infer_classes(mapped), *findings.triples])]
    outcome.coverage.count(before, leaves(mapped.left))
    outcome.findings.update(findings.counts)
    return version, Lines(mapped.nct, bytes.fromhex(content)[:DIGEST], lines)
