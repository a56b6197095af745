"""What a record points to: publications, pages, and data that others may ask for.

In: the references module and the statement on sharing data. Out: sources, links and shared data sets.
"""

import re

from equipoise.graph.registry.lines import RecordLines
from equipoise.graph.registry.slugs import Slugs
from equipoise.graph.registry.stating import Node, state_codes, state_texts

__all__ = ["map_references", "map_sharing"]

POINTER = "/protocolSection/referencesModule"
PUBMED = "https://pubmed.ncbi.nlm.nih.gov/"
PUBMED_NUMBER = re.compile(r"[1-9]\d{0,8}", re.ASCII)
SHARING_TEXTS = {
    "description": "ipdDescription",
    "infoTypes": "dataKind",
    "timeFrame": "dataAvailability",
    "accessCriteria": "accessCriteria",
}


def map_references(module: Node, lines: RecordLines) -> None:
    """Publications, pages and data sets, each cited from its place."""
    slugs = Slugs()
    for position, reference in enumerate(module.get("references", ())):
        iri = _publication(lines, reference, f"{lines.own}/reference", slugs, position)
        lines.link(lines.trial, "reference", iri)
        if reference.get("type") == "RESULT":
            lines.link(lines.trial, "reportedIn", iri)
        state_codes(lines, iri, reference, {"type": ("referenceType", "ReferenceType")})
        state_texts(lines, iri, reference, {"citation": "citationText"})
        noticed = Slugs()
        for place, notice in enumerate(reference.get("retractions", ())):
            retraction = _publication(lines, notice, f"{iri}/retraction", noticed, place)
            lines.link(iri, "retraction", retraction)
            state_texts(lines, retraction, notice, {"source": "citationText"})
        lines.cite(iri, f"{POINTER}/references/{position}")
    for position, link in enumerate(module.get("seeAlsoLinks", ())):
        iri = f"{lines.own}/link/{position}"
        lines.thing(iri, "WebLink", label=link.pop("label", None))
        lines.link(lines.trial, "pointsTo", iri)
        _address(lines, iri, link)
    for position, data in enumerate(module.get("availIpds", ())):
        iri = f"{lines.own}/shared-data/{position}"
        lines.thing(iri, "SharedData")
        lines.link(lines.trial, "hasSharedData", iri)
        state_texts(lines, iri, data, {"id": "identifierPrinted", "type": "sharedKind", "comment": "note"})
        _address(lines, iri, data)
    lines.cite(lines.trial, POINTER)


def map_sharing(module: Node, lines: RecordLines) -> None:
    """Whether and how data on individual participants are shared."""
    state_codes(lines, lines.trial, module, {"ipdSharing": ("ipdSharing", "IpdSharing")})
    state_texts(lines, lines.trial, module, SHARING_TEXTS)
    _address(lines, lines.trial, module)
    lines.cite(lines.trial, "/protocolSection/ipdSharingStatementModule")


def _publication(lines: RecordLines, node: Node, below: str, slugs: Slugs, position: int) -> str:
    """A publication, named by its PubMed identifier where it has one that can be."""
    pmid = node.pop("pmid", None)
    iri = f"{below}/{slugs.take(pmid or f'position-{position}', position + 1)}"
    lines.thing(iri, "Source", label=f"PubMed {pmid}" if pmid else f"reference {position + 1}")
    lines.text(iri, "pmid", pmid)
    if pmid and PUBMED_NUMBER.fullmatch(pmid):
        lines.link_out(iri, "url", f"{PUBMED}{pmid}/")
    return iri


def _address(lines: RecordLines, subject: str, node: Node) -> None:
    if (address := node.pop("url", None)) is not None:
        lines.link_out(subject, "webAddress", address)
