"""Build the conflict sets of a trial: what sources give in place of a value that the record prefers.

In: a builder that holds the rest of the trial's graph. Out: quads for each conflict set and its readings, and the
faults of the section. The preferred value stays where it is, on the thing itself, so that a query for estimates or
endpoints meets no other; a reading is no estimate, and bears what its source gives under properties of its own.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass

import pyoxigraph as ox

from equipoise.graph.fields import RecordPath
from equipoise.graph.printed import PrintedNumber, parse_number
from equipoise.graph.quads import GraphBuilder
from equipoise.graph.readings import ConflictRecord, ReadingRecord
from equipoise.ontology.iri import EQP, vocabulary_iri
from equipoise.ontology.rdf import RDFS_LABEL, XSD, text_of
from equipoise.ontology.terms import Terms, allowed_text

__all__ = ["build_conflicts"]

NOT_READ = {"citedFrom", "note", "notReported", "trial"}
"""Properties that are the record's own and not something that a source says."""
OWN_WORDS = "statement"
"""The property whose values are in our own words, and so are readings of it."""
NUMBERS = {XSD + "decimal", XSD + "integer"}
FORMS = {
    XSD + "date": (r"\d{4}-\d{2}-\d{2}", "must be a date, YYYY-MM-DD"),
    XSD + "gYearMonth": (r"\d{4}-\d{2}(-\d{2})?", "must be a month or a day, YYYY-MM or YYYY-MM-DD"),
    XSD + "gYear": (r"\d{4}(-\d{2}){0,2}", "must be a year, a month or a day"),
    XSD + "boolean": (r"true|false", "must be true or false"),
}
DIFFER = "must differ from it; a value with less detail belongs under cited, with prints"

PathFault = tuple[RecordPath, str, str]
Facts = Mapping[str, list[ox.NamedNode | ox.Literal]]


@dataclass(frozen=True)
class _Preferred:
    """What a conflict set concerns: the thing, its label, the property, and its values."""

    thing: str
    label: str
    name: str
    values: tuple[ox.NamedNode | ox.Literal, ...]
    printed: tuple[str, ...]
    schemes: tuple[str, ...]


def build_conflicts(builder: GraphBuilder, trial: str, terms: Terms) -> list[PathFault]:
    """Add the conflict sets of the record to its graph; return what is wrong with them, each with its path."""
    things = _things(builder)
    faults: list[PathFault] = []
    seen: set[tuple[str, str]] = set()
    for index, conflict in enumerate(builder.record.conflicts):
        path: RecordPath = ("conflicts", index)
        preferred = _preferred(builder, trial, terms, things, conflict)
        if not isinstance(preferred, _Preferred):
            field, found, allowed = preferred
            faults.append(((*path, field), found, allowed))
            continue
        if (conflict.about, conflict.property) in seen:
            found = f"is the {conflict.property} of {conflict.about} again"
            faults.append((path, found, "must be one conflict set for each property of a thing"))
        seen.add((conflict.about, conflict.property))
        faults += _build_set(builder, trial, terms, conflict, preferred, path)
    return faults


def _things(builder: GraphBuilder) -> dict[str, dict[str, list[ox.NamedNode | ox.Literal]]]:
    """What the graph says so far: subject, then local name of a property (or its IRI), then values."""
    things: dict[str, dict[str, list[ox.NamedNode | ox.Literal]]] = {}
    for quad in builder.quads():
        assert isinstance(quad.subject, ox.NamedNode) and isinstance(quad.object, ox.NamedNode | ox.Literal)
        name = quad.predicate.value.removeprefix(EQP)
        things.setdefault(quad.subject.value, {}).setdefault(name, []).append(quad.object)
    return things


def _preferred(
    builder: GraphBuilder, trial: str, terms: Terms, things: Mapping[str, Facts], conflict: ConflictRecord
) -> _Preferred | tuple[str, str, str]:
    """What a conflict set concerns, or the field that names nothing, with what was found and what is allowed."""
    paths = {"trial": trial}
    paths |= {iri.removeprefix(f"{trial}/"): iri for iri in builder.origins if iri.startswith(f"{trial}/")}
    known = {path: iri for path, iri in paths.items() if "/citation/" not in path and not path.startswith("conflict/")}
    if conflict.about not in known:
        return "about", f"is {conflict.about!r}", allowed_text(sorted(known), conflict.about)
    thing = known[conflict.about]
    facts = things[thing]
    names = [name for name in facts if not (":" in name or name in NOT_READ or name.endswith("Printed"))]
    if conflict.property not in names:
        return "property", f"is {conflict.property!r}", allowed_text(sorted(names), conflict.property)
    values = facts[conflict.property]
    iris = [value.value for value in values if isinstance(value, ox.NamedNode)]
    return _Preferred(
        thing=thing,
        label=text_of(facts[RDFS_LABEL.value][0]),
        name=conflict.property,
        values=tuple(values),
        printed=tuple(text_of(value) for value in facts.get(f"{conflict.property}Printed", values)),
        schemes=tuple(
            scheme for scheme, members in terms.schemes.items() if any(term.iri in iris for term in members.values())
        ),
    )


def _build_set(
    builder: GraphBuilder, trial: str, terms: Terms, conflict: ConflictRecord, preferred: _Preferred, path: RecordPath
) -> list[PathFault]:
    words = re.sub(r"(?=[A-Z])", " ", conflict.property).lower().removeprefix("has ")
    label = f"Sources disagree about {words}: {preferred.label}"
    iri = builder.part(trial, "hasConflict", "ConflictSet", f"conflict/{conflict.id}", label=label, path=path)
    builder.link(iri, "concerns", preferred.thing)
    builder.link(iri, "concernsProperty", vocabulary_iri(conflict.property))
    builder.literal(iri, "preferredBecause", conflict.preferred_because)
    faults: list[PathFault] = []
    seen: set[str] = set()
    told: set[str] = set()
    for index, reading in enumerate(conflict.readings):
        place: RecordPath = (*path, "readings", index)
        if reading.id in seen:
            faults.append(((*place, "id"), f"is {reading.id!r}", "must be the only reading of that name in its set"))
        if (text := reading.value or reading.statement or "") in told:
            faults.append((place, f"gives {text!r} again", "must be one reading, cited from all its sources"))
        seen.add(reading.id)
        told.add(text)
        faults += [((*place, field), found, allowed) for field, found, allowed in _faults(reading, preferred, terms)]
        if not faults:
            _build_reading(builder, trial, terms, iri, reading, preferred, place)
    return faults


def _faults(reading: ReadingRecord, preferred: _Preferred, terms: Terms) -> list[tuple[str, str, str]]:
    """What is wrong with a reading: the field, what was found, what is allowed."""
    in_words = preferred.name == OWN_WORDS or (isinstance(preferred.values[0], ox.NamedNode) and not preferred.schemes)
    if reading.value is None:
        if not in_words:
            return [("statement", "stands for a reading of a value", "must be given as value")]
        return _sameness("statement", reading.statement or "", preferred)
    if in_words:
        return [("value", f"is {reading.value!r}", f"must be a statement: {preferred.name} is told in our own words")]
    if preferred.schemes:
        allowed = sorted({name for scheme in preferred.schemes for name in terms.schemes[scheme]})
        if reading.value not in allowed:
            return [("value", f"is {reading.value!r}", allowed_text(allowed, reading.value))]
        if vocabulary_iri(reading.value) in map(text_of, preferred.values):
            return [("value", f"is {reading.value!r}, the preferred value", DIFFER)]
        return []
    datatype = _datatype(preferred)
    if datatype in NUMBERS:
        return _number_faults(reading, preferred)
    pattern, allowed_form = FORMS.get(datatype, (".+", ""))
    if not re.fullmatch(pattern, reading.value):
        return [("value", f"is {reading.value!r}", allowed_form)]
    return _sameness("value", reading.value, preferred)


def _sameness(field: str, text: str, preferred: _Preferred) -> list[tuple[str, str, str]]:
    same = text.casefold() in (known.casefold() for known in preferred.printed)
    return [(field, f"is {text!r}, the preferred value", DIFFER)] if same else []


def _number_faults(reading: ReadingRecord, preferred: _Preferred) -> list[tuple[str, str, str]]:
    """What is wrong with a number: that it is none, that it rounds like the preferred one, or is cited otherwise."""
    try:
        number = parse_number(reading.value or "")
    except ValueError as error:
        return [("value", f"is {reading.value!r}", str(error))]
    for known in preferred.printed:
        if parse_number(known).agrees_with(number):
            return [("value", f"is {reading.value!r}, which rounds like the preferred value, {known}", DIFFER)]
    return [
        ("cited", f"prints value as {text}, the reading is {number}", "must round alike")
        for place in reading.cited
        if (text := (place.prints or {}).get("value")) is not None and not _agrees(number, text)
    ]


def _agrees(number: PrintedNumber, text: str) -> bool:
    try:
        return number.agrees_with(parse_number(text))
    except ValueError:
        return False


def _datatype(preferred: _Preferred) -> str:
    first = preferred.values[0]
    return first.datatype.value if isinstance(first, ox.Literal) else ""


def _build_reading(
    builder: GraphBuilder,
    trial: str,
    terms: Terms,
    conflict: str,
    reading: ReadingRecord,
    preferred: _Preferred,
    path: RecordPath,
) -> None:
    term = terms.concept(reading.value or "") if preferred.schemes else None
    name = term.label if term else reading.value or reading.statement or ""
    iri = f"{conflict}/reading/{reading.id}"
    builder.thing(iri, "AlternativeReading", label=f"Another reading: {name}", path=path)
    builder.link(conflict, "hasReading", iri)
    builder.link(iri, "trial", trial)
    builder.link(iri, "conflictsWith", preferred.thing)
    if term:
        builder.link(iri, "readAs", term.iri)
    elif reading.value and _datatype(preferred) in NUMBERS:
        builder.number(iri, "value", parse_number(reading.value))
    else:
        builder.literal(iri, "valuePrinted", reading.value)
    builder.literal(iri, OWN_WORDS, reading.statement)
    builder.remark(iri, reading)
    builder.cite(iri, reading.cited, [reading.value] if reading.value and not term else [])
