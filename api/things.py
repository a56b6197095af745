"""Things by the path of their IRI: a page for people, JSON, JSON-LD and Turtle for programs.

Trials and drugs have pages and names of their own; everything else that has an IRI of ours is described in one way.
"""

from collections.abc import Mapping
from importlib.resources import files
from typing import Any

import pyoxigraph as ox
from fastapi import APIRouter, Request
from fastapi.responses import RedirectResponse, Response

from equipoise.api.negotiate import HTML, choose_format
from equipoise.api.pages import page, static_file
from equipoise.api.pages.trial import trial_answers, trial_view
from equipoise.api.problems import PROBLEM_SCHEMA
from equipoise.api.render import FORMATS, Context, json_bytes, render
from equipoise.graph.store import Bindings, Store, Term
from equipoise.ontology.errors import UnknownNameError
from equipoise.ontology.iri import curie, local_path, mint
from equipoise.queries.catalogue import catalogue, find_question
from equipoise.queries.run import find_drug, find_trial, run

__all__ = ["things_router"]

OFFERED = [("json", "application/json"), ("html", HTML), ("jsonld", "application/ld+json"), ("ttl", "text/turtle")]
LISTED = OFFERED[:2]
RESPONSES: dict[str, Any] = {
    "200": {"description": "The thing", "content": {media_type: {} for _, media_type in OFFERED}},
    **dict.fromkeys(("404", "406"), PROBLEM_SCHEMA),
}
EXTRA = {
    "responses": RESPONSES,
    "parameters": [{"name": "format", "in": "query", "schema": {"enum": [name for name, _ in OFFERED]}}],
}

Answer = list[dict[str, Any]]


def things_router(store: Store) -> APIRouter:
    """The routes of things over a store."""
    router = APIRouter(tags=["things"])

    @router.get("/", include_in_schema=False)
    def home(request: Request) -> Response:
        if _format(request, LISTED) == "json":
            return _json(store, {name: f"/{name}" for name in ("trials", "queries", "sparql", "openapi.json")})
        trials = run(store, find_question("trials"), {}).values()
        return page(request, "home.html", trials=trials, questions=catalogue().values())

    @router.get("/static/{name}", include_in_schema=False)
    def static(name: str) -> Response:
        found = static_file(name)
        if found is None:
            raise UnknownNameError("static", found=f"there is no file {name!r}", allowed="")
        return Response(found[0], media_type=found[1], headers={"Cache-Control": "max-age=3600"})

    @router.get("/trials", summary="The trials of this release", openapi_extra=EXTRA)
    def trials(request: Request) -> Response:
        answer = run(store, find_question("trials"), {})
        match _format(request, OFFERED):
            case "html":
                return page(request, "trials.html", trials=answer.values())
            case "json":
                return Response(render(answer, "json", Context("trials", {})), media_type="application/json")
            case name:
                return _graph(store, "describe-trials", {}, name)

    @router.get("/trial/{registry_id}", summary="A trial, by registry number or acronym", openapi_extra=EXTRA)
    def trial(request: Request, registry_id: str) -> Response:
        iri = find_trial(store, registry_id)
        if iri != mint("trial", registry_id):
            return _redirect(request, iri)
        match _format(request, OFFERED):
            case "html":
                return page(request, "trial.html", view=trial_view(store, iri, registry_id))
            case "json":
                return _json(store, {"trial": iri, **trial_answers(store, registry_id)})
            case name:
                return _described(store, iri, "describe-trial", name)

    @router.get("/drug/{name}", summary="A drug, by any of its names", openapi_extra=EXTRA)
    def drug(request: Request, name: str) -> Response:
        iri = find_drug(store, name)
        if iri != mint("drug", name):
            return _redirect(request, iri)
        chosen = _format(request, OFFERED)
        if chosen not in ("html", "json"):
            return _described(store, iri, "describe", chosen)
        parts = {
            "names": run(store, find_question("drug-names"), {"name": _label(store, iri)}).values(),
            "mechanisms": run(store, find_question("drug-mechanisms"), {"drug": name}).values(),
            "classes": run(store, find_question("drug-classes"), {"drug": name}).values(),
            "trials": _rows(store, "trials-of-drug", iri),
        }
        if chosen == "json":
            return _json(store, {"drug": iri, **parts})
        properties = _rows(store, "properties", iri)
        context: dict[str, Any] = {"iri": iri, "label": _label(store, iri), "properties": properties, **parts}
        return page(request, "drug.html", **context)

    @router.get("/vocab/{term}", summary="A term of the vocabulary", openapi_extra=EXTRA)
    def vocab(request: Request, term: str) -> Response:
        return _thing(store, request, mint("vocab", term))

    @router.get("/{path:path}", include_in_schema=False)
    def anything(request: Request, path: str) -> Response:
        return _thing(store, request, mint(path))

    return router


def _format(request: Request, offered: list[tuple[str, str]]) -> str:
    return choose_format(request.headers.get("accept", ""), request.query_params.get("format"), offered)


def _json(store: Store, document: Mapping[str, Any]) -> Response:
    return Response(json_bytes({"release": store.release, **document}), media_type="application/json")


def _redirect(request: Request, iri: str) -> Response:
    query = f"?{request.url.query}" if request.url.query else ""
    return RedirectResponse((local_path(iri) or "/") + query, status_code=303)


def _thing(store: Store, request: Request, iri: str) -> Response:
    """Describe whatever has this IRI. Raises UnknownNameError if nothing is said of it."""
    properties = _rows(store, "properties", iri)
    if not properties:
        raise UnknownNameError("path", found=f"nothing is known of {iri}", allowed="see /trials, /queries and /sparql")
    match _format(request, OFFERED):
        case "html":
            mentions = _rows(store, "mentions", iri)
            return page(
                request, "thing.html", iri=iri, label=_label(store, iri), properties=properties, mentions=mentions
            )
        case "json":
            return _json(store, {"iri": iri, "label": _label(store, iri), "properties": _by_property(properties)})
        case name:
            return _described(store, iri, "describe", name)


def _by_property(rows: Answer) -> dict[str, list[Any]]:
    properties: dict[str, list[Any]] = {}
    for row in rows:
        properties.setdefault(curie(row["property"]), []).append(row["value"])
    return properties


def _described(store: Store, iri: str, query: str, name: str) -> Response:
    return _graph(store, query, {"thing": ox.NamedNode(iri)}, name)


def _graph(store: Store, query: str, bindings: Mapping[str, Term], name: str) -> Response:
    answer = store.query(_text(query), bindings=bindings)
    return Response(render(answer, name), media_type=FORMATS[name].media_type)


def _rows(store: Store, query: str, iri: str) -> Answer:
    """The rows of one of the queries beside the templates about a thing; none if its IRI is not even one."""
    try:
        thing = ox.NamedNode(iri)
    except ValueError:
        return []
    answer = store.query(_text(query), bindings={"thing": thing})
    assert isinstance(answer, Bindings)
    return answer.values()


def _label(store: Store, iri: str) -> str:
    names = [row["value"] for row in _rows(store, "properties", iri) if row["property"].endswith("rdf-schema#label")]
    return names[0] if names else curie(iri)


def _text(name: str) -> str:
    return (files("equipoise.api.pages") / f"{name}.rq").read_text(encoding="utf-8")
