"""What a study is called and by which numbers it is known.

In: the identification module. Out: registry number, titles, identifiers of others, and who keeps the record.
"""

from equipoise.graph.registry.lines import RecordLines
from equipoise.graph.registry.protocol.sponsors import state_organization
from equipoise.graph.registry.slugs import Slugs
from equipoise.graph.registry.stating import Node, state_texts

__all__ = ["map_identity"]

POINTER = "/protocolSection/identificationModule"
TEXTS = {"nctId": "registryId", "nctIdAliases": "aliasId", "acronym": "acronym", "briefTitle": "briefTitle"}


def map_identity(module: Node, lines: RecordLines) -> None:
    """Names and numbers."""
    trial = lines.trial
    lines.thing(trial, label=module.get("acronym") or module.get("briefTitle") or lines.nct)
    lines.text(trial, "dcterms:title", module.pop("officialTitle", None) or module.get("briefTitle"))
    state_texts(lines, trial, module, TEXTS)
    if own := module.get("orgStudyIdInfo"):
        state_texts(lines, trial, own, {"id": "sponsorStudyId", "type": "identifierType"})
        _link(lines, trial, own)
    if organization := module.get("organization"):
        state_organization(lines, "responsibleOrganization", organization, key="fullName", position=0)
    slugs = Slugs()
    for position, info in enumerate(module.get("secondaryIdInfos", ())):
        number = info.pop("id", "")
        iri = f"{lines.own}/identifier/{slugs.take(number, position + 1)}"
        lines.thing(iri, "RegistryIdentifier")
        lines.link(trial, "hasOtherIdentifier", iri)
        lines.text(iri, "identifierPrinted", number)
        state_texts(lines, iri, info, {"type": "identifierType", "domain": "identifierDomain"})
        _link(lines, iri, info)
    lines.cite(trial, POINTER)


def _link(lines: RecordLines, subject: str, node: Node) -> None:
    if address := node.pop("link", None):
        lines.link_out(subject, "webAddress", address)
