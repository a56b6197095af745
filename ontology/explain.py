"""Why something follows: the chain of stated facts and axioms that leads to it.

In: a statement, and a `Lookup` that gives what is stated (never what was inferred). Out: a `Proof`, a tree of steps;
each names the rule and the axiom it used, and every leaf is stated. Of several proofs the shortest is given.

The prover works backwards from the statement. Every goal is expanded once, into the ways in which it could be reached
by the rules of the folder `rules`; then the cheapest way is chosen from the leaves up (Knuth's generalisation of
Dijkstra's algorithm: Information Processing Letters 6(1), 1977). So a cycle of axioms cannot catch it.
"""

import heapq
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from itertools import count

import pyoxigraph as ox

from equipoise.ontology.axioms import Axioms, Chain
from equipoise.ontology.rdf import RDF_TYPE

__all__ = ["Lookup", "Proof", "explain"]

Node = ox.NamedNode | ox.BlankNode
Lookup = Callable[[Node | None, ox.NamedNode, Node | None], Iterable[ox.Quad]]
"""What is stated of a subject, a predicate and an object, None standing for any; blank nodes are never asked for."""


@dataclass(frozen=True)
class Proof:
    """One step: a statement, the rule that gave it, the axiom that the rule used, and the proofs of what it rests on.

    A stated fact rests on nothing and has `graph`, the named graph that states it, in place of an axiom.
    """

    statement: ox.Triple
    rule: str
    axiom: ox.Triple | None
    graph: str | None
    because: tuple["Proof", ...]

    def steps(self) -> int:
        """How many steps there are in all."""
        return 1 + sum(step.steps() for step in self.because)

    def leaves(self) -> Iterator["Proof"]:
        """The steps that rest on nothing, in order."""
        if not self.because:
            yield self
        for step in self.because:
            yield from step.leaves()


@dataclass(frozen=True)
class _Way:
    """A way to reach a goal: by a rule and perhaps an axiom, if all premises can be reached."""

    rule: str
    axiom: ox.Triple | None
    premises: tuple[ox.Triple, ...]
    graph: str | None = None


def explain(statement: ox.Triple, axioms: Axioms, stated: Lookup) -> Proof | None:
    """The shortest proof of a statement, or None if it does not follow."""
    ways = _expand(statement, _Goals(axioms, stated))
    chosen = _choose(ways)
    return _folded(_proof(statement, chosen)) if statement in chosen else None


def _expand(statement: ox.Triple, goals: "_Goals") -> dict[ox.Triple, list[_Way]]:
    """Every goal that could matter, with the ways to reach it."""
    ways: dict[ox.Triple, list[_Way]] = {}
    agenda = [statement]
    while agenda:
        goal = agenda.pop()
        if goal not in ways:
            ways[goal] = list(goals.ways(goal))
            agenda += [premise for way in ways[goal] for premise in way.premises]
    return ways


def _choose(ways: Mapping[ox.Triple, list[_Way]]) -> dict[ox.Triple, _Way]:
    """The cheapest way of each goal that can be reached; goals that cannot are left out."""
    waiting: dict[ox.Triple, list[tuple[ox.Triple, _Way]]] = {}
    chosen: dict[ox.Triple, _Way] = {}
    cost: dict[ox.Triple, int] = {}
    order = count()
    ready: list[tuple[int, int, ox.Triple, _Way]] = []

    def offer(goal: ox.Triple, way: _Way) -> None:
        if all(premise in cost for premise in way.premises):
            heapq.heappush(ready, (1 + sum(cost[premise] for premise in way.premises), next(order), goal, way))

    for goal, offered in ways.items():
        for way in offered:
            for premise in way.premises:
                waiting.setdefault(premise, []).append((goal, way))
            offer(goal, way)
    while ready:
        price, _, goal, way = heapq.heappop(ready)
        if goal not in chosen:
            chosen[goal], cost[goal] = way, price
            for other, its_way in waiting.get(goal, []):
                if other not in chosen:
                    offer(other, its_way)
    return chosen


def _proof(goal: ox.Triple, chosen: Mapping[ox.Triple, _Way]) -> Proof:
    way = chosen[goal]
    because = tuple(_proof(premise, chosen) for premise in way.premises)
    return Proof(goal, way.rule, way.axiom, way.graph, because)


def _folded(proof: Proof) -> Proof:
    """The proof without steps about unnamed classes: what such a step rests on is put in its place.

    A step that only takes a class expression apart, or puts one together, has no axiom of its own and takes that of the
    step it swallows. A step with an axiom keeps another with an axiom apart, so that no axiom goes unnamed.
    """
    because: list[Proof] = []
    for step in map(_folded, proof.because):
        if isinstance(step.statement.object, ox.BlankNode) and (step.axiom is None or proof.axiom is None):
            if proof.axiom is None and step.axiom is not None:
                proof = replace(proof, rule=step.rule, axiom=step.axiom)
            because += [inner for inner in step.because if inner not in because]
        elif step not in because:
            because.append(step)
    return replace(proof, because=tuple(because))


class _Goals:
    """The ways to reach each goal, by the axioms and by what is stated. What is looked up is remembered."""

    def __init__(self, axioms: Axioms, stated: Lookup) -> None:
        self._axioms = axioms
        self._look_up = stated
        self._known: dict[tuple[Node | None, ox.NamedNode, Node | None], list[ox.Quad]] = {}
        self._values: dict[tuple[Node, ox.NamedNode, bool], frozenset[Node]] = {}

    def ways(self, goal: ox.Triple) -> Iterator[_Way]:
        """The ways in which a statement could be reached; whether their premises hold is left open.

        No way is shorter than that of being stated.
        """
        subject, value = goal.subject, goal.object
        assert not isinstance(subject, ox.Triple)
        assert isinstance(value, ox.NamedNode | ox.BlankNode)
        if stated := self._stated(subject, goal.predicate, value):
            graph = stated[0].graph_name
            yield _Way("stated", None, (), graph.value if isinstance(graph, ox.NamedNode) else None)
        elif goal.predicate == RDF_TYPE:
            yield from self._type_by_class(subject, value)
            yield from self._type_by_structure(subject, value)
            yield from self._type_by_property(subject, value)
        else:
            assert isinstance(value, ox.NamedNode)
            yield from self._value(subject, goal.predicate, value)

    def _type_by_class(self, thing: Node, wanted: Node) -> Iterator[_Way]:
        """cax-sco, cax-eqc1, cax-eqc2, cls-int2."""
        for rule, axiom, other in self._axioms.below.get(wanted, ()):
            yield _Way(rule, axiom, (_is_a(thing, other),))
        for whole in self._axioms.intersections_with.get(wanted, ()):
            yield _Way("part of a definition", None, (_is_a(thing, whole),))

    def _type_by_structure(self, thing: Node, wanted: Node) -> Iterator[_Way]:
        """cls-int1, cls-uni, cls-hv2, cls-svf1."""
        if wanted in self._axioms.intersections:
            yield _Way("all of", None, tuple(_is_a(thing, part) for part in self._axioms.intersections[wanted]))
        for part in self._axioms.unions.get(wanted, ()):
            yield _Way("one of", None, (_is_a(thing, part),))
        if wanted in self._axioms.has_value:
            predicate, value = self._axioms.has_value[wanted]
            yield _Way("has the value", None, (ox.Triple(thing, predicate, value),))
        if wanted in self._axioms.some_values:
            predicate, filler = self._axioms.some_values[wanted]
            for end in self._values_of(thing, predicate):
                yield _Way("is joined to", None, (ox.Triple(thing, predicate, end), _is_a(end, filler)))

    def _type_by_property(self, thing: Node, wanted: Node) -> Iterator[_Way]:
        """prp-dom, prp-rng."""
        for predicate, axiom in self._axioms.domains.get(wanted, ()):
            for value in self._values_of(thing, predicate):
                yield _Way("domain", axiom, (ox.Triple(thing, predicate, value),))
        for predicate, axiom in self._axioms.ranges.get(wanted, ()):
            for subject in self._subjects_of(thing, predicate):
                yield _Way("range", axiom, (ox.Triple(subject, predicate, thing),))

    def _value(self, thing: Node, predicate: ox.NamedNode, value: ox.NamedNode) -> Iterator[_Way]:
        """prp-spo2, cls-hv1."""
        for chain in self._axioms.chains.get(predicate, ()):
            for middle in self._values_of(thing, chain.first):
                if value in self._values_of(middle, chain.second):
                    premises = (ox.Triple(thing, chain.first, middle), ox.Triple(middle, chain.second, value))
                    yield _Way("chain", chain.axiom, premises)
        for restriction in self._axioms.restrictions_to.get((predicate, value), ()):
            yield _Way("part of a definition", None, (_is_a(thing, restriction),))

    def _stated(self, subject: Node | None, predicate: ox.NamedNode, value: Node | None) -> list[ox.Quad]:
        """What is stated, in a fixed order."""
        pattern = (subject, predicate, value)
        if pattern not in self._known:
            blank = isinstance(subject, ox.BlankNode) or isinstance(value, ox.BlankNode)
            self._known[pattern] = [] if blank else sorted(self._look_up(*pattern), key=str)
        return self._known[pattern]

    def _values_of(self, thing: Node, predicate: ox.NamedNode) -> list[Node]:
        """What a property may join a thing to, by statement, chain or restriction: what can be proved, and more."""
        return self._reached((thing, predicate, True))

    def _subjects_of(self, thing: Node, predicate: ox.NamedNode) -> list[Node]:
        """What a property may join to a thing, by statement or chain; what only a restriction joins is left out."""
        return self._reached((thing, predicate, False))

    def _reached(self, wanted: tuple[Node, ox.NamedNode, bool]) -> list[Node]:
        if wanted not in self._values:
            self._reach(wanted)
        return sorted(self._values[wanted], key=str)

    def _reach(self, wanted: tuple[Node, ox.NamedNode, bool]) -> None:
        """Fill the table of values from one entry on, until nothing new is found."""
        table: dict[tuple[Node, ox.NamedNode, bool], frozenset[Node]] = {wanted: frozenset()}
        before: dict[tuple[Node, ox.NamedNode, bool], frozenset[Node]] = {}
        while table != before:
            before = dict(table)
            for entry in before:
                found = [self._through(chain, entry, table) for chain in self._axioms.chains.get(entry[1], ())]
                table[entry] = self._direct(*entry).union(*found)
        self._values |= table

    def _direct(self, thing: Node, predicate: ox.NamedNode, forwards: bool) -> frozenset[Node]:
        pattern = (thing, predicate, None) if forwards else (None, predicate, thing)
        ends = (quad.object if forwards else quad.subject for quad in self._stated(*pattern))
        found = frozenset(end for end in ends if isinstance(end, ox.NamedNode))
        return found | self._axioms.asked_for.get(predicate, frozenset()) if forwards else found

    def _through(
        self,
        chain: Chain,
        entry: tuple[Node, ox.NamedNode, bool],
        table: dict[tuple[Node, ox.NamedNode, bool], frozenset[Node]],
    ) -> frozenset[Node]:
        thing, _, forwards = entry
        first, second = (chain.first, chain.second) if forwards else (chain.second, chain.first)
        near = table.setdefault((thing, first, forwards), frozenset())
        return frozenset().union(*(table.setdefault((middle, second, forwards), frozenset()) for middle in near))


def _is_a(thing: Node, owl_class: Node) -> ox.Triple:
    return ox.Triple(thing, RDF_TYPE, owl_class)
