"""An engine that follows SPARQL 1.1: what every adapter starts from.

Whether its default graph is the union of its named graphs, and whether a triple that stands in several of them counts
once in it, is not assumed: loading puts the union beside the graphs, as one more, and requests name that one as their
default graph. Where an engine was loaded by other means, its default graph is taken to be the union, as GraphDB, RDF4J,
Neptune and our own service have it.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from urllib.parse import quote

import pyoxigraph as ox

from equipoise.graph.store import Dataset, Term
from equipoise.graph.union import UNION_GRAPH
from equipoise.ontology.rdf import XSD, typed

__all__ = ["Asked", "Engine"]

DECIMALS = frozenset(
    XSD + name
    for name in ("decimal", "integer", "long", "int", "short", "nonNegativeInteger", "positiveInteger", "byte")
)


@dataclass(frozen=True)
class Asked:
    """What is sent for a query: its text, and the fields of the form beside it."""

    text: str
    fields: tuple[tuple[str, str], ...] = ()


class Engine:
    """What a store must know of the engine it asks. Each method of an adapter says why it departs from these."""

    name = "generic"
    union = UNION_GRAPH
    """The graph that requests name for the union of all: the one that loading makes, or one of the engine's own."""
    mends_results = False
    """Whether `results` changes anything, so that an answer must be there whole before it is read."""
    graph_parameter = "graph"
    """What the Graph Store Protocol's parameter is called."""

    @property
    def keeps_union(self) -> bool:
        """Whether loading must put the union beside the graphs."""
        return self.union == UNION_GRAPH

    def sends(self, headers: Mapping[str, str]) -> bool:
        """Whether an answer with these headers comes from this engine."""
        return False

    def update_address(self, query: str, *, authorized: bool) -> str:
        """Where updates go, guessed from where queries go; empty if it cannot be guessed."""
        return ""

    def graphs_address(self, query: str, *, authorized: bool) -> str:
        """Where the Graph Store Protocol is spoken, guessed likewise."""
        return ""

    def graph_address(self, graphs: str, iri: str) -> str:
        """The address of one named graph."""
        return f"{graphs}{'&' if '?' in graphs else '?'}{self.graph_parameter}={quote(iri, safe='')}"

    def ask(self, text: str, *, dataset: Dataset | None, seconds: float) -> Asked:
        """What is sent for a query over a dataset, or over the engine's own union of its graphs where it is None.

        `seconds` is how long the engine may work on it.
        """
        return Asked(text, dataset_fields(dataset))

    def interruption(self, headers: Mapping[str, str]) -> str:
        """Why an answer that looks whole is none, by its headers; empty if it is whole."""
        return ""

    def results(self, body: bytes) -> bytes:
        """SPARQL Results JSON as the standard has it."""
        return body

    def triples(self, body: bytes) -> bytes:
        """N-Triples as the other engines write them."""
        return body

    def normal(self, literal: ox.Literal) -> ox.Literal:
        """One form for all literals of a value, for comparing what was sent with what came back.

        Engines keep numbers as numbers: "0.80" comes back as "0.8", "12" as "12.0", each with its own spelling. The
        value must be the same, its spelling need not.
        """
        kind = literal.datatype.value
        try:
            if kind in DECIMALS:
                return ox.Literal(_plain(Decimal(literal.value)), datatype=literal.datatype)
            if kind in (XSD + "double", XSD + "float"):
                return ox.Literal(repr(float(literal.value)), datatype=literal.datatype)
        except (InvalidOperation, ValueError):
            return literal
        if kind == XSD + "boolean":
            return typed("true" if literal.value in ("1", "true") else "false", "boolean")
        return literal

    def written(self, literal: ox.Literal) -> ox.Literal:
        """A literal as this engine must be given it, in data and in parameters, so that equal numbers are one term."""
        return literal

    def bound(self, bindings: Mapping[str, Term]) -> str:
        """What gives variables their terms at the start of a group."""
        names = " ".join(f"?{name}" for name in bindings)
        terms = [self.written(term) if isinstance(term, ox.Literal) else term for term in bindings.values()]
        return f"VALUES ({names}) {{ ({' '.join(map(str, terms))}) }}"

    def remove(self, graph: str) -> str:
        """The update that removes a named graph, whether it is there or not."""
        return f"DROP SILENT GRAPH <{graph}>"


def dataset_fields(dataset: Dataset | None) -> tuple[tuple[str, str], ...]:
    """The protocol's fields that name the graphs of a dataset."""
    if dataset is None:
        return ()
    default = (("default-graph-uri", iri) for iri in dataset.default)
    return (*default, *(("named-graph-uri", iri) for iri in dataset.named))


def _plain(number: Decimal) -> str:
    """A number in its shortest form without an exponent."""
    text = format(number, "f")
    text = text.rstrip("0").rstrip(".") if "." in text else text
    return "0" if text in ("-0", "") else text
