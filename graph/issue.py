"""Issue a release: name it by what its graphs say, let it describe itself, write it, and put it in service.

In: every graph but the one in which a release describes itself, and what is known of them. Out: the release in service.
Nothing in here judges the graphs.
"""

from collections.abc import Iterable, Mapping
from importlib.metadata import version
from pathlib import Path

import pyoxigraph as ox

from equipoise.graph.described import release_quads
from equipoise.graph.release import Manifest, Release, graph_entry, release_id, write_release
from equipoise.graph.void import dataset_quads

__all__ = ["Graphs", "issue_release"]

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
) -> Release:
    """Write a release of these graphs and put it in service."""
    entries = [graph_entry(iri, quads) for iri, quads in sorted(graphs.items())]
    identifier = release_id(entries)
    manifest = Manifest(
        id=identifier,
        graphs=tuple(entries),
        trials=tuple(trials),
        findings=findings,
        reasoner=reasoner,
        software={name: version(name) for name in ("equipoise", "pyoxigraph")},
    )
    quads = [quad for _, graph in sorted(graphs.items()) for quad in graph]
    about = [*release_quads(identifier, entries, provenance), *dataset_quads(identifier, graphs)]
    return write_release(data, manifest, [*quads, *about])
