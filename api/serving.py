"""The release in service, and how another takes its place without a failed request.

A request leases the release that is in service when it comes and is answered from it to its end. A new release is
opened beside the old one, which is closed when the last request that leased it has ended.
"""

import asyncio
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from contextvars import ContextVar

from equipoise.api.log import Log
from equipoise.api.metrics import Metrics
from equipoise.graph.release import Release, current_id, current_release
from equipoise.graph.settings import Settings
from equipoise.graph.store import NO_BINDINGS, Answer, Dataset, Store, Term
from equipoise.graph.store.crew import Crew
from equipoise.graph.store.lane import Lane
from equipoise.graph.store.pooled import PooledStore, free_plan
from equipoise.graph.store.process import WorkerDiedError
from equipoise.ontology.errors import EquipoiseError, ReleaseError

__all__ = ["ServedStore", "Service", "Serving", "leased"]

WATCH_SECONDS = 1.0
"""How often the data folder is looked at for a new release."""


class Serving:
    """One release with its two lanes: `free` for anyone's queries, `store` for the catalogue and the pages."""

    def __init__(self, release: Release, settings: Settings, metrics: Metrics) -> None:
        self.release = release.id
        self.leases = 0
        self.is_retired = False
        plan = free_plan(release.index, settings)
        free, own = metrics.told("free"), metrics.told("pages")
        self._crews = (
            Crew(plan, size=settings.query_workers, told=free),
            Crew(plan._replace(services=()), size=settings.page_workers, told=own),
        )
        self.free = Lane(self._crews[0], places=settings.query_places, seconds=settings.query_seconds, told=free)
        pages = Lane(self._crews[1], places=settings.query_places, seconds=settings.query_seconds, told=own)
        metrics.asked.labels("free").set_function(lambda: self.free.asked)
        metrics.asked.labels("pages").set_function(lambda: pages.asked)
        self.store: Store = PooledStore(pages, asyncio.get_running_loop(), release.id, settings, "union")

    async def open(self) -> None:
        """Start the workers. Raises ReleaseError if they do not start."""
        try:
            for crew in self._crews:
                await crew.open()
        except WorkerDiedError as error:
            raise ReleaseError(self.release, found=f"cannot be opened: {error}", allowed="build it again") from error

    async def close(self) -> None:
        """End the workers."""
        for crew in self._crews:
            await crew.close()


LEASED: ContextVar[Serving] = ContextVar("leased")


def leased() -> Serving:
    """The release that the request at hand is answered from."""
    return LEASED.get()


class ServedStore:
    """The store of the release that the request at hand has leased."""

    @property
    def release(self) -> str:
        """The identifier of that release."""
        return leased().release

    def query(self, text: str, *, bindings: Mapping[str, Term] = NO_BINDINGS, dataset: Dataset | None = None) -> Answer:
        """Answer a query; see `Store.query`."""
        return leased().store.query(text, bindings=bindings, dataset=dataset)


class Service:
    """What is in service. `open` before the first request, `close` after the last."""

    def __init__(self, settings: Settings, log: Log) -> None:
        self.settings = settings
        self.metrics = Metrics()
        self.log = log
        self._current: Serving | None = None
        self._watching: asyncio.Task[None] | None = None
        self._closing: set[asyncio.Task[None]] = set()
        self._reloading = asyncio.Lock()

    async def open(self) -> None:
        """Put the release in service, and watch for the next. Raises ReleaseError."""
        await self.reload()
        self._watching = asyncio.create_task(self._watch())

    async def close(self) -> None:
        """End all workers."""
        if self._watching:
            self._watching.cancel()
            with suppress(asyncio.CancelledError):
                await self._watching
        await asyncio.gather(*self._closing)
        if self._current:
            await self._current.close()

    async def reload(self) -> str:
        """Put the data folder's current release in service if it is another; its identifier. Raises ReleaseError."""
        async with self._reloading:
            before = self._current
            if before is None or before.release != current_id(self.settings.data):
                release = current_release(self.settings.data)
                serving = Serving(release, self.settings, self.metrics)
                await serving.open()
                self._current = serving
                self.metrics.reloads.labels("done").inc()
                self.log.event("release in service", release=release.id)
                if before is not None:
                    before.is_retired = True
                    self._close_unused(before)
            return self.serving.release

    @property
    def serving(self) -> Serving:
        """The release in service."""
        assert self._current is not None
        return self._current

    @contextmanager
    def lease(self) -> Iterator[Serving]:
        """The release in service, kept open for as long as the context lasts."""
        serving = self.serving
        serving.leases += 1
        token = LEASED.set(serving)
        try:
            yield serving
        finally:
            LEASED.reset(token)
            serving.leases -= 1
            self._close_unused(serving)

    def _close_unused(self, serving: Serving) -> None:
        if serving.is_retired and not serving.leases:
            task = asyncio.create_task(serving.close())
            self._closing.add(task)
            task.add_done_callback(self._closing.discard)

    async def _watch(self) -> None:
        while True:
            await asyncio.sleep(WATCH_SECONDS)
            try:
                await self.reload()
            except EquipoiseError as error:
                self.metrics.reloads.labels("failed").inc()
                self.log.event("reload failed", error=str(error))
