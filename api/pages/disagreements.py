"""Where sources disagree, as a page shows it.

In: the rows of the question `conflicts`. Out: a `Disagreement` for each conflict set, its readings with their sources.
"""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

__all__ = ["Disagreement", "OtherReading", "disagreements"]


@dataclass(frozen=True)
class OtherReading:
    """What sources give in place of a preferred value, with the rows of those sources."""

    iri: str
    text: str
    sources: tuple[Mapping[str, Any], ...]


@dataclass(frozen=True)
class Disagreement:
    """Sources that disagree about a property of a thing: the preferred value, why, and the other readings."""

    iri: str
    thing: str
    label: str
    property: str
    name: str
    preferred: str
    because: str
    readings: tuple[OtherReading, ...]


def disagreements(rows: Sequence[Mapping[str, Any]]) -> tuple[Disagreement, ...]:
    """One entry a conflict set, its readings with their sources."""
    sets: dict[str, list[Mapping[str, Any]]] = defaultdict(list)
    for row in rows:
        sets[row["conflict"]].append(row)
    return tuple(_disagreement(iri, members) for iri, members in sets.items())


def _disagreement(iri: str, rows: Sequence[Mapping[str, Any]]) -> Disagreement:
    sources: dict[tuple[str, str], dict[str, Mapping[str, Any]]] = defaultdict(dict)
    for row in rows:
        sources[row["reading"], row["read"]][row["source"]] = row
    return Disagreement(
        iri=iri,
        thing=rows[0]["thing"],
        label=rows[0]["thing_label"],
        property=rows[0]["property"],
        name=rows[0]["property_label"].removeprefix("has "),
        preferred="; ".join(dict.fromkeys(row["preferred"] for row in rows)),
        because=rows[0]["preferred_because"],
        readings=tuple(OtherReading(*reading, tuple(found.values())) for reading, found in sources.items()),
    )
