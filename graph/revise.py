"""Change the release in service: a new release with the change made, inferred from, checked and entered in the history.

In: a data folder and a `Change`. Out: a `Revision`, the new release in service. The change is made in a copy in memory;
what it leads to goes through the same stages as a build. A change that is refused, for whatever reason, leaves the data
folder as it was.
"""

from dataclasses import dataclass
from pathlib import Path

import pyoxigraph as ox

from equipoise.graph.canonical import canonical
from equipoise.graph.change import Change, apply, of_ontology_graph, of_registry_graph
from equipoise.graph.described import provenance_of, waivers_of
from equipoise.graph.evidence import (
    BUILT_GRAPHS,
    LINKED_GRAPH,
    MAPPINGS_GRAPH,
    RELEASE_GRAPH,
    VOCABULARY_GRAPH,
    EvidenceGraph,
    evidence_graphs,
    written_graph,
)
from equipoise.graph.external.shelf import ONTOLOGY_GRAPHS
from equipoise.graph.history import Entry, record
from equipoise.graph.issue import Graphs, issue_release
from equipoise.graph.lock import hold
from equipoise.graph.registry.lines import REGISTRY_GRAPHS
from equipoise.graph.release import DEFAULT_GRAPH, Release, current_release, graph_hash, stored_graphs
from equipoise.graph.union import UNION_GRAPH
from equipoise.ontology.errors import ChangeError, ReasoningError, RecordError
from equipoise.ontology.iri import curie

__all__ = ["Revision", "revise"]


@dataclass(frozen=True)
class Revision:
    """The release that a change led to, and whether the change made a graph that was not there."""

    release: Release
    created: bool


def revise(data: Path, change: Change, *, who: str | None = None, why: str | None = None) -> Revision:
    """Make a change and put what it leads to in service.

    Raises LockError if another process is writing, QueryError, RequestError or UnknownNameError if the change cannot be
    made, ChangeError with all faults if what it leads to may not be in service, ReleaseError if there is no release.
    """
    with hold(data):
        before = current_release(data)
        workspace = before.load()
        evident = evidence_graphs(workspace)
        about = stored_graphs(workspace).get(RELEASE_GRAPH, ())
        waivers, provenance = waivers_of(workspace), provenance_of(workspace)
        created = apply(workspace, change)
        graphs = stored_graphs(workspace)
        if graphs.pop(RELEASE_GRAPH, ()) != about:
            raise _of_built_graph(RELEASE_GRAPH)
        _refuse_impossible(workspace, graphs)
        graphs |= canonical({iri: quads for iri, quads in graphs.items() if iri not in BUILT_GRAPHS})
        changed = _changed(before, graphs)
        evident_now = evidence_graphs(workspace)
        evidence = [
            written_graph(iri, graphs[iri], waivers=waivers, about=() if iri in changed else provenance.get(iri, ()))
            for iri in sorted(evident_now)
        ]
        if changed & (evident | evident_now):
            release = _derived(before, graphs, evidence, changed)
        else:
            release = issue_release(
                data,
                graphs,
                provenance=[triple for graph in evidence for triple in graph.about],
                trials=before.manifest.trials,
                findings=before.manifest.findings,
                reasoner=before.manifest.reasoner,
                ontologies=before.manifest.ontologies,
                table=before.table,
            )
        entry = Entry.of_now(release=release.id, before=before.id, how=change.how, graph=change.graph, who=who, why=why)
        record(data, entry)
    return Revision(release, created)


def _derived(before: Release, graphs: Graphs, evidence: list[EvidenceGraph], changed: frozenset[str]) -> Release:
    """A release with what follows from the evidence. Raises ChangeError if the evidence may not be in service.

    What it needs (shapes, reasoner, checks) is slow to load, and graphs that are no evidence need none of it.
    """
    from equipoise.graph.derive import derive
    from equipoise.graph.publish import publish
    from equipoise.ontology.reasoner import infer_by_rules

    own = {graph.iri for graph in evidence} | BUILT_GRAPHS
    kept = {iri: quads for iri, quads in graphs.items() if iri not in own}
    vocabulary = [quad.triple for quad in graphs[VOCABULARY_GRAPH]]
    try:
        assembly = derive(
            vocabulary,
            evidence,
            infer=infer_by_rules,
            mappings=graphs.get(MAPPINGS_GRAPH, ()),
            linked=graphs.get(LINKED_GRAPH, ()),
            changed=changed,
            kept=kept,
        )
        return publish(assembly, before.data, ontologies=before.manifest.ontologies, table=before.table)
    except RecordError as error:
        faults = str(error).splitlines()
        found, allowed = f"would leave {len(faults)} fault(s)", "nothing was changed"
        raise ChangeError("change", found=found, allowed=allowed, faults=faults) from error
    except ReasoningError as error:
        found, allowed = "would contradict the ontology", "nothing was changed"
        raise ChangeError("change", found=found, allowed=allowed, faults=[str(error)]) from error


def _changed(before: Release, graphs: Graphs) -> frozenset[str]:
    """The graphs that came, went, or say something else. Raises ChangeError if one that is built is among them."""
    hashes = {entry.iri: entry.sha256 for entry in before.manifest.graphs}
    now = {iri: graph_hash(quads) for iri, quads in graphs.items()}
    changed = frozenset(iri for iri in {*hashes, *now} if hashes.get(iri) != now.get(iri))
    for iri in sorted(changed & BUILT_GRAPHS):
        raise _of_built_graph(iri)
    return changed


def _refuse_impossible(workspace: ox.Store, graphs: Graphs) -> None:
    """Refuse what no release can hold: named graphs with the name of another graph, and triples about triples."""
    if workspace.contains_named_graph(ox.NamedNode(DEFAULT_GRAPH)):
        found = f"{curie(DEFAULT_GRAPH)} is how a release calls the default graph"
        raise ChangeError(DEFAULT_GRAPH, found=found, allowed="write to the default graph itself", status=403)
    if workspace.contains_named_graph(ox.NamedNode(UNION_GRAPH)):
        found = f"{curie(UNION_GRAPH)} is how engines call the union of all graphs"
        raise ChangeError(UNION_GRAPH, found=found, allowed="write to another graph", status=403)
    for iri, quads in graphs.items():
        if iri.startswith(ONTOLOGY_GRAPHS):
            raise of_ontology_graph(iri)
        if iri.startswith(REGISTRY_GRAPHS):
            raise of_registry_graph(iri)
        if any(isinstance(quad.object, ox.Triple) for quad in quads):
            raise ChangeError(iri, found="has a triple about a triple", allowed="must be RDF 1.1")


def _of_built_graph(iri: str) -> ChangeError:
    return ChangeError(
        iri, found=f"{curie(iri)} is made by every build and write", allowed="write to another graph", status=403
    )
