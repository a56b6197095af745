"""What a process and all that it starts hold in memory, while it runs.

In: a process. Out: samples: seconds since it was started, the resident memory of all its processes in MiB, and their
proportional share of it, in which a page that several share counts once, where the system says that.
"""

import threading
import time
from pathlib import Path
from typing import NamedTuple

__all__ = ["EVERY", "Sample", "Watch"]

EVERY = 0.2
"""Seconds between samples."""
KIB_IN_MIB = 1024


class Sample(NamedTuple):
    """The memory of all processes at one time, in MiB."""

    seconds: float
    resident: float
    proportional: float


class Watch(threading.Thread):
    """Samples the memory of a process and its descendants until it is told to end, or they have."""

    def __init__(self, process: int) -> None:
        super().__init__(daemon=True)
        self.samples: list[Sample] = []
        self._process, self._begin, self._over = process, time.perf_counter(), threading.Event()
        self.start()

    def run(self) -> None:
        """Take samples."""
        while not self._over.wait(EVERY):
            sizes = [_held(process) for process in _family(self._process)]
            resident, proportional = (sum(size[kind] for size in sizes) / KIB_IN_MIB for kind in (0, 1))
            self.samples.append(Sample(time.perf_counter() - self._begin, resident, proportional))

    def end(self) -> list[Sample]:
        """The samples, when it is over."""
        self._over.set()
        self.join()
        return self.samples


def _family(process: int) -> list[int]:
    """A process and its descendants."""
    found = [process]
    for one in found:
        try:
            tasks = [path.joinpath("children").read_text() for path in Path(f"/proc/{one}/task").iterdir()]
        except OSError:  # it has ended
            continue
        found += [int(child) for children in tasks for child in children.split()]
    return found


def _held(process: int) -> tuple[int, int]:
    """The resident and the proportional memory of one process, in KiB; zero if it has ended."""
    try:
        lines = Path(f"/proc/{process}/smaps_rollup").read_text().splitlines()
    except OSError:
        return 0, 0
    found = {name: int(rest.split()[0]) for name, _, rest in (line.partition(":") for line in lines[1:])}
    return found.get("Rss", 0), found.get("Pss", 0)
