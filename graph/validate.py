"""Validate the graph of a record against the SHACL shapes.

In: the triples of one record, with the vocabulary they refer to. Out: violations, each with its focus node and the
message of the shape, which tells a curator what to do.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache

import pyoxigraph as ox
import rdflib
from pyshacl import validate as run_shacl

from equipoise.ontology.rdf import serialized
from equipoise.ontology.terms import shapes

__all__ = ["Violation", "validate"]

SH = rdflib.Namespace("http://www.w3.org/ns/shacl#")


@dataclass(frozen=True)
class Violation:
    """One broken shape: the IRI of the thing, the property where one is at fault, and what to do."""

    focus: str
    path: str | None
    message: str


def validate(record: Iterable[ox.Triple], vocabulary: Iterable[ox.Triple]) -> list[Violation]:
    """Return what is wrong with a record's triples, sorted; an empty list if they conform."""
    conforms, report, _ = run_shacl(
        _graph([*record, *vocabulary]),
        shacl_graph=_shapes_graph(),
        inference="none",
        advanced=False,
        meta_shacl=False,
        do_owl_imports=False,
    )
    if conforms or not isinstance(report, rdflib.Graph):
        return []
    return sorted(set(_violations(report)), key=lambda found: (found.focus, found.path or "", found.message))


@cache
def _shapes_graph() -> rdflib.Graph:
    return rdflib.Graph().parse(data=shapes(), format="turtle")


def _violations(report: rdflib.Graph) -> Iterable[Violation]:
    top = set(report.objects(None, SH.result))
    for result in top:
        path = report.value(result, SH.resultPath)
        messages = sorted(str(message) for message in report.objects(result, SH.resultMessage))
        yield Violation(
            focus=str(report.value(result, SH.focusNode)),
            path=str(path) if isinstance(path, rdflib.URIRef) else None,
            message=" ".join(messages),
        )


def _graph(triples: Iterable[ox.Triple]) -> rdflib.Graph:
    return rdflib.Graph().parse(data=serialized(triples, ox.RdfFormat.N_TRIPLES), format="nt")
