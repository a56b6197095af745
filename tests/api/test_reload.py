"""A release that cannot be served: what is said of it, how often it is tried, and what is left behind."""

import asyncio
import io
import json
import os
import shutil
from collections.abc import Awaitable, Callable
from dataclasses import replace
from pathlib import Path

import pytest

from equipoise.api import serving
from equipoise.api.log import Log
from equipoise.api.metrics import Metrics
from equipoise.api.serving import Service, Serving
from equipoise.graph.release import Release, current_id, current_release
from equipoise.graph.settings import Settings
from equipoise.graph.store.crew import Crew, Worker
from equipoise.graph.store.lane import Lane
from equipoise.ontology.errors import ReleaseError

BAD = b"\xff\xfe"


@pytest.fixture
def settings(release: Release, data_folder: Path, tmp_path: Path) -> Settings:
    shutil.copytree(data_folder, tmp_path / "data")
    return Settings(data=tmp_path / "data", query_workers=2, page_workers=1)


def run(test: Callable[[], Awaitable[None]]) -> None:
    asyncio.run(asyncio.wait_for(test(), 60))  # type: ignore[arg-type]


def children() -> set[str]:
    return set(Path(f"/proc/{os.getpid()}/task/{os.getpid()}/children").read_text().split())


def test_file_that_names_no_release_is_said_to(tmp_path: Path) -> None:
    (tmp_path / "current").write_bytes(BAD)
    with pytest.raises(ReleaseError, match="current: cannot be read"):
        current_id(tmp_path)


@pytest.mark.parametrize("failing", [0, 1])
def test_release_whose_workers_do_not_start_leaves_none_behind(settings: Settings, failing: int) -> None:
    async def no_room() -> Worker:
        raise OSError(24, "Too many open files")

    async def test() -> None:
        before = children()
        whole = Serving.of_release(current_release(settings.data), settings, Metrics())
        failed = Lane(Crew(no_room, size=2, told=str), places=1, seconds=1, told=str)
        lanes = (failed, whole.own) if failing == 0 else (whole.free, failed)
        with pytest.raises(ReleaseError, match="Too many open files"):
            await Serving(whole.release, *lanes, whole.store).open()
        assert children() == before

    run(test)


def test_release_that_cannot_be_served_is_tried_ever_less_often_and_said_once(
    settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(serving, "WATCH_SECONDS", 0.02)

    async def test() -> None:
        said = io.StringIO()
        service = Service(settings, Log(said))
        await service.open()
        good = service.serving.release
        failed = service.metrics.reloads.labels("failed")
        try:
            for text in (BAD, b"0000000000000000\n", b"a\0b\n"):
                (settings.data / "current").write_bytes(text)
                await asyncio.sleep(0.5)
            assert service.serving.release == good
            assert 3 <= failed._value.get() <= 18  # at every look it would be 75
            (settings.data / "current").write_text(good)
            await asyncio.sleep(0.2)
        finally:
            await service.close()
        events = [json.loads(line)["event"] for line in said.getvalue().splitlines()]
        assert events == ["release in service", *["reload failed"] * 3]

    run(test)


def test_workers_end_whatever_came_of_the_watching(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(serving, "WATCH_SECONDS", 0.01)

    async def test() -> None:
        before = children()
        service = Service(settings, Log(None))
        await service.open()
        service.settings = replace(settings, data=None)  # type: ignore[arg-type]
        await asyncio.sleep(0.3)
        with pytest.raises(TypeError):
            await service.close()
        assert children() == before

    run(test)
