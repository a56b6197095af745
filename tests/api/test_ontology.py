"""Explanations and the OWL file over HTTP, for programs and for people."""

from collections.abc import Iterator

import httpx
import pytest
import rdflib
from playwright.sync_api import Browser, Page, expect

from equipoise.graph.ontology import ontology_file
from equipoise.graph.store.embedded import EmbeddedStore
from equipoise.ontology.iri import EQP
from support import equipoise, problem

WIDTHS = {"desk": (1200, 900), "phone": (390, 844)}

ASKED = {"thing": "trial:NCT03764293", "class": "eqp:PD1AxisPlusVEGFAxisTrial"}


def test_explanation_is_the_one_of_the_command_line(client: httpx.Client, environment: dict[str, str]) -> None:
    answer = client.get("/explain", params=ASKED)
    assert answer.headers["content-type"] == "application/json"
    assert answer.text == equipoise("explain", *ASKED.values(), "-f", "json", environment=environment).stdout
    assert client.get("/explain", params={**ASKED, "format": "json"}, headers={"Accept": "text/html"}).json()


@pytest.mark.parametrize(
    ("asked", "status", "detail"),
    [
        ({}, 400, "explain: is asked without thing; must be given: The thing asked about"),
        ({"thing": "drug:sorafenib"}, 400, "explain: is asked without class"),
        ({"thing": "x", "class": "eqp:Drug"}, 400, "thing: is 'x'; must be an absolute"),
        ({"thing": "drug:x", "class": "eqp:Drug"}, 404, "nothing is known of drug:x"),
        ({"thing": "drug:sorafenib", "class": "eqp:X"}, 404, "there is none called 'eqp:X'"),
        ({"thing": "drug:sorafenib", "class": "eqp:PD1Inhibitor"}, 404, "is not in eqp:PD1Inhibitor"),
        ({**ASKED, "format": "ttl"}, 406, "format: is 'ttl'; must be one of json, html"),
    ],
)
def test_what_cannot_be_explained_is_a_problem(
    client: httpx.Client, asked: dict[str, str], status: int, detail: str
) -> None:
    answer = client.get("/explain", params=asked)
    assert answer.status_code == status
    assert detail in problem(answer)["detail"]


@pytest.mark.parametrize(("name", "media_type"), [("owl", "application/rdf+xml"), ("ttl", "text/turtle")])
def test_ontology_is_served_as_a_file(client: httpx.Client, store: EmbeddedStore, name: str, media_type: str) -> None:
    answer = client.get(f"/ontology.{name}")
    assert answer.headers["content-type"].partition(";")[0] == media_type
    assert answer.content == ontology_file(store, name)
    version = f"/release/{store.release}/ontology"
    redirect = client.get(version, headers={"Accept": media_type})
    assert (redirect.status_code, redirect.headers["location"]) == (303, f"/ontology.{name}")


def test_ontology_of_another_release_is_not_in_service(client: httpx.Client) -> None:
    answer = client.get("/release/none/ontology")
    assert answer.status_code == 404
    assert "'none' is not in service" in problem(answer)["detail"]


def test_page_of_the_vocabulary_links_to_files_that_can_be_read(client: httpx.Client) -> None:
    text = client.get("/vocab/", headers={"Accept": "text/html"}).text
    assert 'href="/ontology.owl"' in text
    assert 'href="/ontology.ttl"' in text
    assert (rdflib.URIRef(EQP), None, None) in rdflib.Graph().parse(data=client.get("/ontology.ttl").text)


@pytest.fixture(params=sorted(WIDTHS))
def page(request: pytest.FixtureRequest, browser: Browser, server: str) -> Iterator[Page]:
    width, height = WIDTHS[request.param]
    context = browser.new_context(base_url=server, viewport={"width": width, "height": height})
    yield context.new_page()
    context.close()


def test_reader_is_led_from_a_class_to_its_reason(page: Page) -> None:
    page.goto("/drug/camrelizumab")
    page.get_by_role("link", name="why").first.click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("Why camrelizumab is in PD-1 axis blocker")
    expect(page.locator("main")).to_contain_text(
        "PD-1 axis blocker ≡ drug and (has mechanism value PD-1 axis blockade)"
    )
    expect(page.locator("main")).to_contain_text("stated in graph:vocabulary")
    assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")


def test_only_inferred_classes_have_a_reason(page: Page) -> None:
    page.goto("/trial/NCT03764293/arm/sorafenib")
    classes = page.locator("dd", has=page.get_by_role("link", name="comparator arm"))
    expect(classes.get_by_role("link", name="why")).to_have_count(3)
    expect(classes.get_by_role("link", name="arm", exact=True)).to_have_count(1)
    page.get_by_role("link", name="why").first.click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("Why Sorafenib is in")
    assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")
