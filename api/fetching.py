"""Records of the registry on their way in, as the command line shows it: fetched into a folder, or in quarantine."""

import hashlib
import json
from pathlib import Path

from equipoise.api import terminal
from equipoise.graph.registry.fetch import Pace, Wanted, fetch_records
from equipoise.graph.registry.quarantine import quarantined
from equipoise.graph.settings import Settings
from equipoise.ontology.errors import SettingError

__all__ = ["fetch_into", "list_quarantine"]


def fetch_into(settings: Settings, wanted: Wanted, folder: Path | None, *, most: int, page_size: int) -> None:
    """Fetch what is wanted into a folder, and say how far it got. Raises SettingError if nothing is asked for."""
    if not wanted.parameters():
        allowed = "give --condition, --intervention, --term or --since; the whole registry comes as one ZIP file"
        raise SettingError("registry fetch", found="asks for nothing in particular", allowed=allowed)
    place = folder or settings.data / "registry" / "fetched" / _name(settings.registry, wanted)
    pace = Pace(page_size=page_size)
    with terminal.working("asking the registry") as tell:
        fetched = fetch_records(
            wanted,
            place,
            address=settings.registry,
            most=most,
            pace=pace,
            report=lambda done, total: tell(f"{done:,} of {total or 'so many'} records"),
        )
    if fetched.is_complete:
        terminal.say(f"complete: {fetched.studies:,} records in {place}")
    else:
        terminal.say(f"{fetched.studies:,} of {fetched.total or 'more'} records in {place}; a larger --max goes on")


def list_quarantine(settings: Settings) -> None:
    """Show what is in quarantine."""
    items = quarantined(settings.data)
    rows = [[item.name, item.origin, item.time, "; ".join(item.reasons)] for item in items]
    terminal.table(["name", "origin", "time", "reasons"], rows)


def _name(address: str, wanted: Wanted) -> str:
    """The name of the folder of a query, always the same."""
    return hashlib.sha256(json.dumps([address, wanted.parameters()]).encode()).hexdigest()[:12]
