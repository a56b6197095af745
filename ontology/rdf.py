"""Names of RDF's own vocabularies, and what every layer needs to turn terms into text and graphs into bytes."""

from collections.abc import Iterable, Mapping

import pyoxigraph as ox

__all__ = [
    "DCTERMS",
    "OWL",
    "RDFS_LABEL",
    "RDFS_SUBCLASS",
    "RDF_TYPE",
    "SKOS",
    "VOID",
    "XSD",
    "in_graph",
    "serialized",
    "text_of",
    "typed",
]

DCTERMS = "http://purl.org/dc/terms/"
OWL = "http://www.w3.org/2002/07/owl#"
SKOS = "http://www.w3.org/2004/02/skos/core#"
VOID = "http://rdfs.org/ns/void#"
XSD = "http://www.w3.org/2001/XMLSchema#"
RDF_TYPE = ox.NamedNode("http://www.w3.org/1999/02/22-rdf-syntax-ns#type")
RDFS_SUBCLASS = ox.NamedNode("http://www.w3.org/2000/01/rdf-schema#subClassOf")
RDFS_LABEL = ox.NamedNode("http://www.w3.org/2000/01/rdf-schema#label")


def typed(text: str, datatype: str) -> ox.Literal:
    """A literal of one of the XML Schema datatypes, by the local name of the datatype."""
    return ox.Literal(text, datatype=ox.NamedNode(XSD + datatype))


def text_of(term: ox.NamedNode | ox.BlankNode | ox.Literal | ox.Triple) -> str:
    """The IRI, label or lexical form of a term. Raises TypeError for a quoted triple, which our data do not have."""
    if isinstance(term, ox.Triple):
        raise TypeError("a quoted triple has no text of its own")
    return term.value


def in_graph(triples: Iterable[ox.Triple], graph: str | None) -> list[ox.Quad]:
    """The triples as quads of one named graph, or of the default graph."""
    name = ox.DefaultGraph() if graph is None else ox.NamedNode(graph)
    return [ox.Quad(triple.subject, triple.predicate, triple.object, name) for triple in triples]


def serialized(
    content: Iterable[ox.Triple] | Iterable[ox.Quad], format: ox.RdfFormat, prefixes: Mapping[str, str] | None = None
) -> bytes:
    """Triples or quads as bytes."""
    written = ox.serialize(content, format=format, prefixes=dict(prefixes or {}))
    assert written is not None
    return written
