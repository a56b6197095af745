"""The history of a data folder: every release that was put in service, when, by whom, why and how.

    DATA/history.jsonl    one entry a line, the oldest first; what is not known is left out

`record` appends an entry; only the holder of the lock does. `history` reads them all. An entry that was cut off by a
failing machine has no line end: it is not read, and the next entry takes its place.
"""

import json
import os
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from pathlib import Path

from equipoise.ontology.errors import ReleaseError

__all__ = ["Entry", "history", "record"]

FILE = "history.jsonl"


@dataclass(frozen=True)
class Entry:
    """A release that was put in service: the one before it, when (UTC), how (build, update, put, post, delete), which
    graph was meant where one was, by whom and why. What is not known is None.
    """

    release: str
    when: str
    how: str
    before: str | None = None
    graph: str | None = None
    who: str | None = None
    why: str | None = None

    @classmethod
    def of_now(
        cls,
        *,
        release: str,
        before: str | None,
        how: str,
        graph: str | None = None,
        who: str | None = None,
        why: str | None = None,
    ) -> "Entry":
        """An entry of this moment."""
        return cls(release, datetime.now(UTC).isoformat(timespec="seconds"), how, before, graph, who, why)

    def document(self) -> dict[str, str]:
        """What is known, by name."""
        return {name: value for name, value in asdict(self).items() if value is not None}


def record(data: Path, entry: Entry) -> None:
    """Append an entry, and see it on the disk. Raises ReleaseError if it cannot be written."""
    line = json.dumps(entry.document(), ensure_ascii=False).encode() + b"\n"
    try:
        with open(data / FILE, "a+b") as file:
            file.truncate(_whole(file.seek(0, os.SEEK_END), data))
            file.write(line)
            file.flush()
            os.fsync(file.fileno())
    except OSError as error:
        raise ReleaseError(
            str(data / FILE), found=f"cannot be written: {error}", allowed="must be a writable file"
        ) from error


def history(data: Path) -> list[Entry]:
    """The entries, the oldest first; none where nothing was recorded. Raises ReleaseError if the file is damaged."""
    path = data / FILE
    try:
        lines = path.read_bytes().split(b"\n")[:-1] if path.exists() else []
        return [Entry(**json.loads(line)) for line in lines]
    except (OSError, ValueError, TypeError) as error:
        raise ReleaseError(str(path), found=f"cannot be read: {error}", allowed="must be one entry a line") from error


def _whole(size: int, data: Path) -> int:
    """The size of the file without a last line that was cut off."""
    content = (data / FILE).read_bytes() if size else b""
    return content.rfind(b"\n") + 1
