"""The servers that the conformance tests ask: our own, open for writing, and a peer."""

import shutil
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from conformance.runner import Server
from equipoise.graph.release import Release
from serving import free_port, serving, serving_equipoise
from support import need

TOKEN = "of-the-conformance-tests"


@pytest.fixture(scope="module")
def ours(
    release: Release, data_folder: Path, environment: dict[str, str], tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Server]:
    """Our server over a copy of the release, with writing on and a default graph of its own."""
    folder = tmp_path_factory.mktemp("conformance")
    shutil.copytree(data_folder, folder / "data")
    settings = {
        "EQUIPOISE_DATA": str(folder / "data"),
        "EQUIPOISE_WRITE_TOKEN": TOKEN,
        "EQUIPOISE_DEFAULT_GRAPH": "strict",
    }
    with serving_equipoise({**environment, **settings}, log=folder / "log") as address:
        yield Server("Equipoise", f"{address}/sparql", f"{address}/sparql", f"{address}/graphs", TOKEN)


@pytest.fixture(scope="module")
def peer(environment: dict[str, str], tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """Oxigraph's own server, in memory."""
    program = shutil.which("oxigraph", path=str(Path(sys.executable).parent)) or shutil.which("oxigraph")
    need(program is not None, "Oxigraph's server (pip install oxigraph)")
    assert program is not None
    port = free_port()
    address = f"http://127.0.0.1:{port}"
    command = [program, "serve", "--bind", f"127.0.0.1:{port}"]
    log = tmp_path_factory.mktemp("peer") / "log"
    with serving(command, f"{address}/query", environment=environment, log=log):
        yield Server("oxigraph", f"{address}/query", f"{address}/update", f"{address}/store")
