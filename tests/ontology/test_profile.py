"""The published OWL file, judged by the OWL API and by what others read it with."""

import shutil
import subprocess
import sys
from pathlib import Path

import owlready2
import pyoxigraph as ox
import pytest
import rdflib
from rdflib.compare import isomorphic

from equipoise.graph.ontology import ontology_file, version_iri
from equipoise.graph.store.embedded import EmbeddedStore
from equipoise.ontology.document import ONTOLOGY_FORMATS, ontology_triples
from equipoise.ontology.iri import EQP, mint
from equipoise.ontology.rdf import serialized
from equipoise.ontology.terms import vocabulary
from support import ROOT, equipoise, need

FOLDER = ROOT / "tests" / "ontology" / "profile"
FORMATS = sorted(ONTOLOGY_FORMATS)
PARSERS = {"owl": "xml", "ttl": "turtle"}


@pytest.fixture(scope="module")
def files(store: EmbeddedStore, tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    folder = tmp_path_factory.mktemp("ontology")
    for name in FORMATS:
        (folder / f"ontology.{name}").write_bytes(ontology_file(store, name))
    return {name: folder / f"ontology.{name}" for name in FORMATS}


@pytest.fixture(scope="module")
def class_path(tmp_path_factory: pytest.TempPathFactory) -> str:
    """The OWL API and HermiT, fetched by Maven."""
    need(shutil.which("mvn") is not None and shutil.which("javac") is not None, "Maven or a JDK")
    path = tmp_path_factory.mktemp("maven") / "class-path"
    command = ["mvn", "-q", "-B", "-f", str(FOLDER / "pom.xml"), "dependency:build-classpath"]
    done = subprocess.run([*command, f"-Dmdep.outputFile={path}"], capture_output=True, text=True, timeout=600)
    need(done.returncode == 0, f"what Maven fetches ({done.stdout[-300:]})")
    return path.read_text()


def judged(class_path: str, path: Path) -> tuple[dict[str, str], str]:
    """What Profile.java says of a file, by name, and all of it."""
    command = ["java", "-cp", class_path, str(FOLDER / "Profile.java"), str(path)]
    done = subprocess.run(command, capture_output=True, text=True, timeout=300)
    assert done.returncode == 0, done.stderr[-2000:]
    pairs = (line.partition(": ") for line in done.stdout.splitlines() if not line.startswith(" "))
    return {name: value for name, _, value in pairs}, done.stdout


@pytest.mark.parametrize("name", FORMATS)
def test_owl_api_reads_owl_2_dl_without_unsatisfiable_classes(
    class_path: str, files: dict[str, Path], store: EmbeddedStore, name: str, capsys: pytest.CaptureFixture[str]
) -> None:
    said, all_of_it = judged(class_path, files[name])
    with capsys.disabled():
        sys.stdout.write(f"\n{name}\n{all_of_it}")
    assert said["ontology"] == EQP
    assert said["version"] == version_iri(store)
    assert int(said["logical axioms"]) > 700
    assert said["misread"] == "0"
    assert said["OWL2_DL"] == "holds", all_of_it
    assert (said["consistent"], said["unsatisfiable"]) == ("true", "[]")


def test_owl_api_finds_faults_where_there_are_some(class_path: str, tmp_path: Path) -> None:
    """A chained property may not be counted in OWL 2 DL, and nothing is a trial and a drug: a check that can fail."""
    text = """@prefix eqp: <https://w3id.org/equipoise/vocab/> . @prefix owl: <http://www.w3.org/2002/07/owl#> .
    @prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> . @prefix xsd: <http://www.w3.org/2001/XMLSchema#> .
    eqp:Impossible a owl:Class ; rdfs:subClassOf eqp:Trial , eqp:Drug .
    eqp:Counted a owl:Class ; rdfs:subClassOf
      [ a owl:Restriction ; owl:onProperty eqp:hasTarget ; owl:maxCardinality "1"^^xsd:nonNegativeInteger ] ."""
    added = [quad.triple for quad in ox.parse(text, format=ox.RdfFormat.TURTLE)]
    path = tmp_path / "faulty.owl"
    path.write_bytes(serialized(ontology_triples([*vocabulary(), *added], EQP + "faulty"), ox.RdfFormat.RDF_XML))
    command = ["java", "-cp", class_path, str(FOLDER / "Profile.java"), str(path)]
    done = subprocess.run(command, capture_output=True, text=True, timeout=300)
    assert "OWL2_DL: is broken" in done.stdout


def test_owl_api_finds_unsatisfiable_class(class_path: str, tmp_path: Path) -> None:
    text = """@prefix eqp: <https://w3id.org/equipoise/vocab/> . @prefix owl: <http://www.w3.org/2002/07/owl#> .
    @prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .
    eqp:Impossible a owl:Class ; rdfs:subClassOf eqp:Trial , eqp:Drug ."""
    added = [quad.triple for quad in ox.parse(text, format=ox.RdfFormat.TURTLE)]
    path = tmp_path / "faulty.owl"
    path.write_bytes(serialized(ontology_triples([*vocabulary(), *added], EQP + "faulty"), ox.RdfFormat.RDF_XML))
    assert judged(class_path, path)[0]["unsatisfiable"] == f"[<{EQP}Impossible>]"


@pytest.mark.parametrize("name", FORMATS)
def test_file_holds_the_vocabulary_and_its_header(files: dict[str, Path], store: EmbeddedStore, name: str) -> None:
    read = rdflib.Graph().parse(files[name], format=PARSERS[name])
    written = ontology_triples(vocabulary(), version_iri(store))
    expected = rdflib.Graph().parse(data=serialized(written, ox.RdfFormat.N_TRIPLES), format="nt")
    assert len(read) == len(expected)
    assert isomorphic(read, expected)
    ontology, owl = rdflib.URIRef(EQP), rdflib.OWL
    assert list(read.objects(ontology, owl.versionIRI)) == [rdflib.URIRef(mint("release", store.release, "ontology"))]
    licence = rdflib.URIRef("https://creativecommons.org/licenses/by/4.0/")
    assert (ontology, rdflib.DCTERMS.license, licence) in read
    assert (ontology, rdflib.DCTERMS.title, None) in read
    assert dict(read.namespaces())["eqp"] == ontology
    assert (rdflib.URIRef(EQP + "Trial"), rdflib.RDFS.label, rdflib.Literal("trial", lang="en")) in read


def test_owlready2_reads_the_file(files: dict[str, Path]) -> None:
    world = owlready2.World()
    world.get_ontology(EQP).load(fileobj=files["owl"].open("rb"))
    classes = {found.iri for found in world.classes()}
    assert {EQP + "Trial", EQP + "CheckpointPlusAntiangiogenicTrial"} <= classes
    assert mint("drug", "sorafenib") in {found.iri for found in world.individuals()}
    assert world[EQP + "hasMechanism"].domain == [world[EQP + "Drug"]]
    world.close()


@pytest.mark.parametrize("name", FORMATS)
def test_same_release_gives_the_same_file(
    files: dict[str, Path], environment: dict[str, str], tmp_path: Path, name: str
) -> None:
    """In another process, whose hashes are seeded otherwise, through the command line."""
    path = tmp_path / "again"
    other = {**environment, "PYTHONHASHSEED": "7"}
    done = equipoise("export", "--ontology", "--format", name, "--output", str(path), environment=other)
    assert done.returncode == 0, done.stderr
    assert path.read_bytes() == files[name].read_bytes()
