"""Registry records at scale, from making them to updating them, in one command that can be gone on with.

In: how many records. Out: `demonstration.md` in the folder, with what each step took: making the records, loading them,
ten questions of the catalogue and ten at /sparql, an update of a thousand records, disk and memory. A step that is done
stands in the folder and is not done again; what the steps print is kept in `demonstration.log`. Before anything is
written, the disk that all takes is estimated, and the run refused where there is less.

    python benchmarks/registry/demonstration.py --records 100000 --folder FOLDER
"""

import json
import shutil
import sys
import time
from collections.abc import Callable
from dataclasses import asdict
from pathlib import Path
from statistics import median
from typing import Any
from urllib.parse import quote
from urllib.request import Request, urlopen

from throughput import HERE, made, memory_table, size_of, timed
from updates import FIRST, Update, next_version, options_of, table, update

sys.path.append(str(HERE.parent))
from peers import serve_equipoise

from equipoise.graph.publish import build, shipped_records
from equipoise.graph.registry.packs import packs_folder
from equipoise.graph.release import current_release
from equipoise.ontology.iri import EQP, mint

QUADS_WITH, QUADS_WITHOUT = 11_400, 290
"""How many quads a made record with posted results comes to, and one without, in its named graphs (measured)."""
BYTES_OF_QUAD, BYTES_IN_PACK, BYTES_OF_RECORD = 240, 15, 2_000
"""What a quad takes in the index, which has each twice, and in the packs; and a record in the files made (measured)."""
ROOM = 1.5
"""How much more is wanted: for what an update writes, and for what the engine writes before it takes the old away."""
ASKED = 5
"""How often each question is asked."""
GIB = 1 << 30
CATALOGUE = (
    *("trial-design", "eligibility", "endpoints", "arms", "registry-timeline", "outcome-switching", "baseline"),
    *("adverse-events", "contrasts", "estimates"),
)
"""Questions of the catalogue, about one trial each."""
TRIAL = "<{trial}>"
SPARQL = {
    "all of one trial": f"SELECT ?p ?o WHERE {{ {TRIAL} ?p ?o }}",
    "arms of a trial": f"SELECT ?arm WHERE {{ {TRIAL} eqp:hasArm ?arm }}",
    "number of trials": "SELECT (COUNT(*) AS ?n) WHERE { ?t a eqp:Trial }",
    "trials by status": "SELECT ?s (COUNT(*) AS ?n) WHERE { ?t a eqp:Trial ; eqp:registryStatus ?s } GROUP BY ?s",
    "trials by phase": "SELECT ?p (COUNT(*) AS ?n) WHERE { ?t a eqp:Trial ; eqp:phase ?p } GROUP BY ?p",
    "largest trials": "SELECT ?t ?n WHERE { ?t a eqp:Trial ; eqp:enrollment ?n } ORDER BY DESC(?n) LIMIT 10",
    "trials of a drug": "SELECT DISTINCT ?t "
    "WHERE { ?t eqp:hasArm/eqp:hasRegimen/eqp:hasComponent/eqp:drug drug:sorafenib }",
    "hazard ratios": "SELECT ?c ?v WHERE { ?c eqp:effectMeasure eqp:HazardRatio ; eqp:value ?v } LIMIT 100",
    "records with changes": "SELECT (COUNT(DISTINCT ?t) AS ?n) WHERE { ?c a eqp:RecordChange ; eqp:trial ?t }",
    "graph of a record": "SELECT (COUNT(*) AS ?n) WHERE { GRAPH <{graph}> { ?s ?p ?o } }",
}
PREFIXES = f"PREFIX eqp: <{EQP}> PREFIX drug: <{mint('drug', '')}> "


class Steps:
    """The steps of a run, each done once: what it gave is kept in a file of the folder."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.found: dict[str, Any] = {}

    def step(self, name: str, do: Callable[[], Any]) -> Any:
        """Do a step, unless it was done."""
        kept = self.folder / f"step-{name}.json"
        if not kept.exists():
            self.say(f"{name} ...")
            begin = time.perf_counter()
            gave = do()
            aside = kept.with_suffix(".new")
            aside.write_text(json.dumps({"seconds": time.perf_counter() - begin, "gave": gave}), encoding="utf-8")
            aside.rename(kept)
        self.found[name] = json.loads(kept.read_text(encoding="utf-8"))
        self.say(f"{name}: {self.found[name]['seconds']:.0f} s")
        return self.found[name]["gave"]

    def say(self, text: str) -> None:
        """Say something, in the log too."""
        print(text, flush=True)
        with (self.folder / "demonstration.log").open("a", encoding="utf-8") as log:
            log.write(f"{time.strftime('%Y-%m-%d %H:%M:%S')} {text}\n")


def estimate(records: int, results_share: float) -> int:
    """The bytes that a run takes at most."""
    quads = records * (results_share * QUADS_WITH + (1 - results_share) * QUADS_WITHOUT)
    return round(ROOM * quads * (2 * BYTES_OF_QUAD + BYTES_IN_PACK) + 2 * records * BYTES_OF_RECORD)


def load(file: Path, data: Path, records: int) -> dict[str, Any]:
    """Load all records into a data folder with the shipped release."""
    shutil.rmtree(data, ignore_errors=True)
    build(shipped_records(), data)
    took = timed("records", file, data)
    release = current_release(data)
    peak = max(max(one.resident, one.proportional) for one in took.samples)
    return {
        "seconds": took.seconds,
        "quads": release.table.quads,
        "index": size_of(release.index),
        "packs": size_of(packs_folder(data)),
        "peak": peak,
        "memory": memory_table(took, records),
    }


def ask(data: Path, records: int) -> list[tuple[str, float, int]]:
    """The questions: what is asked, the median of its milliseconds, the bytes of the answer."""
    found = []
    with serve_equipoise(2)(data, data.parent) as peer:
        assert not isinstance(peer, str), peer
        host = peer.endpoint.removesuffix("/sparql")
        places = {name: f"/queries/{name}?trial=" + "{nct}" for name in CATALOGUE}
        for name, query in SPARQL.items():
            places[f"SPARQL: {name}"] = "/sparql?query=" + quote(PREFIXES + query, safe="{}")
        for name, place in places.items():
            times, size = [], 0
            for turn in range(ASKED):
                nct = f"NCT{FIRST + (turn + 1) * records // (ASKED + 1)}"
                iris = (("nct", nct), ("trial", mint("trial", nct)), ("graph", mint("graph", "registry", nct)))
                path = place
                for key, value in iris:
                    path = path.replace("{" + key + "}", value)
                path = path.replace("{", "%7B").replace("}", "%7D")
                begin = time.perf_counter()
                with urlopen(Request(host + path, headers={"Accept": "application/json"}), timeout=120) as response:
                    size = len(response.read())
                times.append((time.perf_counter() - begin) * 1000)
            found.append((name, median(times), size))
    return found


def report(steps: Steps, records: int, results_share: float) -> str:
    """All that was found, as Markdown."""
    loaded = steps.found["load"]["gave"]
    quads, index = loaded["quads"], loaded["index"]
    rows = [
        f"{records:,} made records, {results_share:.0%} with results: {quads:,} quads in named graphs, twice as",
        f"many in the index. Made in {steps.found['generate']['seconds']:.0f} s; loaded in",
        f"{loaded['seconds']:.0f} s, that is",
        f"{2 * quads / loaded['seconds']:,.0f} quads of the index a second. Index {index / GIB:.2f} GiB",
        f"({index / records:,.0f} bytes a record), packs {loaded['packs'] / GIB:.2f} GiB,",
        f"peak {loaded['peak']:.0f} MiB.",
        f"\n{loaded['memory']}\n",
        "| question | median ms | bytes |\n| --- | --: | --: |",
        *(f"| {name} | {took:.0f} | {size:,} |" for name, took, size in steps.found["ask"]["gave"]),
        "",
        table([Update(**steps.found[name]["gave"]) for name in ("update-changed", "update-all")]),
    ]
    return "\n".join(rows) + "\n"


def main(records: int, results_share: float, changed: int, folder: Path) -> None:
    """Do all steps, and write what they took."""
    steps, data = Steps(folder), folder / "data"
    needed = estimate(records, results_share)
    free = shutil.disk_usage(folder).free + size_of(folder)
    steps.say(
        f"{records:,} records, {results_share:.0%} with results: at most {needed / GIB:.1f} GiB of {free / GIB:.1f}"
    )
    if needed > free:
        sys.exit("refused: there is not so much room; take fewer records, or a smaller share with results")
    first = folder / f"made-{records}-{results_share}.ndjson.zst"
    steps.step("generate", lambda: made(folder, records, results_share).stat().st_size)
    steps.step("load", lambda: load(first, data, records))
    steps.step("ask", lambda: ask(data, records))
    second, only, third = (folder / f"made-{name}.ndjson.zst" for name in ("second", "second-only", "third"))

    def after(given: str, file: Path) -> dict[str, Any]:
        return asdict(update(f"{given} ({changed:,} of {records:,})", file, data, trials=records))

    steps.step("change", lambda: str(next_version(first, changed, second, "--seed", "1").name))
    steps.step("only-changed", lambda: str(next_version(first, changed, only, "--seed", "1", "--only-changed").name))
    steps.step("update-changed", lambda: after("changed only", only))
    steps.step("change-again", lambda: str(next_version(second, changed, third, "--seed", "2").name))
    steps.step("update-all", lambda: after("all", third))
    (folder / "demonstration.md").write_text(report(steps, records, results_share), encoding="utf-8")
    print((folder / "demonstration.md").read_text(encoding="utf-8"))


if __name__ == "__main__":
    main(*options_of(__doc__, records=100_000))
