"""What stands behind each value of a page: where it was read, what the checks found, what other sources say.

In: the answers of the questions about a trial. Out: an `Evidence` for each value.
"""

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from equipoise.api.pages.disagreements import Disagreement, disagreements
from equipoise.ontology.iri import EQP

__all__ = ["Evidence", "Place", "gather_evidence", "is_failed"]

Answer = list[dict[str, Any]]


def is_failed(check: Mapping[str, Any]) -> bool:
    """Whether a check was not passed, is more than a remark, and has no explanation."""
    return check["severity"] in (EQP + "Error", EQP + "Warning") and not check["waiver"]


@dataclass(frozen=True)
class Place:
    """Where a value was read: the source, and the span where the text was at hand."""

    source: str
    title: str
    kind: str
    url: str | None
    section: str | None
    span: tuple[int, int] | None
    span_hash: str | None
    printed: tuple[str, ...]


@dataclass(frozen=True)
class Evidence:
    """What is known of one value: the places where it was read, what each check found, and what other sources say."""

    iri: str
    places: tuple[Place, ...] = ()
    checks: tuple[Mapping[str, Any], ...] = ()
    note: str | None = None
    disagreements: tuple[Disagreement, ...] = ()

    @property
    def failed(self) -> int:
        """How many checks the value fails without an explanation."""
        return sum(is_failed(check) for check in self.checks)

    @property
    def explained(self) -> int:
        """How many warnings about the value a curator has explained."""
        return sum(bool(check["waiver"]) for check in self.checks)


def gather_evidence(answers: Mapping[str, Answer]) -> dict[str, Evidence]:
    """Places and checks by the value they belong to; what is cited for a property of the trial, by that property."""
    trial = answers["design"][0]["trial"]
    printed: dict[tuple[str, str], list[str]] = defaultdict(list)
    first: dict[tuple[str, str], dict[str, Any]] = {}
    for row in answers["places"]:
        owner = row["cited_for"] if row["value"] == trial and row["cited_for"] else row["value"]
        key = (owner, row["citation"])
        first.setdefault(key, row)
        if row["printed"]:
            printed[key].append(row["printed"])
    places: dict[str, list[Place]] = defaultdict(list)
    for key, row in first.items():
        span = (row["start"], row["end"]) if row["span_hash"] else None
        place = Place(
            source=row["source"],
            title=row["source_title"],
            kind=row["source_kind"],
            url=row["url"],
            section=row["section"],
            span=span,
            span_hash=row["span_hash"],
            printed=tuple(printed[key]),
        )
        places[key[0]].append(place)
    checks: dict[str, list[dict[str, Any]]] = defaultdict(list)
    for row in answers["checks"]:
        checks[row["about"]].append(row)
    notes = {row["estimate"]: row["note"] for part in ("estimates", "baseline") for row in answers[part] if row["note"]}
    disputed: dict[str, list[Disagreement]] = defaultdict(list)
    for conflict in disagreements(answers["conflicts"]):
        disputed[conflict.property if conflict.thing == trial else conflict.thing].append(conflict)
    return {
        iri: Evidence(
            iri,
            tuple(sorted(places[iri], key=lambda place: place.span is None)),
            tuple(checks[iri]),
            notes.get(iri),
            tuple(disputed[iri]),
        )
        for iri in {*places, *checks, *disputed}
    }
