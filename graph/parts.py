"""Read one graph of a store whole.

In: a store and the IRI of a graph, `DEFAULT_GRAPH` for the one without a name. Out: its triples; an empty graph has
none, and a graph that is not there is an error.
"""

from importlib.resources import files

import pyoxigraph as ox

from equipoise.graph.release import DEFAULT_GRAPH
from equipoise.graph.store import Bindings, Dataset, Store, Triples
from equipoise.ontology.errors import UnknownNameError

__all__ = ["read_graph"]


def read_graph(store: Store, graph: str) -> Triples:
    """The triples of a graph. Raises UnknownNameError if the store has no such graph."""
    answer = store.query(_text("all"), dataset=Dataset(default=(graph,)))
    assert isinstance(answer, Triples)
    if not answer.body and graph != DEFAULT_GRAPH and not _is_part(store, graph):
        raise UnknownNameError(graph, found="no such graph", allowed="see /releases")
    return answer


def _is_part(store: Store, graph: str) -> bool:
    """Whether a graph without triples is there all the same, by what the release says of itself."""
    answer = store.query(_text("part"), bindings={"graph": ox.NamedNode(graph)})
    assert isinstance(answer, Bindings)
    return len(answer) > 0


def _text(name: str) -> str:
    return (files("equipoise.graph") / f"{name}.rq").read_text(encoding="utf-8")
