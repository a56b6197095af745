"""Candidates by spelling: classes whose name is nearly one of ours, a letter or a word apart.

In: our terms and a lexicon. Out: evidence, never for an exact match. Names that differ in a number, in a pair such as
hyper- and hypo-, or as two non-proprietary names do, are not near, whatever their letters.
"""

from collections import defaultdict
from collections.abc import Iterable, Sequence

from rapidfuzz import process
from rapidfuzz.distance import Levenshtein

from equipoise.graph.linking.evidence import CLOSE, Evidence, Justification
from equipoise.graph.linking.lexicon import Lexicon, Scope
from equipoise.graph.linking.names import differ_in_meaning, is_short_form, key, words_key
from equipoise.graph.linking.subjects import Kind, Subject

__all__ = ["evidence_by_spelling"]

NEAR = 0.88
"""The share of letters that two names must have in common, in order."""

SHORTEST = 7
"""Letters below which one letter more or less makes another word."""

LONGER = 2
"""How many times as long as the longest of ours a name may be, blanks and small words included."""

MOST = 3
"""How many near names one of ours may have."""

WORTH = 0.6
STEPS = ("semapv:CaseNormalization", "semapv:DiacriticsSuppression", "semapv:LinkStripping", "semapv:RegexReplacement")


def evidence_by_spelling(subjects: Iterable[Subject], lexicon: Lexicon) -> dict[tuple[str, str], list[Evidence]]:
    """The evidence that near spellings give, by our term and the living class."""
    found: dict[tuple[str, str], list[Evidence]] = defaultdict(list)
    subjects = list(subjects)
    for chemical in (True, False):
        sought = [subject for subject in subjects if (subject.kind is Kind.DRUG) is chemical]
        if sought:
            _search(sought, lexicon, chemical, found)
    return found


def _search(
    subjects: Sequence[Subject], lexicon: Lexicon, chemical: bool, found: dict[tuple[str, str], list[Evidence]]
) -> None:
    spelled = key if chemical else words_key
    longest = LONGER * max(len(text) for subject in subjects for _, text in subject.names)
    names = [name for name in lexicon.names if name.scope in (Scope.LABEL, Scope.EXACT) and len(name.text) <= longest]
    keys = [spelled(name.text) for name in names]
    for subject in subjects:
        for field, text in subject.names:
            if len(text) < SHORTEST or is_short_form(text):
                continue
            near = process.extract(
                spelled(text), keys, scorer=Levenshtein.normalized_similarity, score_cutoff=NEAR, limit=None
            )
            good = [(names[place], similarity) for _, similarity, place in near if similarity < 1]
            good = [(name, score) for name, score in good if not differ_in_meaning(text, name.text)]
            for name, similarity in sorted(good, key=lambda pair: (-pair[1], pair[0]))[:MOST]:
                if living := lexicon.successor(name.iri):
                    says = f"{name.scope} {name.text!r} is spelled nearly as our {text!r}"
                    found[subject.iri, living].append(
                        Evidence(
                            CLOSE,
                            round(WORTH * similarity, 2),
                            Justification.SPELLING,
                            says,
                            "",
                            field,
                            name.property,
                            STEPS,
                            round(similarity, 3),
                        )
                    )
