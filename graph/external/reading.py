"""Read an ontology from a file, in whatever syntax and packing, into triples as the store loads them.

In: a file. Out: its triples as parts in a folder of the shelf, and a `Reading`, what there is to know of them. Each
triple is seen once, on its way through; of all of them only a number each is kept. No ontology is reasoned about.

A cycle of subclass axioms is legal OWL, by which its classes are the same: it is read as it is, and remarked on.
"""

from array import array
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import IO, cast

import numpy as np
import pyoxigraph as ox

from equipoise.graph.external.cycles import Cycles
from equipoise.graph.external.header import Header
from equipoise.graph.external.shelf import write_triples
from equipoise.graph.external.syntax import SYNTAXES, syntax_of
from equipoise.graph.external.unpacking import Stream, packing_of, unpack
from equipoise.graph.external.wellformed import WellFormed
from equipoise.ontology.errors import OntologyError

__all__ = ["Reading", "read_ontology"]

PARSERS = {"rdf": ox.RdfFormat.RDF_XML, "ttl": ox.RdfFormat.TURTLE, "nt": ox.RdfFormat.N_TRIPLES}
STEP = 10_000
"""After how many triples it is reported how many there are."""


@dataclass(frozen=True)
class Reading:
    """What was read: how it was written and packed, how many triples, the header, and what is worth a remark."""

    format: str
    triples: int
    header: Header
    remarks: tuple[str, ...]


def read_ontology(
    path: Path, *, into: Path, base: str, most_bytes: int, report: Callable[[int], object] = id
) -> Reading:
    """Read a file, whose relative IRIs are relative to `base`; `report` is told how many triples were read.

    Raises OntologyError with file and line if the file is damaged, too large, in no syntax that is known or not as its
    syntax has it, or if it holds no triples.
    """
    syntax, packing = syntax_of(path, most_bytes=most_bytes), packing_of(path)
    seen = _Seen(report)
    with ExitStack() as stack:
        stream, parser, version = _opened(stack, path, syntax, folder=into, most_bytes=most_bytes)
        write_triples(into, _watched(_parsed(stream, parser, base), seen))
    triples = seen.number()
    if not triples:
        raise OntologyError(str(path), found="holds no triples", allowed="must be an ontology")
    header = seen.header if seen.header.version or not version else seen.header.of_version(version)
    remarks = [f"subclass axioms form a cycle: {' → '.join(cycle)}" for cycle in seen.cycles.named(into)]
    return Reading(f"{SYNTAXES[syntax]}{', ' + packing if packing else ''}", triples, header, tuple(remarks))


class _Seen:
    """What is kept of triples that were seen."""

    def __init__(self, report: Callable[[int], object]) -> None:
        self.header = Header()
        self.cycles = Cycles()
        self.hashes = array("q")
        self.report = report

    def number(self) -> int:
        """How many triples there were, one that was repeated counted once."""
        return int(np.unique(np.frombuffer(self.hashes, dtype=np.int64)).size) if self.hashes else 0


def _opened(
    stack: ExitStack, path: Path, syntax: str, *, folder: Path, most_bytes: int
) -> tuple[Stream, ox.RdfFormat, str]:
    """The stream of RDF that a file holds or is converted to, its format, and the version told beside it."""
    source = stack.enter_context(unpack(path, most_bytes=most_bytes))
    if syntax in PARSERS:
        return (WellFormed(source) if syntax == "rdf" else source), PARSERS[syntax], ""
    from equipoise.graph.external.converting import CONVERTERS

    converted = Path(stack.enter_context(TemporaryDirectory(dir=folder))) / "converted.rdf"
    version = CONVERTERS[syntax](source, converted)
    return stack.enter_context(unpack(converted, most_bytes=most_bytes)), ox.RdfFormat.RDF_XML, version


def _parsed(stream: Stream, format: ox.RdfFormat, base: str) -> Iterator[ox.Triple]:
    try:
        for quad in ox.parse(cast("IO[bytes]", stream), format=format, base_iri=base):
            triple = quad.triple
            if isinstance(triple.object, ox.Triple):
                raise OntologyError(stream.place, found="has a triple about a triple", allowed="must be RDF 1.1")
            yield triple
    except SyntaxError as error:
        place = f"{stream.path}:{error.lineno}" if error.lineno else stream.place
        raise OntologyError(place, found=" ".join(error.msg.split()), allowed=f"must be {format.name}") from error


def _watched(triples: Iterator[ox.Triple], seen: _Seen) -> Iterator[ox.Triple]:
    """The triples as they are; what is to be known of them is kept on the way."""
    note, header, cycles = seen.hashes.append, seen.header, seen.cycles
    for number, triple in enumerate(triples):
        note(hash(triple))
        predicate = triple.predicate
        if predicate in cycles.watched:
            cycles.see(triple)
        elif predicate in header.watched:
            header.see(triple)
        if number % STEP == 0:
            seen.report(number)
        yield triple
