"""Errors as answers: one shape for programs (RFC 9457 problem documents), one page for people."""

from http import HTTPStatus
from typing import Any

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse, Response
from starlette.exceptions import HTTPException

from equipoise.api.negotiate import HTML, choose_format
from equipoise.api.pages import page
from equipoise.ontology.errors import ChangeError, EquipoiseError, FormatError, LimitError, LockError

__all__ = ["PROBLEM_SCHEMA", "error_response", "install_problem_handlers"]

MEDIA_TYPE = "application/problem+json"

PROBLEM_SCHEMA = {
    "description": "A problem document (RFC 9457): where the fault is, what was found, what is allowed.",
    "content": {
        MEDIA_TYPE: {
            "schema": {
                "type": "object",
                "required": ["type", "title", "status", "detail"],
                "properties": {
                    "type": {"type": "string"},
                    "title": {"type": "string"},
                    "status": {"type": "integer"},
                    "detail": {"type": "string"},
                    "where": {"type": "string"},
                    "found": {"type": "string"},
                    "allowed": {"type": "string"},
                    "faults": {"type": "array", "items": {"type": "string"}},
                },
            }
        }
    },
}


def install_problem_handlers(app: FastAPI) -> None:
    """Answer every error of this package, of the framework and of the router in the one shape."""

    app.add_exception_handler(EquipoiseError, error_response)  # type: ignore[arg-type]

    @app.exception_handler(HTTPException)
    def of_the_router(request: Request, error: HTTPException) -> Response:
        phrase = HTTPStatus(error.status_code).phrase
        detail = f"{request.method} {request.url.path}: {phrase.lower()}"
        return _problem(request, error.status_code, phrase, detail, {}, dict(error.headers or {}))

    @app.exception_handler(RequestValidationError)
    def of_the_framework(request: Request, error: RequestValidationError) -> Response:
        detail = "; ".join(f"{'.'.join(map(str, item['loc']))}: {item['msg']}" for item in error.errors())
        return _problem(request, 400, "Bad request", detail, {}, {})


def error_response(request: Request, error: EquipoiseError) -> Response:
    """The answer that an error of this package is."""
    parts: dict[str, Any] = {"where": error.where, "found": error.found, "allowed": error.allowed}
    retry = error.retry_seconds if isinstance(error, LimitError | LockError) else None
    headers = {"Retry-After": str(retry)} if retry else {}
    if error.status == HTTPStatus.UNAUTHORIZED:
        headers["WWW-Authenticate"] = "Bearer"
    if error.status == HTTPStatus.METHOD_NOT_ALLOWED:
        headers["Allow"] = "GET, HEAD, POST"
    if isinstance(error, ChangeError) and error.faults:
        parts["faults"] = list(error.faults)
    return _problem(request, error.status, error.title, str(error), parts, headers)


def _problem(
    request: Request, status: int, title: str, detail: str, parts: dict[str, Any], headers: dict[str, str]
) -> Response:
    offered = [("problem", MEDIA_TYPE), ("problem", "application/json"), ("html", HTML)]
    try:
        chosen = choose_format(request.headers.get("accept", ""), None, offered)
    except FormatError:
        chosen = "problem"
    if chosen == "html":
        return page(request, "problem.html", status=status, headers=headers, title=title, detail=detail, parts=parts)
    body = {"type": "about:blank", "title": title, "status": status, "detail": detail, **parts}
    return JSONResponse(body, status_code=status, media_type=MEDIA_TYPE, headers=headers)
