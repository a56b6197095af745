"""The vocabulary over HTTP: its index, its terms, the diagram of its core, the lists of mechanisms and of outcomes."""

from typing import Any

import pyoxigraph as ox
from fastapi import APIRouter, Request
from fastapi.responses import Response

from equipoise.api.forms import EXTRA, chosen_form, graph_response, json_response
from equipoise.api.pages import page
from equipoise.api.pages.asked import Rows, ask, ask_about, rows
from equipoise.api.pages.diagram import core_diagram, diagram_file
from equipoise.api.pages.expression import as_text
from equipoise.api.pages.uses import use_triples
from equipoise.api.pages.vocabulary import TermView, mechanism_tree, schemes, term_view
from equipoise.graph.store import Store, Triples
from equipoise.ontology.errors import UnknownNameError
from equipoise.ontology.iri import EQP, curie, mint
from equipoise.ontology.rdf import serialized
from equipoise.ontology.terms import allowed_text

__all__ = ["vocabulary_router"]

SVG = "image/svg+xml"
SVG_POLICY = "default-src 'none'; style-src 'unsafe-inline'"


def vocabulary_router(store: Store) -> APIRouter:
    """The routes of the vocabulary over a store."""
    router = APIRouter(tags=["vocabulary"])

    @router.get("/vocab", summary="The vocabulary: all terms; as Turtle or JSON-LD the ontology", openapi_extra=EXTRA)
    @router.get("/vocab/", include_in_schema=False)
    def index(request: Request) -> Response:
        match chosen_form(request):
            case "html":
                found = rows(store, "vocabulary-terms")
                return page(
                    request,
                    "vocabulary.html",
                    classes=[row for row in found if row["kind"] == "class"],
                    properties=[row for row in found if row["kind"].endswith("property")],
                    schemes=schemes(found),
                    diagram=core_diagram(store),
                )
            case "json":
                return json_response(store, {"iri": EQP, "terms": rows(store, "vocabulary-terms")})
            case name:
                return graph_response(ask(store, "describe-vocabulary"), name)

    @router.get("/vocab/diagram.svg", summary="The classes of the core and what joins them", response_class=Response)
    def diagram() -> Response:
        content = diagram_file(core_diagram(store))
        return Response(content, media_type=SVG, headers={"Content-Security-Policy": SVG_POLICY})

    @router.get("/vocab/{term}", summary="A term of the vocabulary", openapi_extra=EXTRA)
    def term(request: Request, term: str) -> Response:
        iri = mint("vocab", term)
        view = term_view(store, iri)
        if view is None:
            names = sorted({row["term"].removeprefix(EQP) for row in rows(store, "vocabulary-terms")})
            raise UnknownNameError("path", found=f"nothing is known of {iri}", allowed=allowed_text(names, term))
        match chosen_form(request):
            case "html":
                return page(request, "term.html", view=view)
            case "json":
                return json_response(store, _document(view))
            case name:
                return graph_response(_with_uses(store, view), name)

    @router.get("/mechanisms", summary="The mechanisms, with targets and drugs", openapi_extra=EXTRA)
    def mechanisms(request: Request) -> Response:
        match chosen_form(request):
            case "html":
                return page(request, "mechanisms.html", mechanisms=mechanism_tree(rows(store, "mechanisms")))
            case "json":
                return json_response(store, {"mechanisms": _grouped(rows(store, "mechanisms"), "mechanism")})
            case name:
                return graph_response(ask(store, "describe-mechanisms"), name)

    @router.get("/outcomes", summary="The outcomes, with how often each is reported", openapi_extra=EXTRA)
    def outcomes(request: Request) -> Response:
        match chosen_form(request):
            case "html":
                return page(request, "outcomes.html", outcomes=rows(store, "outcomes"))
            case "json":
                return json_response(store, {"outcomes": rows(store, "outcomes")})
            case name:
                return graph_response(ask(store, "describe-outcomes"), name)

    return router


def _with_uses(store: Store, view: TermView) -> Triples:
    """A term as a graph, with its uses in the release and a query."""
    described = ask_about(store, "describe-term", view.iri)
    assert isinstance(described, Triples)
    added = serialized(use_triples(view, store.release), ox.RdfFormat.N_TRIPLES)
    return Triples(described.body + added, described.release)


def _document(view: TermView) -> dict[str, Any]:
    """A term as JSON says it."""
    properties: dict[str, list[Any]] = {}
    for row in view.facts:
        properties.setdefault(curie(row["property"]), []).append(row["value"])
    return {
        "iri": view.iri,
        "label": view.label,
        "kind": view.kind,
        "definition": view.definition,
        "notations": view.notations,
        "other_labels": view.other_labels,
        "examples": view.examples,
        "notes": view.notes,
        "sources": view.sources,
        "relations": {
            relation.name: [{"iri": other.iri, "label": other.text} for other in relation.others]
            for relation in view.relations
        },
        "defined_as": [as_text(pieces) for pieces in view.definitions],
        "conditions": [as_text(pieces) for pieces in view.conditions],
        "chains": [as_text(pieces) for pieces in view.chains],
        "alignments": _without_thing(view.alignments),
        "identifiers": _without_thing(view.identifiers),
        "used": view.used,
        "used_by_property": {use.of.iri: use.count for use in view.uses if use.of},
        "example_query": view.example_query,
        "properties": properties,
    }


def _without_thing(found: Rows) -> list[dict[str, Any]]:
    return [{name: value for name, value in row.items() if name != "thing"} for row in found]


def _grouped(found: Rows, key: str) -> list[dict[str, Any]]:
    """One entry for each thing of rows that repeat it, what varies in lists."""
    entries: dict[str, dict[str, Any]] = {}
    for row in found:
        entry = entries.setdefault(
            row[key],
            {"iri": row[key], "label": row["label"], "definition": row["definition"]}
            | {"broader": [], "targets": [], "drugs": []},
        )
        for name, value in (("broader", row["broader"]), ("targets", row["target"]), ("drugs", row["drug"])):
            if value and value not in entry[name]:
                entry[name].append(value)
    return list(entries.values())
