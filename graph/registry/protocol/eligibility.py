"""Who may enter a study: age, sex and health as values, the criteria as text.

In: the eligibility module. Out: statements on the study. The text is not taken apart into criteria.
"""

import re
from decimal import Decimal

from equipoise.graph.registry.lines import RecordLines
from equipoise.graph.registry.stating import Node, state_codes, state_flags, state_texts

__all__ = ["map_eligibility"]

AGE = re.compile(r"(\d+) (Year|Month|Week|Day|Hour|Minute)s?", re.ASCII)
UNITS = {"Year": "a", "Month": "mo", "Week": "wk", "Day": "d", "Hour": "h", "Minute": "min"}
"""The words of the registry for units of age, as UCUM codes."""
CODES = {
    "sex": ("eligibleSex", "Sex"),
    "stdAges": ("eligibleAgeGroup", "StandardAge"),
    "samplingMethod": ("samplingMethod", "SamplingMethod"),
}
TEXTS = {
    "eligibilityCriteria": "eligibilityText",
    "genderDescription": "genderText",
    "studyPopulation": "studyPopulation",
}
FLAGS = {"healthyVolunteers": "healthyVolunteers", "genderBased": "genderBased"}


def map_eligibility(module: Node, lines: RecordLines) -> None:
    """Who may enter."""
    for key in ("minimumAge", "maximumAge"):
        if (printed := module.pop(key, None)) is not None:
            lines.text(lines.trial, f"{key}Printed", printed)
            if age := AGE.fullmatch(printed):
                lines.number(lines.trial, key, Decimal(age[1]))
                lines.text(lines.trial, f"{key}Unit", UNITS[age[2]])
    state_codes(lines, lines.trial, module, CODES)
    state_texts(lines, lines.trial, module, TEXTS)
    state_flags(lines, lines.trial, module, FLAGS)
    lines.cite(lines.trial, "/protocolSection/eligibilityModule")
