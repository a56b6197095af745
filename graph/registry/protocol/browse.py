"""What the registry derives of a record: headings of MeSH and of its own lists, removed countries, and its tracking.

In: the derived and annotation sections. Out: statements on the study, and the notices on its record.
"""

import re

from equipoise.graph.registry.lines import RecordLines
from equipoise.graph.registry.slugs import Slugs
from equipoise.graph.registry.stating import Node, state_codes, state_dates, state_flags, state_texts

__all__ = ["map_annotations", "map_derived", "mesh_iri"]

MESH = "http://id.nlm.nih.gov/mesh/"
HEADING = re.compile(r"[CD]\d{6,9}", re.ASCII)
PADDED = re.compile(r"D000(\d{6})", re.ASCII)
LAST_OF_SIX = 66300
"""Headings of MeSH have six digits up to about this number and nine above; the registry once printed nine for all."""

MODULES = {"conditionBrowseModule": "meshCondition", "interventionBrowseModule": "meshIntervention"}
SUBMISSION_DATES = {"releaseDate": "noticeReleased", "unreleaseDate": "noticeTaken", "resetDate": "noticeReset"}
VIOLATION_DATES = {
    "creationDate": "noticeDate",
    "issuedDate": "noticeIssued",
    "releaseDate": "noticeReleased",
    "postedDate": "noticePosted",
}


def mesh_iri(identifier: str) -> str | None:
    """The IRI that MeSH gives a heading; None if that is no identifier of MeSH."""
    if (padded := PADDED.fullmatch(identifier)) and int(padded[1]) <= LAST_OF_SIX:
        return f"{MESH}D{padded[1]}"
    return MESH + identifier if HEADING.fullmatch(identifier) else None


def map_derived(section: Node, lines: RecordLines) -> None:
    """Headings, removed countries and the tracking of submissions."""
    for key, name in MODULES.items():
        if module := section.get(key):
            for listed, predicate in (("meshes", name), ("ancestors", f"{name}Ancestor")):
                for heading in module.get(listed, ()):
                    _state_heading(lines, predicate, heading)
            _state_browse_terms(lines, name, module)
            lines.cite(lines.trial, f"/derivedSection/{key}")
    misc = section.get("miscInfoModule", {})
    state_texts(lines, lines.trial, misc, {"removedCountries": "removedCountry"})
    if tracking := misc.get("submissionTracking"):
        _state_tracking(lines, tracking)


def map_annotations(section: Node, lines: RecordLines) -> None:
    """Notices of results that are not posted yet, and of violations."""
    module = section.get("annotationModule", {})
    pointer = "/annotationSection/annotationModule"
    for position, event in enumerate(module.get("unpostedAnnotation", {}).get("unpostedEvents", ())):
        iri = _notice(lines, "unposted", position, f"{pointer}/unpostedAnnotation/unpostedEvents")
        state_texts(lines, iri, event, {"type": "noticeType"})
        state_dates(lines, iri, event, {"date": "noticeDate"})
        state_flags(lines, iri, event, {"dateUnknown": "dateUnknown"})
    for position, event in enumerate(module.get("violationAnnotation", {}).get("violationEvents", ())):
        iri = _notice(lines, "violation", position, f"{pointer}/violationAnnotation/violationEvents")
        state_texts(lines, iri, event, {"type": "noticeType", "description": "noticeText"})
        state_dates(lines, iri, event, VIOLATION_DATES)


def _state_heading(lines: RecordLines, predicate: str, heading: Node) -> None:
    """A heading of MeSH with its label; one without an identifier that can be used stays unmapped."""
    if iri := mesh_iri(heading.get("id", "")):
        del heading["id"]
        lines.link(lines.trial, predicate, iri)
        lines.thing(iri, label=heading.pop("term", None))


def _state_browse_terms(lines: RecordLines, name: str, module: Node) -> None:
    """The headings of the registry's own lists, which older records have."""
    slugs = Slugs()
    for listed, key in (("browseLeaves", "id"), ("browseBranches", "abbrev")):
        for position, entry in enumerate(module.get(listed, ())):
            iri = f"{lines.own}/browse/{name}/{slugs.take(entry.get(key, ''), position + 1)}"
            lines.thing(iri, "BrowseTerm", label=entry.pop("name", None))
            lines.link(lines.trial, "browseTerm", iri)
            texts = {key: "browseCode", "asFound": "foundAs", "relevance": "relevance"}
            state_texts(lines, iri, entry, texts)


def _state_tracking(lines: RecordLines, tracking: Node) -> None:
    """How results that are not posted yet went to and fro."""
    state_dates(lines, lines.trial, tracking, {"estimatedResultsFirstSubmitDate": "resultsEstimatedSubmission"})
    pointer = "/derivedSection/miscInfoModule/submissionTracking"
    if posted := tracking.get("firstMcpInfo", {}).get("postDateStruct"):
        iri = f"{lines.own}/notice/first-posted"
        lines.thing(iri, "RegistryNotice")
        lines.link(lines.trial, "hasNotice", iri)
        state_dates(lines, iri, posted, {"date": "noticePosted"})
        state_codes(lines, iri, posted, {"type": ("noticeDateKind", "DateType")})
        lines.cite(iri, f"{pointer}/firstMcpInfo")
    for position, info in enumerate(tracking.get("submissionInfos", ())):
        iri = _notice(lines, "submission", position, f"{pointer}/submissionInfos")
        state_dates(lines, iri, info, SUBMISSION_DATES)
        state_flags(lines, iri, info, {"unreleaseDateUnknown": "dateUnknown"})
        if (count := info.pop("mcpReleaseN", None)) is not None:
            lines.number(iri, "submissionCount", count)


def _notice(lines: RecordLines, kind: str, position: int, pointer: str) -> str:
    iri = f"{lines.own}/notice/{kind}-{position}"
    lines.thing(iri, "RegistryNotice")
    lines.link(lines.trial, "hasNotice", iri)
    lines.cite(iri, f"{pointer}/{position}")
    return iri
