"""What it takes to load registry records, from JSON to a loaded store, next to the engine's own bulk load, in one run.

In: how many made records. Out: Markdown tables: medians over the rounds of (i) the load of the records into a data
folder with the shipped release, (ii) the engine's bulk load of the very quads that the index then holds (named graphs
and union, read back from the packs) from one file of N-Quads, and (iii) of those in named graphs alone; the memory of
all processes of (i) over time; and what a record and a quad take on disk. The three take turns, each in a process of
its own, so that whatever else the machine does meets them all. The aim: (i) at 60 % of the speed of (ii), and memory
that is flat.

    python benchmarks/registry/throughput.py --records 4000 --results-share 0.13 --rounds 5 --folder FOLDER
"""

import argparse
import json
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path
from statistics import median
from typing import NamedTuple

from memory import Sample, Watch

from equipoise.graph.publish import build, shipped_records
from equipoise.graph.registry.indexing import GRAPH_NAME
from equipoise.graph.registry.packs import packs_folder, read_lines
from equipoise.graph.release import Release, current_release

HERE = Path(__file__).parent
AT_ONCE = 200
READ = " records read"

__all__ = ["Timed", "dump", "made", "memory_table", "size_of", "timed"]


class Timed(NamedTuple):
    """One load: its seconds, how far it was when, and its memory."""

    seconds: float
    steps: list[tuple[str, float]]
    samples: list[Sample]


def made(folder: Path, records: int, results_share: float) -> Path:
    """A file of made records."""
    path = folder / f"made-{records}-{results_share}.ndjson.zst"
    if not path.exists():
        aside = path.with_name(f".{path.name}")
        options = ("--records", str(records), "--results-share", str(results_share))
        subprocess.run([sys.executable, str(HERE / "generate.py"), *options, str(aside)], check=True)
        aside.rename(path)
    return path


def timed(kind: str, what: Path, into: Path) -> Timed:
    """One load, in a process of its own (`loading`)."""
    command = [sys.executable, str(HERE / "loading.py"), kind, str(what), str(into)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        watch = Watch(process.pid)
        assert process.stdout is not None
        steps = [(str(step), float(seconds)) for step, seconds in map(json.loads, process.stdout)]
        samples = watch.end()
    if process.returncode or not steps:
        raise subprocess.CalledProcessError(process.returncode, command)
    return Timed(steps[-1][1], steps, samples)


def dump(release: Release, folder: Path) -> tuple[Path, Path]:
    """Two files of N-Quads: all that the index holds of the records, in named graphs and the union, and the first."""
    both, named = folder / "both.nq", folder / "named.nq"
    rows = sorted(release.table, key=lambda row: (row.pack, row.start))
    with both.open("wb") as all_of_it, named.open("wb") as file:
        for start in range(0, len(rows), AT_ONCE):
            for lines in read_lines(release.data, rows[start : start + AT_ONCE]):
                file.write(lines)
                all_of_it.write(lines)
                all_of_it.write(GRAPH_NAME.sub(b" .\n", lines))
    return both, named


def size_of(folder: Path) -> int:
    """The bytes of all files of a folder."""
    return sum(path.stat().st_size for path in folder.rglob("*") if path.is_file())


def memory_table(load: Timed, records: int) -> str:
    """The peak of the memory in each tenth of the records, and in each quarter of the time that the release took."""
    read = [(int(step.removesuffix(READ)), seconds) for step, seconds in load.steps if step.endswith(READ)]
    mapped = read[-1][1] if read else 0.0
    ends = [(f"{part} %", min((at for n, at in read if n >= records * part / 100), default=mapped)) for part in TENTHS]
    ends += [(f"release, {part} %", mapped + (load.seconds - mapped) * part / 100) for part in QUARTERS]
    rows, start = ["| until | seconds | resident MiB | proportional MiB |", "| --- | --: | --: | --: |"], 0.0
    for name, end in ends:
        within = [sample for sample in load.samples if start < sample.seconds <= end + 0.2]
        peak = [max((sample[kind] for sample in within), default=0) for kind in (1, 2)]
        rows.append(f"| {name} | {end:.1f} | {peak[0]:.0f} | {peak[1]:.0f} |")
        start = end
    return "\n".join(rows)


TENTHS, QUARTERS = range(10, 101, 10), range(25, 101, 25)


def main(records: int, results_share: float, rounds: int, folder: Path) -> None:
    """Measure, and print the tables."""
    file = made(folder, records, results_share)
    with tempfile.TemporaryDirectory(dir=folder) as name:
        base = Path(name)
        build(shipped_records(), base / "shipped")
        found: dict[str, list[Timed]] = {"records": [], "both": [], "named": []}
        own, sizes = current_release(base / "shipped"), dict[str, int]()
        own_size, data, store = size_of(own.index), base / "data", base / "store"
        for _ in range(rounds):
            shutil.rmtree(data, ignore_errors=True)
            shutil.copytree(base / "shipped", data)
            found["records"].append(timed("records", file, data))
            release = current_release(data)
            for quads in dump(release, base):
                found[quads.stem].append(timed("quads", quads, store))
                quads.unlink()
                sizes[quads.stem] = size_of(store)
                shutil.rmtree(store)
        named, held, index = release.table.quads, 2 * release.table.quads, size_of(release.index) - own_size
        packs = size_of(packs_folder(data))
    seconds = {kind: median(one.seconds for one in some) for kind, some in found.items()}
    print(f"{records:,} records, {results_share:.0%} with results, {named:,} quads in named graphs, {rounds} rounds\n")
    print("| | quads | seconds | quads/s | to the bulk load |\n| --- | --: | --: | --: | --: |")
    rows = (("records to index", "records", held), ("bulk load", "both", held), ("bulk load, named", "named", named))
    for title, kind, quads in rows:
        speed = quads / seconds[kind]
        share = speed / (held / seconds["both"])
        print(f"| {title} | {quads:,} | {seconds[kind]:.1f} | {speed:,.0f} | {share:.2f} |")
    peak = max(sample.proportional or sample.resident for one in found["records"] for sample in one.samples)
    print(f"\nPeak memory of all processes: {peak:.0f} MiB (the engine alone: {_peak(found['both']):.0f})\n")
    print(memory_table(found["records"][-1], records))
    print(f"\nOn disk: index {index:,} bytes ({index / records:,.0f} a record, {index / held:.0f} a quad of the index;")
    print(f"the bulk load: {sizes['both'] / held:.0f}), packs {packs:,} bytes ({packs / records:,.0f} a record)")


def _peak(loads: list[Timed]) -> float:
    return max((sample.proportional or sample.resident for one in loads for sample in one.samples), default=0)


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--records", type=int, default=4000)
    parser.add_argument("--results-share", type=float, default=0.13)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--folder", type=Path, required=True)
    given = parser.parse_args()
    given.folder.mkdir(parents=True, exist_ok=True)
    main(given.records, given.results_share, given.rounds, given.folder.resolve())
