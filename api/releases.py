"""`/releases`: which releases were in service, when, by whom, why and how; and which are on disk."""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from fastapi import APIRouter, Request
from fastapi.responses import Response

from equipoise.api.forms import chosen_form
from equipoise.api.negotiate import HTML
from equipoise.api.pages import page
from equipoise.api.problems import PROBLEM_SCHEMA
from equipoise.api.render import json_bytes
from equipoise.graph.history import history
from equipoise.graph.release import current_release, releases_on_disk

__all__ = ["COLUMNS", "releases_document", "releases_router"]

COLUMNS = ("when", "release", "how", "graph", "who", "why", "before")
"""What is known of an entry, in the order of a table."""

NOW = {"Cache-Control": "no-store"}
"""A history grows while the release stays, so no answer is kept."""

OFFERED = [("json", "application/json"), ("html", HTML)]
EXTRA = {
    "responses": {
        "200": {"description": "The releases", "content": {media_type: {} for _, media_type in OFFERED}},
        "406": PROBLEM_SCHEMA,
    },
    "parameters": [{"name": "format", "in": "query", "schema": {"enum": [name for name, _ in OFFERED]}}],
}


def releases_router(data: Path) -> APIRouter:
    """The route of the releases of a data folder."""
    router = APIRouter(tags=["operations"])

    @router.get("/releases", summary="The history of releases, and those on disk", openapi_extra=EXTRA)
    def releases(request: Request) -> Response:
        form = chosen_form(request, OFFERED)
        document = releases_document(data)
        if form == "html":
            return page(request, "releases.html", headers=NOW, view=document)
        return Response(json_bytes(document), media_type="application/json", headers=NOW)

    return router


def releases_document(data: Path) -> Mapping[str, Any]:
    """The release in service, the history with the newest entry first, and what is on disk."""
    entries: Sequence[Mapping[str, str]] = [entry.document() for entry in reversed(history(data))]
    releases = [
        {
            "id": release.id,
            "triples": release.manifest.triples,
            "graphs": [{"iri": entry.iri, "triples": entry.triples} for entry in release.manifest.graphs],
            "trials": list(release.manifest.trials),
            "records": release.manifest.records.count if release.manifest.records else 0,
            "ontologies": [
                {"name": one.name, "iri": one.iri, "version": one.edition, "triples": one.triples, "sha256": one.sha256}
                for one in release.manifest.ontologies
            ],
        }
        for release in releases_on_disk(data)
    ]
    return {"current": current_release(data).id, "history": entries, "releases": releases}
