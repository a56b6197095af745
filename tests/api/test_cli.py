"""The command line as a user meets it: answers, formats, exit codes, and messages instead of tracebacks."""

import csv
import io
import json
import re
from pathlib import Path

import pyoxigraph as ox
import pytest
import rdflib

from equipoise.graph.release import Release
from support import DATA, ROOT, equipoise, triples_of

ASK = "PREFIX eqp: <https://w3id.org/equipoise/vocab/> ASK { ?t a eqp:Trial }"
GRAPH = "PREFIX eqp: <https://w3id.org/equipoise/vocab/> CONSTRUCT { ?t ?p ?o } { ?t a eqp:Arm ; ?p ?o }"


def run(environment: dict[str, str], *arguments: str, text: str | None = None) -> str:
    done = equipoise(*arguments, environment=environment, text=text)
    assert done.returncode == 0, done.stderr
    return done.stdout


def refused(environment: dict[str, str], *arguments: str, code: int = 2) -> str:
    done = equipoise(*arguments, environment=environment)
    assert done.returncode == code, (done.stdout, done.stderr)
    assert "Traceback" not in done.stderr
    return done.stderr


def test_questions_are_listed(environment: dict[str, str]) -> None:
    listed = run(environment, "query")
    assert "landmark-survival" in listed
    assert "What share of participants" in listed


def test_question_is_answered_in_every_format_of_rows(environment: dict[str, str]) -> None:
    asked = ("query", "landmark-survival", "trial=CARES-310", "timepoint=24")
    assert "49.0" in run(environment, *asked)
    document = json.loads(run(environment, *asked, "--format", "json"))
    assert [row["value"] for row in document["rows"]] == [49, 32.6]
    assert document["parameters"] == {"trial": "CARES-310", "timepoint": "24"}
    assert len(document["release"]) == 16
    rows = list(csv.DictReader(io.StringIO(run(environment, *asked, "-f", "csv"))))
    assert [row["value_printed"] for row in rows] == ["49.0", "32.6"]
    assert run(environment, *asked, "-f", "tsv").startswith("?trial\t?outcome")
    assert json.loads(run(environment, *asked, "-f", "srj"))["head"]["vars"][0] == "trial"
    assert "<sparql" in run(environment, *asked, "-f", "srx")


def test_question_shows_its_sparql(environment: dict[str, str]) -> None:
    assert run(environment, "query", "arms", "--show") == (ROOT / "queries" / "arms.rq").read_text()


def test_sparql_is_answered_from_argument_file_and_standard_input(environment: dict[str, str], tmp_path: Path) -> None:
    assert run(environment, "sparql", ASK) == "yes\n"
    path = tmp_path / "ask.rq"
    path.write_text(ASK)
    assert run(environment, "sparql", "--file", str(path)) == "yes\n"
    assert run(environment, "sparql", text=ASK) == "yes\n"
    assert run(environment, "sparql", "-", text=ASK) == "yes\n"
    assert json.loads(run(environment, "sparql", ASK, "-f", "json"))["answer"] is True


@pytest.mark.parametrize(
    ("format", "parser"), [("ttl", "turtle"), ("jsonld", "json-ld"), ("nt", "nt"), ("rdf", "xml"), ("table", "turtle")]
)
def test_graph_is_written_in_every_format_of_graphs(environment: dict[str, str], format: str, parser: str) -> None:
    written = run(environment, "sparql", GRAPH, "--format", format)
    assert len(rdflib.Graph().parse(data=written, format=parser)) > 20


@pytest.mark.parametrize("format", ["trig", "nq", "ttl", "nt", "jsonld"])
def test_release_is_exported_and_can_be_read_by_others(
    environment: dict[str, str], release: Release, tmp_path: Path, format: str
) -> None:
    path = tmp_path / "out"
    run(environment, "export", "--format", format, "--output", str(path))
    kinds = {
        "trig": ox.RdfFormat.TRIG,
        "nq": ox.RdfFormat.N_QUADS,
        "ttl": ox.RdfFormat.TURTLE,
        "nt": ox.RdfFormat.N_TRIPLES,
        "jsonld": ox.RdfFormat.JSON_LD,
    }
    assert len(list(ox.parse(path.read_bytes(), format=kinds[format]))) == len(list(release.quads()))


def test_one_graph_is_exported(environment: dict[str, str], release: Release) -> None:
    written = run(environment, "export", "--graph", "graph:findings", "-f", "ttl")
    assert len(rdflib.Graph().parse(data=written, format="turtle")) == triples_of(release, "findings")


def test_membership_is_explained_as_table_and_json(environment: dict[str, str]) -> None:
    asked = ("explain", "drug:camrelizumab", "eqp:CheckpointInhibitor")
    table = run(environment, *asked)
    assert "camrelizumab is a checkpoint inhibitor" in table
    assert "checkpoint inhibitor ≡ drug and (has mechanism value immune checkpoint blockade)" in table
    assert "  camrelizumab → has mechanism → PD-1 blockade" in table
    document = json.loads(run(environment, *asked, "--format", "json"))
    assert document["class"]["label"] == "checkpoint inhibitor"
    assert document["proof"]["rule"] == "definition"


def test_membership_that_does_not_hold_ends_with_1(environment: dict[str, str]) -> None:
    message = refused(environment, "explain", "drug:sorafenib", "eqp:PD1Inhibitor", code=1)
    assert "drug:sorafenib: is not in eqp:PD1Inhibitor; it is in eqp:AntiangiogenicAgent, eqp:Drug" in message


def test_info_says_what_is_in_service(environment: dict[str, str], release: Release) -> None:
    assert release.id in run(environment, "info")
    about = json.loads(run(environment, "info", "--format", "json"))
    assert (about["release"], about["trials"]) == (release.id, ["NCT03764293"])


def test_check_shows_what_was_computed(environment: dict[str, str]) -> None:
    mine = {**environment, "PATH": ""}  # without Java, which is slower and checks no more figures
    shown = run(mine, "check", "--all")
    assert "135 passed, 2 explained, 0 unexplained, 1 remarked" in shown
    assert "the limits have a geometric mean from 0.6358 to 0.6460; printed 0.64" in shown
    assert "must obey check C9" in refused(mine, "check", str(DATA / "bad" / "percent-contradicts-counts.yaml"), code=1)


def test_sources_are_listed(environment: dict[str, str]) -> None:
    assert "oncodaily-cares-310" in run(environment, "sources", "list", "-f", "csv")


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["query", "nosuch"], "query: there is none called 'nosuch'; must be one of absolute-benefit"),
        (["query", "arms", "trial"], "arms: was given 'trial'; parameters are written name=value"),
        (
            ["query", "arms", "trail=CARES-310"],
            "arms: has no parameter 'trail'; must be one of trial (did you mean trial?)",
        ),
        (["query", "arms", "trial=CARES-311"], "trial: there is none called 'CARES-311'; must be one of NCT03764293"),
        (["query", "severe-adverse-events", "above=x"], "above: is 'x'; must be a decimal number"),
        (
            ["query", "arms", "--format", "ttl"],
            "format: is 'ttl'; must be one of json, csv, tsv, srj, srx for this answer",
        ),
        (["query", "arms", "--format", "xlsx"], "--format: is 'xlsx'; must be one of table, json"),
        (["sparql", "SELECT ?x WHERE { ?x a eqp:Trial }"], "query: line 1, column 33, near '}': Prefix not found"),
        (["sparql", "SELECT * { SERVICE <http://127.0.0.1:1/> { ?s ?p ?o } }"], "SERVICE is switched off here"),
        (["sparql", "--file", "no/such/file"], "no/such/file: cannot be read"),
        (["sparql", ASK, "--file", "x"], "a query and a file are both given"),
        (
            ["export", "--graph", "graph:none"],
            "--graph: there is none called 'graph:none'; must be one of graph:findings",
        ),
        (["export", "--ontology", "--graph", "graph:findings"], "export: --ontology and --graph are both given"),
        (["export", "--ontology", "-f", "trig"], "--format: is 'trig'; must be one of owl, ttl"),
        (["explain", "drug:none", "eqp:Drug"], "thing: nothing is known of drug:none"),
        (["explain", "drug:sorafenib", "eqp:Drugs"], "class: there is none called 'eqp:Drugs'"),
        (["explain", "sorafenib", "eqp:Drug"], "thing: is 'sorafenib'; must be an absolute http(s) IRI or a CURIE"),
        (["export", "--output", "no/such/folder/x"], "no/such/folder/x: cannot be written"),
        (["--query-seconds", "soon", "query", "arms"], "EQUIPOISE_QUERY_SECONDS: is 'soon'"),
        (
            ["--data", "no/such/folder", "query", "arms"],
            "no/such/folder: has no release; build one with: equipoise build",
        ),
        (["--store", "http://127.0.0.1:9/sparql", "query", "arms"], "http://127.0.0.1:9/sparql: cannot be asked"),
        (["build", "tests/none"], "cannot be read"),
        (["serve", "--port", "99999"], "Invalid value for '--port'"),
    ],
)
def test_call_at_fault_ends_with_2_and_one_line(
    environment: dict[str, str], arguments: list[str], message: str
) -> None:
    code = 1 if arguments[0] == "build" else 2
    assert message in refused(environment, *arguments, code=code)


def test_folder_without_records_is_refused(environment: dict[str, str], tmp_path: Path) -> None:
    assert "no .yaml file was found" in refused(environment, "build", str(tmp_path))


def test_query_that_passes_the_time_limit_is_stopped(environment: dict[str, str]) -> None:
    message = refused(
        environment,
        "--query-seconds",
        "1",
        "sparql",
        "SELECT (COUNT(*) AS ?n) { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i }",
        code=1,
    )
    assert "was stopped after 1 seconds" in message


def test_port_in_use_is_said(environment: dict[str, str], server: str) -> None:
    port = server.rpartition(":")[2]
    assert f"127.0.0.1:{port}: cannot be listened on" in refused(environment, "serve", "--port", port)


def test_remote_engine_is_asked_through_the_same_commands(environment: dict[str, str], server: str) -> None:
    here, there = ("query", "contrasts", "outcome=OS", "-f", "csv"), ("--store", f"{server}/sparql")
    assert run(environment, *there, *here) == run(environment, *here)
    assert run(environment, *there, "sparql", ASK) == "yes\n"


def test_output_may_be_cut_off(environment: dict[str, str]) -> None:
    """As by `| head -1`: no traceback."""
    import subprocess
    import sys

    command = f"{sys.executable} -P -m equipoise.api.cli export -f nt | head -1"
    done = subprocess.run(command, shell=True, env=environment, capture_output=True, text=True)
    assert done.stdout.endswith(".\n")
    assert "Traceback" not in done.stderr


def test_every_command_and_option_is_in_the_guide(environment: dict[str, str]) -> None:
    guide = (ROOT / "docs" / "guide.md").read_text()
    commands = re.findall(r"(?m)^  ([a-z]+) ", run(environment, "--help").partition("Commands:")[2])
    assert sorted(commands) == [
        "build",
        "check",
        "diff",
        "explain",
        "export",
        "info",
        "link",
        "load",
        "ontology",
        "query",
        "registry",
        "releases",
        "resolve",
        "retire",
        "serve",
        "sources",
        "sparql",
    ]
    below = {
        "sources": ("verify", "list", "cite"),
        "ontology": ("add", "list", "remove", "update"),
        "registry": ("fetch", "load", "quarantine"),
        "link": ("propose", "review", "import", "conflicts"),
    }
    for command in [[name] for name in commands if name not in below] + [
        [group, name] for group, names in below.items() for name in names
    ]:
        assert f"equipoise {' '.join(command)}" in guide
        for option in re.findall(r"(?m)^\s+(?:-\w, )?(--[a-z]+)", run(environment, *command, "--help")):
            assert option == "--help" or option in guide, (command, option)
