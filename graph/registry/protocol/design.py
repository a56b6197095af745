"""How a study is made: its type, phase, allocation, masking, models, oversight and number of participants.

In: the design, oversight and description modules. Out: the class of the study, and statements on it.
"""

from equipoise.graph.registry.lines import RecordLines
from equipoise.graph.registry.stating import Node, code_of, state_code, state_codes, state_flags, state_texts

__all__ = ["map_description", "map_design", "map_oversight"]

CODES = {
    "allocation": ("allocation", "DesignAllocation"),
    "interventionModel": ("interventionModel", "InterventionalAssignment"),
    "primaryPurpose": ("primaryPurpose", "PrimaryPurpose"),
    "observationalModel": ("observationalModel", "ObservationalModel"),
    "timePerspective": ("timePerspective", "DesignTimePerspective"),
}
MASKING = {"masking": ("masking", "DesignMasking"), "whoMasked": ("maskedParty", "WhoMasked")}
OVERSIGHT = {
    "oversightHasDmc": "hasMonitoringCommittee",
    "isFdaRegulatedDrug": "isFDARegulatedDrug",
    "isFdaRegulatedDevice": "isFDARegulatedDevice",
    "isUnapprovedDevice": "isUnapprovedDevice",
    "isPpsd": "isPediatricPostmarketSurveillance",
    "isUsExport": "isExportedFromUS",
    "fdaaa801Violation": "fdaViolation",
}
ACCESS_KINDS = ("individual", "intermediate", "treatment")


def map_design(module: Node, lines: RecordLines) -> None:
    """Type and design."""
    trial = lines.trial
    lines.thing(trial, code_of(module, "studyType", "StudyType") or "Study")
    state_code(lines, trial, module, "phases", name="phase", listed="Phase")
    state_flags(lines, trial, module, {"patientRegistry": "patientRegistry"})
    state_texts(lines, trial, module, {"targetDuration": "targetDuration"})
    if (count := module.pop("nPtrsToThisExpAccNctId", None)) is not None:
        lines.number(trial, "programCount", count)
    if kinds := module.get("expandedAccessTypes"):
        for kind in ACCESS_KINDS:
            if kinds.get(kind) is True:
                lines.text(trial, "expandedAccessKind", kind)
                del kinds[kind]
    if info := module.get("designInfo"):
        state_codes(lines, trial, info, CODES)
        state_texts(lines, trial, info, {"interventionModelDescription": "modelText"})
        if masking := info.get("maskingInfo"):
            state_codes(lines, trial, masking, MASKING)
            state_texts(lines, trial, masking, {"maskingDescription": "maskingText"})
    if samples := module.get("bioSpec"):
        state_texts(
            lines, trial, samples, {"retention": "biospecimenRetention", "description": "biospecimenDescription"}
        )
    if enrollment := module.get("enrollmentInfo"):
        if (count := enrollment.pop("count", None)) is not None:
            lines.number(trial, "enrollment", count)
        state_codes(lines, trial, enrollment, {"type": ("actualOrEstimated", "DateType")})
    lines.cite(trial, "/protocolSection/designModule")


def map_oversight(module: Node, lines: RecordLines) -> None:
    """Who watches over the study."""
    state_flags(lines, lines.trial, module, OVERSIGHT)
    lines.cite(lines.trial, "/protocolSection/oversightModule")


def map_description(module: Node, lines: RecordLines) -> None:
    """The texts that describe the study."""
    texts = {"briefSummary": "briefSummary", "detailedDescription": "detailedDescription"}
    state_texts(lines, lines.trial, module, texts)
    lines.cite(lines.trial, "/protocolSection/descriptionModule")
