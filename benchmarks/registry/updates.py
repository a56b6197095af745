"""What it takes until changed records are in service among many, while readers ask.

In: how many made records, how many of them change. Out: a Markdown table, for a file of the changed records only and
for one of all records: seconds from the start of `equipoise registry load` until a running `equipoise serve` first
answers from the new release, and until the command ends; what was written; and how the readers fared who asked every
50 ms meanwhile. Each case starts from what the one before left. The folder keeps the files and the data: another run
goes on with them.

    python benchmarks/registry/updates.py --records 4000 --changed 1000 --folder FOLDER
"""

import argparse
import json
import os
import subprocess
import sys
import threading
import time
from collections import Counter
from dataclasses import asdict, dataclass
from http.client import HTTPConnection, HTTPException
from itertools import count
from pathlib import Path
from statistics import median, quantiles
from urllib.parse import urlsplit

from throughput import HERE, made, timed

sys.path.append(str(HERE.parent))
from peers import serve_equipoise

from equipoise.graph.publish import build, shipped_records
from equipoise.graph.release import current_id

EVERY = 0.05
"""Seconds between requests of the readers."""
FIRST = 90_000_000
ASKED = ("/health", "/queries/registry-timeline?trial={trial}", "/queries/trial-design?trial={trial}")
MIB = 1 << 20

__all__ = ["Update", "loaded", "next_version", "update"]


@dataclass(frozen=True)
class Update:
    """What one update took."""

    given: str
    in_service: float
    ended: float
    written: int
    requests: int
    failed: int
    median_ms: float
    p99_ms: float
    slowest_ms: float


class Readers(threading.Thread):
    """Asks one thing after the other: how long it took, what failed, and which release answered when first."""

    def __init__(self, host: str, trials: int) -> None:
        super().__init__(daemon=True)
        self.milliseconds: list[float] = []
        self.failed: Counter[str] = Counter()
        self.first: dict[str, float] = {}
        self._host, self._trials, self._over = host, trials, threading.Event()
        self.start()

    def run(self) -> None:
        """Ask until it is over."""
        for number in count():
            if self._over.wait(EVERY):
                return
            path = ASKED[number % len(ASKED)].format(trial=f"NCT{FIRST + number * 37 % self._trials}")
            begin = time.perf_counter()
            try:
                connection = HTTPConnection(self._host, timeout=30)
                connection.request("GET", path, headers={"Accept": "application/json"})
                response = connection.getresponse()
                response.read()
                connection.close()
            except (OSError, HTTPException) as error:
                self.failed[type(error).__name__] += 1
                continue
            self.milliseconds.append((time.perf_counter() - begin) * 1000)
            if response.status != 200:
                self.failed[f"{response.status} {path.partition('?')[0]}"] += 1
            elif release := response.getheader("Equipoise-Release"):
                self.first.setdefault(release, time.perf_counter())

    def end(self) -> None:
        """Ask no more."""
        self._over.set()
        self.join()


def next_version(of: Path, changed: int, into: Path, *options: str) -> Path:
    """A file of the next version of made records, unless it is there."""
    if not into.exists():
        aside = into.with_name(f".{into.name}")
        command = [sys.executable, str(HERE / "generate.py"), "--changed", str(changed), "--of", str(of), *options]
        subprocess.run([*command, str(aside)], check=True)
        aside.rename(into)
    return into


def loaded(file: Path, data: Path) -> Path:
    """A data folder with the shipped release and the records of a file."""
    if not data.exists():
        aside = data.with_name(f".{data.name}")
        build(shipped_records(), aside)
        timed("records", file, aside)
        aside.rename(data)
    return data


def update(given: str, file: Path, data: Path, *, trials: int) -> Update:
    """Load a file while it is served and read."""
    there, before = _files(data), current_id(data)
    with serve_equipoise(2)(data, data.parent) as peer:
        assert not isinstance(peer, str), peer
        readers = Readers(urlsplit(peer.endpoint).netloc, trials)
        time.sleep(2)
        begin = time.perf_counter()
        command = [sys.executable, "-P", "-m", "equipoise.api.cli", "registry", "load", str(file)]
        environment = {**os.environ, "EQUIPOISE_DATA": str(data)}
        subprocess.run(command, check=True, env=environment, stdout=subprocess.DEVNULL)
        ended, now = time.perf_counter() - begin, current_id(data)
        assert now != before, "nothing changed"
        while now not in readers.first and time.perf_counter() - begin < ended + 120:
            time.sleep(EVERY)
        time.sleep(2)
        readers.end()
    if readers.failed:
        print(f"failed requests: {dict(readers.failed)}", file=sys.stderr)
    written = sum(size for file_of, size in _files(data).items() if file_of not in there)
    times, in_service = readers.milliseconds, readers.first[now] - begin
    slow = quantiles(times, n=100)[98]
    asked, failed = len(times), readers.failed.total()
    return Update(given, in_service, ended, written, asked, failed, median(times), slow, max(times))


def _files(data: Path) -> dict[tuple[int, int], int]:
    """The files of a folder and their sizes; several names of one file count once."""
    found = (path.lstat() for path in data.rglob("*") if path.is_file())
    return {(one.st_ino, one.st_mtime_ns): one.st_size for one in found}


def table(updates: list[Update]) -> str:
    """The updates as Markdown."""
    title = "| given | in service, s | ended, s | written, MiB | requests | failed | p50 ms | p99 ms | slowest ms |"
    rows = [title, "| --- " + "| --: " * 8 + "|"]
    for one in updates:
        figures = (f"{one.in_service:.1f}", f"{one.ended:.1f}", f"{one.written / MIB:.1f}", one.requests, one.failed)
        times = (f"{one.median_ms:.0f}", f"{one.p99_ms:.0f}", f"{one.slowest_ms:.0f}")
        rows.append("| " + " | ".join(map(str, (one.given, *figures, *times))) + " |")
    return "\n".join(rows)


def main(records: int, results_share: float, changed: int, folder: Path) -> None:
    """Measure both cases, and print the table."""
    first = made(folder, records, results_share)
    data = loaded(first, folder / f"data-{records}-{results_share}")
    found, before = [], first
    for turn in count():  # each run goes on with the version after the last one that was loaded
        after = folder / f"{first.name.removesuffix('.ndjson.zst')}-{turn + 1}.ndjson.zst"
        if not after.exists():
            break
        before = after
    stem = first.name.removesuffix(".ndjson.zst")
    for step, (given, options) in enumerate((("changed only", ["--only-changed"]), ("all", []))):
        seed = ["--seed", str(turn + step + 1)]
        after = next_version(before, changed, folder / f"{stem}-{turn + step + 1}.ndjson.zst", *seed)
        file = after
        if options:
            file = next_version(before, changed, folder / f"{stem}-{turn + step + 1}-only.ndjson.zst", *seed, *options)
        found.append(update(f"{given} ({changed:,} of {records:,})", file, data, trials=records))
        before = after
    print(table(found))
    (folder / "updates.json").write_text(json.dumps([asdict(one) for one in found], indent=1) + "\n")


def options_of(what: str | None, *, records: int) -> tuple[int, float, int, Path]:
    """The options of the command line: how many records, which share has results, how many change, and the folder."""
    parser = argparse.ArgumentParser(description=what, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--records", type=int, default=records)
    parser.add_argument("--results-share", type=float, default=0.13)
    parser.add_argument("--changed", type=int, default=1000)
    parser.add_argument("--folder", type=Path, required=True)
    given = parser.parse_args()
    given.folder.mkdir(parents=True, exist_ok=True)
    return given.records, given.results_share, given.changed, given.folder.resolve()


if __name__ == "__main__":
    main(*options_of(__doc__, records=4000))
