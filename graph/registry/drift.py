"""Where the registry record of a trial says otherwise than its curated record: conflict sets, the curated first.

In: the quads of curated records, and the registry records of the same trials. Out: quads of `graph:registry-conflicts`
(check C31). Only what both state is compared, and only where one value stands against one: the trial's own values, the
outcomes of its primary endpoints, and a contrast of an outcome and a measure of which each has one. A month agrees with
each of its days, and two numbers that can round alike agree.
"""

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping
from pathlib import Path
from typing import NamedTuple

import pyoxigraph as ox

from equipoise.graph.evidence import CONFLICTS_GRAPH
from equipoise.graph.printed import parse_number
from equipoise.graph.registry.lines import RecordLines, line_of
from equipoise.graph.registry.packs import read_lines
from equipoise.graph.registry.table import Table
from equipoise.ontology.iri import EQP, mint, vocabulary_iri
from equipoise.ontology.rdf import RDF_TYPE, RDFS_LABEL, XSD, text_of

__all__ = ["drift_quads"]

COMPARED = (
    *("startDate", "enrollment", "siteCount", "countryCount", "phase", "allocation", "masking", "registryStatus"),
)
"""The properties of a trial that are compared."""

Node = ox.NamedNode | ox.BlankNode | ox.Literal | ox.Triple
Facts = Mapping[str, Mapping[str, list[Node]]]


class _Reading(NamedTuple):
    """A value of the registry's that is not the curated one: of what, of which property, and where it stands."""

    segment: str
    thing: str
    property: str
    value: Node | str
    cited: str


def drift_quads(curated: Mapping[str, Collection[ox.Quad]], data: Path, table: Table) -> list[ox.Quad]:
    """The conflict sets of all trials; `curated` has the quads of the curated graph by registry number."""
    lines: list[str] = []
    for nct, quads in sorted(curated.items()):
        if row := table.find(nct):
            record = ox.parse(read_lines(data, [row])[0], format=ox.RdfFormat.N_QUADS)
            said = RecordLines(nct)
            _state(said, list(_differences(nct, _facts(quads), facts := _facts(record))), facts)
            lines += [line_of(triple, CONFLICTS_GRAPH) for triple in said.triples()]
    return list(ox.parse("".join(sorted(lines)).encode(), format=ox.RdfFormat.N_QUADS))


def _facts(quads: Iterable[ox.Quad]) -> Facts:
    facts: dict[str, dict[str, list[Node]]] = defaultdict(lambda: defaultdict(list))
    for quad in quads:
        facts[text_of(quad.subject)][quad.predicate.value.removeprefix(EQP)].append(quad.object)
    return facts


def _differences(nct: str, curated: Facts, record: Facts) -> Iterator[_Reading]:
    trial = mint("trial", nct)
    place = _cited(record, trial)
    for name in COMPARED:
        ours, theirs = curated[trial].get(name, []), record[trial].get(name, [])
        if len(ours) == len(theirs) == 1 and not _agree(text_of(ours[0]), text_of(theirs[0])):
            yield _Reading(name, trial, name, theirs[0], place)
    ours_primary, theirs_primary = (set(_primary_outcomes(facts)) for facts in (curated, record))
    if ours_primary and theirs_primary and ours_primary != theirs_primary:
        names = ", ".join(sorted(outcome.removeprefix(EQP) for outcome in theirs_primary))
        told = f"the primary endpoints that name an outcome of the vocabulary: {names}"
        yield _Reading("primary-endpoints", trial, "hasEndpoint", told, place)
    ours_by, theirs_by = _contrasts(curated), _contrasts(record)
    for key in sorted(ours_by.keys() & theirs_by.keys()):
        if len(ours_by[key]) == len(theirs_by[key]) == 1:
            (thing,), (other,) = ours_by[key], theirs_by[key]
            digits = [text_of(facts[iri]["valuePrinted"][0]) for facts, iri in ((curated, thing), (record, other))]
            if not parse_number(digits[0]).agrees_with(parse_number(digits[1])):
                segment = f"contrast-{thing.rpartition('/')[2]}"
                yield _Reading(segment, thing, "value", record[other]["value"][0], _cited(record, other))


def _agree(ours: str, theirs: str) -> bool:
    """Whether two values say the same; a date may be given to the month only."""
    return ours == theirs or (ours[:4].isdigit() and (ours.startswith(f"{theirs}-") or theirs.startswith(f"{ours}-")))


def _primary_outcomes(facts: Facts) -> Iterator[str]:
    primary = vocabulary_iri("Primary")
    for said in facts.values():
        if primary in map(text_of, said.get("endpointRole", ())):
            yield from map(text_of, said.get("outcome", ()))


def _contrasts(facts: Facts) -> Mapping[tuple[str, str], list[str]]:
    """The contrasts by outcome and measure that are not of a subgroup."""
    found: dict[tuple[str, str], list[str]] = defaultdict(list)
    for iri, said in list(facts.items()):
        if vocabulary_iri("Contrast") in map(text_of, said.get(RDF_TYPE.value, ())) and "value" in said:
            sets = [facts[text_of(one)] for one in said.get("analysisSet", ()) if text_of(one) in facts]
            if "outcome" in said and "effectMeasure" in said and not any("category" in one for one in sets):
                found[text_of(said["outcome"][0]), text_of(said["effectMeasure"][0])].append(iri)
    return found


def _cited(facts: Facts, thing: str) -> str:
    """Where in the record a thing stands; of several places, the first."""
    return min(text_of(place) for place in facts[thing]["citedFrom"])


def _state(said: RecordLines, readings: Collection[_Reading], record: Facts) -> None:
    """State the conflict sets, and what their citations need to be understood."""
    version = next(iter(record[said.source].get("version", ())), None)
    because = "The curated record cites the sources that were read; the registry record"
    because += f", in its version of {text_of(version)}, says otherwise." if version else " says otherwise."
    for reading in readings:
        words = vocabulary_iri(reading.property)
        iri = f"{said.own}/conflict/{reading.segment}"
        said.thing(iri, "ConflictSet", label=f"The registry record differs: {reading.property}")
        said.link(iri, "trial", said.trial)
        said.link(said.trial, "hasConflict", iri)
        said.link(iri, "concerns", reading.thing)
        said.link(iri, "concernsProperty", words)
        said.text(iri, "preferredBecause", because)
        other = f"{iri}/reading/registry"
        said.link(iri, "hasReading", other)
        _state_reading(said, other, reading)
    if readings:
        label = text_of(record[said.source][RDFS_LABEL.value][0])
        said.thing(said.source, "Source", label=label)
        said.value(said.source, "sourceKind", "RegistryRecord")
        for address in record[said.source].get("url", ()):
            said.link_out(said.source, "url", text_of(address))


def _state_reading(said: RecordLines, iri: str, reading: _Reading) -> None:
    value = reading.value
    text = value if isinstance(value, str) else text_of(value).removeprefix(EQP)
    said.thing(iri, "AlternativeReading", label=f"Another reading: {text}")
    said.link(iri, "trial", said.trial)
    said.link(iri, "conflictsWith", reading.thing)
    if isinstance(value, str):
        said.text(iri, "statement", value)
    elif isinstance(value, ox.NamedNode):
        said.link(iri, "readAs", value.value)
    else:
        if isinstance(value, ox.Literal) and value.datatype.value in (XSD + "decimal", XSD + "integer"):
            said.number(iri, "value", parse_number(text).decimal)
        said.text(iri, "valuePrinted", text)
    said.cite(iri, reading.cited.partition("#")[2])
