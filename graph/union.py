"""The union of a release's graphs, as RDF has it: a triple that stands in several graphs is in it once.

Engines that take the union while they answer find such a triple once for each graph, and count it as often. So the
union is made when an index is: it is the index's default graph, beside the named graphs. What the release's own default
graph holds is then found in the named graph `DEFAULT_GRAPH`, too. On an engine elsewhere, whose default graph is its
own affair, the union is one more named graph, `UNION_GRAPH`; it is none of the release's.
"""

from collections.abc import Iterable, Iterator

import pyoxigraph as ox

from equipoise.ontology.iri import mint

__all__ = ["DEFAULT_GRAPH", "UNION_GRAPH", "with_union"]

DEFAULT_GRAPH = mint("graph", "default")
"""What the default graph of a release is called where graphs are listed by name."""

UNION_GRAPH = mint("graph", "union")
"""What the union is called on an engine elsewhere. No release has a graph of that name."""

OWN = ox.NamedNode(DEFAULT_GRAPH)


def with_union(quads: Iterable[ox.Quad]) -> Iterator[ox.Quad]:
    """Every quad in its named graph, and its triple in the default graph."""
    for subject, predicate, value, graph in quads:
        yield ox.Quad(subject, predicate, value, OWN if isinstance(graph, ox.DefaultGraph) else graph)
        yield ox.Quad(subject, predicate, value)
