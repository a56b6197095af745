"""Oxigraph's server.

- The default graph is its own unless the request has `union-default-graph`, which may stand in the form. That union is
  a bag: a triple that stands in two graphs is found twice, and counts twice. So it is asked for only where loading has
  not put the union there.
- A request cannot carry a time limit; the server has one for all (`oxigraph serve --timeout-s`). Without it a query
  that nobody waits for any more goes on, so run it with one.
- Numbers come back in canonical form ("0.80" as "0.8").
"""

from collections.abc import Mapping

from equipoise.graph.store import Dataset
from equipoise.graph.store.engines.generic import Asked, Engine, dataset_fields

__all__ = ["Oxigraph"]


class Oxigraph(Engine):
    """`oxigraph serve`: queries at /query, updates at /update, graphs at /store."""

    name = "oxigraph"

    def sends(self, headers: Mapping[str, str]) -> bool:
        """It names itself in `Server`."""
        return headers.get("server", "").startswith("Oxigraph/")

    def update_address(self, query: str, *, authorized: bool) -> str:
        """The sibling of /query."""
        return query.removesuffix("/query") + "/update" if query.endswith("/query") else ""

    def graphs_address(self, query: str, *, authorized: bool) -> str:
        """The sibling of /query."""
        return query.removesuffix("/query") + "/store" if query.endswith("/query") else ""

    def ask(self, text: str, *, dataset: Dataset | None, seconds: float) -> Asked:
        """Its own union has to be asked for."""
        return Asked(text, (("union-default-graph", ""),) if dataset is None else dataset_fields(dataset))
