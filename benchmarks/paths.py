"""Questions over hierarchies: asked with a property path, and with the closure that a release carries.

In: a folder made by `benchmarks/made.py`; with 100,000 trials (`python benchmarks/made.py 100000 FOLDER`) it shows the
aim, 100 ms. Out: a Markdown table of median times, each question in a process of its own, stopped after a time.

    python benchmarks/paths.py FOLDER [--seconds 30]
"""

import argparse
import multiprocessing
from collections.abc import Mapping
from multiprocessing.connection import Connection
from pathlib import Path
from statistics import median
from time import perf_counter

import pyoxigraph as ox

from equipoise.graph.release import current_release
from equipoise.ontology.iri import BASE, EQP
from equipoise.ontology.rdf import SKOS

PREFIXES = f"""PREFIX eqp: <{EQP}> PREFIX skos: <{SKOS}> PREFIX made: <{BASE}made/condition/>
PREFIX rdfs: <http://www.w3.org/2000/01/rdf-schema#> """
RUNS = 5

QUESTIONS: Mapping[str, tuple[str, str]] = {
    "trials of a condition and all below it": (
        "SELECT ?trial { ?trial a eqp:Trial ; eqp:condition/skos:broader* made:40 }",
        "SELECT ?trial { ?trial a eqp:Trial ; eqp:condition/skos:broaderTransitive? made:40 }",
    ),
    "how many trials of a condition and all below it": (
        "SELECT (COUNT(?trial) AS ?n) { ?trial a eqp:Trial ; eqp:condition/skos:broader* made:13 }",
        "SELECT (COUNT(?trial) AS ?n) { ?trial a eqp:Trial ; eqp:condition/skos:broaderTransitive? made:13 }",
    ),
    "their hazard ratios for overall survival": (
        "SELECT ?trial ?value { ?trial eqp:condition/skos:broader* made:40 . ?contrast eqp:trial ?trial ; "
        "a eqp:Contrast ; eqp:outcome eqp:OverallSurvival ; eqp:value ?value }",
        "SELECT ?trial ?value { ?trial eqp:condition/skos:broaderTransitive? made:40 ; eqp:hasArm ?arm . "
        "?contrast eqp:targetArm ?arm ; eqp:outcome eqp:OverallSurvival ; eqp:value ?value }",
    ),
    "drugs by a mechanism and all below it": (
        "SELECT DISTINCT ?drug { ?drug eqp:hasMechanism/skos:broader* eqp:AngiogenesisInhibition ; a eqp:Drug }",
        "SELECT DISTINCT ?drug { ?drug eqp:hasMechanism eqp:AngiogenesisInhibition ; a eqp:Drug }",
    ),
    "trials that combine by class, fifty of them": (
        "SELECT DISTINCT ?trial { ?trial a/rdfs:subClassOf* eqp:PD1AxisPlusVEGFAxisTrial } LIMIT 50",
        "SELECT DISTINCT ?trial { ?trial a eqp:PD1AxisPlusVEGFAxisTrial } LIMIT 50",
    ),
}
"""What is asked: with a path, and with the closure. Contrasts are reached by their arms, for all there is about a trial
points at it by `eqp:trial`, fourteen things in the made ones."""


def evaluate(index: Path, query: str, sender: Connection) -> None:
    """Ask a query several times over; send the number of rows (or the count) and the median of the milliseconds."""
    store = ox.Store.read_only(str(index))
    times, answer = [], ""
    for _ in range(RUNS):
        start = perf_counter()
        found = store.query(PREFIXES + query)
        assert isinstance(found, ox.QuerySolutions)
        rows = list(found)
        times.append((perf_counter() - start) * 1000)
        answer = rows[0]["n"].value if "?n" in query else str(len(rows))
        sender.send((answer, median(times)))


def measured(index: Path, query: str, seconds: float) -> tuple[str, float]:
    """What a query gives, and its milliseconds: of as many runs as there was time for; infinite if for none."""
    receiver, sender = multiprocessing.Pipe(duplex=False)
    process = multiprocessing.get_context("spawn").Process(target=evaluate, args=(index, query, sender))
    process.start()
    sender.close()
    process.join(seconds)
    process.kill()
    process.join()
    best = ("stopped", float("inf"))
    try:
        while receiver.poll():
            best = receiver.recv()
    except EOFError:
        pass
    return best


def main(folder: Path, *, seconds: float) -> None:
    """Measure each question both ways, and print the table."""
    release = current_release(folder)
    print(f"{len(release.manifest.trials):,} trials, {release.manifest.triples:,} triples\n")
    print("| question | rows or count | path, ms | closure, ms | times as fast |")
    print("| --- | --- | --- | --- | --- |")
    for name, (path, closure) in QUESTIONS.items():
        (there, slow), (here, fast) = (measured(release.index, query, seconds) for query in (path, closure))
        if there not in ("stopped", here):
            raise ValueError(f"{name}: {there} with the path, {here} with the closure")
        shown = f"{slow:,.1f}" if there != "stopped" else f"over {seconds * 1000:,.0f}"
        ratio = f"{slow / fast:,.0f}" if there != "stopped" else f"over {seconds * 1000 / fast:,.0f}"
        print(f"| {name} | {here} | {shown} | {fast:.1f} | {ratio} |", flush=True)


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--seconds", type=float, default=30, help="when a question is stopped")
    options = parser.parse_args()
    main(options.folder.resolve(), seconds=options.seconds)
