"""Say in words what the axioms without a name of their own say: the expression that defines a class, a property chain.

In: the triples of one term's axioms and the labels of all terms. Out: pieces of text, some of them links.
The words are for readers; the Turtle of the term has the axioms themselves.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

import pyoxigraph as ox

from equipoise.ontology.iri import curie
from equipoise.ontology.rdf import text_of

__all__ = ["Axioms", "Piece", "as_text"]

OWL = "http://www.w3.org/2002/07/owl#"
RDF = "http://www.w3.org/1999/02/22-rdf-syntax-ns#"
RDFS = "http://www.w3.org/2000/01/rdf-schema#"

Node = ox.NamedNode | ox.BlankNode


@dataclass(frozen=True)
class Piece:
    """A part of a sentence: text, and the IRI that it names, if any."""

    text: str
    iri: str | None = None


def as_text(pieces: Iterable[Piece]) -> str:
    """The sentence without its links."""
    return "".join(piece.text for piece in pieces)


class Axioms:
    """The axioms of one term, and how to say them."""

    def __init__(self, triples: Iterable[ox.Triple], labels: Mapping[str, str]) -> None:
        self._labels = labels
        self._values: dict[tuple[str, str], list[Node]] = {}
        for triple in sorted(triples, key=str):
            if isinstance(triple.object, ox.NamedNode | ox.BlankNode):
                key = (text_of(triple.subject), triple.predicate.value)
                self._values.setdefault(key, []).append(triple.object)

    def definitions(self, iri: str) -> list[tuple[Piece, ...]]:
        """What a class is, in full: `drug with the mechanism PD-1 blockade`."""
        return [tuple(self._class(node)) for node in self._blank(iri, OWL + "equivalentClass")]

    def conditions(self, iri: str) -> list[tuple[Piece, ...]]:
        """What holds of every member of a class beside its superclasses."""
        return [tuple(self._class(node)) for node in self._blank(iri, RDFS + "subClassOf")]

    def chains(self, iri: str) -> list[tuple[Piece, ...]]:
        """The chains of properties from which a property follows: `has mechanism, then broader`."""
        return [
            tuple(_joined([[self._name(step)] for step in self._members(node)], ", then "))
            for node in self._blank(iri, OWL + "propertyChainAxiom")
        ]

    def _blank(self, iri: str, predicate: str) -> list[Node]:
        return [node for node in self._values.get((iri, predicate), []) if isinstance(node, ox.BlankNode)]

    def _one(self, node: Node, predicate: str) -> Node | None:
        return next(iter(self._values.get((text_of(node), predicate), [])), None)

    def _members(self, node: Node | None) -> Iterator[Node]:
        while node is not None and (first := self._one(node, RDF + "first")) is not None:
            yield first
            node = self._one(node, RDF + "rest")

    def _name(self, node: Node) -> Piece:
        iri = text_of(node)
        return Piece(self._labels.get(iri, curie(iri)), iri)

    def _class(self, node: Node) -> Iterator[Piece]:
        """A class expression as a noun: named classes first, then what they are like."""
        if isinstance(node, ox.NamedNode):
            yield self._name(node)
        elif (parts := self._one(node, OWL + "intersectionOf")) is not None:
            members = list(self._members(parts))
            named = [[self._name(member)] for member in members if isinstance(member, ox.NamedNode)]
            others = [list(self._class(member)) for member in members if not isinstance(member, ox.NamedNode)]
            yield from _joined(named, " and ")
            if named and others:
                yield Piece(" ")
            yield from _joined(others, ", and ")
        elif (parts := self._one(node, OWL + "unionOf")) is not None:
            yield from _joined([list(self._class(member)) for member in self._members(parts)], " or ")
        elif (negated := self._one(node, OWL + "complementOf")) is not None:
            yield Piece("not ")
            yield from self._class(negated)
        else:
            yield from self._restriction(node)

    def _restriction(self, node: Node) -> Iterator[Piece]:
        owl_property = self._one(node, OWL + "onProperty")
        if owl_property is None:
            yield Piece("what the Turtle says")
            return
        name = self._name(owl_property)
        noun = Piece(name.text.removeprefix("has "), name.iri)
        if (value := self._one(node, OWL + "hasValue")) is not None:
            yield from (Piece("with the "), noun, Piece(" "), self._name(value))
        elif (filler := self._one(node, OWL + "someValuesFrom")) is not None:
            yield from (Piece(f"with {_article(noun.text)} "), noun, *self._filler(filler, "that is "))
        elif (filler := self._one(node, OWL + "allValuesFrom")) is not None:
            yield from (Piece("with no "), noun, *self._filler(filler, "but "))
        else:
            yield from (Piece("with a bound on "), noun)

    def _filler(self, node: Node, verb: str) -> Iterator[Piece]:
        pieces = list(self._class(node))
        if pieces[0].text.startswith("with "):
            yield from (Piece(" "), *pieces)
        else:
            yield from (Piece(f" {verb}{_article(pieces[0].text)} "), *pieces)


def _joined(parts: Iterable[list[Piece]], between: str) -> Iterator[Piece]:
    for index, part in enumerate(parts):
        if index:
            yield Piece(between)
        yield from part


def _article(noun: str) -> str:
    return "an" if noun[:1].lower() in "aeiou" else "a"
