"""Classes of other systems over HTTP: for programs and on pages; and what of them an export passes on."""

import os
from collections.abc import Iterator

import httpx
import pytest
from playwright.sync_api import Browser

from equipoise.graph.external.served import OntologyFile, add_ontology
from equipoise.graph.publish import assemble, publish, shipped_records
from equipoise.graph.settings import Settings
from serving import serving_equipoise
from support import DATA, equipoise, problem


@pytest.fixture(scope="module")
def user(tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    """The environment of a user whose release is served with the made ontologies."""
    data = tmp_path_factory.mktemp("data")
    publish(assemble(shipped_records()), data)
    for name in ("external-classes", "external-roles"):
        add_ontology(OntologyFile(DATA / f"{name}.ttl", name, f"{name}.ttl"), settings=Settings(data=data))
    kept = {name: value for name, value in os.environ.items() if not name.startswith("EQUIPOISE_")}
    return {**kept, "EQUIPOISE_DATA": str(data)}


@pytest.fixture(scope="module")
def address(user: dict[str, str], tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    with serving_equipoise(user, log=tmp_path_factory.mktemp("server") / "log") as address:
        yield address


def test_programs_get_members_trials_and_contrasts_of_a_class(address: str) -> None:
    found = httpx.get(f"{address}/class", params={"id": "chebi:22"}, timeout=30).json()
    assert found["curie"] == "CHEBI:22"
    assert {row["member_label"] for row in found["members"]} == {"sorafenib"}
    assert {row["salt_label"] for row in found["members"]} == {"sorafenib tosylate"}
    assert [row["arm_label"] for row in found["trials"]] == ["Sorafenib"]
    assert {row["side"] for row in found["results"]} == {"reference"}
    assert len(found["results"]) == 6


@pytest.mark.parametrize(
    ("asked", "status", "detail"),
    [
        ({}, 400, "class: is asked without id; must be given, such as ATC L01FF"),
        ({"id": "CHEBI:99"}, 404, "nothing that is mapped here lies under CHEBI:99; see /queries/stale-mappings"),
        ({"id": "CHEBI:99"}, 404, "or serve ChEBI: equipoise ontology add"),
        ({"id": "no system"}, 404, "is of no system known here"),
    ],
)
def test_what_is_no_class_here_is_a_problem(address: str, asked: dict[str, str], status: int, detail: str) -> None:
    response = httpx.get(f"{address}/class", params=asked, timeout=30)
    assert response.status_code == status
    assert detail in problem(response)["detail"]


@pytest.mark.parametrize("width", [1200, 390])
def test_reader_goes_from_a_drug_to_a_class_and_its_results(browser: Browser, address: str, width: int) -> None:
    page = browser.new_page(viewport={"width": width, "height": 900})
    page.goto(f"{address}/drug/sorafenib")
    classes = page.locator("section", has=page.locator("#classes"))
    assert classes.get_by_role("link", name="atc:L01EX", exact=True).count() == 1
    classes.get_by_role("link", name="kinase inhibitor", exact=True).click()
    assert page.locator("h1").inner_text() == "Kinase inhibitor"
    text = page.locator("main").inner_text()
    assert "0.62 (95 % CI 0.49 to 0.80) sorafenib in the reference arm" in text
    assert "skos:exactMatch" in text and "confidence 0.95" in text
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    page.close()


def test_page_of_a_salt_says_which_classes_are_those_of_its_base(address: str) -> None:
    text = httpx.get(f"{address}/drug/sorafenib-tosylate", headers={"Accept": "text/html"}, timeout=30).text
    assert "organic salt</a>" in text
    assert 'kinase inhibitor</a> <span class="kind">of its base</span>' in text


def test_export_passes_on_only_what_it_may_of_what_is_linked(user: dict[str, str]) -> None:
    graph = ("export", "--format", "nt", "--graph", "graph:linked")
    plain = equipoise(*graph, environment=user).stdout
    assert "kinase inhibitor" not in plain
    assert "ATC/L01FF>" in plain
    asked = equipoise(*graph, "--include", "external-classes", "--include", "external-roles", environment=user).stdout
    assert "kinase inhibitor" in asked
    assert '> "kinase inhibitor" <' not in equipoise("export", "--format", "nq", environment=user).stdout
