"""Earlier releases over HTTP: asked, compared, and the timeline of a trial that a registry record changed."""

import json
import os
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

import httpx
import pytest

from equipoise.graph.publish import build
from equipoise.graph.registry.load import load_registry
from registry_studies import made_study
from serving import serving_equipoise
from support import DATA, problem

NCT = "NCT00000901"


class Past(NamedTuple):
    """A service whose release in service stands after two others: before the record, and with its first version."""

    client: httpx.Client
    built: str
    first: str
    now: str


def write_record(path: Path, *, enrolled: int, endpoint: str) -> Path:
    made = made_study()
    protocol = made["protocolSection"]
    protocol["identificationModule"]["nctId"] = NCT
    protocol["designModule"]["enrollmentInfo"]["count"] = enrolled
    protocol["outcomesModule"]["primaryOutcomes"] = [{"measure": endpoint, "timeFrame": "2 years"}]
    path.write_text(json.dumps(made))
    return path


@pytest.fixture(scope="module")
def past(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Past]:
    folder = tmp_path_factory.mktemp("past")
    data, log = folder / "data", folder / "log"
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("PATH", "")
        _, built = build([DATA / "MADE-0001.yaml"], data)
    first = load_registry(data, [write_record(folder / "1.json", enrolled=40, endpoint="Overall survival")])
    now = load_registry(data, [write_record(folder / "2.json", enrolled=77, endpoint="Tumour size")])
    kept = {name: value for name, value in os.environ.items() if not name.startswith("EQUIPOISE_")}
    environment = {**kept, "EQUIPOISE_DATA": str(data), "EQUIPOISE_WRITE_TOKEN": "ada=a-long-token"}
    with serving_equipoise(environment, log=log) as address, httpx.Client(base_url=address, timeout=60) as client:
        yield Past(client, built.id, first.release.id, now.release.id)


def enrolled(past: Past, **parameters: str) -> tuple[str, int]:
    """The release that says so, and the enrollment of the trial."""
    query = (
        f'PREFIX eqp: <https://w3id.org/equipoise/vocab/> SELECT ?n {{ ?t eqp:registryId "{NCT}" ; eqp:enrollment ?n }}'
    )
    found = past.client.get("/sparql", params={"query": query, "format": "json", **parameters})
    (row,) = found.json()["results"]["bindings"]
    return found.headers["equipoise-release"], int(row["n"]["value"])


def test_query_is_answered_from_the_release_that_is_named(past: Past) -> None:
    assert enrolled(past) == (past.now, 77)
    assert enrolled(past, release=past.first) == (past.first, 40)
    assert enrolled(past, release=past.first[:8]) == (past.first, 40)
    assert enrolled(past) == (past.now, 77)


def test_question_names_its_release_and_is_the_same_bytes_each_time(past: Past) -> None:
    asked = [past.client.get("/queries/trials", params={"format": "json", "release": past.first}) for _ in range(3)]
    assert {answer.json()["release"] for answer in asked} == {past.first}
    assert len({answer.content for answer in asked}) == len({answer.headers["etag"] for answer in asked}) == 1
    tag = asked[0].headers["etag"]
    again = past.client.get(
        "/queries/trials", params={"format": "json", "release": past.first}, headers={"If-None-Match": tag}
    )
    assert again.status_code == 304
    current = past.client.get("/queries/trials?format=json")
    assert current.headers["etag"] != tag
    assert past.client.get(f"/queries/trials?format=json&release={past.now}").content == current.content


def test_trial_is_not_there_in_a_release_before_it(past: Past) -> None:
    assert past.client.get(f"/trial/{NCT}").status_code == 200
    assert problem(past.client.get(f"/trial/{NCT}", params={"release": past.built}))["status"] == 404


@pytest.mark.parametrize("name", ["ffff", "0", "../current", "%2e%2e", "zzzzzzzzzzzzzzzz"])
def test_release_that_is_not_there_is_told(past: Past, name: str) -> None:
    found = past.client.get(f"/trials?format=json&release={name}")
    assert problem(found)["where"] == "release"
    assert found.status_code == 404
    assert found.headers["equipoise-release"] == past.now


def test_nobody_writes_to_an_earlier_release(past: Past) -> None:
    found = past.client.put(
        f"/graphs?graph=http://example.org/g&release={past.first}",
        content="<http://e/s> <http://e/p> 1 .",
        headers={"Content-Type": "text/turtle", "Authorization": "Bearer a-long-token"},
    )
    assert problem(found)["where"] == "release"
    assert past.client.get("/health").headers["equipoise-release"] == past.now


def test_releases_are_compared_value_by_value(past: Past) -> None:
    document = past.client.get("/diff", params={"before": past.first, "format": "json"}).json()
    assert (document["before"], document["now"], document["changed"]) == (past.first, past.now, [NCT])
    changes = {(row["label"], row["property"]): (row["before"], row["now"]) for row in document["changes"]}
    assert ("40", "77") in changes.values()
    assert ("Tumour size", "rdfs:label") in changes
    came = past.client.get("/diff", params={"before": past.built, "now": past.first, "format": "json"}).json()
    assert came["added"] == [NCT]
    table = past.client.get("/diff", params={"before": past.first, "trial": NCT, "format": "csv"}).text
    assert table.splitlines()[0] == "trial,thing,label,property,before,now"
    assert any(line.endswith(",eqp:enrollment,40,77") for line in table.splitlines())
    page = past.client.get("/diff", params={"before": past.first}, headers={"Accept": "text/html"})
    assert "Tumour size" in page.text
    assert problem(past.client.get("/diff"))["status"] == 400
    assert problem(past.client.get("/diff", params={"before": past.first, "trial": "NCT99999999"}))["status"] == 404


def test_timeline_says_what_a_record_said_before(past: Past) -> None:
    rows = past.client.get(f"/trial/{NCT}/timeline?format=json").json()["rows"]
    told = {(row["property_label"], row["before"], row["now"]) for row in rows}
    assert ("enrollment", "40", "77") in told
    page = past.client.get(f"/trial/{NCT}/timeline", headers={"Accept": "text/html"}).text
    assert "Overall survival [2 years]" in page
    switched = past.client.get("/queries/outcome-switching?format=json").json()["rows"]
    assert {(row["before"], row["now"]) for row in switched} == {
        ("Overall survival [2 years]", "Tumour size [2 years]")
    }


def test_pages_of_the_past_are_there(past: Past) -> None:
    for path in ("/releases", f"/?release={past.first}", f"/trials?release={past.built}"):
        assert past.client.get(path, headers={"Accept": "text/html"}).status_code == 200
