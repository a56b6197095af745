"""What a store states, apart from what was inferred: the ground on which explanations stand.

In: a store. Out: the triples of the vocabulary, a `Lookup` for `ontology.explain`, and the classes and labels of a
thing. Each look-up is one query.
"""

from collections.abc import Iterable
from importlib.resources import files

import pyoxigraph as ox

from equipoise.graph.store import Bindings, Store, Term, Triples
from equipoise.ontology.explain import Lookup

__all__ = ["classes_of", "label_of", "stated", "stated_vocabulary"]

Node = ox.NamedNode | ox.BlankNode


def stated(store: Store) -> Lookup:
    """Look up what the graphs of a store state, without what was inferred."""
    query = _text("stated")

    def look_up(subject: Node | None, predicate: ox.NamedNode, value: Node | None) -> Iterable[ox.Quad]:
        given = {"subject": subject, "predicate": predicate, "object": value}
        bindings: dict[str, Term] = {name: term for name, term in given.items() if term is not None}
        answer = store.query(query, bindings=bindings)
        assert isinstance(answer, Bindings)
        for row in answer.solutions[1]:
            found, graph = {**row, **bindings}, row["graph"]
            end = found["subject"]
            assert isinstance(end, ox.NamedNode | ox.BlankNode)
            assert isinstance(graph, ox.NamedNode)
            yield ox.Quad(end, predicate, found["object"], graph)

    return look_up


def stated_vocabulary(store: Store) -> list[ox.Triple]:
    """The triples of the vocabulary that a store holds."""
    answer = store.query(_text("vocabulary"))
    assert isinstance(answer, Triples)
    return answer.triples


def classes_of(store: Store, thing: ox.NamedNode) -> list[str]:
    """The IRIs of the classes that a thing is in, stated or inferred; none if the store does not know it."""
    return _column(store, "classes", thing)


def label_of(store: Store, thing: ox.NamedNode) -> str | None:
    """The label of a thing, if it has one."""
    return next(iter(_column(store, "label", thing)), None)


def _column(store: Store, query: str, thing: ox.NamedNode) -> list[str]:
    answer = store.query(_text(query), bindings={"thing": thing})
    assert isinstance(answer, Bindings)
    return [row["found"] for row in answer.values()]


def _text(name: str) -> str:
    return (files("equipoise.graph") / f"{name}.rq").read_text(encoding="utf-8")
