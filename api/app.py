"""The HTTP service: one application over the stores it is given.

`create_app` takes what it needs; nothing is read or opened on import. Catalogue and pages ask `store`, which runs our
own queries fast; `/sparql` asks `free`, which runs anyone's queries under limits.
"""

from collections.abc import Awaitable, Callable
from importlib.metadata import version

from fastapi import FastAPI, Request
from fastapi.middleware.cors import CORSMiddleware
from fastapi.responses import Response
from fastapi_offline import FastAPIOffline

from equipoise.api.audit import audit_router
from equipoise.api.ontology import ontology_router
from equipoise.api.problems import install_problem_handlers
from equipoise.api.questions import questions_router
from equipoise.api.sparql import sparql_router
from equipoise.api.things import things_router
from equipoise.api.vocabulary import vocabulary_router
from equipoise.graph.store import Store

__all__ = ["create_app"]

ABOUT = """Trials as RDF in which every number knows what it measures and where it was read.

Ask in SPARQL at `/sparql`, by name at `/queries/{name}`, or look things up by the path of their IRI. Every answer names
the release it came from in the header `Equipoise-Release`."""


def create_app(store: Store, free: Store) -> FastAPI:
    """The application. `free` answers `/sparql`, `store` everything else."""
    app: FastAPI = FastAPIOffline(
        title="Equipoise",
        version=version("equipoise"),
        description=ABOUT,
        license_info={"name": "Apache-2.0; data and vocabulary CC BY 4.0"},
        redoc_url=None,
    )
    app.add_middleware(
        CORSMiddleware,
        allow_origins=["*"],
        allow_methods=["GET", "HEAD", "POST"],
        allow_headers=["*"],
        expose_headers=["Equipoise-Release"],
    )

    @app.middleware("http")
    async def name_release(request: Request, call_next: Callable[[Request], Awaitable[Response]]) -> Response:
        response = await call_next(request)
        response.headers["Equipoise-Release"] = store.release
        response.headers["X-Content-Type-Options"] = "nosniff"
        response.headers["Vary"] = "Accept"
        return response

    @app.get("/health", tags=["operations"], summary="Whether the service answers, and from which release")
    def health() -> dict[str, str]:
        answers = bool(store.query("ASK { ?s ?p ?o }"))
        return {"status": "ok" if answers else "empty", "release": store.release}

    install_problem_handlers(app)
    app.include_router(sparql_router(free))
    app.include_router(questions_router(store))
    app.include_router(audit_router(store))
    app.include_router(ontology_router(store))
    app.include_router(vocabulary_router(store))
    app.include_router(things_router(store))
    return app
