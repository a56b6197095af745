"""The commands of `equipoise link`: propose, review, import, conflicts.

They stand apart from `cli` because what they need (the registry of identifiers, the matcher) is slow to load.
"""

from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from equipoise.api import terminal
from equipoise.graph.settings import Settings
from equipoise.graph.store import open_store
from equipoise.ontology.errors import MappingError, SettingError, UnknownNameError

if TYPE_CHECKING:
    from equipoise.graph.linking.incoming import Incoming
    from equipoise.graph.linking.proposals import Batch

__all__ = ["link_app"]

link_app = typer.Typer(no_args_is_help=True, rich_markup_mode=None)

KINDS = ("drug", "condition", "event")

Output = Annotated[Path | None, typer.Option("--output", "-o", help="Write to a file instead of standard output.")]
Files = Annotated[list[Path], typer.Argument(help="Mapping sets, as SSSOM/TSV.")]


@link_app.command()
def propose(
    context: typer.Context,
    kind: Annotated[str, typer.Argument(help=f"What to link: {', '.join(KINDS)}.")],
    ontology: Annotated[
        list[str] | None, typer.Option("--ontology", help="Name of an ontology of the release; all if none is given.")
    ] = None,
    output: Output = None,
) -> None:
    """Propose links of our drugs, conditions or events to the classes of an ontology, for a curator to review."""
    from equipoise.graph.linking.lexicon import lexicon, loaded_ontologies
    from equipoise.graph.linking.proposals import Batch
    from equipoise.graph.linking.propose import propose as candidates_of
    from equipoise.graph.linking.subjects import all_subjects
    from equipoise.graph.linking.tables import our_links

    if kind not in KINDS:
        raise SettingError("link propose", found=f"{kind!r} is not linked", allowed=f"must be {' or '.join(KINDS)}")
    settings = _settings(context)
    store = open_store(settings.store or settings.data, settings=settings)
    loaded = loaded_ontologies(store)
    chosen = ontology or sorted(loaded)
    _refuse_unknown(chosen, loaded)
    links = our_links(settings.data)
    terms = all_subjects(store)
    batches = []
    with terminal.working("reading our tables") as report:
        for name in chosen:
            report(f"reading the names of {name}")
            names = lexicon(store, loaded[name])
            report(f"looking for our {kind}s in {name}")
            found = candidates_of([term for term in terms if term.kind == kind], names, links=links, terms=terms)
            batches.append(Batch(tuple(found), names.graph, names.version))
    _write(f"{kind} {' '.join(chosen)}", batches, output)


@link_app.command()
def review(
    context: typer.Context,
    file: Annotated[Path, typer.Argument(help="A file of proposals.")],
    reviewer: Annotated[
        str, typer.Option(help="Who decides: orcid:0000-… or a name; the user of this process if not given.")
    ] = "",
) -> None:
    """Decide about proposals one after the other, and take decisions over into DATA/mappings for the next build."""
    from equipoise.api.reviewing import review_file

    review_file(_settings(context), file, reviewer)


@link_app.command("import")
def import_sets(context: typer.Context, files: Files, output: Output = None) -> None:
    """Propose what mapping sets of others say of our terms, directly or through one exact match of ours."""
    from equipoise.graph.linking.adopt import adopt
    from equipoise.graph.linking.proposals import Batch
    from equipoise.graph.linking.subjects import all_subjects
    from equipoise.graph.linking.tables import our_links

    settings = _settings(context)
    sets = _collect(files)
    terms = all_subjects(open_store(settings.store or settings.data, settings=settings))
    theirs = [link for each in sets for link in each.links]
    batches = [Batch(tuple(adopt(theirs, ours=our_links(settings.data), terms=terms)))]
    for each in sets:
        others = ", ".join(f"{number} with {name}" for name, number in each.passed_over.items())
        more = f"; passed over {others}" if others else ""
        terminal.note(f"{each.path.name}: {len(each.links)} matches{more}")
    _write(f"import {' '.join(path.name.split('.')[0] for path in files)}", batches, output)


@link_app.command()
def conflicts(
    context: typer.Context,
    files: Annotated[list[Path] | None, typer.Argument(help="Mapping sets to hold against ours.")] = None,
) -> None:
    """List the links that contradict each other, within our tables and the sets given; exit with 1 if there are any."""
    from equipoise.graph.linking.conflicts import find_conflicts
    from equipoise.graph.linking.lexicon import loaded_ontologies, status
    from equipoise.graph.linking.subjects import all_subjects
    from equipoise.graph.linking.tables import our_links

    settings = _settings(context)
    links = [*our_links(settings.data), *(link for each in _collect(files or []) for link in each.links)]
    store = open_store(settings.store or settings.data, settings=settings)
    with terminal.working("comparing"):
        ontologies = [status(store, graph) for graph in loaded_ontologies(store).values()]
        found = find_conflicts(links, terms=all_subjects(store), ontologies=ontologies)
    terminal.table(
        ["conflict", "about", "what is said", "where"],
        [[each.kind.value, each.about, each.says, " ".join(each.places)] for each in found],
    )
    terminal.note(f"{len(found)} conflict(s), {sum(each.touches_us for each in found)} about our terms")
    if found:
        raise typer.Exit(1)


def _settings(context: typer.Context) -> Settings:
    assert isinstance(context.obj, Settings)
    return context.obj


def _refuse_unknown(chosen: Sequence[str], loaded: Iterable[str]) -> None:
    there = sorted(loaded)
    for name in chosen or [""]:
        if name not in there:
            raise UnknownNameError(
                "--ontology",
                found=f"{name!r} is no ontology of this release" if name else "the release has no ontology",
                allowed=f"there: {', '.join(there)}" if there else "add one with: equipoise ontology add",
            )


def _collect(files: Iterable[Path]) -> "list[Incoming]":
    """Read mapping sets; raise one error with the faults of all if any has one."""
    from equipoise.graph.linking.incoming import read_incoming

    sets, errors = [], []
    for path in files:
        try:
            sets.append(read_incoming(path))
        except MappingError as error:
            errors.append(error)
    if errors:
        raise MappingError.of_all(errors)
    return sets


def _write(name: str, batches: "Sequence[Batch]", output: Path | None) -> None:
    from equipoise.graph.linking.proposals import proposals_sheet
    from equipoise.graph.linking.sheet import sheet_text, write_sheet

    sheet = proposals_sheet(output or Path("-"), name, batches)
    if output is None:
        terminal.write(sheet_text(sheet).encode())
    else:
        write_sheet(sheet)
    subjects = {row.cells["subject_id"] for row in sheet.rows}
    terminal.note(f"{len(sheet.rows)} proposal(s) for {len(subjects)} term(s)")
