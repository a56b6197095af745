"""The self-audit of posted results: which of the checks the figures of one registry record pass.

In: the statements of a record. Out: a finding for each check that failed, and how many passed and failed by check.
Figures are built from the lines themselves, which gives what `load_figures` reads from a store with the same graph,
sooner.

Not every check holds for what registries post. Those of one figure do that need its digits only (C1 to C4, C6); sums
hold within the participant flow (C7); and a serious event does not affect more participants than all of them (C12). P
values are not compared with intervals where an analysis tests noninferiority or equivalence or by an exact test, and
limits have their middle in the value only for differences of means that were not transformed. A p value that misses
its interval by a factor below 2 is no finding here: the test is seldom the one that the interval comes from.
"""

import json
import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from functools import cache

from equipoise.graph.audit.figure import Facts, Figure, build_figures
from equipoise.graph.audit.finding import Finding, found
from equipoise.graph.audit.single import check_each
from equipoise.graph.described import finding_quads
from equipoise.graph.registry.lines import RecordLines
from equipoise.graph.statistics.counts import check_count, check_sum
from equipoise.ontology.iri import EQP
from equipoise.ontology.rdf import RDF_TYPE, RDFS_LABEL, SKOS
from equipoise.ontology.terms import vocabulary

__all__ = ["RecordAudit", "audit_record", "finding_triples", "record_figures"]

CHECKS = frozenset(("C1", "C2", "C2b", "C3", "C4", "C6"))
"""The checks of one figure that hold for posted results."""

FIGURES = frozenset(
    EQP + name for name in ("BaselineEstimate", "Contrast", "Estimate", "SafetyEstimate", "UnorderedComparison")
)
ANOTHER_HYPOTHESIS = frozenset(EQP + name for name in ("Equivalence", "Noninferiority", "NoninferiorityOrEquivalence"))
OTHER_TESTS = frozenset(EQP + name for name in ("FisherExactTest", "ExactMethod"))
SYMMETRIC = frozenset(EQP + name for name in ("MeanDifference", "LeastSquaresMeanDifference"))
"""The differences whose intervals have the value in their middle by whatever method; those of others need not."""

TEXTS = ("groupDescription", "comment", "methodComment", "pComment", "hypothesisComment")
TRANSFORMED = re.compile(r"\blog|transform|bootstrap|hodges|non-?parametric|exact", re.IGNORECASE)
"""Words of an analysis by which its interval need not have the value in its middle."""

READ = (
    *("trial", "analysis", "endpoint", "outcome", "characteristic", "category", "arm", "targetArm", "referenceArm"),
    *("effectMeasure", "method", "statistic", "unit", "value", "valuePrinted", "lower", "lowerPrinted", "upper"),
    *("upperPrinted", "intervalKind", "intervalSides", "level", "timepoint", "pValue", "pPrinted", "pComparator"),
    *("pSides", "hypothesis", "noninferiorityTested", "events", "denominator", "event", "eventTerm", "eventTotal"),
    *TEXTS,
    *("group", "step", "stepKind", "period", "participantCount", "assessor", "responseCriteria"),
)
"""The properties that figures and checks read."""


@dataclass
class RecordAudit:
    """What the audit of a record gave: its failed checks, and how often each check passed and failed."""

    findings: list[Finding] = field(default_factory=list)
    counts: Counter[tuple[str, str]] = field(default_factory=Counter)

    def take(self, findings: Iterable[Finding]) -> None:
        """Count findings, and keep those that failed."""
        for finding in findings:
            self.counts[finding.check, finding.verdict.severity or "Passed"] += 1
            if finding.verdict.severity:
                self.findings.append(finding)


def audit_record(lines: RecordLines) -> RecordAudit:
    """Check the figures of one record."""
    facts = record_facts(lines.triples())
    figures = {
        iri: values for iri, values in facts.items() if "eventTerm" not in values and FIGURES & set(values["type"])
    }
    audit = RecordAudit()
    checked = [_as_checked(figure, facts[figure.iri]) for figure in build_figures(_completed(figures, facts))]
    audit.take(finding for finding in check_each(checked) if finding.check in CHECKS and not _is_near(finding))
    audit.take(_check_flow(facts))
    audit.take(_check_events(facts))
    audit.findings.sort(key=lambda finding: (finding.about, finding.check, finding.verdict.computed))
    return audit


def finding_triples(findings: Iterable[Finding]) -> list[str]:
    """The failed checks of one record, as `RecordLines` has triples, sorted."""
    return sorted(f"{quad.triple} " for quad in finding_quads(findings))


def record_figures(triples: Iterable[str]) -> list[Figure]:
    """The figures of a record, as `load_figures` gives them from a store with its graph and the vocabulary."""
    facts = record_facts(triples)
    return build_figures(_completed({iri: it for iri, it in facts.items() if FIGURES & set(it["type"])}, facts))


def record_facts(triples: Iterable[str]) -> dict[str, defaultdict[str, list[str]]]:
    """What is stated of each thing, by the local name of the property."""
    facts: dict[str, defaultdict[str, list[str]]] = {}
    names = _names()
    for triple in triples:
        subject, predicate, node = triple.split(" ", 2)
        if name := names.get(predicate):
            facts.setdefault(subject[1:-1], defaultdict(list))[name].append(_value(node))
    return facts


def _value(node: str) -> str:
    """The IRI or the lexical form of an object."""
    if node.startswith("<"):
        return node[1:-2]
    text = node[1 : node.rindex('"')]
    return str(json.loads(f'"{text}"')) if "\\" in text else text


@cache
def _names() -> dict[str, str]:
    """The properties that figures and checks read, by local name."""
    return {f"<{RDF_TYPE.value}>": "type", f"<{RDFS_LABEL.value}>": "label"} | {f"<{EQP}{name}>": name for name in READ}


def _completed(figures: Mapping[str, Facts], facts: Mapping[str, Facts]) -> dict[str, Facts]:
    """The facts of figures with what they have from their effect measure and their endpoint."""
    complete: dict[str, Facts] = {}
    for iri, own in figures.items():
        more: dict[str, list[str]] = {}
        if measure := own.get("effectMeasure"):
            more["measureKind"] = _broader().get(measure[0], [])
        if endpoint := own.get("endpoint"):
            known = facts.get(endpoint[0], {})
            more["assessment"] = [f"{known.get('assessor', [''])[0]} {known.get('responseCriteria', [''])[0]}"]
        complete[iri] = {**own, **{name: values for name, values in more.items() if values}}
    return complete


def _as_checked(figure: Figure, facts: Facts) -> Figure:
    """The figure without what does not mean in it what the checks take it for."""
    if ANOTHER_HYPOTHESIS & set(facts.get("hypothesis", ())) or facts.get("noninferiorityTested") == ["true"]:
        figure = replace(figure, p=None)
    if figure.method in OTHER_TESTS:
        figure = replace(figure, p=None)
    is_transformed = any(TRANSFORMED.search(text) for name in TEXTS for text in facts.get(name, ()))
    if figure.is_difference and (figure.measure not in SYMMETRIC or is_transformed):
        figure = replace(figure, measure_kind=None)
    return replace(figure, interval_kind=None) if facts.get("intervalSides") == ["1"] else figure


def _is_near(finding: Finding) -> bool:
    """Whether a p value only misses its interval by what another test, or few participants, can make of it."""
    return finding.check == "C3" and finding.verdict.severity == "Warning"


def _check_flow(facts: Mapping[str, Facts]) -> Iterator[Finding]:
    """C7: who started a period completed it or did not, and the reasons to leave make up those who did not."""
    periods: dict[tuple[str, str], dict[str, tuple[str, int]]] = defaultdict(dict)
    reasons: dict[tuple[str, str], list[int]] = defaultdict(list)
    for iri, count in facts.items():
        if EQP + "FlowCount" not in count.get("type", ()) or "participantCount" not in count:
            continue
        step = facts[count["step"][0]]
        key = (step["period"][0], count["group"][0])
        number = int(count["participantCount"][0])
        if step["stepKind"] == [EQP + "ReasonToLeave"]:
            reasons[key].append(number)
        else:
            periods[key].setdefault(step.get("label", [""])[0], (iri, number))
    for key, milestones in periods.items():
        if {"STARTED", "COMPLETED", "NOT COMPLETED"} <= set(milestones):
            (about, started), (_, done), (other, left) = (
                milestones[name] for name in ("STARTED", "COMPLETED", "NOT COMPLETED")
            )
            yield from found(about, "C7", check_sum([done, left], started), other)
            if key in reasons:
                yield from found(other, "C7", check_sum(sorted(reasons[key], reverse=True), left))


def _check_events(facts: Mapping[str, Facts]) -> Iterator[Finding]:
    """C6: an event affects no more participants than are at risk; C12: nor more than all events of its kind together.

    A row has counts alone, so it is checked without building a figure of it.
    """
    totals = {
        (it["eventTotal"][0], it["group"][0]): (iri, int(it["events"][0]))
        for iri, it in facts.items()
        if "eventTotal" in it and "group" in it and "events" in it
    }
    for iri, it in facts.items():
        if "eventTerm" not in it or "events" not in it:
            continue
        events = int(it["events"][0])
        if "denominator" in it:
            yield from found(iri, "C6", check_count(events, int(it["denominator"][0])))
        total = totals.get((facts[it["eventTerm"][0]]["eventTotal"][0], it["group"][0]))
        if total is not None:
            yield from found(iri, "C12", check_count(events, total[1]), total[0])


@cache
def _broader() -> dict[str, list[str]]:
    """The broader concepts of each concept of the vocabulary."""
    broader: dict[str, list[str]] = defaultdict(list)
    for triple in vocabulary():
        if triple.predicate.value == SKOS + "broader":
            broader[triple.subject.value].append(triple.object.value)  # type: ignore[union-attr]
    return dict(broader)
