"""Our terms as they are to be linked: drugs, conditions and adverse events, with every name they have.

In: the store of a release. Out: a `Subject` for each term of one kind, in the order of their IRIs.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from importlib.resources import files

from equipoise.graph.store import Bindings, Store
from equipoise.ontology.iri import EQP
from equipoise.ontology.rdf import SKOS

__all__ = ["Kind", "Subject", "all_subjects", "subjects"]

NAMES = (SKOS + "prefLabel", SKOS + "altLabel", SKOS + "notation")
PARENTS = (EQP + "saltOf", SKOS + "broader")


class Kind(StrEnum):
    """The kinds of our terms that are linked."""

    DRUG = "drug"
    CONDITION = "condition"
    EVENT = "event"


@dataclass(frozen=True)
class Subject:
    """One of our terms: its names with the property each stands in, the label first, and its base or broader terms."""

    iri: str
    kind: Kind
    names: tuple[tuple[str, str], ...]
    definition: str = ""
    parents: tuple[str, ...] = ()
    base: str | None = None

    @property
    def label(self) -> str:
        """The preferred label, or the IRI where there is none."""
        return next((text for of, text in self.names if of == NAMES[0]), self.iri)


def subjects(store: Store, kind: Kind) -> list[Subject]:
    """Our terms of one kind."""
    return [subject for subject in all_subjects(store) if subject.kind is kind]


def all_subjects(store: Store) -> list[Subject]:
    """Our terms of every kind."""
    answer = store.query((files("equipoise.graph.linking") / "subjects.rq").read_text(encoding="utf-8"))
    assert isinstance(answer, Bindings)
    values: dict[tuple[str, str], list[tuple[str, str]]] = {}
    for row in answer.solutions[1]:
        pair = (row["property"].value, row["value"].value)
        values.setdefault((row["term"].value, row["kind"].value), []).append(pair)
    return [_subject(iri, Kind(kind), pairs) for (iri, kind), pairs in sorted(values.items())]


def _subject(iri: str, kind: Kind, pairs: Sequence[tuple[str, str]]) -> Subject:
    return Subject(
        iri,
        kind,
        names=tuple((of, text) for name in NAMES for of, text in pairs if of == name),
        definition=next((text for of, text in pairs if of == SKOS + "definition"), ""),
        parents=tuple(sorted({text for of, text in pairs if of in PARENTS})),
        base=next((text for of, text in pairs if of == EQP + "saltOf"), None),
    )
