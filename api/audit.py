"""The self-audit of the release in service: a page for people, JSON, JSON-LD and Turtle for programs."""

from fastapi import APIRouter, Request
from fastapi.responses import Response

from equipoise.api.forms import EXTRA, chosen_form, graph_response, json_response
from equipoise.api.pages import page
from equipoise.api.pages.asked import ask, ask_about
from equipoise.api.pages.audit import audit_view
from equipoise.graph.store import Store
from equipoise.queries.run import find_trial

__all__ = ["audit_router"]


def audit_router(store: Store) -> APIRouter:
    """The route of the audit over a store."""
    router = APIRouter(tags=["things"])

    @router.get("/audit", summary="What the checks say of the values of this release", openapi_extra=EXTRA)
    def audit(request: Request, trial: str | None = None) -> Response:
        match chosen_form(request):
            case "html":
                return page(request, "audit.html", view=audit_view(store, trial))
            case "json":
                view = audit_view(store, trial)
                return json_response(store, {"checks": view.checks, "findings": view.findings})
            case name:
                about = ask_about(store, "describe-findings", find_trial(store, trial)) if trial else None
                return graph_response(about or ask(store, "describe-findings"), name)

    return router
