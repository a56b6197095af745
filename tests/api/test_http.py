"""The service as clients meet it: a real server on loopback, its questions, its things and its errors."""

import json
import re
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import httpx
import pytest
import rdflib
from typer.testing import CliRunner

from equipoise.api.cli import app
from equipoise.graph.release import Release
from equipoise.queries.catalogue import catalogue
from support import GIVEN, problem

FORM = {"Content-Type": "application/x-www-form-urlencoded"}


@pytest.mark.parametrize(
    ("arguments", "status", "detail"),
    [
        ({"method": "GET", "url": "/sparql?query=SELECT"}, 400, "query: line 1"),
        (
            {"method": "GET", "url": "/sparql?query=ASK{}&query=ASK{}"},
            400,
            "request: has 2 queries and updates; must have one query or one update",
        ),
        ({"method": "POST", "url": "/sparql", "data": {"nothing": "x"}}, 400, "request: has 0 queries and updates"),
        ({"method": "GET", "url": "/sparql?update=CLEAR%20ALL"}, 405, "update: was sent by GET; must be sent by POST"),
        (
            {"method": "POST", "url": "/sparql", "data": {"update": "CLEAR ALL"}},
            403,
            "request: writing is off; set EQUIPOISE_WRITE_TOKEN",
        ),
        (
            {
                "method": "POST",
                "url": "/sparql",
                "content": "CLEAR ALL",
                "headers": {"Content-Type": "application/sparql-update"},
            },
            403,
            "request: writing is off; set EQUIPOISE_WRITE_TOKEN",
        ),
        ({"method": "POST", "url": "/sparql", "content": "ASK {}"}, 415, "Content-Type: is ''"),
        (
            {
                "method": "POST",
                "url": "/sparql",
                "content": b"ASK {\xff}",
                "headers": {"Content-Type": "application/sparql-query"},
            },
            400,
            "body: is not UTF-8 at byte 5",
        ),
        (
            {"method": "POST", "url": "/sparql", "content": b"query=%ff", "headers": FORM},
            400,
            "must be URL-encoded UTF-8",
        ),
        (
            {"method": "POST", "url": "/sparql", "content": b"query=\xff", "headers": FORM},
            400,
            "must be URL-encoded UTF-8",
        ),
        ({"method": "POST", "url": "/sparql", "content": b"x" * 2_000_001, "headers": FORM}, 413, "body: is too long"),
        (
            {"method": "GET", "url": "/sparql?query=ASK{}", "headers": {"Accept": "image/png"}},
            406,
            "must allow one of application/sparql-results+json",
        ),
        (
            {"method": "GET", "url": "/sparql?query=ASK{}", "headers": {"Accept": "nonsense"}},
            406,
            "Accept: is 'nonsense'",
        ),
        (
            {"method": "GET", "url": "/sparql?query=SELECT*{SERVICE<http://127.0.0.1:1/>{?s%20?p%20?o}}"},
            400,
            "SERVICE is switched off",
        ),
        ({"method": "PUT", "url": "/sparql"}, 405, "method: is PUT; must be GET, HEAD or POST"),
        ({"method": "GET", "url": "/queries/nosuch"}, 404, "there is none called 'nosuch'"),
        ({"method": "GET", "url": "/queries/contrasts?outcom=OS"}, 400, "has no parameter 'outcom'"),
        ({"method": "GET", "url": "/queries/contrasts?outcome=OS&outcome=PFS"}, 400, "has outcome more than once"),
        (
            {"method": "GET", "url": "/queries/contrasts?outcome=Happiness"},
            404,
            "outcome: there is none called 'Happiness'",
        ),
        (
            {"method": "GET", "url": "/queries/severe-adverse-events?above=x"},
            400,
            "above: is 'x'; must be a decimal number",
        ),
        ({"method": "GET", "url": "/queries/adverse-event-status"}, 400, "is asked without event"),
        (
            {"method": "GET", "url": "/queries/contrasts?format=ttl"},
            406,
            "format: is 'ttl'; must be one of json, csv, tsv",
        ),
        (
            {"method": "GET", "url": "/trial/NCT00000000"},
            404,
            "trial: there is none called 'NCT00000000'; must be one of NCT03764293",
        ),
        (
            {"method": "GET", "url": "/drug/aspirin"},
            404,
            "drug: there is none called 'aspirin'; must be one of atezolizumab",
        ),
        (
            {"method": "GET", "url": "/vocab/Nothing"},
            404,
            "nothing is known of https://w3id.org/equipoise/vocab/Nothing",
        ),
        ({"method": "GET", "url": "/..%2f..%2fetc/passwd"}, 404, "nothing is known of"),
        ({"method": "GET", "url": "/%3Cscript%3E%20%22"}, 404, "nothing is known of"),
        ({"method": "GET", "url": "/static/..%2fapp.py"}, 404, "nothing is known of"),
        ({"method": "GET", "url": "/static/app.py"}, 404, "there is no file 'app.py'"),
    ],
)
def test_error_is_a_problem_document_that_says_what_is_wrong(
    client: httpx.Client, arguments: dict[str, Any], status: int, detail: str
) -> None:
    response = client.request(**arguments)
    assert response.status_code == status, response.text
    assert detail in problem(response)["detail"]


def test_error_has_its_parts(client: httpx.Client) -> None:
    document = problem(client.get("/queries/contrasts?outcome=Happiness"))
    assert (document["where"], document["found"]) == ("outcome", "there is none called 'Happiness'")
    assert document["allowed"].startswith("must be one of")


def test_browser_gets_the_error_as_a_page(client: httpx.Client) -> None:
    response = client.get("/trial/NCT00000000", headers={"Accept": "text/html"})
    assert response.status_code == 404
    assert "there is none called &#39;NCT00000000&#39;" in response.text


def test_every_answer_names_its_release(client: httpx.Client, release: Release) -> None:
    for path in (
        "/",
        "/health",
        "/trials",
        "/queries",
        "/queries/arms",
        "/trial/NCT03764293",
        "/drug/sorafenib",
        "/sparql?query=ASK{}",
        "/none",
    ):
        assert client.get(path).headers["equipoise-release"] == release.id
    assert client.get("/queries/arms").json()["release"] == release.id


def test_browsers_of_other_sites_may_ask(client: httpx.Client) -> None:
    response = client.get("/queries/arms", headers={"Origin": "https://example.org"})
    assert response.headers["access-control-allow-origin"] == "*"
    preflight = client.options(
        "/sparql",
        headers={
            "Origin": "https://example.org",
            "Access-Control-Request-Method": "POST",
            "Access-Control-Request-Headers": "content-type",
        },
    )
    assert preflight.status_code == 200


@pytest.mark.parametrize("name", sorted(catalogue()))
def test_question_gives_the_same_bytes_over_http_and_on_the_command_line(
    client: httpx.Client, environment: dict[str, str], name: str
) -> None:
    given = GIVEN.get(name, {})
    shell = [f"{key}={value}" for key, value in given.items()]
    for format in ("json", "csv"):
        sent = client.get(f"/queries/{name}", params={**given, "format": format})
        assert sent.status_code == 200
        printed = CliRunner().invoke(app, ["query", name, *shell, "-f", format], env=environment)
        assert printed.exit_code == 0
        assert printed.stdout_bytes == sent.content


def test_every_question_is_a_typed_operation(client: httpx.Client) -> None:
    paths = client.get("/openapi.json").json()["paths"]
    for question in catalogue().values():
        operation = paths[f"/queries/{question.name}"]["get"]
        parameters = {parameter["name"]: parameter for parameter in operation["parameters"]}
        assert set(parameters) == {*question.parameters, "format"}
        assert operation["summary"] == question.description
        for name, parameter in question.parameters.items():
            assert parameters[name]["required"] is parameter.required
            assert parameters[name]["schema"]["type"] == {"decimal": "number", "integer": "integer"}.get(
                parameter.type, "string"
            )
    assert "OverallSurvival" in json.dumps(paths["/queries/contrasts"])
    assert {"get", "post"} <= set(paths["/sparql"])


def test_catalogue_is_listed_with_its_parameters(client: httpx.Client) -> None:
    listed = {question["name"]: question for question in client.get("/queries").json()["queries"]}
    assert set(listed) == set(catalogue())
    (above,) = [
        parameter for parameter in listed["severe-adverse-events"]["parameters"] if parameter["name"] == "above"
    ]
    assert (above["type"], above["default"]) == ("decimal", "10")


def test_trial_is_served_in_every_form(client: httpx.Client) -> None:
    document = client.get("/trial/NCT03764293").json()
    assert document["trial"] == "https://w3id.org/equipoise/trial/NCT03764293"
    assert len(document["contrasts"]) == 6
    turtle = rdflib.Graph().parse(data=client.get("/trial/NCT03764293?format=ttl").text, format="turtle")
    linked = rdflib.Graph().parse(
        data=client.get("/trial/NCT03764293", headers={"Accept": "application/ld+json"}).text, format="json-ld"
    )
    assert len(turtle) == len(linked) > 3500
    assert "0.64" in client.get("/trial/NCT03764293", headers={"Accept": "text/html"}).text


def test_trials_are_listed_in_every_form(client: httpx.Client) -> None:
    assert client.get("/trials").json()["rows"][0]["acronym"] == "CARES-310"
    for accept, parser in (("text/turtle", "turtle"), ("application/ld+json", "json-ld")):
        graph = rdflib.Graph().parse(data=client.get("/trials", headers={"Accept": accept}).text, format=parser)
        assert len(list(graph.subjects(rdflib.RDF.type))) == 1
        assert len(graph) == 10
    assert "CARES-310" in client.get("/trials", headers={"Accept": "text/html"}).text


def test_other_names_lead_to_the_one_path(client: httpx.Client) -> None:
    response = client.get("/trial/CARES-310?format=json")
    assert (response.status_code, response.headers["location"]) == (303, "/trial/NCT03764293?format=json")
    assert client.get("/drug/SHR-1210").headers["location"] == "/drug/camrelizumab"
    assert client.get("/drug/apatinib%20mesylate").headers["location"] == "/drug/rivoceranib-mesylate"


def test_drug_is_served_with_its_classes_and_trials(client: httpx.Client) -> None:
    document = client.get("/drug/camrelizumab").json()
    assert "checkpoint inhibitor" in {row["class_label"] for row in document["classes"]}
    assert document["trials"][0]["trial_label"] == "CARES-310"
    assert "SHR-1210" in client.get("/drug/camrelizumab", headers={"Accept": "text/html"}).text


@pytest.mark.parametrize(
    "path",
    [
        "vocab/HazardRatio",
        "vocab/Contrast",
        "vocab/CheckpointInhibitor",
        "vocab/hasMechanism",
        "source/oncodaily-cares-310",
        "trial/NCT03764293/contrast/final-overall-survival",
        "trial/NCT03764293/contrast/final-overall-survival/finding/C2",
        "regimen/sorafenib-400-mg-po-bid",
        "drug/sorafenib",
        "organization/u-s-food-and-drug-administration",
    ],
)
def test_whatever_has_an_iri_is_described_at_its_path(client: httpx.Client, path: str) -> None:
    iri = f"https://w3id.org/equipoise/{path}"
    assert iri in client.get(f"/{path}", headers={"Accept": "application/json"}).text
    graph = rdflib.Graph().parse(data=client.get(f"/{path}", headers={"Accept": "text/turtle"}).text, format="turtle")
    assert (rdflib.URIRef(iri), None, None) in graph
    assert "<h1>" in client.get(f"/{path}", headers={"Accept": "text/html"}).text


def test_links_of_the_trial_page_lead_somewhere(client: httpx.Client) -> None:
    text = client.get("/trial/NCT03764293", headers={"Accept": "text/html"}).text
    links = sorted(set(re.findall(r'href="(/[^"#?]*)', text)))
    assert len(links) > 150
    with ThreadPoolExecutor(max_workers=8) as threads:
        found = dict(
            zip(
                links,
                threads.map(lambda link: client.get(link, headers={"Accept": "text/html"}).status_code, links),
                strict=True,
            )
        )
    assert {link: status for link, status in found.items() if status != 200} == {}


def test_pages_load_nothing_from_elsewhere(client: httpx.Client) -> None:
    for path in ("/", "/trial/NCT03764293", "/sparql", "/queries", "/drug/sorafenib", "/docs"):
        text = client.get(path, headers={"Accept": "text/html"}).text
        assert re.findall(r'<(?:script|link|img|iframe)[^>]+(?:src|href)="https?://', text) == []
    policy = client.get("/trial/NCT03764293", headers={"Accept": "text/html"}).headers["content-security-policy"]
    assert policy.startswith("default-src 'none'")


def test_text_of_a_request_is_escaped(client: httpx.Client) -> None:
    hostile = "<script>alert(1)</script>"
    for path, params in (
        ("/queries/contrasts", {"outcome": hostile}),
        ("/sparql", {"query": f"SELECT ('{hostile}' AS ?x) {{}}"}),
        (f"/{hostile}", {}),
    ):
        text = client.get(path, params=params, headers={"Accept": "text/html"}).text
        assert hostile not in text
        assert "&lt;script&gt;" in text
