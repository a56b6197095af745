"""The HTTP service: one application over the release in service.

`create_app` takes what it needs; nothing is read or opened on import. Everything is asked in the pages' lane,
but for `/sparql`, which has a lane of its own.
"""

from importlib.metadata import version

from fastapi import FastAPI
from fastapi_offline import FastAPIOffline
from starlette.middleware.cors import CORSMiddleware
from starlette.types import ASGIApp
from starlette_compress import CompressMiddleware

from equipoise.api.audit import audit_router
from equipoise.api.front import Front
from equipoise.api.ontology import ontology_router
from equipoise.api.operations import operations_router
from equipoise.api.problems import install_problem_handlers
from equipoise.api.questions import questions_router
from equipoise.api.serving import ServedStore, Service
from equipoise.api.sparql import sparql_router
from equipoise.api.things import things_router
from equipoise.api.vocabulary import vocabulary_router

__all__ = ["create_app"]

ABOUT = """Trials as RDF in which every number knows what it measures and where it was read.

Ask in SPARQL at `/sparql`, by name at `/queries/{name}`, or look things up by the path of their IRI. Every answer names
the release it came from in the header `Equipoise-Release`."""

EXPOSED = ["Equipoise-Release", "Equipoise-Truncated", "ETag", "Link", "Location", "Retry-After", "X-Request-ID"]
METHODS = ["GET", "HEAD", "POST", "PUT", "DELETE"]


def create_app(service: Service) -> ASGIApp:
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
    app.include_router(sparql_router(service.settings))
    app.include_router(operations_router(service))
    app.include_router(questions_router(store))
    app.include_router(audit_router(store))
    app.include_router(ontology_router(store))
    app.include_router(vocabulary_router(store))
    app.include_router(things_router(store))
    front = Front(CompressMiddleware(app), service)
    return CORSMiddleware(
        front, allow_origins=["*"], allow_methods=METHODS, allow_headers=["*"], expose_headers=EXPOSED, max_age=86400
    )
