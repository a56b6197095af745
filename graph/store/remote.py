"""The remote store: any SPARQL 1.1 engine, asked over HTTP through SPARQLWrapper.

The protocol has no parameters, so a binding becomes a VALUES block in the query, its term written as N-Triples.
"""

import re
import warnings
from collections.abc import Mapping
from urllib.error import HTTPError, URLError

from SPARQLWrapper import POST, SPARQLWrapper
from SPARQLWrapper.SPARQLExceptions import SPARQLWrapperException

from equipoise.graph.store import NO_BINDINGS, Dataset
from equipoise.graph.store.answer import Answer, Bindings, Term, Triples, Truth
from equipoise.graph.store.guard import refuse_service
from equipoise.ontology.errors import LimitError, QueryError, ReleaseError

__all__ = ["RemoteStore"]

N_TRIPLES = "application/n-triples"
RESULTS_JSON = "application/sparql-results+json"
GRAPH_FORMS = ("CONSTRUCT", "DESCRIBE")


class RemoteStore:
    """An engine at an address. Reading only; `seconds` is how long the engine may take to answer."""

    release = ""

    def __init__(self, address: str, *, seconds: int = 30) -> None:
        self.address = address
        self._seconds = seconds

    def query(self, text: str, *, bindings: Mapping[str, Term] = NO_BINDINGS, dataset: Dataset | None = None) -> Answer:
        """Answer a query; see `Store.query`."""
        refuse_service(text)
        wrapper = SPARQLWrapper(self.address)
        wrapper.setTimeout(self._seconds)
        wrapper.setMethod(POST)
        form = _set_query(wrapper, _with_values(text, bindings))
        for name, iris in (
            (("default-graph-uri", dataset.default), ("named-graph-uri", dataset.named)) if dataset else ()
        ):
            for iri in iris:
                wrapper.addParameter(name, iri)
        wrapper.setOnlyConneg(True)
        wrapper.addCustomHttpHeader("Accept", N_TRIPLES if form in GRAPH_FORMS else RESULTS_JSON)
        body = self._fetch(wrapper)
        if form in GRAPH_FORMS:
            return Triples(body)
        return Truth(body) if form == "ASK" else Bindings(body)

    def _fetch(self, wrapper: SPARQLWrapper) -> bytes:
        try:
            return bytes(wrapper.query().response.read())
        except SPARQLWrapperException as error:
            raise QueryError(self.address, found=" ".join(str(error).split()), allowed="see the message") from error
        except TimeoutError as error:
            raise LimitError(
                self.address, found=f"gave no answer in {self._seconds} seconds", allowed="ask for less"
            ) from error
        except (HTTPError, URLError, OSError) as error:
            raise ReleaseError(
                self.address, found=f"cannot be asked: {error}", allowed="must be a SPARQL endpoint"
            ) from error


def _set_query(wrapper: SPARQLWrapper, text: str) -> str:
    """Set the query and return its form, as SPARQLWrapper reads it. Raises QueryError for an update."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", RuntimeWarning)  # of no form at all; the engine will refuse it
        wrapper.setQuery(text)
    form = str(wrapper.queryType)
    if form not in ("SELECT", "ASK", *GRAPH_FORMS):
        raise QueryError("query", found=f"is {form}, an update", allowed="must be one SPARQL 1.1 query")
    return form


TOKEN = re.compile(
    r"""<[^<>"{}|^`\\\x00-\x20]*> | "(?:[^"\\]|\\.)*" | '(?:[^'\\]|\\.)*' | \#[^\n\r]* | \{ | \w+ | .""",
    re.VERBOSE | re.DOTALL,
)


def _with_values(text: str, bindings: Mapping[str, Term]) -> str:
    """The query with a VALUES block at the start of its WHERE group that gives each bound variable its term.

    At the start, not behind the query, so that filters see the value. Only SELECT and ASK, as the catalogue has them.
    """
    if not bindings:
        return text
    names = " ".join(f"?{name}" for name in bindings)
    terms = " ".join(str(term) for term in bindings.values())
    opening = next((match.end() for match in TOKEN.finditer(text) if match[0] == "{"), None)
    if opening is None:
        return text  # the engine will say what is wrong with it
    return f"{text[:opening]} VALUES ({names}) {{ ({terms}) }} {text[opening:]}"
