"""What a release is as a VoID dataset: its licence, its vocabularies, and how much of what is in it.

In: the graphs of a release, as quads. Out: quads for the graph in which the release describes itself. They are no part
of the release's identifier, for they follow from what is. Every number is of the merge of the graphs: a triple that
stands in several counts once, and what others say of the targets of mappings (graph:linked) does not count.
"""

from collections import Counter
from collections.abc import Collection, Iterable, Mapping
from importlib.resources import files
from urllib.parse import quote

import pyoxigraph as ox

from equipoise.graph.evidence import LINKED_GRAPH
from equipoise.graph.release import DEFAULT_GRAPH
from equipoise.ontology.iri import BASE, curie, mint, prefixes, vocabulary_iri
from equipoise.ontology.rdf import DCTERMS, RDF_TYPE, VOID, in_graph, typed

__all__ = ["dataset_quads", "subset_quads"]

EXAMPLES = ("Trial", "Contrast", "Drug")
"""The classes of which a release names one thing as an example."""


def dataset_quads(identifier: str, graphs: Mapping[str, Collection[ox.Quad]]) -> list[ox.Quad]:
    """The VoID description of a release with these graphs, by IRI; that of the default graph names no graph."""
    release = mint("release", identifier)
    subject = ox.NamedNode(release)
    text = (files("equipoise.graph") / "dataset.ttl").read_text(encoding="utf-8")
    triples = [quad.triple for quad in ox.parse(text, format=ox.RdfFormat.TURTLE, base_iri=release)]
    triples.append(ox.Triple(subject, ox.NamedNode(DCTERMS + "hasVersion"), ox.Literal(identifier)))
    triples += _counts(release, [graph for iri, graph in graphs.items() if iri != LINKED_GRAPH])
    about = in_graph(sorted(triples, key=str), mint("graph", "release"))
    return about + subset_quads(identifier, set(graphs) - {DEFAULT_GRAPH})


def subset_quads(identifier: str, graphs: Iterable[str]) -> list[ox.Quad]:
    """That graphs, by IRI, are subsets of a release."""
    release, triples = ox.NamedNode(mint("release", identifier)), []
    for graph in sorted(graphs):
        triples.append(ox.Triple(release, _void("subset"), ox.NamedNode(graph)))
        triples.append(ox.Triple(ox.NamedNode(graph), RDF_TYPE, _void("Dataset")))
    return in_graph(triples, mint("graph", "release"))


def _counts(release: str, graphs: Collection[Collection[ox.Quad]]) -> list[ox.Triple]:
    """The statistics: all triples are seen once, those whose subject is in several graphs are kept to be told apart."""
    homes = Counter(subject for graph in graphs for subject in {quad.subject for quad in graph})
    seen: set[ox.Triple] = set()
    objects: set[object] = set()
    predicates: Counter[ox.NamedNode] = Counter()
    classes: Counter[ox.NamedNode] = Counter()
    first: dict[str, str] = {}
    wanted = {vocabulary_iri(name) for name in EXAMPLES}
    for graph in graphs:
        for subject, predicate, value, _ in graph:
            if homes[subject] > 1:
                triple = ox.Triple(subject, predicate, value)
                if triple in seen:
                    continue
                seen.add(triple)
            objects.add(value)
            predicates[predicate] += 1
            if predicate == RDF_TYPE and isinstance(value, ox.NamedNode):
                classes[value] += 1
                if value.value in wanted and isinstance(subject, ox.NamedNode):
                    first[value.value] = min(subject.value, first.get(value.value, subject.value))
    entities = sum(isinstance(subject, ox.NamedNode) and subject.value.startswith(BASE) for subject in homes)
    numbers = {
        "triples": predicates.total(),
        "entities": entities,
        "distinctSubjects": len(homes),
        "distinctObjects": len(objects),
        "classes": len(classes),
        "properties": len(predicates),
    }
    dataset = ox.NamedNode(release)
    triples = [ox.Triple(dataset, _void(name), _number(number)) for name, number in numbers.items()]
    triples += [ox.Triple(dataset, _void("exampleResource"), ox.NamedNode(iri)) for iri in first.values()]
    triples += [
        ox.Triple(dataset, _void("vocabulary"), ox.NamedNode(namespace))
        for namespace in _namespaces([*predicates, *classes])
    ]
    triples += _partitions(release, "class", "entities", classes)
    return triples + _partitions(release, "property", "triples", predicates)


def _partitions(release: str, kind: str, count: str, numbers: Mapping[ox.NamedNode, int]) -> list[ox.Triple]:
    """The partitions by class or by property, each named by the CURIE of its term, with how much is in it."""
    triples = []
    for term, number in numbers.items():
        name = "/".join(quote(piece, safe="") for piece in curie(term.value).split(":", 1))
        part = ox.NamedNode(f"{release}/{kind}/{name}")
        triples += [
            ox.Triple(ox.NamedNode(release), _void(f"{kind}Partition"), part),
            ox.Triple(part, _void(kind), term),
            ox.Triple(part, _void(count), _number(number)),
        ]
    return triples


def _namespaces(terms: Collection[ox.NamedNode]) -> set[str]:
    """The namespaces of the prefix map that hold any of the terms."""
    known = prefixes()
    return {known[prefix] for term in terms if (prefix := curie(term.value).partition(":")[0]) in known}


def _void(name: str) -> ox.NamedNode:
    return ox.NamedNode(VOID + name)


def _number(number: int) -> ox.Literal:
    return typed(str(number), "integer")
