"""The graph of mappings: what the tables of mappings say, as SKOS triples and a node for each that says the rest.

In: mapping sets, and the things that may be mapped. Out: the quads of one named graph in a fixed order. A mapping is a
triple between a thing of ours and an identifier of another system, under the one IRI that the identifier has here; its
node has the words of SSSOM. A row that denies a mapping takes it out, whichever table states it. Nothing is ever said
to be the same as something elsewhere.
"""

from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from importlib.resources import files
from pathlib import Path

import pyoxigraph as ox
from curies import Reference
from sssom_pydantic import Record

from equipoise.graph.evidence import MAPPINGS_GRAPH
from equipoise.graph.quads import decimal_text
from equipoise.ontology.errors import MappingError, ParameterError, UnknownNameError
from equipoise.ontology.identifiers import resolve_identifier, system_of
from equipoise.ontology.iri import BASE, curie, mint, prefixes, slug, vocabulary_iri
from equipoise.ontology.rdf import DCTERMS, RDF_TYPE, RDFS_LABEL, in_graph, typed
from equipoise.ontology.sssom import Mapping, MappingSet, read_mappings

__all__ = ["mapping_quads", "mapping_tables", "read_tables"]

OWL, PAV, RDFS, SSSOM = (prefixes()[name] for name in ("owl", "pav", "rdfs", "sssom"))

REFERENCES = {
    "mapping_justification": SSSOM + "mapping_justification",
    "object_source": SSSOM + "object_source",
    "mapping_source": SSSOM + "mapping_source",
    "author_id": PAV + "authoredBy",
    "reviewer_id": SSSOM + "reviewer_id",
}
TEXTS = {
    "object_label": SSSOM + "object_label",
    "object_source_version": SSSOM + "object_source_version",
    "mapping_tool": SSSOM + "mapping_tool",
    "mapping_tool_version": SSSOM + "mapping_tool_version",
    "match_string": SSSOM + "match_string",
    "comment": RDFS + "comment",
}
NUMBERS = {"confidence": SSSOM + "confidence", "similarity_score": SSSOM + "similarity_score"}
DATES = {"mapping_date": PAV + "authoredOn", "review_date": SSSOM + "review_date"}
NEEDED = ("confidence", "author_id", "mapping_date")
"""The slots of SSSOM that a node has, each with its property; those of `NEEDED` every mapping of a release has."""


def mapping_tables(data: Path | None = None) -> list[Path]:
    """The tables that come with Equipoise, by name, and then those of the folder `mappings` of a data folder."""
    folders = [Path(str(files("equipoise.ontology") / "mappings")), *([data / "mappings"] if data else [])]
    return [path for folder in folders for path in sorted(folder.glob("*.sssom.tsv"))]


def read_tables(paths: Iterable[Path]) -> list[MappingSet]:
    """The mapping sets of tables. Raises one MappingError with the faults of all."""
    read, errors = [], []
    for path in paths:
        try:
            read.append(read_mappings(path))
        except MappingError as error:
            errors.append(error)
    if errors:
        raise MappingError.of_all(errors)
    return read


def mapping_quads(sets: Sequence[MappingSet], things: Collection[str]) -> tuple[ox.Quad, ...]:
    """The quads of the mappings of `things`.

    Raises one MappingError with every row that maps something else, repeats a row of another table, or does not say who
    maps, when and how surely.
    """
    errors: list[MappingError] = []
    rows = list(_rows(sets, errors))
    denied = {row.node for row in rows if row.mapping.is_negative}
    triples = {triple for table in sets for triple in _about_table(table)}
    stated: dict[str, str] = {}
    for row in rows:
        if row.node in denied:
            continue
        errors += [row.fault(slot, "is empty", "must be given") for slot in NEEDED if not getattr(row.record, slot)]
        if row.mapping.subject not in things:
            found = f"is {row.record.subject_id}, of which nothing is said"
            errors.append(row.fault("subject_id", found, "must be a drug or a term of the vocabulary"))
        elif row.node in stated:
            errors.append(row.fault("object_id", f"repeats {stated[row.node]}", "must be stated once"))
        else:
            stated[row.node] = f"{row.table.path.name}:{row.mapping.line}"
            triples |= set(_about_mapping(row))
    if errors:
        raise MappingError.of_all(errors)
    return tuple(sorted(in_graph(triples, MAPPINGS_GRAPH), key=str))


@dataclass(frozen=True)
class _Row:
    """A mapping of a table, with the one IRI of its identifier and the IRI of its own node."""

    table: MappingSet
    mapping: Mapping
    target: str

    @property
    def record(self) -> Record:
        return self.mapping.record

    @property
    def node(self) -> str:
        """Made of what the mapping joins, so that the same row always has the same."""
        name = self.mapping.predicate.rpartition("#")[2].rpartition("/")[2]
        return mint("mapping", slug(curie(self.mapping.subject)), name, slug(curie(self.target)))

    def fault(self, column: str, found: str, allowed: str) -> MappingError:
        return self.table.fault(self.mapping, column, found, allowed)


def _rows(sets: Sequence[MappingSet], errors: list[MappingError]) -> Iterator[_Row]:
    """The rows of all tables; one whose identifier its system cannot have is an error instead."""
    for table in sets:
        for mapping in table.mappings:
            try:
                yield _Row(table, mapping, _canonical(mapping.object))
            except ParameterError as error:
                errors.append(table.fault(mapping, "object_id", error.found, error.allowed))


def _canonical(iri: str) -> str:
    """The one IRI of an identifier; an IRI of a system that is not known here stays as it is."""
    if system_of(iri):
        return iri
    try:
        return resolve_identifier(iri).iri
    except UnknownNameError:
        return iri


def _about_mapping(row: _Row) -> Iterator[ox.Triple]:
    subject, predicate, target = (ox.NamedNode(iri) for iri in (row.mapping.subject, row.mapping.predicate, row.target))
    table, record, about = row.table, row.record, ox.NamedNode(row.node)
    yield ox.Triple(subject, predicate, target)
    yield ox.Triple(about, RDF_TYPE, ox.NamedNode(SSSOM + "Mapping"))
    name = predicate.value.rpartition("#")[2]
    label = f"{record.subject_label or curie(subject.value)} {name} {curie(target.value)}"
    yield ox.Triple(about, RDFS_LABEL, ox.Literal(label))
    for part, value in (("Source", subject), ("Property", predicate), ("Target", target)):
        yield ox.Triple(about, ox.NamedNode(f"{OWL}annotated{part}"), value)
    yield ox.Triple(about, ox.NamedNode(DCTERMS + "isPartOf"), ox.NamedNode(str(table.metadata.mapping_set_id)))
    if system := system_of(target.value):
        yield ox.Triple(about, ox.NamedNode(vocabulary_iri("identifierSystem")), ox.NamedNode(system.iri))
    for slot, iri in REFERENCES.items():
        for short in _values(getattr(record, slot)):
            yield ox.Triple(about, ox.NamedNode(iri), ox.NamedNode(table.expand(short)))
    for slot, iri in TEXTS.items():
        for text in _values(getattr(record, slot)):
            yield ox.Triple(about, ox.NamedNode(iri), ox.Literal(text))
    for slot, iri in NUMBERS.items():
        for text in _values(getattr(record, slot)):
            yield ox.Triple(about, ox.NamedNode(iri), typed(decimal_text(Decimal(text)), "decimal"))
    for slot, iri in DATES.items():
        for text in _values(getattr(record, slot)):
            yield ox.Triple(about, ox.NamedNode(iri), typed(text, "date"))
    for extension in (record.extensions or {}).values():
        yield ox.Triple(about, ox.NamedNode(table.expand(extension.predicate.curie)), _value(table, extension.value))
    for short, text in zip(record.author_id or (), record.author_label or (), strict=False):
        yield from _about_author(table.expand(short), text)


def _about_table(table: MappingSet) -> Iterator[ox.Triple]:
    metadata = table.metadata
    about = ox.NamedNode(str(metadata.mapping_set_id))
    yield ox.Triple(about, RDF_TYPE, ox.NamedNode(SSSOM + "MappingSet"))
    yield ox.Triple(about, RDFS_LABEL, ox.Literal(metadata.mapping_set_title or curie(about.value)))
    if metadata.mapping_set_version:
        yield ox.Triple(about, ox.NamedNode(OWL + "versionInfo"), ox.Literal(metadata.mapping_set_version))
    if metadata.license:
        yield ox.Triple(about, ox.NamedNode(DCTERMS + "license"), ox.NamedNode(str(metadata.license)))


def _about_author(iri: str, label: str) -> Iterator[ox.Triple]:
    author = ox.NamedNode(iri)
    if iri.startswith(BASE):
        yield ox.Triple(author, RDF_TYPE, ox.NamedNode(vocabulary_iri("Organization")))
    yield ox.Triple(author, RDFS_LABEL, ox.Literal(label))


def _value(table: MappingSet, value: object) -> ox.NamedNode | ox.Literal:
    """The value of a slot of the table's own: a thing where it is a reference, else its text."""
    if isinstance(value, Reference):
        return ox.NamedNode(_canonical(table.expand(value.curie)))
    return ox.Literal(str(value))


def _values(value: object) -> list[str]:
    if value is None:
        return []
    return [str(one) for one in value] if isinstance(value, list) else [str(value)]
