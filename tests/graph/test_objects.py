"""A release as Python objects."""

import contextlib
import io
import re
from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from pathlib import Path

import owlready2
import pytest

from equipoise.graph.objects import Month, open_world
from equipoise.graph.store.embedded import EmbeddedStore
from equipoise.ontology.iri import EQP, mint
from support import ROOT

CARES = mint("trial", "NCT03764293")


@pytest.fixture(scope="module")
def world(store: EmbeddedStore) -> Iterator[owlready2.World]:
    opened = open_world(store)
    yield opened
    opened.close()


def test_trial_leads_to_its_drugs(world: owlready2.World) -> None:
    trial = world[CARES]
    drugs = {
        component.drug[0].name
        for arm in trial.hasArm
        for regimen in arm.hasRegimen
        for component in regimen.hasComponent
    }
    assert drugs == {"camrelizumab", "rivoceranib", "sorafenib"}
    assert trial.acronym == ["CARES-310"]
    assert trial.label == ["CARES-310"]


def test_what_was_inferred_is_there(world: owlready2.World) -> None:
    trial, drug = world[CARES], world[mint("drug", "camrelizumab")]
    assert world[EQP + "PD1AxisPlusVEGFAxisTrial"] in trial.is_a
    assert isinstance(trial, world[EQP + "VEGFAxisControlledTrial"])
    inhibitors = {found.name for found in world[EQP + "PD1Inhibitor"].instances()}
    assert "camrelizumab" in inhibitors and "rivoceranib" not in inhibitors
    assert world[EQP + "ImmuneCheckpointBlockade"] in drug.hasMechanism


def test_numbers_are_exact_and_days_are_days(world: owlready2.World) -> None:
    contrast = world[f"{CARES}/contrast/final-overall-survival"]
    assert contrast.value == [Decimal("0.64")]
    assert isinstance(contrast.value[0], Decimal)
    assert contrast.valuePrinted == ["0.64"]
    assert contrast.events == [351]
    assert world[CARES].startDate == [date(2019, 6, 10)]


def test_every_literal_is_that_of_the_store(world: owlready2.World, store: EmbeddedStore) -> None:
    rows = store.query("""SELECT ?thing ?property ?value {
        ?property a <http://www.w3.org/2002/07/owl#DatatypeProperty> . ?thing ?property ?value }""").rows
    assert len(rows) > 500
    for row in rows:
        found = getattr(world[str(row["thing"])], str(row["property"]).removeprefix(EQP))
        value = row["value"].toPython()
        assert (value if isinstance(value, int | Decimal | date) else str(row["value"])) in found, row


def test_months_are_text_and_labels_know_their_language(world: owlready2.World) -> None:
    months = [value for source in world[EQP + "Source"].instances() for value in source.published]
    assert any(isinstance(value, Month) and re.fullmatch(r"\d{4}-\d\d", value) for value in months)
    assert world[mint("drug", "sorafenib")].prefLabel == [owlready2.locstr("sorafenib", "en")]


def test_property_of_another_vocabulary_does_not_hide_ours(world: owlready2.World) -> None:
    citation = world[EQP + "Citation"].instances()[0]
    assert world[EQP + "Source"] in citation.source[0].is_a
    assert world[mint("drug", "camrelizumab")].dcterms_source == ["https://oncodaily.com/oncolibrary/cares-310-results"]


def test_example_of_the_guide_prints_what_it_shows(release, data_folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    guide = (ROOT / "docs" / "guide.md").read_text()
    code, output = re.search(r"```python\n([^`]*open_world[^`]*)```\n\n```text\n([^`]*)```", guide).groups()
    monkeypatch.setenv("EQUIPOISE_DATA", str(data_folder))
    monkeypatch.delenv("EQUIPOISE_STORE", raising=False)
    printed = io.StringIO()
    with contextlib.redirect_stdout(printed):
        exec(code, {})
    assert printed.getvalue() == output
