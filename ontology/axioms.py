"""The axioms of the vocabulary, indexed by what they lead to, and written as a curator reads them.

In: the triples of the vocabulary. Out: an `Axioms` index of the constructs that the rules of the folder `rules` use,
and the text of a class expression or an axiom in the manner of the Manchester syntax, with labels for names.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import TypeVar

import pyoxigraph as ox

from equipoise.ontology.iri import curie
from equipoise.ontology.rdf import RDF_TYPE, RDFS_LABEL, SKOS, text_of

__all__ = ["Axioms", "Chain", "read_axioms", "with_article"]

OWL = "http://www.w3.org/2002/07/owl#"
RDF = "http://www.w3.org/1999/02/22-rdf-syntax-ns#"
RDFS = "http://www.w3.org/2000/01/rdf-schema#"

Key = TypeVar("Key")
Value = TypeVar("Value")
Node = ox.NamedNode | ox.BlankNode
Link = tuple[str, ox.Triple, Node]
"""A rule, the axiom it uses, and the class whose members the axiom makes members of another."""


@dataclass(frozen=True)
class Chain:
    """A property chain of two: what the first and then the second lead to."""

    first: ox.NamedNode
    second: ox.NamedNode
    axiom: ox.Triple


@dataclass(frozen=True)
class Axioms:
    """What a class or a property follows from. Keys are what is to be reached, named or blank; `classes` are IRIs."""

    below: Mapping[Node, list[Link]] = field(default_factory=dict)
    intersections: Mapping[Node, list[Node]] = field(default_factory=dict)
    intersections_with: Mapping[Node, list[Node]] = field(default_factory=dict)
    unions: Mapping[Node, list[Node]] = field(default_factory=dict)
    has_value: Mapping[Node, tuple[ox.NamedNode, ox.NamedNode]] = field(default_factory=dict)
    some_values: Mapping[Node, tuple[ox.NamedNode, Node]] = field(default_factory=dict)
    restrictions_to: Mapping[tuple[ox.NamedNode, ox.NamedNode], list[Node]] = field(default_factory=dict)
    asked_for: Mapping[ox.NamedNode, frozenset[Node]] = field(default_factory=dict)
    domains: Mapping[Node, list[tuple[ox.NamedNode, ox.Triple]]] = field(default_factory=dict)
    ranges: Mapping[Node, list[tuple[ox.NamedNode, ox.Triple]]] = field(default_factory=dict)
    chains: Mapping[ox.NamedNode, list[Chain]] = field(default_factory=dict)
    labels: Mapping[str, str] = field(default_factory=dict)
    classes: frozenset[str] = frozenset()

    def name(self, node: Node) -> str:
        """The label of a named class, property or thing; the text of an unnamed class."""
        if isinstance(node, ox.NamedNode):
            return self.labels.get(node.value) or curie(node.value)
        if node in self.intersections:
            return " and ".join(map(self._part, self.intersections[node]))
        if node in self.unions:
            return " or ".join(map(self._part, self.unions[node]))
        if node in self.has_value:
            predicate, value = self.has_value[node]
            return f"{self.name(predicate)} value {self.name(value)}"
        if node in self.some_values:
            predicate, filler = self.some_values[node]
            return f"{self.name(predicate)} some {self._part(filler)}"
        return "an unnamed class"

    def _part(self, node: Node) -> str:
        """The text of a class within another: in parentheses where it is itself put together."""
        return self.name(node) if isinstance(node, ox.NamedNode) else f"({self.name(node)})"

    def text(self, axiom: ox.Triple) -> str:
        """An axiom as a curator reads it: `PD-1 inhibitor ≡ drug and (has mechanism value PD-1 blockade)`."""
        subject, value = axiom.subject, axiom.object
        assert isinstance(subject, ox.NamedNode | ox.BlankNode)
        assert isinstance(value, ox.NamedNode | ox.BlankNode)
        match axiom.predicate.value.rpartition("#")[2]:
            case "equivalentClass":
                return f"{self.name(subject)} ≡ {self.name(value)}"
            case "subClassOf":
                return f"every {self.name(subject)} is {with_article(self.name(value))}"
            case "domain":
                return f"what has a value of “{self.name(subject)}” is {with_article(self.name(value))}"
            case "range":
                return f"a value of “{self.name(subject)}” is {with_article(self.name(value))}"
            case _:
                chain = next(chain for chain in self.chains[_named(subject)] if chain.axiom == axiom)
                return f"“{self.name(chain.first)}”, then “{self.name(chain.second)}”, gives “{self.name(subject)}”"


def with_article(name: str) -> str:
    """A name with its indefinite article: an arm, a trial."""
    return f"{'an' if name[0] in 'aeiouAEIOU' else 'a'} {name}"


def read_axioms(triples: Iterable[ox.Triple]) -> Axioms:
    """Index the axioms among the triples. Constructs that no rule uses are left out."""
    facts: dict[str, list[tuple[Node, Node]]] = {}
    labels: dict[str, str] = {}
    for triple in triples:
        assert isinstance(triple.subject, ox.NamedNode | ox.BlankNode)
        if isinstance(triple.object, ox.NamedNode | ox.BlankNode):
            facts.setdefault(triple.predicate.value, []).append((triple.subject, triple.object))
        elif triple.predicate == RDFS_LABEL or triple.predicate.value == SKOS + "prefLabel":
            labels[triple.subject.value] = text_of(triple.object)
    return _Reader(facts).axioms(labels)


class _Reader:
    """The triples by predicate, on the way to an index."""

    def __init__(self, facts: Mapping[str, list[tuple[Node, Node]]]) -> None:
        self._facts = {predicate: sorted(pairs, key=str) for predicate, pairs in facts.items()}
        self._first = dict(self._pairs(RDF + "first"))
        self._rest = dict(self._pairs(RDF + "rest"))

    def axioms(self, labels: Mapping[str, str]) -> Axioms:
        intersections = {node: self._members(start) for node, start in self._pairs(OWL + "intersectionOf")}
        on_property = {node: _named(predicate) for node, predicate in self._pairs(OWL + "onProperty")}
        has_value = {node: (on_property[node], _named(value)) for node, value in self._pairs(OWL + "hasValue")}
        parts = [(part, node) for node, operands in intersections.items() for part in operands]
        types = self._pairs(RDF_TYPE.value)
        objects = {node for node, kind in types if kind.value == OWL + "ObjectProperty"}
        ranges = [(node, owl_class) for node, owl_class in self._pairs(RDFS + "range") if node in objects]
        asked_for = _grouped(has_value.values())
        return Axioms(
            below=_grouped(self._links()),
            intersections=intersections,
            intersections_with=_grouped(parts),
            unions={node: self._members(start) for node, start in self._pairs(OWL + "unionOf")},
            has_value=has_value,
            some_values={node: (on_property[node], filler) for node, filler in self._pairs(OWL + "someValuesFrom")},
            restrictions_to=_grouped((pair, node) for node, pair in has_value.items()),
            asked_for={predicate: frozenset(values) for predicate, values in asked_for.items()},
            domains=_grouped(
                (owl_class, (_named(node), ox.Triple(node, ox.NamedNode(RDFS + "domain"), owl_class)))
                for node, owl_class in self._pairs(RDFS + "domain")
            ),
            ranges=_grouped(
                (owl_class, (_named(node), ox.Triple(node, ox.NamedNode(RDFS + "range"), owl_class)))
                for node, owl_class in ranges
            ),
            chains=_grouped(self._chains()),
            labels=labels,
            classes=frozenset(node.value for node, kind in types if kind.value == OWL + "Class" and _is_named(node)),
        )

    def _pairs(self, predicate: str) -> list[tuple[Node, Node]]:
        return self._facts.get(predicate, [])

    def _members(self, start: Node) -> list[Node]:
        """The members of an RDF list."""
        members = []
        while start in self._first:
            members.append(self._first[start])
            start = self._rest[start]
        return members

    def _links(self) -> Iterable[tuple[Node, Link]]:
        for one, other in self._pairs(RDFS + "subClassOf"):
            yield other, ("subclass", ox.Triple(one, ox.NamedNode(RDFS + "subClassOf"), other), one)
        for one, other in self._pairs(OWL + "equivalentClass"):
            axiom = ox.Triple(one, ox.NamedNode(OWL + "equivalentClass"), other)
            yield one, ("definition", axiom, other)
            yield other, ("definition", axiom, one)

    def _chains(self) -> Iterable[tuple[ox.NamedNode, Chain]]:
        predicate = ox.NamedNode(OWL + "propertyChainAxiom")
        for node, start in self._pairs(predicate.value):
            members = self._members(start)
            if len(members) == 2:
                yield _named(node), Chain(_named(members[0]), _named(members[1]), ox.Triple(node, predicate, start))


def _grouped(pairs: Iterable[tuple[Key, Value]]) -> dict[Key, list[Value]]:
    groups: dict[Key, list[Value]] = {}
    for key, value in pairs:
        groups.setdefault(key, []).append(value)
    return groups


def _is_named(node: Node) -> bool:
    return isinstance(node, ox.NamedNode)


def _named(node: Node) -> ox.NamedNode:
    assert isinstance(node, ox.NamedNode)
    return node
