"""A registry record as a source: what it is, where it can be read, and which version was read.

In: a study that nothing has been taken from yet. Out: statements on the source that every citation of it names.
"""

from equipoise.graph.registry.lines import RecordLines
from equipoise.graph.registry.stating import Node

__all__ = ["state_source"]

ADDRESS = "https://clinicaltrials.gov/study/"


def state_source(protocol: Node, lines: RecordLines, *, content_hash: str) -> None:
    """Kind, title, address, version and hash; `content_hash` is the SHA-256 of the record's bytes in hexadecimal."""
    source, identity = lines.source, protocol["identificationModule"]
    lines.thing(source, "Source", label=f"ClinicalTrials.gov {lines.nct}")
    lines.text(source, "dcterms:title", identity.get("officialTitle") or identity.get("briefTitle"))
    lines.value(source, "sourceKind", "RegistryRecord")
    lines.link_out(source, "url", ADDRESS + lines.nct)
    lines.text(source, "textHash", content_hash)
    posted = protocol.get("statusModule", {}).get("lastUpdatePostDateStruct", {}).get("date")
    if posted is not None:
        lines.date(source, "version", posted)
