"""Collect the quads of one named graph, with the part of the record that each thing came from.

A `GraphBuilder` takes names of the vocabulary and Python values, and gives quads in a fixed order. Decimals are written
in their shortest form (`0.8`), as every engine will give them back; printed digits are kept as strings beside them.
"""

from collections.abc import Iterable
from datetime import date as Date
from decimal import Decimal

import pyoxigraph as ox

from equipoise.graph.fields import Cited, Place, RecordPath
from equipoise.graph.printed import PrintedNumber
from equipoise.graph.record import TrialRecord
from equipoise.ontology.iri import mint, slug, vocabulary_iri
from equipoise.ontology.rdf import DCTERMS, RDF_TYPE, RDFS_LABEL, typed

__all__ = ["GraphBuilder", "decimal_text", "partial_date", "property_name"]

Value = str | int | bool | Date | Decimal | ox.NamedNode | ox.Literal

PROPERTY_OF_FIELD = {
    "categories": "category",
    "criteria": "responseCriteria",
    "date": "actionDate",
    "instruments": "instrument",
    "p": "pValue",
    "title": "dcterms:title",
}
"""Fields of a record whose property is not the field's own name in camel case."""


def decimal_text(number: Decimal) -> str:
    """The shortest decimal notation of a number, without an exponent: 0.80 gives 0.8, 95 gives 95."""
    text = format(number, "f")
    return text.rstrip("0").rstrip(".") if "." in text else text


def property_name(field: str) -> str:
    """The property that a field of a record becomes: `site_count` gives `siteCount`."""
    if field in PROPERTY_OF_FIELD:
        return PROPERTY_OF_FIELD[field]
    first, *rest = field.split("_")
    return first + "".join(word.capitalize() for word in rest)


class GraphBuilder:
    """The quads of one named graph, as they are collected."""

    def __init__(self, graph: str, record: TrialRecord) -> None:
        self.graph = ox.NamedNode(graph)
        self.record = record
        self.origins: dict[str, RecordPath] = {}
        self._quads: set[ox.Quad] = set()

    def quads(self) -> list[ox.Quad]:
        """All quads, sorted."""
        return sorted(self._quads, key=str)

    def thing(self, iri: str, *classes: str, label: str, path: RecordPath) -> str:
        """Declare a thing: its classes, its label, and the part of the record that it came from."""
        self.origins.setdefault(iri, path)
        for name in classes:
            self._add(iri, RDF_TYPE, ox.NamedNode(vocabulary_iri(name)))
        self._add(iri, RDFS_LABEL, ox.Literal(label))
        return iri

    def part(self, trial: str, link: str, name: str, segment: str, *, label: str, path: RecordPath) -> str:
        """Declare a part of a trial, below its IRI, and join the two both ways."""
        iri = self.thing(f"{trial}/{segment}", name, label=label, path=path)
        self.link(trial, link, iri)
        self.link(iri, "trial", trial)
        return iri

    def link(self, subject: str, name: str, *iris: str | None) -> None:
        """Join a thing to others; None is left out."""
        for iri in iris:
            if iri is not None:
                self._add(subject, ox.NamedNode(vocabulary_iri(name)), ox.NamedNode(iri))

    def value(self, subject: str, name: str, *values: str | None) -> None:
        """Give a thing controlled values by their local names; None is left out."""
        self.link(subject, name, *(vocabulary_iri(value) for value in values if value is not None))

    def literal(self, subject: str, name: str, value: Value | None) -> None:
        """Give a thing a literal; None is left out. `dcterms:` names are taken as they are."""
        if value is not None:
            self._add(subject, ox.NamedNode(_property_iri(name)), _literal(value))

    def number(self, subject: str, name: str, number: PrintedNumber | None) -> None:
        """Give a thing a decimal, and the digits as printed beside it."""
        if number is not None:
            self.literal(subject, name, number.decimal)
            self.literal(subject, name + "Printed", number.text)

    def remark(self, subject: str, *items: Cited) -> None:
        """Give a thing the curator's note, that of the first item that has one, and mark what no source gives."""
        self.literal(subject, "note", next((item.note for item in items if item.note), None))
        missing = [field for item in items for field in item.not_reported]
        self.link(subject, "notReported", *(_property_iri(property_name(field)) for field in missing))

    def cite(self, subject: str, places: Iterable[Place], figures: Iterable[str]) -> None:
        """Cite a thing from places. `figures` are printed where a place says nothing else."""
        self._cite(subject, places, figures, f"{subject}/citation", None)

    def cite_field(
        self, subject: str, field: str, places: Iterable[Place], figures: Iterable[str], part: str = ""
    ) -> None:
        """Cite one of several fields that have places of their own; `part` tells apart what shares a field."""
        segment = slug(f"{field} {part}")
        self._cite(subject, places, figures, f"{subject}/citation/{segment}", _property_iri(property_name(field)))

    def _cite(
        self, subject: str, places: Iterable[Place], figures: Iterable[str], folder: str, cited_for: str | None
    ) -> None:
        printed: dict[str, set[str]] = {}
        for place in places:
            printed.setdefault(place.at, set()).update(figures if place.prints is None else place.prints.values())
        for at, texts in printed.items():
            path = self.origins[subject]
            citation = self.thing(f"{folder}/{at}", "Citation", label=f"citation from {at}", path=path)
            self.link(subject, "citedFrom", citation)
            self.link(citation, "citedFor", cited_for)
            self._locate(citation, at)
            for text in texts:
                self.literal(citation, "printed", text)

    def _locate(self, citation: str, at: str) -> None:
        passage = self.record.passages.get(at)
        self.link(citation, "source", mint("source", passage.source if passage else at))
        if passage:
            self.literal(citation, "section", passage.section)
            self.literal(citation, "start", passage.start)
            self.literal(citation, "end", passage.end)
            self.literal(citation, "spanHash", passage.sha256)

    def _add(self, subject: str, predicate: ox.NamedNode, node: ox.NamedNode | ox.Literal) -> None:
        self._quads.add(ox.Quad(ox.NamedNode(subject), predicate, node, self.graph))


def _property_iri(name: str) -> str:
    return DCTERMS + name.removeprefix("dcterms:") if ":" in name else vocabulary_iri(name)


def _literal(value: Value) -> ox.Literal:
    match value:
        case ox.Literal():
            return value
        case bool():
            return typed(str(value).lower(), "boolean")
        case int():
            return typed(str(value), "integer")
        case Decimal():
            return typed(decimal_text(value), "decimal")
        case Date():
            return typed(value.isoformat(), "date")
        case _:
            return ox.Literal(str(value))


def partial_date(text: str) -> ox.Literal:
    """A year, a month or a day as the literal of its precision."""
    return typed(text, {4: "gYear", 7: "gYearMonth", 10: "date"}[len(text)])
