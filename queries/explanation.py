"""Why a thing is in a class, as it is asked and as a curator reads it. The command line and the server call this.

In: a store, a thing and a class, each as an IRI or a CURIE. Out: an `Explanation`: the shortest proof, its steps in
words, and a document for programs.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import pyoxigraph as ox

from equipoise.graph.stated import classes_of, label_of, stated, stated_vocabulary
from equipoise.graph.store import Store
from equipoise.ontology.axioms import Axioms, read_axioms, with_article
from equipoise.ontology.errors import MembershipError, ParameterError, UnknownNameError
from equipoise.ontology.explain import Proof, explain
from equipoise.ontology.iri import curie, named_node
from equipoise.ontology.rdf import RDF_TYPE
from equipoise.ontology.terms import allowed_text

__all__ = ["Explanation", "Step", "explain_membership"]


@dataclass(frozen=True)
class Step:
    """A step of a proof in words: how deep it stands, what it says, and why that holds."""

    depth: int
    says: str
    why: str
    proof: Proof


@dataclass(frozen=True)
class Explanation:
    """The proof that a thing is in a class, with the labels of all it speaks of."""

    release: str
    thing: ox.NamedNode
    owl_class: ox.NamedNode
    proof: Proof
    axioms: Axioms
    labels: Mapping[str, str]

    def name(self, term: ox.NamedNode) -> str:
        """The label of a thing, or its CURIE."""
        return self.labels.get(term.value) or curie(term.value)

    def article(self, term: ox.NamedNode) -> str:
        """The indefinite article that goes with the name of a thing."""
        return with_article(self.name(term)).partition(" ")[0]

    def steps(self) -> list[Step]:
        """The steps, each followed by what it rests on."""
        return list(self._steps(self.proof, 0))

    def document(self) -> dict[str, Any]:
        """The explanation for programs: the proof as a tree, IRIs with labels."""
        return {
            "release": self.release,
            "thing": self._term(self.thing),
            "class": self._term(self.owl_class),
            "steps": self.proof.steps(),
            "proof": self._branch(self.proof),
        }

    def _steps(self, proof: Proof, depth: int) -> Iterator[Step]:
        yield Step(depth, self._says(proof), self._why(proof), proof)
        for step in proof.because:
            yield from self._steps(step, depth + 1)

    def _says(self, proof: Proof) -> str:
        subject, predicate, value = _parts(proof)
        if predicate == RDF_TYPE:
            return f"{self.name(subject)} is {with_article(self.name(value))}"
        return f"{self.name(subject)} → {self.name(predicate)} → {self.name(value)}"

    def _why(self, proof: Proof) -> str:
        if proof.axiom is not None:
            return f"{proof.rule}: {self.axioms.text(proof.axiom)}"
        return f"stated in {curie(proof.graph)}" if proof.graph else proof.rule

    def _branch(self, proof: Proof) -> dict[str, Any]:
        subject, predicate, value = _parts(proof)
        branch: dict[str, Any] = {
            "subject": self._term(subject),
            "predicate": self._term(predicate),
            "object": self._term(value),
            "rule": proof.rule,
        }
        if proof.axiom is not None:
            branch["axiom"] = self.axioms.text(proof.axiom)
        if proof.graph is not None:
            branch["graph"] = proof.graph
        return {**branch, "because": [self._branch(step) for step in proof.because]}

    def _term(self, term: ox.NamedNode) -> dict[str, str]:
        return {"iri": term.value, "label": self.name(term)}


def explain_membership(store: Store, thing: str, owl_class: str) -> Explanation:
    """Explain why a thing is in a class.

    Raises ParameterError for what is neither an IRI nor a CURIE, UnknownNameError for a thing or a class that the
    release does not know, MembershipError where the thing is not in the class.
    """
    subject, wanted = _iri("thing", thing), _iri("class", owl_class)
    axioms = read_axioms(stated_vocabulary(store))
    found = classes_of(store, subject)
    if not found:
        raise UnknownNameError("thing", found=f"nothing is known of {thing}", allowed="must be a thing of this release")
    if wanted.value not in axioms.classes:
        allowed = allowed_text(sorted(map(curie, axioms.classes)), curie(wanted.value))
        raise UnknownNameError("class", found=f"there is none called {owl_class!r}", allowed=allowed)
    proof = explain(ox.Triple(subject, RDF_TYPE, wanted), axioms, stated(store))
    if proof is None:
        where, named = curie(subject.value), ", ".join(map(curie, found))
        raise MembershipError(where, found=f"is not in {curie(wanted.value)}", allowed=f"it is in {named}")
    terms = {term for step in _all(proof) for term in _parts(step)}
    labels = {term.value: label for term in terms if (label := label_of(store, term))}
    return Explanation(store.release, subject, wanted, proof, axioms, labels)


def _iri(name: str, text: str) -> ox.NamedNode:
    node = named_node(text)
    if node is None:
        allowed = "must be an absolute http(s) IRI or a CURIE such as drug:camrelizumab"
        raise ParameterError(name, found=f"is {text!r}", allowed=allowed)
    return node


def _all(proof: Proof) -> Iterator[Proof]:
    yield proof
    for step in proof.because:
        yield from _all(step)


def _parts(proof: Proof) -> tuple[ox.NamedNode, ox.NamedNode, ox.NamedNode]:
    """Subject, predicate and object of a step. Steps about unnamed classes have been folded away."""
    subject, predicate, value = proof.statement.subject, proof.statement.predicate, proof.statement.object
    assert isinstance(subject, ox.NamedNode)
    assert isinstance(value, ox.NamedNode)
    return subject, predicate, value
