"""Mapping sets that come from others: what they state, with file and line of each statement.

In: the path of an SSSOM/TSV file. Out: `Incoming`: its links, with IRIs in our form, and how many statements say
something other than a match. A file with a fault is refused as a whole, with all its faults; nothing is written here.
"""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

from curies import Converter

from equipoise.graph.linking.identity import canonical_iri
from equipoise.graph.linking.links import Link
from equipoise.graph.linking.sheet import Row, Sheet, read_sheet
from equipoise.ontology.errors import Fault, MappingError, ParameterError, UnknownNameError
from equipoise.ontology.identifiers import resolve_identifier
from equipoise.ontology.rdf import SKOS

__all__ = ["Incoming", "links_of_sheet", "read_incoming"]

MUST_HAVE = ("subject_id", "predicate_id", "object_id", "mapping_justification")
MATCHES = tuple(SKOS + name for name in ("exactMatch", "closeMatch", "broadMatch", "narrowMatch", "relatedMatch"))

BUILT_IN = {
    "owl": "http://www.w3.org/2002/07/owl#",
    "rdf": "http://www.w3.org/1999/02/22-rdf-syntax-ns#",
    "rdfs": "http://www.w3.org/2000/01/rdf-schema#",
    "semapv": "https://w3id.org/semapv/vocab/",
    "skos": SKOS,
    "sssom": "https://w3id.org/sssom/",
}
"""The prefixes that every mapping set has, and that none may give another meaning."""

PREDICATES = {
    "skos": ("exactMatch", "closeMatch", "broadMatch", "narrowMatch", "relatedMatch", "mappingRelation"),
    "owl": ("sameAs", "equivalentClass", "equivalentProperty", "differentFrom"),
    "rdfs": ("subClassOf", "subPropertyOf", "seeAlso"),
    "oboInOwl": ("hasDbXref",),
}
"""The terms of common vocabularies that relate two things; any other term of these is a slip of the pen."""

NO_TERM = BUILT_IN["sssom"] + "NoTermFound"
MOST_FAULTS = 20


@dataclass(frozen=True)
class Incoming:
    """The links of a mapping set, and the number of its statements with other predicates, by predicate."""

    path: Path
    links: tuple[Link, ...]
    passed_over: Mapping[str, int]


def read_incoming(path: Path) -> Incoming:
    """Read a mapping set whole. Raises MappingError with file and line of every fault, at most twenty."""
    return links_of_sheet(read_sheet(path))


def links_of_sheet(sheet: Sheet) -> Incoming:
    """The links of a sheet. Raises MappingError as `read_incoming` does."""
    path = str(sheet.path)
    first = len(sheet.head) + 1
    if missing := [name for name in MUST_HAVE if name not in sheet.columns]:
        found = f"there is no column {', '.join(missing)}"
        raise MappingError(path, [Fault("", first, found, f"must be among {', '.join(sheet.columns[:40])}")])
    converter = _converter(sheet)
    faults = _wrong_namespaces(sheet)
    links: list[Link] = []
    passed_over: Counter[str] = Counter()
    for row in sheet.rows:
        link = _link(row, sheet, converter, faults)
        if len(faults) >= MOST_FAULTS:
            break
        if link is None:
            continue
        if link.predicate in MATCHES and NO_TERM not in (link.subject, link.object):
            links.append(link)
        else:
            passed_over[row.cells["predicate_id"]] += 1
    if faults:
        raise MappingError(path, faults)
    return Incoming(sheet.path, tuple(links), dict(sorted(passed_over.items())))


def _converter(sheet: Sheet) -> Converter:
    """The converter of the prefixes that the head declares. Raises MappingError if it is no map of prefixes to IRIs."""
    declared = sheet.metadata.get("curie_map", {})
    line = _line_in_head(sheet, "curie_map")
    if not isinstance(declared, dict):
        found = "the curie_map is no map"
        raise MappingError(str(sheet.path), [Fault("", line, found, "must lead from prefixes to IRIs")])
    faults = []
    for prefix, namespace in declared.items():
        where = _line_in_head(sheet, str(prefix))
        if not isinstance(prefix, str) or not isinstance(namespace, str) or not _is_absolute(namespace):
            shown = repr(namespace)[:60] if isinstance(namespace, str | None) else f"a {type(namespace).__name__}"
            found = f"the prefix {prefix} stands for {shown}"
            faults.append(Fault("", where, found, "must be an absolute IRI"))
        elif BUILT_IN.get(prefix, namespace) != namespace:
            found = f"the prefix {prefix} stands for {namespace}"
            faults.append(Fault("", where, found, f"must be {BUILT_IN[prefix]}"))
    if faults:
        raise MappingError(str(sheet.path), faults)
    return Converter.from_prefix_map({**BUILT_IN, **declared}, strict=False)


def _wrong_namespaces(sheet: Sheet) -> list[Fault]:
    """Prefixes of systems known here that stand for what is none of that system's namespaces, at their first use."""
    declared: Mapping[str, str] = sheet.metadata.get("curie_map", {})
    faults, seen = [], set()
    for row in sheet.rows:
        for column in ("subject_id", "object_id"):
            prefix, _, local = row.cells.get(column, "").partition(":")
            if prefix in seen or prefix not in declared:
                continue
            seen.add(prefix)
            try:
                meant = resolve_identifier(f"{prefix}:{local}").iri
            except (ParameterError, UnknownNameError):
                continue
            if canonical_iri(declared[prefix] + local) != meant:
                found = f"the prefix {prefix} stands for {declared[prefix]}"
                allowed = f"must be a namespace of that system, as in {meant}"
                faults.append(Fault("", _line_in_head(sheet, prefix), found, allowed))
    return faults


def _link(row: Row, sheet: Sheet, converter: Converter, faults: list[Fault]) -> Link | None:
    """The link that a row states, or None after its faults were noted."""
    before = len(faults)
    iris = {}
    for column in MUST_HAVE:
        cell = row.cells.get(column, "")
        iri = converter.expand(cell) if ":" in cell and not _is_absolute(cell) else cell if _is_absolute(cell) else None
        if iri is None:
            found = f"is {cell!r}" if cell else "is empty"
            prefixes = ", ".join(sorted(converter.get_prefixes())[:20])
            faults.append(Fault(column, row.line, found, f"must be a CURIE with a declared prefix: {prefixes}, …"))
        else:
            iris[column] = iri
    faults += _bad_values(row)
    if len(faults) > before:
        return None
    return Link(
        canonical_iri(iris["subject_id"]),
        iris["predicate_id"],
        canonical_iri(iris["object_id"]),
        negated=row.cells.get("predicate_modifier") == "Not",
        subject_label=row.cells.get("subject_label", ""),
        object_label=row.cells.get("object_label", ""),
        justification=row.cells["mapping_justification"],
        file=sheet.path.name,
        line=row.line,
    )


def _bad_values(row: Row) -> list[Fault]:
    faults = []
    prefix, _, name = row.cells.get("predicate_id", "").partition(":")
    if prefix in PREDICATES and name not in PREDICATES[prefix]:
        allowed = ", ".join(f"{prefix}:{known}" for known in PREDICATES[prefix])
        faults.append(Fault("predicate_id", row.line, f"is '{prefix}:{name}'", f"must be one of {allowed}"))
    if (modifier := row.cells.get("predicate_modifier", "Not")) != "Not":
        faults.append(Fault("predicate_modifier", row.line, f"is {modifier!r}", "must be empty or Not"))
    for column, least in (("confidence", 0.0), ("reviewer_agreement", -1.0)):
        cell = row.cells.get(column)
        if cell is not None and not _between(cell, least, 1.0):
            faults.append(Fault(column, row.line, f"is {cell!r}", f"must be a number from {least:g} to 1"))
    return faults


def _between(text: str, least: float, most: float) -> bool:
    try:
        return least <= float(text) <= most
    except ValueError:
        return False


def _is_absolute(text: str) -> bool:
    try:
        return urlsplit(text).scheme in ("http", "https", "urn", "ftp") and not any(map(str.isspace, text))
    except ValueError:
        return False


def _line_in_head(sheet: Sheet, slot: str) -> int:
    """The line of the head that gives a slot or a prefix its value; the first if none does."""
    starts: Sequence[str] = (f"{slot}:", f'"{slot}":', f"'{slot}':")
    for number, line in enumerate(sheet.head, start=1):
        if line.lstrip("# ").startswith(tuple(starts)):
            return number
    return 1
