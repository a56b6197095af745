"""Ask the queries that stand beside the templates.

In: a store, the name of a query, and the IRI of the thing it is about where it is about one. Out: rows or a graph.
"""

from functools import cache
from importlib.resources import files
from typing import Any

import pyoxigraph as ox

from equipoise.graph.store import Answer, Bindings, Store
from equipoise.ontology.iri import curie

__all__ = ["Rows", "ask", "ask_about", "label_of", "query_text", "rows", "rows_about"]

Rows = list[dict[str, Any]]


@cache
def query_text(name: str) -> str:
    """The text of a query."""
    return (files("equipoise.api.pages") / f"{name}.rq").read_text(encoding="utf-8")


def ask(store: Store, name: str) -> Answer:
    """The answer of a query that is about all things."""
    return store.query(query_text(name))


def ask_about(store: Store, name: str, iri: str) -> Answer:
    """The answer of a query about a thing, whose IRI must be one."""
    return store.query(query_text(name), bindings={"thing": ox.NamedNode(iri)})


def rows(store: Store, name: str) -> Rows:
    """The rows of a query that is about all things."""
    return _values(ask(store, name))


def rows_about(store: Store, name: str, iri: str) -> Rows:
    """The rows of a query about a thing; none if its IRI is not even one."""
    try:
        answer = ask_about(store, name, iri)
    except ValueError:
        return []
    return _values(answer)


def label_of(store: Store, iri: str) -> str:
    """The name of a thing, or the short form of its IRI."""
    properties = rows_about(store, "properties", iri)
    names = [row["value"] for row in properties if row["property"].endswith("rdf-schema#label")]
    return names[0] if names else curie(iri)


def _values(answer: Answer) -> Rows:
    assert isinstance(answer, Bindings)
    return answer.values()
