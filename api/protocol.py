"""Read a request as the SPARQL 1.1 Protocol has it: a query or an update, its dataset, and what else is asked for.

In: the method, the query string, the media type and the body. Out: an `Operation`, or RequestError with the status and
what is allowed. Parameters that the protocol does not know are passed over, as clients send many of them.
"""

from dataclasses import dataclass
from typing import Literal
from urllib.parse import unquote_to_bytes

from equipoise.graph.store import Dataset
from equipoise.ontology.errors import RequestError

__all__ = ["FORM", "MOST_BYTES", "QUERY", "UPDATE", "Operation", "read_get", "read_post"]

FORM, QUERY, UPDATE = "application/x-www-form-urlencoded", "application/sparql-query", "application/sparql-update"
MOST_BYTES = 2_000_000
"""How long a body may be."""

MOST_PARAMETERS = 1000
DATASETS = {"query": ("default-graph-uri", "named-graph-uri"), "update": ("using-graph-uri", "using-named-graph-uri")}

Pairs = list[tuple[str, str]]
Kind = Literal["query", "update"]


@dataclass(frozen=True)
class Operation:
    """What is asked for. `dataset` is None where the request names no graphs; the rest is as it was sent, if it was."""

    kind: Kind
    text: str
    dataset: Dataset | None
    format: str | None
    timeout: str | None
    rows: str | None
    reason: str | None


def read_get(query_string: bytes) -> Operation | None:
    """The query of a GET request, or None if it has none: it then asks for the service description."""
    pairs = _pairs(query_string)
    names = {name for name, _ in pairs}
    if "update" in names:
        raise RequestError("update", found="was sent by GET", allowed="must be sent by POST", status=405)
    return _operation(pairs) if "query" in names else None


def read_post(query_string: bytes, content_type: str, body: bytes) -> Operation:
    """The query or update of a POST request: a form, or the text itself."""
    media_type, _, parameters = content_type.partition(";")
    media_type = media_type.strip().lower()
    if media_type not in (FORM, QUERY, UPDATE):
        allowed = f"must be {FORM}, {QUERY} or {UPDATE}"
        raise RequestError("Content-Type", found=f"is {media_type!r}", allowed=allowed, status=415)
    charset = parameters.partition("charset=")[2].partition(";")[0].strip("\"' ").lower()
    if charset not in ("", "utf-8", "utf8"):
        raise RequestError("Content-Type", found=f"has the charset {charset!r}", allowed="must be UTF-8", status=415)
    pairs = _pairs(query_string)
    if media_type == FORM:
        return _operation([*_pairs(body), *pairs])
    kind: Kind = "query" if media_type == QUERY else "update"
    return _operation([(kind, _text(body)), *pairs])


def _operation(pairs: Pairs) -> Operation:
    texts: list[tuple[Kind, str]] = []
    values: dict[str, list[str]] = {}
    for name, value in pairs:
        if name == "query":
            texts.append(("query", value))
        elif name == "update":
            texts.append(("update", value))
        values.setdefault(name, []).append(value)
    if len(texts) != 1:
        found = f"has {len(texts)} queries and updates"
        raise RequestError("request", found=found, allowed="must have one query or one update")
    ((kind, text),) = texts
    other: Kind = "update" if kind == "query" else "query"
    for name in DATASETS[other]:
        if name in values:
            allowed = f"must be {' or '.join(DATASETS[kind])} in {'an update' if kind == 'update' else 'a query'}"
            raise RequestError("request", found=f"has {name}", allowed=allowed)
    default, named = (tuple(values.get(name, [])) for name in DATASETS[kind])
    return Operation(
        kind,
        text,
        Dataset(default, named) if default or named else None,
        *(_last(values, name) for name in ("format", "timeout", "rows", "reason")),
    )


def _last(values: dict[str, list[str]], name: str) -> str | None:
    return values[name][-1] if name in values else None


def _text(content: bytes) -> str:
    try:
        return content.decode("utf-8")
    except UnicodeDecodeError as error:
        raise RequestError("body", found=f"is not UTF-8 at byte {error.start}", allowed="must be UTF-8") from error


def _pairs(encoded: bytes) -> Pairs:
    """Names and values; a part without `=` is a name. Parts are taken apart as bytes: half the time of `parse_qsl`."""
    allowed = f"must be URL-encoded UTF-8, at most {MOST_PARAMETERS}"
    if not encoded.isascii():
        raise RequestError("parameters", found="are not ASCII", allowed=allowed)
    parts = [part for part in encoded.replace(b"+", b" ").split(b"&") if part]
    if len(parts) > MOST_PARAMETERS:
        raise RequestError("parameters", found=f"are {len(parts)}", allowed=allowed)
    try:
        return [(_decoded(name), _decoded(value)) for name, _, value in (part.partition(b"=") for part in parts)]
    except UnicodeDecodeError as error:
        raise RequestError("parameters", found=str(error), allowed=allowed) from error


def _decoded(part: bytes) -> str:
    return unquote_to_bytes(part).decode("utf-8")
