"""Requests a second of SPARQL servers side by side: the same quads, the same queries, one run, on loopback.

In: a folder made by `benchmarks/made.py` (made first if it is not there). Out: a Markdown table of medians over the
rounds, with the ratio to `oxigraph serve`. All servers are asked in turn, so that whatever else the machine does meets
them all; one that is still at work on what it was asked before is held while another is asked. wrk (Debian package
`wrk`) asks; an answer that is not 2xx is an error, and is shown.

    python benchmarks/serving.py FOLDER            8,000 trials, 1.6 million triples; under 20 minutes
    python benchmarks/serving.py FOLDER --smoke    200 trials, one round of a second each; under 2 minutes

The questions: a look-up that differs in every request, so that nothing can answer from a cache; one look-up repeated; a
join over trials, arms and contrasts, differing too; a CONSTRUCT of one trial, differing too.
"""

import argparse
import os
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from statistics import median
from urllib.parse import quote, urlsplit

from made import trial_name, write_made_release, write_quads
from peers import Peer, running

from equipoise.ontology.iri import BASE, EQP, mint

CONCURRENCY = (1, 16, 64)
JSON, TRIPLES = "application/sparql-results+json", "application/n-triples"
LOOK_SECONDS, BUSY_TICKS = 0.3, 5
"""For how long a server is looked at that is not asked, and after how many hundredths of a second it is at work."""
LUA = Path(__file__).with_suffix(".lua")


@dataclass(frozen=True)
class Kind:
    """A kind of question: its query with a place for a number, and whether every request must differ."""

    name: str
    query: str
    varied: bool = True
    accept: str = JSON

    def text(self, number: int) -> str:
        """The query for the trial, or the condition, of that number."""
        condition = f"<{BASE}made/condition/{number % 1093}>"
        query = self.query.replace("<trial>", f"<{mint('trial', trial_name(number))}>")
        return f"PREFIX eqp: <{EQP}> {query.replace('<condition>', condition)}"


KINDS = (
    Kind(
        "look-up, always another",
        "SELECT ?contrast ?value ?lower ?upper WHERE { ?contrast eqp:trial <trial> ; a eqp:Contrast ; "
        "eqp:value ?value ; eqp:lower ?lower ; eqp:upper ?upper }",
    ),
    Kind(
        "look-up, repeated",
        "SELECT ?contrast ?value ?lower ?upper WHERE { ?contrast eqp:trial <trial> ; a eqp:Contrast ; "
        "eqp:value ?value ; eqp:lower ?lower ; eqp:upper ?upper }",
        varied=False,
    ),
    Kind(
        "join, always another",
        "SELECT ?trial ?arm ?size ?value WHERE { ?trial eqp:condition <condition> ; eqp:hasArm ?arm . "
        "?arm eqp:role eqp:Experimental ; eqp:size ?size . ?contrast eqp:trial ?trial ; eqp:targetArm ?arm ; "
        "eqp:effectMeasure eqp:HazardRatio ; eqp:value ?value }",
    ),
    Kind(
        "CONSTRUCT of a trial",
        "CONSTRUCT { <trial> ?p ?o . ?part ?q ?v } "
        "WHERE { { <trial> ?p ?o } UNION { ?part eqp:trial <trial> ; ?q ?v } }",
        accept=TRIPLES,
    ),
)


@dataclass(frozen=True)
class Measured:
    """What one round showed: requests a second, latencies in milliseconds, and how many requests failed."""

    rate: float
    p50: float
    p99: float
    errors: int


def measure(peer: Peer, kind: Kind, targets: Path, *, connections: int, seconds: float) -> Measured:
    """Ask a server for some seconds."""
    parts = urlsplit(peer.endpoint)
    asked = targets / f"{peer.name}-{kind.name}".replace(" ", "-")
    command = ["wrk", "-t1", f"-c{connections}", f"-d{seconds:g}s", "--timeout", "30s", "-s", str(LUA)]
    arguments = [str(asked), "distinct" if kind.varied else "same", str(time.monotonic_ns()), kind.accept]
    found = subprocess.run(
        [*command, f"http://{parts.netloc}/", "--", *arguments], check=True, capture_output=True, text=True
    )
    line = next(line for line in found.stdout.splitlines() if line.startswith("measured"))
    requests, duration, refused, broken, p50, p99 = map(float, line.split()[1:])
    return Measured((requests - refused) / duration * 1e6, p50 / 1000, p99 / 1000, int(refused + broken))


@contextmanager
def held(peers: list[Peer], *, but: Peer) -> Iterator[None]:
    """Hold those of the other servers that are still at work on what they were asked before."""
    others = [peer.process for peer in peers if peer is not but]
    before = [processor_ticks(process) for process in others]
    time.sleep(LOOK_SECONDS)
    busy = [one for one, ticks in zip(others, before, strict=True) if processor_ticks(one) - ticks > BUSY_TICKS]
    for process in busy:
        os.kill(process, signal.SIGSTOP)
    try:
        yield
    finally:
        for process in busy:
            os.kill(process, signal.SIGCONT)


def processor_ticks(process: int) -> int:
    """How long a process has worked, in hundredths of a second."""
    fields = Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()
    return int(fields[11]) + int(fields[12])


def write_targets(peers: list[Peer], trials: int, folder: Path) -> None:
    """Write what is asked of each server: one request target a line."""
    for peer in peers:
        path = urlsplit(peer.endpoint).path
        for kind in KINDS:
            numbers = range(trials) if kind.varied else [0]
            lines = [f"{path}?query={quote(kind.text(number))}" for number in numbers]
            (folder / f"{peer.name}-{kind.name}".replace(" ", "-")).write_text("\n".join(lines) + "\n")


def main(folder: Path, *, trials: int, rounds: int, seconds: float, workers: int) -> None:
    """Make what is missing, measure, and print the table."""
    if not (folder / "current").exists():
        folder.mkdir(parents=True, exist_ok=True)
        write_made_release(folder, trials)
    if not (folder / "data.nq").exists():
        write_quads(folder / "data.nq", trials)
    with tempfile.TemporaryDirectory() as temporary, running(folder, Path(temporary), workers=workers) as peers:
        write_targets(peers, trials, Path(temporary))
        found: dict[tuple[str, int, str], list[Measured]] = {}
        for number in range(rounds + 1):  # the first warms everything up, in short
            for kind in KINDS:
                for connections in CONCURRENCY if number else (4,):
                    for peer in peers:
                        length = seconds if number else min(1.0, seconds)
                        with held(peers, but=peer):
                            one = measure(peer, kind, Path(temporary), connections=connections, seconds=length)
                        if number:
                            found.setdefault((kind.name, connections, peer.name), []).append(one)
            print(f"round {number} of {rounds}", file=sys.stderr, flush=True)
    print_table(found, [peer.name for peer in peers])


def print_table(found: dict[tuple[str, int, str], list[Measured]], names: list[str]) -> None:
    """A row for each question, concurrency and server."""
    print("| question | connections | server | requests/s | of oxigraph | p50 ms | p99 ms | of oxigraph | errors |")
    print("| --- | --- | --- | --- | --- | --- | --- | --- | --- |")
    for (kind, connections, name), rounds in sorted(
        found.items(),
        key=lambda item: ([one.name for one in KINDS].index(item[0][0]), item[0][1], names.index(item[0][2])),
    ):
        base = found.get((kind, connections, "oxigraph serve"), rounds)
        rate, p50, p99 = (median(getattr(one, part) for one in rounds) for part in ("rate", "p50", "p99"))
        rates, worst = (median(getattr(one, part) for one in base) for part in ("rate", "p99"))
        print(
            f"| {kind} | {connections} | {name} | {rate:,.0f} | {rate / rates if rates else 0:.2f} | {p50:.2f} | "
            f"{p99:.2f} | {p99 / worst if worst else 0:.2f} | {sum(one.errors for one in rounds)} |"
        )


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", type=Path, help="where the made data are, or shall be")
    parser.add_argument("--smoke", action="store_true", help="see that it runs; the figures mean nothing")
    parser.add_argument("--workers", type=int, default=4, help="workers of equipoise serve")
    parser.add_argument("--rounds", type=int, default=3, help="rounds, of which the medians are taken")
    parser.add_argument("--seconds", type=float, default=4, help="how long each server is asked a question in a round")
    options = parser.parse_args()
    if shutil.which("wrk") is None:
        sys.exit("wrk is missing: apt install wrk")
    if options.smoke:
        main(options.folder.resolve(), trials=200, rounds=1, seconds=1, workers=options.workers)
    else:
        rounds, seconds = options.rounds, options.seconds
        main(options.folder.resolve(), trials=8000, rounds=rounds, seconds=seconds, workers=options.workers)
