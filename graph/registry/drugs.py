"""The drugs that interventions of registry records name, by exact names.

In: an intervention's names, and the names of our drugs. Out: a drug of ours, and by which name it was found. Names are
compared without regard to case, blanks, hyphens and trade marks; a salt is left out of a name only where the vocabulary
names the drug without it. No part of a name is ever looked up.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from equipoise.graph.linking.names import key
from equipoise.ontology.iri import mint
from equipoise.ontology.rdf import SKOS, text_of
from equipoise.ontology.sssom import read_mappings
from equipoise.ontology.terms import load_terms, vocabulary

__all__ = ["Resolved", "drug_key", "drug_names", "resolve_drug"]

DRUGS = mint("drug", "")
MARKS = re.compile(r"[®™©℠]|\((?:R|TM)\)", re.IGNORECASE)
EXACT = SKOS + "exactMatch"


@dataclass(frozen=True)
class Resolved:
    """The local name of a drug, which names led to it (`name` or `other names`), and the first of them as printed."""

    drug: str
    by: str
    printed: str


@lru_cache(maxsize=1 << 15)
def drug_key(name: str) -> str:
    """The key of a drug's name."""
    return key(MARKS.sub("", name))


def drug_names(mappings: Sequence[Path] = ()) -> Mapping[str, str]:
    """The key of every name of our drugs, and the local name of the drug; names that two drugs share are left out.

    Our own labels and synonyms stand above the labels that mapping tables give for an exact match.
    """
    names: dict[str, set[str]] = {}
    for drug, name in (*_own_names(), *_hidden_names()):
        names.setdefault(drug_key(name), set()).add(drug)
    others: dict[str, set[str]] = {}
    for drug, name in _mapped_names(mappings):
        others.setdefault(drug_key(name), set()).add(drug)
    return {name: next(iter(drugs)) for name, drugs in {**others, **names}.items() if name and len(drugs) == 1}


def resolve_drug(name: str, others: Sequence[str], names: Mapping[str, str]) -> Resolved | None:
    """The one drug that an intervention's name stands for, or that all its other names stand for."""
    if drug := names.get(drug_key(name)):
        return Resolved(drug, "name", name)
    drugs = {names.get(drug_key(other)) for other in others}
    if len(drugs) == 1 and (drug := drugs.pop()):
        return Resolved(drug, "other names", others[0])
    return None


def _own_names() -> Iterator[tuple[str, str]]:
    for drug, term in load_terms().drugs.items():
        for name in (term.label, *term.synonyms):
            yield drug, name


def _hidden_names() -> Iterator[tuple[str, str]]:
    for triple in vocabulary():
        if triple.predicate.value == SKOS + "hiddenLabel":
            subject = text_of(triple.subject)
            if subject.startswith(DRUGS):
                yield subject.removeprefix(DRUGS), text_of(triple.object)


def _mapped_names(paths: Sequence[Path]) -> Iterator[tuple[str, str]]:
    for path in paths:
        for mapping in read_mappings(path).mappings:
            label = mapping.record.object_label
            if mapping.subject.startswith(DRUGS) and mapping.predicate == EXACT and not mapping.is_negative and label:
                yield mapping.subject.removeprefix(DRUGS), label
