"""The checks of a figure against what other sources give in its place: C26 to C28."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace

import pyoxigraph as ox

from equipoise.graph.audit.figure import Figure, rows_of
from equipoise.graph.audit.finding import Finding, found
from equipoise.graph.printed import PrintedNumber, parse_number
from equipoise.graph.statistics.readings import check_not_inverted, check_readings_agree, check_same_unit
from equipoise.ontology.iri import EQP

__all__ = ["Reading", "check_readings", "load_readings"]


@dataclass(frozen=True)
class Reading:
    """What a source gives in place of a number of a figure (`value`, `lower` or `upper`), and why not."""

    figure: str
    part: str
    iri: str
    number: PrintedNumber
    reason: str


def load_readings(store: ox.Store) -> list[Reading]:
    """Every alternative reading of a number of an estimate or a contrast."""
    return [
        Reading(
            figure=row["figure"],
            part=row["property"].removeprefix(EQP),
            iri=row["reading"],
            number=parse_number(row["printed"]),
            reason=row["reason"],
        )
        for row in rows_of(store, "readings")
    ]


def check_readings(figures: Iterable[Figure], readings: Iterable[Reading]) -> Iterator[Finding]:
    """Compare each reading with the figure's own number. The reason for the preferred one is the waiver."""
    known = {figure.iri: figure for figure in figures}
    for reading in readings:
        figure = known.get(reading.figure)
        preferred: PrintedNumber | None = getattr(figure, reading.part, None)
        if figure and preferred:
            for finding in _compare(figure, preferred, reading):
                yield replace(finding, waiver=reading.reason) if finding.verdict.severity else finding


def _compare(figure: Figure, preferred: PrintedNumber, reading: Reading) -> Iterator[Finding]:
    yield from found(figure.iri, "C26", check_readings_agree(preferred, reading.number), reading.iri)
    yield from found(figure.iri, "C27", check_same_unit(preferred, reading.number), reading.iri)
    if figure.is_ratio and reading.part == "value":
        yield from found(figure.iri, "C28", check_not_inverted(preferred, reading.number), reading.iri)
