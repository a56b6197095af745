"""Real SPARQL engines on free ports of loopback, each started for the tests and ended by them."""

import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from equipoise.graph.settings import Settings
from equipoise.graph.store.remote import RemoteStore
from serving import await_answer, free_port
from support import ROOT, need

ENGINES = ("oxigraph", "fuseki", "virtuoso")
FUSEKI = ROOT / "build" / "engines"

VIRTUOSO = """[Database]
DatabaseFile = virtuoso.db
ErrorLogFile = virtuoso.log
LockFile = virtuoso.lck
TransactionFile = virtuoso.trx
xa_persistent_file = virtuoso.pxa
MaxCheckpointRemap = 2000
[TempDatabase]
DatabaseFile = virtuoso-temp.db
TransactionFile = virtuoso-temp.trx
MaxCheckpointRemap = 2000
[Parameters]
ServerPort = 127.0.0.1:{sql}
DirsAllowed = .
NumberOfBuffers = 20000
MaxDirtyBuffers = 15000
CheckpointInterval = 0
[HTTPServer]
ServerPort = 127.0.0.1:{http}
ServerThreads = 20
[SPARQL]
ResultSetMaxRows = 1000000
"""


@dataclass
class RunningEngine:
    """An engine that runs over its own folder, how to ask it, and the means to end and start it."""

    name: str
    settings: Settings
    process: subprocess.Popen[bytes]
    start: Callable[[], subprocess.Popen[bytes]]

    @property
    def address(self) -> str:
        return self.settings.store

    def store(self) -> RemoteStore:
        """A store over it, for those who may write."""
        return RemoteStore(self.address, settings=self.settings)

    def kill(self) -> None:
        """End it as a failing machine would."""
        self.process.kill()
        self.process.wait()

    def restart(self) -> None:
        self.process = self.start()


@contextmanager
def running(name: str, folder: Path) -> Iterator[RunningEngine]:
    """Run an engine over a folder of its own."""
    port = free_port()
    command, settings = {"oxigraph": _oxigraph, "fuseki": _fuseki, "virtuoso": _virtuoso}[name](folder, port)
    log = folder / "log"

    def start() -> subprocess.Popen[bytes]:
        with log.open("ab") as output:
            process = subprocess.Popen(
                command, cwd=folder, stdin=subprocess.DEVNULL, stdout=output, stderr=subprocess.STDOUT
            )
        await_answer(f"http://127.0.0.1:{port}/", process, log)
        return process

    engine = RunningEngine(name, settings, start(), start)
    try:
        if name == "virtuoso":
            _allow_writing(folder)
        yield engine
    finally:
        engine.process.terminate()
        engine.process.wait(timeout=30)


def _oxigraph(folder: Path, port: int) -> tuple[Sequence[str], Settings]:
    program = Path(sys.executable).parent / "oxigraph"
    need(program.exists(), "Oxigraph's server (pip install oxigraph)")
    bind = f"127.0.0.1:{port}"
    command = [str(program), "serve", "--location", str(folder / "db"), "--bind", bind, "--timeout-s", "10"]
    return command, Settings(store=f"http://{bind}/query")


def _fuseki(folder: Path, port: int) -> tuple[Sequence[str], Settings]:
    """Fuseki, with writing for the user that its password file names."""
    jar = next(iter(sorted(FUSEKI.glob("jena-fuseki-server-*.jar"))), None)
    need(jar is not None and shutil.which("java") is not None, "Fuseki (make engines) and Java")
    (folder / "passwords").write_text("curator: secret\n")
    (folder / "tdb").mkdir(exist_ok=True)
    (folder / "config.ttl").write_text(FUSEKI_CONFIGURATION)
    main = "org.apache.jena.fuseki.main.cmds.FusekiMainCmd"
    arguments = ["--localhost", "--port", str(port), "--auth=basic", "--passwd=passwords", "--config=config.ttl"]
    settings = Settings(store=f"http://127.0.0.1:{port}/ds/sparql", store_user="curator", store_password="secret")
    return ["java", "-Xmx1g", "-cp", str(jar), main, *arguments], settings


FUSEKI_CONFIGURATION = """PREFIX fuseki: <http://jena.apache.org/fuseki#>
PREFIX tdb2: <http://jena.apache.org/2016/tdb#>
[] a fuseki:Service ;
  fuseki:name "ds" ;
  fuseki:endpoint [ fuseki:operation fuseki:query ; fuseki:name "sparql" ] ;
  fuseki:endpoint [ fuseki:operation fuseki:update ; fuseki:name "update" ; fuseki:allowedUsers "curator" ] ;
  fuseki:endpoint [ fuseki:operation fuseki:gsp-rw ; fuseki:name "data" ; fuseki:allowedUsers "curator" ] ;
  fuseki:dataset [ a tdb2:DatasetTDB2 ; tdb2:location "tdb" ] .
"""


def _virtuoso(folder: Path, port: int) -> tuple[Sequence[str], Settings]:
    """Virtuoso, with writing for its administrator, whose password is the one it is delivered with."""
    need(
        shutil.which("virtuoso-t") is not None and shutil.which("isql-vt") is not None,
        "Virtuoso (on Debian: apt install virtuoso-opensource-7-bin)",
    )
    (folder / "virtuoso.ini").write_text(VIRTUOSO.format(sql=free_port(), http=port))
    settings = Settings(store=f"http://127.0.0.1:{port}/sparql", store_user="dba", store_password="dba")
    return ["virtuoso-t", "+foreground", "+configfile", "virtuoso.ini"], settings


def _allow_writing(folder: Path) -> None:
    """Let the administrator write over HTTP, and nobody else."""
    text = (folder / "virtuoso.ini").read_text()
    address = text.partition("ServerPort = ")[2].partition("\n")[0]
    script = "DB.DBA.RDF_DEFAULT_USER_PERMS_SET('nobody', 1);\n"
    subprocess.run(["isql-vt", address, "dba", "dba"], input=script, text=True, capture_output=True, check=True)
