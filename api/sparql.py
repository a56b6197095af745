"""`/sparql`: the SPARQL 1.1 Protocol for queries, by GET and by POST of a form or of the query itself.

A browser that asks without a query gets an editor, any other client a description of the service.
"""

from collections.abc import Mapping, Sequence
from urllib.parse import parse_qsl

from fastapi import APIRouter, Request
from fastapi.responses import Response
from starlette.concurrency import run_in_threadpool

from equipoise.api.negotiate import HTML, choose_format
from equipoise.api.pages import cells, page
from equipoise.api.problems import PROBLEM_SCHEMA
from equipoise.api.render import FORMATS, formats_for, render
from equipoise.graph.store import Bindings, Dataset, Store, Triples
from equipoise.ontology.errors import RequestError
from equipoise.queries.catalogue import catalogue

__all__ = ["sparql_router"]

MAX_QUERY_BYTES = 1_000_000
FORM, QUERY = "application/x-www-form-urlencoded", "application/sparql-query"

EXAMPLE = """PREFIX eqp: <https://w3id.org/equipoise/vocab/>
SELECT ?value ?lower ?upper ?p WHERE {
  ?trial eqp:acronym "CARES-310" .
  ?contrast a eqp:Contrast ; eqp:trial ?trial ; eqp:outcome eqp:OverallSurvival ;
    eqp:effectMeasure eqp:HazardRatio ; eqp:analysis/eqp:analysisKind eqp:FinalAnalysis ;
    eqp:value ?value ; eqp:lower ?lower ; eqp:upper ?upper ; eqp:pPrinted ?p
}
"""

DESCRIPTION = """@prefix sd: <http://www.w3.org/ns/sparql-service-description#> .
@prefix formats: <http://www.w3.org/ns/formats/> .

[] a sd:Service ;
  sd:endpoint <{endpoint}> ;
  sd:supportedLanguage sd:SPARQL11Query ;
  sd:resultFormat formats:SPARQL_Results_JSON , formats:SPARQL_Results_XML , formats:SPARQL_Results_CSV ,
    formats:SPARQL_Results_TSV , formats:Turtle , formats:N-Triples , formats:JSON-LD , formats:RDF_XML ;
  sd:feature sd:UnionDefaultGraph ;
  sd:defaultDataset [ a sd:Dataset ; sd:defaultGraph [ a sd:Graph ] ] .
"""

OPERATION = {
    "summary": "Ask in SPARQL 1.1",
    "description": "SELECT, ASK, CONSTRUCT or DESCRIBE over the union of all named graphs; the format by Accept.",
    "responses": {
        "200": {
            "description": "The answer",
            "content": {chosen.media_type: {} for chosen in FORMATS.values() if chosen.name != "json"},
        },
        **dict.fromkeys(("400", "406", "413", "415", "503"), PROBLEM_SCHEMA),
    },
}
PARAMETERS = [
    {"name": "query", "in": "query", "schema": {"type": "string"}, "description": "The query"},
    {"name": "default-graph-uri", "in": "query", "schema": {"type": "array", "items": {"type": "string"}}},
    {"name": "named-graph-uri", "in": "query", "schema": {"type": "array", "items": {"type": "string"}}},
]
BODY = {
    "required": True,
    "content": {
        QUERY: {"schema": {"type": "string"}},
        FORM: {"schema": {"type": "object", "required": ["query"], "properties": {"query": {"type": "string"}}}},
    },
}


def sparql_router(store: Store) -> APIRouter:
    """The endpoint over a store that puts limits on what it answers."""
    router = APIRouter(tags=["SPARQL"])

    @router.head("/sparql", include_in_schema=False)
    @router.get("/sparql", operation_id="sparql_get", openapi_extra={**OPERATION, "parameters": PARAMETERS})
    async def get(request: Request) -> Response:
        pairs = _pairs(request.url.query.encode())
        if not any(name == "query" for name, _ in pairs):
            _refuse_update(pairs)
            return await run_in_threadpool(_introduce, request)
        return await run_in_threadpool(_answer, store, request, pairs)

    @router.post("/sparql", operation_id="sparql_post", openapi_extra={**OPERATION, "requestBody": BODY})
    async def post(request: Request) -> Response:
        body = await _body(request)
        media_type = request.headers.get("content-type", "").partition(";")[0].strip().lower()
        match media_type:
            case "application/x-www-form-urlencoded":
                pairs = _pairs(body)
            case "application/sparql-query":
                pairs = [("query", _text(body)), *_pairs(request.url.query.encode())]
            case _:
                allowed = f"must be {FORM} or {QUERY}"
                raise RequestError("Content-Type", found=f"is {media_type!r}", allowed=allowed, status=415)
        return await run_in_threadpool(_answer, store, request, pairs)

    return router


async def _body(request: Request) -> bytes:
    body = b""
    async for chunk in request.stream():
        body += chunk
        if len(body) > MAX_QUERY_BYTES:
            raise RequestError("body", found="is too long", allowed=f"at most {MAX_QUERY_BYTES} bytes", status=413)
    return body


def _text(content: bytes) -> str:
    try:
        return content.decode("utf-8")
    except UnicodeDecodeError as error:
        raise RequestError("body", found=f"is not UTF-8 at byte {error.start}", allowed="must be UTF-8") from error


def _pairs(encoded: bytes) -> list[tuple[str, str]]:
    try:
        return parse_qsl(encoded.decode("ascii"), keep_blank_values=True, errors="strict", max_num_fields=100)
    except (UnicodeDecodeError, ValueError) as error:
        raise RequestError("parameters", found=str(error), allowed="must be URL-encoded UTF-8, at most 100") from error


def _refuse_update(pairs: Sequence[tuple[str, str]]) -> None:
    if any(name == "update" for name, _ in pairs):
        raise RequestError("update", found="was sent", allowed="this endpoint only answers queries", status=403)


def _answer(store: Store, request: Request, pairs: Sequence[tuple[str, str]]) -> Response:
    _refuse_update(pairs)
    values: dict[str, list[str]] = {}
    for name, value in pairs:
        values.setdefault(name, []).append(value)
    queries = values.get("query", [])
    if len(queries) != 1:
        raise RequestError("query", found=f"was sent {len(queries)} times", allowed="must be sent once")
    graphs = Dataset(tuple(values.get("default-graph-uri", [])), tuple(values.get("named-graph-uri", [])))
    answer = store.query(queries[0], dataset=graphs if graphs.default or graphs.named else None)
    offered = [(chosen.name, chosen.media_type) for chosen in formats_for(answer) if chosen.name != "json"]
    if not isinstance(answer, Triples):
        offered.sort(key=lambda pair: pair[0] != "srj")
        offered.insert(1, ("srj", "application/json"))
    chosen = choose_format(request.headers.get("accept", ""), None, [*offered, ("html", HTML)])
    if chosen == "html":
        return _page(request, queries[0], answer=_shown(answer))
    return Response(render(answer, chosen), media_type=FORMATS[chosen].media_type)


def _shown(answer: object) -> Mapping[str, object]:
    """An answer as the editor shows it: a table, a word, or Turtle."""
    if isinstance(answer, Bindings):
        return {"variables": answer.variables, "rows": cells(answer)}
    if isinstance(answer, Triples):
        return {"text": render(answer, "ttl").decode()}
    return {"text": "yes" if answer else "no"}


def _introduce(request: Request) -> Response:
    """What is sent to those who come without a query."""
    chosen = choose_format(request.headers.get("accept", ""), None, [("ttl", "text/turtle"), ("html", HTML)])
    if chosen == "html":
        return _page(request, EXAMPLE, answer=None)
    endpoint = str(request.url.replace(query=None))
    return Response(DESCRIPTION.replace("{endpoint}", endpoint), media_type="text/turtle")


def _page(request: Request, query: str, answer: Mapping[str, object] | None) -> Response:
    return page(request, "sparql.html", query=query, answer=answer, questions=catalogue().values())
