"""The remote store: any SPARQL 1.1 engine, asked over HTTP.

SPARQLWrapper writes the requests, `endpoint` carries them, and the adapter of the engine (`engines`) says what this
engine needs to answer as the standard has it. The protocol has no parameters, so a binding becomes a block of VALUES
in the query, its term written as N-Triples.

It reads only. `transfer` writes, through the same line.
"""

import re
import warnings
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass
from functools import cached_property
from importlib.resources import files
from time import monotonic
from typing import Generic, TypeVar
from urllib.request import Request

from SPARQLWrapper import POST, SPARQLWrapper

from equipoise.graph.settings import Settings, plain_address
from equipoise.graph.store import NO_BINDINGS, Dataset
from equipoise.graph.store.answer import Answer, Bindings, Term, Triples, Truth
from equipoise.graph.store.clauses import may_ask_named_graphs, names_dataset
from equipoise.graph.store.endpoint import Endpoint, Reply
from equipoise.graph.store.engines import ENGINES, Engine, recognised
from equipoise.graph.store.guard import refuse_service
from equipoise.graph.union import DEFAULT_GRAPH, UNION_GRAPH
from equipoise.ontology.errors import LimitError, QueryError, ReleaseError
from equipoise.ontology.iri import mint

__all__ = ["RemoteStore", "Stream", "accepted", "query_form"]

Value = TypeVar("Value")

N_TRIPLES = "application/n-triples"
RESULTS_JSON = "application/sparql-results+json"
HTML = "text/html"
RELEASE_GRAPH = mint("graph", "release")
GRAPH_FORMS = ("CONSTRUCT", "DESCRIBE")
MEMORY_SECONDS = 1.0
"""How long what the engine said of its release and its graphs is believed."""


@dataclass(frozen=True)
class Stream:
    """An answer on its way: its media type, its content in pieces as the engine sends them, and how to break it off."""

    media_type: str
    chunks: Iterator[bytes]
    hang_up: Callable[[], None]


class RemoteStore:
    """An engine at an address. Safe to use from several threads. Use as a context manager, or call `close`."""

    def __init__(self, address: str, *, settings: Settings | None = None) -> None:
        self.settings = settings or Settings()
        self.address = plain_address(address, where="EQUIPOISE_STORE")
        self.endpoint = Endpoint(user=self.settings.store_user, password=self.settings.store_password)
        self._seconds = self.settings.query_seconds
        self._release = _Remembered(self._read_release)
        self._graphs = _Remembered(self._read_graphs)
        self._has_union = _Remembered(self._find_union)

    def __enter__(self) -> "RemoteStore":
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """Close the connections."""
        self.endpoint.close()

    @cached_property
    def engine(self) -> Engine:
        """The adapter of the engine: the one the settings name, or the one whose headers it sends."""
        if self.settings.store_engine:
            return ENGINES[self.settings.store_engine]
        with self._send(_request(self.address, "ASK {}", (), RESULTS_JSON), self._seconds) as reply:
            return recognised(reply.headers)

    @property
    def release(self) -> str:
        """The identifier of the release that the engine holds, as its release graph says; empty if it holds none.

        An engine that does not answer is taken to hold what it held before.
        """
        try:
            return self._release.value()
        except (ReleaseError, LimitError):
            return self._release.last or ""

    @property
    def graphs(self) -> Sequence[str]:
        """The named graphs of the release that the engine holds, as they were a second ago at most."""
        return self._graphs.value()

    def forget(self) -> None:
        """Ask again for the release and the graphs when they are next wanted."""
        self._release.forget()
        self._graphs.forget()
        self._has_union.forget()

    def query(self, text: str, *, bindings: Mapping[str, Term] = NO_BINDINGS, dataset: Dataset | None = None) -> Answer:
        """Answer a query; see `Store.query`."""
        form = query_form(text)
        body = self._fetch(_with_bindings(text, self.engine.bound(bindings) if bindings else ""), form, dataset=dataset)
        if form in GRAPH_FORMS:
            return Triples(body, self.release)
        return Truth(body, self.release) if form == "ASK" else Bindings(body, self.release)

    def _fetch(self, text: str, form: str, *, dataset: Dataset | None) -> bytes:
        """The whole answer, as N-Triples or as SPARQL Results JSON."""
        with self._asked(text, dataset=dataset, accept=accepted(form), seconds=self._seconds) as reply:
            body = reply.body()
        return self.engine.triples(body) if form in GRAPH_FORMS else self.engine.results(body)

    @contextmanager
    def stream(self, text: str, *, dataset: Dataset | None, accept: str, seconds: float) -> Iterator[Stream]:
        """The engine's own answer in a format that it offers for `accept`, in pieces as they come.

        Leaving the context early closes the connection, by which the engine learns that nobody waits any more. Raises
        as `query` does, also while the pieces are taken. Blank nodes are called as the engine calls them.
        """
        query_form(text)
        if dataset is None and self.settings.default_graph == "strict":
            dataset = self._strict(text)
        with self._asked(text, dataset=dataset, accept=accept, seconds=seconds) as reply:
            if self.engine.mends_results and reply.media_type == RESULTS_JSON:
                yield Stream(reply.media_type, iter([self.engine.results(reply.body())]), reply.hang_up)
            else:
                yield Stream(reply.media_type, reply.chunks, reply.hang_up)

    @contextmanager
    def _asked(self, text: str, *, dataset: Dataset | None, accept: str, seconds: float) -> Iterator[Reply]:
        """The reply to a query, which is whole as far as its headers tell."""
        refuse_service(text, permitted=self.settings.services)
        if dataset is None:
            dataset = self._union(text)
        asked = self.engine.ask(text, dataset=dataset, seconds=seconds)
        with self._send(_request(self.address, asked.text, asked.fields, accept), seconds) as reply:
            if cut := self.engine.interruption(reply.headers):
                raise LimitError(self.address, found=cut, allowed="ask for less")
            if reply.media_type == HTML and HTML not in accept:  # what sends programs a page has not seen the query
                raise ReleaseError(self.address, found="answers with a page", allowed="must be a SPARQL endpoint")
            yield reply

    def _union(self, text: str) -> Dataset | None:
        """The dataset of a query over the union of all graphs; None if it is the engine's own that must be asked."""
        if names_dataset(text):
            return Dataset()  # what the protocol names would take precedence over the query's own
        if self._has_union.value():  # also where the engine has one of its own, which would have external ontologies
            return Dataset(default=(UNION_GRAPH,), named=self._named(text))
        return None if self.engine.keeps_union else Dataset(default=(self.engine.union,), named=self._named(text))

    def _strict(self, text: str) -> Dataset:
        """The dataset of a query over the release's own default graph; the engine's own if it holds no release."""
        if names_dataset(text) or not self.release:
            return Dataset()
        return Dataset(default=(DEFAULT_GRAPH,), named=tuple(iri for iri in self._named(text) if iri != DEFAULT_GRAPH))

    def _named(self, text: str) -> tuple[str, ...]:
        """The graphs of the release, for a query that may ask for them."""
        return tuple(self.graphs) if may_ask_named_graphs(text) else ()

    def _send(self, request: Request, seconds: float) -> AbstractContextManager[Reply]:
        assert isinstance(request.data, bytes)
        return self.endpoint.send(
            request.full_url,
            method="POST",
            headers={name: request.get_header(name, "") for name in ("Content-type", "Accept")},
            content=request.data,
            seconds=seconds,
            most_bytes=self.settings.answer_megabytes << 20,
        )

    def update(self, text: str, *, address: str, seconds: float) -> None:
        """Have an update done at the address where the engine takes them."""
        with self._send(_request(address, text, (), "*/*"), seconds) as reply:
            reply.body()

    def rows(self, query: str) -> list[list[str]]:
        """What one of the queries about releases finds in the release graph, as text."""
        text = (files("equipoise.graph") / f"{query}.rq").read_text(encoding="utf-8")
        return self._texts(text, dataset=Dataset(default=(RELEASE_GRAPH,)))

    def count(self, graph: str) -> int:
        """How many triples a named graph has."""
        text = f"SELECT (COUNT(*) AS ?n) WHERE {{ GRAPH <{graph}> {{ ?s ?p ?o }} }}"
        return int(self._texts(text, dataset=Dataset())[0][0])

    def graphs_below(self, iri: str) -> list[str]:
        """The named graphs whose IRI begins so, of a release or not."""
        text = f'SELECT DISTINCT ?g WHERE {{ GRAPH ?g {{ ?s ?p ?o }} FILTER(STRSTARTS(STR(?g), "{iri}")) }} ORDER BY ?g'
        return [row[0] for row in self._texts(text, dataset=Dataset())]

    def _texts(self, text: str, *, dataset: Dataset | None) -> list[list[str]]:
        found = Bindings(self._fetch(text, "SELECT", dataset=dataset))
        return [[str(value) for value in row.values()] for row in found.values()]

    def _read_release(self) -> str:
        return next((identifier for _, identifier in self.rows("release")), "")

    def _find_union(self) -> bool:
        text = f"ASK {{ GRAPH <{UNION_GRAPH}> {{ ?s ?p ?o }} }}"
        return bool(Truth(self._fetch(text, "ASK", dataset=Dataset())))

    def _read_graphs(self) -> tuple[str, ...]:
        parts = tuple(part for part, _ in self.rows("release-hashes"))
        return (*parts, RELEASE_GRAPH) if parts else ()


def accepted(form: str) -> str:
    """The media type in which an engine is asked for the answer to a query of that form."""
    return N_TRIPLES if form in GRAPH_FORMS else RESULTS_JSON


class _Remembered(Generic[Value]):
    """A value that is read again when it is older than `MEMORY_SECONDS`."""

    def __init__(self, read: Callable[[], Value]) -> None:
        self._read = read
        self._until = 0.0
        self.last: Value | None = None

    def value(self) -> Value:
        """The value, read now or a moment ago. Raises what reading raises."""
        if self.last is None or monotonic() >= self._until:
            self.last = self._read()
            self._until = monotonic() + MEMORY_SECONDS
        return self.last

    def forget(self) -> None:
        """Read it when it is next wanted."""
        self._until = 0.0


def _request(address: str, text: str, fields: Sequence[tuple[str, str]], accept: str) -> Request:
    """A query as the protocol sends it by POST of a form, written by SPARQLWrapper."""
    wrapper = SPARQLWrapper(address)
    wrapper.setMethod(POST)
    wrapper.setOnlyConneg(True)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", RuntimeWarning)  # of extensions of the engine's own in front of the query
        wrapper.setQuery(text)
    for name, value in fields:
        wrapper.addParameter(name, value)
    wrapper.addCustomHttpHeader("Accept", accept)
    return wrapper._createRequest()


SPACE = r"(?:\s|\#[^\n\r]*+)"
IRI = r"""<[^<>"{}|^`\\\x00-\x20]*+>"""
PROLOGUE = re.compile(
    rf"(?:{SPACE}|base{SPACE}*+{IRI}|prefix{SPACE}++[^\s:<>#]*+:{SPACE}*+{IRI})*+(select|ask|construct|describe)\b",
    re.IGNORECASE,
)


def query_form(text: str) -> str:
    """The form of a query: the word behind its prologue.

    Raises QueryError for anything else. Some engines take updates and directives of their own where they take queries;
    neither gets there.
    """
    start = PROLOGUE.match(text)
    if start is None:
        found = "is none: it does not begin with SELECT, ASK, CONSTRUCT or DESCRIBE behind its prefixes"
        raise QueryError("query", found=found, allowed="must be one SPARQL 1.1 query")
    return start[1].upper()


TOKEN = re.compile(
    r"""<[^<>"{}|^`\\\x00-\x20]*> | "(?:[^"\\]|\\.)*" | '(?:[^'\\]|\\.)*' | \#[^\n\r]* | \w+ | .""",
    re.VERBOSE | re.DOTALL,
)


def _with_bindings(text: str, bound: str) -> str:
    """The query with what gives its variables their terms at the start of its WHERE group.

    At the start, not behind the query, so that filters see the value. The group of a CONSTRUCT is behind its template.
    """
    if not bound:
        return text
    depth, groups = 0, []
    for token in TOKEN.finditer(text):
        if token[0] == "{" and depth == 0:
            groups.append(token.end())
        depth += {"{": 1, "}": -1}.get(token[0], 0)
    if not groups:
        return text  # the engine will say what is wrong with it
    opening = groups[-1]
    return f"{text[:opening]} {bound} {text[opening:]}"
