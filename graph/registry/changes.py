"""What changed from one version of a registry record to the next, as statements that every later version keeps.

In: the lines of the version before, and the statements of the new one. Out: statements, one `eqp:RecordChange` for each
property that says something else, with both values; and those that the version before had of its own predecessors. So
the record's past can be asked for in SPARQL, in any release, also when earlier releases are not kept any more.
"""

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from typing import NamedTuple

import pyoxigraph as ox

from equipoise.graph.registry.lines import RecordLines
from equipoise.ontology.iri import EQP, curie, vocabulary_iri
from equipoise.ontology.rdf import DCTERMS, RDFS_LABEL, text_of

__all__ = ["changes"]

TRACKED = (
    *("registryStatus", "whyStopped", "enrollment", "enrollmentKind", "startDate", "primaryCompletionDate"),
    *("completionDate", "phase", "allocation", "masking", "sponsor", "hasPostedResults"),
)
"""The properties of a trial of which it is noted what they were."""

ROLES = {"Primary": "primary-endpoints", "Secondary": "secondary-endpoints"}
"""The roles of endpoints whose wording and time frame are watched, and the segment of the change's IRI."""

SEGMENT = re.compile(r"[^A-Za-z0-9-]+")

Facts = Mapping[str, Mapping[str, list[str]]]
"""Values by subject and property."""


class _Change(NamedTuple):
    """One property that says something else; `role` is that of endpoints."""

    segment: str
    property: str
    role: str | None
    before: set[str]
    now: set[str]


def changes(before: bytes, lines: RecordLines) -> list[str]:
    """The statements on what changed, as `RecordLines` has them; `before` are the lines of the version before."""
    own = (f"<{lines.own}/change/".encode(), f"<{lines.trial}> <{EQP}hasRecordChange>".encode())
    kept = [line for line in before.splitlines() if line.startswith(own)]
    said = RecordLines(lines.nct)
    now_text = "".join(lines.lines()).encode()
    old, new = (_facts(text, lines) for text in (before, now_text))
    versions = [_version(facts, lines) for facts in (old, new)]
    for change in _differences(old, new, lines):
        iri = f"{lines.own}/change/{SEGMENT.sub('-', versions[1])}/{change.segment}"
        said.thing(iri, "RecordChange")
        said.link(iri, "trial", lines.trial)
        said.link(lines.trial, "hasRecordChange", iri)
        said.link(iri, "concernsProperty", change.property)
        if change.role:
            said.value(iri, "endpointRole", change.role)
        for name, values in (("valueBefore", change.before), ("valueNow", change.now)):
            for value in sorted(values):
                said.text(iri, name, value)
        said.text(iri, "versionBefore", versions[0])
        said.text(iri, "versionNow", versions[1])
    return sorted({*(_without_graph(line) for line in kept), *said.triples()})


def _facts(text: bytes, lines: RecordLines) -> Facts:
    """What lines say of the trial, of its endpoints, and of the record as a source."""
    starts = tuple(f"<{iri}".encode() for iri in (f"{lines.trial}>", f"{lines.own}/endpoint/", f"{lines.source}>"))
    wanted = b"".join(line for line in text.splitlines(keepends=True) if line.startswith(starts))
    facts: dict[str, dict[str, list[str]]] = defaultdict(lambda: defaultdict(list))
    for quad in ox.parse(wanted, format=ox.RdfFormat.N_QUADS):
        facts[text_of(quad.subject)][quad.predicate.value].append(text_of(quad.object))
    return facts


def _version(facts: Facts, lines: RecordLines) -> str:
    """The version of a record: when it was last posted, or else the beginning of its hash."""
    source = facts.get(lines.source, {})
    return next(iter([*source.get(EQP + "version", []), *(text[:12] for text in source.get(EQP + "textHash", []))]), "")


def _differences(old: Facts, new: Facts, lines: RecordLines) -> Iterator[_Change]:
    for name in (*map(vocabulary_iri, TRACKED), DCTERMS + "title"):
        before, now = (set(map(_short, facts.get(lines.trial, {}).get(name, ()))) for facts in (old, new))
        if before != now:
            yield _Change(curie(name).partition(":")[2], name, None, before, now)
    for role, segment in ROLES.items():
        before, now = (set(_endpoints(facts.items(), vocabulary_iri(role))) for facts in (old, new))
        if before != now:
            yield _Change(segment, vocabulary_iri("hasEndpoint"), role, before - now, now - before)


def _endpoints(facts: Iterable[tuple[str, Mapping[str, list[str]]]], role: str) -> Iterator[str]:
    """The endpoints of a role, by wording and time frame."""
    for _, said in facts:
        if role in said.get(EQP + "endpointRole", ()):
            label = " ".join(said.get(RDFS_LABEL.value, ["(no name)"]))
            frame = " ".join(said.get(EQP + "timeFrame", []))
            yield f"{label} [{frame}]" if frame else label


def _short(value: str) -> str:
    """A value as it is shown: of a controlled value, its name."""
    return value.removeprefix(EQP)


def _without_graph(line: bytes) -> str:
    """A line of N-Quads as `RecordLines` has its triple."""
    text = line.decode()
    return text[: text.rindex(" <") + 1]
