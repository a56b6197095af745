"""The self-audit of the release in service: a page for people, JSON, JSON-LD and Turtle for programs."""

from importlib.resources import files
from typing import Any

import pyoxigraph as ox
from fastapi import APIRouter, Request
from fastapi.responses import Response

from equipoise.api.negotiate import HTML, choose_format
from equipoise.api.pages import page
from equipoise.api.pages.audit import audit_view
from equipoise.api.problems import PROBLEM_SCHEMA
from equipoise.api.render import FORMATS, json_bytes, render
from equipoise.graph.store import Store
from equipoise.queries.run import find_trial

__all__ = ["audit_router"]

OFFERED = [("json", "application/json"), ("html", HTML), ("jsonld", "application/ld+json"), ("ttl", "text/turtle")]
EXTRA: dict[str, Any] = {
    "responses": {
        "200": {"description": "The verdicts", "content": {media_type: {} for _, media_type in OFFERED}},
        **dict.fromkeys(("404", "406"), PROBLEM_SCHEMA),
    },
    "parameters": [{"name": "format", "in": "query", "schema": {"enum": [name for name, _ in OFFERED]}}],
}


def audit_router(store: Store) -> APIRouter:
    """The route of the audit over a store."""
    router = APIRouter(tags=["things"])

    @router.get("/audit", summary="What the checks say of the values of this release", openapi_extra=EXTRA)
    def audit(request: Request, trial: str | None = None) -> Response:
        chosen = choose_format(request.headers.get("accept", ""), request.query_params.get("format"), OFFERED)
        if chosen in ("jsonld", "ttl"):
            text = (files("equipoise.api.pages") / "describe-findings.rq").read_text(encoding="utf-8")
            bindings = {"trial": ox.NamedNode(find_trial(store, trial))} if trial else {}
            return Response(render(store.query(text, bindings=bindings), chosen), media_type=FORMATS[chosen].media_type)
        view = audit_view(store, trial)
        if chosen == "html":
            return page(request, "audit.html", view=view)
        document = {"release": store.release, "checks": view.checks, "findings": view.findings}
        return Response(json_bytes(document), media_type="application/json")

    return router
