"""Candidates by name: classes that are called as one of our terms is, in some reading of the two names.

In: our terms and a lexicon. Out: evidence for each pair of a term and a class. Every name of the lexicon is looked at
once; only those whose key is one of ours are looked at closely.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace

from equipoise.graph.linking.evidence import (
    BROAD,
    CLOSE,
    EXACT,
    FIELD_SCORE,
    FOLDED,
    NARROW,
    READING_SCORE,
    SCOPE_SCORE,
    Evidence,
    Justification,
)
from equipoise.graph.linking.lexicon import Lexicon, Name, Scope
from equipoise.graph.linking.names import Reading, is_short_form, plain, readings
from equipoise.graph.linking.subjects import Kind, Subject

__all__ = ["evidence_by_name"]

SAME = {Reading.AS_IT_STANDS, Reading.LATIN, Reading.SINGULAR, Reading.REORDERED, Reading.OTHER_SALT_NAME}
"""The readings that leave the meaning of a name as it is."""

OF_PARENT = 0.6
OF_OBSOLETE = 0.85
SHORT_FORM = 0.7

LONGER = 3
"""How many times as long as the longest key that is looked for a name may be, with all that is taken away from it."""

PREPROCESSING = {
    Reading.AS_IT_STANDS: ("semapv:CaseNormalization", "semapv:BlankNormalisation"),
    Reading.LATIN: ("semapv:CaseNormalization", "semapv:Stemming"),
    Reading.SINGULAR: ("semapv:CaseNormalization", "semapv:Stemming"),
    Reading.REORDERED: ("semapv:CaseNormalization", "semapv:StopWordRemoval", "semapv:Tokenization"),
    Reading.OTHER_SALT_NAME: ("semapv:CaseNormalization", "semapv:RegexReplacement"),
    Reading.WITHOUT_SALT: ("semapv:CaseNormalization", "semapv:RegexRemoval"),
    Reading.WITHOUT_SUFFIX: ("semapv:CaseNormalization", "semapv:RegexRemoval"),
    Reading.WITHOUT_KIND: ("semapv:CaseNormalization", "semapv:StopWordRemoval", "semapv:Tokenization"),
}
FOLDING = ("semapv:DiacriticsSuppression", "semapv:LinkStripping", "semapv:RegexReplacement")


@dataclass(frozen=True)
class Wanted:
    """A key that is looked for: whose it is, the name it was made of, and the parent that has that name, if one has."""

    subject: Subject
    field: str
    text: str
    reading: Reading
    parent: Subject | None = None


def evidence_by_name(
    subjects: Iterable[Subject], lexicon: Lexicon, *, parents: Mapping[str, Subject]
) -> dict[tuple[str, str], list[Evidence]]:
    """The evidence that names give, by our term and the living class. `parents` holds the terms that ours name."""
    wanted = _wanted(subjects, parents)
    chemical = any(each.subject.kind is Kind.DRUG for sought in wanted.values() for each in sought)
    found: dict[tuple[str, str], list[Evidence]] = defaultdict(list)
    longest = LONGER * max(map(len, wanted), default=0)
    for name in lexicon.names:
        if len(name.text) > longest:
            continue
        local_name = name.iri[max(name.iri.rfind("/"), name.iri.rfind("#")) + 1 :]
        best: dict[tuple[str, str], Evidence] = {}
        for reading, key in readings(name.text, local_name=local_name, chemical=chemical):
            for each in wanted.get(key, ()):
                piece, pair = _evidence(each, name, reading), (each.subject.iri, each.text)
                if piece and (pair not in best or piece.order < best[pair].order):
                    best[pair] = piece
        if best and (living := lexicon.successor(name.iri)):
            for (subject, _), piece in best.items():
                found[subject, living].append(_of_living(piece, name, living))
    return found


def _wanted(subjects: Iterable[Subject], parents: Mapping[str, Subject]) -> Mapping[str, list[Wanted]]:
    wanted: dict[str, list[Wanted]] = defaultdict(list)
    for subject in subjects:
        chemical = subject.kind is Kind.DRUG
        for field, text in subject.names:
            for reading, key in readings(text, chemical=chemical):
                wanted[key].append(Wanted(subject, field, text, reading))
        for parent in _ancestors(subject, parents):
            for field, text in parent.names:
                for reading, key in readings(text, chemical=chemical):
                    if reading in SAME and not is_short_form(text):
                        wanted[key].append(Wanted(subject, field, text, reading, parent))
    return wanted


def _ancestors(subject: Subject, parents: Mapping[str, Subject]) -> Iterator[Subject]:
    seen, open_iris = {subject.iri}, list(subject.parents)
    while open_iris:
        iri = open_iris.pop()
        if iri not in seen and iri in parents:
            seen.add(iri)
            yield parents[iri]
            open_iris += parents[iri].parents


def _evidence(ours: Wanted, name: Name, theirs: Reading) -> Evidence | None:
    """What an equal key of one of our names and one of a class says; None if it says nothing."""
    predicate = _predicate(ours.reading, theirs)
    if predicate is None or (ours.parent and predicate != EXACT):
        return None
    same = plain(ours.text) == plain(name.text)
    score = SCOPE_SCORE[name.scope] * FIELD_SCORE[ours.field] * (1 if same else FOLDED)
    score *= min(READING_SCORE[ours.reading], READING_SCORE[theirs])
    says = f"{name.scope} {name.text!r}"
    says += " is our name" if same else f" is our {ours.text!r}"
    for whose, reading in (("ours", ours.reading), ("theirs", theirs)):
        says += f", {whose} {reading}" if reading is not Reading.AS_IT_STANDS else ""
    if predicate in (BROAD, NARROW):
        says += ": another form of the substance"
    if name.scope is not Scope.LABEL and predicate == EXACT:
        predicate = {Scope.EXACT: EXACT, Scope.BROAD: NARROW, Scope.NARROW: BROAD, Scope.RELATED: CLOSE}[name.scope]
    if predicate == EXACT and is_short_form(ours.text):
        predicate, score, says = CLOSE, score * SHORT_FORM, f"{says}, an abbreviation"
    if ours.parent and predicate == EXACT:
        relation = "what ours is a salt or hydrate of" if ours.subject.base == ours.parent.iri else "broader than ours"
        predicate, score, says = BROAD, score * OF_PARENT, f"{says}, that of {ours.parent.label}, {relation}"
    elif ours.parent:
        return None
    folding = () if same else FOLDING
    steps = tuple(dict.fromkeys((*PREPROCESSING[ours.reading], *PREPROCESSING[theirs], *folding)))
    return Evidence(predicate, score, Justification.NAME, says, plain(ours.text), ours.field, name.property, steps)


def _predicate(ours: Reading, theirs: Reading) -> str | None:
    """What two readings allow to be said of what they name, at most."""
    if ours in SAME and theirs in SAME:
        return EXACT
    if ours is Reading.WITHOUT_SALT or theirs is Reading.WITHOUT_SALT:
        if ours in SAME:
            return NARROW
        return BROAD if theirs in SAME else None
    return CLOSE


def _of_living(piece: Evidence, name: Name, living: str) -> Evidence:
    """The evidence for the class that took the place of a deprecated one, or the evidence as it is."""
    if living == name.iri:
        return piece
    predicate = CLOSE if piece.predicate == EXACT else piece.predicate
    says = f"{piece.reason}, of the deprecated {name.iri}, which it replaced"
    return replace(piece, predicate=predicate, score=piece.score * OF_OBSOLETE, reason=says)
