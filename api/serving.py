"""The release in service, and how another takes its place without a failed request.

A request leases the release that is in service when it comes and is answered from it to its end. A new release is
opened beside the old one, which is closed when the last request that leased it has ended.
"""

import asyncio
from collections.abc import Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import AsyncExitStack, contextmanager, suppress
from contextvars import ContextVar
from dataclasses import replace
from functools import partial
from importlib.metadata import version
from time import monotonic

from equipoise.api.log import Log
from equipoise.api.metrics import Metrics
from equipoise.api.noting import Noting
from equipoise.api.ready import ReadyAnswers
from equipoise.graph.release import Release, current_id, current_release, named_release
from equipoise.graph.settings import Settings
from equipoise.graph.store import NO_BINDINGS, Answer, Dataset, Store, Term
from equipoise.graph.store.asker import AskingWorker
from equipoise.graph.store.crew import Crew, WorkerDiedError
from equipoise.graph.store.frames import Ask
from equipoise.graph.store.lane import Lane
from equipoise.graph.store.pooled import WHOLE, PooledStore, free_plan, whole_answer
from equipoise.graph.store.process import ProcessWorker
from equipoise.graph.store.remote import RemoteStore
from equipoise.ontology.errors import EquipoiseError, LimitError, ReleaseError, UnknownNameError

__all__ = ["ServedStore", "Service", "Serving", "leased"]

ENGINE_WORKERS = 32
"""How many queries an engine elsewhere is asked at the same time."""

PAGE_ROWS, PAGE_BYTES = 10**9, 1 << 30
"""How long an answer to a query of ours may be, in rows and bytes; what limits others would cut pages."""

WATCH_SECONDS = 1.0
"""How often the data folder is looked at for a new release."""


ANYTHING = Ask("ASK { ?s ?p ?o }", WHOLE, most_rows=1, most_bytes=1 << 16)

EARLIER = 2
"""How many releases that are not in service any more are kept open."""

LONGEST_PAUSE = 60.0
"""After how long a release that could not be served is tried again at the latest."""


class Serving:
    """What one release is served from: a lane for anyone's queries, one of our own, a store for catalogue and pages."""

    def __init__(self, release: str, free: Lane, own: Lane, store: Store) -> None:
        self.release = release
        self.edition = b""
        self.leases = 0
        self.is_retired = False
        self.free = free
        self.store = store
        self.own = own
        self._crews = (free.crew, own.crew)

    @classmethod
    def of_release(cls, release: Release, settings: Settings, metrics: Metrics) -> "Serving":
        """A release on this machine: two crews of processes, so that anyone's queries never keep a page waiting."""
        plan = free_plan(release.index_for(settings.default_graph), settings)
        own_plan = plan._replace(folder=str(release.index), services=())
        free = Crew(partial(ProcessWorker.start, plan), size=settings.query_workers, told=metrics.told("free"))
        own = Crew(partial(ProcessWorker.start, own_plan), size=settings.page_workers, told=metrics.told("pages"))
        pages = _lane(own, "pages", settings, metrics)
        loop = asyncio.get_running_loop()
        store = PooledStore(pages, loop, release.id, most_rows=PAGE_ROWS, most_bytes=PAGE_BYTES)
        return cls(release.id, _lane(free, "free", settings, metrics), pages, store)

    @classmethod
    def of_earlier(cls, release: Release, settings: Settings, metrics: Metrics) -> "Serving":
        """A release that is not in service any more, on this machine, with no more processes than it takes."""
        return cls.of_release(release, replace(settings, query_workers=2, page_workers=1), metrics)

    @classmethod
    def of_engine(cls, engine: RemoteStore, settings: Settings, metrics: Metrics) -> "Serving":
        """A release on an engine at an address, which is asked in threads; one is kept for whether it answers."""
        threads = ThreadPoolExecutor(ENGINE_WORKERS + 1, "equipoise-asking")

        async def start() -> AskingWorker:
            return AskingWorker(engine, threads, seconds=settings.query_seconds)

        free = Crew(start, size=ENGINE_WORKERS, told=metrics.told("free"))
        own = Crew(start, size=1, told=metrics.told("pages"))
        lanes = (_lane(free, "free", settings, metrics), _lane(own, "pages", settings, metrics))
        return cls(engine.release, *lanes, engine)

    async def open(self) -> None:
        """Start the workers. Raises ReleaseError if they do not start, and then leaves none behind."""
        try:
            async with AsyncExitStack() as opened:
                opened.push_async_callback(self.close)
                for crew in self._crews:
                    await crew.open()
                opened.pop_all()
        except (WorkerDiedError, OSError) as error:
            raise ReleaseError(self.release, found=f"cannot be opened: {error}", allowed="build it again") from error

    async def is_empty(self) -> bool:
        """Whether the release has no triple, asked in a lane of our own. Raises EquipoiseError if it cannot answer."""
        if any(crew.is_down for crew in self._crews):
            raise LimitError("service", found="has no living worker", allowed="see the log")
        answer, _ = await whole_answer(self.own, ANYTHING, release=self.release)
        return not answer

    async def close(self) -> None:
        """End the workers."""
        await asyncio.gather(*(crew.close() for crew in self._crews))


def _lane(crew: Crew, name: str, settings: Settings, metrics: Metrics) -> Lane:
    lane = Lane(crew, places=settings.query_places, seconds=settings.query_seconds, told=metrics.told(name))
    metrics.asked.labels(name).set_function(lambda: lane.asked)
    return lane


LEASED: ContextVar[Serving] = ContextVar("leased")


def _edition(release: str, settings: Settings) -> bytes:
    """What decides all answers: the release, this program, and how it is set."""
    deciding = (settings.default_graph, settings.query_rows, settings.answer_megabytes, settings.services)
    return repr((release, version("equipoise"), deciding, bool(settings.write_token))).encode()


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
        self.ready = ReadyAnswers(most_bytes=settings.cache_megabytes << 20)
        self.log = log
        self.noting = Noting(self.metrics, log)
        self._engine = RemoteStore(settings.store, settings=settings) if settings.store else None
        self._current: Serving | None = None
        self._watching: asyncio.Task[None] | None = None
        self._closing: set[asyncio.Task[None]] = set()
        self._reloading = asyncio.Lock()
        self._earlier: dict[str, Serving] = {}
        self._opening = asyncio.Lock()

    async def open(self) -> None:
        """Put the release in service, and watch for the next. Raises ReleaseError."""
        await self.reload()
        self._watching = asyncio.create_task(self._watch())

    async def close(self) -> None:
        """End all workers, whatever came of the watching."""
        async with AsyncExitStack() as ending:
            if self._engine:
                ending.callback(self._engine.close)
            for serving in [*self._earlier.values(), *([self._current] if self._current else [])]:
                ending.push_async_callback(serving.close)
            ending.push_async_callback(self._close_retired)
            if self._watching:
                self._watching.cancel()
                with suppress(asyncio.CancelledError):
                    await self._watching

    async def reload(self) -> str:
        """Put the current release in service if it is another; its identifier. Raises ReleaseError.

        The current release is that of the data folder, or what the engine holds that the settings name.
        """
        async with self._reloading:
            before = self._current
            serving = await self._changed(before.release if before else None)
            if serving is not None:
                await serving.open()
                serving.edition = _edition(serving.release, self.settings)
                self.ready.begin(serving.edition)
                self._current = serving
                self.metrics.reloads.labels("done").inc()
                self.log.event("release in service", release=serving.release)
                if before is not None:
                    before.is_retired = True
                    self._close_unused(before)
            return self.serving.release

    async def _changed(self, before: str | None) -> Serving | None:
        """What is to be served, if it is another release than before."""
        if (engine := self._engine) is not None:
            release = await asyncio.to_thread(lambda: engine.release)
            is_new = before is None or release not in (before, "")
            return Serving.of_engine(engine, self.settings, self.metrics) if is_new else None
        if before == current_id(self.settings.data):
            return None
        return Serving.of_release(current_release(self.settings.data), self.settings, self.metrics)

    @property
    def serving(self) -> Serving:
        """The release in service."""
        assert self._current is not None
        return self._current

    async def find(self, name: str) -> Serving:
        """What a release is served from, by its identifier or the beginning of one; the one in service if empty.

        A few earlier ones are kept open, those asked last. Raises UnknownNameError if there is none of that name,
        ReleaseError if it cannot be opened.
        """
        if not name or self.serving.release == name:
            return self.serving
        if self._engine is not None:
            found = f"is {name!r}, and an engine holds one release: {self.serving.release}"
            raise UnknownNameError("release", found=found, allowed="ask without release")
        release = await asyncio.to_thread(named_release, self.settings.data, name)
        if release.id == self.serving.release:
            return self.serving
        async with self._opening:
            serving = self._earlier.pop(release.id, None)
            if serving is None:
                await asyncio.to_thread(release.index_for, self.settings.default_graph)
                serving = Serving.of_earlier(release, self.settings, self.metrics)
                await serving.open()
                serving.edition = _edition(release.id, self.settings)
            self._earlier[release.id] = serving
            while len(self._earlier) > EARLIER:
                oldest = self._earlier.pop(next(iter(self._earlier)))
                oldest.is_retired = True
                self._close_unused(oldest)
        return serving

    @contextmanager
    def lease(self, serving: Serving) -> Iterator[Serving]:
        """A release, kept open for as long as the context lasts."""
        serving.leases += 1
        token = LEASED.set(serving)
        try:
            yield serving
        finally:
            LEASED.reset(token)
            self.end_lease(serving)

    def take_lease(self) -> Serving:
        """The release in service, kept open until `end_lease`."""
        self.serving.leases += 1
        return self.serving

    def end_lease(self, serving: Serving) -> None:
        """One who leased a release needs it no more."""
        serving.leases -= 1
        self._close_unused(serving)

    def _close_unused(self, serving: Serving) -> None:
        if serving.is_retired and not serving.leases:
            task = asyncio.create_task(serving.close())
            self._closing.add(task)
            task.add_done_callback(self._closing.discard)

    async def _close_retired(self) -> None:
        while self._closing:
            await asyncio.gather(*self._closing, return_exceptions=True)

    async def _watch(self) -> None:
        """Reload once a second; what cannot be served is tried again ever less often, and said once."""
        failed, pause, until = None, WATCH_SECONDS, 0.0
        while True:
            await asyncio.sleep(WATCH_SECONDS)
            wanted = self._wanted()
            if wanted == failed and monotonic() < until:
                continue
            try:
                await self.reload()
                failed = None
            except (EquipoiseError, OSError, ValueError) as error:
                self.metrics.reloads.labels("failed").inc()
                pause = min(2 * pause, LONGEST_PAUSE) if wanted == failed else WATCH_SECONDS
                until = monotonic() + pause
                if wanted != failed:
                    self.log.event("reload failed", release=wanted, error=str(error))
                failed = wanted

    def _wanted(self) -> str:
        """The identifier that the data folder says; empty where it says none, or an engine is asked."""
        try:
            return "" if self._engine else current_id(self.settings.data)
        except ReleaseError:
            return ""
