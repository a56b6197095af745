"""`/diff` and `equipoise diff`: what two releases say differently, trial by trial and value by value."""

import csv
import io
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from fastapi import APIRouter, Request
from fastapi.responses import Response

from equipoise.api.forms import chosen_form
from equipoise.api.negotiate import HTML
from equipoise.api.pages import page
from equipoise.api.problems import PROBLEM_SCHEMA
from equipoise.api.releases import NOW
from equipoise.api.render import json_bytes
from equipoise.graph.comparing import compare, trial_changes
from equipoise.graph.release import named_release
from equipoise.ontology.errors import ParameterError
from equipoise.ontology.iri import curie

__all__ = ["CHANGE_COLUMNS", "changes_csv", "difference_document", "differing_router"]

MOST_TRIALS = 200
"""Of how many trials that changed the values are listed at once; the others are named, and can be asked for."""

CHANGE_COLUMNS = ("trial", "thing", "label", "property", "before", "now")
OFFERED = [("json", "application/json"), ("html", HTML), ("csv", "text/csv")]
EXTRA = {
    "responses": {
        "200": {"description": "What changed", "content": {media_type: {} for _, media_type in OFFERED}},
        **dict.fromkeys(("400", "404", "406"), PROBLEM_SCHEMA),
    },
    "parameters": [
        {"name": "before", "in": "query", "required": True, "schema": {"type": "string"}, "description": "A release"},
        {
            "name": "now",
            "in": "query",
            "schema": {"type": "string"},
            "description": "Another one; the one in service if none",
        },
        {"name": "trial", "in": "query", "schema": {"type": "string"}, "description": "Only this trial"},
        {"name": "format", "in": "query", "schema": {"enum": [name for name, _ in OFFERED]}},
    ],
}


def differing_router(data: Path) -> APIRouter:
    """The route of the differences between the releases of a data folder."""
    router = APIRouter(tags=["operations"])

    @router.get("/diff", summary="What two releases say differently", openapi_extra=EXTRA)
    def diff(request: Request) -> Response:
        form = chosen_form(request, OFFERED)
        asked = request.query_params
        if not asked.get("before"):
            raise ParameterError("diff", found="is asked without before", allowed="before must be given: see /releases")
        document = difference_document(data, asked["before"], asked.get("now", ""), trial=asked.get("trial", ""))
        if form == "html":
            return page(request, "diff.html", headers=NOW, view=document)
        if form == "csv":
            return Response(changes_csv(document), media_type="text/csv", headers=NOW)
        return Response(json_bytes(document), media_type="application/json", headers=NOW)

    return router


def difference_document(data: Path, before: str, now: str, *, trial: str) -> Mapping[str, Any]:
    """The trials that came, went and changed between two releases, and what changed of the first of them, or of one.

    Raises UnknownNameError for a release or a trial that is not there.
    """
    old, new = named_release(data, before), named_release(data, now)
    comparison = compare(old, new)
    trials = [trial] if trial else list(comparison.changed[:MOST_TRIALS])
    changes = [
        {
            "trial": name,
            "graph": curie(change.graph),
            "thing": curie(change.thing),
            "label": change.label,
            "property": curie(change.property),
            "before": "; ".join(change.before),
            "now": "; ".join(change.now),
        }
        for name in trials
        for change in trial_changes(old, new, name)
    ]
    return {
        "before": comparison.before,
        "now": comparison.now,
        "added": list(comparison.added),
        "removed": list(comparison.removed),
        "changed": list(comparison.changed),
        "graphs": [curie(iri) for iri in comparison.graphs],
        "listed": trials,
        "changes": changes,
    }


def changes_csv(document: Mapping[str, Any]) -> bytes:
    """The changes of a document as CSV, one value a row."""
    text = io.StringIO()
    writer = csv.DictWriter(text, CHANGE_COLUMNS, extrasaction="ignore", lineterminator="\r\n")
    writer.writeheader()
    writer.writerows(document["changes"])
    return text.getvalue().encode()
