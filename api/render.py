"""Write an answer in a format. One table of formats feeds the command line, content negotiation and the documentation.

In: an answer and the name of a format. Out: bytes. The command line and the server send the same bytes.
"""

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

import pyoxigraph as ox

from equipoise.graph.store import Answer, Bindings, Triples, Truth
from equipoise.ontology.errors import FormatError
from equipoise.ontology.iri import prefixes
from equipoise.ontology.rdf import serialized

__all__ = ["FORMATS", "Context", "Format", "formats_for", "json_bytes", "render"]


@dataclass(frozen=True)
class Context:
    """What was asked, to be said in the answer: the question's name and the parameters as they were given."""

    query: str | None = None
    parameters: Mapping[str, str] | None = None


@dataclass(frozen=True)
class Format:
    """A way to write answers: its short name, its media type, the answers it can hold, and how it writes them."""

    name: str
    media_type: str
    kinds: tuple[type, ...]
    write: Callable[[Any, Context], bytes]


def render(answer: Answer, name: str, context: Context = Context()) -> bytes:
    """Write an answer. Raises FormatError if the format is unknown or cannot hold such an answer."""
    chosen = FORMATS.get(name)
    if chosen is None or not isinstance(answer, chosen.kinds):
        allowed = ", ".join(fitting.name for fitting in formats_for(answer))
        raise FormatError("format", found=f"is {name!r}", allowed=f"must be one of {allowed} for this answer")
    return chosen.write(answer, context)


def formats_for(answer: Answer) -> list[Format]:
    """The formats that can hold an answer, the usual one first."""
    return [chosen for chosen in FORMATS.values() if isinstance(answer, chosen.kinds)]


def _json(answer: Bindings | Truth, context: Context) -> bytes:
    """Rows as objects, numbers as numbers; the release, the question and its parameters beside them."""
    document: dict[str, Any] = {"release": answer.release}
    if context.query is not None:
        document |= {"query": context.query, "parameters": dict(context.parameters or {})}
    if isinstance(answer, Bindings):
        document |= {"variables": list(answer.variables), "rows": answer.values()}
    else:
        document["answer"] = bool(answer)
    return json_bytes(document)


def json_bytes(document: Any) -> bytes:
    """A document as JSON: decimals as numbers, dates and whatever else is not JSON as text."""
    return json.dumps(document, ensure_ascii=False, indent=2, default=_json_value).encode() + b"\n"


def _json_value(value: object) -> float | str:
    return float(value) if isinstance(value, Decimal) else str(value)


def _results(format: ox.QueryResultsFormat) -> Callable[[Bindings | Truth, Context], bytes]:
    """A writer of one of the W3C result formats."""

    def write(answer: Bindings | Truth, context: Context) -> bytes:
        parsed = ox.parse_query_results(answer.body, format=ox.QueryResultsFormat.JSON)
        return _bytes(parsed.serialize(format=format))

    return write


def _triples(format: ox.RdfFormat) -> Callable[[Triples, Context], bytes]:
    """A writer of one of the RDF formats, triples sorted, with the prefix map where the format has prefixes."""

    def write(answer: Triples, context: Context) -> bytes:
        return serialized(answer.triples, format, _used_prefixes(answer))

    return write


def _used_prefixes(answer: Triples) -> dict[str, str]:
    """The part of the prefix map that an answer needs."""
    iris = {
        part.value if isinstance(part, ox.NamedNode) else part.datatype.value
        for triple in answer.triples
        for part in (triple.subject, triple.predicate, triple.object)
        if isinstance(part, ox.NamedNode | ox.Literal)
    }
    return {name: namespace for name, namespace in prefixes().items() if any(iri.startswith(namespace) for iri in iris)}


def _json_ld(answer: Triples, context: Context) -> bytes:
    """Compact JSON-LD 1.1 with the prefix map as context, arrays sorted."""
    names = _used_prefixes(answer)
    document = json.loads(answer.graph().serialize(format="json-ld", context=names, auto_compact=False))
    return json_bytes(_sorted(document))


def _sorted(node: Any) -> Any:
    if isinstance(node, dict):
        return {key: _sorted(value) for key, value in sorted(node.items())}
    if isinstance(node, list):
        return sorted((_sorted(item) for item in node), key=lambda item: json.dumps(item, sort_keys=True))
    return node


def _plain(answer: Bindings | Truth, context: Context) -> bytes:
    return answer.body


def _bytes(content: bytes | None) -> bytes:
    assert content is not None
    return content


FORMATS: Mapping[str, Format] = {
    chosen.name: chosen
    for chosen in (
        Format("json", "application/json", (Bindings, Truth), _json),
        Format("csv", "text/csv", (Bindings,), _results(ox.QueryResultsFormat.CSV)),
        Format("tsv", "text/tab-separated-values", (Bindings,), _results(ox.QueryResultsFormat.TSV)),
        Format("srj", "application/sparql-results+json", (Bindings, Truth), _plain),
        Format("srx", "application/sparql-results+xml", (Bindings, Truth), _results(ox.QueryResultsFormat.XML)),
        Format("ttl", "text/turtle", (Triples,), _triples(ox.RdfFormat.TURTLE)),
        Format("jsonld", "application/ld+json", (Triples,), _json_ld),
        Format("nt", "application/n-triples", (Triples,), _triples(ox.RdfFormat.N_TRIPLES)),
        Format("rdf", "application/rdf+xml", (Triples,), _triples(ox.RdfFormat.RDF_XML)),
    )
}
"""Every format but the table of the terminal, which `cli` draws, and HTML, which `pages` does."""
