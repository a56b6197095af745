"""One load, in a process of its own: of records by Equipoise, or of quads by the bare engine; and what it took.

In: what to load, a folder. Out: lines of JSON: how many records were read after how many seconds, and at the end the
seconds of the whole. Imports stand in the functions: processes that the load starts read this module too, and the
command of Equipoise does not make them wait for what they do not need.

    python benchmarks/registry/loading.py records FILE DATA
    python benchmarks/registry/loading.py quads FILE FOLDER
"""

import json
import sys
import time
from collections.abc import Callable
from pathlib import Path


def load_records(path: Path, data: Path) -> None:
    """Load records into a data folder that has a release."""
    from equipoise.graph.registry.load import load_registry

    begin = time.perf_counter()

    def tell(what: str) -> None:
        print(json.dumps([what, time.perf_counter() - begin]), flush=True)

    found = load_registry(data, [path], report=tell)
    tell("done")
    assert not found.refused, found.refused[:3]


def load_quads(path: Path, folder: Path) -> None:
    """The engine's own bulk load of N-Quads into a fresh store, until all is on disk."""
    import pyoxigraph as ox

    begin = time.perf_counter()
    store = ox.Store(str(folder))
    store.bulk_load(path=str(path), format=ox.RdfFormat.N_QUADS)
    store.flush()
    print(json.dumps(["done", time.perf_counter() - begin]), flush=True)


KINDS: dict[str, Callable[[Path, Path], None]] = {"records": load_records, "quads": load_quads}

if __name__ == "__main__":
    KINDS[sys.argv[1]](Path(sys.argv[2]), Path(sys.argv[3]))
