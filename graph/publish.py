"""From curated records to a release: the whole pipeline, in the order of the data.

    records → quads → what follows from them → shapes and checks → findings → release

`assemble` does all of it in memory and refuses what is wrong; `publish` writes the outcome. The same records always
give the same release.
"""

from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from importlib.metadata import version
from importlib.resources import files
from pathlib import Path
from typing import TypeVar

import pyoxigraph as ox

from equipoise.graph.audit import Finding, audit
from equipoise.graph.build import TrialGraph, trial_graph
from equipoise.graph.invariants import Breach, find_breaches
from equipoise.graph.load import load_record
from equipoise.graph.release import GraphEntry, Manifest, Release, graph_hash, release_id, write_release
from equipoise.graph.validate import Violation, validate
from equipoise.ontology.errors import Fault, RecordError
from equipoise.ontology.iri import curie, mint, vocabulary_iri
from equipoise.ontology.rdf import DCTERMS, RDF_TYPE, RDFS_LABEL, VOID, in_graph, typed
from equipoise.ontology.reasoner import INFERRED_GRAPH, infer, labels
from equipoise.ontology.terms import load_terms, vocabulary

__all__ = ["Assembly", "assemble", "publish", "shipped_records"]

Item = TypeVar("Item")
Made = TypeVar("Made")

VOCABULARY_GRAPH = mint("graph", "vocabulary")
FINDINGS_GRAPH = mint("graph", "findings")
RELEASE_GRAPH = mint("graph", "release")


@dataclass(frozen=True)
class Assembly:
    """All that a release will hold, in memory: quads by graph, the trials, the findings, and how it was inferred."""

    graphs: dict[str, tuple[ox.Quad, ...]]
    trials: tuple[TrialGraph, ...]
    findings: tuple[Finding, ...]
    reasoner: str


def shipped_records() -> list[Path]:
    """The records that come with Equipoise, by name."""
    folder = Path(str(files("equipoise.graph") / "trials"))
    return sorted(folder.glob("*.yaml"))


def assemble(paths: Sequence[Path], report: Callable[[str], object] = str) -> Assembly:
    """Build, infer and check the records. `report` is told each step.

    Raises RecordError with every fault of every record, ReasoningError if the whole is inconsistent.
    """
    report("reading the vocabulary")
    terms = load_terms()
    report(f"reading {len(paths)} record(s)")
    records = _collect(paths, lambda path: load_record(path, terms))
    trials = _collect(records, lambda loaded: trial_graph(loaded, terms))
    _refuse_same_trial(trials)
    report("checking the shapes")
    _collect(trials, _validated)
    report("inferring classes and mechanisms")
    stated = [*vocabulary(), *(quad.triple for trial in trials for quad in trial.quads)]
    inference = infer(stated)
    graphs = {trial.iri: trial.quads for trial in trials}
    graphs[VOCABULARY_GRAPH] = _in_order(vocabulary(), VOCABULARY_GRAPH)
    graphs[INFERRED_GRAPH] = _in_order(inference.triples | labels(vocabulary()), INFERRED_GRAPH)
    store = ox.Store()
    store.bulk_extend([quad for quads in graphs.values() for quad in quads])
    report("checking the figures")
    findings = _check(trials, store)
    graphs[FINDINGS_GRAPH] = tuple(sorted(_finding_quads(findings), key=str))
    store.bulk_extend(graphs[FINDINGS_GRAPH])
    report("checking the whole")
    _refuse_breaches(trials, store)
    return Assembly(graphs, tuple(trials), tuple(findings), inference.reasoner)


def publish(assembly: Assembly, data: Path) -> Release:
    """Write a release of an assembly into a data folder and put it in service."""
    entries = [GraphEntry(iri, graph_hash(quads), len(quads)) for iri, quads in sorted(assembly.graphs.items())]
    identifier = release_id(entries)
    about = _release_quads(identifier, entries, assembly.trials)
    findings = Counter(finding.verdict.severity or "Passed" for finding in assembly.findings)
    manifest = Manifest(
        id=identifier,
        graphs=tuple(entries),
        trials=tuple(trial.loaded.record.registry_id for trial in assembly.trials),
        findings=dict(sorted(findings.items())),
        reasoner=assembly.reasoner,
        software={name: version(name) for name in ("equipoise", "pyoxigraph")},
    )
    quads = [quad for _, graph in sorted(assembly.graphs.items()) for quad in graph]
    return write_release(data, manifest, [*quads, *about])


def _collect(items: Iterable[Item], make: Callable[[Item], Made]) -> list[Made]:
    """Make something of each item; raise one error with the faults of all if any fails."""
    made, errors = [], []
    for item in items:
        try:
            made.append(make(item))
        except RecordError as error:
            errors.append(error)
    if errors:
        raise RecordError.of_all(errors)
    return made


def _refuse_same_trial(trials: Iterable[TrialGraph]) -> None:
    seen: dict[str, TrialGraph] = {}
    for trial in trials:
        if trial.iri in seen:
            found = f"is {trial.loaded.record.registry_id!r}, the trial of {seen[trial.iri].loaded.name} too"
            fault = Fault("registry_id", trial.loaded.line(("registry_id",)), found, "must be one record a trial")
            raise RecordError(trial.loaded.name, [fault])
        seen[trial.iri] = trial


def _validated(trial: TrialGraph) -> TrialGraph:
    """The trial, if its graph conforms to the shapes."""
    violations = validate([quad.triple for quad in trial.quads], vocabulary())
    if violations:
        raise RecordError(trial.loaded.name, [_shape_fault(trial, violation) for violation in violations])
    return trial


def _place(trial: TrialGraph, iri: str) -> str:
    """How a thing is called in a message: its path below the trial, or its CURIE where it stands outside."""
    return "trial" if iri == trial.trial else iri.removeprefix(trial.trial + "/") if trial.trial in iri else curie(iri)


def _shape_fault(trial: TrialGraph, violation: Violation) -> Fault:
    found = f"breaks the shape of {curie(violation.path)}" if violation.path else "breaks its shape"
    return Fault(_place(trial, violation.focus), trial.line(violation.focus), found, violation.message)


def _check(trials: Sequence[TrialGraph], store: ox.Store) -> list[Finding]:
    """Check the figures of all graphs together; refuse the records in which an error is found."""
    waivers = {
        (f"{trial.trial}/{waiver.about}", waiver.check.removeprefix("Check")): waiver.reason
        for trial in trials
        for waiver in trial.loaded.record.waivers
    }
    findings = audit(store, waivers)
    failed = {(finding.about, finding.check) for finding in findings if not finding.verdict.passed}
    errors = []
    for trial in trials:
        faults = [
            _finding_fault(trial, finding) for finding in findings if finding.blocks and finding.about in trial.origins
        ]
        for index, waiver in enumerate(trial.loaded.record.waivers):
            if (f"{trial.trial}/{waiver.about}", waiver.check.removeprefix("Check")) not in failed:
                found = f"waives {waiver.check} of {waiver.about}, which did not fail"
                faults.append(Fault(f"waivers[{index}]", trial.loaded.line(("waivers", index)), found, "take it out"))
        if faults:
            errors.append(RecordError(trial.loaded.name, faults))
    if errors:
        raise RecordError.of_all(errors)
    return findings


def _refuse_breaches(trials: Sequence[TrialGraph], store: ox.Store) -> None:
    """Refuse the records, or the vocabulary, that break an invariant of the whole dataset."""
    breaches = find_breaches(store)
    own = {thing: trial for trial in reversed(trials) for thing in trial.origins}
    errors = [
        RecordError(trial.loaded.name, [_breach_fault(trial, breach) for breach in found])
        for trial in trials
        if (found := [breach for breach in breaches if own.get(breach.thing) is trial])
    ]
    if others := [breach for breach in breaches if breach.thing not in own]:
        faults = [Fault(curie(breach.thing), None, breach.found, breach.invariant.allowed) for breach in others]
        errors.append(RecordError("vocabulary", faults))
    if errors:
        raise RecordError.of_all(errors)


def _breach_fault(trial: TrialGraph, breach: Breach) -> Fault:
    found, line = breach.found.replace(f"{trial.trial}/", ""), trial.line(breach.thing)
    return Fault(_place(trial, breach.thing), line, found, breach.invariant.allowed)


def _finding_fault(trial: TrialGraph, finding: Finding) -> Fault:
    check = load_terms().schemes["CheckScheme"][f"Check{finding.check}"]
    rule = f"must obey check {finding.check}, {check.label}"
    return Fault(_place(trial, finding.about), trial.line(finding.about), finding.verdict.computed, rule)


def _in_order(triples: Iterable[ox.Triple], graph: str) -> tuple[ox.Quad, ...]:
    return tuple(sorted(in_graph(triples, graph), key=str))


def _finding_quads(findings: Iterable[Finding]) -> Iterable[ox.Quad]:
    """The findings as RDF. A second finding of one check on one thing gets a number behind its name."""
    graph = ox.NamedNode(FINDINGS_GRAPH)
    met: Counter[str] = Counter()
    for finding in findings:
        name = f"{finding.about}/finding/{finding.check}"
        met[name] += 1
        subject = ox.NamedNode(name if met[name] == 1 else f"{name}-{met[name]}")
        severity = finding.verdict.severity
        verdict = "Failed" if severity else "Passed"
        values: list[tuple[ox.NamedNode, ox.NamedNode | ox.Literal | None]] = [
            (RDF_TYPE, _term("Finding")),
            (RDFS_LABEL, ox.Literal(f"{finding.check} {verdict.lower()}")),
            (_term("about"), ox.NamedNode(finding.about)),
            (_term("check"), _term(f"Check{finding.check}")),
            (_term("verdict"), _term(verdict)),
            (_term("severity"), _term(severity) if severity else None),
            (_term("computed"), ox.Literal(finding.verdict.computed)),
            (_term("derivedCount"), _count(finding.verdict.derived_count)),
            (_term("checkWaiver"), ox.Literal(finding.waiver) if finding.waiver else None),
            *((_term("input"), ox.NamedNode(iri)) for iri in finding.inputs),
        ]
        yield from (ox.Quad(subject, predicate, node, graph) for predicate, node in values if node is not None)


def _count(count: int | None) -> ox.Literal | None:
    return typed(str(count), "integer") if count is not None else None


def _release_quads(identifier: str, entries: Iterable[GraphEntry], trials: Iterable[TrialGraph]) -> tuple[ox.Quad, ...]:
    """What the release says of itself: its graphs, their hashes and sizes, and who curated each record."""
    subject = ox.NamedNode(mint("release", identifier))
    triples = [
        ox.Triple(subject, RDF_TYPE, _term("Release")),
        ox.Triple(subject, RDFS_LABEL, ox.Literal(f"release {identifier}")),
        ox.Triple(subject, ox.NamedNode(DCTERMS + "identifier"), ox.Literal(identifier)),
    ]
    for entry in entries:
        part = ox.NamedNode(entry.iri)
        triples += [
            ox.Triple(subject, ox.NamedNode(DCTERMS + "hasPart"), part),
            ox.Triple(part, _term("contentHash"), ox.Literal(entry.sha256)),
            ox.Triple(part, ox.NamedNode(VOID + "triples"), typed(str(entry.triples), "integer")),
        ]
    for trial in trials:
        part, curation = ox.NamedNode(trial.iri), trial.loaded.record.curation
        triples += [
            ox.Triple(part, ox.NamedNode(DCTERMS + "subject"), ox.NamedNode(trial.trial)),
            ox.Triple(part, ox.NamedNode(DCTERMS + "modified"), typed(curation.date.isoformat(), "date")),
            ox.Triple(part, _term("recordHash"), ox.Literal(trial.loaded.sha256)),
            ox.Triple(part, _term("curatedBy"), ox.Literal(curation.curator)),
        ]
    return _in_order(triples, RELEASE_GRAPH)


def _term(name: str) -> ox.NamedNode:
    return ox.NamedNode(vocabulary_iri(name))
