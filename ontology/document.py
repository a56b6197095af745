"""The vocabulary as one OWL file that editors such as Protégé open.

In: the triples of the vocabulary, and the IRI of the version that the file is. Out: Turtle or RDF/XML, all modules
merged. The same triples always give the same bytes: blank nodes are labelled canonically, and nothing tells the time.
"""

from collections.abc import Callable, Iterable, Mapping

import pyoxigraph as ox
import rdflib

from equipoise.ontology.iri import EQP, prefixes
from equipoise.ontology.rdf import RDF_TYPE, in_graph, serialized, text_of
from equipoise.ontology.reasoner import labels

__all__ = ["ONTOLOGY_FORMATS", "ontology_triples", "write_ontology"]

OWL = "http://www.w3.org/2002/07/owl#"
VERSION_IRI = ox.NamedNode(OWL + "versionIRI")


def ontology_triples(vocabulary: Iterable[ox.Triple], version_iri: str) -> list[ox.Triple]:
    """The vocabulary with the version IRI given, an rdfs:label for each term, and its individuals declared."""
    stated = [triple for triple in vocabulary if triple.predicate != VERSION_IRI]
    header = ox.Triple(ox.NamedNode(EQP), VERSION_IRI, ox.NamedNode(version_iri))
    dataset = ox.Dataset(in_graph([*stated, header, *labels(stated), *_declarations(stated)], None))
    dataset.canonicalize(ox.CanonicalizationAlgorithm.RDFC_1_0)
    return sorted((quad.triple for quad in dataset), key=str)


def _declarations(triples: Iterable[ox.Triple]) -> Iterable[ox.Triple]:
    """That each thing which is a member of a class is an individual: some parsers want to be told."""
    declared = ox.NamedNode(OWL + "NamedIndividual")
    for triple in triples:
        is_member = triple.predicate == RDF_TYPE and not text_of(triple.object).startswith(OWL)
        if is_member and isinstance(triple.subject, ox.NamedNode):
            yield ox.Triple(triple.subject, RDF_TYPE, declared)


def write_ontology(triples: Iterable[ox.Triple], format: str) -> bytes:
    """The triples in one of `ONTOLOGY_FORMATS`."""
    return ONTOLOGY_FORMATS[format][1](list(triples))


def _rdf_xml(triples: list[ox.Triple]) -> bytes:
    return serialized(triples, ox.RdfFormat.RDF_XML, _used_prefixes(triples))


def _turtle(triples: list[ox.Triple]) -> bytes:
    """Turtle by rdflib: pyoxigraph escapes the slashes in local names, which the OWL API cannot read."""
    graph = rdflib.Graph(bind_namespaces="none")
    for name, namespace in _used_prefixes(triples).items():
        graph.bind(name, namespace)
    for triple in triples:
        graph.add((_term(triple.subject), _term(triple.predicate), _term(triple.object)))
    return graph.serialize(format="turtle", encoding="utf-8")


def _term(term: ox.NamedNode | ox.BlankNode | ox.Literal | ox.Triple) -> rdflib.term.Identifier:
    """The same term in rdflib, which would give blank nodes random labels if it parsed them."""
    match term:
        case ox.NamedNode():
            return rdflib.URIRef(term.value)
        case ox.BlankNode():
            return rdflib.BNode(term.value)
        case ox.Literal() if term.language:
            return rdflib.Literal(term.value, lang=term.language)
        case ox.Literal():
            plain = term.datatype.value == prefixes()["xsd"] + "string"
            return rdflib.Literal(term.value, datatype=None if plain else rdflib.URIRef(term.datatype.value))
    raise TypeError("a quoted triple is no part of OWL")


def _used_prefixes(triples: Iterable[ox.Triple]) -> Mapping[str, str]:
    iris = {
        part.value
        for triple in triples
        for part in (triple.subject, triple.predicate, triple.object)
        if isinstance(part, ox.NamedNode)
    }
    iris |= {triple.object.datatype.value for triple in triples if isinstance(triple.object, ox.Literal)}
    return {name: namespace for name, namespace in prefixes().items() if any(iri.startswith(namespace) for iri in iris)}


ONTOLOGY_FORMATS: Mapping[str, tuple[str, Callable[[list[ox.Triple]], bytes]]] = {
    "owl": ("application/rdf+xml", _rdf_xml),
    "ttl": ("text/turtle", _turtle),
}
"""The short name of each format, which is also the ending of its file, with its media type and its writer."""
