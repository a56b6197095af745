"""What a curator decides about proposals: kept in the file of proposals itself, and taken over into our tables.

In: a sheet of proposals, on which somebody wrote decisions, in a terminal or by hand. Out: the same sheet with them,
and the table of the data folder that the next build takes in.

    reviewer_agreement  predicate_modifier   what it means
    empty, or 0         empty                open
    1 (any above 0)     empty                accepted, with the predicate that stands in the row
    any                 Not                  rejected: the row now says, rightly, that the two do not match
    below 0             empty                rejected likewise

Both go into the table: what is accepted is a link, what is rejected a statement that there is none, so that it is not
proposed again.
"""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from datetime import date as Date
from enum import StrEnum
from pathlib import Path

from sssom_pydantic import MappingSetRecord, Record

from equipoise.graph.linking.incoming import links_of_sheet
from equipoise.graph.linking.proposals import AUTHOR, LICENCE
from equipoise.graph.linking.sheet import Row, Sheet, read_sheet
from equipoise.graph.linking.tables import reviewed_table
from equipoise.graph.lock import hold
from equipoise.ontology.errors import Fault, MappingError
from equipoise.ontology.iri import mint
from equipoise.ontology.sssom import MATCHES, read_mappings, write_mappings
from equipoise.ontology.sssom import Mapping as Statement

__all__ = ["Decision", "Reviewer", "decide", "decision", "open_rows", "read_proposals", "take_over", "tally"]

NOT = "Not"
REVIEW_COLUMNS = ("predicate_modifier", "reviewer_agreement", "reviewer_id", "reviewer_label", "review_date")


class Decision(StrEnum):
    """What was decided about a proposal."""

    OPEN = "open"
    ACCEPTED = "accepted"
    REJECTED = "rejected"


@dataclass(frozen=True)
class Reviewer:
    """Who decides, as a CURIE (orcid:0000-…) or a name, and on which day."""

    name: str
    day: Date

    def cells(self) -> Mapping[str, str]:
        """What a decision says of its reviewer."""
        slot = "reviewer_id" if self.name.startswith("orcid:") else "reviewer_label"
        return {slot: self.name, "review_date": self.day.isoformat()}


def read_proposals(path: Path) -> Sheet:
    """Read a file of proposals and judge every decision in it. Raises MappingError with every fault."""
    sheet = read_sheet(path)
    links_of_sheet(sheet)
    faults = []
    for row in sheet.rows:
        agreement = float(row.cells.get("reviewer_agreement", "0"))
        if agreement < 0 and row.cells.get("predicate_modifier") == NOT:
            found = f"is {agreement:g} for a row that says Not"
            faults.append(
                Fault("reviewer_agreement", row.line, found, "must be 1 to reject the match, or Not be removed")
            )
        if _predicate(row) not in {name.rpartition("#")[2] for name in MATCHES}:
            allowed = f"must be one of {', '.join('skos:' + name.rpartition('#')[2] for name in MATCHES)}"
            faults.append(Fault("predicate_id", row.line, f"is {row.cells['predicate_id']!r}", allowed))
        if agreement > 0 and "confidence" not in row.cells:
            faults.append(Fault("confidence", row.line, "is empty", "must be given for what is accepted"))
    if faults:
        raise MappingError(str(path), faults)
    sheet.columns += [name for name in REVIEW_COLUMNS if name not in sheet.columns]
    return sheet


def decision(row: Row) -> Decision:
    """What was decided about a row."""
    agreement = float(row.cells.get("reviewer_agreement", "0"))
    if row.cells.get("predicate_modifier") == NOT or agreement < 0:
        return Decision.REJECTED
    return Decision.ACCEPTED if agreement > 0 else Decision.OPEN


def open_rows(sheet: Sheet) -> list[Row]:
    """The rows about which nothing is decided."""
    return [row for row in sheet.rows if decision(row) is Decision.OPEN]


def tally(sheet: Sheet) -> Mapping[Decision, int]:
    """How many rows there are of each decision."""
    counted = Counter(decision(row) for row in sheet.rows)
    return {each: counted[each] for each in Decision}


def decide(row: Row, what: Decision, reviewer: Reviewer) -> None:
    """Write a decision into a row."""
    for name in REVIEW_COLUMNS:
        row.cells.pop(name, None)
    if what is Decision.OPEN:
        return
    row.cells.update(reviewer.cells(), reviewer_agreement="1")
    if what is Decision.REJECTED:
        row.cells["predicate_modifier"] = NOT


def take_over(path: Path, data: Path) -> Path:
    """Put what was decided in a file of proposals into the table of a data folder, in place of what that says of it.

    Raises MappingError if either cannot be read, LockError if another process is writing to the folder.
    """
    table = reviewed_table(data)
    given = read_mappings(path)
    today = datetime.now(UTC).date()
    decided = {(each.subject, each.object): record for each in given.mappings if (record := _decided(each, today))}
    with hold(data):
        before = read_mappings(table) if table.exists() else None
        kept = [each.record for each in before.mappings if (each.subject, each.object) not in decided] if before else []
        curie_map = {**(before.metadata.curie_map or {} if before else {}), **(given.metadata.curie_map or {})}
        metadata = MappingSetRecord(
            mapping_set_id=mint("mappings", "reviewed"),
            mapping_set_title="Links that a curator reviewed",
            license=LICENCE,
            curie_map=curie_map,
        )
        if decided:
            try:
                table.parent.mkdir(exist_ok=True)
                write_mappings(table, [*kept, *decided.values()], metadata=metadata)
            except OSError as error:
                fault = Fault("", None, f"cannot be written: {error.strerror}", "must be in a writable folder")
                raise MappingError(str(table), [fault]) from error
    return table


def _decided(mapping: Statement, today: Date) -> Record | None:
    """The record of a decision as the table has it, or None for a row that is open.

    It is of the day of the review, today where a row edited by hand names none, and ours where it names nobody.
    """
    record = mapping.record
    agreement = record.reviewer_agreement or 0.0
    denied = record.predicate_modifier is not None or agreement < 0
    if not denied and agreement <= 0:
        return None
    said = {
        "mapping_date": record.mapping_date or record.review_date or today,
        "author_id": record.author_id or [AUTHOR],
    }
    if denied:
        said |= {"predicate_modifier": NOT, "reviewer_agreement": 1.0}
    return record.model_copy(update=said)


def _predicate(row: Row) -> str:
    return row.cells.get("predicate_id", "").partition(":")[2]
