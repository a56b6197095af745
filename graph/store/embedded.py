"""The embedded store: a release's index on disk, read by pyoxigraph in this process.

It answers trusted queries (the catalogue, the pages) fast and without limits; free queries go through `pooled`.
"""

import re
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING

import pyoxigraph as ox

from equipoise.graph.release import Release
from equipoise.graph.store import NO_BINDINGS, Dataset
from equipoise.graph.store.answer import Answer, Bindings, Term, Triples, Truth
from equipoise.graph.store.guard import refuse_service
from equipoise.ontology.errors import QueryError, ReleaseError

if TYPE_CHECKING:
    import rdflib

__all__ = ["EmbeddedStore", "evaluate"]


class EmbeddedStore:
    """One release, open for reading. Safe to use from several threads."""

    def __init__(self, folder: Path, release: str) -> None:
        self.folder = folder
        self.release = release
        try:
            self._store = ox.Store.read_only(str(folder))
        except OSError as error:
            raise ReleaseError(
                str(folder), found=f"cannot be opened: {error}", allowed="build the release again"
            ) from error

    @classmethod
    def of_release(cls, release: Release) -> "EmbeddedStore":
        """Open the index of a release."""
        return cls(release.index, release.id)

    def query(self, text: str, *, bindings: Mapping[str, Term] = NO_BINDINGS, dataset: Dataset | None = None) -> Answer:
        """Answer a query; see `Store.query`."""
        return evaluate(self._store, text, bindings=bindings, dataset=dataset, release=self.release)

    def dataset(self) -> "rdflib.Dataset":
        """The whole release as an rdflib Dataset, read through the same index."""
        import oxrdflib
        import rdflib

        return rdflib.Dataset(store=oxrdflib.OxigraphStore(store=self._store), default_union=True)


def evaluate(
    store: ox.Store, text: str, *, bindings: Mapping[str, Term], dataset: Dataset | None, release: str
) -> Answer:
    """Evaluate a query on an open pyoxigraph store. Raises QueryError if it cannot be parsed or is refused."""
    refuse_service(text)
    try:
        found = store.query(
            text,
            use_default_graph_as_union=dataset is None,
            default_graph=[ox.NamedNode(iri) for iri in dataset.default] if dataset else None,
            named_graphs=[ox.NamedNode(iri) for iri in dataset.named] if dataset else None,
            substitutions={ox.Variable(name): term for name, term in bindings.items()},
        )
        match found:
            case ox.QuerySolutions():
                return Bindings(_bytes(found.serialize(format=ox.QueryResultsFormat.JSON)), release)
            case ox.QueryBoolean():
                return Truth(_bytes(found.serialize(format=ox.QueryResultsFormat.JSON)), release)
            case ox.QueryTriples():
                return Triples(_bytes(found.serialize(format=ox.RdfFormat.N_TRIPLES)), release)
    except (SyntaxError, ValueError) as error:
        raise QueryError("query", found=_reason(text, error), allowed="must be one SPARQL 1.1 query") from error
    except (OSError, RuntimeError) as error:
        raise QueryError("query", found=f"cannot be evaluated: {error}", allowed="see the message") from error
    raise TypeError(f"the engine gave a {type(found).__name__}")


def _bytes(content: bytes | None) -> bytes:
    assert content is not None
    return content


PLACE = re.compile(r"error at (\d+):(\d+): expected (?:one of )?(.*)", re.DOTALL)
CHARACTERS = re.compile(r"\[[^\]]*\]")


def _reason(query: str, error: Exception) -> str:
    """The engine's words with line and column, without its lists of single characters, and the text it stopped at."""
    text = str(error.args[0]) if error.args else str(error)
    place = PLACE.match(text)
    if place is None:
        return " ".join(text.split())
    line, column = int(place[1]), int(place[2])
    rest = query.splitlines()[line - 1 : line] or [""]
    near = rest[0][column - 1 : column + 24].strip() or "the end"
    words = [word.strip() for word in CHARACTERS.sub("", place[3]).split(",") if len(word.strip().strip('"')) > 1]
    sentences = [word for word in words if " " in word]
    expected = "; ".join(sentences) if sentences else f"expected {' or '.join(words)}" if words else "unexpected"
    return f"line {line}, column {column}, near {near!r}: {expected}"
