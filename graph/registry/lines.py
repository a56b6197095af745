"""The quads of one registry record, collected as lines of N-Quads.

In: names of the vocabulary and values as the record prints them. Out: lines, each a whole quad, sorted and each once.
Text, not objects: at registry scale the engine reads lines faster than Python makes quads. Literals are written in the
form that engines give back, so that two versions of a record can be compared line by line.

The graph of a record is `graph:registry/NCT…`, its trial `trial:NCT…`, and all that it describes stands below
`trial:NCT…/registry/`, apart from what a curated record of the same trial describes.
"""

import re
from datetime import date as Date
from decimal import Decimal

from equipoise.graph.quads import decimal_text
from equipoise.ontology.iri import EQP, mint
from equipoise.ontology.rdf import DCTERMS, RDF_TYPE, RDFS_LABEL, XSD

__all__ = ["REGISTRY_GRAPHS", "RecordLines", "is_of_record", "line_of", "registry_graph", "registry_source"]

REGISTRY_GRAPHS = mint("graph", "registry", "")
"""How the IRI of a registry record's graph begins."""

RDF_TYPE_PART = f"> {RDF_TYPE} <{EQP}"
LABEL_PART = f"> {RDFS_LABEL} "
ESCAPED = re.compile(r'["\\\x00-\x1f\x7f]')
ESCAPES = {"\\": "\\\\", '"': '\\"', "\n": "\\n", "\r": "\\r", "\t": "\\t", "\b": "\\b", "\f": "\\f"}
DATE = re.compile(r"\d{4}(-\d\d){0,2}", re.ASCII)
ALLOWED_IN_IRI = re.compile(r"[^\x00-\x20<>\"{}|^`\\]+")


def registry_graph(nct: str) -> str:
    """The IRI of the named graph of a registry record."""
    return REGISTRY_GRAPHS + nct


def is_of_record(graph: str) -> bool:
    """Whether a graph is one of a registry record's."""
    return graph.startswith(REGISTRY_GRAPHS)


def registry_source(nct: str) -> str:
    """The IRI of a registry record as a source; a JSON Pointer as its fragment is the IRI of a citation."""
    return mint("source", "clinicaltrials.gov", nct)


def line_of(triple: str, graph: str) -> str:
    """A triple, as `RecordLines` collects it, as a quad of a named graph."""
    return f"{triple}<{graph}> .\n"


class RecordLines:
    """The statements of one registry record, as they are collected. Subjects and objects are IRIs without brackets;
    `name` is a property of the vocabulary by local name, or an IRI of another vocabulary.

    No method checks its IRIs but `link_out`: they are minted from slugs and numbers.
    """

    def __init__(self, nct: str) -> None:
        self.nct = nct
        self.trial = mint("trial", nct)
        self.own = f"{self.trial}/registry"
        self.source = registry_source(nct)
        self.graph = registry_graph(nct)
        self._triples: dict[str, None] = {}
        self._uncited: dict[str, None] = {}

    def triples(self) -> list[str]:
        """All triples as `<s> <p> o ` without the final dot, sorted."""
        return sorted(self._triples)

    def lines(self) -> list[str]:
        """All quads of the record's own graph, as lines of N-Quads, sorted."""
        end = f"<{self.graph}> .\n"
        return [triple + end for triple in sorted(self._triples)]

    def thing(self, iri: str, *classes: str, label: str | None = None) -> str:
        """Declare a thing: its classes by local name, and its label."""
        for name in classes:
            self._triples[f"<{iri}{RDF_TYPE_PART}{name}> "] = None
        if label is not None:
            self._triples[f"<{iri}{LABEL_PART}{_quoted(label)} "] = None
        return iri

    def link(self, subject: str, name: str, iri: str) -> None:
        """Join a thing to another."""
        self._state(subject, name, f"<{iri}>")

    def value(self, subject: str, name: str, concept: str) -> None:
        """Give a thing a controlled value by its local name."""
        self._state(subject, name, f"<{EQP}{concept}>")

    def text(self, subject: str, name: str, text: str | None) -> None:
        """Give a thing a text as the record prints it; None is left out."""
        if text is not None:
            self._state(subject, name, _quoted(text))

    def number(self, subject: str, name: str, number: Decimal | int) -> None:
        """Give a thing a decimal, or an integer."""
        if isinstance(number, int):
            literal = f'"{number}"^^<{XSD}integer>'
        else:
            literal = f'"{decimal_text(number)}"^^<{XSD}decimal>'
        self._state(subject, name, literal)

    def flag(self, subject: str, name: str, flag: bool | None) -> None:
        """Give a thing a truth value; None is left out."""
        if flag is not None:
            self._state(subject, name, f'"{str(flag).lower()}"^^<{XSD}boolean>')

    def date(self, subject: str, name: str, text: str) -> None:
        """Give a thing a day, a month or a year; whatever is no date of the calendar stays text."""
        self._state(subject, name, _dated(text))

    def link_out(self, subject: str, name: str, address: str) -> None:
        """Give a thing an address as xsd:anyURI, or as text if it cannot be one."""
        kind = f"^^<{XSD}anyURI>" if ALLOWED_IN_IRI.fullmatch(address) and ":" in address else ""
        self._state(subject, name, f"{_quoted(address)}{kind}")

    def cite(self, subject: str, pointer: str) -> None:
        """Cite a thing from a place of the record, by JSON Pointer (RFC 6901): `/protocolSection/designModule`. A
        trial is cited for each property that was stated of it since it was cited last.
        """
        citation = f"{self.source}#{pointer}"
        self._triples[f"<{subject}> <{EQP}citedFrom> <{citation}> "] = None
        self._triples[f"<{citation}{RDF_TYPE_PART}Citation> "] = None
        self._triples[f"<{citation}> <{EQP}source> <{self.source}> "] = None
        self._triples[f'<{citation}> <{EQP}jsonPointer> "{pointer}" '] = None
        if subject == self.trial:
            for predicate in self._uncited:
                self._triples[f"<{citation}> <{EQP}citedFor> {predicate} "] = None
            self._uncited.clear()

    def _state(self, subject: str, name: str, node: str) -> None:
        predicate = _predicate(name)
        self._triples[f"<{subject}> {predicate} {node} "] = None
        if subject == self.trial and not name.startswith("has"):
            self._uncited[predicate] = None


def _predicate(name: str) -> str:
    """A property by local name, `dcterms:` name, or IRI."""
    if name.startswith("dcterms:"):
        return f"<{DCTERMS}{name[8:]}>"
    return f"<{name}>" if name.startswith("http") else f"<{EQP}{name}>"


def _quoted(text: str) -> str:
    return f'"{ESCAPED.sub(_escape, text)}"' if ESCAPED.search(text) else f'"{text}"'


def _escape(match: "re.Match[str]") -> str:
    return ESCAPES.get(match[0]) or f"\\u{ord(match[0]):04X}"


def _dated(text: str) -> str:
    kind = {4: "gYear", 7: "gYearMonth", 10: "date"}.get(len(text))
    try:
        kind = kind if DATE.fullmatch(text) and Date.fromisoformat((text + "-01-01")[:10]) else None
    except ValueError:
        kind = None
    return f'"{text}"^^<{XSD}{kind}>' if kind else _quoted(text)
