"""How the service is: `/health` for those who watch it, `/metrics` for Prometheus."""

from fastapi import APIRouter
from fastapi.responses import JSONResponse, Response

from equipoise.api.metrics import MEDIA_TYPE
from equipoise.api.problems import PROBLEM_SCHEMA
from equipoise.api.serving import Service, leased

__all__ = ["operations_router"]

NOW = {"Cache-Control": "no-store"}


def operations_router(service: Service) -> APIRouter:
    """The routes of those who run the service."""
    router = APIRouter(tags=["operations"])

    @router.get(
        "/health", summary="Whether the service answers, and from which release", responses={503: PROBLEM_SCHEMA}
    )
    async def health() -> JSONResponse:
        serving = leased()
        status = "empty" if await serving.is_empty() else "ok"
        return JSONResponse({"status": status, "release": serving.release}, headers=NOW)

    @router.get("/metrics", summary="Counters in Prometheus' text format", response_class=Response)
    async def metrics() -> Response:
        return Response(service.metrics.text(), media_type=MEDIA_TYPE, headers=NOW)

    return router
