"""`equipoise info`, `releases`, `diff` and `retire`: releases, in service or not, as the terminal shows them."""

from pathlib import Path
from typing import Any

from equipoise.api import terminal
from equipoise.api.differing import CHANGE_COLUMNS, changes_csv, difference_document
from equipoise.api.releases import COLUMNS, releases_document
from equipoise.api.render import json_bytes
from equipoise.graph.release import Release
from equipoise.graph.retention import retire
from equipoise.graph.settings import Settings
from equipoise.ontology.errors import SettingError

__all__ = ["retire_releases", "show_difference", "show_release", "show_releases"]


def show_release(release: Release, format: str) -> None:
    """What is in a release, as text or as JSON."""
    about = _about(release)
    if format == "json":
        terminal.write(json_bytes(about))
        return
    for name, value in about.items():
        if name != "graphs":
            terminal.say(f"{name}: {value}")
    rows = [[entry.iri, str(entry.triples), entry.sha256[:12]] for entry in release.manifest.graphs]
    terminal.table(["graph", "triples", "sha256"], rows)


def show_releases(data: Path, format: str) -> None:
    """The history of a data folder, as a table or as JSON."""
    document = releases_document(data)
    if format == "json":
        terminal.write(json_bytes(document))
        return
    terminal.say(f"in service: {document['current']}; on disk: {len(document['releases'])}")
    terminal.table(list(COLUMNS), [[entry.get(name, "") for name in COLUMNS] for entry in document["history"]])


def show_difference(data: Path, before: str, now: str, *, trial: str, format: str) -> None:
    """What two releases say differently, as a table, JSON or CSV."""
    document = difference_document(data, before, now, trial=trial)
    if format == "json":
        terminal.write(json_bytes(document))
    elif format == "csv":
        terminal.write(changes_csv(document))
    else:
        counts = ", ".join(f"{len(document[name])} {name}" for name in ("added", "removed", "changed"))
        terminal.say(f"{document['before']} to {document['now']}: {counts}")
        terminal.table(list(CHANGE_COLUMNS), [[row[name] for name in CHANGE_COLUMNS] for row in document["changes"]])


def retire_releases(settings: Settings) -> None:
    """Remove the releases that are not to be kept, and say which."""
    if not settings.keep_releases:
        raise SettingError("retire", found="is told to keep all releases", allowed="say how many by --keep-releases")
    gone = retire(settings.data, keep=settings.keep_releases)
    terminal.say(f"retired: {', '.join(gone) or 'none'}")


def _about(release: Release) -> dict[str, Any]:
    manifest = release.manifest
    return {
        "release": manifest.id,
        "folder": str(release.folder),
        "triples": manifest.triples,
        "trials": list(manifest.trials),
        "registry records": manifest.records.count if manifest.records else 0,
        "findings": dict(manifest.findings),
        "reasoner": manifest.reasoner,
        "software": dict(manifest.software),
        "graphs": [{"iri": entry.iri, "triples": entry.triples, "sha256": entry.sha256} for entry in manifest.graphs],
        "ontologies": [f"{ontology.name} {ontology.edition}" for ontology in manifest.ontologies],
    }
