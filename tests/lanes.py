"""A lane with real workers, for tests of who is answered when."""

from collections import Counter
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from functools import partial

from equipoise.graph.store.crew import Crew
from equipoise.graph.store.embedded import EmbeddedStore
from equipoise.graph.store.frames import Plan
from equipoise.graph.store.lane import Lane
from equipoise.graph.store.process import ProcessWorker

__all__ = ["lane_of"]


@asynccontextmanager
async def lane_of(
    store: EmbeddedStore, *, size: int = 3, places: int = 100, seconds: float = 20
) -> AsyncIterator[tuple[Lane, Crew, "Counter[str]"]]:
    """A lane with its crew, and a count of what it told."""
    told: Counter[str] = Counter()
    crew = Crew(
        partial(ProcessWorker.start, Plan(str(store.folder), 1 << 31)),
        size=size,
        told=lambda event: told.update([event]),
    )
    await crew.open()
    try:
        yield Lane(crew, places=places, seconds=seconds, told=lambda event: told.update([event])), crew, told
    finally:
        await crew.close()
