"""The documents that are posted with a record.

In: the document section. Out: documents, each with what it holds; the address of a file is not part of a record.
"""

from equipoise.graph.registry.lines import RecordLines
from equipoise.graph.registry.stating import Node, state_dates, state_flags, state_texts

__all__ = ["map_documents"]

POINTER = "/documentSection/largeDocumentModule/largeDocs"
TEXTS = {"typeAbbrev": "documentType", "filename": "fileName", "uploadDate": "documentUploaded"}
FLAGS = {"hasProtocol": "hasProtocol", "hasSap": "hasStatisticalPlan", "hasIcf": "hasConsentForm"}


def map_documents(section: Node, lines: RecordLines) -> None:
    """Protocols, plans and consent forms."""
    module = section.get("largeDocumentModule", {})
    state_flags(lines, lines.trial, module, {"noSap": "noStatisticalPlan"})
    for position, document in enumerate(module.get("largeDocs", ())):
        iri = f"{lines.own}/document/{position}"
        lines.thing(iri, "StudyDocument", label=document.pop("label", None))
        lines.link(lines.trial, "hasDocument", iri)
        state_texts(lines, iri, document, TEXTS)
        state_flags(lines, iri, document, FLAGS)
        state_dates(lines, iri, document, {"date": "documentDate"})
        if (size := document.pop("size", None)) is not None:
            lines.number(iri, "fileSize", size)
        lines.cite(iri, f"{POINTER}/{position}")
