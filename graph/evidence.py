"""Graphs of evidence: what a release states and is answerable for, whichever way it came.

In: the graph of a curated record, or a graph that somebody wrote. Out: an `EvidenceGraph`, which says how messages
call the graph and the things in it, which failures are explained, and what the release says of where it came from.

A graph is evidence if it is one of a trial, or uses this vocabulary; such graphs are inferred from and checked. Any
other graph is kept as it is.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from importlib.resources import files
from typing import TYPE_CHECKING

import pyoxigraph as ox

from equipoise.ontology.errors import Fault
from equipoise.ontology.iri import curie, mint, vocabulary_iri
from equipoise.ontology.rdf import DCTERMS, text_of, typed
from equipoise.ontology.reasoner import INFERRED_GRAPH

if TYPE_CHECKING:
    from equipoise.graph.build import TrialGraph

__all__ = [
    "BUILT_GRAPHS",
    "CONFLICTS_GRAPH",
    "FINDINGS_GRAPH",
    "LINKED_GRAPH",
    "MAPPINGS_GRAPH",
    "RELEASE_GRAPH",
    "TRIAL_GRAPHS",
    "VOCABULARY_GRAPH",
    "EvidenceGraph",
    "Waiver",
    "evidence_graphs",
    "graph_of_record",
    "written_graph",
]

VOCABULARY_GRAPH = mint("graph", "vocabulary")
FINDINGS_GRAPH = mint("graph", "findings")
MAPPINGS_GRAPH = mint("graph", "mappings")
LINKED_GRAPH = mint("graph", "linked")
RELEASE_GRAPH = mint("graph", "release")
CONFLICTS_GRAPH = mint("graph", "registry-conflicts")
BUILT_GRAPHS = frozenset(
    {
        VOCABULARY_GRAPH,
        INFERRED_GRAPH,
        FINDINGS_GRAPH,
        MAPPINGS_GRAPH,
        LINKED_GRAPH,
        RELEASE_GRAPH,
        CONFLICTS_GRAPH,
    }
)
"""The graphs that every release makes anew, from the others and from files; nobody writes to them."""

TRIAL_GRAPHS = mint("graph", "trial", "")
"""How the IRI of a trial's graph begins."""


@dataclass(frozen=True)
class Waiver:
    """The reason for letting a failed check of a value stand; `idle` is the fault if the check did not fail."""

    about: str
    check: str
    reason: str
    idle: Fault | None = None


@dataclass(frozen=True)
class EvidenceGraph:
    """One graph of evidence: its quads, its name in messages, and what it describes, with the line of a record if any.

    `trial` is the IRI of the trial that the graph is about, empty if it is none of a trial's. `about` is what the
    release says of where the graph came from.
    """

    iri: str
    quads: tuple[ox.Quad, ...]
    name: str
    lines: Mapping[str, int | None]
    trial: str = ""
    waivers: tuple[Waiver, ...] = ()
    about: tuple[ox.Triple, ...] = field(default=(), repr=False)

    @property
    def trial_name(self) -> str:
        """The last part of the trial's IRI: its registry number."""
        return self.trial.rpartition("/")[2]

    def place(self, iri: str) -> str:
        """How a thing is called in a message: its path below the trial, or its CURIE where it stands outside."""
        if self.trial and iri == self.trial:
            return "trial"
        return iri.removeprefix(self.trial + "/") if self.trial and self.trial in iri else curie(iri)

    def fault(self, thing: str, found: str, allowed: str) -> Fault:
        """A fault of something in this graph."""
        return Fault(self.place(thing), self.lines.get(thing), found, allowed)


def graph_of_record(trial: "TrialGraph") -> EvidenceGraph:
    """The evidence of a curated record."""
    record = trial.loaded.record
    part = ox.NamedNode(trial.iri)
    waivers = [
        Waiver(
            about=f"{trial.trial}/{waiver.about}",
            check=waiver.check.removeprefix("Check"),
            reason=waiver.reason,
            idle=Fault(
                f"waivers[{index}]",
                trial.loaded.line(("waivers", index)),
                f"waives {waiver.check} of {waiver.about}, which did not fail",
                "take it out",
            ),
        )
        for index, waiver in enumerate(record.waivers)
    ]
    about = (
        _subject(trial.iri, trial.trial),
        ox.Triple(part, ox.NamedNode(DCTERMS + "modified"), typed(record.curation.date.isoformat(), "date")),
        ox.Triple(part, ox.NamedNode(vocabulary_iri("recordHash")), ox.Literal(trial.loaded.sha256)),
        ox.Triple(part, ox.NamedNode(vocabulary_iri("curatedBy")), ox.Literal(record.curation.curator)),
    )
    lines = {thing: trial.line(thing) for thing in trial.origins}
    return EvidenceGraph(trial.iri, trial.quads, trial.loaded.name, lines, trial.trial, tuple(waivers), about)


def written_graph(
    iri: str, quads: tuple[ox.Quad, ...], *, waivers: Iterable[Waiver] = (), about: Iterable[ox.Triple] = ()
) -> EvidenceGraph:
    """The evidence of a graph that has no record, with the waivers and the provenance that it is known to have."""
    trial = mint("trial", iri.removeprefix(TRIAL_GRAPHS)) if iri.startswith(TRIAL_GRAPHS) else ""
    things = sorted({text_of(quad.subject) for quad in quads})
    said = tuple(about) or ((_subject(iri, trial),) if trial else ())
    own = tuple(waiver for waiver in waivers if waiver.about in things)
    return EvidenceGraph(iri, quads, curie(iri), dict.fromkeys(things), trial, own, said)


def evidence_graphs(store: ox.Store) -> set[str]:
    """The IRIs of the graphs of a store that are evidence; its default graph has the name `DEFAULT_GRAPH`."""
    rows = store.query((files("equipoise.graph") / "evidence.rq").read_text(encoding="utf-8"))
    assert isinstance(rows, ox.QuerySolutions)
    return {text_of(row["graph"]) for row in rows} - BUILT_GRAPHS


def _subject(graph: str, trial: str) -> ox.Triple:
    return ox.Triple(ox.NamedNode(graph), ox.NamedNode(DCTERMS + "subject"), ox.NamedNode(trial))
