"""A change to what a release states, and how it is made in a store: a SPARQL update, or a graph put, added to, deleted.

In: a store that holds a copy of a release, and a `Change`. Out: the store changed, and whether a graph came to be.
Nothing in here judges what the change leads to; `graph.revise` does.
"""

from collections.abc import Mapping
from dataclasses import dataclass

import pyoxigraph as ox

from equipoise.graph.evidence import BUILT_GRAPHS
from equipoise.graph.external.shelf import ONTOLOGY_GRAPHS
from equipoise.graph.registry.lines import REGISTRY_GRAPHS
from equipoise.graph.release import DEFAULT_GRAPH
from equipoise.graph.union import UNION_GRAPH
from equipoise.graph.update import Update, graphs_named, run_update
from equipoise.ontology.errors import ChangeError, RequestError, UnknownNameError
from equipoise.ontology.iri import curie

__all__ = [
    "GRAPH_MEDIA_TYPES",
    "Change",
    "Delete",
    "Document",
    "Post",
    "Put",
    "Update",
    "apply",
    "of_ontology_graph",
    "of_registry_graph",
]

GRAPH_MEDIA_TYPES: Mapping[str, ox.RdfFormat] = {
    "text/turtle": ox.RdfFormat.TURTLE,
    "application/n-triples": ox.RdfFormat.N_TRIPLES,
    "application/rdf+xml": ox.RdfFormat.RDF_XML,
    "application/ld+json": ox.RdfFormat.JSON_LD,
}
"""The media types in which a graph can be written."""


@dataclass(frozen=True)
class Document:
    """One RDF graph as text: its bytes, their media type, and the IRI that relative ones in it are relative to."""

    content: bytes
    media_type: str
    base: str


@dataclass(frozen=True)
class Put:
    """Make what the documents say the whole of a graph; None is the default graph."""

    graph: str | None
    documents: tuple[Document, ...]
    how = "put"


@dataclass(frozen=True)
class Post:
    """Add what the documents say to a graph; None is the default graph."""

    graph: str | None
    documents: tuple[Document, ...]
    how = "post"


@dataclass(frozen=True)
class Delete:
    """Take a graph away; the default graph, None, is emptied."""

    graph: str | None
    how = "delete"


Change = Update | Put | Post | Delete


def apply(store: ox.Store, change: Change) -> bool:
    """Make a change in a store; whether it made a graph that was not there.

    Raises QueryError or RequestError for what cannot be read, UnknownNameError for a graph to delete that is not there,
    ChangeError for a graph that nobody may write, or an update that names the graph of an external ontology.
    """
    if isinstance(change, Update):
        for iri in graphs_named(change):
            if iri.startswith(ONTOLOGY_GRAPHS):
                raise of_ontology_graph(iri)
            if iri.startswith(REGISTRY_GRAPHS):
                raise of_registry_graph(iri)
        run_update(store, change, untouched=BUILT_GRAPHS)
        return False
    graph = _writable(change.graph)
    is_there = isinstance(graph, ox.DefaultGraph) or store.contains_named_graph(graph)
    if isinstance(change, Delete):
        if not is_there:
            raise UnknownNameError(str(change.graph), found="no such graph", allowed="see the graphs of /releases")
        if isinstance(graph, ox.NamedNode):
            store.remove_graph(graph)
        else:
            store.clear_graph(graph)
        return False
    triples = [triple for document in change.documents for triple in read_document(document)]
    quads = [ox.Quad(triple.subject, triple.predicate, triple.object, graph) for triple in triples]
    if isinstance(change, Put):
        store.clear_graph(graph)
    if isinstance(graph, ox.NamedNode):
        store.add_graph(graph)
    store.bulk_extend(quads)
    return not is_there


def of_ontology_graph(graph: str) -> ChangeError:
    """The error of a change that names the graph of an external ontology, which is none of the release's own."""
    found = f"{curie(graph)} is for an external ontology, which is brought in whole, and no update sees it"
    return ChangeError(graph, found=found, allowed="use equipoise ontology add, update or remove", status=403)


def of_registry_graph(graph: str) -> ChangeError:
    """The error of a change that names the graph of a registry record, which says what the registry says."""
    found = f"{curie(graph)} is for a registry record, which is taken as it is, and no update sees it"
    return ChangeError(
        graph, found=found, allowed="use equipoise registry load, or write to a graph of your own", status=403
    )


def read_document(document: Document) -> list[ox.Triple]:
    """The triples of a document, its blank nodes unlike all others. Raises RequestError if it is not what it says."""
    chosen = GRAPH_MEDIA_TYPES.get(document.media_type)
    if chosen is None:
        allowed = f"must be one of {', '.join(GRAPH_MEDIA_TYPES)}"
        raise RequestError("Content-Type", found=f"is {document.media_type!r}", allowed=allowed, status=415)
    try:
        quads = list(ox.parse(document.content, format=chosen, base_iri=document.base, rename_blank_nodes=True))
    except (SyntaxError, ValueError) as error:
        found = f"is not {document.media_type}: {' '.join(str(error).split())}"
        raise RequestError("body", found=found, allowed="see the message") from error
    if any(not isinstance(quad.graph_name, ox.DefaultGraph) for quad in quads):
        raise RequestError("body", found="names graphs", allowed="must be one graph")
    return [quad.triple for quad in quads]


def _writable(graph: str | None) -> ox.NamedNode | ox.DefaultGraph:
    if graph is None:
        return ox.DefaultGraph()
    if graph == DEFAULT_GRAPH:
        found, allowed = f"{curie(graph)} is how a release calls the default graph", "write to the default graph itself"
        raise ChangeError(graph, found=found, allowed=allowed, status=403)
    if graph == UNION_GRAPH:
        found, allowed = f"{curie(graph)} is how engines call the union of all graphs", "write to another graph"
        raise ChangeError(graph, found=found, allowed=allowed, status=403)
    if graph.startswith(ONTOLOGY_GRAPHS):
        raise of_ontology_graph(graph)
    if graph.startswith(REGISTRY_GRAPHS):
        raise of_registry_graph(graph)
    if graph in BUILT_GRAPHS:
        raise ChangeError(
            graph,
            found=f"{curie(graph)} is made by every build and write",
            allowed="write to another graph",
            status=403,
        )
    try:
        return ox.NamedNode(graph)
    except ValueError as error:
        raise RequestError("graph", found=f"is {graph!r}", allowed="must be an absolute IRI") from error
