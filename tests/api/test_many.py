"""A release of many trials: lists come in pages, and what is asked of one trial is answered as if it stood alone."""

import os
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest
from made import write_made_release

from equipoise.graph.release import Release
from equipoise.graph.store.embedded import EmbeddedStore
from equipoise.queries.catalogue import Question, catalogue
from equipoise.queries.run import find_trial, run
from serving import serving_equipoise

TRIALS = 210
TRIAL = "MADE-000003"
OF_TRIALS = [
    question
    for question in catalogue().values()
    if "trial" in question.parameters and not question.parameters["trial"].required
]
REQUIRED = {"event": "ALTIncreased"}


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("many")


@pytest.fixture(scope="module")
def made(folder: Path) -> Release:
    return write_made_release(folder, TRIALS)


@pytest.fixture(scope="module")
def many(made: Release) -> EmbeddedStore:
    return EmbeddedStore.of_release(made)


@pytest.fixture(scope="module")
def reader(made: Release, folder: Path) -> Iterator[httpx.Client]:
    kept = {name: value for name, value in os.environ.items() if not name.startswith("EQUIPOISE_")}
    with (
        serving_equipoise({**kept, "EQUIPOISE_DATA": str(folder)}, log=folder / "log") as address,
        httpx.Client(base_url=address, timeout=60) as client,
    ):
        yield client


@pytest.mark.parametrize("question", OF_TRIALS, ids=lambda question: question.name)
def test_answer_about_a_trial_is_its_part_of_the_answer_about_all(many: EmbeddedStore, question: Question) -> None:
    given = {name: REQUIRED[name] for name, parameter in question.parameters.items() if parameter.required}
    iri = find_trial(many, TRIAL)
    part = [row for row in run(many, question, given).values() if row["trial"] == iri]
    alone = run(many, question, {**given, "trial": TRIAL}).values()
    assert sorted(map(repr, alone)) == sorted(map(repr, part))


@pytest.mark.parametrize("path", [f"/trial/{TRIAL}", "/drug/sorafenib", f"/audit?trial={TRIAL}", "/outcomes", "/"])
@pytest.mark.parametrize("accept", ["text/html", "application/json"])
def test_page_among_many_trials_is_answered(reader: httpx.Client, path: str, accept: str) -> None:
    assert reader.get(path, headers={"Accept": accept}).status_code == 200


def test_list_of_trials_comes_in_pages_that_together_hold_all(reader: httpx.Client) -> None:
    pages = [reader.get("/trials", params={"page": number, "format": "html"}).text for number in (1, 2)]
    assert [page.count('class="card"') for page in pages] == [200, TRIALS - 200]
    assert '<a href="/trials?page=2" rel="next">' in pages[0]
    assert '<a href="/trials?page=1" rel="prev">' in pages[1]
    assert len({name for page in pages for name in page.split('href="/trial/')[1:]}) == TRIALS


@pytest.mark.parametrize(("number", "status"), [("3", 404), ("0", 400), ("-1", 400), ("x", 400)])
def test_page_that_is_not_there_is_refused(reader: httpx.Client, number: str, status: int) -> None:
    assert reader.get("/trials", params={"page": number, "format": "html"}).status_code == status


def test_other_forms_of_the_list_hold_all_trials(reader: httpx.Client) -> None:
    assert len(reader.get("/trials", params={"format": "json"}).json()["rows"]) == TRIALS


def test_first_page_shows_a_few_trials_and_leads_to_all(reader: httpx.Client) -> None:
    page = reader.get("/", headers={"Accept": "text/html"}).text
    assert page.count('class="card"') == 10
    assert f'<a href="/trials">All {TRIALS} trials</a>' in page


def test_page_of_a_question_shows_the_first_of_many_rows(reader: httpx.Client) -> None:
    page = reader.get("/queries/trial-design", params={"format": "html"}).text
    rows = len(reader.get("/queries/trial-design", params={"format": "json"}).json()["rows"])
    assert rows > 1000
    assert f"{rows} rows, of which the first 1000 are shown" in page
    assert page.count("<tr") == 1001
