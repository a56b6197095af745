"""What the names in registry records may stand for: drugs, conditions and outcomes of ours, by exact names only.

In: the vocabulary and its tables of mappings. Out: `Names`. A name that two things share stands for neither.
"""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from pathlib import Path

import yaml

from equipoise.graph.registry.drugs import drug_names
from equipoise.ontology.terms import load_terms

__all__ = ["Names", "load_names", "wording"]

BLANKS = re.compile(r"[\s\-‐-―]+")


@dataclass(frozen=True)
class Names:
    """Keys of names, and the local names of what they stand for: drugs by `drug_key`, conditions by casefolded name,
    outcomes by `wording`.
    """

    drugs: Mapping[str, str]
    conditions: Mapping[str, str]
    outcomes: Mapping[str, str]


def wording(measure: str) -> str:
    """A measure as wordings are compared: small letters, single blanks, no hyphens, no full stop at the end."""
    return BLANKS.sub(" ", measure).strip(" .:").casefold()


@cache
def load_names(mappings: tuple[Path, ...] = ()) -> Names:
    """The names of the vocabulary; `mappings` are the tables whose labels of drugs count too."""
    conditions = (
        (name.casefold(), term.name)
        for term in load_terms().schemes["ConditionScheme"].values()
        for name in (term.label, *term.synonyms)
    )
    raw = yaml.safe_load((files("equipoise.graph.registry") / "outcomes.yaml").read_text(encoding="utf-8"))
    outcomes = ((wording(text), concept) for concept, texts in raw.items() for text in texts)
    return Names(drug_names(mappings), unambiguous(conditions), unambiguous(outcomes))


def unambiguous(pairs: Iterable[tuple[str, str]]) -> dict[str, str]:
    """The keys that lead to one thing only."""
    found: dict[str, set[str]] = {}
    for key, thing in pairs:
        found.setdefault(key, set()).add(thing)
    return {key: next(iter(things)) for key, things in found.items() if len(things) == 1}
