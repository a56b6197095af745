"""Write a release as RDF: all of it or one named graph as a stream, or its vocabulary as an OWL file."""

import sys
from collections.abc import Collection, Iterable, Iterator
from itertools import chain
from pathlib import Path

import pyoxigraph as ox

from equipoise.api import terminal
from equipoise.graph.evidence import LINKED_GRAPH, MAPPINGS_GRAPH
from equipoise.graph.external.linked import linked_quads
from equipoise.graph.external.shelf import Ontology, triples_of
from equipoise.graph.external.sources import may_be_redistributed
from equipoise.graph.ontology import ontology_file
from equipoise.graph.registry.lines import REGISTRY_GRAPHS, is_of_record
from equipoise.graph.registry.packs import read_lines
from equipoise.graph.registry.table import Row
from equipoise.graph.release import Release
from equipoise.graph.store import Store
from equipoise.ontology.errors import SettingError, UnknownNameError
from equipoise.ontology.iri import curie, expand, prefixes
from equipoise.ontology.terms import allowed_text

__all__ = ["export_ontology", "export_release"]

LINKED = ox.NamedNode(LINKED_GRAPH)
DATASET_FORMATS = ("N_QUADS", "TRIG", "JSON_LD")


def export_release(
    release: Release, format: str, graph: str | None, output: Path | None, *, include: Collection[str] = ()
) -> None:
    """Write a release in a format of pyoxigraph's (`TRIG`) to a file, or to standard output.

    Registry records come last; in a format without graphs those of trials that have a curated record are left out, as
    they are of the union. External ontologies are left out but for those to `include`, by name: many may not be passed
    on; nor is what graph:linked takes from one that is not known to be free. Formats without graphs get the union, and
    they with it. Raises UnknownNameError for a graph or an ontology that is not there.
    """
    included = [release.manifest.ontology(name) for name in include]
    left_out = [one.name for one in release.manifest.ontologies if one not in included]
    if left_out and graph is None:
        terminal.note(f"left out: {', '.join(left_out)}; --include takes an ontology in, where its licence lets you")
    quads = _quads(release, graph, included)
    chosen = getattr(ox.RdfFormat, format)
    if format in DATASET_FORMATS:
        content: Iterable[ox.Quad] | Iterable[ox.Triple] = chain(quads, _records(release, graph))
    else:
        unseen = set(release.manifest.trials) if graph is None else set()
        content = (quad.triple for quad in chain(quads, _records(release, graph, but=unseen)))
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


def _quads(release: Release, graph: str | None, included: Collection[Ontology]) -> Iterator[ox.Quad]:
    known = {entry.iri for entry in release.manifest.graphs} | {ontology.iri for ontology in included}
    iri = None if graph is None else expand(graph) or graph
    if iri is not None and iri not in known and not _rows(release, iri):
        allowed = allowed_text(sorted(map(curie, known)), curie(iri))
        raise UnknownNameError("--graph", found=f"there is none called {graph!r}", allowed=allowed)
    own: Iterable[ox.Quad] = (quad for quad in release.quads() if iri is None or quad.graph_name == ox.NamedNode(iri))
    if not all(ontology in included or may_be_redistributed(ontology.name) for ontology in release.manifest.ontologies):
        own = chain((quad for quad in own if quad.graph_name != LINKED), _linked(release, iri, included))
    external = (_triples(release, ontology) for ontology in included if iri in (None, ontology.iri))
    return chain(own, chain.from_iterable(external))


def _rows(release: Release, iri: str | None) -> Iterable[Row]:
    """The registry records that a graph is of; all if None."""
    if iri is None:
        return release.table
    row = release.table.find(iri.removeprefix(REGISTRY_GRAPHS).partition("/")[0]) if is_of_record(iri) else None
    return [row] if row else []


def _records(release: Release, graph: str | None, *, but: Collection[str] = ()) -> Iterator[ox.Quad]:
    """The quads of registry records: of all but some, or of one graph."""
    iri = None if graph is None else expand(graph) or graph
    for row in _rows(release, iri):
        if row.nct not in but:
            for quad in ox.parse(read_lines(release.data, [row])[0], format=ox.RdfFormat.N_QUADS):
                if iri is None or quad.graph_name == ox.NamedNode(iri):
                    yield quad


def _linked(release: Release, graph: str | None, included: Collection[Ontology]) -> Iterable[ox.Quad]:
    """The graph of what is linked, if it is wanted, by those ontologies alone that are included or may be passed on."""
    if graph not in (None, LINKED_GRAPH):
        return ()
    passed = [one for one in release.manifest.ontologies if one in included or may_be_redistributed(one.name)]
    return linked_quads(release.quads_of({MAPPINGS_GRAPH}), release, ontologies=passed)


def _triples(release: Release, ontology: Ontology) -> Iterator[ox.Quad]:
    graph = ox.NamedNode(ontology.iri)
    for triple in triples_of(release.data, ontology):
        yield ox.Quad(triple.subject, triple.predicate, triple.object, graph)
