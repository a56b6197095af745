"""`/sparql`: queries and updates by the SPARQL 1.1 Protocol, an editor for browsers, a description for programs.

Queries go through the free lane of the release in service, under its limits; updates go to the writer.
"""

import re
from collections.abc import Mapping
from functools import lru_cache

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import Response
from starlette.types import Receive, Scope, Send

from equipoise.api.bodies import Bodies, read_body
from equipoise.api.description import GRAPHS, Offer, service_description
from equipoise.api.formats import ALIASES, LONGEST, MEDIA_TYPES, bounded, chosen_formats, wants_page
from equipoise.api.forms import graph_response
from equipoise.api.negotiate import HTML, choose_format
from equipoise.api.pages import cells, page
from equipoise.api.problems import PROBLEM_SCHEMA, error_response
from equipoise.api.protocol import FORM, MOST_BYTES, QUERY, UPDATE, Operation, read_get, read_post
from equipoise.api.render import render
from equipoise.api.serving import ServedStore, leased
from equipoise.api.streamed import StreamedReply, WhileClientStays
from equipoise.api.updates import perform_update
from equipoise.api.writing import Writing, reason, written
from equipoise.graph.settings import Settings
from equipoise.graph.store import Answer, Bindings, Dataset, Triples
from equipoise.graph.store.frames import Ask
from equipoise.graph.store.pooled import WHOLE, whole_answer
from equipoise.ontology.errors import EquipoiseError, FormatError, ParameterError, RequestError
from equipoise.ontology.iri import named_node
from equipoise.queries.catalogue import catalogue

__all__ = ["PATH_ITEM", "SparqlEndpoint", "ask_of", "base_of", "may_change"]

LONG_BODY = 1 << 16
"""How long a body is read at once, in bytes; a longer one is read in a thread, so that others need not wait."""

MOST_TOGETHER = 1 << 27
"""How many bytes the bodies may have together that are being read."""

SHOWN_ROWS = 2000
"""How many rows the editor shows."""

CHANGING = re.compile(r"\b(?:now|rand|uuid|struuid|bnode|service)\b", re.IGNORECASE | re.ASCII)
"""Words of queries whose answer may differ from one time to the next; such an answer is not kept."""

EXAMPLE = """PREFIX eqp: <https://w3id.org/equipoise/vocab/>
SELECT ?value ?lower ?upper ?p WHERE {
  ?trial eqp:acronym "CARES-310" .
  ?contrast a eqp:Contrast ; eqp:trial ?trial ; eqp:outcome eqp:OverallSurvival ;
    eqp:effectMeasure eqp:HazardRatio ; eqp:analysis/eqp:analysisKind eqp:FinalAnalysis ;
    eqp:value ?value ; eqp:lower ?lower ; eqp:upper ?upper ; eqp:pPrinted ?p
}
"""

PARAMETERS = {
    "default-graph-uri": ({"type": "array", "items": {"type": "string"}}, "A graph of the default graph; may repeat"),
    "named-graph-uri": ({"type": "array", "items": {"type": "string"}}, "A named graph; may repeat"),
    "format": ({"enum": sorted(ALIASES)}, "The format, in place of an Accept header"),
    "timeout": ({"type": "number", "exclusiveMinimum": 0}, "Seconds after which to stop; the service's limit holds"),
    "rows": ({"type": "integer", "minimum": 1}, "Rows after which to cut the answer; the service's limit holds"),
}
OPERATION = {
    "responses": {
        "200": {"description": "The answer", "content": {media_type: {} for media_type in MEDIA_TYPES.values()}},
        **dict.fromkeys(("400", "406", "413", "502", "503", "504"), PROBLEM_SCHEMA),
    },
}
ASKED = [
    {"name": name, "in": "query", "schema": schema, "description": text} for name, (schema, text) in PARAMETERS.items()
]
GET = OPERATION | {
    "tags": ["SPARQL"],
    "summary": "Ask in SPARQL 1.1",
    "operationId": "sparql_get",
    "description": "SELECT, ASK, CONSTRUCT or DESCRIBE; without a query, the description of the service.",
    "parameters": [{"name": "query", "in": "query", "schema": {"type": "string"}, "description": "The query"}, *ASKED],
}
POST = OPERATION | {
    "tags": ["SPARQL"],
    "summary": "Ask or update in SPARQL 1.1",
    "operationId": "sparql_post",
    "description": "A query or an update, as a form or as the text itself.",
    "parameters": ASKED,
    "requestBody": {
        "required": True,
        "content": {
            QUERY: {"schema": {"type": "string"}},
            UPDATE: {"schema": {"type": "string"}},
            FORM: {"schema": {"type": "object", "properties": {"query": {"type": "string"}}}},
        },
    },
    "responses": OPERATION["responses"] | dict.fromkeys(("401", "403", "415"), PROBLEM_SCHEMA),
}


PATH_ITEM = {"get": GET, "post": POST}
"""What the OpenAPI document says of the endpoint."""


class SparqlEndpoint:
    """The endpoint, under the limits of the settings, and the way updates take.

    An application of its own: what the framework adds to a request would cost as much again as the rest.
    """

    def __init__(self, settings: Settings, writing: Writing) -> None:
        may_write = writing.writer is not None and bool(settings.write_token)
        self._offer = Offer(settings.default_graph == "union", may_write, may_write, bool(settings.services))
        self._settings = settings
        self._writing = writing
        self._bodies = Bodies(MOST_TOGETHER)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer a request, or say what is wrong with it; what is wrong with a stream under way ends it."""
        request = Request(scope, receive)
        try:
            await (await self._response(request))(scope, receive, send)
        except EquipoiseError as error:
            await error_response(request, error)(scope, receive, send)

    async def _response(self, request: Request) -> Response:
        query_string = request.scope["query_string"]
        match request.method:
            case "GET":
                asked = read_get(query_string)
                if asked is None:
                    return await run_in_threadpool(_introduce, request, self._offer)
                return await _answer(request, asked, self._settings)
            case "POST":
                body = await read_body(request, MOST_BYTES, self._bodies)
                content_type = request.headers.get("content-type", "")
                operation = (
                    await run_in_threadpool(read_post, query_string, content_type, body)
                    if len(body) > LONG_BODY
                    else read_post(query_string, content_type, body)
                )
                if operation.kind == "update":
                    return await _update(request, operation, self._writing)
                return await _answer(request, operation, self._settings)
            case method:
                raise RequestError("method", found=f"is {method}", allowed="must be GET, HEAD or POST", status=405)


async def _update(request: Request, operation: Operation, writing: Writing) -> Response:
    dataset = operation.dataset or Dataset()
    revision = await perform_update(
        writing,
        operation.text,
        using=dataset.default,
        using_named=dataset.named,
        base=str(request.url.replace(query=None)),
        who=writing.allow(request),
        why=reason(request, operation.reason),
    )
    return written(revision)


async def _answer(request: Request, operation: Operation, settings: Settings) -> Response:
    accept = bounded(request.headers.get("accept", ""))
    ask = ask_of(operation, accept, base_of(request.scope["scheme"], request.headers.get("host", "")), settings)
    seconds = _number("timeout", operation.timeout, settings.query_seconds)
    if wants_page(accept, operation.format):
        return await _page_of(request, ask, seconds)
    headers = {"Cache-Control": "no-store"} if may_change(operation.text) else {}
    return StreamedReply(leased().free, ask, seconds=seconds, headers=headers)


def ask_of(operation: Operation, accept: str, base_iri: str | None, settings: Settings) -> Ask:
    """What a worker is asked for a query. Raises FormatError or ParameterError."""
    asked = operation.format
    if asked is not None and len(asked) > LONGEST:
        raise FormatError("format", found=f"has {len(asked)} characters", allowed=f"at most {LONGEST}")
    rows = int(_number("rows", operation.rows, settings.query_rows))
    return Ask(
        operation.text,
        chosen_formats(accept or "*/*", None if asked in ("html", HTML) else asked),
        most_rows=max(1, rows),
        most_bytes=settings.answer_megabytes << 20,
        dataset=operation.dataset,
        default_graph=settings.default_graph,
        base_iri=base_iri,
    )


def may_change(query: str) -> bool:
    """Whether its answer may differ from one time to the next."""
    return CHANGING.search(query) is not None


@lru_cache(maxsize=100)
def base_of(scheme: str, host: str) -> str | None:
    """The endpoint's address, to which IRIs are relative; None if the client did not say what it calls us."""
    address = f"{scheme}://{host}/sparql"
    return address if named_node(address) else None


def _number(name: str, text: str | None, most: float) -> float:
    """A limit that a request lowers. Raises ParameterError if it is no number above 0."""
    try:
        number = most if text is None else float(text)
    except ValueError:
        number = 0.0
    if not number > 0:
        raise ParameterError(name, found=f"is {text!r}", allowed="must be a number above 0")
    return min(number, most)


async def _page_of(request: Request, ask: Ask, seconds: float) -> Response:
    """The editor with the query and its first rows, or with what is wrong with it."""
    serving, answer, error, is_cut = leased(), None, None, False
    shown = ask._replace(formats=WHOLE, most_rows=min(ask.most_rows, SHOWN_ROWS))
    try:
        with WhileClientStays(request.receive) as watch:
            answer, end = await whole_answer(serving.free, shown, release=serving.release, seconds=seconds)
            is_cut = end.truncated
    except EquipoiseError as raised:
        error = raised
    if watch.client_left:
        return Response(status_code=408)
    status = error.status if error else 200
    return await run_in_threadpool(
        _editor, request, ask.text, status=status, answer=_shown(answer) if answer else None, error=error, is_cut=is_cut
    )


def _shown(answer: Answer) -> Mapping[str, object]:
    """An answer as the editor shows it: a table, a word, or Turtle."""
    if isinstance(answer, Bindings):
        return {"variables": answer.variables, "rows": cells(answer)}
    if isinstance(answer, Triples):
        return {"text": render(answer, "ttl").decode()}
    return {"text": "yes" if answer else "no"}


def _introduce(request: Request, offer: Offer) -> Response:
    """What is sent to those who come without a query."""
    chosen = choose_format(request.headers.get("accept", ""), None, [*GRAPHS, ("html", HTML)])
    if chosen == "html":
        return _editor(request, EXAMPLE)
    endpoint = str(request.url.replace(query=None))
    return graph_response(service_description(ServedStore(), offer, endpoint=endpoint), chosen)


def _editor(
    request: Request,
    query: str,
    *,
    status: int = 200,
    answer: Mapping[str, object] | None = None,
    error: EquipoiseError | None = None,
    is_cut: bool = False,
) -> Response:
    questions = catalogue().values()
    return page(
        request,
        "sparql.html",
        status=status,
        query=query,
        answer=answer,
        error=error,
        is_cut=is_cut,
        questions=questions,
    )
