"""The forms in which things are served: a page for people, JSON, JSON-LD and Turtle for programs."""

from collections.abc import Mapping, Sequence
from typing import Any

from fastapi import Request
from fastapi.responses import Response

from equipoise.api.negotiate import HTML, choose_format
from equipoise.api.problems import PROBLEM_SCHEMA
from equipoise.api.render import FORMATS, json_bytes, render
from equipoise.graph.store import Answer, Store

__all__ = ["EXTRA", "OFFERED", "chosen_form", "graph_response", "json_response"]

OFFERED = [("json", "application/json"), ("html", HTML), ("jsonld", "application/ld+json"), ("ttl", "text/turtle")]
RESPONSES: dict[str, Any] = {
    "200": {"description": "The thing", "content": {media_type: {} for _, media_type in OFFERED}},
    **dict.fromkeys(("404", "406"), PROBLEM_SCHEMA),
}
EXTRA = {
    "responses": RESPONSES,
    "parameters": [{"name": "format", "in": "query", "schema": {"enum": [name for name, _ in OFFERED]}}],
}
"""What the OpenAPI document says of an operation that serves a thing."""


def chosen_form(request: Request, offered: Sequence[tuple[str, str]] = OFFERED) -> str:
    """The form that a request asks for. Raises FormatError if it is not offered."""
    return choose_format(request.headers.get("accept", ""), request.query_params.get("format"), offered)


def json_response(store: Store, document: Mapping[str, Any]) -> Response:
    """A document as JSON, with the release it comes from."""
    return Response(json_bytes({"release": store.release, **document}), media_type="application/json")


def graph_response(answer: Answer, name: str) -> Response:
    """A graph in one of the RDF formats."""
    return Response(render(answer, name), media_type=FORMATS[name].media_type)
