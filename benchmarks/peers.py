"""The SPARQL servers that are measured side by side, each over the same quads, on loopback, ended when asked.

In: a folder with `data.nq` and a release of the same quads (`benchmarks/made.py`). Out: running servers with the
address of their endpoint. What a machine lacks is left out and named: Fuseki needs Java and Maven, Virtuoso its Debian
package (virtuoso-opensource-7), `oxigraph` and `rdflib-endpoint` come from PyPI (`pip install -e '.[bench]'`).

Each gives the union of the named graphs as its default graph, as Equipoise does: oxigraph and Fuseki by a switch,
Virtuoso by nature, rdflib-endpoint by a Dataset over the release's own index, the fastest store it can have.
"""

import importlib.util
import os
import shutil
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import AbstractContextManager, ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from urllib.error import URLError
from urllib.parse import quote
from urllib.request import Request, urlopen

from equipoise.graph.release import current_release

__all__ = ["Peer", "free_port", "running", "serve_equipoise"]

FUSEKI = "org.apache.jena:jena-fuseki-server:5.6.0"
START_SECONDS = 120.0
VIRTUOSO_INI = """[Database]
DatabaseFile = {folder}/virtuoso.db
ErrorLogFile = {folder}/virtuoso.log
LockFile = {folder}/virtuoso.lck
TransactionFile = {folder}/virtuoso.trx
xa_persistent_file = {folder}/virtuoso.pxa
[TempDatabase]
DatabaseFile = {folder}/temporary.db
TransactionFile = {folder}/temporary.trx
[Parameters]
ServerPort = 127.0.0.1:{sql}
DirsAllowed = {data}
NumberOfBuffers = 170000
MaxDirtyBuffers = 130000
[HTTPServer]
ServerPort = 127.0.0.1:{port}
ServerThreads = 64
"""
RDFLIB_ENDPOINT = """
import sys
import oxrdflib, pyoxigraph, rdflib, rdflib_endpoint, uvicorn
store = oxrdflib.OxigraphStore(store=pyoxigraph.Store.read_only(sys.argv[1]))
app = rdflib_endpoint.SparqlEndpoint(graph=rdflib.Dataset(store=store, default_union=True), path="/")
uvicorn.run(app, port=int(sys.argv[2]), log_level="error")
"""


@dataclass(frozen=True)
class Peer:
    """A server that answers: what it is called, where it is asked, and the process to be watched."""

    name: str
    endpoint: str
    process: int


Start = Callable[[Path, Path], AbstractContextManager[Peer | str]]
"""Start a server over a folder of data, with a folder to write to; or say what it would need."""


@contextmanager
def running(data: Path, folder: Path, *, workers: int) -> Iterator[list[Peer]]:
    """All servers that this machine has the means for, oxigraph first. `folder` takes what they write."""
    with ExitStack() as stack:
        peers: list[Peer] = []
        starts: tuple[Start, ...] = (oxigraph, serve_equipoise(workers), rdflib_endpoint, fuseki, virtuoso)
        for start in starts:
            peer = stack.enter_context(start(data, folder))
            if isinstance(peer, Peer):
                peers.append(peer)
                print(f"ready: {peer.name}", file=sys.stderr, flush=True)
            else:
                print(f"left out: {peer}", file=sys.stderr, flush=True)
        yield peers


@contextmanager
def oxigraph(data: Path, folder: Path) -> Iterator[Peer | str]:
    """`oxigraph serve-read-only`, of the package of that name."""
    command = Path(sys.executable).parent / "oxigraph"
    if not command.exists():
        yield "oxigraph (pip install oxigraph)"
        return
    location, port = folder / "oxigraph", free_port()
    done(command, "load", "--location", location, "--file", data / "data.nq")
    address = f"127.0.0.1:{port}"
    arguments = ("--location", location, "--bind", address, "--union-default-graph")
    with started(folder, command, "serve-read-only", *arguments, ask=f"http://{address}/query") as process:
        yield Peer("oxigraph serve", f"http://{address}/query", process)


def serve_equipoise(workers: int) -> Start:
    """`equipoise serve` over the release, with so many workers."""

    @contextmanager
    def start(data: Path, folder: Path) -> Iterator[Peer | str]:
        port = free_port()
        environment = {"EQUIPOISE_DATA": str(data), "EQUIPOISE_QUERY_WORKERS": str(workers)}
        command = (sys.executable, "-P", "-m", "equipoise.api.cli", "serve", "--port", port)
        endpoint = f"http://127.0.0.1:{port}/sparql"
        with started(folder, *command, ask=endpoint, environment=environment) as process:
            yield Peer("equipoise serve", endpoint, process)

    return start


@contextmanager
def rdflib_endpoint(data: Path, folder: Path) -> Iterator[Peer | str]:
    """rdflib-endpoint over oxrdflib, on the index of the release."""
    if importlib.util.find_spec("rdflib_endpoint") is None:
        yield "rdflib-endpoint (pip install rdflib-endpoint)"
        return
    port, index = free_port(), current_release(data).index
    endpoint = f"http://127.0.0.1:{port}/"
    with started(folder, sys.executable, "-c", RDFLIB_ENDPOINT, index, port, ask=endpoint) as process:
        yield Peer("rdflib-endpoint", endpoint, process)


@contextmanager
def fuseki(data: Path, folder: Path) -> Iterator[Peer | str]:
    """Apache Jena Fuseki over TDB2, from the jar with everything in it."""
    if not (shutil.which("java") and shutil.which("mvn")):
        yield "Fuseki (Java and Maven)"
        return
    copied, port = folder / "fuseki", free_port()
    done("mvn", "-q", "dependency:copy", f"-Dartifact={FUSEKI}", f"-DoutputDirectory={copied}")
    jar = next(copied.glob("*.jar"))
    done("java", "-cp", jar, "tdb2.tdbloader", "--loc", folder / "tdb2", data / "data.nq")
    endpoint = f"http://127.0.0.1:{port}/made/query"
    union = ("--set", "tdb2:unionDefaultGraph=true")
    command = ("java", "-Xmx4g", "-jar", jar, "--tdb2", *union, "--loc", folder / "tdb2", "--localhost", "--port", port)
    with started(folder, *command, "/made", ask=endpoint) as process:
        yield Peer("Fuseki", endpoint, process)


@contextmanager
def virtuoso(data: Path, folder: Path) -> Iterator[Peer | str]:
    """OpenLink Virtuoso, as Debian packages it."""
    if not (shutil.which("virtuoso-t") and shutil.which("isql-vt")):
        yield "Virtuoso (apt install virtuoso-opensource-7)"
        return
    home, port, sql = folder / "virtuoso", free_port(), free_port()
    home.mkdir()
    (home / "virtuoso.ini").write_text(VIRTUOSO_INI.format(folder=home, data=data, port=port, sql=sql))
    endpoint = f"http://127.0.0.1:{port}/sparql"
    arguments = ("+foreground", "+configfile", home / "virtuoso.ini")
    with started(home, "virtuoso-t", *arguments, ask=endpoint) as process:
        load = f"ld_dir('{data}', 'data.nq', ''); rdf_loader_run(); checkpoint;"
        done("isql-vt", f"127.0.0.1:{sql}", "dba", "dba", f"EXEC={load}")
        yield Peer("Virtuoso", endpoint, process)


@contextmanager
def started(folder: Path, *command: object, ask: str, environment: Mapping[str, str] | None = None) -> Iterator[int]:
    """Run a server until it answers a question; end it afterwards."""
    with (folder / f"{Path(str(command[0])).name}-{time.monotonic_ns()}.log").open("wb") as log:
        process = subprocess.Popen(
            list(map(str, command)), cwd=folder, env={**os.environ, **(environment or {})}, stdout=log, stderr=log
        )
        try:
            await_answer(ask, process)
            yield process.pid
        finally:
            process.terminate()
            try:
                process.wait(timeout=20)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()


def await_answer(endpoint: str, process: "subprocess.Popen[bytes]") -> None:
    """Wait until an endpoint answers. Raises OSError if its process ends or it takes too long."""
    asked = Request(
        f"{endpoint}?query={quote('ASK { ?s ?p ?o }')}", headers={"Accept": "application/sparql-results+json"}
    )
    deadline = time.monotonic() + START_SECONDS
    while time.monotonic() < deadline and process.poll() is None:
        try:
            with urlopen(asked, timeout=5):
                return
        except (URLError, OSError):
            time.sleep(0.2)
    raise OSError(f"{endpoint} does not answer")


def done(*command: object) -> None:
    """Run a command to its end. Raises CalledProcessError if it fails."""
    subprocess.run(list(map(str, command)), check=True, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE)


def free_port() -> int:
    """A port of loopback that nobody listens on."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        return int(free.getsockname()[1])
