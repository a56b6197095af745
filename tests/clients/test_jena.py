"""Jena's command line, `rsparql`, which asks an endpoint."""

import json
import shutil
import subprocess

import pytest
import rdflib

from clients.asked import ASK, CONSTRUCT, SELECT, VALUES
from support import ROOT, need


@pytest.fixture(scope="module")
def class_path(tmp_path_factory: pytest.TempPathFactory) -> str:
    """Jena's command line, fetched by Maven."""
    need(shutil.which("mvn") is not None and shutil.which("java") is not None, "Maven or Java")
    path = tmp_path_factory.mktemp("maven") / "class-path"
    command = ["mvn", "-q", "-B", "-f", str(ROOT / "tests" / "clients" / "jena" / "pom.xml")]
    command += ["dependency:build-classpath", f"-Dmdep.outputFile={path}"]
    done = subprocess.run(command, capture_output=True, text=True, timeout=600)
    need(done.returncode == 0, f"what Maven fetches ({done.stdout[-300:]})")
    return path.read_text()


def asked(class_path: str, server: str, *arguments: str) -> str:
    command = ["java", "-cp", class_path, "arq.rsparql", "--service", f"{server}/sparql", *arguments]
    done = subprocess.run(command, capture_output=True, text=True, timeout=120)
    assert done.returncode == 0, done.stderr[-2000:]
    return done.stdout


@pytest.mark.parametrize("by_post", [[], ["--post"]], ids=["get", "post"])
def test_rsparql_reads_rows(class_path: str, server: str, by_post: list[str]) -> None:
    found = json.loads(asked(class_path, server, *by_post, "--results", "json", SELECT))
    assert [row["value"]["value"] for row in found["results"]["bindings"]] == VALUES


def test_rsparql_reads_a_graph_and_a_truth_value(class_path: str, server: str) -> None:
    graph = rdflib.Graph().parse(data=asked(class_path, server, "--results", "turtle", CONSTRUCT), format="turtle")
    assert len(graph) == 2
    assert json.loads(asked(class_path, server, "--results", "json", ASK))["boolean"] is True
