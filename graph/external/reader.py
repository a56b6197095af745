"""Reading an ontology in a process of its own, under limits of time and memory, whatever the file does to its reader.

In: a file and where its triples are to go. Out: a `Reading`. A process that passes a limit, or that a reader brought
down, is an error about the file; what it had half written is for the caller to remove.

    python -m equipoise.graph.external.reader    the process: a pickled `Order` on standard input; on the output how
                                                 many triples were read, again and again, and at last the outcome
"""

import os
import pickle
import resource
import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from threading import Timer

from equipoise.graph.external.reading import Reading, read_ontology
from equipoise.graph.settings import Settings
from equipoise.ontology.errors import EquipoiseError, LimitError, ReleaseError

__all__ = ["Order", "main", "read_apart"]


@dataclass(frozen=True)
class Order:
    """What to read: the file, the folder for its triples, the base of relative IRIs, and the bounds in bytes."""

    path: Path
    into: Path
    base: str
    most_bytes: int
    memory: int


def read_apart(
    path: Path, *, into: Path, base: str, settings: Settings, report: Callable[[int], object] = id
) -> Reading:
    """Read a file as `read_ontology` does, in another process. Raises LimitError if that passed a limit."""
    most_bytes, memory = settings.file_megabytes << 20, settings.ontology_megabytes << 20
    process = subprocess.Popen(
        [sys.executable, "-P", "-m", "equipoise.graph.external.reader"],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,  # a reader that panics says so there, in words that help nobody
        env={**os.environ, "OPENBLAS_NUM_THREADS": "1"},
    )
    assert process.stdin is not None and process.stdout is not None
    stopped: list[bool] = []

    def stop() -> None:
        stopped.append(True)
        process.kill()

    timer = Timer(settings.ontology_seconds, stop)
    timer.start()
    outcome: object = 0
    try:
        process.stdin.write(pickle.dumps(Order(path, into, base, most_bytes, memory)))
        process.stdin.close()
        while isinstance(outcome, int):
            report(outcome)
            outcome = pickle.load(process.stdout)  # noqa: S301  written by our own process
    except (EOFError, pickle.UnpicklingError, BrokenPipeError):
        outcome = _gave_up(path, settings, late=bool(stopped))
    finally:
        timer.cancel()
        process.kill()
        process.stdout.close()
        process.wait()
    if isinstance(outcome, EquipoiseError):
        raise outcome
    assert isinstance(outcome, Reading)
    return outcome


def _gave_up(path: Path, settings: Settings, *, late: bool) -> LimitError:
    if late:
        found = f"was not read after {settings.ontology_seconds:g} seconds"
        return LimitError(str(path), found=found, allowed="raise EQUIPOISE_ONTOLOGY_SECONDS if it may take longer")
    found = f"brought its reader down, most likely for want of memory ({settings.ontology_megabytes} MiB)"
    return LimitError(str(path), found=found, allowed="raise EQUIPOISE_ONTOLOGY_MEGABYTES, or see if the file is whole")


def main() -> None:
    """Read one file: limit this process, and write what came of it."""
    order: Order = pickle.loads(sys.stdin.buffer.read())  # noqa: S301  sent by our own process
    resource.setrlimit(resource.RLIMIT_DATA, (order.memory, order.memory))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    output = sys.stdout.buffer

    def report(number: int) -> None:
        pickle.dump(number, output)
        output.flush()

    try:
        outcome: Reading | EquipoiseError = read_ontology(
            order.path, into=order.into, base=order.base, most_bytes=order.most_bytes, report=report
        )
    except EquipoiseError as error:
        outcome = error
    except OSError as error:
        outcome = ReleaseError(str(order.into), found=f"cannot be written: {error}", allowed="must have room")
    pickle.dump(outcome, output)


if __name__ == "__main__":
    main()
