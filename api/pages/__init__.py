"""The pages: HTML rendered on the server from the same answers that programs get.

Templates stand in `templates`, the style sheet in `static`; nothing is loaded from elsewhere, and the content security
policy holds the browser to that.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any
from urllib.parse import quote

import jinja2
import pyoxigraph as ox
from fastapi import Request
from fastapi.responses import HTMLResponse

from equipoise.graph.store import Bindings
from equipoise.ontology.iri import curie, local_path

__all__ = ["Cell", "cells", "href", "page", "render_text", "static_file"]

POLICY = "default-src 'none'; style-src 'self'; img-src 'self' data:; form-action 'self'; base-uri 'none'"
NUMERIC = ("integer", "decimal", "double")


@dataclass(frozen=True)
class Cell:
    """One value in a table: what is shown, where it leads, and whether it is a number."""

    text: str
    href: str | None = None
    is_number: bool = False


def page(
    request: Request, template: str, *, status: int = 200, headers: Mapping[str, str] | None = None, **context: Any
) -> HTMLResponse:
    """Render a template."""
    text = _environment().get_template(template).render(request=request, **context)
    return HTMLResponse(text, status_code=status, headers={"Content-Security-Policy": POLICY, **(headers or {})})


def render_text(template: str, **context: Any) -> str:
    """The text of a template that is not a page."""
    return _environment().get_template(template).render(**context)


def cells(answer: Bindings, *, most: int | None = None) -> list[list[Cell]]:
    """The rows of an answer as cells, in the order of its variables; not more than so many."""
    variables, rows = answer.solutions
    return [[_cell(row.get(name)) for name in variables] for row in rows[:most]]


def _cell(term: ox.NamedNode | ox.BlankNode | ox.Literal | None) -> Cell:
    match term:
        case None:
            return Cell("")
        case ox.NamedNode():
            return Cell(curie(term.value), href(term.value))
        case ox.BlankNode():
            return Cell(str(term))
        case ox.Literal():
            is_number = term.datatype.value.rpartition("#")[2] in NUMERIC
            is_address = term.value.startswith(("http://", "https://")) and " " not in term.value
            return Cell(term.value, term.value if is_address else None, is_number)


def href(iri: str) -> str | None:
    """Where a link to an IRI leads: to this server for our own, to the address itself for others; None if to none."""
    local = local_path(iri)
    if local is not None:
        return quote(local)
    return iri if iri.startswith(("http://", "https://")) else None


def static_file(name: str) -> tuple[bytes, str] | None:
    """A file of the `static` folder with its media type, or None if there is none of that name."""
    known = {"style.css": "text/css", "diagram.css": "text/css", "favicon.svg": "image/svg+xml"}
    if name not in known:
        return None
    return (files("equipoise.api.pages") / "static" / name).read_bytes(), known[name]


@cache
def _environment() -> jinja2.Environment:
    folder = files("equipoise.api.pages") / "templates"
    environment = jinja2.Environment(
        loader=jinja2.FileSystemLoader(str(folder)),
        autoescape=True,
        undefined=jinja2.StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters["href"] = href
    environment.filters["curie"] = curie
    environment.filters["number"] = lambda value: format(value, "g")
    return environment
