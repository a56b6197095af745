"""SPARQL 1.1 Update over HTTP: what `/sparql` does with an update that it was sent, directly or in a form."""

from collections.abc import Sequence

from equipoise.api.writing import Writing
from equipoise.graph.change import Update
from equipoise.graph.revise import Revision

__all__ = ["perform_update"]


async def perform_update(
    writing: Writing,
    text: str,
    *,
    using: Sequence[str],
    using_named: Sequence[str],
    base: str,
    who: str,
    why: str | None,
) -> Revision:
    """Make an update over the dataset of the protocol; when this returns, the service serves what it led to.

    `base` is the IRI of the endpoint. Raises QueryError for an update that cannot be parsed or made, ChangeError with
    all faults for one that leads to what may not be in service.
    """
    change = Update(text, tuple(using), tuple(using_named), base, writing.settings.default_graph)
    return await writing.make(change, who=who, why=why)
