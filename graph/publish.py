"""From curated records to a release in service: the whole pipeline, in the order of the data.

    records, tables of mappings → stated graphs → what follows, shapes and checks (`derive`) → release

`assemble` does it in memory and refuses what is wrong; `publish` writes the outcome; `build` does both, as the one
writer of a data folder, and enters it in the history. The same records and kept graphs always give the same release.
"""

from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from importlib.resources import files
from pathlib import Path
from typing import TypeVar

import pyoxigraph as ox

from equipoise.graph.build import TrialGraph, trial_graph
from equipoise.graph.derive import Assembly, derive
from equipoise.graph.described import waivers_of
from equipoise.graph.evidence import BUILT_GRAPHS, TRIAL_GRAPHS, evidence_graphs, graph_of_record, written_graph
from equipoise.graph.external.linked import linked_quads
from equipoise.graph.external.shelf import Ontology
from equipoise.graph.history import Entry, record
from equipoise.graph.issue import issue_release
from equipoise.graph.load import load_record
from equipoise.graph.lock import hold
from equipoise.graph.mappings import mapping_quads, mapping_tables, read_tables
from equipoise.graph.registry.table import EMPTY, Table
from equipoise.graph.release import (
    Release,
    current_release,
    stored_graphs,
)
from equipoise.ontology.errors import Fault, RecordError, ReleaseError
from equipoise.ontology.rdf import text_of
from equipoise.ontology.reasoner import infer
from equipoise.ontology.terms import load_terms, vocabulary

__all__ = ["Assembly", "assemble", "build", "publish", "shipped_records"]

Graphs = Mapping[str, tuple[ox.Quad, ...]]
Item = TypeVar("Item")
Made = TypeVar("Made")


def shipped_records() -> list[Path]:
    """The records that come with Equipoise, by name."""
    folder = Path(str(files("equipoise.graph") / "trials"))
    return sorted(folder.glob("*.yaml"))


def assemble(
    paths: Sequence[Path],
    report: Callable[[str], object] = str,
    *,
    tables: Sequence[Path] | None = None,
    kept: ox.Store | None = None,
    served: Release | None = None,
) -> Assembly:
    """Build, infer and check the records. `report` is told each step; `tables` are those of mappings, the ones that
    come with Equipoise if None; `kept` holds a release whose own graphs stay, `served` is one whose ontologies do.

    Raises RecordError with every fault of every record, MappingError with those of the tables, ReasoningError if the
    whole is inconsistent.
    """
    report("reading the vocabulary")
    terms = load_terms()
    report(f"reading {len(paths)} record(s)")
    records = _collect(paths, lambda path: load_record(path, terms))
    trials = _collect(records, lambda loaded: trial_graph(loaded, terms))
    _refuse_same_trial(trials)
    evidence = [graph_of_record(trial) for trial in trials]
    own = {} if kept is None else {iri: quads for iri, quads in stored_graphs(kept).items() if _is_own(iri)}
    if kept is not None:
        waivers, used = waivers_of(kept), evidence_graphs(kept)
        evidence += [written_graph(iri, quads, waivers=waivers) for iri, quads in sorted(own.items()) if iri in used]
    rest = {iri: quads for iri, quads in own.items() if iri not in {graph.iri for graph in evidence}}
    report("reading the mappings")
    described = {text_of(triple.subject) for triple in vocabulary()}
    described |= {thing for graph in evidence for thing in graph.lines}
    mappings = mapping_quads(read_tables(mapping_tables() if tables is None else tables), described)
    linked = linked_quads(mappings, served)
    return derive(vocabulary(), evidence, infer=infer, mappings=mappings, linked=linked, kept=rest, report=report)


def publish(assembly: Assembly, data: Path, *, ontologies: Iterable[Ontology] = (), table: Table = EMPTY) -> Release:
    """Write a release of an assembly, served with these ontologies and registry records, into a data folder and put it
    in service.
    """
    findings = Counter(finding.verdict.severity or "Passed" for finding in assembly.findings)
    return issue_release(
        data,
        {**assembly.graphs, **assembly.kept},
        provenance=[triple for graph in assembly.evidence for triple in graph.about],
        trials=[graph.trial_name for graph in assembly.evidence if graph.trial],
        findings=dict(sorted(findings.items())),
        reasoner=assembly.reasoner,
        ontologies=ontologies,
        table=table,
    )


def build(
    paths: Sequence[Path],
    data: Path,
    *,
    who: str | None = None,
    why: str | None = None,
    report: Callable[[str], object] = str,
) -> tuple[Assembly, Release]:
    """Build a release and put it in service, with the ontologies and registry records of the one before, what others
    wrote to it, and the tables of mappings that stand in the data folder.

    Raises LockError if another process is writing, RecordError and ReasoningError as `assemble` does.
    """
    with hold(data):
        before = _release_before(data)
        kept = before.load() if before and _has_own_graphs(before) else None
        assembly = assemble(paths, report, tables=mapping_tables(data), kept=kept, served=before)
        report("writing the release")
        served = (before.manifest.ontologies, before.table) if before else ((), EMPTY)
        release = publish(assembly, data, ontologies=served[0], table=served[1])
        record(
            data, Entry.of_now(release=release.id, before=before.id if before else None, how="build", who=who, why=why)
        )
    return assembly, release


def _release_before(data: Path) -> Release | None:
    if not (data / "current").exists():
        return None
    try:
        return current_release(data)
    except ReleaseError as error:
        allowed = f"restore it, or remove {data / 'current'} to build without the graphs that were written to it"
        raise ReleaseError(error.where, found=error.found, allowed=allowed) from error


def _is_own(iri: str) -> bool:
    """Whether a graph of a release is somebody's own: neither made by a build nor of a trial."""
    return iri not in BUILT_GRAPHS and not iri.startswith(TRIAL_GRAPHS)


def _has_own_graphs(release: Release) -> bool:
    return any(_is_own(entry.iri) for entry in release.manifest.graphs)


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
