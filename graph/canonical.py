"""Name the blank nodes of written graphs by what is said of them, so that a release follows from its content.

In: quads by graph. Out: the same with blank nodes named by RDFC-1.0. Graphs that share a blank node are named together
and go on sharing it; all others are named apart, so that writing one graph does not change the hash of another.
"""

import hashlib
from collections.abc import Iterable, Iterator, Mapping

import pyoxigraph as ox

__all__ = ["canonical"]

Graphs = Mapping[str, tuple[ox.Quad, ...]]


def canonical(graphs: Graphs) -> dict[str, tuple[ox.Quad, ...]]:
    """The graphs, whose quads are in order, with blank nodes named. Takes long on graphs made to take long."""
    named = dict(graphs)
    for group in _sharing({iri: _blank_nodes(quads) for iri, quads in graphs.items()}):
        named |= _relabelled({iri: graphs[iri] for iri in group})
    return named


def _blank_nodes(quads: Iterable[ox.Quad]) -> frozenset[ox.BlankNode]:
    return frozenset(node for quad in quads for node in (quad.subject, quad.object) if isinstance(node, ox.BlankNode))


def _sharing(nodes: Mapping[str, frozenset[ox.BlankNode]]) -> Iterator[list[str]]:
    """The graphs with blank nodes, in groups that share some."""
    groups: list[tuple[set[str], set[ox.BlankNode]]] = []
    for iri, own in nodes.items():
        if own:
            joined = [group for group in groups if group[1] & own]
            groups = [group for group in groups if not group[1] & own]
            groups.append(({iri}.union(*(names for names, _ in joined)), set(own).union(*(met for _, met in joined))))
    return (sorted(names) for names, _ in groups)


def _relabelled(graphs: Graphs) -> dict[str, tuple[ox.Quad, ...]]:
    dataset = ox.Dataset([quad for quads in graphs.values() for quad in quads])
    dataset.canonicalize(ox.CanonicalizationAlgorithm.RDFC_1_0)
    prefix = "g" + hashlib.sha256("\n".join(graphs).encode()).hexdigest()[:12]

    found: dict[str, list[ox.Quad]] = {iri: [] for iri in graphs}
    keys = {quad.graph_name: iri for iri, quads in graphs.items() for quad in quads}
    for quad in dataset:
        subject, value = quad.subject, quad.object
        if isinstance(subject, ox.BlankNode):
            subject = ox.BlankNode(prefix + subject.value)
        if isinstance(value, ox.BlankNode):
            value = ox.BlankNode(prefix + value.value)
        found[keys[quad.graph_name]].append(ox.Quad(subject, quad.predicate, value, quad.graph_name))
    return {iri: tuple(sorted(quads, key=str)) for iri, quads in found.items()}
