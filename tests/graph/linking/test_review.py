"""Decisions of a curator: what cells mean, however they were written, and what becomes of them."""

import re
import subprocess
import sys
from datetime import date as Date
from pathlib import Path

import pytest

from equipoise.graph.linking.evidence import EXACT
from equipoise.graph.linking.lexicon import Lexicon
from equipoise.graph.linking.proposals import Batch, proposals_sheet
from equipoise.graph.linking.propose import propose
from equipoise.graph.linking.review import (
    Decision,
    Reviewer,
    decide,
    decision,
    open_rows,
    read_proposals,
    take_over,
    tally,
)
from equipoise.graph.linking.sheet import Sheet, write_sheet
from equipoise.graph.linking.subjects import Kind, Subject
from equipoise.graph.linking.tables import our_links, reviewed_table
from equipoise.ontology.errors import LockError, MappingError
from equipoise.ontology.sssom import read_mappings
from support import need

ADA = Reviewer("orcid:0000-0002-1825-0097", Date(2026, 11, 23))


@pytest.fixture
def sheet(tmp_path: Path, made: Lexicon, terms: list[Subject]) -> Sheet:
    found = propose([term for term in terms if term.kind is Kind.DRUG], made, terms=terms)
    write_sheet(proposals_sheet(tmp_path / "p.sssom.tsv", "drug made", [Batch(tuple(found), made.graph, made.version)]))
    return read_proposals(tmp_path / "p.sssom.tsv")


def set_cells(sheet: Sheet, place: int, **cells: str) -> None:
    """What somebody does to a row in an editor or a spreadsheet."""
    sheet.rows[place].cells.update(cells)


def test_proposals_are_open_until_somebody_decides(sheet: Sheet) -> None:
    assert tally(sheet)[Decision.OPEN] == len(sheet.rows) == len(open_rows(sheet))


@pytest.mark.parametrize(
    ("cells", "expected"),
    [
        ({}, Decision.OPEN),
        ({"reviewer_agreement": "0"}, Decision.OPEN),
        ({"reviewer_agreement": "1"}, Decision.ACCEPTED),
        ({"reviewer_agreement": "0.5", "reviewer_label": "Ada"}, Decision.ACCEPTED),
        ({"predicate_modifier": "Not"}, Decision.REJECTED),
        ({"predicate_modifier": "Not", "reviewer_agreement": "1"}, Decision.REJECTED),
        ({"reviewer_agreement": "-1"}, Decision.REJECTED),
    ],
)
def test_a_decision_by_hand_means_the_same(sheet: Sheet, cells: dict[str, str], expected: Decision) -> None:
    set_cells(sheet, 0, **cells)
    write_sheet(sheet)
    assert decision(read_proposals(sheet.path).rows[0]) is expected


def test_a_decision_of_the_terminal_reads_back_and_can_be_taken_back(sheet: Sheet) -> None:
    row = sheet.rows[0]
    before = dict(row.cells)
    for what in Decision:
        decide(row, what, ADA)
        write_sheet(sheet)
        assert decision(read_proposals(sheet.path).rows[0]) is what
    decide(row, Decision.OPEN, ADA)
    assert row.cells == before


def test_a_row_that_denies_its_denial_is_refused_with_its_line(sheet: Sheet) -> None:
    set_cells(sheet, 1, predicate_modifier="Not", reviewer_agreement="-1")
    write_sheet(sheet)
    found = f"p.sssom.tsv:{sheet.rows[1].line}: reviewer_agreement is -1 for a row that says Not"
    with pytest.raises(MappingError, match=re.escape(found)):
        read_proposals(sheet.path)


def test_a_predicate_that_is_no_match_is_refused(sheet: Sheet) -> None:
    set_cells(sheet, 0, predicate_id="owl:sameAs", reviewer_agreement="1")
    sheet.head = (*sheet.head, "#  owl: http://www.w3.org/2002/07/owl#")
    write_sheet(sheet)
    with pytest.raises(MappingError, match="predicate_id is 'owl:sameAs'; must be one of skos:exactMatch"):
        read_proposals(sheet.path)


def test_decisions_go_into_the_table_of_the_data_folder_and_settle_the_pair(
    sheet: Sheet, tmp_path: Path, made: Lexicon, terms: list[Subject]
) -> None:
    accepted, rejected = sheet.rows[0], sheet.rows[1]
    decide(accepted, Decision.ACCEPTED, ADA)
    decide(rejected, Decision.REJECTED, ADA)
    write_sheet(sheet)
    data = tmp_path / "data"
    table = take_over(sheet.path, data)
    assert table == reviewed_table(data)
    assert {(each.record.subject_id, each.is_negative) for each in read_mappings(table).mappings} == {
        (accepted.cells["subject_id"], False),
        (rejected.cells["subject_id"], True),
    }
    again = propose([term for term in terms if term.kind is Kind.DRUG], made, links=our_links(data), terms=terms)
    pairs = {(link.subject, link.object) for link in our_links(data)}
    assert pairs & {(each.subject.iri, each.iri) for each in again} == set()
    assert len(again) < len(sheet.rows)


def test_a_changed_mind_replaces_what_the_table_says(sheet: Sheet, tmp_path: Path) -> None:
    data = tmp_path / "data"
    for what, expected in ((Decision.ACCEPTED, False), (Decision.REJECTED, True)):
        decide(sheet.rows[0], what, ADA)
        write_sheet(sheet)
        table = take_over(sheet.path, data)
        assert [each.is_negative for each in read_mappings(table).mappings] == [expected]


def test_columns_that_somebody_added_stay(sheet: Sheet) -> None:
    sheet.columns.append("my_note")
    set_cells(sheet, 0, my_note="ask the pharmacist", reviewer_agreement="1")
    write_sheet(sheet)
    again = read_proposals(sheet.path)
    write_sheet(again)
    assert read_proposals(sheet.path).rows[0].cells["my_note"] == "ask the pharmacist"


def test_a_folder_that_is_being_written_is_left_alone(sheet: Sheet, tmp_path: Path) -> None:
    from equipoise.graph.lock import hold

    decide(sheet.rows[0], Decision.ACCEPTED, ADA)
    write_sheet(sheet)
    with hold(tmp_path / "data"), pytest.raises(LockError):
        take_over(sheet.path, tmp_path / "data")
    assert not reviewed_table(tmp_path / "data").exists()


def test_proposals_are_valid_by_the_reference_package(sheet: Sheet) -> None:
    command = [sys.executable, "-m", "sssom.cli", "validate", str(sheet.path)]
    done = subprocess.run(command, capture_output=True, text=True)
    need("No module named" not in done.stderr, "the package sssom")
    assert done.returncode == 0, done.stderr
    assert "ERROR" not in done.stderr


def test_an_accepted_row_keeps_how_it_was_found(sheet: Sheet, tmp_path: Path) -> None:
    place = next(place for place, row in enumerate(sheet.rows) if row.cells["object_label"] == "Sorafenib")
    decide(sheet.rows[place], Decision.ACCEPTED, ADA)
    write_sheet(sheet)
    (mapping,) = read_mappings(take_over(sheet.path, tmp_path / "data")).mappings
    record = mapping.record
    assert mapping.predicate == EXACT
    assert record.mapping_justification == "semapv:LexicalMatching"
    assert record.reviewer_id == [ADA.name]
    assert record.review_date == ADA.day
    assert record.object_match_field == ["rdfs:label"]
