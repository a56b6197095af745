"""What the store says of its own checks, over HTTP."""

import httpx
import pytest
import rdflib

from equipoise.graph.audit import Finding
from equipoise.graph.publish import assemble, shipped_records
from equipoise.ontology.iri import EQP
from support import problem

TRIAL = "https://w3id.org/equipoise/trial/NCT03764293"


@pytest.fixture(scope="module")
def findings() -> tuple[Finding, ...]:
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("PATH", "")  # the rules are enough, and fast
        return assemble(shipped_records()).findings


def test_counts_are_those_of_the_findings(client: httpx.Client, findings: tuple[Finding, ...]) -> None:
    answer = client.get("/audit", headers={"Accept": "application/json"}).json()
    assert sum(check["run"] for check in answer["checks"]) == len(findings)
    assert sum(check["passed"] for check in answer["checks"]) == sum(found.verdict.passed for found in findings)
    assert len(answer["findings"]) == sum(not found.verdict.passed for found in findings)
    assert [check["check_id"] for check in answer["checks"]][:5] == ["C1", "C2", "C3", "C4", "C5"]
    counts = ("passed", "explained", "warnings", "remarks")
    assert all(check["run"] == sum(check[name] for name in counts) for check in answer["checks"])


def test_gap_between_regions_and_all_is_said_and_explained_by_stratification(client: httpx.Client) -> None:
    answer = client.get("/audit", headers={"Accept": "application/json"}).json()
    (gap,) = [row for row in answer["findings"] if row["check"] == EQP + "CheckC19"]
    assert gap["about"] == f"{TRIAL}/contrast/primary-progression-free-survival"
    assert gap["computed"] == "subgroups 0.57, 0.56 pool to 0.569; overall 0.52"
    assert "stratified" in gap["waiver"]


def test_page_leads_with_what_did_not_pass(client: httpx.Client) -> None:
    page = client.get("/audit", headers={"Accept": "text/html"}).text
    assert page.index("pool to 0.569") < page.index("interval contains estimate")


@pytest.mark.parametrize("form", ["ttl", "jsonld"])
def test_findings_are_to_be_had_as_rdf(client: httpx.Client, findings: tuple[Finding, ...], form: str) -> None:
    body = client.get(f"/audit?format={form}").text
    graph = rdflib.Graph().parse(data=body, format={"ttl": "turtle", "jsonld": "json-ld"}[form])
    subjects = set(graph.subjects(rdflib.RDF.type, rdflib.URIRef(EQP + "Finding")))
    assert len(subjects) == len(findings)
    inputs = set(graph.objects(None, rdflib.URIRef(EQP + "input")))
    assert rdflib.URIRef(f"{TRIAL}/contrast/primary-progression-free-survival-asia") in inputs


def test_audit_of_one_trial(client: httpx.Client) -> None:
    one = client.get("/audit?trial=CARES-310&format=json").json()
    assert one == client.get("/audit?format=json").json()
    refusal = problem(client.get("/audit?trial=NCT00000000&format=ttl"))
    assert refusal["where"] == "trial"
    assert problem(client.get("/audit?format=pdf"))["status"] == 406


def test_every_shipped_warning_is_explained(findings: tuple[Finding, ...]) -> None:
    unexplained = [found for found in findings if found.verdict.severity == "Warning" and not found.waiver]
    assert unexplained == []
