"""One writer at a time over a data folder.

`hold` takes the lock of a folder for as long as a block runs, or raises LockError at once and says who has it. The lock
is the system's (flock), so that of a process that ended, however it ended, is free; what such a process left half
written is removed by whoever takes the lock next.

    DATA/lock    who holds the lock: process, host, command, since when; empty when nobody does
"""

import fcntl
import json
import os
import shutil
import socket
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import IO

from equipoise.ontology.errors import LockError, ReleaseError

__all__ = ["hold"]


@contextmanager
def hold(data: Path) -> Iterator[None]:
    """Be the only writer of a data folder, which is made if it is not there.

    Raises LockError if another process, or another thread of this one, is writing; ReleaseError if the folder cannot be
    written.
    """
    try:
        data.mkdir(parents=True, exist_ok=True)
        file = open(data / "lock", "a+", encoding="utf-8")  # noqa: SIM115
    except OSError as error:
        raise _unwritable(data, error) from error
    with file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise LockError(str(data), found=_holder(file), allowed="try again when it has ended") from None
        try:
            _write(file, _myself())
        except OSError as error:
            raise _unwritable(data, error) from error
        try:
            _remove_leftovers(data)
            yield
        finally:
            _write(file, "")


def _myself() -> str:
    command = " ".join([Path(sys.argv[0]).name, *sys.argv[1:2]]).strip()
    since = datetime.now(UTC).isoformat(timespec="seconds")
    return json.dumps({"process": os.getpid(), "host": socket.gethostname(), "command": command, "since": since})


def _write(file: IO[str], text: str) -> None:
    """Write at once, not when the file is closed: on a full disk that would fail again."""
    os.truncate(file.fileno(), 0)
    os.pwrite(file.fileno(), text.encode(), 0)


def _unwritable(data: Path, error: OSError) -> ReleaseError:
    return ReleaseError(str(data), found=f"cannot be written: {error}", allowed="must be a writable folder")


def _holder(file: IO[str]) -> str:
    """Who holds the lock, as they wrote it down; they may be about to."""
    file.seek(0)
    try:
        holder = json.loads(file.read())
        return "is being written by process {process} on {host} ({command}), since {since}".format(**holder)
    except (ValueError, KeyError, TypeError):
        return "is being written by another process"


def _remove_leftovers(data: Path) -> None:
    """Remove what writers left that ended in the middle: they wrote aside, under names that begin so."""
    for folder in (
        data,
        data / "releases",
        data / "registry" / "packs",
        *(data / "ontologies").glob("[!.]*"),
    ):
        for path in folder.glob(".new-*"):
            if path.is_dir():
                shutil.rmtree(path, ignore_errors=True)
            else:
                path.unlink(missing_ok=True)
