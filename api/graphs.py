"""`/graphs`: the SPARQL 1.1 Graph Store HTTP Protocol.

A graph is named by `?graph=IRI`, the default graph by `?default`; below `/graphs/` the address of a request is itself
the IRI of a graph. GET and HEAD read; PUT, POST and DELETE write, for those who may, and each leads to a new release.
"""

from collections.abc import AsyncGenerator
from email.message import Message
from http import HTTPStatus
from uuid import uuid4

import pyoxigraph as ox
from fastapi import APIRouter, Request
from fastapi.responses import Response
from starlette.datastructures import Headers, UploadFile
from starlette.exceptions import HTTPException
from starlette.formparsers import MultiPartException, MultiPartParser

from equipoise.api.bodies import Bodies, read_body
from equipoise.api.formats import GRAPHS
from equipoise.api.negotiate import choose_format
from equipoise.api.problems import PROBLEM_SCHEMA
from equipoise.api.serving import leased
from equipoise.api.streamed import StreamedReply
from equipoise.api.writing import Writing, reason, written
from equipoise.graph.change import GRAPH_MEDIA_TYPES, Delete, Document, Post, Put
from equipoise.graph.parts import find_graph, reading_query
from equipoise.graph.release import DEFAULT_GRAPH
from equipoise.graph.store import Store
from equipoise.graph.store.frames import Ask, Formats
from equipoise.ontology.errors import RequestError

__all__ = ["graphs_router"]

METHODS = "GET, HEAD, PUT, POST, DELETE"
MOST_PARTS = 100
TOGETHER = 4
"""How many bodies of the largest size may be read at the same time."""

ALL_ROWS = 10**12
"""A graph is sent whole or not at all: whoever puts back what was cut would lose the rest."""
PARAMETERS = [
    {"name": "graph", "in": "query", "schema": {"type": "string"}, "description": "IRI of the graph"},
    {"name": "default", "in": "query", "schema": {"type": "string"}, "description": "The default graph; no value"},
]
READING = {
    "parameters": PARAMETERS,
    "responses": {
        "200": {"description": "The graph", "content": {media_type: {} for _, media_type in GRAPHS}},
        **dict.fromkeys(("400", "404", "406"), PROBLEM_SCHEMA),
    },
}
REFUSALS = dict.fromkeys(("400", "401", "403", "404", "413", "415", "422", "503"), PROBLEM_SCHEMA)
WRITING = {
    "parameters": [*PARAMETERS, {"name": "reason", "in": "query", "schema": {"type": "string"}}],
    "responses": {"201": {"description": "Made"}, "204": {"description": "Changed"}, **REFUSALS},
}
BODY = {"content": {media_type: {"schema": {"type": "string"}} for media_type in GRAPH_MEDIA_TYPES}}


def graphs_router(store: Store, writing: Writing) -> APIRouter:
    """The protocol over a store that is read, and the way writes take."""
    router = APIRouter(tags=["SPARQL"])
    most = writing.settings.body_megabytes << 20
    bodies = Bodies(TOGETHER * most)

    @router.get("/graphs/{path:path}", include_in_schema=False)
    @router.get("/graphs", summary="Read a graph", openapi_extra=READING)
    def get(request: Request) -> Response:
        graph = _named(request)
        chosen = choose_format(request.headers.get("accept", ""), request.query_params.get("format"), GRAPHS)
        settings, dataset = writing.settings, find_graph(store, graph)
        most_bytes = settings.answer_megabytes << 20
        ask = Ask(
            reading_query(),
            Formats("", "", chosen),
            ALL_ROWS,
            most_bytes,
            dataset=dataset,
            default_graph=settings.default_graph,
        )
        return StreamedReply(leased().free, ask, seconds=settings.query_seconds, headers={})

    @router.put("/graphs/{path:path}", include_in_schema=False)
    @router.put("/graphs", summary="Replace a graph", openapi_extra={**WRITING, "requestBody": BODY})
    async def put(request: Request) -> Response:
        who, why, graph = writing.allow(request), reason(request), _named(request)
        change = Put(_changed(graph), await _documents(request, graph, most, bodies))
        return written(await writing.make(change, who=who, why=why))

    @router.post("/graphs/{path:path}", include_in_schema=False)
    @router.post("/graphs", summary="Add to a graph, or make one", openapi_extra={**WRITING, "requestBody": BODY})
    async def post(request: Request) -> Response:
        who, why, minted = writing.allow(request), reason(request), _minted(request)
        graph = minted or _named(request)
        change = Post(_changed(graph), await _documents(request, graph, most, bodies))
        return written(await writing.make(change, who=who, why=why), location=minted)

    @router.delete("/graphs/{path:path}", include_in_schema=False)
    @router.delete("/graphs", summary="Delete a graph", openapi_extra=WRITING)
    async def delete(request: Request) -> Response:
        who, why, graph = writing.allow(request), reason(request), _named(request)
        return written(await writing.make(Delete(_changed(graph)), who=who, why=why))

    @router.patch("/graphs/{path:path}", include_in_schema=False)
    @router.patch("/graphs", include_in_schema=False)
    def patch() -> Response:
        raise HTTPException(HTTPStatus.METHOD_NOT_ALLOWED, headers={"Allow": METHODS})

    return router


def _named(request: Request) -> str:
    """The IRI of the graph that a request names, `DEFAULT_GRAPH` for the default graph. Raises RequestError if none."""
    graphs, defaults = (request.query_params.getlist(name) for name in ("graph", "default"))
    is_direct = request.url.path != "/graphs"
    if is_direct + len(graphs) + len(defaults) != 1:
        found = f"names {is_direct + len(graphs) + len(defaults)} graphs"
        raise RequestError("request", found=found, allowed="must name one: ?graph=IRI, ?default, or /graphs/NAME")
    iri = _address(request) if is_direct else graphs[0] if graphs else DEFAULT_GRAPH
    try:
        return ox.NamedNode(iri).value
    except ValueError as error:
        raise RequestError("graph", found=f"is {iri!r}", allowed="must be an absolute IRI") from error


def _minted(request: Request) -> str | None:
    """A new name for a graph, if a request names none but the store of graphs itself."""
    if request.url.path != "/graphs" or {"graph", "default"} & set(request.query_params):
        return None
    return f"{_address(request)}/{uuid4().hex}"


def _address(request: Request) -> str:
    """The address as it was sent: what is escaped in it is so in the name of the graph, too."""
    sent = request.scope["raw_path"].decode("latin-1")
    return f"{request.url.scheme}://{request.url.netloc}{sent}"


def _changed(graph: str) -> str | None:
    return None if graph == DEFAULT_GRAPH else graph


async def _documents(request: Request, graph: str, most: int, bodies: Bodies) -> tuple[Document, ...]:
    """What a request sends: one document, or the files of a form. Raises RequestError if it cannot be taken."""
    base = _address(request) if graph == DEFAULT_GRAPH else graph
    media_type = _media_type(request.headers.get("content-type", ""))
    content = await read_body(request, most, bodies)
    if media_type == "multipart/form-data":
        return await _files(request.headers, content, base)
    return (Document(content, media_type, base),)


async def _files(headers: Headers, content: bytes, base: str) -> tuple[Document, ...]:
    parser = MultiPartParser(headers, _pieces(content), max_files=MOST_PARTS, max_fields=MOST_PARTS)
    try:
        form = await parser.parse()
    except (MultiPartException, KeyError) as error:
        raise RequestError("body", found=f"is no form: {error}", allowed="must be multipart/form-data") from error
    parts = [value for _, value in form.multi_items()]
    files = [part for part in parts if isinstance(part, UploadFile)]
    if len(files) < len(parts):
        raise RequestError("body", found="has a part that is no file", allowed="must name a file in every part")
    documents = [Document(await file.read(), _media_type(file.content_type or ""), base) for file in files]
    await form.close()
    return tuple(documents)


async def _pieces(content: bytes) -> AsyncGenerator[bytes, None]:
    yield content


def _media_type(header: str) -> str:
    """The media type that a header gives. Raises RequestError for one that is not UTF-8, or that no graph has."""
    message = Message()
    message["content-type"] = header
    media_type, charset = header.partition(";")[0].strip().lower(), message.get_content_charset("utf-8")
    if media_type not in (*GRAPH_MEDIA_TYPES, "multipart/form-data") or charset != "utf-8":
        allowed = f"must be one of {', '.join(GRAPH_MEDIA_TYPES)}, in UTF-8"
        raise RequestError("Content-Type", found=f"is {header!r}", allowed=allowed, status=415)
    return media_type
