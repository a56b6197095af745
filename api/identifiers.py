"""`/resolve`: from an identifier of another system, or a name, to the thing of this store.

Programs get the mappings that lead there. A browser is sent to the page of the thing, or, where the identifier names
several things (a salt and its base in one entry), gets a page to choose from.
"""

from typing import Any

from fastapi import APIRouter, Request
from fastapi.responses import RedirectResponse, Response

from equipoise.api.forms import asked_identifier, chosen_form, identifier_parameters, json_response
from equipoise.api.negotiate import HTML
from equipoise.api.pages import page
from equipoise.api.problems import PROBLEM_SCHEMA
from equipoise.graph.store import Store
from equipoise.ontology.iri import local_path
from equipoise.queries.resolve import Resolution, resolve

__all__ = ["identifiers_router"]

OFFERED = [("json", "application/json"), ("html", HTML)]
EXAMPLE = "CHEBI:50924"
RESOLVE: dict[str, Any] = {
    "parameters": identifier_parameters(
        "An identifier in any spelling, or the name of a drug: CHEBI:50924, RXCUI 495881, DB00398", EXAMPLE, OFFERED
    ),
    "responses": {
        "200": {"description": "The thing, and the mapping that leads to it", "content": {"application/json": {}}},
        "300": {"description": "Several things", "content": {media_type: {} for _, media_type in OFFERED}},
        "303": {"description": "The page of the thing, for a browser"},
        **dict.fromkeys(("400", "404", "406"), PROBLEM_SCHEMA),
    },
}


def identifiers_router(store: Store) -> APIRouter:
    """The route of identifiers over a store."""
    router = APIRouter(tags=["identifiers"])

    @router.get("/resolve", summary="What an identifier of another system names here", openapi_extra=RESOLVE)
    def resolved(request: Request) -> Response:
        asked = asked_identifier(request, "resolve", EXAMPLE)
        chosen = chosen_form(request, OFFERED)
        resolution = resolve(store, asked)
        if chosen == "html":
            return _page(request, asked, resolution)
        found = json_response(store, _document(asked, resolution))
        found.status_code = 200 if len(resolution.things) == 1 else 300
        return found

    return router


def _page(request: Request, asked: str, resolution: Resolution) -> Response:
    """The way to the page of the thing, or a page with the things there are."""
    if len(resolution.things) == 1:
        thing = resolution.things[0]
        return RedirectResponse(local_path(thing) or thing, status_code=303)
    rows = resolution.answer.values()
    return page(request, "resolve.html", status=300, asked=asked, identifier=resolution.identifier, rows=rows)


def _document(asked: str, resolution: Resolution) -> dict[str, Any]:
    """What was asked, what it was taken for, and the rows that say what it names."""
    identifier = resolution.identifier
    rows = [{name: value for name, value in row.items() if name != "identifier"} for row in resolution.answer.values()]
    return {"asked": asked, "identifier": identifier.iri, "curie": identifier.curie, "matches": rows}
