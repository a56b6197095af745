"""Our own mapping sets: those that come with Equipoise, and those of a data folder, as links with file and line.

In: a data folder. Out: links. The tables of a data folder are DATA/mappings/*.sssom.tsv; every build takes them in.
"""

from collections.abc import Iterable
from pathlib import Path

from equipoise.graph.linking.identity import canonical_iri
from equipoise.graph.linking.links import Link
from equipoise.graph.mappings import mapping_tables, read_tables
from equipoise.ontology.sssom import MappingSet

__all__ = ["our_links", "reviewed_table"]


def our_links(data: Path | None) -> list[Link]:
    """All that our tables state. Raises MappingError with every fault of any of them."""
    return [link for mappings in read_tables(mapping_tables(data)) for link in _links(mappings)]


def reviewed_table(data: Path) -> Path:
    """The table of a data folder into which a curator's decisions go."""
    return data / "mappings" / "reviewed.sssom.tsv"


def _links(mappings: MappingSet) -> Iterable[Link]:
    for mapping in mappings.mappings:
        yield Link(
            canonical_iri(mapping.subject),
            mapping.predicate,
            canonical_iri(mapping.object),
            negated=mapping.is_negative,
            subject_label=mapping.record.subject_label or "",
            object_label=mapping.record.object_label or "",
            justification=mapping.record.mapping_justification,
            file=mappings.path.name,
            line=mapping.line,
        )
