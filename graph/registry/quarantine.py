"""The quarantine: what was refused, kept aside with the reason until a later run takes it well.

In: refused inputs, and later the records that were taken. Out: the folder `DATA/registry/quarantine`, in it two files
for each input: `NAME.json` says where it came from, why it was refused and when; `NAME.input` has its bytes, at most so
many. The name is the registry number, where the input shows one, and the beginning of the input's SHA-256. Whatever
happens in the middle, an input is there whole or not at all: it is there when its `NAME.json` is.
"""

import hashlib
import json
import re
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from equipoise.graph.whole import write_whole
from equipoise.ontology.errors import ReleaseError

__all__ = ["MOST_KEPT_BYTES", "Quarantine", "Quarantined", "quarantine_folder", "quarantined"]

MOST_KEPT_BYTES = 4 << 20
"""How much of an input is kept."""
MOST_REASONS = 100
NUMBER = re.compile(rb'"nctId"\s*:\s*"(NCT\d{8})"')


@dataclass(frozen=True)
class Quarantined:
    """One refused input: its name here, its registry number (empty if it shows none), where it came from, why and when
    it was refused, its size in bytes and how many of them are kept, and the SHA-256 of all."""

    name: str
    nct: str
    origin: str
    reasons: tuple[str, ...]
    time: str
    size: int
    kept: int
    sha256: str


def quarantine_folder(data: Path) -> Path:
    """Where the quarantine of a data folder is."""
    return data / "registry" / "quarantine"


def quarantined(data: Path) -> list[Quarantined]:
    """What is in quarantine, by name. Raises ReleaseError if an entry is damaged."""
    return [_read(path) for path in sorted(quarantine_folder(data).glob("[!.]*.json"))]


class Quarantine:
    """The quarantine of a data folder, for one run that refuses some inputs and takes others."""

    def __init__(self, data: Path) -> None:
        self._folder = quarantine_folder(data)
        self._items = {item.name: item for item in quarantined(data)}
        self._names: dict[str, set[str]] = {}
        for item in self._items.values():
            self._note(item)

    def refuse(self, origin: str, reasons: Sequence[str], content: bytes | None, *, nct: str = "") -> Quarantined:
        """Keep an input aside, in place of what the same place or number gave before. Raises ReleaseError."""
        content = content or b""
        found = NUMBER.search(content)
        number = nct or (found[1].decode() if found else "")
        sha256 = hashlib.sha256(content or origin.encode()).hexdigest()
        name = f"{number or 'input'}-{sha256[:16]}"
        kept = content[:MOST_KEPT_BYTES]
        time = datetime.now(UTC).isoformat(timespec="seconds")
        item = Quarantined(name, number, origin, tuple(reasons[:MOST_REASONS]), time, len(content), len(kept), sha256)
        about = json.dumps(asdict(item), ensure_ascii=False, indent=2) + "\n"
        try:
            self._folder.mkdir(parents=True, exist_ok=True)
            write_whole(self._folder / f"{name}.input", kept)
            write_whole(self._folder / f"{name}.json", about.encode(errors="replace"))
        except OSError as error:
            raise ReleaseError(
                str(self._folder), found=f"cannot be written: {error}", allowed="must be a writable folder"
            ) from error
        self._forget_all(origin, number, but=name)
        self._items[name] = item
        self._note(item)
        return item

    def take(self, origin: str, nct: str) -> None:
        """Forget what the same place, or a record of the same number, gave before: it has been taken well."""
        if origin in self._names or nct in self._names:
            self._forget_all(origin, nct)

    def _note(self, item: Quarantined) -> None:
        for key in (item.origin, item.nct):
            if key:
                self._names.setdefault(key, set()).add(item.name)

    def _forget_all(self, *keys: str, but: str = "") -> None:
        for name in sorted({name for key in keys for name in self._names.get(key, ())} - {but}):
            item = self._items.pop(name)
            for key in (item.origin, item.nct):
                self._names.get(key, set()).discard(name)
            for ending in ("json", "input"):  # in this order: without its .json it is no longer there
                (self._folder / f"{name}.{ending}").unlink(missing_ok=True)


def _read(path: Path) -> Quarantined:
    try:
        raw: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
        return Quarantined(**{**raw, "reasons": tuple(raw["reasons"])})
    except (OSError, ValueError, TypeError, KeyError) as error:
        raise ReleaseError(str(path), found=f"cannot be read: {error}", allowed="take it away") from error
