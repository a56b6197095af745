"""Issue a release: name it by what its graphs say, let it describe itself, write it, and put it in service.

In: every graph but the one in which a release describes itself, what is known of them, and the external ontologies that
the release is served with. Or a release, to be served with other ontologies. Out: the release in service. Nothing in
here judges the graphs.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from importlib.metadata import version
from itertools import chain
from pathlib import Path

import pyoxigraph as ox

from equipoise.graph.described import (
    REGISTRY,
    graph_quads,
    ontology_quads,
    records_quads,
    release_quads,
    said_of_another,
)
from equipoise.graph.evidence import CONFLICTS_GRAPH, LINKED_GRAPH, MAPPINGS_GRAPH, RELEASE_GRAPH, TRIAL_GRAPHS
from equipoise.graph.external.linked import linked_quads
from equipoise.graph.external.shelf import Ontology
from equipoise.graph.index import staged
from equipoise.graph.registry.drift import drift_quads
from equipoise.graph.registry.table import EMPTY, Table
from equipoise.graph.release import Manifest, Records, Release, graph_entry, release_id, write_release
from equipoise.graph.void import dataset_quads, subset_quads

__all__ = ["Graphs", "issue_release", "reissue_release"]

Graphs = Mapping[str, tuple[ox.Quad, ...]]
"""Quads by the IRI of their graph; the default graph has that of the manifest."""


def issue_release(
    data: Path,
    graphs: Graphs,
    *,
    provenance: Iterable[ox.Triple],
    trials: Iterable[str],
    findings: Mapping[str, int],
    reasoner: str,
    ontologies: Iterable[Ontology] = (),
    table: Table = EMPTY,
) -> Release:
    """Write a release of these graphs, served with these ontologies, with these registry records, and put it in
    service.
    """
    graphs = _with_conflicts(data, graphs, table)
    entries = [graph_entry(iri, quads) for iri, quads in sorted(graphs.items())]
    served, records = _in_order(ontologies), _records(table)
    identifier = release_id(entries, served, records)
    manifest = Manifest(
        id=identifier,
        graphs=tuple(entries),
        trials=tuple(trials),
        findings=findings,
        reasoner=reasoner,
        software=_software(),
        ontologies=served,
        records=records,
    )
    quads = [quad for _, graph in sorted(graphs.items()) for quad in graph]
    about = [
        *release_quads(identifier, entries, provenance),
        *dataset_quads(identifier, graphs),
        *ontology_quads(identifier, served),
        *records_quads(identifier, records),
    ]
    return write_release(data, manifest, [*quads, *about], table=table)


def reissue_release(
    data: Path, before: Release, *, ontologies: Iterable[Ontology] | None = None, table: Table | None = None
) -> Release:
    """Write a release with the graphs of another, served with these ontologies and with these registry records (None
    for those of the other), and put it in service.

    The graphs are copied as they stand, and not held in memory; what the ontologies say of the targets of mappings is
    made anew.
    """
    served = _in_order(before.manifest.ontologies if ontologies is None else ontologies)
    table = before.table if table is None else table
    records = _records(table)
    with staged(before, served) as stage:
        linked = linked_quads(before.quads_of({MAPPINGS_GRAPH}), stage)
        drift = _conflicts(before, table)
        made = {iri: quads for iri, quads in ((LINKED_GRAPH, linked), (CONFLICTS_GRAPH, drift)) if quads}
        entries = [entry for entry in before.manifest.graphs if entry.iri not in (LINKED_GRAPH, CONFLICTS_GRAPH)]
        entries += [graph_entry(iri, quads) for iri, quads in made.items()]
        entries.sort(key=lambda entry: entry.iri)
        identifier = release_id(entries, served, records)
        manifest = replace(
            before.manifest,
            id=identifier,
            graphs=tuple(entries),
            software=_software(),
            ontologies=served,
            records=records,
        )
        quads = chain(_graphs(before), *made.values(), _said(before, manifest))
        return write_release(data, manifest, quads, table=table, base=stage)


def _graphs(release: Release) -> Iterator[ox.Quad]:
    """All that a release holds but what it says of itself, what ontologies say of the targets of mappings, and where
    registry records differ from curated ones.
    """
    left = {ox.NamedNode(RELEASE_GRAPH), ox.NamedNode(LINKED_GRAPH), ox.NamedNode(CONFLICTS_GRAPH)}
    return (quad for quad in release.quads() if quad.graph_name not in left)


def _said(before: Release, manifest: Manifest) -> Iterator[ox.Quad]:
    """What a release says of itself, from what one says with other ontologies."""
    about = said_of_another(before.quads_of({RELEASE_GRAPH}), before=before.id, now=manifest.id)
    others = [LINKED_GRAPH, CONFLICTS_GRAPH, REGISTRY, *(ontology.iri for ontology in before.manifest.ontologies)]
    gone = {ox.NamedNode(iri) for iri in others}
    kept = (quad for quad in about if quad.subject not in gone and quad.object not in gone)
    made = [entry for entry in manifest.graphs if entry.iri in (LINKED_GRAPH, CONFLICTS_GRAPH)]
    parts = [*graph_quads(manifest.id, made), *subset_quads(manifest.id, [entry.iri for entry in made])]
    served = ontology_quads(manifest.id, manifest.ontologies)
    return chain(kept, parts, served, records_quads(manifest.id, manifest.records))


def _with_conflicts(data: Path, graphs: Graphs, table: Table) -> Graphs:
    """The graphs with the one that says where registry records differ from curated ones, if any does."""
    rest = {iri: quads for iri, quads in graphs.items() if iri != CONFLICTS_GRAPH}
    starts = {iri.removeprefix(TRIAL_GRAPHS): quads for iri, quads in rest.items() if iri.startswith(TRIAL_GRAPHS)}
    drift = drift_quads(starts, data, table)
    return rest | ({CONFLICTS_GRAPH: tuple(drift)} if drift else {})


def _conflicts(before: Release, table: Table) -> list[ox.Quad]:
    """Where registry records differ from the curated ones of a release."""
    both = [nct for nct in before.manifest.trials if table.find(nct)]
    curated: dict[str, list[ox.Quad]] = {nct: [] for nct in both}
    for quad in before.quads_of({TRIAL_GRAPHS + nct for nct in both}) if both else ():
        assert isinstance(quad.graph_name, ox.NamedNode)
        curated[quad.graph_name.value.removeprefix(TRIAL_GRAPHS)].append(quad)
    return drift_quads(curated, before.data, table)


def _records(table: Table) -> Records | None:
    return Records(table.sha256, len(table), table.quads) if len(table) else None


def _in_order(ontologies: Iterable[Ontology]) -> tuple[Ontology, ...]:
    return tuple(sorted(ontologies, key=lambda ontology: ontology.iri))


def _software() -> dict[str, str]:
    return {name: version(name) for name in ("equipoise", "pyoxigraph")}
