"""Propose links: which classes of an ontology one of our terms may be linked to, why, and by which predicate.

In: our terms, the ontology's lexicon, and what is already stated. Out: candidates in a fixed order, for a curator to
judge. Nothing is asked of the network, and nothing is decided: the same input gives the same candidates.

An exact match is proposed for one class only: where several are called alike, or two of our terms claim one class, all
but the best become close. Near spellings are looked for only where names found nothing.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from itertools import chain

from equipoise.graph.linking.by_identifier import evidence_by_identifier
from equipoise.graph.linking.by_name import evidence_by_name
from equipoise.graph.linking.by_spelling import evidence_by_spelling
from equipoise.graph.linking.evidence import CLOSE, EXACT, Candidate, Evidence, candidate_of
from equipoise.graph.linking.lexicon import Lexicon
from equipoise.graph.linking.links import Link, settled_pairs
from equipoise.graph.linking.subjects import Subject

__all__ = ["propose"]

OTHER_CLASS = 0.7
"""What is left of a candidate's confidence when another class has the better claim."""


def propose(
    subjects: Sequence[Subject], lexicon: Lexicon, *, links: Sequence[Link] = (), terms: Iterable[Subject] = ()
) -> list[Candidate]:
    """The candidates for our terms, best first within a term.

    `links` are what is stated already, here or by a curator: pairs in them are not proposed again, nor anything for a
    term that has a living exact match in this ontology; but what was only guessed by a name is proposed as exact where
    the class bears it out. `terms` are all terms of ours, for the broader of these.
    """
    parents = {subject.iri: subject for subject in (*terms, *subjects)}
    settled, guessed = settled_pairs(links), {(link.subject, link.object) for link in links if link.unverified}
    linked = {link.subject for link in links if _holds(link, lexicon)}
    open_subjects = [subject for subject in subjects if subject.iri not in linked]
    found = _merged(evidence_by_name(open_subjects, lexicon, parents=parents), evidence_by_identifier(links, lexicon))
    candidates = _one_claim_each(
        candidate
        for subject in open_subjects
        for candidate in _of_subject(subject, found.get(subject.iri, {}), lexicon)
        if (subject.iri, candidate.iri) not in settled
    )
    without = {subject.iri: subject for subject in open_subjects}
    for candidate in candidates:
        if candidate.predicate in (EXACT, CLOSE):
            without.pop(candidate.subject.iri, None)
    near = _merged(evidence_by_spelling(without.values(), lexicon))
    candidates += [
        candidate_of(without[iri], target, lexicon.labels.get(target, ""), pieces)
        for iri, targets in near.items()
        for target, pieces in targets.items()
        if (iri, target) not in settled and target not in found.get(iri, {})
    ]
    new = [each for each in candidates if each.predicate == EXACT or (each.subject.iri, each.iri) not in guessed]
    return sorted(new, key=lambda each: (each.subject.iri, -each.confidence, each.predicate, each.iri))


def _holds(link: Link, lexicon: Lexicon) -> bool:
    """Whether a link is an exact match to a living class of this ontology."""
    return lexicon.has_living(link.object) and link.predicate == EXACT and not link.negated


def _merged(*found: Mapping[tuple[str, str], list[Evidence]]) -> dict[str, dict[str, list[Evidence]]]:
    merged: dict[str, dict[str, list[Evidence]]] = defaultdict(lambda: defaultdict(list))
    for (subject, target), pieces in chain.from_iterable(each.items() for each in found):
        merged[subject][target] += pieces
    return merged


def _of_subject(subject: Subject, found: Mapping[str, list[Evidence]], lexicon: Lexicon) -> list[Candidate]:
    """The candidates of one term: one exact match, and what else is called so; without it, everything found."""
    candidates = [
        candidate_of(subject, target, lexicon.labels.get(target, ""), pieces) for target, pieces in found.items()
    ]
    exact = sorted(
        (candidate for candidate in candidates if candidate.predicate == EXACT),
        key=lambda each: (-each.confidence, each.iri),
    )
    if not exact:
        return candidates
    best, *others = exact
    tied = [other for other in others if other.confidence == best.confidence]
    if tied:
        remark = f"{len(tied) + 1} classes have an equal claim"
        return [each.weakened(CLOSE, OTHER_CLASS, remark) for each in exact]
    remark = f"{best.iri} has the better claim"
    return [best, *(other.weakened(CLOSE, OTHER_CLASS, remark) for other in others)]


def _one_claim_each(proposed: Iterable[Candidate]) -> list[Candidate]:
    """Leave a class as the exact match of one of our terms only: that with the better claim, or of none."""
    candidates = list(proposed)
    claims: dict[str, list[Candidate]] = defaultdict(list)
    for candidate in candidates:
        if candidate.predicate == EXACT:
            claims[candidate.iri].append(candidate)
    kept = []
    for candidate in candidates:
        rivals = [other for other in claims[candidate.iri] if other is not candidate]
        if candidate.predicate == EXACT and any(other.confidence >= candidate.confidence for other in rivals):
            labels = ", ".join(sorted(other.subject.label for other in rivals))
            kept.append(candidate.weakened(CLOSE, OTHER_CLASS, f"it is claimed for {labels} too"))
        else:
            kept.append(candidate)
    return kept
