"""The self-audit: run the statistical checks over the figures of a store, and carry the verdicts away as findings.

In: an in-memory store with the vocabulary, the records and what follows from them. Out: a `Finding` for every check
that could be run on a value, passed or failed. The arithmetic is that of `graph.statistics`.
"""

from collections.abc import Mapping
from dataclasses import replace

import pyoxigraph as ox

from equipoise.graph.audit.curves import check_curves
from equipoise.graph.audit.figure import load_figures
from equipoise.graph.audit.finding import Finding
from equipoise.graph.audit.groups import check_groups
from equipoise.graph.audit.readings import check_readings, load_readings
from equipoise.graph.audit.single import check_each
from equipoise.graph.audit.totals import check_totals

__all__ = ["Finding", "audit"]


def audit(store: ox.Store, waivers: Mapping[tuple[str, str], str]) -> list[Finding]:
    """Run every check on everything it applies to. `waivers` maps (value IRI, check id) to a reason."""
    figures = load_figures(store)
    findings = [
        *check_each(figures),
        *check_curves(figures),
        *check_groups(figures),
        *check_totals(store, figures),
        *check_readings(figures, load_readings(store)),
    ]
    waived = {_waived(finding, waivers) for finding in findings}
    return sorted(waived, key=lambda finding: (finding.about, finding.check, finding.verdict.computed, finding.inputs))


def _waived(finding: Finding, waivers: Mapping[tuple[str, str], str]) -> Finding:
    """The finding with the curator's reason, if it failed and there is one."""
    reason = waivers.get((finding.about, finding.check)) if finding.verdict.severity else None
    return replace(finding, waiver=reason) if reason else finding
