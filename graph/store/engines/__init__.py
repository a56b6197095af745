"""What engines do differently, one module each, every difference with its reason.

In: a query as the standard has it. Out: what must be sent so that the engine answers it by the standard, and its
answer as the standard has it. Nothing in here opens a connection.

`generic` is an engine that follows the standard and whose default graph is the union of its named graphs; the others
are told from it. The setting `store_engine` names one; otherwise the headers of the engine's first answer do.
"""

from collections.abc import Mapping

from equipoise.graph.store.engines.fuseki import Fuseki
from equipoise.graph.store.engines.generic import Engine
from equipoise.graph.store.engines.oxigraph import Oxigraph
from equipoise.graph.store.engines.virtuoso import Virtuoso

__all__ = ["ENGINES", "Engine", "recognised"]

ENGINES: Mapping[str, Engine] = {engine.name: engine for engine in (Engine(), Oxigraph(), Fuseki(), Virtuoso())}


def recognised(headers: Mapping[str, str]) -> Engine:
    """The engine that sends these headers; the generic one if none of those we know does."""
    return next((engine for engine in ENGINES.values() if engine.sends(headers)), ENGINES["generic"])
