"""`/class`: a class of another system, with the drugs, trials and contrasts that it leads to and the mappings between.

What the class is comes from graph:linked; what it leads to are the answers of the questions by external class, and so
the same from the command line.
"""

from typing import Any

from fastapi import APIRouter, Request
from fastapi.responses import Response

from equipoise.api.forms import asked_identifier, chosen_form, identifier_parameters, json_response
from equipoise.api.negotiate import HTML
from equipoise.api.pages import page
from equipoise.api.pages.asked import Rows, rows_about
from equipoise.api.problems import PROBLEM_SCHEMA
from equipoise.graph.store import Store
from equipoise.ontology.errors import UnknownNameError
from equipoise.ontology.identifiers import systems
from equipoise.queries.catalogue import find_question
from equipoise.queries.identify import find_identifier
from equipoise.queries.run import run

__all__ = ["classes_router"]

OFFERED = [("json", "application/json"), ("html", HTML)]
EXAMPLE = "ATC L01FF"
CLASS: dict[str, Any] = {
    "parameters": identifier_parameters(
        "The class in any spelling: CHEBI:38637, ATC L01FF, MONDO:0002691", EXAMPLE, OFFERED
    ),
    "responses": {
        "200": {
            "description": "The class, its members, their trials and contrasts",
            "content": {media_type: {} for _, media_type in OFFERED},
        },
        **dict.fromkeys(("400", "404", "406"), PROBLEM_SCHEMA),
    },
}


def classes_router(store: Store) -> APIRouter:
    """The route of classes of other systems over a store."""
    router = APIRouter(tags=["identifiers"])

    @router.get("/class", summary="What a class of another system leads to here", openapi_extra=CLASS)
    def external_class(request: Request) -> Response:
        asked = asked_identifier(request, "class", EXAMPLE)
        chosen = chosen_form(request, OFFERED)
        identifier = find_identifier(store, asked)
        said, members = rows_about(store, "class", identifier.iri), rows_about(store, "class-members", identifier.iri)
        if not said and not members:
            system = systems().get(identifier.prefix)
            found = f"nothing that is mapped here lies under {identifier.curie}"
            allowed = f"see /queries/stale-mappings, or serve {system.label if system else 'its ontology'}"
            raise UnknownNameError("class", found=found, allowed=f"{allowed}: equipoise ontology add")
        trials, results = (_answer(store, name, identifier.iri) for name in ("trials", "results"))
        if chosen == "json":
            parts = {"said": said, "members": members, "trials": trials, "results": results}
            document = {name: _bare(rows) for name, rows in parts.items()}
            return json_response(store, {"class": identifier.iri, "curie": identifier.curie, **document})
        label = next((row["value"] for row in said if row["property"].endswith("#label")), identifier.curie)
        context: dict[str, Any] = {"identifier": identifier, "label": label, "said": said, "members": members}
        return page(request, "class.html", **context, trials=trials, results=results)

    return router


def _answer(store: Store, name: str, iri: str) -> Rows:
    return run(store, find_question(f"{name}-by-external-class"), {"class": iri}).values()


def _bare(rows: Rows) -> Rows:
    """Rows without the columns that repeat the question."""
    return [{name: value for name, value in row.items() if name not in ("thing", "class")} for row in rows]
