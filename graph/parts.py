"""The graphs of a store, one at a time: whether there is such a graph, and the query that reads it.

In: a store and the IRI of a graph, `DEFAULT_GRAPH` for the one without a name.
"""

from importlib.resources import files

import pyoxigraph as ox

from equipoise.graph.release import DEFAULT_GRAPH
from equipoise.graph.store import Dataset, Store
from equipoise.ontology.errors import UnknownNameError

__all__ = ["find_graph", "reading_query"]


def find_graph(store: Store, graph: str) -> Dataset:
    """The dataset of that graph alone. Raises UnknownNameError if the store has no such graph; an empty one it has."""
    dataset = Dataset(default=(graph,))
    is_there = graph == DEFAULT_GRAPH or store.query(_text("part"), bindings={"graph": ox.NamedNode(graph)})
    if not is_there and not store.query("ASK { ?s ?p ?o }", dataset=dataset):
        raise UnknownNameError(graph, found="no such graph", allowed="see /releases")
    return dataset


def reading_query() -> str:
    """The query that gives all triples of the graph it is asked of."""
    return _text("all")


def _text(name: str) -> str:
    return (files("equipoise.graph") / f"{name}.rq").read_text(encoding="utf-8")
