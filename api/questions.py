"""`/queries`: the catalogue, and every question as an endpoint with typed parameters."""

from collections.abc import Callable
from typing import Any

from fastapi import APIRouter, Request
from fastapi.responses import JSONResponse, Response

from equipoise.api.negotiate import HTML, choose_format
from equipoise.api.pages import cells, page
from equipoise.api.problems import PROBLEM_SCHEMA
from equipoise.api.render import FORMATS, Context, render
from equipoise.graph.store import Bindings, Store
from equipoise.ontology.errors import EquipoiseError, ParameterError
from equipoise.ontology.terms import load_terms
from equipoise.queries.catalogue import Parameter, Question, catalogue, find_question
from equipoise.queries.run import run

__all__ = ["questions_router"]

OFFERED = [(chosen.name, chosen.media_type) for chosen in FORMATS.values() if Bindings in chosen.kinds]


ROWS_SHOWN = 1000
"""How many rows a page shows; the other formats hold all."""


def questions_router(store: Store) -> APIRouter:
    """The routes of the catalogue over a store."""
    router = APIRouter(tags=["questions"])

    @router.get("/queries", summary="All questions, with their parameters")
    def listed(request: Request) -> Response:
        offered = [("json", "application/json"), ("html", HTML)]
        chosen = choose_format(request.headers.get("accept", ""), request.query_params.get("format"), offered)
        if chosen == "html":
            return page(request, "questions.html", questions=catalogue().values())
        return JSONResponse(
            {"release": store.release, "queries": [_summary(question) for question in catalogue().values()]}
        )

    for question in catalogue().values():
        router.add_api_route(
            f"/queries/{question.name}",
            _endpoint(store, question),
            methods=["GET"],
            name=question.name,
            summary=question.description,
            operation_id=question.name.replace("-", "_"),
            response_class=Response,
            openapi_extra=_operation(question),
        )

    @router.get("/queries/{name}", include_in_schema=False)
    def unknown(name: str) -> Response:
        find_question(name)
        raise AssertionError("every known question has a route of its own")

    return router


def _endpoint(store: Store, question: Question) -> Callable[[Request], Response]:
    def answer(request: Request) -> Response:
        asked = request.query_params.get("format")
        chosen = choose_format(request.headers.get("accept", ""), asked, [*OFFERED, ("html", HTML)])
        parameters = _parameters(question, request)
        if chosen == "html":
            return _page(store, request, question, parameters)
        context = Context(question.name, parameters)
        return Response(
            render(run(store, question, parameters), chosen, context), media_type=FORMATS[chosen].media_type
        )

    return answer


def _parameters(question: Question, request: Request) -> dict[str, str]:
    """The parameters of a request; one that is empty, as in a form left blank, is not given."""
    pairs = [(name, value) for name, value in request.query_params.multi_items() if name != "format" and value.strip()]
    names = [name for name, _ in pairs]
    if repeated := sorted({name for name in names if names.count(name) > 1}):
        raise ParameterError(
            question.name, found=f"has {', '.join(repeated)} more than once", allowed="must be given once"
        )
    return dict(pairs)


def _page(store: Store, request: Request, question: Question, parameters: dict[str, str]) -> Response:
    """The question's form and, unless a parameter is still to be given, its answer, or what is wrong with it."""
    answer, error, status = None, None, 200
    if parameters or not any(parameter.required for parameter in question.parameters.values()):
        try:
            answer = run(store, question, parameters)
        except EquipoiseError as raised:
            error, status = raised, raised.status
    choices = {name: _choices(parameter) for name, parameter in question.parameters.items()}
    return page(
        request,
        "question.html",
        status=status,
        question=question,
        given=parameters,
        choices=choices,
        variables=answer.variables if answer else (),
        rows=cells(answer, most=ROWS_SHOWN) if answer else [],
        count=len(answer.solutions[1]) if answer else 0,
        error=error,
    )


def _choices(parameter: Parameter) -> list[str]:
    """The values a parameter can take, where they are controlled values."""
    return load_terms().names(parameter.scheme) if parameter.scheme else []


def _summary(question: Question) -> dict[str, Any]:
    return {
        "name": question.name,
        "description": question.description,
        "path": f"/queries/{question.name}",
        "parameters": [
            {
                "name": parameter.name,
                "type": parameter.type,
                "description": parameter.description,
                "required": parameter.required,
                "default": parameter.default,
                "values": _choices(parameter) or None,
            }
            for parameter in question.parameters.values()
        ],
    }


def _operation(question: Question) -> dict[str, Any]:
    """The question's part of the OpenAPI document."""
    formats = {"name": "format", "in": "query", "schema": {"type": "string", "enum": [name for name, _ in OFFERED]}}
    return {
        "parameters": [*(_parameter(parameter) for parameter in question.parameters.values()), formats],
        "responses": {
            "200": {"description": "The rows", "content": {media_type: {} for _, media_type in OFFERED}},
            **dict.fromkeys(("400", "404", "406"), PROBLEM_SCHEMA),
        },
    }


def _parameter(parameter: Parameter) -> dict[str, Any]:
    types = {"decimal": {"type": "number"}, "integer": {"type": "integer"}, "iri": {"type": "string", "format": "iri"}}
    schema: dict[str, Any] = dict(types.get(parameter.type, {"type": "string"}))
    if parameter.default is not None:
        schema["default"] = float(parameter.default) if parameter.type == "decimal" else parameter.default
    description = parameter.description
    if choices := _choices(parameter):
        schema["examples"] = choices
        description += f"; a value of eqp:{parameter.scheme} by name, label or abbreviation"
    return {
        "name": parameter.name,
        "in": "query",
        "required": parameter.required,
        "description": description,
        "schema": schema,
    }
