"""Load registry records into the store: what changed becomes part of a new release, all else stays as it is.

    files → records → lines in packs (`mapping`) → table → release, served beside the curated records

In: a data folder with a release, and records. Out: a `Report`, and the new release in service. A record whose content
is that of before is not even mapped, and one whose lines are those of before is not written. Until the new release is
in service nothing of the old is touched: whoever ends this in the middle leaves packs that no release names, which the
next load removes.
"""

import sys
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

from equipoise.graph.history import Entry, record
from equipoise.graph.issue import reissue_release
from equipoise.graph.lock import hold
from equipoise.graph.registry.coverage import Coverage
from equipoise.graph.registry.mapping import Given, map_records
from equipoise.graph.registry.packs import clear_packs
from equipoise.graph.registry.quarantine import Quarantine
from equipoise.graph.registry.reading import RawRecord, Unreadable, content_hash, data_version, read_records
from equipoise.graph.registry.table import DIGEST, Row, Table, nct_of
from equipoise.graph.release import RECORDS, Release, current_release, releases_on_disk
from equipoise.ontology.errors import ReleaseError

__all__ = ["Report", "load_registry"]


@dataclass
class Report:
    """What became of the records: how many were read, were as before, came, changed, were refused; how much of
    them became statements; verdicts by check; and the release that is in service now.
    """

    release: Release
    read: int = 0
    unchanged: int = 0
    added: int = 0
    changed: int = 0
    refused: list[tuple[str, tuple[str, ...]]] = field(default_factory=list)
    coverage: Coverage = field(default_factory=Coverage)
    findings: Counter[tuple[str, str]] = field(default_factory=Counter)


def load_registry(
    data: Path,
    paths: Iterable[Path],
    *,
    who: str | None = None,
    why: str | None = None,
    report: Callable[[str], object] = str,
) -> Report:
    """Load the records that stand in files and folders. `report` is told each step.

    Of several versions of one record the newest is taken. Raises LockError if another process is writing, ReleaseError
    if there is no release or the folder cannot be written.
    """
    with hold(data):
        before = current_release(data)
        found = Report(before)
        _clear_packs(data)
        table = _with_records(data, before, read_records(paths), found, report)
        if table.sha256 != before.table.sha256:
            report("making the release")
            found.release = reissue_release(data, before, table=table)
            entry = Entry.of_now(release=found.release.id, before=before.id, how="registry load", who=who, why=why)
            record(data, entry)
        _clear_packs(data)
    return found


def _with_records(
    data: Path,
    before: Release,
    records: Iterable[RawRecord | Unreadable],
    found: Report,
    report: Callable[[str], object],
) -> Table:
    """The table with the records that were read; what was refused is in quarantine."""
    quarantine, table = Quarantine(data), before.table
    newest: dict[int, tuple[str, Row]] = {}
    standing: dict[int, str] = {}
    mapped = 0
    try:
        given = _changed(table, records, found, quarantine, standing)
        for outcome in map_records(data, given, before=before.folder / RECORDS if len(table) else None):
            for origin, version, row in outcome.rows:
                quarantine.take(origin, row.nct)
                if row.number not in newest or newest[row.number][0] <= version:
                    newest[row.number] = (version, row)
            for refused in outcome.refused:
                _refuse(quarantine, refused.record, refused.reasons, found)
            found.coverage.add(outcome.coverage)
            found.findings += outcome.findings
            mapped += len(outcome.rows)
            report(f"{found.read:,} records read, {mapped:,} mapped")
    except OSError as error:
        raise _unwritable(data, error) from error
    rows = [row for number, (version, row) in newest.items() if number not in standing or version > standing[number]]
    there = {row.number: table.find(row.nct) for row in rows}
    coming = [row for row in rows if (old := there[row.number]) is None or old.lines != row.lines]
    found.added = sum(there[row.number] is None for row in coming)
    found.changed = len(coming) - found.added
    found.unchanged += len(rows) - len(coming)
    return table.with_rows(coming)


def _changed(
    table: Table,
    records: Iterable[RawRecord | Unreadable],
    found: Report,
    quarantine: Quarantine,
    standing: dict[int, str],
) -> Iterator[Given]:
    """The records whose content is not in the table; what cannot be read is put aside. The newest data version of each
    record whose content is there goes into `standing`, by number.
    """
    known = table.contents
    for one in records:
        found.read += 1
        if isinstance(one, Unreadable):
            _refuse(quarantine, one, (one.reason,), found)
            continue
        content = content_hash(one.content)
        number = known.get(bytes.fromhex(content)[:DIGEST])
        if number is not None:
            found.unchanged += 1
            standing[number] = max(standing.get(number, ""), sys.intern(data_version(one.content)))
            quarantine.take(one.origin, nct_of(number))
        else:
            yield one, content


def _refuse(quarantine: Quarantine, one: RawRecord | Unreadable, reasons: tuple[str, ...], found: Report) -> None:
    found.refused.append((one.origin, reasons))
    quarantine.refuse(one.origin, reasons, one.content)


def _clear_packs(data: Path) -> None:
    """Remove the packs that no release names: of a load that was ended in the middle, or led to a release of before."""
    try:
        clear_packs(data, but=(release.table for release in releases_on_disk(data)))
    except OSError as error:
        raise _unwritable(data, error) from error


def _unwritable(data: Path, error: OSError) -> ReleaseError:
    return ReleaseError(str(data), found=f"cannot be written: {error}", allowed="must be a writable folder with room")
