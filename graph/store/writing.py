"""The writing side of an engine: updates, and graphs by the Graph Store Protocol, each tried until it is done.

In: what `transfer` decides to send, to merge and to put in place. Out: the engine changed so. It decides nothing.
"""

from collections.abc import Callable, Mapping, Sequence
from functools import cached_property
from io import BufferedReader
from time import sleep
from typing import TypeVar

import pyoxigraph as ox

from equipoise.graph.store.chunks import ChunkReader
from equipoise.graph.store.content import STAGED, Content, content_of
from equipoise.graph.store.remote import RELEASE_GRAPH, RemoteStore
from equipoise.ontology.errors import LimitError, SettingError, UnreachableError
from equipoise.ontology.iri import mint

__all__ = ["STAGING", "EngineWriter", "staging_graph"]

Result = TypeVar("Result")

STAGING = mint("graph", "staged/")
"""How the names of staging graphs begin."""
N_TRIPLES = "application/n-triples"
STEPS_AT_ONCE = 500
"""How many graphs are put in place or merged in one update; a release that changes more takes several."""
TRIES = 6
FIRST_PAUSE_SECONDS = 0.25
"""How long to wait before a request is tried again; each time twice as long."""
WRITE_SECONDS = 900.0
"""How long the engine may take for one request of a load."""


def staging_graph(content: Content) -> str:
    """The graph in which triples of that content are staged."""
    return STAGING + content.sha256


class EngineWriter:
    """Writes to the engine of a store, and reads what is there."""

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

    def content(self, iri: str) -> Content:
        """What a graph has, read triple by triple; nothing if it is not there."""
        if self.count(iri) == 0:
            return content_of((), self.engine)
        address = self.engine.graph_address(self._graphs_address, iri)

        def read() -> Content:
            with self._store.endpoint.send(
                address, method="GET", headers={"Accept": N_TRIPLES}, content=b"", seconds=WRITE_SECONDS
            ) as reply:
                lines = BufferedReader(ChunkReader(reply.chunks))
                quads = ox.parse(lines, format=ox.RdfFormat.N_TRIPLES)
                return content_of((quad.triple for quad in quads), self.engine)

        return _persist(read)

    def place(self, staged: Mapping[str, Content], gone: Sequence[str], copied: Mapping[str, str]) -> None:
        """Put staged graphs in place and remove others, in one update if they are not too many, the release last.

        `copied` are graphs that stand in the staging graphs named as they are to be.
        """
        order = sorted(staged, key=lambda iri: iri == RELEASE_GRAPH)
        steps = [self.engine.remove(iri) for iri in gone]
        steps += [self._copying(iri, staging) for iri, staging in copied.items()]
        steps += [self._placing(iri, staged[iri]) for iri in order]
        self._do(steps)

    def merge(self, graphs: Sequence[str], staged: Mapping[str, Content], *, into: str) -> None:
        """Put all triples of graphs in a staging graph, from where each of them is staged, or from its place."""
        self._do([self.engine.remove(into)])
        self._do([self._merging(iri, staged, into) for iri in graphs])

    def _placing(self, iri: str, content: Content) -> str:
        if not content.triples:
            return f"{self.engine.remove(iri)} ;\nCREATE SILENT GRAPH <{iri}>"
        return self._copying(iri, staging_graph(content))

    def _copying(self, iri: str, staging: str) -> str:
        return f"""{self.engine.remove(iri)} ;
INSERT {{ GRAPH <{iri}> {{ ?s ?p ?o }} }}
WHERE {{ GRAPH <{staging}> {{ ?s ?staged ?o }} BIND(IRI(STRAFTER(STR(?staged), "{STAGED}")) AS ?p) }}"""

    def _merging(self, iri: str, staged: Mapping[str, Content], into: str) -> str:
        if iri in staged:
            return f"""INSERT {{ GRAPH <{into}> {{ ?s ?staged ?o }} }}
WHERE {{ GRAPH <{staging_graph(staged[iri])}> {{ ?s ?staged ?o }} }}"""
        return f"""INSERT {{ GRAPH <{into}> {{ ?s ?staged ?o }} }}
WHERE {{ GRAPH <{iri}> {{ ?s ?p ?o }} BIND(IRI(CONCAT("{STAGED}", STR(?p))) AS ?staged) }}"""

    def drop(self, iri: str) -> None:
        """Remove a graph."""
        self._do([self.engine.remove(iri)])

    def clear_staging(self) -> None:
        """Remove all staging graphs, those of loads that were broken off among them."""
        graphs = _persist(lambda: self._store.graphs_below(STAGING))
        self._do([self.engine.remove(iri) for iri in graphs])

    def _do(self, steps: Sequence[str]) -> None:
        """Do the steps of an update, `STEPS_AT_ONCE` in one request."""
        for start in range(0, len(steps), STEPS_AT_ONCE):
            text = " ;\n".join(steps[start : start + STEPS_AT_ONCE])
            self._update(text)

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
