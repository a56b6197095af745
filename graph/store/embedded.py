"""The embedded store: a release's index on disk, read by pyoxigraph in this process.

It answers trusted queries fast and without limits, for who works with a release at hand. What a service is asked, by
anyone or by its own pages, goes through `pooled`.
"""

from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING

import pyoxigraph as ox

from equipoise.graph.release import Release
from equipoise.graph.store import NO_BINDINGS, Dataset, DefaultGraph
from equipoise.graph.store.answer import Answer, Term
from equipoise.graph.store.engine import evaluate
from equipoise.ontology.errors import ReleaseError

if TYPE_CHECKING:
    import rdflib

__all__ = ["EmbeddedStore"]


class EmbeddedStore:
    """One release, open for reading. Safe to use from several threads."""

    def __init__(self, folder: Path, release: str, *, default_graph: DefaultGraph = "union") -> None:
        self.folder = folder
        self.release = release
        self._default_graph = default_graph
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
        return evaluate(
            self._store,
            text,
            bindings=bindings,
            dataset=dataset,
            default_graph=self._default_graph,
            release=self.release,
        )

    def dataset(self) -> "rdflib.Dataset":
        """The whole release as an rdflib Dataset, read through the same index; its default graph is the union."""
        import oxrdflib
        import rdflib

        return rdflib.Dataset(store=oxrdflib.OxigraphStore(store=self._store), default_union=False)
