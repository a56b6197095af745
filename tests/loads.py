"""Loads of registry records in a process that is killed, or whose writes fail, and what is in the data folder then.

A child of `forkserver` begins with everything imported and nothing opened: that takes milliseconds, not seconds.
"""

import json
import multiprocessing
import os
import resource
import shutil
import signal
import sys
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import partial
from multiprocessing import forkserver
from multiprocessing.connection import Connection
from pathlib import Path

import pyoxigraph as ox
import pytest

from equipoise.graph.index import make_union
from equipoise.graph.registry.inferred import inferred_triples
from equipoise.graph.registry.load import load_registry
from equipoise.graph.registry.packs import pack_number, packs_on_shelf
from equipoise.graph.release import (
    Manifest,
    current_release,
    graph_entry,
    release_id,
    releases_on_disk,
    write_release,
)
from equipoise.ontology.errors import ReleaseError
from registry_studies import made_study, mapped

__all__ = ["Loads", "Scene", "made_scene"]

inferred_triples(mapped(made_study()))  # what a child shall find at hand

STAGES = {
    "registry/packs": "packs",
    "data.nq.gz": "text",
    "records.npy": "table",
    "/union": "index",
    "/index": "index",
    "manifest.json": "manifest",
    "/current": "current",
    "history.jsonl": "history",
    "/lock": "lock",
}
"""Of a path that is opened, moved or removed, what is at work."""

EVENTS = ("open", "os.", "shutil.", "tempfile.")
"""The events that tell of work on files."""


@dataclass(frozen=True)
class Scene:
    """A data folder with a release of registry records, records that change it, and what the index of the release
    before, and that of the release after it, hold.
    """

    data: Path
    records: Path
    before: str
    now: str
    contents: Mapping[str, frozenset[str]]

    def copy(self, to: Path) -> Path:
        """A copy of the data folder."""
        return Path(shutil.copytree(self.data, to))

    def assert_whole(self, data: Path) -> str:
        """The release in service is the old one or the new one, and its index holds what that says; which it is."""
        release = current_release(data)
        assert release.id in self.contents
        assert content(release.index) == self.contents[release.id]
        return "new" if release.id == self.now else "old"

    def assert_mended(self, data: Path) -> None:
        """The next load puts the new release in service, and leaves nothing behind."""
        load_registry(data, [self.records])
        assert self.assert_whole(data) == "new"
        assert not list(data.rglob(".new-*"))
        named = set().union(*(release.table.packs for release in releases_on_disk(data)))
        assert {pack_number(path) for path in packs_on_shelf(data)} == named
        assert {path.name for path in (data / "releases").iterdir()} == set(self.contents)


def content(index: Path) -> frozenset[str]:
    return frozenset(map(str, ox.Store.read_only(str(index))))


def made_scene(folder: Path, *, records: int = 8, ballast: int = 300) -> Scene:
    """A scene of made records, of which the first half changes and a quarter more comes."""
    data, shelves = folder / "data", (folder / "first", folder / "then")
    graph = ox.NamedNode("http://e/g")
    quads = [
        ox.Quad(ox.NamedNode(f"http://e/{n}"), ox.NamedNode("http://e/p"), ox.Literal(n), graph) for n in range(ballast)
    ]
    entries = (graph_entry(graph.value, quads),)
    write_release(data, Manifest(release_id(entries), entries, (), {}, "none", {}), quads)
    for shelf, (last, count) in zip(shelves, ((records, 40), (records + records // 4, 41)), strict=True):
        shelf.mkdir()
        for number in range(1, last + 1):
            study = made_study()
            study["protocolSection"]["identificationModule"]["nctId"] = f"NCT{number:08d}"
            study["protocolSection"]["designModule"]["enrollmentInfo"]["count"] = (
                count if number <= records // 2 else 40
            )
            (shelf / f"{number}.json").write_text(json.dumps(study), encoding="utf-8")
    contents = {}
    first = load_registry(data, [shelves[0]]).release
    for path in (data / "releases").iterdir():
        if path.name != first.id:
            shutil.rmtree(path)
    last = Path(shutil.copytree(data, folder / "last"))
    then = load_registry(last, [shelves[1]]).release
    for place, release in enumerate((first, then)):
        make_union(folder / f"anew-{place}", release)
        contents[release.id] = content(folder / f"anew-{place}")
    return Scene(data, shelves[1], first.id, then.id, contents)


@dataclass(frozen=True)
class Ending:
    """How a load ended: with which exit code (minus the signal's number), at which stage, after how many events and
    seconds, and with which message.
    """

    code: int
    stage: str
    events: int
    seconds: float
    message: str


class Loads:
    """Loads in processes of their own."""

    def __init__(self) -> None:
        self._context = multiprocessing.get_context("forkserver")
        self._context.set_forkserver_preload(["loads"])
        with pytest.MonkeyPatch.context() as patch:  # the server is given no search path
            patch.setenv("PYTHONPATH", str(Path(__file__).parent))
            forkserver.ensure_running()

    def whole(self, data: Path, records: Path) -> Ending:
        """A load that nothing happens to."""
        return self._run(partial(_load, data, records))

    def killed_at_event(self, data: Path, records: Path, event: int) -> Ending:
        """A load whose process is killed before its work on files of that number."""
        return self._run(partial(_load, data, records, last=event))

    def killed_after(self, data: Path, records: Path, seconds: float) -> Ending:
        """A load whose process is killed so many seconds after it began."""
        return self._run(partial(_load, data, records), seconds)

    def with_files_of_at_most(self, data: Path, records: Path, size: int) -> Ending:
        """A load that cannot write files longer than so many bytes."""
        return self._run(partial(_load, data, records, size=size))

    def _run(self, work: Callable[[Connection], None], seconds: float | None = None) -> Ending:
        receiving, sending = self._context.Pipe(duplex=False)
        process = self._context.Process(target=work, args=(sending,))
        process.start()
        sending.close()
        told: list[tuple[str, int, str]] = []
        try:
            told.append(receiving.recv())
            begun = time.monotonic()
            if seconds is not None:
                time.sleep(seconds)
                process.kill()
            while True:
                told.append(receiving.recv())
        except EOFError:
            process.join()
        stage, events, message = told[-1]
        return Ending(process.exitcode or 0, stage, events, time.monotonic() - begun, message)


class _Watch:
    """Tells the stages of a load by the files that it works on, and kills its process before an event."""

    def __init__(self, data: Path, telling: Connection, last: int | None) -> None:
        self._data, self._telling, self._last = str(data), telling, last
        self._stage, self._events = "begin", 0

    def note(self, event: str, args: tuple[object, ...]) -> None:
        if event.startswith(EVENTS) and any(self._data in str(one) for one in args[:2]):
            self._events += 1
            path = str(args[0])
            if event == "os.rename":
                path = str(args[1])
            if event == "os.rename" and Path(path).parent.name == "releases":
                self._stage = "release"
            else:
                self._stage = next((stage for part, stage in STAGES.items() if part in path), self._stage)
            self.tell()
            if self._events == self._last:
                os.kill(os.getpid(), signal.SIGKILL)

    def tell(self, message: str = "") -> None:
        self._telling.send((self._stage, self._events, message))


def _load(data: Path, records: Path, telling: Connection, *, last: int | None = None, size: int | None = None) -> None:
    watch = _Watch(data, telling, last)
    watch.tell()
    sys.addaudithook(watch.note)
    if size is not None:
        resource.setrlimit(resource.RLIMIT_FSIZE, (size, size))
    try:
        load_registry(data, [records])
    except ReleaseError as error:
        watch.tell(str(error))
        sys.exit(error.exit_code)
    watch.tell()
