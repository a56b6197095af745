"""What speaks for a link: one piece of evidence, and the candidate that all pieces for one class make.

In: how a name, an identifier or a spelling agrees. Out: values; nothing here reads a store. Scores are the estimated
share of such links that a curator would accept; the decision on linking says where each comes from.
"""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from enum import StrEnum

from equipoise.graph.linking.lexicon import Scope
from equipoise.graph.linking.links import CLOSE, EXACT
from equipoise.graph.linking.names import Reading
from equipoise.graph.linking.subjects import Subject
from equipoise.ontology.rdf import SKOS

__all__ = ["BROAD", "CLOSE", "EXACT", "NARROW", "Candidate", "Evidence", "Justification", "candidate_of"]

BROAD, NARROW = SKOS + "broadMatch", SKOS + "narrowMatch"

STRENGTH = (EXACT, CLOSE, BROAD, NARROW)
"""Which predicate is asked for first, where two pieces of evidence ask for different ones."""

SCOPE_SCORE = {Scope.LABEL: 0.95, Scope.EXACT: 0.9, Scope.NARROW: 0.55, Scope.BROAD: 0.55, Scope.RELATED: 0.6}
FIELD_SCORE = {SKOS + "prefLabel": 1.0, SKOS + "altLabel": 0.97, SKOS + "notation": 0.9}
READING_SCORE = {
    Reading.AS_IT_STANDS: 1.0,
    Reading.LATIN: 0.97,
    Reading.SINGULAR: 0.95,
    Reading.REORDERED: 0.95,
    Reading.OTHER_SALT_NAME: 0.95,
    Reading.WITHOUT_KIND: 0.75,
    Reading.WITHOUT_SALT: 0.6,
    Reading.WITHOUT_SUFFIX: 0.6,
}
FOLDED = 0.98
"""What a difference in letters' case is not, but one in accents, hyphens or British spelling is worth."""

AGREEING = 0.02
"""What a second kind of evidence, an identifier beside a name, adds."""

HIGHEST = 0.99


class Justification(StrEnum):
    """How a candidate was found, in the terms of the Semantic Mapping Vocabulary."""

    NAME = "semapv:LexicalMatching"
    SPELLING = "semapv:LexicalSimilarityThresholdMatching"
    IDENTIFIER = "semapv:BackgroundKnowledgeBasedMatching"
    CHAIN = "semapv:MappingChaining"
    BOTH = "semapv:CompositeMatching"


@dataclass(frozen=True)
class Evidence:
    """One thing that speaks for a link, the predicate that it allows, and why, in words.

    Fields are the properties in which a name stood; the similarity is that of two spellings, from 0 to 1.
    """

    predicate: str
    score: float
    justification: Justification
    reason: str
    match: str = ""
    subject_field: str = ""
    object_field: str = ""
    preprocessing: tuple[str, ...] = ()
    similarity: float | None = None

    @property
    def order(self) -> tuple[int, float, str]:
        """Stronger predicates first, then higher scores."""
        return STRENGTH.index(self.predicate), -self.score, self.reason


@dataclass(frozen=True)
class Candidate:
    """A class that one of our terms may be linked to, with all that speaks for it, strongest first."""

    subject: Subject
    iri: str
    label: str
    predicate: str
    confidence: float
    evidence: tuple[Evidence, ...]
    remark: str = ""

    @property
    def justification(self) -> Justification:
        """How it was found; by a name and by an identifier is composite."""
        found = {piece.justification for piece in self.evidence}
        if Justification.NAME in found and found & {Justification.IDENTIFIER, Justification.CHAIN}:
            return Justification.BOTH
        return self.evidence[0].justification

    @property
    def reason(self) -> str:
        """All reasons, strongest first, each once."""
        reasons = dict.fromkeys(piece.reason for piece in self.evidence)
        return "; ".join([*reasons, *([self.remark] if self.remark else [])])

    def weakened(self, predicate: str, factor: float, remark: str) -> "Candidate":
        """The candidate with a weaker predicate, and why."""
        return replace(self, predicate=predicate, confidence=round(self.confidence * factor, 2), remark=remark)


def candidate_of(subject: Subject, iri: str, label: str, pieces: Iterable[Evidence]) -> Candidate:
    """The candidate that pieces of evidence make: the predicate of the strongest, the highest of its scores."""
    ordered = tuple(sorted(set(pieces), key=lambda piece: piece.order))
    predicate = ordered[0].predicate
    confidence = max(piece.score for piece in ordered if piece.predicate == predicate)
    candidate = Candidate(subject, iri, label, predicate, round(confidence, 2), ordered)
    if candidate.justification is Justification.BOTH:
        return replace(candidate, confidence=round(min(HIGHEST, confidence + AGREEING), 2))
    return candidate
