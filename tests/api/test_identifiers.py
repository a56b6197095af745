"""`/resolve` and `equipoise resolve`: from an identifier in any spelling to the thing, by its mapping."""

import re
import threading
import time
from pathlib import Path

import httpx
import pytest
from playwright.sync_api import Browser, expect

from serving import serving_equipoise
from support import equipoise, problem

CHEBI = "http://purl.obolibrary.org/obo/CHEBI_50924"
HTML = {"Accept": "text/html"}


@pytest.mark.parametrize(
    "spelling", ["CHEBI:50924", "chebi:50924", CHEBI, "https://identifiers.org/CHEBI:50924", " CHEBI_50924 "]
)
def test_identifier_resolves_to_the_drug_with_its_mapping(client: httpx.Client, spelling: str) -> None:
    answer = client.get("/resolve", params={"id": spelling})
    document = answer.json()
    assert answer.status_code == 200
    assert (document["identifier"], document["curie"], document["release"]) == (
        CHEBI,
        "CHEBI:50924",
        answer.headers["equipoise-release"],
    )
    (match,) = document["matches"]
    assert match["thing"] == "https://w3id.org/equipoise/drug/sorafenib"
    assert match["predicate"] == "http://www.w3.org/2004/02/skos/core#exactMatch"
    assert match["justification"] == "https://w3id.org/semapv/vocab/ManualMappingCuration"
    assert (match["confidence"], match["version"]) == (0.95, "2026-05-01")


@pytest.mark.parametrize(
    ("asked", "thing"),
    [
        ("DB00398", "drug/sorafenib"),
        ("RXCUI 495881", "drug/sorafenib"),
        ("http://ncicb.nci.nih.gov/xml/owl/EVS/Thesaurus.owl#C61948", "drug/sorafenib"),
        ("C61948", "drug/sorafenib"),
        ("CHEMBL1336", "drug/sorafenib"),
        ("Q27262801", "drug/rivoceranib"),
        ("UNII TK02X14ASJ", "drug/rivoceranib-mesylate"),
        ("L01XC17", "drug/nivolumab"),
        ("apatinib", "drug/rivoceranib"),
        ("MONDO_0007256", "vocab/HepatocellularCarcinoma"),
        ("NCIT:C27345", "vocab/UnresectableHepatocellularCarcinoma"),
        ("P35968", "vocab/KDR"),
        ("HP:0000822", "vocab/Hypertension"),
        ("NCT03764293", "trial/NCT03764293"),
    ],
)
def test_browser_is_sent_to_the_page_of_the_thing(client: httpx.Client, asked: str, thing: str) -> None:
    things = client.get("/resolve", params={"id": asked}).json()["matches"]
    assert f"https://w3id.org/equipoise/{thing}" in {match["thing"] for match in things}
    if len({match["thing"] for match in things}) == 1:
        answer = client.get("/resolve", params={"id": asked}, headers=HTML)
        assert (answer.status_code, answer.headers["location"]) == (303, f"/{thing}")


def test_identifier_of_several_things_gives_a_choice(client: httpx.Client) -> None:
    answer = client.get("/resolve", params={"id": "mesh:D000077157"})
    assert answer.status_code == 300
    assert [match["label"] for match in answer.json()["matches"]] == ["sorafenib", "sorafenib tosylate"]
    page = client.get("/resolve", params={"id": "mesh:D000077157"}, headers=HTML)
    assert page.status_code == 300
    assert "It names 2 things here." in page.text
    assert 'href="/drug/sorafenib-tosylate"' in page.text


@pytest.mark.parametrize(
    ("asked", "status", "detail"),
    [
        ({}, 400, "resolve: is asked without id"),
        ({"id": "  "}, 400, "resolve: is asked without id"),
        (
            {"id": "495881"},
            400,
            "is a bare number, as ChEBI, .*RxNorm have; must name its system, such as CHEBI:495881",
        ),
        ({"id": "CHEBI:x"}, 400, "is none that ChEBI can have"),
        ({"id": "CHEBI:1"}, 404, "CHEBI:1 of ChEBI is mapped to nothing in this release"),
        ({"id": "chebbi:50924"}, 404, "is of no system known here; .*did you mean ChEBI"),
        (
            {"id": "C999999"},
            400,
            "may be of several systems, and none of them is known here; must be one of .*NCIT:C999999",
        ),
        ({"id": "happiness"}, 404, "is of no system known here"),
        ({"id": "CHEBI:50924", "format": "ttl"}, 406, "must be one of json, html"),
    ],
)
def test_what_names_nothing_is_a_problem(client: httpx.Client, asked: dict[str, str], status: int, detail: str) -> None:
    answer = client.get("/resolve", params=asked)
    assert answer.status_code == status
    assert re.search(detail, problem(answer)["detail"])


def test_first_identifier_does_not_keep_others_waiting(environment: dict[str, str], tmp_path: Path) -> None:
    with (
        serving_equipoise(environment, log=tmp_path / "log") as address,
        httpx.Client(base_url=address, timeout=60) as client,
    ):
        assert client.get("/health").status_code == 200
        first = threading.Thread(target=lambda: httpx.get(f"{address}/resolve?id=CHEBI:50924", timeout=60))
        first.start()
        answered, slowest = 0, 0.0
        while first.is_alive():
            started = time.monotonic()
            assert client.get("/health").status_code == 200
            answered, slowest = answered + 1, max(slowest, time.monotonic() - started)
        first.join()
        assert answered >= 5, (
            f"{answered} answers while the first identifier was read, the slowest after {slowest:.2f} s"
        )


def test_command_says_what_an_identifier_names(environment: dict[str, str]) -> None:
    done = equipoise("resolve", "RXCUI 495881", "--format", "csv", environment=environment)
    assert done.returncode == 0, done.stderr
    assert "https://w3id.org/equipoise/drug/sorafenib,sorafenib" in done.stdout
    assert "exactMatch" in done.stdout
    table = equipoise("resolve", "L01XC17", environment=environment)
    assert "Superseded: L01FF01 in the index of 2026-04-25." in re.sub(r"\s+", " ", table.stdout)
    missing = equipoise("resolve", "495881", environment=environment)
    assert missing.returncode == 2
    assert "is a bare number" in missing.stderr


@pytest.mark.parametrize("width", [1200, 390])
def test_page_of_a_drug_shows_its_identifiers_as_links(browser: Browser, server: str, width: int) -> None:
    with browser.new_page(base_url=server, viewport={"width": width, "height": 900}) as page:
        page.goto("/drug/nivolumab")
        row = page.locator("table.mapped tr", has=page.get_by_role("link", name="atc:L01XC17", exact=True))
        expect(row).to_contain_text("skos:closeMatch")
        expect(row).to_contain_text("semapv:ManualMappingCuration, confidence 0.9")
        expect(row).to_contain_text("superseded by atc:L01FF01")
        expect(page.get_by_role("link", name="CHEBI:231614")).to_have_attribute(
            "href", "http://purl.obolibrary.org/obo/CHEBI_231614"
        )
        assert page.evaluate("document.documentElement.scrollWidth <= document.documentElement.clientWidth")
        row.get_by_role("link", name="skos:closeMatch").click()
        expect(page.locator("main")).to_contain_text("ATC 2021AA, as BioPortal has it")


def test_salt_and_base_lead_to_each_other(client: httpx.Client) -> None:
    salt, base = (client.get(f"/drug/{name}", headers=HTML).text for name in ("sorafenib-tosylate", "sorafenib"))
    assert "A salt or hydrate of" in salt
    assert 'href="/drug/sorafenib-tosylate"' in base


@pytest.mark.parametrize("path", ["/drug/sorafenib", "/vocab/KDR"])
def test_programs_get_the_mappings_of_a_thing(client: httpx.Client, path: str) -> None:
    found = client.get(path).json()["identifiers"]
    assert {"identifier", "predicate", "justification", "confidence", "source"} <= set(found[0])
    turtle = client.get(path, headers={"Accept": "text/turtle"}).text
    assert "a sssom:Mapping" in turtle
