"""The pages in a real browser, at the width of a desk and of a phone."""

import os
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

WIDTHS = {"desk": (1280, 900), "phone": (390, 844)}
PAGES = [
    "/",
    "/trials",
    "/trial/NCT03764293",
    "/queries",
    "/queries/contrasts?outcome=OS",
    "/queries/adverse-event-status",
    "/audit",
    "/sparql",
    "/drug/rivoceranib",
    "/class?id=ATC L01FF",
    "/vocab",
    "/vocab/Contrast",
    "/vocab/PD1Blockade",
    "/vocab/CheckpointPlusAntiangiogenicTrial",
    "/mechanisms",
    "/outcomes",
    "/trial/NCT03764293/contrast/final-overall-survival",
]


@pytest.fixture(params=sorted(WIDTHS))
def page(request: pytest.FixtureRequest, browser: Browser, server: str) -> Iterator[Page]:
    width, height = WIDTHS[request.param]
    context = browser.new_context(base_url=server, viewport={"width": width, "height": height})
    yield context.new_page()
    context.close()


@pytest.mark.parametrize("path", PAGES)
def test_page_fits_its_width_and_loads_only_from_here(page: Page, server: str, path: str) -> None:
    messages: list[str] = []
    page.on("console", lambda message: messages.append(message.text))
    page.on("request", lambda request: messages.append(request.url) if not request.url.startswith(server) else None)
    response = page.goto(path)
    assert response is not None
    assert response.status == 200
    assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")
    assert messages == []
    assert page.locator("h1").count() == 1
    if folder := os.environ.get("EQUIPOISE_SCREENSHOTS"):
        name = f"{path.strip('/').replace('/', '-').partition('?')[0] or 'home'}-{page.viewport_size['width']}.png"
        page.screenshot(path=Path(folder) / name, full_page=True)


def test_reader_finds_a_number_and_where_it_was_read(page: Page) -> None:
    page.goto("/")
    page.get_by_role("link", name="CARES-310").first.click()
    expect(page.get_by_role("heading", level=1)).to_have_text("CARES-310")
    cell = page.locator("#results td", has_text="Hazard ratio 0.64").first
    expect(cell).to_contain_text("95 % CI 0.52 to 0.79")
    expect(cell).to_contain_text("one-sided p <0.0001")
    cell.locator("summary").click()
    expect(cell).to_contain_text("Overall survival, characters")
    expect(cell).to_contain_text("the interval implies a p one-sided from 4.8e-06 to 3.8e-05")
    cell.get_by_role("link", name="All about this value").click()
    expect(page.locator("main")).to_contain_text(
        "https://w3id.org/equipoise/trial/NCT03764293/contrast/final-overall-survival"
    )


def test_reader_sees_that_sources_disagree_and_why_one_is_preferred(page: Page) -> None:
    page.goto("/trial/NCT03764293")
    cell = page.locator("#results td", has_text="32.6 %").first
    expect(cell.locator(".mark.odd")).to_have_text("sources disagree")
    cell.locator("summary").click()
    expect(cell).to_contain_text("Also read: 36.2 (Camrelizumab plus rivoceranib boosts survival rates")
    expect(cell).to_contain_text("36.2 is 32.6 with two digits exchanged")
    endpoint = page.locator("#design li", has_text="progression-free survival").first
    endpoint.get_by_role("link", name="sources disagree").click()
    listed = page.locator("#disagreements li")
    expect(listed).to_have_count(5)
    expect(listed.filter(has_text="endpoint role")).to_contain_text("Preferred: primary")
    listed.filter(has_text="32.6").get_by_role("link", name="36.2").click()
    expect(page.locator("main")).to_contain_text("/conflict/overall-survival-24-months-sorafenib/reading/36-2")


def test_forest_plot_has_a_row_for_each_hazard_ratio_in_its_place(page: Page) -> None:
    page.goto("/trial/NCT03764293")
    rows = page.locator(".forest-row:not(.axis)")
    expect(rows).to_have_count(6)
    expect(rows.first).to_contain_text("0.64 (0.52–0.79)")
    for index in range(6):
        row = rows.nth(index)
        mark, none = row.locator("rect.estimate").bounding_box(), row.locator("line.none").bounding_box()
        assert mark["x"] + mark["width"] < none["x"] + none["width"]  # every hazard ratio here is below 1


def test_question_is_asked_with_its_form(page: Page) -> None:
    page.goto("/queries/contrasts")
    page.get_by_label("outcome").fill("overall survival")
    page.get_by_role("button", name="Ask").click()
    expect(page.locator("table.rows tbody tr")).to_have_count(2)
    page.get_by_label("outcome").fill("happiness")
    page.get_by_role("button", name="Ask").click()
    expect(page.get_by_role("alert")).to_contain_text("there is none called 'happiness'; must be one of")


def test_sparql_is_asked_in_the_editor(page: Page) -> None:
    page.goto("/sparql")
    page.get_by_role("button", name="Ask").click()
    expect(page.locator("table.rows tbody tr")).to_have_text(["0.640.520.79<0.0001"])
    page.get_by_label("Query").fill("SELECT nonsense")
    page.get_by_role("button", name="Ask").click()
    expect(page.locator(".problem")).to_contain_text("line 1")


def test_diagram_of_the_core_can_be_read_and_followed(page: Page) -> None:
    page.goto("/vocab")
    frame = page.locator("#core .scroll")
    size, scale = frame.evaluate("f => [f.scrollWidth / f.clientWidth, f.querySelector('svg').getScreenCTM().a]")
    assert scale * 13 >= 10.5  # pixels of the smallest text
    assert size > 2 if page.viewport_size["width"] < 500 else size == 1
    overflowing = page.locator("#core svg").evaluate(
        """svg => [...svg.querySelectorAll('text')].filter(text => {
             const ends = text.getBBox().x + text.getBBox().width
             return ![...svg.querySelectorAll('rect.box')].some(rect => {
               const box = rect.getBBox()
               return text.getBBox().x > box.x && ends < box.x + box.width && text.getBBox().y >= box.y
                 && text.getBBox().y + text.getBBox().height <= box.y + box.height
             })
           }).map(text => text.textContent)"""
    )
    assert overflowing == []
    page.locator("#core svg").get_by_role("link", name="trial", exact=True).first.click()
    expect(page.get_by_role("heading", level=1)).to_have_text("trial")


def test_reader_opens_the_query_of_a_term_in_the_editor(page: Page) -> None:
    page.goto("/vocab/OverallSurvival")
    page.get_by_role("link", name="Ask this in the editor").click()
    expect(page.get_by_label("Query")).to_have_value(re.compile("eqp:OverallSurvival"))
    expect(page.locator("table.rows tbody tr").first).to_contain_text("eqp:")


def test_page_can_be_used_from_the_keyboard(page: Page) -> None:
    page.goto("/trial/NCT03764293")
    page.keyboard.press("Tab")
    expect(page.locator(".skip")).to_be_focused()
    page.locator("#results summary").first.focus()
    page.keyboard.press("Enter")
    expect(page.locator("#results details").first).to_have_attribute("open", "")
