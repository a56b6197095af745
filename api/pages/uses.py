"""Say in RDF how often a term is used in a release, and which query shows it.

In: the view of a term and the identifier of the release. Out: triples about `…#uses` and `…#example` of the term, in
the terms of VoID (an entity count of a class, a triple count of a property) and of SHACL (a query that can be run).
They hold of one release, are made when they are asked for, and are in no release.
"""

from collections.abc import Iterator

import pyoxigraph as ox

from equipoise.api.pages.vocabulary import TermView
from equipoise.ontology.iri import mint
from equipoise.ontology.rdf import DCTERMS, RDF_TYPE, VOID, typed

__all__ = ["use_triples"]

SH = "http://www.w3.org/ns/shacl#"


def use_triples(view: TermView, release: str) -> list[ox.Triple]:
    """The triples, for a release by its identifier."""
    term, example = ox.NamedNode(view.iri), ox.NamedNode(f"{view.iri}#example")
    triples = [
        ox.Triple(example, RDF_TYPE, ox.NamedNode(SH + "SPARQLSelectExecutable")),
        ox.Triple(example, ox.NamedNode(SH + "select"), ox.Literal(view.example_query)),
        ox.Triple(example, ox.NamedNode(DCTERMS + "subject"), term),
    ]
    for part, properties in _parts(view):
        uses = ox.NamedNode(view.iri + part)
        triples += [
            ox.Triple(uses, RDF_TYPE, ox.NamedNode(VOID + "Dataset")),
            ox.Triple(uses, ox.NamedNode(DCTERMS + "isPartOf"), ox.NamedNode(mint("release", release))),
            ox.Triple(uses, ox.NamedNode(DCTERMS + "subject"), term),
            *(ox.Triple(uses, ox.NamedNode(VOID + name), value) for name, value in properties.items()),
        ]
    return triples


def _parts(view: TermView) -> Iterator[tuple[str, dict[str, ox.NamedNode | ox.Literal]]]:
    """The parts of a release that have to do with a term: the name of each, and what VoID says of it."""
    term, total = ox.NamedNode(view.iri), typed(str(view.used), "integer")
    if view.kind == "class":
        yield "#uses", {"class": term, "entities": total}
    elif view.kind.endswith("property"):
        yield "#uses", {"property": term, "triples": total}
    elif view.kind == "scheme":
        yield "#uses", {"entities": total}
    else:
        for use in view.uses:
            if use.of is not None:
                count = typed(str(use.count), "integer")
                name = use.of.iri.rpartition("/")[2]
                yield f"#uses-{name}", {"property": ox.NamedNode(use.of.iri), "triples": count}
