"""Ask pyoxigraph: the one place where a query meets the engine.

In: an open store, a query, its bindings and its dataset. Out: what the engine found, still to be read, or read as an
answer. Every error of the engine becomes one of ours, with the place in the query where it is known.
"""

import re
from collections.abc import Callable, Collection, Iterator, Mapping
from contextlib import contextmanager

import pyoxigraph as ox

from equipoise.graph.store import Dataset, DefaultGraph
from equipoise.graph.store.answer import Answer, Bindings, Term, Triples, Truth
from equipoise.graph.store.guard import refuse_service
from equipoise.graph.union import DEFAULT_GRAPH
from equipoise.ontology.errors import QueryError

__all__ = ["Found", "evaluate", "reading", "solve"]

Found = ox.QuerySolutions | ox.QueryBoolean | Iterator[ox.Triple]
"""What answers a query, still to be read."""


def solve(
    store: ox.Store,
    text: str,
    *,
    bindings: Mapping[str, Term],
    dataset: Dataset | None,
    default_graph: DefaultGraph,
    base_iri: str | None = None,
    services: Collection[str] = (),
) -> Found:
    """Start a query. Raises QueryError if it is refused; what the engine raises, now or later, is for `reading`.

    `services` are the endpoints that SERVICE may ask.
    """
    refuse_service(text, permitted=services)
    found = store.query(
        text,
        base_iri=base_iri,
        default_graph=[_graph(iri, default_graph) for iri in dataset.default] if dataset else None,
        named_graphs=[ox.NamedNode(iri) for iri in dataset.named] if dataset else None,
        substitutions={ox.Variable(name): term for name, term in bindings.items()},
    )
    return iter(found) if isinstance(found, ox.QueryTriples) else found


def evaluate(
    store: ox.Store,
    text: str,
    *,
    bindings: Mapping[str, Term],
    dataset: Dataset | None,
    default_graph: DefaultGraph,
    release: str,
) -> Answer:
    """The whole answer of a query. Raises QueryError."""
    with reading(text):
        found = solve(store, text, bindings=bindings, dataset=dataset, default_graph=default_graph)
        match found:
            case ox.QuerySolutions():
                return Bindings(_bytes(found.serialize(format=ox.QueryResultsFormat.JSON)), release)
            case ox.QueryBoolean():
                return Truth(_bytes(found.serialize(format=ox.QueryResultsFormat.JSON)), release)
            case _:
                return Triples(_bytes(ox.serialize(found, format=ox.RdfFormat.N_TRIPLES)), release)


@contextmanager
def reading(text: str, *, restored: Callable[[str], str] = str) -> Iterator[None]:
    """Turn the engine's errors into QueryError while a query is started or its results are read.

    `restored` gives back what was written where the text that the engine was given has something else.
    """
    try:
        yield
    except (SyntaxError, ValueError) as error:
        found = _reason(text, error, restored)
        raise QueryError("query", found=found, allowed="must be one SPARQL 1.1 query") from error
    except (OSError, RuntimeError) as error:
        raise QueryError("query", found=f"cannot be evaluated: {error}", allowed="see the message") from error


def _bytes(content: bytes | None) -> bytes:
    assert content is not None
    return content


def _graph(iri: str, default_graph: DefaultGraph) -> ox.NamedNode | ox.DefaultGraph:
    """The graph that an IRI means; the release's own default graph has one too, and in a union it is used."""
    return ox.DefaultGraph() if iri == DEFAULT_GRAPH and default_graph == "strict" else ox.NamedNode(iri)


PLACE = re.compile(r"error at (\d+):(\d+): expected (?:one of )?(.*)", re.DOTALL)
CHARACTERS = re.compile(r"\[[^\]]*\]")


def _reason(query: str, error: Exception, restored: Callable[[str], str]) -> str:
    """The engine's words with line and column, without its lists of single characters, and the text it stopped at."""
    text = str(error.args[0]) if error.args else str(error)
    place = PLACE.match(text)
    if place is None:
        return " ".join(restored(text).split())
    line, column = int(place[1]), int(place[2])
    rest = query.splitlines()[line - 1 : line] or [""]
    column, near = len(restored(rest[0][: column - 1])) + 1, restored(rest[0][column - 1 :])[:25].strip() or "the end"
    words = [word.strip() for word in CHARACTERS.sub("", place[3]).split(",") if len(word.strip().strip('"')) > 1]
    sentences = [word for word in words if " " in word]
    expected = "; ".join(sentences) if sentences else f"expected {' or '.join(words)}" if words else "unexpected"
    return f"line {line}, column {column}, near {near!r}: {expected}"
