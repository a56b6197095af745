"""The forms in which things are served: a page for people, JSON, JSON-LD and Turtle for programs."""

from collections.abc import Mapping, Sequence
from typing import Any

from fastapi import Request
from fastapi.responses import Response

from equipoise.api.negotiate import HTML, choose_format
from equipoise.api.problems import PROBLEM_SCHEMA
from equipoise.api.render import FORMATS, json_bytes, render
from equipoise.graph.store import Answer, Store
from equipoise.ontology.errors import ParameterError

__all__ = [
    "EXTRA",
    "OFFERED",
    "asked_identifier",
    "chosen_form",
    "graph_response",
    "identifier_parameters",
    "json_response",
]

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


def identifier_parameters(description: str, example: str, offered: Sequence[tuple[str, str]]) -> list[dict[str, Any]]:
    """The parameters of an operation that is asked with an identifier, for the OpenAPI document."""
    schema = {"type": "string", "example": example}
    return [
        {"name": "id", "in": "query", "required": True, "description": description, "schema": schema},
        {"name": "format", "in": "query", "schema": {"enum": [name for name, _ in offered]}},
    ]


def asked_identifier(request: Request, operation: str, example: str) -> str:
    """The identifier that a request asks about. Raises ParameterError if there is none."""
    asked = request.query_params.get("id", "")
    if not asked.strip():
        raise ParameterError(operation, found="is asked without id", allowed=f"must be given, such as {example}")
    return asked


def chosen_form(request: Request, offered: Sequence[tuple[str, str]] = OFFERED) -> str:
    """The form that a request asks for. Raises FormatError if it is not offered."""
    return choose_format(request.headers.get("accept", ""), request.query_params.get("format"), offered)


def json_response(store: Store, document: Mapping[str, Any]) -> Response:
    """A document as JSON, with the release it comes from."""
    return Response(json_bytes({"release": store.release, **document}), media_type="application/json")


def graph_response(answer: Answer, name: str) -> Response:
    """A graph in one of the RDF formats."""
    return Response(render(answer, name), media_type=FORMATS[name].media_type)
