"""The commands of a curator: build a release, check records, verify their sources, locate a passage.

They stand apart from `cli` because what they need (shapes, reasoner, record model) is slow to load, and those who only
ask need none of it.
"""

import getpass
from pathlib import Path

from equipoise.api import terminal
from equipoise.api.loading import load_engine
from equipoise.graph.audit import Finding
from equipoise.graph.build import trial_graph
from equipoise.graph.load import load_record
from equipoise.graph.publish import Assembly, assemble, build, shipped_records
from equipoise.graph.settings import Settings
from equipoise.graph.sources import SourceReport, locate, read_texts, verify_sources
from equipoise.ontology.errors import SettingError
from equipoise.ontology.reasoner import java_is_present
from equipoise.ontology.terms import load_terms

__all__ = ["build_release", "check_records", "cite_words", "this_user", "verify_records"]


def build_release(settings: Settings, records: list[Path] | None, *, why: str | None) -> None:
    """Build a release and put it in service, on the engine too if the settings name one; say what it holds.

    Raises RecordError if a record is refused, LockError if another process is writing.
    """
    paths = _paths(records)
    with terminal.working("starting") as report:
        assembly, release = build(paths, settings.data, who=this_user(), why=why, report=report)
    _note_rules()
    terminal.say(f"release {release.id}: {release.manifest.triples} triples, {len(release.manifest.trials)} trial(s)")
    _say_findings(assembly)
    terminal.say(f"in service in {settings.data}")
    if settings.store:
        load_engine(settings, release)


def check_records(records: list[Path] | None, *, show_passed: bool) -> None:
    """Check records; show what the checks found. Raises RecordError if a record would be refused."""
    assembly = _assemble(records)
    rows = [
        [finding.check, _verdict(finding), terminal.short(finding.about), finding.verdict.computed]
        for finding in assembly.findings
        if show_passed or not finding.verdict.passed
    ]
    if rows:
        terminal.table(["check", "verdict", "value", "computed"], rows)
    _say_findings(assembly)


def verify_records(settings: Settings, records: list[Path] | None) -> bool:
    """Verify the citations of records against the source texts at hand; whether all of them stand."""
    if settings.sources is None:
        allowed = "set it, or --sources, to the folder of source texts"
        raise SettingError("EQUIPOISE_SOURCES", found="is not set", allowed=allowed)
    texts = read_texts(settings.sources)
    terms = load_terms()
    reports = [verify_sources(trial_graph(load_record(path, terms), terms), texts) for path in _paths(records)]
    for report in reports:
        _say_report(report)
    return not any(report.faults for report in reports)


def cite_words(file: Path, words: str) -> None:
    """Print where words stand in a text, in the form of a passage of a record."""
    try:
        start, end, digest = locate(file.read_text(encoding="utf-8"), words)
    except (OSError, ValueError) as error:
        raise SettingError(
            str(file), found=str(error), allowed="must be a UTF-8 text with the words in it once"
        ) from error
    terminal.say(f"start: {start}\nend: {end}\nsha256: {digest}")


def _paths(records: list[Path] | None) -> list[Path]:
    if not records:
        return shipped_records()
    found = [path for record in records for path in (sorted(record.glob("*.yaml")) if record.is_dir() else [record])]
    if not found:
        raise SettingError(
            "records", found="no .yaml file was found", allowed="must name record files or folders of them"
        )
    return found


def _assemble(records: list[Path] | None) -> Assembly:
    with terminal.working("starting") as report:
        assembly = assemble(_paths(records), report)
    _note_rules()
    return assembly


def this_user() -> str | None:
    """The name of the user of this process, where the system knows it."""
    try:
        return getpass.getuser()
    except (KeyError, OSError):
        return None


def _note_rules() -> None:
    if not java_is_present():
        terminal.note(
            "Java was not found: classes and mechanisms were inferred by the rule set, which gives the same answers; "
            "HermiT did not prove the whole consistent."
        )


def _verdict(finding: Finding) -> str:
    severity = finding.verdict.severity or "Passed"
    return f"{severity}, explained" if finding.waiver else severity


def _say_findings(assembly: Assembly) -> None:
    warnings = [finding for finding in assembly.findings if finding.verdict.severity == "Warning"]
    explained = sum(finding.waiver is not None for finding in warnings)
    passed = sum(finding.verdict.passed for finding in assembly.findings)
    remarks = len(assembly.findings) - passed - len(warnings)
    counts = f"{passed} passed, {explained} explained, {len(warnings) - explained} unexplained, {remarks} remarked"
    terminal.say(f"checks: {counts}; inferred by {assembly.reasoner}")


def _say_report(report: SourceReport) -> None:
    terminal.say(
        f"{report.record}: {report.citations} citations with {report.printed} printed numbers and words looked up in "
        f"{len(report.found)} text(s); {len(report.faults)} do not stand"
    )
    for fault in report.faults:
        terminal.complain(f"{report.record}:{fault.line or 1}: {fault}")
    if report.missing:
        terminal.note(f"text not at hand, so not checked: {', '.join(report.missing)}")
    if report.without_text:
        terminal.note(f"{len(report.without_text)} sources were cited without a text to check against")
