"""An external ontology from the shelf onto an engine: in pieces, so that memory stays flat, to a staging graph.

In: an ontology of a release, and a way to write. Out: the name of the staging graph, in which all of it stands. The
first request has all triples with blank nodes, since a blank node lives within one request, and replaces what was
there; the others add. Any may be sent twice, and a staging graph that stands in part is gone on with. Triples are
staged with predicates of their own, as those of other graphs are (`graph.store.transfer`).
"""

from collections.abc import Callable, Iterator
from itertools import islice
from pathlib import Path

import pyoxigraph as ox

from equipoise.graph.external.shelf import Ontology, triples_of
from equipoise.graph.release import Release
from equipoise.graph.store.content import as_staged, has_blank_node, line
from equipoise.graph.store.engines import Engine
from equipoise.graph.store.writing import STAGING, EngineWriter
from equipoise.ontology.errors import ReleaseError

__all__ = ["ontology_count", "stage_ontology"]


def ontology_count(release: Release, ontology: Ontology) -> int:
    """How many triples the index has of it: numbers that are written in several ways are one there, as on engines."""
    store = ox.Store.read_only(str(release.index))
    rows = store.query(f"SELECT (COUNT(*) AS ?n) WHERE {{ GRAPH <{ontology.iri}> {{ ?s ?p ?o }} }}")
    assert isinstance(rows, ox.QuerySolutions)
    found = next(rows)["n"]
    assert isinstance(found, ox.Literal)
    return int(found.value)


def stage_ontology(
    writer: EngineWriter,
    data: Path,
    ontology: Ontology,
    *,
    count: int,
    most: int,
    report: Callable[[int], object],
    before: int,
) -> str:
    """Send an ontology to its staging graph, `most` triples in a request; the name of that graph.

    Raises ReleaseError if what the engine then has is not `count` triples.
    """
    staging, sent = STAGING + ontology.sha256, 0
    resume = writer.count(staging)
    for number, lines in enumerate(_requests(data, ontology, writer.engine, most)):
        sent += len(lines)
        if sent > resume:
            writer.send(staging, lines, method="PUT" if number == 0 else "POST")
        report(before + min(sent, ontology.triples))
    if (found := writer.count(staging)) != count:
        writer.drop(staging)
        allowed = "the engine must keep what it is given; what it held before is still in place"
        raise ReleaseError(ontology.iri, found=f"comes to {found} triples on the engine, not {count}", allowed=allowed)
    return staging


def _requests(data: Path, ontology: Ontology, engine: Engine, most: int) -> Iterator[list[str]]:
    """The triples as lines of N-Triples, cut into requests; all blank nodes are in the first."""
    yield [line(as_staged(triple, engine)) for triple in triples_of(data, ontology) if has_blank_node(triple)]
    ground = (line(as_staged(triple, engine)) for triple in triples_of(data, ontology) if not has_blank_node(triple))
    while lines := list(islice(ground, most)):
        yield lines
