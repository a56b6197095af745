"""Tables of mappings: valid by the reference tools, and every fault of a bad one found at its line and column."""

import re
import subprocess
import sys
from pathlib import Path

import pytest
import sssom_pydantic

from equipoise.graph.mappings import mapping_tables
from equipoise.ontology.errors import MappingError
from equipoise.ontology.sssom import MATCHES, read_mappings, write_mappings
from support import SHARED, need

TABLES = mapping_tables()
HEADER = """#curie_map:
#  CHEBI: http://purl.obolibrary.org/obo/CHEBI_
#  drug: https://w3id.org/equipoise/drug/
#  semapv: https://w3id.org/semapv/vocab/
#  skos: http://www.w3.org/2004/02/skos/core#
#mapping_set_id: https://example.org/mine
"""
COLUMNS = "subject_id\tpredicate_id\tobject_id\tmapping_justification\tconfidence\n"
GOOD = "drug:sorafenib\tskos:exactMatch\tCHEBI:50924\tsemapv:ManualMappingCuration\t0.95\n"


def faults_of(path: Path, text: str | bytes) -> list[str]:
    path.write_bytes(text if isinstance(text, bytes) else text.encode())
    with pytest.raises(MappingError) as raised:
        read_mappings(path)
    return [f"{fault.line}: {fault}" for fault in raised.value.faults]


def test_there_is_a_table_for_each_kind_of_thing() -> None:
    assert [path.name for path in TABLES] == [
        f"{name}.sssom.tsv" for name in ("conditions", "drugs", "events", "targets")
    ]


@pytest.mark.parametrize("path", TABLES, ids=lambda path: path.stem)
def test_table_is_valid_by_the_reference_tools(path: Path) -> None:
    code = """
import sys
from sssom.parsers import parse_sssom_table
from sssom.validators import validate
table = parse_sssom_table(sys.argv[1])
found = [result for report in validate(table, fail_on_error=True).values() for result in report.results]
print(len(table.df), found)
"""
    done = subprocess.run(  # a process of its own: these tools warn and log as they please
        [sys.executable, "-c", code, str(path)], capture_output=True, text=True, timeout=120
    )
    assert done.stdout == f"{len(read_mappings(path).mappings)} []\n", done.stderr


@pytest.mark.parametrize("path", TABLES, ids=lambda path: path.stem)
def test_table_is_read_alike_by_sssom_pydantic(path: Path) -> None:
    mappings, converter, _, errors = sssom_pydantic.read(path, return_errors=True)
    assert not errors
    theirs = [(converter.expand_reference(one.subject), converter.expand_reference(one.object)) for one in mappings]
    assert theirs == [(mapping.subject, mapping.object) for mapping in read_mappings(path).mappings]


@pytest.mark.parametrize("path", TABLES, ids=lambda path: path.stem)
def test_what_is_read_is_written_as_it_was(path: Path, tmp_path: Path) -> None:
    table = read_mappings(path)
    write_mappings(tmp_path / path.name, [mapping.record for mapping in table.mappings], metadata=table.metadata)
    assert (tmp_path / path.name).read_text() == path.read_text()


def test_good_row_is_read(tmp_path: Path) -> None:
    path = tmp_path / "mine.sssom.tsv"
    path.write_text(HEADER + COLUMNS + GOOD)
    (mapping,) = read_mappings(path).mappings
    assert (mapping.subject, mapping.line, mapping.record.confidence) == (
        "https://w3id.org/equipoise/drug/sorafenib",
        8,
        0.95,
    )
    assert (mapping.predicate, mapping.object) == (MATCHES[0], "http://purl.obolibrary.org/obo/CHEBI_50924")


def test_all_faults_of_a_table_are_found_with_line_and_column(tmp_path: Path) -> None:
    rows = [
        "drug:sorafenib\towl:sameAs\tCHEBI:50924\tsemapv:ManualMappingCuration\t0.9",
        "drug:sorafenib\tskos:sortOfMatch\tCHEBI:50924\tsemapv:ManualMappingCuration\t0.9",
        "drug:sorafenib\tskos:exactMatch\tchebbi:50924\tsemapv:ManualMappingCuration\t0.9",
        "drug:sorafenib\tskos:exactMatch\t50924\tsemapv:ManualMappingCuration\t0.9",
        "drug:sorafenib\tskos:exactMatch\tCHEBI:50924\tsemapv:ManualMappingCuration\t1.5",
        "drug:sorafenib\tskos:exactMatch\tCHEBI:50924\tsemapv:ManualMappingCuration\tsure",
        "drug:sorafenib\tskos:exactMatch\t\tsemapv:ManualMappingCuration\t0.9",
        "drug:sorafenib\tskos:exactMatch\tCHEBI:50924\tsemapv:ManualMappingCuration\t0.9\tmore",
        GOOD.strip(),
        GOOD.strip(),
    ]
    found = faults_of(tmp_path / "bad.sssom.tsv", HEADER + COLUMNS + "\n".join(rows) + "\n")
    allowed = "must be one of skos:exactMatch, skos:closeMatch, skos:broadMatch, skos:narrowMatch, skos:relatedMatch"
    assert found == [
        f"8: predicate_id is owl:sameAs, which would make one thing of two; {allowed}",
        f"9: predicate_id is skos:sortOfMatch; {allowed}",
        found[2],
        "11: object_id is '50924'; must be a CURIE: a prefix, a colon and an identifier",
        "12: confidence is '1.5'; input should be less than or equal to 1",
        "13: confidence is 'sure'; input should be a valid number, unable to parse string as a number",
        "14: object_id is empty; must be given",
        "15: has 6 values; must have 5, one for each column",
        "17: object_id repeats the mapping of line 16; must be once",
    ]
    assert found[2].startswith("10: object_id is 'chebbi:50924', and curie_map has no 'chebbi'; must be one of CHEBI")


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        (
            HEADER + COLUMNS.replace("mapping_justification\t", ""),
            "7: has the columns subject_id, .*; must have mapping_",
        ),
        (HEADER, "7: has the columns none; must have subject_id, predicate_id, object_id"),
        ("", "mapping_set_id is missing from the header"),
        ("#mapping_set_id: [\n" + COLUMNS, "2: is not YAML, as the header must be"),
        ("#- a list\n" + COLUMNS, "1: is a header without names of slots"),
        (HEADER + "#mapping_date: soon\n" + COLUMNS, "7: mapping_date is 'soon' in the header"),
        (HEADER.encode() + COLUMNS.encode() + b"drug:\xff\n", "8: is not UTF-8; must be"),
        ("<html>\n<body>Not found</body>\n", "mapping_set_id is missing from the header"),
        (HEADER + COLUMNS + "x" * 200_000 + "\n", "8: is no row of tab-separated values"),
    ],
)
def test_file_that_is_no_table_of_mappings_is_refused(tmp_path: Path, text: str | bytes, reason: str) -> None:
    found = faults_of(tmp_path / "bad.sssom.tsv", text)
    assert any(re.search(reason, fault) for fault in found), found


def test_table_that_is_not_there_is_refused(tmp_path: Path) -> None:
    with pytest.raises(MappingError, match="cannot be read: No such file"):
        read_mappings(tmp_path / "none.sssom.tsv")


def test_predicates_of_third_parties_are_read_where_they_are_asked_for(tmp_path: Path) -> None:
    path = tmp_path / "theirs.sssom.tsv"
    path.write_text(HEADER + COLUMNS + GOOD.replace("skos:exactMatch", "owl:equivalentClass"))
    assert len(read_mappings(path, predicates=None).mappings) == 1


@pytest.mark.parametrize("name", ["biomappings-positive", "mondo_exactmatch_ncit", "mondo_exactmatch_efo"])
def test_sets_of_third_parties_are_read_whole(name: str) -> None:
    path = SHARED / "data" / "ontologies" / f"{name}.sssom.tsv"
    need(path.exists(), str(path))
    lines = [line for line in path.read_text().splitlines() if line and not line.startswith("#")]
    assert len(read_mappings(path, predicates=None).mappings) == len(lines) - 1
