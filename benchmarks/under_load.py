"""How small questions fare while heavy ones take all workers: latency under load against latency at rest.

In: a folder made by `benchmarks/made.py`. Out: a Markdown table: for each small request, p50 and p99 at rest, and with
1, 4 and 16 clients that send nothing but three-way cross products with COUNT, which no time limit lets finish. The aim
is a p99 under five times that at rest. Small requests come one after the other, each kind in turn, over one connection.

    python benchmarks/under_load.py FOLDER [--seconds 10]
"""

import argparse
import sys
import tempfile
import threading
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from http.client import HTTPConnection, HTTPException
from itertools import count
from pathlib import Path
from urllib.parse import quote, urlsplit

from made import trial_name
from peers import Peer, serve_equipoise

from equipoise.ontology.iri import EQP, mint

CLIENTS = (1, 4, 16)
HEAVY = f"/sparql?query={quote('SELECT (COUNT(*) AS ?n) WHERE { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i }')}"
LOOK_UP = f"PREFIX eqp: <{EQP}> SELECT ?part WHERE {{ ?part eqp:trial <{{trial}}> }} #"
KINDS = ("named question", "look-up at /sparql", "page", "/health")

Latencies = dict[str, list[float]]


def target(kind: str, number: int, *, trials: int) -> str:
    """The small request of a kind, another for every number, as long as there are trials."""
    name = trial_name(number % trials)
    match kind:
        case "named question":
            return f"/queries/contrasts?trial={name}"
        case "look-up at /sparql":
            return f"/sparql?query={quote(LOOK_UP.replace('{trial}', mint('trial', name)) + str(number))}"
        case "page":
            return f"/trial/{name}"
        case _:
            return "/health"


def probe(
    host: str, seconds: float, *, numbers: Iterator[int], trials: int
) -> tuple[Latencies, Counter[tuple[str, int]]]:
    """Ask each kind in turn for some seconds: milliseconds, and how often which status came.

    `numbers` go on from one part to the next, so that no answer was given before and is kept.
    """
    connection = HTTPConnection(host, timeout=120)
    latencies: Latencies = {kind: [] for kind in KINDS}
    statuses: Counter[tuple[str, int]] = Counter()
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        number = next(numbers)
        for kind in KINDS:
            accept = "text/html" if kind == "page" else "application/json"
            start = time.perf_counter()
            connection.request("GET", target(kind, number, trials=trials), headers={"Accept": accept})
            response = connection.getresponse()
            response.read()
            latencies[kind].append((time.perf_counter() - start) * 1000)
            statuses[kind, response.status] += 1
    connection.close()
    return latencies, statuses


@contextmanager
def heavy_clients(host: str, number: int) -> Iterator[Counter[int]]:
    """So many clients that ask one heavy query after the other; how often which status came to them."""
    over, statuses = threading.Event(), Counter[int]()

    def ask() -> None:
        while not over.is_set():
            connection = HTTPConnection(host, timeout=5)
            try:
                connection.request("GET", HEAVY)
                statuses[connection.getresponse().status] += 1
            except (OSError, HTTPException):
                statuses[0] += 1  # gave up waiting, and hung up
            finally:
                connection.close()

    threads = [threading.Thread(target=ask) for _ in range(number)]
    for thread in threads:
        thread.start()
    time.sleep(1)
    try:
        yield statuses
    finally:
        over.set()
        for thread in threads:
            thread.join()


def percentile(values: list[float], share: float) -> float:
    """The value below which that share lies."""
    return sorted(values)[min(len(values) - 1, int(share * len(values)))]


def row(kind: str, clients: int, found: Latencies, rest: Latencies, statuses: Counter[tuple[str, int]]) -> str:
    """A row of the table."""
    p50, p99 = percentile(found[kind], 0.5), percentile(found[kind], 0.99)
    answers = " ".join(f"{status}:{count}" for (name, status), count in sorted(statuses.items()) if name == kind)
    return (
        f"| {kind} | {clients} | {p50:.1f} | {p50 / percentile(rest[kind], 0.5):.1f} | "
        f"{p99:.1f} | {p99 / percentile(rest[kind], 0.99):.1f} | {answers} |"
    )


def main(folder: Path, *, seconds: float, workers: int, trials: int) -> None:
    """Measure at rest and under load, and print the table."""
    with tempfile.TemporaryDirectory() as temporary, serve_equipoise(workers)(folder, Path(temporary)) as peer:
        assert isinstance(peer, Peer)
        host = urlsplit(peer.endpoint).netloc
        ask = partial(probe, host, numbers=count(), trials=trials)
        ask(2)
        rest, statuses = ask(seconds)
        print("| request | heavy clients | p50 ms | of rest | p99 ms | of rest | answers |")
        print("| --- | --- | --- | --- | --- | --- | --- |")
        for kind in KINDS:
            print(row(kind, 0, rest, rest, statuses), flush=True)
        for clients in CLIENTS:
            with heavy_clients(host, clients) as heavy:
                found, statuses = ask(seconds)
            print(f"{clients} heavy clients were answered {dict(heavy)} (0: hung up)", file=sys.stderr)
            for kind in KINDS:
                print(row(kind, clients, found, rest, statuses), flush=True)


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--seconds", type=float, default=10, help="how long each part takes")
    parser.add_argument("--workers", type=int, default=4)
    parser.add_argument("--trials", type=int, default=8000, help="how many trials the folder has")
    options = parser.parse_args()
    main(options.folder.resolve(), seconds=options.seconds, workers=options.workers, trials=options.trials)
