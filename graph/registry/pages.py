"""The folder that pages of the registry are fetched into: each page a file, and beside them how far it got.

    page-000001.ndjson.zst    the studies of a page, one a line, as `read_records` reads them
    fetch.state               what was asked for, how many pages and studies are here, and the token of the next

A page is written whole, then the state; whoever is ended in between writes the page again.
"""

import json
import sys
from collections.abc import Sequence
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Any

from equipoise.graph.whole import write_whole
from equipoise.ontology.errors import RegistryError

if sys.version_info >= (3, 14):
    from compression import zstd
else:
    from backports import zstd

__all__ = ["Fetched", "keep_page", "read_state"]

STATE = "fetch.state"


@dataclass(frozen=True)
class Fetched:
    """How far a fetch got: the parameters it asks with, at which address; pages and studies that are here; how many the
    registry says there are (0: it did not say); the token of the next page (empty: there is none) and of all before."""

    address: str
    parameters: dict[str, str]
    pages: int = 0
    studies: int = 0
    total: int = 0
    next_token: str = ""
    tokens: tuple[str, ...] = ()

    @property
    def is_complete(self) -> bool:
        """Whether the last page is here."""
        return self.pages > 0 and not self.next_token


def read_state(folder: Path) -> Fetched | None:
    """How far the fetch of a folder got; None if nothing is there. Raises RegistryError if that cannot be read."""
    path = folder / STATE
    try:
        raw: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
        return Fetched(**{**raw, "tokens": tuple(raw["tokens"])})
    except FileNotFoundError:
        return None
    except (OSError, ValueError, TypeError, KeyError) as error:
        raise RegistryError(
            str(path), found=f"cannot be read: {error}", allowed="take the folder away, and fetch anew"
        ) from error


def keep_page(folder: Path, before: Fetched, studies: Sequence[bytes], *, next_token: str, total: int) -> Fetched:
    """Keep one more page, of studies without line breaks. Raises RegistryError if it cannot be written."""
    after = replace(
        before,
        pages=before.pages + 1,
        studies=before.studies + len(studies),
        total=total or before.total,
        next_token=next_token,
        tokens=(*before.tokens, next_token) if next_token else before.tokens,
    )
    packed = zstd.compress(b"".join(study + b"\n" for study in studies))
    try:
        write_whole(folder / f"page-{after.pages:06d}.ndjson.zst", packed)
        write_whole(folder / STATE, (json.dumps(asdict(after), indent=1) + "\n").encode())
    except OSError as error:
        raise RegistryError(
            str(folder), found=f"cannot be written: {error}", allowed="must be a folder with room"
        ) from error
    return after
