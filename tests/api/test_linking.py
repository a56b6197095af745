"""`equipoise link` as a curator meets it: proposals, a review in a real terminal, imports and conflicts."""

import os
import pty
import re
import select
import shutil
import subprocess
import sys
import time
from pathlib import Path

import pytest

from equipoise.graph.linking.tables import reviewed_table
from equipoise.graph.release import Release
from equipoise.ontology.sssom import read_mappings
from support import DATA, SHARED, equipoise, need

REAL = SHARED / "data" / "ontologies"
PROMPT = "decide"


@pytest.fixture(scope="session")
def served(
    release: Release, data_folder: Path, environment: dict[str, str], tmp_path_factory: pytest.TempPathFactory
) -> Path:
    """A data folder whose release is served with the made ontology."""
    data = tmp_path_factory.mktemp("served") / "data"
    shutil.copytree(data_folder, data)
    command = ("ontology", "add", str(DATA / "linking" / "made.ttl"), "--name", "made")
    done = equipoise(*command, environment={**environment, "EQUIPOISE_DATA": str(data)})
    assert done.returncode == 0, done.stderr
    return data


@pytest.fixture
def curator(served: Path, environment: dict[str, str], tmp_path: Path) -> dict[str, str]:
    """The environment of a curator who works with such a folder of their own."""
    return {**environment, "EQUIPOISE_DATA": str(shutil.copytree(served, tmp_path / "data"))}


@pytest.fixture
def proposals(curator: dict[str, str], tmp_path: Path) -> Path:
    path = tmp_path / "drugs.sssom.tsv"
    done = equipoise("link", "propose", "drug", "--ontology", "made", "--output", str(path), environment=curator)
    assert done.returncode == 0, done.stderr
    return path


def test_proposals_are_written_to_a_file_or_to_standard_output(curator: dict[str, str], proposals: Path) -> None:
    done = equipoise("link", "propose", "drug", environment=curator)
    assert done.returncode == 0, done.stderr
    assert done.stdout == proposals.read_text()
    assert "label 'Sorafenib' is our name" in done.stdout
    assert re.search(r"\d+ proposal\(s\) for \d+ term\(s\)", done.stderr)


def test_what_cannot_be_proposed_is_refused(curator: dict[str, str], environment: dict[str, str]) -> None:
    done = equipoise("link", "propose", "planet", environment=curator)
    assert (done.returncode, "must be drug or condition or event" in done.stderr) == (2, True)
    done = equipoise("link", "propose", "drug", "--ontology", "chebi", environment=curator)
    assert (done.returncode, "'chebi' is no ontology of this release; there: made" in done.stderr) == (2, True)
    done = equipoise("link", "propose", "drug", environment=environment)
    assert (done.returncode, "add one with: equipoise ontology add" in done.stderr) == (2, True)


class Terminal:
    """A program in a pseudo-terminal, as somebody at a keyboard has it."""

    def __init__(self, arguments: list[str], environment: dict[str, str]) -> None:
        self._master, slave = pty.openpty()
        command = [sys.executable, "-P", "-m", "equipoise.api.cli", *arguments]
        self._process = subprocess.Popen(
            command, stdin=slave, stdout=slave, stderr=slave, env=environment, close_fds=True
        )
        os.close(slave)
        self.shown = ""

    def until(self, text: str, seconds: float = 60) -> str:
        """What is shown from now on until a text appears."""
        seen, limit = "", time.monotonic() + seconds
        while text not in seen:
            assert time.monotonic() < limit, f"no {text!r} in {seen!r}"
            if select.select([self._master], [], [], 1)[0]:
                try:
                    seen += os.read(self._master, 65536).decode(errors="replace")
                except OSError:
                    break
        self.shown += seen
        assert text in seen, seen
        return seen

    def type(self, text: str) -> None:
        os.write(self._master, f"{text}\n".encode())

    def end(self) -> int:
        """Wait until the program ends, and say how."""
        while True:
            try:
                piece = os.read(self._master, 65536)
            except OSError:
                break
            if not piece:
                break
            self.shown += piece.decode(errors="replace")
        os.close(self._master)
        return self._process.wait(timeout=30)


@pytest.fixture
def terminal(curator: dict[str, str], proposals: Path) -> Terminal:
    plain = {**curator, "TERM": "dumb", "NO_COLOR": "1", "COLUMNS": "100"}
    return Terminal(["link", "review", str(proposals), "--reviewer", "orcid:0000-0002-1825-0097"], plain)


def test_a_review_in_a_terminal_decides_row_by_row(
    terminal: Terminal, proposals: Path, curator: dict[str, str]
) -> None:
    first = terminal.until(PROMPT)
    assert "because" in first
    assert "lies under" in first
    terminal.type("a")
    terminal.until(PROMPT)
    terminal.type("r")
    terminal.until(PROMPT)
    terminal.type("nonsense")
    terminal.until("Please select one of the available options")
    terminal.type("p")
    terminal.until("predicate")
    terminal.type("relatedMatch")
    terminal.until("relatedMatch")
    terminal.until(PROMPT)
    terminal.type("a")
    terminal.until(PROMPT)
    terminal.type("s")
    terminal.until(PROMPT)
    terminal.type("q")
    assert terminal.end() == 0
    assert "\x1b[" not in terminal.shown
    assert "2 accepted, 1 rejected" in terminal.shown
    table = read_mappings(reviewed_table(Path(curator["EQUIPOISE_DATA"])))
    assert sorted((each.record.predicate_id, each.is_negative) for each in table.mappings)[-1] == (
        "skos:relatedMatch",
        False,
    )
    assert sum(each.is_negative for each in table.mappings) == 1
    assert "proposed as skos:" in proposals.read_text()


def test_a_review_goes_on_where_it_was_left(terminal: Terminal, proposals: Path, curator: dict[str, str]) -> None:
    total = re.search(r"1 of (\d+)", terminal.until(PROMPT))
    terminal.type("a")
    terminal.until(PROMPT)
    terminal.type("b")
    assert "1 of" in terminal.until(PROMPT)
    terminal.type("r")
    terminal.until(PROMPT)
    terminal.type("q")
    assert terminal.end() == 0
    again = Terminal(
        ["link", "review", str(proposals), "--reviewer", "Ada"], {**curator, "TERM": "dumb", "COLUMNS": "100"}
    )
    shown = re.search(r"1 of (\d+)", again.until(PROMPT))
    assert total and shown
    assert int(shown[1]) == int(total[1]) - 1
    os.write(again._master, b"\x04")
    assert again.end() == 0
    assert "1 rejected" in again.shown


def test_a_file_edited_by_hand_is_taken_over_without_a_terminal(curator: dict[str, str], proposals: Path) -> None:
    lines = proposals.read_text().splitlines()
    start = next(place for place, line in enumerate(lines) if not line.startswith("#"))
    columns = lines[start].split("\t")
    cells = lines[start + 1].split("\t")
    cells[columns.index("reviewer_agreement")] = "1"
    cells[columns.index("reviewer_label")] = "Ada"
    lines[start + 1] = "\t".join(cells)
    proposals.write_text("\n".join(lines) + "\n")
    done = equipoise("link", "review", str(proposals), environment=curator, text="")
    assert done.returncode == 0, done.stderr
    assert "1 accepted, 0 rejected" in done.stdout
    (mapping,) = read_mappings(reviewed_table(Path(curator["EQUIPOISE_DATA"]))).mappings
    assert mapping.record.reviewer_label == ["Ada"]


def test_a_bad_file_is_refused_and_nothing_is_written(curator: dict[str, str], tmp_path: Path) -> None:
    bad = DATA / "linking" / "bad" / "unknown-predicate.sssom.tsv"
    out = tmp_path / "out.sssom.tsv"
    for command in (["import", str(bad), "--output", str(out)], ["conflicts", str(bad)], ["review", str(bad)]):
        done = equipoise("link", *command, environment=curator)
        assert done.returncode == 1
        assert "unknown-predicate.sssom.tsv:8: predicate_id is 'skos:exactlyMatch'" in done.stderr
        assert "Traceback" not in done.stderr
    assert not out.exists()
    assert not reviewed_table(Path(curator["EQUIPOISE_DATA"])).exists()


def test_conflicts_are_listed_with_their_places_and_an_exit_code(curator: dict[str, str], tmp_path: Path) -> None:
    path = tmp_path / "model.sssom.tsv"
    path.write_text(
        "#curie_map:\n#  drug: https://w3id.org/equipoise/drug/\n#  mesh: http://id.nlm.nih.gov/mesh/\n"
        "subject_id\tpredicate_id\tobject_id\tmapping_justification\n"
        "drug:rivoceranib\tskos:exactMatch\tmesh:C999999\tsemapv:ManualMappingCuration\n"
        "drug:rivoceranib-mesylate\tskos:exactMatch\tmesh:C999999\tsemapv:ManualMappingCuration\n"
    )
    done = equipoise("link", "conflicts", str(path), environment=curator)
    assert done.returncode == 1
    assert "salt against base" in done.stdout
    assert "model.sssom.tsv:5" in done.stdout
    assert "model.sssom.tsv:6" in done.stdout


def test_real_sets_are_imported_as_proposals(curator: dict[str, str]) -> None:
    paths = [str(path) for path in sorted(REAL.glob("*.sssom.tsv"))]
    need(bool(paths), "shared files")
    done = equipoise("link", "import", *paths, environment=curator)
    assert done.returncode == 0, done.stderr
    assert "biomappings-positive.sssom.tsv: 11823 matches; passed over 616 with debio:0000003" in done.stderr
