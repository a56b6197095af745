"""The formats of `/sparql`: which one to write each kind of answer in, from the Accept header or `?format=`.

What an answer is, is known only when the engine has begun; so the choice is made for each kind beforehand.
"""

from collections.abc import Mapping, Sequence
from functools import lru_cache

from equipoise.api.negotiate import HTML, choose_format
from equipoise.graph.store.frames import Formats
from equipoise.graph.store.output import GRAPH_FORMATS, ROW_FORMATS
from equipoise.ontology.errors import FormatError

__all__ = ["ALIASES", "GRAPHS", "LONGEST", "MEDIA_TYPES", "bounded", "chosen_formats", "wants_page"]

MEDIA_TYPES: Mapping[str, str] = {
    **{name: written.media_type for name, written in ROW_FORMATS.items()},
    **{name: written.media_type for name, written in GRAPH_FORMATS.items()},
}
"""The media type of each format by its short name."""

ROWS = [
    ("srj", "application/sparql-results+json"),
    ("srj", "application/json"),
    ("srx", "application/sparql-results+xml"),
]
ROWS += [("srx", "application/xml"), ("csv", "text/csv"), ("tsv", "text/tab-separated-values")]
GRAPHS = [
    ("ttl", "text/turtle"),
    ("ttl", "application/x-turtle"),
    ("nt", "application/n-triples"),
    ("nt", "text/plain"),
]
GRAPHS += [("jsonld", "application/ld+json"), ("jsonld", "application/json"), ("rdf", "application/rdf+xml")]
GRAPHS += [("rdf", "application/xml"), ("nq", "application/n-quads"), ("trig", "application/trig")]

LONGEST = 1000
"""How much of an Accept header is read, and how long `?format=` may be, in characters."""

ALIASES = {
    "json": ("srj", "jsonld"),
    "xml": ("srx", "rdf"),
    "turtle": ("", "ttl"),
    "n3": ("", "ttl"),
    "ntriples": ("", "nt"),
    "n-triples": ("", "nt"),
    "rdf+xml": ("", "rdf"),
    "json-ld": ("", "jsonld"),
    **{name: (name, "") for name in ROW_FORMATS},
    **{name: ("", name) for name in GRAPH_FORMATS},
}
"""What `?format=` may say, with the format of rows and that of graphs; media types may stand there too."""


@lru_cache(maxsize=1000)
def wants_page(accept: str, asked: str | None) -> bool:
    """Whether a client asks for a page rather than for a format of SPARQL or RDF."""
    if asked is not None:
        return asked in ("html", HTML)
    return _best(accept, [*ROWS, *GRAPHS, ("html", HTML)]) == "html"


def bounded(accept: str) -> str:
    """As much of an Accept header as is read: whole ranges, the first of them."""
    return accept if len(accept) <= LONGEST else accept[:LONGEST].rpartition(",")[0]


@lru_cache(maxsize=1000)
def chosen_formats(accept: str, asked: str | None) -> Formats:
    """The format of each kind of answer, empty where nothing fits. Raises FormatError if `asked` is unknown."""
    if asked is None:
        rows, graph = _best(accept, ROWS), _best(accept, GRAPHS)
    elif asked in ALIASES:
        rows, graph = ALIASES[asked]
    else:
        rows, graph = _best(asked, ROWS) if "/" in asked else "", _best(asked, GRAPHS) if "/" in asked else ""
        if not rows and not graph:
            raise FormatError("format", found=f"is {asked!r}", allowed=f"must be one of {', '.join(sorted(ALIASES))}")
    return Formats(rows, rows, graph, accept if asked is None else asked)


def _best(accept: str, offered: Sequence[tuple[str, str]]) -> str:
    try:
        return choose_format(accept, None, offered)
    except FormatError:
        return ""
