"""One worker process, seen from the service: started, asked, listened to, and killed.

In: asks. Out: the frames of their answers, one after the other. A worker serves one ask at a time. When its process
dies, whoever listens gets WorkerDiedError, and nobody else notices.
"""

import asyncio
import json
import os
import socket
import subprocess
import sys
from collections import deque
from collections.abc import Callable
from contextlib import suppress
from typing import cast

from equipoise.graph.store.crew import WorkerDiedError
from equipoise.graph.store.frames import END, ERROR, READY, Ask, FrameReader, Plan, packed_ask

__all__ = ["ProcessWorker"]

START_SECONDS = 30.0
"""How long a new worker may take until it has opened the store."""

SECRETS = {"EQUIPOISE_WRITE_TOKEN", "EQUIPOISE_STORE_USER", "EQUIPOISE_STORE_PASSWORD"}
"""What the environment holds that is no business of a worker's."""

ALLOCATING = {"GLIBC_TUNABLES": "glibc.malloc.tcache_count=2000"}
"""How glibc allocates in a worker: the engine asks for many small pieces at once and frees them together, and finding
them took a third of its time. Other systems pass over it.
"""

ASIDE = 10
"""How many steps of priority a worker is moved back by that works on a slow query."""

END_SECONDS = 1.0
"""How long to wait until a process that closed its pipe says how it ended."""

MOST_WAITING_FRAMES = 64
"""How many frames may wait to be read before the worker is made to wait."""


class ProcessWorker(asyncio.Protocol):
    """A process that evaluates queries, and the pipe to it. Make one with `start`; it belongs to the running loop."""

    def __init__(self, process: "subprocess.Popen[bytes]", plan: Plan) -> None:
        self.process = process
        self.is_closed = False
        self._plan = plan
        self._reader = FrameReader()
        self._frames: deque[tuple[int, bytes]] = deque()
        self._listener: Callable[[], object] | None = None
        self._transport: asyncio.Transport | None = None
        self._is_paused = False

    @classmethod
    async def start(cls, plan: Plan) -> "ProcessWorker":
        """Start a process. Raises WorkerDiedError."""
        arguments = json.dumps(plan._asdict())
        ours, theirs = socket.socketpair()
        try:
            process = subprocess.Popen(
                [sys.executable, "-P", "-m", "equipoise.graph.store.worker", str(theirs.fileno()), arguments],
                stdin=subprocess.DEVNULL,
                stdout=subprocess.DEVNULL,
                pass_fds=[theirs.fileno()],
                env=ALLOCATING | {name: value for name, value in os.environ.items() if name not in SECRETS},
            )
        except OSError:
            ours.close()
            raise
        finally:
            theirs.close()
        ours.setblocking(False)
        worker = cls(process, plan)
        try:
            async with asyncio.timeout(START_SECONDS):
                await asyncio.get_running_loop().create_connection(lambda: worker, sock=ours)
                kind, _ = await worker.next_frame()
        except (TimeoutError, WorkerDiedError) as error:
            await worker.kill()
            raise WorkerDiedError("a worker did not start") from error
        except (asyncio.CancelledError, OSError):
            await worker.kill()
            ours.close()
            raise
        assert kind == READY
        return worker

    @property
    def is_dead(self) -> bool:
        """Whether the process has ended."""
        return self.is_closed or self.process.poll() is not None

    def send(self, ask: Ask) -> None:
        """Start the work on an ask."""
        assert self._transport is not None
        self._transport.write(packed_ask(ask))

    async def next_frame(self) -> tuple[int, bytes]:
        """The kind and payload of the next frame. Raises WorkerDiedError when none will come any more."""
        while not self._frames:
            if self.is_closed:
                raise WorkerDiedError(await self._end())
            came = asyncio.Event()
            self._listener = came.set
            try:
                await came.wait()
            finally:
                self._listener = None
        if self._is_paused and len(self._frames) < MOST_WAITING_FRAMES // 2:
            self._is_paused = False
            assert self._transport is not None
            self._transport.resume_reading()
        return self._frames.popleft()

    def listen(self, listener: Callable[[], object] | None) -> None:
        """Who is told, from now on, when frames came or the process ended; None for nobody."""
        self._listener = listener

    def take_frames(self) -> list[tuple[int, bytes]]:
        """All frames that have come."""
        frames = list(self._frames)
        self._frames.clear()
        return frames

    async def drain(self) -> None:
        """Throw away what is still to come of an answer."""
        while (await self.next_frame())[0] not in (END, ERROR):
            pass

    def move_aside(self) -> None:
        """Give way to quick queries: this worker is at work on a slow one."""
        with suppress(OSError):  # it has just died, which whoever listens will see
            os.setpriority(os.PRIO_PROCESS, self.process.pid, ASIDE)

    async def kill(self) -> None:
        """End the process, whatever it is doing, and wait until its memory is free."""
        self.process.kill()
        if self._transport is not None:
            self._transport.close()
        await asyncio.to_thread(self.process.wait)

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """The pipe is there."""
        self._transport = cast("asyncio.Transport", transport)

    def data_received(self, data: bytes) -> None:
        """Bytes came through the pipe."""
        self._frames.extend(self._reader.feed(data))
        if len(self._frames) > MOST_WAITING_FRAMES and not self._is_paused and self._transport is not None:
            self._is_paused = True
            self._transport.pause_reading()
        self._wake()

    def connection_lost(self, exc: Exception | None) -> None:
        """The pipe closed: the process has ended."""
        self.is_closed = True
        self._wake()

    async def _end(self) -> str:
        """What is known of how the process ended."""
        with suppress(subprocess.TimeoutExpired):
            await asyncio.to_thread(self.process.wait, END_SECONDS)
        code = self.process.returncode
        how = "" if code is None else f" (signal {-code})" if code < 0 else f" (exit status {code})"
        memory = f"; memory is limited to {self._plan.memory >> 20} MiB" if self._plan.memory else ""
        return f"the engine ended abruptly{how}{memory}"

    def _wake(self) -> None:
        if self._listener is not None and (self._frames or self.is_closed):
            self._listener()
