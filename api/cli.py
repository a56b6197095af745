"""The command line: `equipoise` and its commands, each of which joins up what other modules do.

Exit codes: 0 good, 1 the data is at fault, 2 the call is at fault.
"""

import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Annotated

import typer

from equipoise.api import terminal
from equipoise.api.external import ontology_app
from equipoise.api.linking import link_app
from equipoise.api.registry import registry_app
from equipoise.api.render import FORMATS, Context, render
from equipoise.graph.release import Release, current_release, named_release
from equipoise.graph.settings import Settings
from equipoise.graph.store import Answer, Bindings, Store, Truth, open_store
from equipoise.graph.store.embedded import EmbeddedStore
from equipoise.graph.store.pooled import open_pool
from equipoise.ontology.errors import EquipoiseError, FormatError, ParameterError, SettingError
from equipoise.queries.catalogue import catalogue, find_question
from equipoise.queries.run import run

__all__ = ["app", "main"]

app = typer.Typer(no_args_is_help=True, add_completion=False, pretty_exceptions_enable=False, rich_markup_mode=None)
sources_app = typer.Typer(no_args_is_help=True, rich_markup_mode=None)
app.add_typer(
    sources_app, name="sources", help="Verify citations against the texts they were read in; locate new ones."
)
app.add_typer(link_app, name="link", help="Propose and review links to other ontologies; import those of others.")
app.add_typer(ontology_app, name="ontology", help="Bring in external ontologies, and list, update or remove them.")
app.add_typer(registry_app, name="registry", help="Fetch records of the registry, and list those that were refused.")

ANSWER_FORMATS = ("table", *FORMATS)
EXPORT_FORMATS = {"trig": "TRIG", "nq": "N_QUADS", "ttl": "TURTLE", "nt": "N_TRIPLES", "jsonld": "JSON_LD"}
ONTOLOGY_FORMATS = ("owl", "ttl")
EXPLAIN_FORMATS = ("table", "json")
DIFF_FORMATS = ("table", "json", "csv")

Records = Annotated[
    list[Path] | None,
    typer.Argument(help="Record files, or folders of them; the records that come with Equipoise if none."),
]
FormatOption = Annotated[str, typer.Option("--format", "-f", help=f"One of {', '.join(ANSWER_FORMATS)}.")]


def main() -> None:
    """Run the command line; say what is wrong in one line, and never show a traceback for what a user did."""
    try:
        app()
    except EquipoiseError as error:
        terminal.complain(str(error))
        sys.exit(error.exit_code)
    except KeyboardInterrupt:
        sys.exit(130)
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


@app.callback()
def settings(
    context: typer.Context,
    data: Annotated[str, typer.Option(help="Folder of releases.")] = "",
    store: Annotated[str, typer.Option(help="SPARQL endpoint to ask instead of the embedded store.")] = "",
    store_engine: Annotated[str, typer.Option(help="What it is: generic, oxigraph, fuseki or virtuoso.")] = "",
    store_update: Annotated[str, typer.Option(help="Its address for updates.")] = "",
    store_graphs: Annotated[str, typer.Option(help="Its address for the Graph Store Protocol.")] = "",
    sources: Annotated[str, typer.Option(help="Folder of source texts.")] = "",
    release: Annotated[str, typer.Option(help="The release to ask; the one in service if none.")] = "",
    keep_releases: Annotated[str, typer.Option(help="How many releases are kept; 0 keeps all.")] = "",
    default_graph: Annotated[str, typer.Option(help="What a free query is asked of: union or strict.")] = "",
    query_seconds: Annotated[str, typer.Option(help="Time limit of a query.")] = "",
    query_rows: Annotated[str, typer.Option(help="Rows after which an answer is cut.")] = "",
    query_megabytes: Annotated[str, typer.Option(help="Memory limit of a query.")] = "",
    answer_megabytes: Annotated[str, typer.Option(help="Size limit of an answer.")] = "",
    query_workers: Annotated[str, typer.Option(help="How many free queries run at once.")] = "",
) -> None:
    """Equipoise: evidence from clinical trials as a knowledge graph, every number with the place it was read.

    Each option can also be set in the environment, as EQUIPOISE_ and its name in capitals.
    """
    given = {name: value for name, value in context.params.items() if value}
    environment = {**os.environ, **{f"EQUIPOISE_{name.upper()}": value for name, value in given.items()}}
    context.obj = Settings.from_environment(environment)


@app.command()
def build(
    context: typer.Context,
    records: Records = None,
    why: Annotated[str | None, typer.Option(help="The reason, for the history of releases.")] = None,
) -> None:
    """Build a release from curated records and put it in service."""
    from equipoise.api.curating import build_release

    build_release(_settings(context), records, why=why)


@app.command()
def load(
    context: typer.Context,
    check: Annotated[
        bool, typer.Option("--check", help="Only compare: counts and hashes of every graph; exit 1 if one differs.")
    ] = False,
    all: Annotated[bool, typer.Option("--all", help="Send every graph, also those the engine says it holds.")] = False,
) -> None:
    """Load the release in service onto the SPARQL engine that --store names."""
    from equipoise.api.loading import check_engine, load_engine

    settings = _settings(context)
    release = current_release(settings.data)
    if not check:
        load_engine(settings, release, held={} if all else None)
    elif not check_engine(settings, release):
        raise typer.Exit(1)


@app.command()
def check(
    records: Records = None, all: Annotated[bool, typer.Option("--all", help="Show passed checks too.")] = False
) -> None:
    """Check curated records without building a release: fields, shapes and figures."""
    from equipoise.api.curating import check_records

    check_records(records, show_passed=all)


@app.command()
def query(
    context: typer.Context,
    name: Annotated[str | None, typer.Argument(help="Name of a question; without one, all are listed.")] = None,
    parameters: Annotated[list[str] | None, typer.Argument(help="Parameters, each as name=value.")] = None,
    format: FormatOption = "table",
    show: Annotated[
        bool, typer.Option("--show", help="Show the question's SPARQL and parameters instead of its answer.")
    ] = False,
) -> None:
    """Ask a question of the catalogue by name."""
    if name is None:
        terminal.table(
            ["name", "question"], [[question.name, question.description] for question in catalogue().values()]
        )
        return
    question = find_question(name)
    if show:
        terminal.write(question.text.encode())
        return
    _refuse_format(format, ANSWER_FORMATS)
    given = dict(_pair(question.name, text) for text in parameters or [])
    _print(run(_store(context), question, given), format, Context(question.name, given))


@app.command()
def sparql(
    context: typer.Context,
    text: Annotated[
        str | None, typer.Argument(metavar="QUERY", help="The query; - or nothing reads it from standard input.")
    ] = None,
    file: Annotated[Path | None, typer.Option("--file", help="Read the query from a file.")] = None,
    format: FormatOption = "table",
) -> None:
    """Ask in SPARQL, under the limits of the settings."""
    _refuse_format(format, ANSWER_FORMATS)
    asked = _query_text(text, file)
    with _free_store(context) as store, terminal.working("asking"):
        answer = store.query(asked)
    _print(answer, format, Context())


@app.command()
def resolve(
    context: typer.Context,
    identifier: Annotated[
        str,
        typer.Argument(metavar="ID", help="An identifier in any spelling (CHEBI:50924, 'RXCUI 495881'), or a name."),
    ],
    format: FormatOption = "table",
) -> None:
    """Say which drug, condition, target, event or trial an identifier of another system names, and by which mapping."""
    from equipoise.queries.resolve import QUESTION, resolve

    _refuse_format(format, ANSWER_FORMATS)
    _print(resolve(_store(context), identifier).answer, format, Context(QUESTION, {"identifier": identifier}))


@app.command()
def serve(
    context: typer.Context,
    host: Annotated[str, typer.Option(help="Address to listen on.")] = "127.0.0.1",
    port: Annotated[int, typer.Option(min=0, max=65535, help="Port to listen on; 0 takes a free one.")] = 8000,
) -> None:
    """Serve pages, the catalogue and SPARQL over HTTP."""
    from equipoise.api.listen import serve_forever

    serve_forever(_settings(context), host, port)


@app.command()
def export(
    context: typer.Context,
    format: Annotated[
        str | None,
        typer.Option(
            "--format",
            "-f",
            help=f"One of {', '.join(EXPORT_FORMATS)}; of the ontology, {' or '.join(ONTOLOGY_FORMATS)}.",
        ),
    ] = None,
    graph: Annotated[str | None, typer.Option(help="Only this named graph, by IRI or CURIE.")] = None,
    ontology: Annotated[
        bool, typer.Option("--ontology", help="The vocabulary alone, as one OWL file for editors such as Protégé.")
    ] = False,
    include: Annotated[
        list[str] | None, typer.Option(help="An external ontology to write too, by name; may be given several times.")
    ] = None,
    output: Annotated[
        Path | None, typer.Option("--output", "-o", help="Write to a file instead of standard output.")
    ] = None,
) -> None:
    """Write the release in service as RDF, without the external ontologies that it is served with."""
    from equipoise.api.export import export_ontology, export_release

    formats = ONTOLOGY_FORMATS if ontology else tuple(EXPORT_FORMATS)
    chosen = formats[0] if format is None else format
    _refuse_format(chosen, formats)
    if ontology and graph is not None:
        raise SettingError("export", found="--ontology and --graph are both given", allowed="give one of them")
    with terminal.working("writing"):
        if ontology:
            export_ontology(_store(context), chosen, output)
        else:
            release = _release(context)
            export_release(release, EXPORT_FORMATS[chosen], graph, output, include=include or [])


@app.command()
def explain(
    context: typer.Context,
    thing: Annotated[str, typer.Argument(metavar="IRI", help="The thing, by IRI or CURIE (drug:camrelizumab).")],
    owl_class: Annotated[str, typer.Argument(metavar="CLASS", help="The class, likewise (eqp:PD1Inhibitor).")],
    format: Annotated[str, typer.Option("--format", "-f", help=f"One of {', '.join(EXPLAIN_FORMATS)}.")] = "table",
) -> None:
    """Say why a thing is in a class: the chain of stated facts and axioms from which it follows."""
    from equipoise.api.render import json_bytes
    from equipoise.queries.explanation import explain_membership

    _refuse_format(format, EXPLAIN_FORMATS)
    explanation = explain_membership(_store(context), thing, owl_class)
    if format == "json":
        terminal.write(json_bytes(explanation.document()))
    else:
        rows = [[f"{'  ' * step.depth}{step.says}", step.why] for step in explanation.steps()]
        terminal.table(["what holds", "because"], rows)


@app.command()
def info(context: typer.Context, format: FormatOption = "table") -> None:
    """Say which release is in service, and what is in it."""
    from equipoise.api.past import show_release

    _refuse_format(format, ("table", "json"))
    show_release(_release(context), format)


@app.command()
def releases(context: typer.Context, format: FormatOption = "table") -> None:
    """List the releases that were in service: when, how, by whom and why."""
    from equipoise.api.past import show_releases

    _refuse_format(format, ("table", "json"))
    show_releases(_settings(context).data, format)


@app.command()
def diff(
    context: typer.Context,
    before: Annotated[str, typer.Argument(help="A release, by identifier or the beginning of one.")],
    now: Annotated[str, typer.Argument(help="Another one; the one in service if none.")] = "",
    trial: Annotated[str, typer.Option(help="Only this trial, by registry number.")] = "",
    format: Annotated[str, typer.Option("--format", "-f", help=f"One of {', '.join(DIFF_FORMATS)}.")] = "table",
) -> None:
    """Say what two releases say differently: trials that came, went or changed, and value by value what changed."""
    from equipoise.api.past import show_difference

    _refuse_format(format, DIFF_FORMATS)
    show_difference(_settings(context).data, before, now, trial=trial, format=format)


@app.command()
def retire(context: typer.Context) -> None:
    """Remove the releases that are not to be kept, as --keep-releases says."""
    from equipoise.api.past import retire_releases

    retire_releases(_settings(context))


@sources_app.command()
def verify(context: typer.Context, records: Records = None) -> None:
    """Check that every cited number stands where the record says, in the source texts at hand."""
    from equipoise.api.curating import verify_records

    if not verify_records(_settings(context), records):
        raise typer.Exit(1)


@sources_app.command("list")
def list_sources(context: typer.Context, format: FormatOption = "table") -> None:
    """List the sources of the release in service."""
    _refuse_format(format, ANSWER_FORMATS)
    _print(run(_store(context), find_question("sources"), {}), format, Context("sources", {}))


@sources_app.command()
def cite(
    file: Annotated[Path, typer.Argument(help="The text of the source.")],
    words: Annotated[str, typer.Argument(help="The words to cite, exactly as they stand in the text.")],
) -> None:
    """Print where words stand in a text, as a passage of a record."""
    from equipoise.api.curating import cite_words

    cite_words(file, words)


def _settings(context: typer.Context) -> Settings:
    assert isinstance(context.obj, Settings)
    return context.obj


def _release(context: typer.Context) -> Release:
    """The release that is asked: the one in service unless another was named."""
    settings = _settings(context)
    return named_release(settings.data, settings.release)


def _store(context: typer.Context) -> Store:
    return open_store(settings=_settings(context))


@contextmanager
def _free_store(context: typer.Context) -> Iterator[Store]:
    """The store that answers free queries: a pool of workers over the embedded store, or the remote engine itself."""
    store = _store(context)
    if isinstance(store, EmbeddedStore):
        settings = _settings(context)
        index = _release(context).index_for(settings.default_graph)
        with open_pool(index, store.release, settings) as pool:
            yield pool
    else:
        yield store


def _pair(name: str, text: str) -> tuple[str, str]:
    key, equals, value = text.partition("=")
    if not equals:
        raise ParameterError(name, found=f"was given {text!r}", allowed="parameters are written name=value")
    return key, value


def _query_text(text: str | None, file: Path | None) -> str:
    if text is not None and file is not None:
        raise SettingError("sparql", found="a query and a file are both given", allowed="give one of them")
    try:
        content = file.read_bytes() if file else sys.stdin.buffer.read() if text in (None, "-") else None
        return text if content is None and text is not None else (content or b"").decode("utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise SettingError(
            str(file or "standard input"), found=f"cannot be read: {error}", allowed="must be UTF-8 text"
        ) from error


def _refuse_format(name: str, allowed: tuple[str, ...]) -> None:
    if name not in allowed:
        raise FormatError("--format", found=f"is {name!r}", allowed=f"must be one of {', '.join(allowed)}")


def _print(answer: Answer, format: str, context: Context) -> None:
    if format != "table":
        terminal.write(render(answer, format, context))
    elif isinstance(answer, Bindings):
        terminal.table(
            list(answer.variables),
            [[terminal.cell(row.get(name)) for name in answer.variables] for row in answer.solutions[1]],
        )
    elif isinstance(answer, Truth):
        terminal.say("yes" if answer else "no")
    else:
        terminal.write(render(answer, "ttl", context))


if __name__ == "__main__":
    main()
