"""`equipoise ontology` and its commands."""

from typing import Annotated

import typer

from equipoise.graph.settings import Settings
from equipoise.ontology.errors import SettingError

__all__ = ["ontology_app"]

ontology_app = typer.Typer(no_args_is_help=True, rich_markup_mode=None)

ReasonOption = Annotated[str | None, typer.Option(help="The reason, for the history of releases.")]
ChecksumOption = Annotated[str, typer.Option(help="The SHA-256 that the file must have.")]


@ontology_app.command()
def add(
    context: typer.Context,
    source: Annotated[
        str,
        typer.Argument(metavar="FILE|URL|NAME", help="A file, an address, or a name of the catalogue to be fetched."),
    ],
    name: Annotated[str, typer.Option(help="What to call it, and its graph; by default as its file is.")] = "",
    sha256: ChecksumOption = "",
    why: ReasonOption = None,
) -> None:
    """Serve the release with one external ontology more, in a named graph of its own."""
    from equipoise.api.ontologies import add_from

    add_from(_settings(context), source, name=name, sha256=sha256, why=why)


@ontology_app.command()
def update(
    context: typer.Context,
    name: Annotated[str, typer.Argument(help="The name of the ontology.")],
    source: Annotated[
        str, typer.Argument(metavar="[FILE|URL]", help="Another version of it; from where it came before if none.")
    ] = "",
    sha256: ChecksumOption = "",
    why: ReasonOption = None,
) -> None:
    """Serve the release with another version of an ontology; say what that does to the mappings."""
    from equipoise.api.ontologies import update_from

    update_from(_settings(context), name, source, sha256=sha256, why=why)


@ontology_app.command()
def remove(
    context: typer.Context,
    name: Annotated[str, typer.Argument(help="The name of the ontology.")],
    why: ReasonOption = None,
) -> None:
    """Serve the release without an ontology; say which mappings lead into it."""
    from equipoise.api.ontologies import remove_named

    remove_named(_settings(context), name, why=why)


@ontology_app.command("list")
def list_ontologies(
    context: typer.Context,
    shelf: Annotated[bool, typer.Option("--shelf", help="Those of earlier releases, too.")] = False,
    known: Annotated[bool, typer.Option("--known", help="The catalogue of known sources instead.")] = False,
) -> None:
    """List the external ontologies that the release in service is served with."""
    from equipoise.api.ontologies import list_known, list_served, list_shelf

    if shelf and known:
        raise SettingError("ontology list", found="--shelf and --known are both given", allowed="give one of them")
    if known:
        list_known()
    elif shelf:
        list_shelf(_settings(context))
    else:
        list_served(_settings(context))


def _settings(context: typer.Context) -> Settings:
    assert isinstance(context.obj, Settings)
    return context.obj
