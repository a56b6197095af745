"""What mapping sets of others say about our terms: directly, or through one exact step.

In: links of others, and ours. Out: proposals for a curator. A set says something about our term if it names the term,
or a class that we match exactly: ours → MONDO exactly, MONDO → NCIt as the set has it. A link that we have, that was
rejected, or that contradicts an exact match of ours in the same system, is not proposed.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence

from equipoise.graph.linking.evidence import (
    BROAD,
    CLOSE,
    EXACT,
    NARROW,
    Candidate,
    Evidence,
    Justification,
    candidate_of,
)
from equipoise.graph.linking.identity import system_of
from equipoise.graph.linking.links import Link, settled_pairs
from equipoise.graph.linking.subjects import Subject
from equipoise.ontology.iri import BASE, curie
from equipoise.ontology.rdf import SKOS

__all__ = ["adopt"]

RELATED = SKOS + "relatedMatch"
INVERSE = {EXACT: EXACT, CLOSE: CLOSE, RELATED: RELATED, BROAD: NARROW, NARROW: BROAD}

DIRECT, THROUGH_ONE = 0.9, 0.85


def adopt(theirs: Iterable[Link], *, ours: Sequence[Link], terms: Iterable[Subject]) -> list[Candidate]:
    """The proposals that links of others lead to, by our term and target."""
    known = {term.iri: term for term in terms}
    steps = _exact_steps(ours)
    settled = settled_pairs(ours)
    taken = {(link.subject, system_of(link.object)) for link in ours if link.predicate == EXACT and not link.negated}
    found: dict[tuple[str, str], list[Evidence]] = defaultdict(list)
    labels: dict[str, str] = {}
    for link in theirs:
        for subject, target, label, piece in _ways(link, steps):
            exact_elsewhere = piece.predicate == EXACT and (subject, system_of(target)) in taken
            if subject in known and (subject, target) not in settled and not exact_elsewhere:
                found[subject, target].append(piece)
                labels.setdefault(target, label)
    candidates = [
        candidate_of(known[subject], target, labels[target], pieces) for (subject, target), pieces in found.items()
    ]
    return sorted(candidates, key=lambda each: (each.subject.iri, -each.confidence, each.iri))


def _exact_steps(ours: Iterable[Link]) -> Mapping[str, list[Link]]:
    steps: dict[str, list[Link]] = defaultdict(list)
    for link in ours:
        if link.predicate == EXACT and not link.negated:
            steps[link.object].append(link)
    return steps


def _ways(link: Link, steps: Mapping[str, list[Link]]) -> Iterator[tuple[str, str, str, Evidence]]:
    """Our terms that a link of others says something about, with the target, its label, and what it is worth."""
    if link.negated or link.predicate not in INVERSE:
        return
    for here, there, label, predicate in (
        (link.subject, link.object, link.object_label, link.predicate),
        (link.object, link.subject, link.subject_label, INVERSE[link.predicate]),
    ):
        if there.startswith(BASE):
            continue
        if here.startswith(BASE):
            says = f"stated at {link.place}"
            yield here, there, label, Evidence(predicate, DIRECT, Justification.IDENTIFIER, says)
        for step in steps.get(here, ()):
            says = f"we match {curie(here)} exactly, which {link.place} links to {curie(there)}"
            allowed = predicate
            if predicate == EXACT and len(steps[here]) > 1:
                allowed, says = CLOSE, f"{says}; {len(steps[here])} of our terms match {curie(here)}"
            yield step.subject, there, label, Evidence(allowed, THROUGH_ONE, Justification.CHAIN, says, curie(here))
