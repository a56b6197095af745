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

from equipoise.graph.described import ontology_quads, release_quads, said_of_another
from equipoise.graph.evidence import RELEASE_GRAPH
from equipoise.graph.external.shelf import Ontology
from equipoise.graph.release import Manifest, Release, graph_entry, release_id, write_release
from equipoise.graph.void import dataset_quads

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
) -> Release:
    """Write a release of these graphs, served with these ontologies, and put it in service."""
    entries = [graph_entry(iri, quads) for iri, quads in sorted(graphs.items())]
    served = _in_order(ontologies)
    identifier = release_id(entries, served)
    manifest = Manifest(
        id=identifier,
        graphs=tuple(entries),
        trials=tuple(trials),
        findings=findings,
        reasoner=reasoner,
        software=_software(),
        ontologies=served,
    )
    quads = [quad for _, graph in sorted(graphs.items()) for quad in graph]
    about = [
        *release_quads(identifier, entries, provenance),
        *dataset_quads(identifier, graphs),
        *ontology_quads(identifier, served),
    ]
    return write_release(data, manifest, [*quads, *about])


def reissue_release(data: Path, before: Release, *, ontologies: Iterable[Ontology]) -> Release:
    """Write a release with the graphs of another, served with these ontologies, and put it in service.

    The graphs are copied as they stand; they are not held in memory.
    """
    served = _in_order(ontologies)
    identifier = release_id(before.manifest.graphs, served)
    manifest = replace(before.manifest, id=identifier, software=_software(), ontologies=served)
    about = said_of_another(before.quads_of({RELEASE_GRAPH}), before=before.id, now=identifier)
    gone = {ox.NamedNode(ontology.iri) for ontology in before.manifest.ontologies}
    kept = [quad for quad in about if quad.subject not in gone and quad.object not in gone]
    return write_release(data, manifest, chain(_own_graphs(before), kept, ontology_quads(identifier, served)))


def _own_graphs(release: Release) -> Iterator[ox.Quad]:
    """All that a release holds but what it says of itself."""
    own = ox.NamedNode(RELEASE_GRAPH)
    return (quad for quad in release.quads() if quad.graph_name != own)


def _in_order(ontologies: Iterable[Ontology]) -> tuple[Ontology, ...]:
    return tuple(sorted(ontologies, key=lambda ontology: ontology.iri))


def _software() -> dict[str, str]:
    return {name: version(name) for name in ("equipoise", "pyoxigraph")}
