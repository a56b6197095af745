"""How long the inferences take: HermiT against the rules on the curated set, and the rules on many copies of it.

In: the shipped records; how many trials to make of them (2,000 unless told otherwise). Out: a table on standard output.
Every time is the median of several runs in one process; trust the ratios more than the seconds. With 2,000 trials it
runs for a quarter of an hour on two cores; 200 show the same ratios in three minutes.

    python benchmarks/reasoning.py 2000
"""

import sys
import tempfile
from collections.abc import Callable
from statistics import median
from time import perf_counter
from typing import TypeVar

import pyoxigraph as ox

from equipoise.graph.build import trial_graph
from equipoise.graph.evidence import VOCABULARY_GRAPH
from equipoise.graph.load import load_record
from equipoise.graph.publish import shipped_records
from equipoise.ontology.rdf import in_graph, serialized
from equipoise.ontology.reasoner import INFERRED_GRAPH, infer_by_hermit, infer_by_rules, java_is_present, materialise
from equipoise.ontology.terms import load_terms, vocabulary

Made = TypeVar("Made")

RUNS = 5
COPIED_RUNS = 3


def main(trials: int) -> None:
    """Measure, and print a row for each way."""
    terms = load_terms()
    graphs = [trial_graph(load_record(path, terms), terms) for path in shipped_records()]
    stated = [*vocabulary(), *(quad.triple for graph in graphs for quad in graph.quads)]
    print(f"| what | triples stated | inferred | rounds | seconds (median of {RUNS}, or {COPIED_RUNS} for copies) |")
    print("| --- | --- | --- | --- | --- |")
    if java_is_present():
        seconds, inference = timed(lambda: infer_by_hermit(stated), RUNS)
        print(f"| HermiT, curated set | {len(stated)} | {len(inference.triples)} | | {seconds:.2f} |")
    seconds, inference = timed(lambda: infer_by_rules(stated), RUNS)
    print(f"| rules, curated set | {len(stated)} | {len(inference.triples)} | | {seconds:.2f} |")
    with tempfile.TemporaryDirectory() as folder:
        for kind, store in (("in memory", ox.Store()), ("on disk", ox.Store(folder))):
            for count in (trials // 10, trials) if kind == "in memory" else (trials // 10,):
                store.clear()
                store.bulk_extend(in_graph(vocabulary(), VOCABULARY_GRAPH))
                load_copies(store, serialized(graphs[0].quads, ox.RdfFormat.N_QUADS), count)
                size = len(store)
                seconds, rounds = timed(lambda store=store: materialise(store), COPIED_RUNS)  # type: ignore[misc]
                inferred = sum(1 for _ in store.quads_for_pattern(None, None, None, ox.NamedNode(INFERRED_GRAPH)))
                print(f"| rules, {count} trials {kind} | {size} | {inferred} | {rounds} | {seconds:.2f} |", flush=True)


def timed(work: Callable[[], Made], runs: int) -> tuple[float, Made]:
    """The median of the seconds that the runs took, and what the last one gave."""
    seconds = []
    for _ in range(runs):
        start = perf_counter()
        result = work()
        seconds.append(perf_counter() - start)
    return median(seconds), result


def load_copies(store: ox.Store, graph: bytes, count: int) -> None:
    """Copies of a trial's graph, each under a trial number of its own; regimens and drugs are shared, as in life."""
    for number in range(count):
        copy = graph.replace(b"/trial/NCT03764293", b"/trial/MADE-%05d" % number)
        store.bulk_load(copy, format=ox.RdfFormat.N_QUADS)


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 2000)
