"""A release from disk onto an engine: sent in pieces, verified, and put in place together.

    graphs whose hash the engine's release graph does not have
      → sent in requests of so many triples to a staging graph that is named by its content, again if a request fails
      → read back, and compared in number and hash
      → merged on the engine into their union, likewise staged and compared, where the engine has none that is a set
      → put in place in one update, the release graph last; graphs that are in no release any more removed

External ontologies go the same way, in pieces from the shelf; as nobody holds all of one in memory, they are compared
in number only. They are not in the union. An engine whose own union would have them gets ours, and is asked for that.

The union (`UNION_GRAPH`) is made on the engine, from what is staged and what is in place, so that it shares its blank
nodes with the graphs. It is none of the release's graphs, and in nobody's list.

A load that was broken off goes on where it stopped. The union of all graphs shows readers a staging graph too; so that
nobody's query finds half a release there, staged triples have other predicates, each behind `urn:equipoise:staged:`,
and get their own when they are put in place. Whether readers see that update as one step is the engine's affair
(docs/engines.md).

The first request to a staging graph has all triples with blank nodes, since a blank node lives within one request, and
replaces what was there; any request may therefore be sent twice without harm.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby

import pyoxigraph as ox

from equipoise.graph.release import Release
from equipoise.graph.store.content import Content, as_staged, content_of, has_blank_node, line
from equipoise.graph.store.ontologies import ontology_count, stage_ontology
from equipoise.graph.store.remote import RELEASE_GRAPH, RemoteStore
from equipoise.graph.store.writing import EngineWriter, staging_graph
from equipoise.graph.union import DEFAULT_GRAPH, UNION_GRAPH
from equipoise.ontology.errors import ReleaseError

__all__ = ["Comparison", "compare_release", "load_release"]

REQUEST_TRIPLES = 10_000
"""How many triples go in one request."""


@dataclass(frozen=True)
class Comparison:
    """One graph: what the release on disk has of it, and what the engine has."""

    iri: str
    wanted: Content
    found: Content

    @property
    def same(self) -> bool:
        """Whether both have the same."""
        return self.wanted == self.found


def load_release(
    store: RemoteStore,
    release: Release,
    *,
    held: Mapping[str, str] | None = None,
    request_triples: int = REQUEST_TRIPLES,
    report: Callable[[int], object] = id,
) -> list[str]:
    """Make an engine hold a release; the graphs that were sent. `report` is told how many triples of it are done.

    `held` maps the graphs that need not be sent again to their hashes; by default, those of the release that the engine
    says it holds. Raises ReleaseError if the engine cannot hold the release as it is; what it held before then stays.
    """
    if release.manifest.records:
        found = f"has {release.manifest.records.count} registry records, each a named graph"
        allowed = "write it with equipoise export --format nq, and load that by the engine's own bulk loader"
        raise ReleaseError(release.id, found=found, allowed=allowed)
    writer = EngineWriter(store)
    held = writer.hashes() if held is None else held
    own = {entry.iri: entry.sha256 for entry in release.manifest.graphs}
    ontologies = release.manifest.ontologies
    wanted = own | {ontology.iri: ontology.sha256 for ontology in ontologies}
    done, staged, copied = 0, dict[str, Content](), dict[str, str]()
    for iri, triples in _graphs(release):
        if iri == RELEASE_GRAPH or held.get(iri) != wanted[iri] or writer.count(iri) != len(triples):
            staged[iri] = _stage(writer, iri, triples, request_triples, report, done)
        done += len(triples)
        report(done)
    for ontology in ontologies:
        count = ontology_count(release, ontology)
        if held.get(ontology.iri) != ontology.sha256 or writer.count(ontology.iri) != count:
            copied[ontology.iri] = stage_ontology(
                writer, release.data, ontology, count=count, most=request_triples, report=report, before=done
            )
        done += ontology.triples
        report(done)
    if not copied and list(staged) == [RELEASE_GRAPH] and writer.hashes() == wanted:
        staged.clear()
    sent = [*staged, *copied]
    gone = [iri for iri in writer.hashes() if iri not in wanted]
    if store.engine.keeps_union or ontologies:
        union = content_of((quad.triple for quad in release.quads()), store.engine)
        if staged or gone or writer.count(UNION_GRAPH) != union.triples:
            staged[UNION_GRAPH] = _stage_union(writer, union, [*own, RELEASE_GRAPH], staged)
    elif writer.count(UNION_GRAPH):
        gone.append(UNION_GRAPH)
    writer.place(staged, gone, copied)
    for iri, content in staged.items():
        if (count := writer.count(iri)) != content.triples:
            allowed = f"must be {content.triples}; load again, and see what else writes there"
            raise ReleaseError(store.address, found=f"has {count} triples in {iri}", allowed=allowed)
    writer.clear_staging()
    store.forget()
    return sent


def compare_release(store: RemoteStore, release: Release) -> list[Comparison]:
    """Every graph of a release beside what an engine holds of it, and every graph that only the engine's release has.

    All of it is read, but of external ontologies, of which the engine only counts the triples.
    """
    writer, engine = EngineWriter(store), store.engine
    found = [Comparison(iri, content_of(triples, engine), writer.content(iri)) for iri, triples in _graphs(release)]
    for ontology in release.manifest.ontologies:
        wanted_content = Content(ontology_count(release, ontology), ontology.sha256)
        there = Content(writer.count(ontology.iri), writer.hashes().get(ontology.iri, ""))
        found.append(Comparison(ontology.iri, wanted_content, there))
    if engine.keeps_union or release.manifest.ontologies:
        union = content_of((quad.triple for quad in release.quads()), engine)
        found.append(Comparison(UNION_GRAPH, union, writer.content(UNION_GRAPH)))
    wanted = {comparison.iri for comparison in found}
    others = [iri for iri in writer.hashes() if iri not in wanted]
    return [*found, *(Comparison(iri, content_of((), engine), writer.content(iri)) for iri in others)]


def _graphs(release: Release) -> Iterator[tuple[str, list[ox.Triple]]]:
    """The graphs of a release: those that are empty, and the others one after the other as they stand in it."""
    for entry in release.manifest.graphs:
        if not entry.triples:
            yield entry.iri, []
    for name, quads in groupby(release.quads(), key=lambda quad: quad.graph_name):
        yield (name.value if isinstance(name, ox.NamedNode) else DEFAULT_GRAPH), [quad.triple for quad in quads]


def _stage(
    writer: EngineWriter,
    iri: str,
    triples: Sequence[ox.Triple],
    most: int,
    report: Callable[[int], object],
    before: int,
) -> Content:
    """Send a graph to its staging graph, where it may stand in part, and verify what stands there."""
    content = content_of(triples, writer.engine)
    staging = staging_graph(content)
    requests = _requests([as_staged(triple, writer.engine) for triple in triples], most)
    for resume in (writer.count(staging), 0):
        sent = 0
        for number, lines in enumerate(requests):
            sent += len(lines)
            if sent > resume:
                writer.send(staging, lines, method="PUT" if number == 0 else "POST")
            report(before + sent)
        if (found := writer.content(staging)) == content:
            return content
    raise ReleaseError(
        iri,
        found=f"comes back from the engine as {_otherwise(found, content)} that were sent",
        allowed="the engine must keep what it is given; what it held before is still in place",
    )


def _stage_union(writer: EngineWriter, union: Content, graphs: Sequence[str], staged: Mapping[str, Content]) -> Content:
    """Have the engine merge its graphs, staged or in place, in a staging graph, and verify what stands there."""
    staging = staging_graph(union)
    if writer.content(staging) != union:
        writer.merge(graphs, staged, into=staging)
    if (found := writer.content(staging)) != union:
        raise ReleaseError(
            UNION_GRAPH,
            found=f"is merged by the engine to {_otherwise(found, union)} of the release",
            allowed="load --all sends every graph again; graphs that share a blank node cannot be loaded",
        )
    return union


def _otherwise(found: Content, content: Content) -> str:
    what = f"{found.triples} triples" if found.triples != content.triples else "others"
    return f"{what}, not as the {content.triples}"


def _requests(triples: Sequence[ox.Triple], most: int) -> list[list[str]]:
    """The triples as lines of N-Triples, cut into requests; all blank nodes are in the first."""
    blank = sorted(line(triple) for triple in triples if has_blank_node(triple))
    ground = sorted(line(triple) for triple in triples if not has_blank_node(triple))
    first = max(most - len(blank), 0)
    rest = [ground[start : start + most] for start in range(first, len(ground), most)]
    return [blank + ground[:first], *rest]
