"""Write a release as RDF: all of it or one named graph as a stream, or its vocabulary as an OWL file."""

import sys
from collections.abc import Iterator
from pathlib import Path

import pyoxigraph as ox

from equipoise.api import terminal
from equipoise.graph.ontology import ontology_file
from equipoise.graph.release import Release
from equipoise.graph.store import Store
from equipoise.ontology.errors import SettingError, UnknownNameError
from equipoise.ontology.iri import curie, expand, prefixes
from equipoise.ontology.terms import allowed_text

__all__ = ["export_ontology", "export_release"]

DATASET_FORMATS = ("N_QUADS", "TRIG", "JSON_LD")


def export_release(release: Release, format: str, graph: str | None, output: Path | None) -> None:
    """Write a release in a format of pyoxigraph's (`TRIG`) to a file, or to standard output.

    Formats without graphs get the union. Raises UnknownNameError for a graph that the release does not have.
    """
    quads = _quads(release, graph)
    chosen = getattr(ox.RdfFormat, format)
    content = quads if format in DATASET_FORMATS else (quad.triple for quad in quads)
    try:
        if output is None:
            sys.stdout.flush()
            ox.serialize(content, sys.stdout.buffer, chosen, prefixes=prefixes())
            sys.stdout.buffer.flush()
        else:
            with open(output, "wb") as file:
                ox.serialize(content, file, chosen, prefixes=prefixes())
    except BrokenPipeError:
        raise
    except OSError as error:
        raise _not_written(output, error) from error


def export_ontology(store: Store, format: str, output: Path | None) -> None:
    """Write the ontology of a store as an OWL file (`owl` or `ttl`) to a file, or to standard output."""
    content = ontology_file(store, format)
    if output is None:
        terminal.write(content)
        return
    try:
        output.write_bytes(content)
    except OSError as error:
        raise _not_written(output, error) from error


def _not_written(output: Path | None, error: OSError) -> SettingError:
    return SettingError(str(output), found=f"cannot be written: {error.strerror}", allowed="must be a writable file")


def _quads(release: Release, graph: str | None) -> Iterator[ox.Quad]:
    known = {entry.iri for entry in release.manifest.graphs}
    iri = None if graph is None else expand(graph) or graph
    if iri is not None and iri not in known:
        allowed = allowed_text(sorted(map(curie, known)), curie(iri))
        raise UnknownNameError("--graph", found=f"there is none called {graph!r}", allowed=allowed)
    return (quad for quad in release.quads() if iri is None or quad.graph_name == ox.NamedNode(iri))
