"""The view of the audit page: how often each check was run, and what it did not pass.

In: a store. Out: an `AuditView`, from the answers of the questions `audit-summary` and `checks`.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from equipoise.graph.store import Store
from equipoise.queries.catalogue import find_question
from equipoise.queries.run import run

__all__ = ["AuditView", "audit_view"]

COUNTS = ("run", "passed", "explained", "warnings", "remarks")


@dataclass(frozen=True)
class AuditView:
    """The checks by number, each with its counts; the totals of the counts; what did not pass, gravest first.

    `trial` is the trial asked about, as it was given.
    """

    trial: str | None
    checks: tuple[dict[str, Any], ...]
    totals: Mapping[str, int]
    findings: tuple[Mapping[str, Any], ...]


def audit_view(store: Store, trial: str | None) -> AuditView:
    """Ask the store. Raises UnknownNameError for a trial that it does not hold."""
    asked = {"trial": trial} if trial else {}
    checks: dict[str, dict[str, Any]] = {}
    for row in run(store, find_question("audit-summary"), asked).values():
        check = checks.setdefault(row["check"], {name: row[name] for name in ("check", "check_id", "check_label")})
        for name in COUNTS:
            check[name] = check.get(name, 0) + row[name]
    failed = run(store, find_question("checks"), {**asked, "verdict": "Failed"}).values()
    ordered = sorted(checks.values(), key=lambda check: _number(check["check_id"]))
    return AuditView(
        trial=trial,
        checks=tuple(ordered),
        totals={name: sum(check[name] for check in ordered) for name in COUNTS},
        findings=tuple(sorted(failed, key=lambda row: (row["severity"].endswith("Info"), bool(row["waiver"])))),
    )


def _number(check_id: str) -> tuple[int, str]:
    """C9b stands after C9 and before C10."""
    digits = check_id.strip("Cb")
    return int(digits), check_id
