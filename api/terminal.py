"""What the terminal shows: answers on standard output; progress, notes and complaints on standard error."""

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import pyoxigraph as ox
from rich.console import Console
from rich.progress import BarColumn, DownloadColumn, Progress, SpinnerColumn, TextColumn, TransferSpeedColumn
from rich.table import Table
from rich.text import Text

from equipoise.graph.store import Term
from equipoise.ontology.iri import curie

__all__ = ["cell", "complain", "counting", "fetching", "note", "numbering", "say", "short", "table", "working", "write"]

PIPED_WIDTH = 200
"""Columns of a table that no terminal shows."""


def say(text: str) -> None:
    """Print a line to standard output."""
    print(text)


def note(text: str) -> None:
    """Tell the user something beside the answer."""
    print(f"note: {text}", file=sys.stderr)


def complain(text: str) -> None:
    """Tell the user what is wrong."""
    print(f"error: {text}", file=sys.stderr)


def write(content: bytes) -> None:
    """Write bytes to standard output as they are."""
    sys.stdout.flush()
    sys.stdout.buffer.write(content)
    sys.stdout.buffer.flush()


def short(iri: str) -> str:
    """The IRI as a CURIE where the prefix map has one."""
    return curie(iri)


def cell(term: Term | None) -> str:
    """A term as a table shows it: an IRI short, a literal as it reads, nothing for what is unbound."""
    match term:
        case None:
            return ""
        case ox.NamedNode():
            return short(term.value)
        case _:
            return term.value


def table(headings: list[str], rows: list[list[str]]) -> None:
    """Print rows as a table, or each row as a list of names and values where the table would not fit."""
    width = None if sys.stdout.isatty() else PIPED_WIDTH
    console = Console(width=width, highlight=False)
    columns = list(zip(headings, *rows, strict=True))
    if sum(max(map(len, column)) + 3 for column in columns) <= console.width or len(headings) <= 3:
        drawn = Table(show_edge=False, pad_edge=False)
        for heading in headings:
            drawn.add_column(Text(heading), overflow="fold")
        for row in rows:
            drawn.add_row(*(Text(value) for value in row))
        console.print(drawn)
        return
    margin = max(map(len, headings))
    for number, row in enumerate(rows, 1):
        console.print(f"[bold]row {number}[/bold]")
        for heading, value in zip(headings, row, strict=True):
            if value:
                console.print(Text(f"  {heading.ljust(margin)}  {value}"))
    if not rows:
        say("no rows")


@contextmanager
def working(step: str) -> Iterator[Callable[[str], None]]:
    """Show what is being done while it is done; gives a function that tells the next step."""
    console = Console(stderr=True)
    if not console.is_terminal:
        yield lambda text: note(text)
        return
    with console.status(step) as status:
        yield lambda text: status.update(text)


@contextmanager
def counting(step: str, total: int) -> Iterator[Callable[[int], None]]:
    """Show how much of something is done; gives a function that tells how much."""
    console = Console(stderr=True)
    if not console.is_terminal:
        note(step)
        yield lambda _: None
        return
    with Progress(console=console) as progress:
        task = progress.add_task(step, total=total)
        yield lambda done: progress.update(task, completed=done)


@contextmanager
def numbering(step: str) -> Iterator[Callable[[int], None]]:
    """Show how many of something were done, where nobody knows of how many; gives a function that tells how many."""
    console = Console(stderr=True)
    if not console.is_terminal:
        note(step)
        yield lambda _: None
        return
    columns = (SpinnerColumn(), TextColumn("{task.description}"), TextColumn("{task.completed:,.0f} triples"))
    with Progress(*columns, console=console) as progress:
        task = progress.add_task(step, total=None)
        yield lambda done: progress.update(task, completed=done)


@contextmanager
def fetching(step: str) -> Iterator[Callable[[int, int], None]]:
    """Show how many bytes came, and of how many; gives a function that tells both, 0 for what nobody knows."""
    console = Console(stderr=True)
    if not console.is_terminal:
        note(step)
        yield lambda _, __: None
        return
    columns = (TextColumn("{task.description}"), BarColumn(), DownloadColumn(), TransferSpeedColumn())
    with Progress(*columns, console=console) as progress:
        task = progress.add_task(step, total=None)
        yield lambda done, total: progress.update(task, completed=done, total=total or None)
