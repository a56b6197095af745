"""From one registry record to the statements it makes: the modules of the record, each by its own mapper.

In: a study as the registry's API gives it, as Python values whose types are those of the registry's schema. Out: a
`MappedStudy`. A mapper takes (pops) from the study what it turns into statements; what is left at the end was not
mapped, and the coverage report says so, path by path. Pure: no files, clock or network; the same study always gives the
same lines.
"""

from dataclasses import dataclass
from typing import Any

from equipoise.graph.registry.lines import RecordLines

__all__ = ["MappedStudy", "Study", "map_study"]

Study = dict[str, Any]
"""A study as JSON gives it. Mapping it takes it apart."""


@dataclass(frozen=True)
class MappedStudy:
    """What one record became: its registry number, its statements, and what is left of the study after mapping."""

    nct: str
    lines: RecordLines
    left: Study


def map_study(study: Study) -> MappedStudy:
    """Map one study, taking it apart."""
    nct = study["protocolSection"]["identificationModule"]["nctId"]
    lines = RecordLines(nct)
    return MappedStudy(nct, lines, study)
