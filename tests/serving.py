"""Real servers on loopback, started by a test and ended by it."""

import socket
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from urllib.error import HTTPError, URLError
from urllib.request import urlopen

import pytest

__all__ = ["await_answer", "free_port", "serving", "serving_equipoise"]

SECONDS = 60


def free_port() -> int:
    """A port of loopback that nobody listens on."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port: int = free.getsockname()[1]
    return port


@contextmanager
def serving(command: Sequence[str], address: str, *, environment: Mapping[str, str], log: Path) -> Iterator[None]:
    """Run a server from the time it answers at an address until the block ends."""
    with log.open("wb") as output:
        process = subprocess.Popen(command, env=dict(environment), stdout=output, stderr=subprocess.STDOUT)
        try:
            await_answer(address, process, log)
            yield
        finally:
            process.terminate()
            process.wait(timeout=20)


@contextmanager
def serving_equipoise(environment: Mapping[str, str], *, log: Path) -> Iterator[str]:
    """Run our own server with the settings of an environment; gives its address."""
    port = free_port()
    address = f"http://127.0.0.1:{port}"
    command = [sys.executable, "-P", "-m", "equipoise.api.cli", "serve", "--port", str(port)]
    with serving(command, f"{address}/health", environment=environment, log=log):
        yield address


def await_answer(address: str, process: subprocess.Popen[bytes], log: Path) -> None:
    deadline = time.monotonic() + SECONDS
    while time.monotonic() < deadline and process.poll() is None:
        try:
            with urlopen(address, timeout=2):
                return
        except HTTPError:
            return
        except (URLError, OSError):
            time.sleep(0.1)
    pytest.fail(f"the server did not start: {log.read_text()}")
