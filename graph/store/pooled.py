"""The pooled store: free queries in processes of their own, each under limits of time, memory and size.

The engine cannot be cancelled, and some queries abort the process they run in. So a query that may come from anyone
runs in a worker; when it passes a limit the worker is killed and another takes its place, and the serving process
goes on.
"""

import queue
import subprocess
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from multiprocessing import Pipe
from pathlib import Path
from threading import BoundedSemaphore
from time import monotonic

from equipoise.graph.settings import Settings
from equipoise.graph.store import NO_BINDINGS, Dataset
from equipoise.graph.store.answer import Answer, Bindings, Term, Triples, Truth
from equipoise.graph.store.embedded import EmbeddedStore
from equipoise.graph.store.worker import Request, pack
from equipoise.ontology.errors import EquipoiseError, LimitError

__all__ = ["PooledStore"]

START_SECONDS = 30.0
"""How long a new worker may take until it has opened the store."""

PLACES_PER_WORKER = 8
"""How many queries may run or wait for each worker; one more is sent away at once."""


class PooledStore:
    """A release behind a fixed number of worker processes. Use as a context manager, or call `close`."""

    def __init__(self, store: EmbeddedStore, settings: Settings) -> None:
        self.release = store.release
        self._settings = settings
        self._idle: queue.Queue[_Worker] = queue.Queue()
        self._places = BoundedSemaphore(settings.query_workers * PLACES_PER_WORKER)
        self._workers = [_Worker(store.folder, settings) for _ in range(settings.query_workers)]
        for worker in self._workers:
            self._idle.put(worker)

    def __enter__(self) -> "PooledStore":
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """End all workers."""
        for worker in self._workers:
            worker.kill()

    def query(self, text: str, *, bindings: Mapping[str, Term] = NO_BINDINGS, dataset: Dataset | None = None) -> Answer:
        """Answer a query within the limits; see `Store.query`. Raises LimitError when a limit is passed."""
        packed = tuple((name, pack(term)) for name, term in bindings.items())
        with self._worker() as worker:
            return worker.ask(Request(text, packed, dataset, self.release))

    @contextmanager
    def _worker(self) -> Iterator["_Worker"]:
        """Borrow an idle worker; wait for one as long as a query may run."""
        busy = LimitError("query", found="all workers are busy", allowed="try again later")
        if not self._places.acquire(blocking=False):
            raise busy
        try:
            worker = self._idle.get(timeout=self._settings.query_seconds)
        except queue.Empty:
            self._places.release()
            raise busy from None
        try:
            yield worker
        finally:
            self._idle.put(worker)
            self._places.release()


class _Worker:
    """One process that evaluates queries, and the pipe to it."""

    def __init__(self, folder: Path, settings: Settings) -> None:
        self._folder = folder
        self._settings = settings
        self._start()

    def _start(self) -> None:
        self._pipe, theirs = Pipe()
        memory, size = self._settings.query_megabytes << 20, self._settings.answer_megabytes << 20
        arguments = [str(theirs.fileno()), str(self._folder), str(memory), str(size)]
        self._process = subprocess.Popen(
            [sys.executable, "-P", "-m", "equipoise.graph.store.worker", *arguments],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            pass_fds=[theirs.fileno()],
        )
        theirs.close()
        self._ready = False

    def kill(self) -> None:
        """End the process, whatever it is doing."""
        self._process.kill()
        self._process.wait()
        self._pipe.close()

    def ask(self, request: Request) -> Answer:
        """Send a query and wait for its answer; a worker that passes a limit is replaced before the error is raised."""
        seconds, memory = self._settings.query_seconds, self._settings.query_megabytes
        try:
            self._await_start()
            deadline = monotonic() + seconds
            self._pipe.send(request)
            if not self._pipe.poll(max(0.0, deadline - monotonic())):
                self._replace()
                raise LimitError("query", found=f"was stopped after {seconds:g} seconds", allowed="ask for less")
            answer = self._pipe.recv()
        except (EOFError, OSError) as error:
            self._replace()
            found = f"the engine gave up on it, most likely for want of memory ({memory} MiB)"
            raise LimitError("query", found=found, allowed="ask for less") from error
        if isinstance(answer, EquipoiseError):
            raise answer
        assert isinstance(answer, Bindings | Truth | Triples)
        return answer

    def _await_start(self) -> None:
        if not self._ready:
            if not self._pipe.poll(START_SECONDS):
                raise EOFError("the worker did not start")
            self._pipe.recv()
            self._ready = True

    def _replace(self) -> None:
        self.kill()
        self._start()
