"""What the ontology is and does: the vocabulary as a file, and why a thing is in a class."""

from typing import Any

from fastapi import APIRouter, Request
from fastapi.responses import RedirectResponse, Response

from equipoise.api.forms import chosen_form
from equipoise.api.negotiate import HTML
from equipoise.api.pages import page
from equipoise.api.problems import PROBLEM_SCHEMA
from equipoise.api.render import json_bytes
from equipoise.graph.ontology import ontology_file, version_iri
from equipoise.graph.store import Store
from equipoise.ontology.document import ONTOLOGY_FORMATS
from equipoise.ontology.errors import ParameterError, UnknownNameError
from equipoise.ontology.iri import mint
from equipoise.queries.explanation import explain_membership

__all__ = ["ontology_router"]

OFFERED = [("json", "application/json"), ("html", HTML)]
FILES = [(name, media_type) for name, (media_type, _) in ONTOLOGY_FORMATS.items()]
PARAMETERS = {
    "thing": "The thing asked about, by IRI or CURIE: drug:camrelizumab",
    "class": "The class asked about, likewise: eqp:PD1Inhibitor",
}
EXPLAIN: dict[str, Any] = {
    "parameters": [
        {"name": name, "in": "query", "required": True, "description": text, "schema": {"type": "string"}}
        for name, text in PARAMETERS.items()
    ]
    + [{"name": "format", "in": "query", "schema": {"enum": [name for name, _ in OFFERED]}}],
    "responses": {
        "200": {"description": "The proof", "content": {media_type: {} for _, media_type in OFFERED}},
        **dict.fromkeys(("400", "404", "406"), PROBLEM_SCHEMA),
    },
}


def ontology_router(store: Store) -> APIRouter:
    """The routes of the ontology over a store. A release stays as it is, so its file is written once a format."""
    router = APIRouter(tags=["ontology"])
    written: dict[str, bytes] = {}

    @router.get("/explain", summary="Why a thing is in a class", openapi_extra=EXPLAIN)
    def explain(request: Request) -> Response:
        asked = request.query_params
        chosen = chosen_form(request, OFFERED)
        for name, text in PARAMETERS.items():
            if not asked.get(name, "").strip():
                raise ParameterError("explain", found=f"is asked without {name}", allowed=f"must be given: {text}")
        explanation = explain_membership(store, asked["thing"].strip(), asked["class"].strip())
        if chosen == "html":
            return page(request, "explanation.html", explanation=explanation)
        return Response(json_bytes(explanation.document()), media_type="application/json")

    def file(format: str) -> Response:
        if format not in written:
            written[format] = ontology_file(store, format)
        return Response(written[format], media_type=ONTOLOGY_FORMATS[format][0])

    @router.get("/ontology.owl", summary="The vocabulary as an OWL file in RDF/XML", response_class=Response)
    def rdf_xml() -> Response:
        return file("owl")

    @router.get("/ontology.ttl", summary="The vocabulary as an OWL file in Turtle", response_class=Response)
    def turtle() -> Response:
        return file("ttl")

    @router.get("/release/{identifier}/ontology", summary="The vocabulary of a release, at its version IRI")
    def version(request: Request, identifier: str) -> Response:
        served = version_iri(store)
        if mint("release", identifier, "ontology") != served:
            raise UnknownNameError("release", found=f"{identifier!r} is not in service", allowed=f"see {served}")
        return RedirectResponse(f"/ontology.{chosen_form(request, [*FILES, ('owl', HTML)])}", status_code=303)

    return router
