"""From what is stated to all that a release holds: what follows, what the checks say, and whether the whole may stand.

In: the vocabulary and the graphs of evidence, from records or written. Out: an `Assembly`. Both ways to a release, a
build and a revision, go through `derive`; nothing reaches a release that it refuses.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field

import pyoxigraph as ox

from equipoise.graph.audit import Finding, audit
from equipoise.graph.described import finding_quads
from equipoise.graph.evidence import FINDINGS_GRAPH, LINKED_GRAPH, MAPPINGS_GRAPH, VOCABULARY_GRAPH, EvidenceGraph
from equipoise.graph.invariants import find_breaches
from equipoise.graph.union import with_union
from equipoise.graph.validate import validate
from equipoise.ontology.errors import Fault, RecordError
from equipoise.ontology.iri import curie
from equipoise.ontology.rdf import RDF_TYPE, in_graph
from equipoise.ontology.reasoner import INFERRED_GRAPH, Inference, labels
from equipoise.ontology.terms import load_terms

__all__ = ["Assembly", "derive"]


@dataclass(frozen=True)
class Assembly:
    """All that a release will hold, in memory: quads by graph, the evidence among them, the findings, and by what it
    was inferred. `kept` are the graphs that are no evidence and only pass through.
    """

    graphs: Mapping[str, tuple[ox.Quad, ...]]
    evidence: tuple[EvidenceGraph, ...]
    findings: tuple[Finding, ...]
    reasoner: str
    kept: Mapping[str, tuple[ox.Quad, ...]] = field(default_factory=dict)


def derive(
    vocabulary: Sequence[ox.Triple],
    evidence: Sequence[EvidenceGraph],
    *,
    infer: Callable[[Iterable[ox.Triple]], Inference],
    mappings: Sequence[ox.Quad] = (),
    linked: Sequence[ox.Quad] = (),
    changed: frozenset[str] | None = None,
    kept: Mapping[str, tuple[ox.Quad, ...]] | None = None,
    report: Callable[[str], object] = str,
) -> Assembly:
    """Infer, validate, audit and check. `mappings` are checked with the rest, but nothing follows from them; `linked`,
    what others say of their targets, is none of ours to check. `changed` names the graphs whose shape is not known to
    be right; all if None.

    Raises RecordError with every fault of every graph, ReasoningError if the whole is inconsistent.
    """
    report("checking the shapes")
    _refuse(
        [
            error
            for graph in evidence
            if changed is None or graph.iri in changed
            for error in _misshapen(graph, evidence, vocabulary)
        ]
    )
    report("inferring classes and mechanisms")
    inference = infer([*vocabulary, *(quad.triple for graph in evidence for quad in graph.quads)])
    graphs = {graph.iri: graph.quads for graph in evidence}
    graphs[VOCABULARY_GRAPH] = _in_order(vocabulary, VOCABULARY_GRAPH)
    if mappings:
        graphs[MAPPINGS_GRAPH] = tuple(mappings)
    graphs[INFERRED_GRAPH] = _in_order(inference.triples | labels(vocabulary), INFERRED_GRAPH)
    store = ox.Store()
    store.bulk_extend(with_union(quad for quads in graphs.values() for quad in quads))
    report("checking the figures")
    findings = _check(evidence, store)
    graphs[FINDINGS_GRAPH] = tuple(sorted(finding_quads(findings), key=str))
    store.bulk_extend(with_union(graphs[FINDINGS_GRAPH]))
    report("checking the whole")
    _refuse_breaches(evidence, store)
    if linked:
        graphs[LINKED_GRAPH] = tuple(linked)
    return Assembly(graphs, tuple(evidence), tuple(findings), inference.reasoner, kept or {})


def _refuse(errors: Sequence[RecordError]) -> None:
    if errors:
        raise RecordError.of_all(errors)


def _misshapen(
    graph: EvidenceGraph, evidence: Sequence[EvidenceGraph], vocabulary: Iterable[ox.Triple]
) -> list[RecordError]:
    """One error with every violation in a graph. What it names in other graphs counts with the classes it has there."""
    named = {quad.object for quad in graph.quads} - {quad.subject for quad in graph.quads}
    elsewhere = [
        quad.triple
        for other in evidence
        if other is not graph
        for quad in other.quads
        if quad.predicate == RDF_TYPE and quad.subject in named
    ]
    violations = validate([*(quad.triple for quad in graph.quads), *elsewhere], vocabulary)
    faults = [
        graph.fault(
            violation.focus,
            f"breaks the shape of {curie(violation.path)}" if violation.path else "breaks its shape",
            violation.message,
        )
        for violation in violations
        if violation.focus in graph.lines
    ]
    return [RecordError(graph.name, faults)] if faults else []


def _check(evidence: Sequence[EvidenceGraph], store: ox.Store) -> list[Finding]:
    """Check the figures of all graphs together; refuse the graphs in which an error is found."""
    reasons = {(waiver.about, waiver.check): waiver.reason for graph in evidence for waiver in graph.waivers}
    findings = audit(store, reasons)
    failed = {(finding.about, finding.check) for finding in findings if not finding.verdict.passed}
    errors = []
    for graph in evidence:
        faults = [
            graph.fault(finding.about, finding.verdict.computed, _rule(finding))
            for finding in findings
            if finding.blocks and finding.about in graph.lines
        ]
        faults += [
            waiver.idle for waiver in graph.waivers if waiver.idle and (waiver.about, waiver.check) not in failed
        ]
        if faults:
            errors.append(RecordError(graph.name, faults))
    _refuse(errors)
    return findings


def _rule(finding: Finding) -> str:
    check = load_terms().schemes["CheckScheme"][f"Check{finding.check}"]
    return f"must obey check {finding.check}, {check.label}"


def _refuse_breaches(evidence: Sequence[EvidenceGraph], store: ox.Store) -> None:
    """Refuse the graphs, or the vocabulary, that break an invariant of the whole dataset."""
    breaches = find_breaches(store)
    own = {thing: graph for graph in reversed(evidence) for thing in graph.lines}
    errors = []
    for graph in evidence:
        found = [breach for breach in breaches if own.get(breach.thing) is graph]
        if found:
            faults = [
                graph.fault(
                    breach.thing,
                    breach.found.replace(f"{graph.trial}/", "") if graph.trial else breach.found,
                    breach.invariant.allowed,
                )
                for breach in found
            ]
            errors.append(RecordError(graph.name, faults))
    if others := [breach for breach in breaches if breach.thing not in own]:
        faults = [Fault(curie(breach.thing), None, breach.found, breach.invariant.allowed) for breach in others]
        errors.append(RecordError("vocabulary", faults))
    _refuse(errors)


def _in_order(triples: Iterable[ox.Triple], graph: str) -> tuple[ox.Quad, ...]:
    return tuple(sorted(in_graph(triples, graph), key=str))
