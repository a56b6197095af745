"""The HTTP service: one application over the release in service.

`create_app` takes what it needs; nothing is read or opened on import. Everything is asked in the pages' lane,
but for `/sparql`, which has a lane of its own.
"""

from importlib.metadata import version
from typing import Any

from fastapi import FastAPI
from fastapi_offline import FastAPIOffline
from starlette.middleware.cors import CORSMiddleware
from starlette.types import ASGIApp, Receive, Scope, Send
from starlette_compress import CompressMiddleware, add_compress_type

from equipoise.api.audit import audit_router
from equipoise.api.classes import classes_router
from equipoise.api.description import description_router
from equipoise.api.differing import differing_router
from equipoise.api.express import Express
from equipoise.api.formats import MEDIA_TYPES
from equipoise.api.front import Front
from equipoise.api.graphs import graphs_router
from equipoise.api.identifiers import identifiers_router
from equipoise.api.ontology import ontology_router
from equipoise.api.operations import operations_router
from equipoise.api.problems import install_problem_handlers
from equipoise.api.questions import questions_router
from equipoise.api.ready import ReadyAnswers
from equipoise.api.releases import releases_router
from equipoise.api.serving import ServedStore, Service
from equipoise.api.sparql import PATH_ITEM, SparqlEndpoint
from equipoise.api.things import things_router
from equipoise.api.vocabulary import vocabulary_router
from equipoise.api.writing import Writing
from equipoise.graph.writer import Writer

__all__ = ["Application", "create_app"]

ABOUT = """Trials as RDF in which every number knows what it measures and where it was read.

Ask in SPARQL at `/sparql`, by name at `/queries/{name}`, or look things up by the path of their IRI. Every answer names
the release it came from in the header `Equipoise-Release`."""

METHODS = ["GET", "HEAD", "POST", "PUT", "DELETE"]


def create_app(service: Service) -> "Application":
    """The application over a service, which the caller opens before the first request and closes after the last."""
    app: FastAPI = FastAPIOffline(
        title="Equipoise",
        version=version("equipoise"),
        description=ABOUT,
        license_info={"name": "Apache-2.0; data and vocabulary CC BY 4.0"},
        redoc_url=None,
    )
    store = ServedStore()
    install_problem_handlers(app)
    writing = Writing(service.settings, None if service.settings.store else Writer(service.settings), service.reload)
    sparql = SparqlEndpoint(service.settings, writing)
    app.include_router(graphs_router(store, writing))
    app.include_router(releases_router(service.settings.data))
    app.include_router(differing_router(service.settings.data))
    app.include_router(operations_router(service))
    app.include_router(questions_router(store))
    app.include_router(audit_router(store))
    app.include_router(ontology_router(store))
    app.include_router(description_router(store))
    app.include_router(vocabulary_router(store))
    app.include_router(identifiers_router(store))
    app.include_router(classes_router(store))
    app.include_router(things_router(store))
    _document(app)
    for media_type in MEDIA_TYPES.values():
        add_compress_type(media_type)

    async def routed(scope: Scope, receive: Receive, send: Send) -> None:
        await (sparql if scope.get("path") == "/sparql" else app)(scope, receive, send)

    front = Front(CompressMiddleware(routed), service)
    preflight = CORSMiddleware(front, allow_origins=["*"], allow_methods=METHODS, allow_headers=["*"], max_age=86400)
    return Application(front, preflight, service.ready, None if service.settings.store else Express(service))


class Application:
    """The application, and the answers that its server may send without asking it: those kept ready, and small ones.

    Every answer says itself that any origin may read it; only what a browser asks before asking is left to `preflight`.
    """

    def __init__(self, front: ASGIApp, preflight: ASGIApp, ready: ReadyAnswers, express: Express | None) -> None:
        self.ready = ready
        self.express = express
        self._front = front
        self._preflight = preflight

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer a request."""
        await (self._preflight if scope.get("method") == "OPTIONS" else self._front)(scope, receive, send)


def _document(app: FastAPI) -> None:
    """Have the OpenAPI document describe the endpoint that is an application of its own."""
    generated = app.openapi

    def openapi() -> dict[str, Any]:
        document = generated()
        document["paths"]["/sparql"] = PATH_ITEM
        return document

    app.openapi = openapi  # type: ignore[method-assign]
