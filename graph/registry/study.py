"""From one registry record to the statements it makes: the modules of the record, each by its own mapper.

In: a study as the registry's API gives it, as Python values whose types are those of the registry's schema
(`check_study`). Out: a `MappedStudy`. A mapper takes (pops) from the study what it turns into statements; what is left
at the end was not mapped, and the coverage report says so, path by path. Pure: no files, clock or network; the same
study always gives the same lines.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from equipoise.graph.registry.lines import RecordLines
from equipoise.graph.registry.names import Names
from equipoise.graph.registry.protocol.arms import GivenArm, map_arms
from equipoise.graph.registry.protocol.browse import map_annotations, map_derived
from equipoise.graph.registry.protocol.conditions import map_conditions
from equipoise.graph.registry.protocol.design import map_description, map_design, map_oversight
from equipoise.graph.registry.protocol.documents import map_documents
from equipoise.graph.registry.protocol.eligibility import map_eligibility
from equipoise.graph.registry.protocol.identity import map_identity
from equipoise.graph.registry.protocol.outcomes import map_outcomes
from equipoise.graph.registry.protocol.places import map_places
from equipoise.graph.registry.protocol.references import map_references, map_sharing
from equipoise.graph.registry.protocol.sponsors import map_sponsors
from equipoise.graph.registry.protocol.status import map_status
from equipoise.graph.registry.results import RecordArm, map_results
from equipoise.graph.registry.source import state_source

__all__ = ["MappedStudy", "Study", "map_study"]

Study = dict[str, Any]
"""A study as JSON gives it. Mapping it takes it apart."""

MODULES: Mapping[str, Callable[[Study, RecordLines], None]] = {
    "identificationModule": map_identity,
    "statusModule": map_status,
    "sponsorCollaboratorsModule": map_sponsors,
    "oversightModule": map_oversight,
    "descriptionModule": map_description,
    "eligibilityModule": map_eligibility,
    "contactsLocationsModule": map_places,
    "referencesModule": map_references,
    "ipdSharingStatementModule": map_sharing,
}
"""The modules of the protocol section whose mappers need nothing but themselves."""

SECTIONS: Mapping[str, Callable[[Study, RecordLines], None]] = {
    "derivedSection": map_derived,
    "annotationSection": map_annotations,
    "documentSection": map_documents,
}


@dataclass(frozen=True)
class MappedStudy:
    """What one record became: its registry number, its statements, the arms of the trial, and what is left of the study
    after mapping.
    """

    nct: str
    lines: RecordLines
    arms: tuple[GivenArm, ...]
    left: Study


def map_study(study: Study, *, names: Names, content_hash: str) -> MappedStudy:
    """Map one study, taking it apart. `content_hash` is the SHA-256 of the record's bytes, in hexadecimal."""
    protocol = study["protocolSection"]
    lines = RecordLines(protocol["identificationModule"]["nctId"])
    state_source(protocol, lines, content_hash=content_hash)
    design, groups = protocol.get("designModule", {}), protocol.get("armsInterventionsModule", {})
    of_trial = _is_trial(design.get("studyType"), groups)
    for key, map_module in MODULES.items():
        if module := protocol.get(key):
            map_module(module, lines)
    map_design(design, lines)
    arms = map_arms(groups, lines, drugs=names.drugs, of_trial=of_trial)
    if conditions := protocol.get("conditionsModule"):
        map_conditions(conditions, lines, conditions=names.conditions)
    endpoints = map_outcomes(protocol.get("outcomesModule", {}), lines, outcomes=names.outcomes)
    if results := study.get("resultsSection"):
        arms_by_name = [RecordArm(arm.iri, arm.label, arm.role) for arm in arms]
        map_results(results, arms=arms_by_name, endpoints=endpoints, lines=lines)
    for key, map_section in SECTIONS.items():
        if section := study.get(key):
            map_section(section, lines)
    lines.flag(lines.trial, "hasPostedResults", study.pop("hasResults", None))
    return MappedStudy(lines.nct, lines, arms, study)


def _is_trial(study_type: str | None, groups: Study) -> bool:
    """Whether the study assigns participants: as its type says, or where it has none, as the roles of its arms do."""
    if study_type is None:
        return any("type" in group for group in groups.get("armGroups", ()))
    return study_type == "INTERVENTIONAL"
