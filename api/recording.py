"""`equipoise registry load`: records into a new release, and what came of them, as the command line says it."""

from collections.abc import Sequence
from pathlib import Path

from equipoise.api import terminal
from equipoise.api.curating import this_user
from equipoise.graph.registry.load import Report, load_registry
from equipoise.graph.retention import retire
from equipoise.graph.settings import Settings
from equipoise.ontology.errors import SettingError

__all__ = ["load_records"]

REFUSED_SHOWN = 20
LEFT_SHOWN = 12


def load_records(settings: Settings, paths: Sequence[Path], *, coverage: Path | None, why: str | None) -> None:
    """Load records, say what became of them, and retire the releases that are not to be kept."""
    with terminal.working("reading") as tell:
        found = load_registry(settings.data, paths, who=this_user(), why=why, report=tell)
    _say(found)
    if coverage:
        try:
            coverage.write_text(found.coverage.table(), encoding="utf-8")
        except OSError as error:
            allowed = "must be a file in a writable folder"
            raise SettingError(str(coverage), found=f"cannot be written: {error.strerror}", allowed=allowed) from error
    if gone := retire(settings.data, keep=settings.keep_releases):
        terminal.say(f"retired: {', '.join(gone)}")


def _say(found: Report) -> None:
    parts = (("new", found.added), ("changed", found.changed), ("as before", found.unchanged))
    counts = ", ".join(f"{number:,} {name}" for name, number in (*parts, ("refused", len(found.refused))))
    terminal.say(f"{found.read:,} records: {counts}")
    if found.coverage.records:
        terminal.say(f"of their values {found.coverage.share:.1%} became statements; of the others, the most:")
        left = found.coverage.paths_left()[:LEFT_SHOWN]
        terminal.table(
            ["left", "of", "path", "reason"], [[str(one.count), str(one.of), one.path, one.reason] for one in left]
        )
    failed = [
        (check, verdict, number) for (check, verdict), number in sorted(found.findings.items()) if verdict != "Passed"
    ]
    if found.findings:
        terminal.say(f"of {found.findings.total():,} checks failed: {sum(number for *_, number in failed):,}")
        terminal.table(
            ["check", "severity", "failed"], [[check, verdict, str(number)] for check, verdict, number in failed]
        )
    for origin, reasons in found.refused[:REFUSED_SHOWN]:
        terminal.say(f"refused: {origin}: {reasons[0]}" + (f" (and {len(reasons) - 1} more)" if reasons[1:] else ""))
    if len(found.refused) > REFUSED_SHOWN:
        terminal.say(f"and {len(found.refused) - REFUSED_SHOWN:,} more: see equipoise registry quarantine")
    records = found.release.manifest.records
    terminal.say(f"release {found.release.id}: {records.count if records else 0:,} registry records in service")
