"""Reviewing proposals in a terminal: one after the other, each with what speaks for it, until all are decided.

In: a file of proposals. Out: the same file with decisions, written after each, so that nothing is lost whatever
happens. Where no terminal is there to ask, the decisions that somebody wrote into the file are taken over, and that is
all.
"""

import getpass
import sys
from datetime import UTC, datetime
from pathlib import Path

from rich.console import Console
from rich.prompt import Prompt
from rich.table import Table
from rich.text import Text

from equipoise.api import terminal
from equipoise.graph.linking.description import Description, describe_class
from equipoise.graph.linking.review import Decision, Reviewer, decide, open_rows, read_proposals, take_over, tally
from equipoise.graph.linking.sheet import Row, Sheet, write_sheet
from equipoise.graph.linking.subjects import Subject, all_subjects
from equipoise.graph.settings import Settings
from equipoise.graph.store import Store, open_store
from equipoise.ontology.errors import ReleaseError, SettingError
from equipoise.ontology.iri import expand
from equipoise.ontology.sssom import MATCHES

__all__ = ["review_file"]

KEYS = {"a": "accept", "r": "reject", "p": "another predicate", "s": "skip", "b": "back", "q": "stop, go on later"}
PREDICATES = [name.rpartition("#")[2] for name in MATCHES]


def review_file(settings: Settings, path: Path, reviewer: str) -> None:
    """Have a file of proposals reviewed, then take its decisions over. Raises MappingError if it cannot be read."""
    sheet = read_proposals(path)
    if sys.stdin.isatty() and open_rows(sheet):
        who = Reviewer(reviewer or _user(), datetime.now(UTC).date())
        _Session(sheet, who, _release(settings)).run()
    table = take_over(path, settings.data)
    counted = tally(sheet)
    terminal.say(", ".join(f"{number} {each.value}" for each, number in counted.items()))
    if counted[Decision.ACCEPTED] or counted[Decision.REJECTED]:
        terminal.say(f"decisions are in {table}; the next `equipoise build` takes them in")


class _Session:
    """One sitting over a file."""

    def __init__(self, sheet: Sheet, reviewer: Reviewer, store: Store | None) -> None:
        self._sheet = sheet
        self._reviewer = reviewer
        self._store = store
        self._subjects = {term.iri: term for term in all_subjects(store)} if store else {}
        self._console = Console(highlight=False)

    def run(self) -> None:
        """Ask about each open row until all were shown or the reviewer stops."""
        rows = open_rows(self._sheet)
        place = 0
        while place < len(rows):
            row = rows[place]
            self._show(row, place + 1, len(rows))
            key = self._asked("decide", list(KEYS), "s")
            if key == "q":
                return
            if key == "b":
                place = max(0, place - 1)
                decide(rows[place], Decision.OPEN, self._reviewer)
                write_sheet(self._sheet)
                continue
            if key == "p":
                named = self._asked("predicate", PREDICATES, row.cells["predicate_id"].partition(":")[2])
                if named == "q":
                    return
                self._change(row, named)
                continue
            if key in "ar":
                decide(row, Decision.ACCEPTED if key == "a" else Decision.REJECTED, self._reviewer)
                write_sheet(self._sheet)
            place += 1

    def _asked(self, question: str, choices: list[str], default: str) -> str:
        """One of the choices; the end of input stops the sitting."""
        try:
            return Prompt.ask(question, choices=choices, default=default, console=self._console)
        except EOFError:
            return "q"

    def _change(self, row: Row, name: str) -> None:
        before = row.cells["predicate_id"]
        if before != f"skos:{name}":
            row.cells["predicate_id"] = f"skos:{name}"
            comment = row.cells.get("comment", "")
            row.cells["comment"] = "; ".join([*([comment] if comment else []), f"proposed as {before}"])
            write_sheet(self._sheet)

    def _show(self, row: Row, number: int, of: int) -> None:
        cells = row.cells
        table = Table(show_header=False, title=f"{number} of {of} (line {row.line})", title_justify="left")
        table.add_column(no_wrap=True)
        table.add_column(overflow="fold")
        for name, value in self._lines(cells):
            if value:
                table.add_row(Text(name, style="bold"), Text(value))
        self._console.print(table)
        self._console.print(Text("   ".join(f"{key} {meaning}" for key, meaning in KEYS.items())))

    def _lines(self, cells: dict[str, str]) -> list[tuple[str, str]]:
        ours = self._subjects.get(expand(cells["subject_id"]) or "")
        theirs = self._description(cells)
        predicate, similarity = cells["predicate_id"], cells.get("similarity_score")
        return [
            ("ours", f"{cells.get('subject_label', '')}  ({cells['subject_id']})"),
            ("  names", _names(ours)),
            ("  definition", ours.definition if ours else ""),
            ("predicate", f"{predicate}   confidence {cells.get('confidence', 'not given')}"),
            ("theirs", f"{cells.get('object_label', '')}  ({cells['object_id']})"),
            ("  synonyms", "; ".join(theirs.synonyms) if theirs else ""),
            ("  definition", theirs.definition if theirs else ""),
            ("  lies under", " < ".join(" / ".join(step) for step in theirs.above) if theirs else ""),
            ("because", cells.get("comment", "")),
            ("found by", cells.get("mapping_justification", "") + (f", {similarity} alike" if similarity else "")),
            ("in", " ".join(filter(None, (cells.get("object_source"), cells.get("object_source_version"))))),
        ]

    def _description(self, cells: dict[str, str]) -> Description | None:
        graph, iri = expand(cells.get("object_source", "")), self._iri(cells["object_id"])
        return describe_class(self._store, graph, iri) if self._store and graph and iri else None

    def _iri(self, short: str) -> str | None:
        prefix, _, local = short.partition(":")
        namespace = self._sheet.metadata.get("curie_map", {}).get(prefix)
        return namespace + local if namespace else expand(short)


def _names(subject: Subject | None) -> str:
    return "; ".join(text for _, text in subject.names) if subject else ""


def _release(settings: Settings) -> Store | None:
    """The release, where there is one, to show what it knows of both sides."""
    try:
        return open_store(settings.store or settings.data, settings=settings)
    except ReleaseError:
        return None


def _user() -> str:
    try:
        return getpass.getuser()
    except (KeyError, OSError) as error:
        allowed = "say who decides: orcid:0000-… or a name"
        raise SettingError("--reviewer", found="is not given, and the system knows no user", allowed=allowed) from error
