"""Writing to a data folder from a service: each change in a process of its own, under limits of time and memory.

In: a change, and by whom and why. Out: a `Revision`, once it is in service. A process that passes a limit is killed,
and what it had half written is removed; the service, and the release in service, are as they were.

    python -m equipoise.graph.writer    the process: a pickled `Request` on standard input, its outcome on the output
"""

import pickle
import resource
import subprocess
import sys
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from threading import BoundedSemaphore, Lock

from equipoise.graph.change import Change
from equipoise.graph.lock import hold
from equipoise.graph.revise import Revision, revise
from equipoise.graph.settings import Settings
from equipoise.ontology.errors import EquipoiseError, LimitError, LockError

__all__ = ["Request", "Writer", "main"]

PLACES = 8
"""How many changes may be made or wait; one more is sent away at once."""


@dataclass(frozen=True)
class Request:
    """A change to a data folder, by whom and why, and the bytes of memory that making it may take."""

    data: Path
    change: Change
    who: str | None
    why: str | None
    memory: int


class Writer:
    """Makes changes to the data folder of the settings, one after the other. Safe to use from several threads."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self._turn = Lock()
        self._places = BoundedSemaphore(PLACES)

    def revise(self, change: Change, *, who: str | None = None, why: str | None = None) -> Revision:
        """Make a change, see `graph.revise`. Raises LimitError if it passed a limit, LockError if too many wait."""
        data, seconds = self._settings.data, self._settings.write_seconds
        request = Request(data, change, who, why, self._settings.write_megabytes << 20)
        if not self._places.acquire(blocking=False):
            raise LockError(str(data), found=f"{PLACES} changes are waiting to be made", allowed="try again later")
        try:
            if not self._turn.acquire(timeout=seconds):
                raise LockError(str(data), found="other changes take long", allowed="try again later")
            try:
                return self._run(request)
            finally:
                self._turn.release()
        finally:
            self._places.release()

    def _run(self, request: Request) -> Revision:
        seconds = self._settings.write_seconds
        try:
            ended = subprocess.run(
                [sys.executable, "-P", "-m", "equipoise.graph.writer"],
                input=pickle.dumps(request),
                stdout=subprocess.PIPE,
                timeout=seconds,
                check=False,
            )
        except subprocess.TimeoutExpired as error:
            _tidy(request.data)
            raise LimitError(
                "change", found=f"was stopped after {seconds:g} seconds", allowed="ask for less", status=504
            ) from error
        if ended.returncode:
            _tidy(request.data)
            found = f"the process gave up, most likely for want of memory ({self._settings.write_megabytes} MiB)"
            raise LimitError("change", found=found, allowed="ask for less")
        outcome = pickle.loads(ended.stdout)  # noqa: S301  written by our own process
        if isinstance(outcome, EquipoiseError):
            raise outcome
        assert isinstance(outcome, Revision)
        return outcome


def _tidy(data: Path) -> None:
    """Remove what a killed process left, unless another is writing, which does it itself."""
    with suppress(LockError), hold(data):
        pass


def main() -> None:
    """Make one change: read it, limit this process, and write what came of it."""
    request: Request = pickle.loads(sys.stdin.buffer.read())  # noqa: S301  sent by our own service
    resource.setrlimit(resource.RLIMIT_DATA, (request.memory, request.memory))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    try:
        outcome: Revision | EquipoiseError = revise(request.data, request.change, who=request.who, why=request.why)
    except EquipoiseError as error:
        outcome = error
    sys.stdout.buffer.write(pickle.dumps(outcome))


if __name__ == "__main__":
    main()
