"""Things by the path of their IRI: a page for people, JSON, JSON-LD and Turtle for programs.

Trials and drugs have pages and names of their own; everything else that has an IRI of ours is described in one way.
"""

from typing import Annotated, Any

from fastapi import APIRouter, Query, Request
from fastapi.responses import RedirectResponse, Response

from equipoise.api.forms import EXTRA, OFFERED, chosen_form, graph_response, json_response
from equipoise.api.pages import page, static_file
from equipoise.api.pages.asked import Rows, ask, ask_about, label_of, rows_about
from equipoise.api.pages.listing import count_trials, listed_trials
from equipoise.api.pages.timeline import by_version
from equipoise.api.pages.trial import trial_answers, trial_view
from equipoise.api.problems import PROBLEM_SCHEMA
from equipoise.api.render import Context, render
from equipoise.graph.store import Store
from equipoise.ontology.errors import UnknownNameError
from equipoise.ontology.iri import curie, local_path, mint
from equipoise.queries.catalogue import catalogue, find_question
from equipoise.queries.run import find_drug, find_trial, run

__all__ = ["things_router"]

LISTED = OFFERED[:2]
TIMELINE = {
    "responses": {
        "200": {"description": "The timeline", "content": {media_type: {} for _, media_type in LISTED}},
        **dict.fromkeys(("404", "406"), PROBLEM_SCHEMA),
    },
    "parameters": [{"name": "format", "in": "query", "schema": {"enum": [name for name, _ in LISTED]}}],
}
ON_HOME, ON_A_PAGE = 10, 200
"""How many trials the first page and a page of the list show; the other forms of the list hold all."""

PLACES = ("trials", "mechanisms", "outcomes", "vocab", "queries", "sparql", "openapi.json")


def things_router(store: Store) -> APIRouter:
    """The routes of things over a store."""
    router = APIRouter(tags=["things"])

    @router.get("/", include_in_schema=False)
    def home(request: Request) -> Response:
        if chosen_form(request, LISTED) == "json":
            return json_response(store, {name: f"/{name}" for name in PLACES})
        shown = listed_trials(store, first=0, most=ON_HOME)
        count = count_trials(store)
        return page(request, "home.html", trials=shown, count=count, questions=catalogue().values())

    @router.get("/static/{name}", include_in_schema=False)
    def static(name: str) -> Response:
        found = static_file(name)
        if found is None:
            raise UnknownNameError("static", found=f"there is no file {name!r}", allowed="")
        return Response(found[0], media_type=found[1], headers={"Cache-Control": "max-age=3600"})

    @router.get("/trials", summary="The trials of this release", openapi_extra=EXTRA)
    def trials(request: Request, page: Annotated[int, Query(ge=1)] = 1) -> Response:
        match chosen_form(request):
            case "html":
                return _trials_page(store, request, page)
            case "json":
                answer = run(store, find_question("trials"), {})
                return Response(render(answer, "json", Context("trials", {})), media_type="application/json")
            case name:
                return graph_response(ask(store, "describe-trials"), name)

    @router.get("/trial/{registry_id}", summary="A trial, by registry number or acronym", openapi_extra=EXTRA)
    def trial(request: Request, registry_id: str) -> Response:
        iri = find_trial(store, registry_id)
        if iri != mint("trial", registry_id):
            return _redirect(request, iri)
        match chosen_form(request):
            case "html":
                return page(request, "trial.html", view=trial_view(store, iri, registry_id))
            case "json":
                return json_response(store, {"trial": iri, **trial_answers(store, registry_id)})
            case name:
                return graph_response(ask_about(store, "describe-trial", iri), name)

    @router.get(
        "/trial/{registry_id}/timeline", summary="What a trial's registry record said before", openapi_extra=TIMELINE
    )
    def timeline(request: Request, registry_id: str) -> Response:
        iri = find_trial(store, registry_id)
        answer = run(store, find_question("registry-timeline"), {"trial": registry_id})
        if chosen_form(request, LISTED) == "json":
            context = Context("registry-timeline", {"trial": registry_id})
            return Response(render(answer, "json", context), media_type="application/json")
        return page(request, "timeline.html", iri=iri, name=registry_id, versions=by_version(answer.values()))

    @router.get("/drug/{name}", summary="A drug, by any of its names", openapi_extra=EXTRA)
    def drug(request: Request, name: str) -> Response:
        iri = find_drug(store, name)
        if iri != mint("drug", name):
            return _redirect(request, iri)
        chosen = chosen_form(request)
        if chosen not in ("html", "json"):
            return graph_response(ask_about(store, "describe", iri), chosen)
        parts = {
            "names": run(store, find_question("drug-names"), {"name": label_of(store, iri)}).values(),
            "mechanisms": run(store, find_question("drug-mechanisms"), {"drug": name}).values(),
            "classes": run(store, find_question("drug-classes"), {"drug": name}).values(),
            "identifiers": rows_about(store, "identifiers", iri),
            "external_classes": run(store, find_question("external-classes-of-drug"), {"drug": name}).values(),
            "trials": rows_about(store, "trials-of-drug", iri),
            "results": rows_about(store, "results-of-drug", iri),
        }
        if chosen == "json":
            return json_response(store, {"drug": iri, **parts})
        properties = rows_about(store, "properties", iri)
        forms = rows_about(store, "forms-of-drug", iri)
        context: dict[str, Any] = {"iri": iri, "label": label_of(store, iri), "properties": properties, "forms": forms}
        context |= parts
        return page(request, "drug.html", **context)

    @router.get("/{path:path}", include_in_schema=False)
    def anything(request: Request, path: str) -> Response:
        return _thing(store, request, mint(path))

    return router


def _trials_page(store: Store, request: Request, number: int) -> Response:
    """So many trials from the list of all. Raises UnknownNameError for a page behind the last."""
    count = count_trials(store)
    last = max(1, -(-count // ON_A_PAGE))
    if number > last:
        raise UnknownNameError("page", found=f"there is no page {number}", allowed=f"the last is {last}")
    shown = listed_trials(store, first=(number - 1) * ON_A_PAGE, most=ON_A_PAGE)
    return page(request, "trials.html", trials=shown, count=count, number=number, last=last)


def _redirect(request: Request, iri: str) -> Response:
    query = f"?{request.url.query}" if request.url.query else ""
    return RedirectResponse((local_path(iri) or "/") + query, status_code=303)


def _thing(store: Store, request: Request, iri: str) -> Response:
    """Describe whatever has this IRI. Raises UnknownNameError if nothing is said of it."""
    properties = rows_about(store, "properties", iri)
    if not properties:
        raise UnknownNameError("path", found=f"nothing is known of {iri}", allowed="see /trials, /queries and /sparql")
    match chosen_form(request):
        case "html":
            mentions = rows_about(store, "mentions", iri)
            return page(
                request, "thing.html", iri=iri, label=label_of(store, iri), properties=properties, mentions=mentions
            )
        case "json":
            return json_response(
                store, {"iri": iri, "label": label_of(store, iri), "properties": _by_property(properties)}
            )
        case name:
            return graph_response(ask_about(store, "describe", iri), name)


def _by_property(rows: Rows) -> dict[str, list[Any]]:
    properties: dict[str, list[Any]] = {}
    for row in rows:
        properties.setdefault(curie(row["property"]), []).append(row["value"])
    return properties
