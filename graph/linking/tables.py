"""Our own mapping sets: those that come with Equipoise, and those of a data folder, as links with file and line.

In: a data folder. Out: links. The tables of a data folder are DATA/mappings/*.sssom.tsv; every build takes them in.
"""

from collections.abc import Iterable
from importlib.resources import files
from pathlib import Path

from equipoise.graph.linking.identity import canonical_iri
from equipoise.graph.linking.links import Link
from equipoise.ontology.sssom import MappingSet, read_mappings

__all__ = ["links_of_set", "our_links", "our_tables", "reviewed_table"]

PATTERN = "*.sssom.tsv"


def our_tables(data: Path | None) -> list[Path]:
    """The tables that come with Equipoise, then those of a data folder, by name."""
    shipped = Path(str(files("equipoise.ontology"))) / "mappings"
    return [path for folder in (shipped, *([data / "mappings"] if data else [])) for path in sorted(folder.glob(PATTERN))]


def our_links(data: Path | None) -> list[Link]:
    """All that our tables state. Raises MappingError if one of them has a fault."""
    return [link for path in our_tables(data) for link in links_of_set(read_mappings(path))]


def links_of_set(mappings: MappingSet) -> Iterable[Link]:
    """The links of a mapping set, in its order."""
    for mapping in mappings.mappings:
        yield Link(
            canonical_iri(mapping.subject),
            mapping.predicate,
            canonical_iri(mapping.object),
            negated=mapping.is_negative,
            subject_label=mapping.record.subject_label or "",
            object_label=mapping.record.object_label or "",
            file=mappings.path.name,
            line=mapping.line,
        )


def reviewed_table(data: Path) -> Path:
    """The table of a data folder into which a curator's decisions go."""
    return data / "mappings" / "reviewed.sssom.tsv"
