"""The server under attack: where it is, what its processes hold, and whether it still answers."""

import os
import socket
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import urlsplit

import httpx

SECONDS = 15
"""How long any attack may keep its client waiting, on a machine that does much else; the limit of a query is two."""

MEGABYTES = 2048
"""How much memory all processes of the service may take together: one of 512 a worker, and the rest."""


@dataclass
class Target:
    """The server under attack, and what was seen of it."""

    address: str
    process: int
    rows: list[str] = field(default_factory=list)

    @property
    def host(self) -> tuple[str, int]:
        """Where it listens."""
        parts = urlsplit(self.address)
        return parts.hostname or "", parts.port or 0

    def connect(self, timeout: float = SECONDS) -> socket.socket:
        """A bare connection, for what no HTTP client would send."""
        return socket.create_connection(self.host, timeout=timeout)

    def megabytes(self) -> float:
        """The resident memory of all its processes, pages they share counted once for each."""
        return sum(_resident(process) for process in (self.process, *children(self.process))) / 2**20

    def check_alive(self) -> None:
        """It answers /health and a small query, soon, and holds no more memory than it may."""
        with httpx.Client(base_url=self.address, timeout=SECONDS) as client:
            assert client.get("/health").status_code == 200
            deadline = time.monotonic() + SECONDS
            while (found := client.get("/sparql", params={"query": "ASK { ?s ?p ?o }"})).status_code != 200:
                assert time.monotonic() < deadline, found.text
                time.sleep(0.2)
        assert self.megabytes() < MEGABYTES


@dataclass
class Outcome:
    """How an attack ended: the status of the answer, or what came instead of one, and its body."""

    status: int
    body: bytes
    headers: httpx.Headers


Attack = Callable[..., Outcome]


def _resident(process: int) -> int:
    try:
        pages = int(Path(f"/proc/{process}/statm").read_text().split()[1])
    except (FileNotFoundError, ProcessLookupError):
        return 0
    return pages * os.sysconf("SC_PAGE_SIZE")


def children(process: int) -> list[int]:
    try:
        found = Path(f"/proc/{process}/task/{process}/children").read_text().split()
    except (FileNotFoundError, ProcessLookupError):
        return []
    return [child for name in found for child in (int(name), *children(int(name)))]
