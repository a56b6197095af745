"""What bringing an ontology in costs, next to the engine's own bulk load of the same file, in one run.

In: an ontology in N-Triples, packed with gzip or not, all of ChEBI for instance. Out: a Markdown table of medians over
the rounds, with the ratio to the engine's own load into a named graph of a fresh store on disk, and the peak memory of
each. Each load is a process of its own, and they take turns, so that whatever else the machine does meets them all.

    python benchmarks/external.py FILE                5 rounds
    python benchmarks/external.py FILE --rounds 1     a look

`added` is all that `equipoise ontology add` does, from the file to a new release in service: reading and judging every
triple in a process of its own, the shelf, the new index, the entry in the history. The release is that of the records
that come with Equipoise. `updated` replaces the ontology by another edition of it, `removed` takes it away. Starting
Python is in none of the figures; the memory of a process is that of the largest of it and its children.
"""

import argparse
import gzip
import json
import resource
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from statistics import median
from typing import IO, cast

import pyoxigraph as ox

from equipoise.graph.external.served import OntologyFile, add_ontology, remove_ontology, update_ontology
from equipoise.graph.external.shelf import graph_of
from equipoise.graph.publish import build, shipped_records
from equipoise.graph.settings import Settings

NAME = "ontology"
OWN = "pyoxigraph, named graph"


def opened(path: Path) -> IO[bytes]:
    """The file as the engine takes it."""
    return cast("IO[bytes]", gzip.open(path, "rb")) if path.suffix == ".gz" else path.open("rb")


def load(path: Path, folder: Path, graph: ox.NamedNode | ox.DefaultGraph) -> None:
    """The engine's own bulk load into a fresh store, until all is on disk."""
    store = ox.Store(str(folder / "store"))
    with opened(path) as file:
        store.bulk_load(file, ox.RdfFormat.N_TRIPLES, to_graph=graph)
    store.flush()


def add(path: Path, folder: Path) -> None:
    """What the command does."""
    add_ontology(OntologyFile(path, NAME, path.name), settings=Settings(data=folder / "data"))


def update(_path: Path, folder: Path) -> None:
    """Another edition: the same file, packed otherwise."""
    other = folder / "other.nt.gz"
    update_ontology(OntologyFile(other, NAME, other.name), settings=Settings(data=folder / "data"))


def remove(_path: Path, folder: Path) -> None:
    """Served without it."""
    remove_ontology(folder / "data", NAME)


STEPS: dict[str, Callable[[Path, Path], None]] = {
    OWN: lambda path, folder: load(path, folder, ox.NamedNode(graph_of(NAME))),
    "pyoxigraph, default graph": lambda path, folder: load(path, folder, ox.DefaultGraph()),
    "added": add,
    "updated": update,
    "removed": remove,
}
AFTER = {"added": (), "updated": ("added",), "removed": ("added",)}


def measured(step: str, path: Path, base: Path) -> tuple[float, float]:
    """Seconds and MiB of one step, in a folder and a process of its own."""
    with tempfile.TemporaryDirectory(dir=base) as name:
        folder = Path(name)
        if step in AFTER:
            shutil.copytree(base / "data", folder / "data")
        for before in AFTER.get(step, ()):
            STEPS[before](path, folder)
        if step == "updated":
            with opened(path) as file, gzip.open(folder / "other.nt.gz", "wb", 1) as packed:
                shutil.copyfileobj(file, packed)
        command = [sys.executable, "-P", __file__, str(path), "--step", step, "--folder", str(folder)]
        found = subprocess.run(command, check=True, capture_output=True, text=True)
        seconds, mebibytes = json.loads(found.stdout)
        return seconds, mebibytes


def run_step(step: str, path: Path, folder: Path) -> None:
    """Do one step, and print what it took."""
    start = time.perf_counter()
    STEPS[step](path, folder)
    seconds = time.perf_counter() - start
    used = max(resource.getrusage(who).ru_maxrss for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN))
    print(json.dumps([seconds, used / 1024]))


def main(path: Path, rounds: int) -> None:
    """Measure all steps in turn, and print the table."""
    with tempfile.TemporaryDirectory() as name:
        base = Path(name)
        build(shipped_records(), base / "data")
        found: dict[str, list[tuple[float, float]]] = {step: [] for step in STEPS}
        for _ in range(rounds):
            for step in STEPS:
                found[step].append(measured(step, path, base))
    own = median(seconds for seconds, _ in found[OWN])
    print(f"{path.name}, {rounds} rounds\n\n| | seconds | ratio | peak MiB |\n| --- | --: | --: | --: |")
    for step, figures in found.items():
        seconds, mebibytes = median(one for one, _ in figures), max(two for _, two in figures)
        print(f"| {step} | {seconds:.2f} | {seconds / own:.2f} | {mebibytes:.0f} |")


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description="What bringing an ontology in costs.")
    parser.add_argument("file", type=Path)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--step", choices=STEPS)
    parser.add_argument("--folder", type=Path)
    given = parser.parse_args()
    if given.step:
        run_step(given.step, given.file, given.folder)
    else:
        main(given.file.resolve(), given.rounds)
