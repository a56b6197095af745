"""One writer at a time: who holds the lock is said, and a lock whose process ended is free."""

import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from equipoise.graph.lock import hold
from equipoise.ontology.errors import LockError, ReleaseError
from support import DATA, equipoise

HOLDER = """
import sys, time
from pathlib import Path
from equipoise.graph.lock import hold
with hold(Path(sys.argv[1])):
    (Path(sys.argv[1]) / ".new-half-written").mkdir()
    (Path(sys.argv[1]) / "releases").mkdir(exist_ok=True)
    (Path(sys.argv[1]) / "releases" / ".new-other").write_text("half")
    print("held", flush=True)
    time.sleep(600)
"""


def test_second_writer_is_told_who_is_writing(tmp_path: Path, environment: dict[str, str]) -> None:
    with hold(tmp_path):
        with pytest.raises(LockError, match=f"by process {os.getpid()} on .*; try again") as error, hold(tmp_path):
            pass
        assert (error.value.exit_code, error.value.status) == (1, 503)
        mine = {**environment, "EQUIPOISE_DATA": str(tmp_path)}
        refused = equipoise("build", str(DATA / "MADE-0001.yaml"), environment=mine)
        assert refused.returncode == 1
        assert f"is being written by process {os.getpid()}" in refused.stderr
    with hold(tmp_path):
        pass


def test_lock_of_a_killed_process_is_free_and_what_it_left_is_removed(tmp_path: Path) -> None:
    with subprocess.Popen([sys.executable, "-P", "-c", HOLDER, str(tmp_path)], stdout=subprocess.PIPE) as holder:
        assert holder.stdout is not None
        assert holder.stdout.readline() == b"held\n"
        with pytest.raises(LockError, match=f"by process {holder.pid} on"), hold(tmp_path):
            pass
        assert (tmp_path / ".new-half-written").is_dir()
        holder.send_signal(signal.SIGKILL)
        holder.wait()
    with hold(tmp_path):
        assert sorted(path.name for path in tmp_path.rglob("*")) == ["lock", "releases"]


def test_lock_is_given_back_after_an_error(tmp_path: Path) -> None:
    with pytest.raises(ZeroDivisionError), hold(tmp_path):
        _ = 1 / 0
    with hold(tmp_path):
        pass


def test_folder_that_cannot_be_written_is_refused(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("in the way")
    with pytest.raises(ReleaseError, match="must be a writable folder"), hold(tmp_path / "file"):
        pass
