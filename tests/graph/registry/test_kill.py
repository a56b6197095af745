"""Killed at any moment, or out of room, a load leaves the old release or the new one, and the next load mends."""

import json
import os
import random
import re
import shutil
import signal
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from equipoise.ontology.errors import ReleaseError
from loads import Loads, Scene, made_scene
from registry_studies import made_study

BY_EVENT = 130
BY_TIME = 80
PATIENCE = 120
"""Seconds that processes have to start, or to end, on a busy machine."""


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


def test_processes_that_map_end_with_a_load_that_is_killed(scene: Scene, tmp_path: Path) -> None:
    data, study, records = scene.copy(tmp_path / "data"), made_study(), tmp_path / "records.ndjson"
    with records.open("w") as file:
        for number in range(5_000):
            study["protocolSection"]["identificationModule"]["nctId"] = f"NCT{number + 50_000_000:08d}"
            file.write(json.dumps(study) + "\n")
    environment = {**os.environ, "EQUIPOISE_DATA": str(data)}
    command = [sys.executable, "-P", "-m", "equipoise.api.cli", "registry", "load", str(records)]
    with subprocess.Popen(command, env=environment, stderr=subprocess.DEVNULL) as load:
        until(lambda: len(mapping_processes(load.pid)) > 0)
        mapping = mapping_processes(load.pid)
        load.send_signal(signal.SIGKILL)
    until(lambda: not any(is_running(pid) for pid in mapping))
    assert scene.assert_whole(data) == "old"
    scene.assert_mended(data)


def mapping_processes(parent: int) -> list[int]:
    """The processes that a process has started to map records."""
    started = Path(f"/proc/{parent}/task/{parent}/children").read_text().split()
    return [int(pid) for pid in started if b"spawn_main" in Path(f"/proc/{pid}/cmdline").read_bytes()]


def is_running(pid: int) -> bool:
    try:
        return b"spawn_main" in Path(f"/proc/{pid}/cmdline").read_bytes()
    except (FileNotFoundError, ProcessLookupError):
        return False


def until(holds: Callable[[], bool]) -> None:
    end = time.monotonic() + PATIENCE
    while not holds():
        assert time.monotonic() < end
        time.sleep(0.05)
