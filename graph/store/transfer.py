"""A release from disk onto an engine: sent in pieces, verified, and put in place together.

    graphs whose hash the engine's release graph does not have
      → sent in requests of so many triples to a staging graph that is named by its content, again if a request fails
      → read back, and compared in number and hash
      → put in place in one update, the release graph last; graphs that are in no release any more removed

A load that was broken off goes on where it stopped. The union of all graphs shows readers a staging graph too; so that
nobody's query finds half a release there, staged triples have other predicates, each behind `urn:equipoise:staged:`,
and get their own when they are put in place. Whether readers see that update as one step is the engine's affair
(docs/engines.md).

The first request to a staging graph has all triples with blank nodes, since a blank node lives within one request, and
replaces what was there; any request may therefore be sent twice without harm.
"""

import hashlib
import io
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import groupby
from time import sleep
from typing import TypeVar

import pyoxigraph as ox

from equipoise.graph.release import Release
from equipoise.graph.store.engines import Engine
from equipoise.graph.store.remote import RELEASE_GRAPH, RemoteStore
from equipoise.ontology.errors import LimitError, ReleaseError, SettingError, UnreachableError
from equipoise.ontology.iri import mint

__all__ = ["Comparison", "Content", "compare_release", "load_release"]

Result = TypeVar("Result")

STAGED = "urn:equipoise:staged:"
STAGING = mint("graph", "staged/")
N_TRIPLES = "application/n-triples"
REQUEST_TRIPLES = 10_000
"""How many triples go in one request."""
PLACED_AT_ONCE = 500
"""How many graphs are put in place in one update; a release that changes more takes several."""
TRIES = 6
FIRST_PAUSE_SECONDS = 0.25
"""How long to wait before a request is tried again; each time twice as long."""
WRITE_SECONDS = 900.0
"""How long the engine may take for one request of a load."""


@dataclass(frozen=True)
class Content:
    """How many triples a graph has, and the SHA-256 of them, each in one normal form, sorted."""

    triples: int
    sha256: str


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
    writer = _Writer(store)
    held = writer.hashes() if held is None else held
    wanted = {entry.iri: entry.sha256 for entry in release.manifest.graphs}
    if store.engine.union_counts_twice:
        _refuse_repetition(release, store)
    done, staged = 0, dict[str, Content]()
    for iri, triples in _graphs(release):
        if iri == RELEASE_GRAPH or held.get(iri) != wanted[iri] or writer.count(iri) != len(triples):
            staged[iri] = _stage(writer, iri, triples, request_triples, report, done)
        done += len(triples)
        report(done)
    if list(staged) == [RELEASE_GRAPH] and writer.hashes() == wanted:
        staged.clear()
    gone = [iri for iri in writer.hashes() if iri not in wanted]
    writer.place(staged, gone)
    for iri, content in staged.items():
        if (count := writer.count(iri)) != content.triples:
            allowed = f"must be {content.triples}; load again, and see what else writes there"
            raise ReleaseError(store.address, found=f"has {count} triples in {iri}", allowed=allowed)
    writer.clear_staging()
    store.forget()
    return list(staged)


def compare_release(store: RemoteStore, release: Release) -> list[Comparison]:
    """Every graph of a release beside what an engine holds of it, and every graph that only the engine's release has.

    All of it is read.
    """
    writer, engine = _Writer(store), store.engine
    found = [
        Comparison(iri, _content(triples, engine), _content(writer.read(iri), engine))
        for iri, triples in _graphs(release)
    ]
    wanted = {comparison.iri for comparison in found}
    others = [iri for iri in writer.hashes() if iri not in wanted]
    return [*found, *(Comparison(iri, _content((), engine), _content(writer.read(iri), engine)) for iri in others)]


def _graphs(release: Release) -> Iterator[tuple[str, list[ox.Triple]]]:
    """The graphs of a release, one after the other as they stand in it."""
    for name, quads in groupby(release.quads(), key=lambda quad: quad.graph_name):
        assert isinstance(name, ox.NamedNode)
        yield name.value, [quad.triple for quad in quads]


def _stage(
    writer: "_Writer", iri: str, triples: Sequence[ox.Triple], most: int, report: Callable[[int], object], before: int
) -> Content:
    """Send a graph to its staging graph, where it may stand in part, and verify what stands there."""
    content = _content(triples, writer.engine)
    staging = _staging(content)
    requests = _requests([_staged(triple, writer.engine) for triple in triples], most)
    for resume in (writer.count(staging), 0):
        sent = 0
        for number, lines in enumerate(requests):
            sent += len(lines)
            if sent > resume:
                writer.send(staging, lines, method="PUT" if number == 0 else "POST")
            report(before + sent)
        if (found := _content(writer.read(staging), writer.engine)) == content:
            return content
    what = f"{found.triples} triples" if found.triples != content.triples else "others"
    raise ReleaseError(
        iri,
        found=f"comes back from the engine as {what}, not as the {content.triples} that were sent",
        allowed="the engine must keep what it is given; what it held before is still in place",
    )


def _staging(content: Content) -> str:
    return STAGING + content.sha256


def _requests(triples: Sequence[ox.Triple], most: int) -> list[list[str]]:
    """The triples as lines of N-Triples, cut into requests; all blank nodes are in the first."""
    blank = sorted(_line(triple) for triple in triples if _has_blank(triple))
    ground = sorted(_line(triple) for triple in triples if not _has_blank(triple))
    first = max(most - len(blank), 0)
    rest = [ground[start : start + most] for start in range(first, len(ground), most)]
    return [blank + ground[:first], *rest]


def _staged(triple: ox.Triple, engine: Engine) -> ox.Triple:
    """A triple as it is sent: with a predicate that nobody asks for, and its number as the engine wants it."""
    end = engine.written(triple.object) if isinstance(triple.object, ox.Literal) else triple.object
    return ox.Triple(triple.subject, ox.NamedNode(STAGED + triple.predicate.value), end)


def _line(triple: ox.Triple) -> str:
    return f"{triple} .\n"


def _has_blank(triple: ox.Triple) -> bool:
    return isinstance(triple.subject, ox.BlankNode) or isinstance(triple.object, ox.BlankNode)


def _content(triples: Iterable[ox.Triple], engine: Engine) -> Content:
    """Number and hash of triples, staged or not, in the engine's normal form; blank nodes are labelled canonically."""
    ground, blank = set(), ox.Dataset()
    for triple in triples:
        end = engine.normal(triple.object) if isinstance(triple.object, ox.Literal) else triple.object
        predicate = ox.NamedNode(triple.predicate.value.removeprefix(STAGED))
        if _has_blank(triple):
            blank.add(ox.Quad(triple.subject, predicate, end))
        else:
            ground.add(_line(ox.Triple(triple.subject, predicate, end)))
    blank.canonicalize(ox.CanonicalizationAlgorithm.RDFC_1_0)
    lines = sorted(ground | {_line(quad.triple) for quad in blank})
    return Content(len(lines), hashlib.sha256("".join(lines).encode()).hexdigest())


def _refuse_repetition(release: Release, store: RemoteStore) -> None:
    """Raise ReleaseError if a triple stands in two graphs, for an engine that would count it twice in their union."""
    seen: dict[int, str] = {}
    for iri, triples in _graphs(release):
        for triple in triples:
            other = seen.setdefault(hash(str(triple)), iri)
            if other != iri:
                found = f"has {triple} in {other} too; this engine would count it twice"
                raise ReleaseError(iri, found=found, allowed=f"must not be loaded on {store.engine.name}")


class _Writer:
    """The writing side of an engine: updates, and graphs by the Graph Store Protocol, each tried until it is done."""

    def __init__(self, store: RemoteStore) -> None:
        self._store = store
        self.engine = store.engine

    @cached_property
    def _update_address(self) -> str:
        settings = self._store.settings
        guessed = self.engine.update_address(self._store.address, authorized=bool(settings.store_user))
        return _known(settings.store_update or guessed, "EQUIPOISE_STORE_UPDATE", self._store)

    @cached_property
    def _graphs_address(self) -> str:
        settings = self._store.settings
        guessed = self.engine.graphs_address(self._store.address, authorized=bool(settings.store_user))
        return _known(settings.store_graphs or guessed, "EQUIPOISE_STORE_GRAPHS", self._store)

    def hashes(self) -> dict[str, str]:
        """The graphs of the release that the engine holds, and the hash of each."""
        return {row[0]: row[1] for row in _persist(lambda: self._store.rows("release-hashes"))}

    def count(self, iri: str) -> int:
        """How many triples a graph has."""
        return _persist(lambda: self._store.count(iri))

    def send(self, iri: str, lines: Sequence[str], *, method: str) -> None:
        """Add lines of N-Triples to a graph (POST), or put them in the place of what it has (PUT)."""
        content, headers = "".join(lines).encode(), {"Content-Type": N_TRIPLES}
        address = self.engine.graph_address(self._graphs_address, iri)

        def write() -> None:
            with self._store.endpoint.send(
                address, method=method, headers=headers, content=content, seconds=WRITE_SECONDS
            ) as reply:
                reply.body()

        _persist(write)

    def read(self, iri: str) -> list[ox.Triple]:
        """The triples of a graph; none if it is not there."""
        if self.count(iri) == 0:
            return []
        address = self.engine.graph_address(self._graphs_address, iri)

        def read() -> list[ox.Triple]:
            with self._store.endpoint.send(
                address, method="GET", headers={"Accept": N_TRIPLES}, content=b"", seconds=WRITE_SECONDS
            ) as reply:
                lines = io.BufferedReader(_Readable(reply.chunks))
                return [quad.triple for quad in ox.parse(lines, format=ox.RdfFormat.N_TRIPLES)]

        return _persist(read)

    def place(self, staged: Mapping[str, Content], gone: Sequence[str]) -> None:
        """Put staged graphs in place and remove others, in one update if they are not too many, the release last."""
        order = sorted(staged, key=lambda iri: iri == RELEASE_GRAPH)
        steps = [self.engine.remove(iri) for iri in gone]
        steps += [self._placing(iri, _staging(staged[iri])) for iri in order]
        for start in range(0, len(steps), PLACED_AT_ONCE):
            self._update(" ;\n".join(steps[start : start + PLACED_AT_ONCE]))

    def _placing(self, iri: str, staging: str) -> str:
        return f"""{self.engine.remove(iri)} ;
INSERT {{ GRAPH <{iri}> {{ ?s ?p ?o }} }}
WHERE {{ GRAPH <{staging}> {{ ?s ?staged ?o }} BIND(IRI(STRAFTER(STR(?staged), "{STAGED}")) AS ?p) }}"""

    def clear_staging(self) -> None:
        """Remove all staging graphs, those of loads that were broken off among them."""
        graphs = _persist(lambda: self._store.graphs_below(STAGING))
        for start in range(0, len(graphs), PLACED_AT_ONCE):
            self._update(" ;\n".join(self.engine.remove(iri) for iri in graphs[start : start + PLACED_AT_ONCE]))

    def _update(self, text: str) -> None:
        _persist(lambda: self._store.update(text, address=self._update_address, seconds=WRITE_SECONDS))


def _known(address: str, variable: str, store: RemoteStore) -> str:
    if not address:
        allowed = f"set it to the address that belongs to {store.address}"
        raise SettingError(variable, found="is not set, and cannot be guessed", allowed=allowed)
    return address


def _persist(attempt: Callable[[], Result]) -> Result:
    """Do what may be done twice, again and again while the engine is away or overburdened."""
    pause = FIRST_PAUSE_SECONDS
    for _ in range(TRIES - 1):
        try:
            return attempt()
        except (UnreachableError, LimitError):
            sleep(pause)
            pause *= 2
    return attempt()


class _Readable(io.RawIOBase):
    """Pieces of bytes as a file that can be read."""

    def __init__(self, chunks: Iterator[bytes]) -> None:
        self._chunks = chunks
        self._left = b""

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: "memoryview") -> int:  # type: ignore[override]
        while not self._left:
            piece = next(self._chunks, None)
            if piece is None:
                return 0
            self._left = piece
        taken, self._left = self._left[: len(buffer)], self._left[len(buffer) :]
        buffer[: len(taken)] = taken
        return len(taken)
