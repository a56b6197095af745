"""`equipoise registry` and its commands: where records of the registry come from, and those that were refused."""

from datetime import datetime
from pathlib import Path
from typing import Annotated

import typer

from equipoise.graph.settings import Settings

__all__ = ["registry_app"]

registry_app = typer.Typer(no_args_is_help=True, rich_markup_mode=None)


@registry_app.command()
def fetch(
    context: typer.Context,
    condition: Annotated[str, typer.Option(help="Conditions, in the registry's query language.")] = "",
    intervention: Annotated[str, typer.Option(help="Interventions, likewise.")] = "",
    term: Annotated[str, typer.Option(help="Other terms, likewise.")] = "",
    since: Annotated[
        datetime | None, typer.Option(formats=["%Y-%m-%d"], help="Only records updated on this day or later.")
    ] = None,
    most: Annotated[int, typer.Option("--max", min=1, help="How many records at most.")] = 1000,
    page_size: Annotated[int, typer.Option(min=1, max=1000, help="How many records a page.")] = 200,
    folder: Annotated[
        Path | None, typer.Option(help="Where to keep them; a folder of the data folder, by what is asked, if none.")
    ] = None,
) -> None:
    """Fetch records from ClinicalTrials.gov, or go on with it: what was fetched before is not fetched again."""
    from equipoise.api.fetching import fetch_into
    from equipoise.graph.registry.fetch import Wanted

    wanted = Wanted(condition, term, intervention, since.date() if since else None)
    fetch_into(_settings(context), wanted, folder, most=most, page_size=page_size)


@registry_app.command()
def quarantine(context: typer.Context) -> None:
    """List the records that were refused, and why."""
    from equipoise.api.fetching import list_quarantine

    list_quarantine(_settings(context))


def _settings(context: typer.Context) -> Settings:
    assert isinstance(context.obj, Settings)
    return context.obj
