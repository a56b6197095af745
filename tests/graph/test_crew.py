"""A crew whose workers do not start, and processes that are stopped, or hold what is none of their business."""

import asyncio
import os
import signal
from collections import Counter
from collections.abc import Awaitable, Callable
from pathlib import Path
from time import monotonic

import pytest

from equipoise.graph.store import crew as crews
from equipoise.graph.store.crew import Crew, Worker
from equipoise.graph.store.embedded import EmbeddedStore
from equipoise.graph.store.frames import Plan
from equipoise.graph.store.process import ProcessWorker
from equipoise.ontology.errors import LimitError


def run(test: Callable[[], Awaitable[None]]) -> None:
    asyncio.run(asyncio.wait_for(test(), 60))  # type: ignore[arg-type]


def test_crew_that_cannot_start_workers_says_so_at_once_and_recovers(
    store: EmbeddedStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(crews, "DOWN_SECONDS", 0.3)
    monkeypatch.setattr(crews, "RESTART_SECONDS", 0.1)
    failures: list[Exception] = []
    told: Counter[str] = Counter()

    async def start() -> Worker:
        if failures:
            raise failures[0]
        return await ProcessWorker.start(Plan(str(store.folder), 0))

    async def test() -> None:
        crew = Crew(start, size=1, told=lambda event: told.update([event]))
        await crew.open()
        try:
            worker = await crew.borrow(5)
            assert not crew.is_down
            failures.append(RuntimeError("of a kind that nobody thought of"))
            crew.replace(worker, "stopped")
            with pytest.raises(LimitError, match="no worker could be started"):
                await crew.borrow(20)
            assert crew.is_down
            begun = monotonic()
            with pytest.raises(LimitError, match="no worker could be started"):
                await crew.borrow(20)
            assert monotonic() - begun < 5
            failures.clear()
            crew.give_back(await crew.borrow(20) if not crew.is_down else await recovered(crew))
            assert not crew.is_down
            assert told["not started"] >= 2
        finally:
            await crew.close()

    run(test)


async def recovered(crew: Crew) -> Worker:
    """A worker of a crew that was down."""
    while crew.is_down:
        await asyncio.sleep(0.05)
    return await crew.borrow(20)


def test_worker_that_died_idle_is_replaced_when_one_looks(store: EmbeddedStore) -> None:
    async def test() -> None:
        crew = Crew(lambda: ProcessWorker.start(Plan(str(store.folder), 0)), size=1, told=str)
        await crew.open()
        try:
            worker = await crew.borrow(5)
            assert isinstance(worker, ProcessWorker)
            crew.give_back(worker)
            os.kill(worker.process.pid, signal.SIGKILL)
            worker.process.wait()
            assert not crew.is_down
            assert await crew.borrow(20) is not worker
        finally:
            await crew.close()

    run(test)


def test_worker_is_left_by_signals_to_all_and_knows_no_secret(
    store: EmbeddedStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("EQUIPOISE_WRITE_TOKEN", "a-token-of-ours")
    monkeypatch.setenv("EQUIPOISE_STORE_PASSWORD", "a-password-of-ours")

    async def test() -> None:
        worker = await ProcessWorker.start(Plan(str(store.folder), 0))
        try:
            assert b"of-ours" not in Path(f"/proc/{worker.process.pid}/environ").read_bytes()
            for number in (signal.SIGINT, signal.SIGTERM):
                os.kill(worker.process.pid, number)
            await asyncio.sleep(0.2)
            assert not worker.is_dead
        finally:
            await worker.kill()

    run(test)


def test_start_that_is_cancelled_leaves_no_process(store: EmbeddedStore) -> None:
    async def test() -> None:
        children = Path(f"/proc/{os.getpid()}/task/{os.getpid()}/children")
        before = children.read_text()
        for steps in range(4):
            starting = asyncio.create_task(ProcessWorker.start(Plan(str(store.folder), 0)))
            for _ in range(steps):
                await asyncio.sleep(0)
            starting.cancel()
            await asyncio.gather(starting, return_exceptions=True)
        assert children.read_text() == before

    run(test)
