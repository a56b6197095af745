"""How far a study is: its recruitment status and every date, each with whether it has come to pass.

In: the status module. Out: statements on the study.
"""

import re

from equipoise.graph.registry.lines import RecordLines
from equipoise.graph.registry.stating import Node, state_codes, state_dates, state_flags, state_texts
from equipoise.ontology.iri import mint

__all__ = ["REGISTRY_NUMBER", "map_status"]

POINTER = "/protocolSection/statusModule"
REGISTRY_NUMBER = re.compile(r"NCT\d{8}", re.ASCII)
CODES = {"overallStatus": ("registryStatus", "Status"), "lastKnownStatus": ("lastKnownStatus", "Status")}
FLAGS = {"delayedPosting": "postingDelayed", "resultsWaived": "resultsWaived"}
DATES = {
    "statusVerifiedDate": "verified",
    "studyFirstSubmitDate": "firstSubmitted",
    "studyFirstSubmitQcDate": "qualityChecked",
    "resultsFirstSubmitDate": "resultsFirstSubmitted",
    "resultsFirstSubmitQcDate": "resultsQualityChecked",
    "dispFirstSubmitDate": "certificationFirstSubmitted",
    "dispFirstSubmitQcDate": "certificationQualityChecked",
    "lastUpdateSubmitDate": "lastUpdateSubmitted",
}
STRUCTS = {
    "startDateStruct": ("startDate", "startDateKind"),
    "primaryCompletionDateStruct": ("primaryCompletionDate", "primaryCompletionDateKind"),
    "completionDateStruct": ("completionDate", "completionDateKind"),
    "studyFirstPostDateStruct": ("firstPosted", "firstPostDateKind"),
    "resultsFirstPostDateStruct": ("resultsFirstPosted", "resultsPostDateKind"),
    "dispFirstPostDateStruct": ("certificationFirstPosted", "certificationPostDateKind"),
    "lastUpdatePostDateStruct": ("lastUpdatePosted", "lastDateKind"),
}
"""The keys of dates that have a type beside them: the property of the date, and of its kind."""


def map_status(module: Node, lines: RecordLines) -> None:
    """Status and dates."""
    trial = lines.trial
    state_codes(lines, trial, module, CODES)
    state_texts(lines, trial, module, {"whyStopped": "whyStopped"})
    state_flags(lines, trial, module, FLAGS)
    state_dates(lines, trial, module, DATES)
    for key, (date, kind) in STRUCTS.items():
        if struct := module.get(key):
            state_dates(lines, trial, struct, {"date": date})
            state_codes(lines, trial, struct, {"type": (kind, "DateType")})
    if access := module.get("expandedAccessInfo"):
        state_flags(lines, trial, access, {"hasExpandedAccess": "hasExpandedAccess"})
        state_texts(lines, trial, access, {"statusForNctId": "expandedAccessStatus"})
        if REGISTRY_NUMBER.fullmatch(access.get("nctId", "")):
            lines.link(trial, "expandedAccess", mint("trial", access.pop("nctId")))
    lines.cite(trial, POINTER)
