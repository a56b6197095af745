"""`equipoise ontology`, and a service with ontologies: beside the evidence, in graphs of their own, read only."""

import gzip
import os
import subprocess
import sys
import time
from pathlib import Path

import httpx
import pyoxigraph as ox
import pytest
import rdflib
from rdflib import DCTERMS, RDF, VOID

from equipoise.graph.external.shelf import graph_of
from equipoise.graph.release import current_release
from equipoise.ontology.iri import mint
from serving import await_answer, free_port
from support import equipoise, problem
from written import TURTLE, turtle

CHEBI = graph_of("chebi")
SPACE = "http://purl.obolibrary.org/obo/CHEBI_"
OBO = """format-version: 1.2
data-version: {version}
ontology: chebi

[Term]
id: CHEBI:900001
name: made drug
is_a: CHEBI:900000

[Term]
id: CHEBI:900000
name: molecule
{more}"""
MAPPING = f"<http://e/sorafenib> <http://www.w3.org/2004/02/skos/core#exactMatch> <{SPACE}900001> , <{SPACE}999999> ."


@pytest.fixture(scope="module")
def user(data: Path) -> dict[str, str]:
    kept = {name: value for name, value in os.environ.items() if not name.startswith("EQUIPOISE_")}
    return {**kept, "EQUIPOISE_DATA": str(data)}


@pytest.fixture(scope="module")
def files(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Two versions of an ontology."""
    folder = tmp_path_factory.mktemp("files")
    (folder / "chebi.obo").write_text(OBO.format(version="1", more=""))
    more = "is_obsolete: true\nreplaced_by: CHEBI:900002\n\n[Term]\nid: CHEBI:900002\nname: two\n"
    text = OBO.format(version="2", more="").replace("name: made drug\nis_a: CHEBI:900000", f"name: made drug\n{more}")
    (folder / "chebi-2.obo.gz").write_bytes(gzip.compress(text.encode()))
    return folder


@pytest.fixture(scope="module")
def added(user: dict[str, str], files: Path, data: Path, anyone: httpx.Client) -> subprocess.CompletedProcess[str]:
    """What the command says; the service serves what it led to."""
    done = equipoise("ontology", "add", str(files / "chebi.obo"), "--why", "to link", environment=user)
    assert done.returncode == 0, done.stderr
    await_release(anyone, data)
    return done


def await_release(client: httpx.Client, data: Path) -> None:
    deadline = time.monotonic() + 30
    while client.get("/health").json()["release"] != current_release(data).id:
        assert time.monotonic() < deadline
        time.sleep(0.1)


def test_command_says_what_was_added(added: subprocess.CompletedProcess[str], data: Path) -> None:
    assert "chebi: Chemical Entities of Biological Interest, 1; " in added.stdout
    assert "(OBO), sha256 " in added.stdout
    assert f"in graph:ontology/chebi of release {current_release(data).id}, in service in" in added.stdout


def test_list_shows_what_is_served(added: object, user: dict[str, str]) -> None:
    listed = equipoise("ontology", "list", environment=user)
    assert "chebi" in listed.stdout and "chebi.obo" in listed.stdout
    known = equipoise("ontology", "list", "--known", environment=user)
    assert "http://purl.obolibrary.org/obo/chebi.owl.gz" in known.stdout
    assert "own copy only: MedDRA MSSO, by subscription" in known.stdout


@pytest.mark.parametrize(
    ("arguments", "code", "message"),
    [
        (("add", "none.owl"), 1, "none.owl: is neither a file, an address, nor in the catalogue; must be one of atc, "),
        (
            ("add", "meddra"),
            1,
            "meddra: may not be passed on (https://www.meddra.org/); give the file of your own copy",
        ),
        (("add", "FILE"), 1, "chebi: is there already; use equipoise ontology update, or another --name"),
        (("add", "FILE", "--name", "A b"), 1, "name: is 'A b'; must be lower-case letters, digits and single hyphens"),
        (("add", "FILE", "--name", "b", "--sha256", "00"), 1, "chebi.obo: has the SHA-256 "),
        (("update", "chebi"), 1, "chebi: came from the file chebi.obo; give the file of the other version"),
        (("update", "mondo", "FILE"), 2, "ontology: there is none called 'mondo'; there is chebi"),
        (("remove", "mondo"), 2, "ontology: there is none called 'mondo'; there is chebi"),
        (("list", "--shelf", "--known"), 2, "ontology list: --shelf and --known are both given; give one of them"),
    ],
)
def test_call_that_cannot_be_followed_says_why(
    added: object, user: dict[str, str], files: Path, arguments: tuple[str, ...], code: int, message: str
) -> None:
    given = [str(files / "chebi.obo") if argument == "FILE" else argument for argument in arguments]
    done = equipoise("ontology", *given, environment=user)
    assert done.returncode == code
    assert f"error: {message}" in done.stderr
    assert "Traceback" not in done.stderr


def test_ontology_is_asked_by_graph_and_from_and_not_in_the_union(added: object, anyone: httpx.Client) -> None:
    pattern = f"<{SPACE}900001> <http://www.w3.org/2000/01/rdf-schema#subClassOf> <{SPACE}900000>"

    def holds(query: str, **fields: str) -> bool:
        response = anyone.get("/sparql", params={"query": query, **fields}, headers={"Accept": "application/json"})
        assert response.status_code == 200, response.text
        truth: bool = response.json()["boolean"]
        return truth

    assert not holds(f"ASK {{ {pattern} }}")
    assert holds(f"ASK {{ GRAPH <{CHEBI}> {{ {pattern} }} }}")
    assert holds(f"ASK FROM <{CHEBI}> {{ {pattern} }}")
    assert holds(f"ASK {{ {pattern} }}", **{"default-graph-uri": CHEBI})


def test_graph_is_read_and_not_written(added: object, anyone: httpx.Client, writer: httpx.Client) -> None:
    assert (rdflib.URIRef(SPACE + "900001"), None, None) in turtle(anyone, graph=CHEBI)
    refused = writer.put("/graphs", params={"graph": CHEBI}, content="<a> <b> <c> .", headers=TURTLE)
    assert problem(refused)["status"] == 403
    assert problem(writer.delete("/graphs", params={"graph": CHEBI}))["status"] == 403
    update = {"update": f"CLEAR GRAPH <{CHEBI}>"}
    assert "use equipoise ontology" in problem(writer.post("/sparql", data=update))["detail"]


def test_service_says_that_it_is_there(added: object, anyone: httpx.Client) -> None:
    triples = len(turtle(anyone, graph=CHEBI))
    description = rdflib.Graph().parse(data=anyone.get("/sparql", headers={"Accept": "text/turtle"}).text)
    assert rdflib.URIRef(CHEBI) in set(
        description.objects(None, rdflib.URIRef("http://www.w3.org/ns/sparql-service-description#name"))
    )
    void = rdflib.Graph().parse(data=anyone.get("/.well-known/void").text, format="turtle")
    chebi = rdflib.URIRef(CHEBI)
    assert (chebi, RDF.type, VOID.Dataset) in void
    assert void.value(chebi, VOID.triples).toPython() == triples
    assert str(void.value(chebi, DCTERMS.source)) == "chebi.obo"
    releases = anyone.get("/releases").json()
    served = [one for release in releases["releases"] for one in release["ontologies"]]
    assert {(one["name"], one["triples"]) for one in served} == {("chebi", triples)}
    assert releases["history"][0]["how"] == "ontology add"
    page = anyone.get("/releases", headers={"Accept": "text/html"}).text
    assert "chebi 1" in page


def test_export_leaves_it_out_unless_asked(added: object, user: dict[str, str]) -> None:
    plain = equipoise("export", "--format", "nq", environment=user)
    assert "left out: chebi; --include takes an ontology in" in plain.stderr
    assert f"{SPACE}900001" not in plain.stdout
    with_it = equipoise("export", "--format", "nq", "--include", "chebi", environment=user)
    assert f"<{CHEBI}> ." in with_it.stdout
    alone = equipoise("export", "--format", "nt", "--include", "chebi", "--graph", CHEBI, environment=user)
    assert f"{SPACE}900001" in alone.stdout and mint("") not in alone.stdout
    assert equipoise("export", "--graph", CHEBI, environment=user).returncode == 2


def test_update_and_removal_say_what_they_do_to_mappings(
    added: object, user: dict[str, str], files: Path, data: Path, anyone: httpx.Client, writer: httpx.Client
) -> None:
    sent = writer.put("/graphs", params={"graph": "http://e/mappings"}, content=MAPPING, headers=TURTLE)
    assert sent.status_code == 201
    updated = equipoise("ontology", "update", "chebi", str(files / "chebi-2.obo.gz"), environment=user)
    assert updated.returncode == 0, updated.stderr
    assert "replaced (was current)" in updated.stdout
    assert "CHEBI:900002" in updated.stdout
    assert "CHEBI:999999, to which http://e/sorafenib is mapped, is newer than this version" in updated.stderr
    await_release(anyone, data)
    assert (rdflib.URIRef(SPACE + "900002"), None, None) in turtle(anyone, graph=CHEBI)
    removed = equipoise("ontology", "remove", "chebi", environment=user)
    assert "is served without chebi" in removed.stdout
    assert "not served (was replaced)" in removed.stdout
    await_release(anyone, data)
    assert problem(anyone.get("/graphs", params={"graph": CHEBI}))["status"] == 404
    assert "chebi" in equipoise("ontology", "list", "--shelf", environment=user).stdout


def test_ontology_is_fetched_from_an_address(user: dict[str, str], files: Path, data: Path) -> None:
    port = free_port()
    command = [sys.executable, "-m", "http.server", str(port), "--bind", "127.0.0.1", "--directory", str(files)]
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        await_answer(f"http://127.0.0.1:{port}/", process, files / "chebi.obo")
        address = f"http://127.0.0.1:{port}/chebi-2.obo.gz"
        done = equipoise("ontology", "add", address, environment=user)
    finally:
        process.terminate()
        process.wait(timeout=20)
    assert done.returncode == 0, done.stderr
    assert f"fetching {address}" in done.stderr
    (ontology,) = current_release(data).manifest.ontologies
    assert (ontology.name, ontology.source, ontology.format) == ("chebi-2", address, "OBO, gzip")
    assert not [path for path in (data / "downloads").rglob("*") if path.is_file()]
    store = ox.Store.read_only(str(current_release(data).index))
    assert ox.NamedNode(graph_of("chebi-2")) in store.named_graphs()
