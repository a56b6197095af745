"""Killed at any moment, or out of room, a load leaves the old release or the new one, and the next load mends."""

import random
import re
import shutil
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from equipoise.ontology.errors import ReleaseError
from loads import Loads, Scene, made_scene

BY_EVENT = 130
BY_TIME = 80


@pytest.fixture(scope="module")
def scene(tmp_path_factory: pytest.TempPathFactory) -> Scene:
    return made_scene(tmp_path_factory.mktemp("scene"))


@pytest.fixture(scope="module")
def loads() -> Iterator[Loads]:
    return Loads()


def test_load_that_is_killed_leaves_the_old_release_or_the_new_one(scene: Scene, loads: Loads, tmp_path: Path) -> None:
    whole = loads.whole(scene.copy(tmp_path / "whole"), scene.records)
    assert whole.code == 0
    chance = random.Random(6)

    def kill(place: int) -> tuple[str, str]:
        data = scene.copy(tmp_path / str(place))
        if place < BY_EVENT:
            ending = loads.killed_at_event(data, scene.records, 1 + place * whole.events // BY_EVENT)
            assert ending.code == -9
        else:
            ending = loads.killed_after(data, scene.records, chance.uniform(0, whole.seconds))
        left = scene.assert_whole(data)
        scene.assert_mended(data)
        shutil.rmtree(data)
        return ending.stage, left

    with ThreadPoolExecutor(2) as pool:
        tally = Counter(pool.map(kill, range(BY_EVENT + BY_TIME)))
    assert sum(tally.values()) >= 200
    assert {stage for stage, _ in tally} >= {"packs", "text", "table", "index", "manifest", "release", "current"}
    assert {left for _, left in tally} == {"old", "new"}


@pytest.mark.parametrize("size", [0, 700, 20_000, 30_000, 60_000])
def test_load_without_room_leaves_the_old_release_and_says_so(
    scene: Scene, loads: Loads, tmp_path: Path, size: int
) -> None:
    data = scene.copy(tmp_path / "data")
    ending = loads.with_files_of_at_most(data, scene.records, size)
    assert ending.code == ReleaseError.exit_code
    assert re.search(r": cannot be written: .*; must be a writable folder", ending.message)
    assert scene.assert_whole(data) == "old"
    scene.assert_mended(data)
