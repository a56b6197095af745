"""Which releases are kept: the newest ones and the one in service; the others are removed, with what only they need.

In: a data folder, and how many releases to keep. Out: the releases removed. Packs of registry records that no release
names any more are removed too; the history keeps its entries. What ontologies stand on the shelf stays there.
"""

import shutil
from pathlib import Path

from equipoise.graph.history import history
from equipoise.graph.lock import hold
from equipoise.graph.registry.packs import clear_packs
from equipoise.graph.release import current_id, releases_on_disk
from equipoise.ontology.errors import ReleaseError

__all__ = ["retire"]


def retire(data: Path, *, keep: int) -> list[str]:
    """Remove all releases but the newest ones, as the history has them, and the one in service; 0 keeps all.

    Raises LockError if another process is writing, ReleaseError if something cannot be removed.
    """
    if not keep:
        return []
    with hold(data):
        releases = {release.id: release for release in releases_on_disk(data)}
        last = {entry.release: place for place, entry in enumerate(history(data))}
        newest = sorted(releases, key=lambda name: last.get(name, -1), reverse=True)
        kept = {*newest[:keep], current_id(data)}
        gone = [name for name in newest if name not in kept]
        try:
            for name in gone:
                aside = releases[name].folder.rename(data / "releases" / f".new-{name}")
                shutil.rmtree(aside)
            clear_packs(data, but=[releases[name].table for name in kept if name in releases])
        except OSError as error:
            found = f"cannot be removed: {error}"
            raise ReleaseError(str(data), found=found, allowed="must be a writable folder") from error
    return gone
