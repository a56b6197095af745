"""What two releases say differently: which trials came, went or changed, and of a trial value by value what changed.

In: two releases. Out: a `Comparison` of them, by their manifests and tables, which costs nothing; and for one trial the
`ValueChange`s, from the statements of both. Where a value was read, and the hash of what was read, are no values.
"""

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass

import pyoxigraph as ox

from equipoise.graph.evidence import TRIAL_GRAPHS
from equipoise.graph.registry.packs import read_lines
from equipoise.graph.release import DEFAULT_GRAPH, Release
from equipoise.ontology.errors import UnknownNameError
from equipoise.ontology.iri import curie, mint, vocabulary_iri
from equipoise.ontology.rdf import RDFS_LABEL, text_of

__all__ = ["Comparison", "ValueChange", "compare", "trial_changes"]

PASSED_OVER = {vocabulary_iri(name) for name in ("citedFrom", "textHash", "spanHash", "hasRecordChange")}
"""Properties that say where something was read, or what changed before."""


@dataclass(frozen=True)
class Comparison:
    """Two releases by identifier; the trials that the second has more, has no more, or has otherwise, by registry
    number; and the other graphs that differ, by IRI.
    """

    before: str
    now: str
    added: tuple[str, ...]
    removed: tuple[str, ...]
    changed: tuple[str, ...]
    graphs: tuple[str, ...]


@dataclass(frozen=True)
class ValueChange:
    """The values of one property of one thing in two releases: sorted texts; none where a release has none.

    `graph` is the graph that says so, `thing` the IRI and `label` the name of the thing.
    """

    graph: str
    thing: str
    label: str
    property: str
    before: tuple[str, ...]
    now: tuple[str, ...]


def compare(before: Release, now: Release) -> Comparison:
    """What differs between two releases."""
    old, new = ({entry.iri: entry.sha256 for entry in release.manifest.graphs} for release in (before, now))
    differing = {iri for iri in old | new if old.get(iri) != new.get(iri)}
    curated = {iri.removeprefix(TRIAL_GRAPHS) for iri in differing if iri.startswith(TRIAL_GRAPHS)}
    names = curated | {row.nct for row, _ in before.table.changed_in(now.table)}
    names |= {row.nct for row in before.table.missing_from(now.table)}
    names |= {row.nct for row in now.table.missing_from(before.table)}
    added = {name for name in names if not _has(before, name)}
    removed = {name for name in names if not _has(now, name)}
    return Comparison(
        before.id,
        now.id,
        tuple(sorted(added)),
        tuple(sorted(removed)),
        tuple(sorted(names - added - removed)),
        tuple(sorted(iri for iri in differing if not iri.startswith(TRIAL_GRAPHS))),
    )


def trial_changes(before: Release, now: Release, trial: str) -> list[ValueChange]:
    """What changed of a trial, by registry number: of the trial itself first, then of its parts.

    Raises UnknownNameError if neither release has it.
    """
    if not _has(before, trial) and not _has(now, trial):
        raise UnknownNameError("trial", found=f"there is none called {trial!r}", allowed="see /trials")
    old, new = (set(_statements(release, trial)) for release in (before, now))
    labelled = [quad for quad in sorted(old | new, key=str) if quad.predicate == RDFS_LABEL]
    labels = {text_of(quad.subject): text_of(quad.object) for quad in labelled}
    values: dict[tuple[str, str, str], tuple[set[str], set[str]]] = defaultdict(lambda: (set(), set()))
    for side, quads in enumerate((old - new, new - old)):
        for quad in quads:
            place = (_graph_iri(quad), text_of(quad.subject), quad.predicate.value)
            values[place][side].add(_text(quad.object, labels))
    changes = [
        ValueChange(
            graph,
            thing,
            labels.get(thing, curie(thing)),
            name,
            tuple(sorted(gone)),
            tuple(sorted(come)),
        )
        for (graph, thing, name), (gone, come) in values.items()
    ]
    subject = mint("trial", trial)
    return sorted(changes, key=lambda change: (change.thing != subject, change.thing, change.property, change.graph))


def _has(release: Release, trial: str) -> bool:
    return trial in release.manifest.trials or release.table.find(trial) is not None


def _statements(release: Release, trial: str) -> Iterator[ox.Quad]:
    """What a release says of a trial, curated and in the registry's words, but for where it was read."""
    row = release.table.find(trial)
    lines = read_lines(release.data, [row]) if row else []
    quads = [*ox.parse(b"".join(lines), format=ox.RdfFormat.N_QUADS)]
    if trial in release.manifest.trials:
        quads += release.quads_of({TRIAL_GRAPHS + trial})
    return (quad for quad in quads if not _is_of_reading(quad))


def _graph_iri(quad: ox.Quad) -> str:
    return quad.graph_name.value if isinstance(quad.graph_name, ox.NamedNode) else DEFAULT_GRAPH


def _is_of_reading(quad: ox.Quad) -> bool:
    subject = text_of(quad.subject)
    is_place = "#/" in subject or "/citation/" in subject or "/registry/change/" in subject
    return quad.predicate.value in PASSED_OVER or is_place


def _text(term: ox.NamedNode | ox.BlankNode | ox.Literal | ox.Triple, labels: dict[str, str]) -> str:
    if isinstance(term, ox.NamedNode):
        return labels.get(term.value) or curie(term.value)
    return text_of(term)
