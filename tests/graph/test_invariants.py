"""What must hold over a whole dataset: each invariant fires on made data, and none on what is shipped."""

import re
from collections.abc import Iterable
from pathlib import Path

import pyoxigraph as ox
import pytest

from equipoise.graph.fields import Cited
from equipoise.graph.invariants import Invariant, find_breaches, invariants, parse_invariant
from equipoise.graph.publish import assemble, shipped_records
from equipoise.graph.quads import property_name
from equipoise.graph.union import with_union
from equipoise.ontology.errors import RecordError
from equipoise.ontology.iri import EQP
from equipoise.ontology.rdf import RDF_TYPE, text_of
from equipoise.ontology.terms import read_module, vocabulary
from support import DATA

BROKEN = sorted((DATA / "broken").glob("*.ru"))
RANGE = "http://www.w3.org/2000/01/rdf-schema#range"
CONCEPT = "http://www.w3.org/2004/02/skos/core#Concept"


@pytest.fixture(scope="module")
def quads() -> list[ox.Quad]:
    """A dataset of two made trials, without what only HermiT would prove."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("PATH", "")
        assembly = assemble([DATA / "MADE-FULL.yaml", DATA / "MADE-0001.yaml"])
    return [quad for graph in assembly.graphs.values() for quad in graph]


@pytest.mark.parametrize("invariant", invariants(), ids=lambda invariant: invariant.name)
def test_file_says_what_must_hold_and_asks_for_what_does_not(invariant: Invariant) -> None:
    found = ox.Store().query(invariant.query)
    assert isinstance(found, ox.QuerySolutions)
    assert [variable.value for variable in found.variables] == ["thing", "found"]
    assert re.search(r"\} ORDER BY \?thing( \?found)?\n$", invariant.query)
    assert re.fullmatch(r"[a-z]+(-[a-z]+)*", invariant.name)


@pytest.mark.parametrize("path", BROKEN, ids=lambda path: path.stem)
def test_invariant_finds_what_breaks_it(path: Path, quads: list[ox.Quad]) -> None:
    store = ox.Store()
    store.bulk_extend(quads)
    assert find_breaches(union_of(store)) == []
    store.update(path.read_text())
    thing, _, found = path.read_text().splitlines()[0].removeprefix("# expect: ").partition(" ")
    breaches = {(breach.invariant.name, breach.thing, breach.found) for breach in find_breaches(union_of(store))}
    assert (path.stem, thing, found) in breaches


def test_every_invariant_has_data_that_break_it() -> None:
    assert [invariant.name for invariant in invariants()] == [path.stem for path in BROKEN]


def test_shipped_release_breaks_none() -> None:
    store = ox.Store()
    store.bulk_extend(with_union(quad for graph in assemble(shipped_records()).graphs.values() for quad in graph))
    assert find_breaches(store) == []


def union_of(quads: Iterable[ox.Quad]) -> ox.Store:
    """A store of the quads with their union as its default graph, as a release's index has it."""
    store = ox.Store()
    store.bulk_extend(with_union(quads))
    return store


@pytest.mark.parametrize("text", ["SELECT ?thing {}", "# Things.\nSELECT", "# It must hold\nSELECT", ""])
def test_file_without_a_rule_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match=r"name.rq: the first line is .*; must be a comment, one sentence"):
        parse_invariant("name", text)


def test_records_that_break_an_invariant_are_refused_with_their_lines(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """One source under two titles, in the records of two trials; and the same quantity twice in one of them."""
    monkeypatch.setenv("PATH", "")
    one, other = tmp_path / "one.yaml", tmp_path / "other.yaml"
    one.write_text((DATA / "MADE-0001.yaml").read_text())
    text = (DATA / "MADE-FULL.yaml").read_text().replace("made-report", "made-news").replace("MADE-FULL", "MADE-0009")
    row = "  - {id: again, analysis: final, outcome: FollowUpTime, analysis_set: itt, statistic: Median, unit: mo, "
    row += "overall: {value: 14.1, cited: [made-paper]}}\n"
    other.write_text(text.replace("contrasts:\n", row + "contrasts:\n"))
    with pytest.raises(RecordError) as caught:
        assemble([one, other])
    messages = str(caught.value).splitlines()
    assert len(messages) == 2
    assert re.match(
        r"one.yaml:\d+: source:made-news has 2 labels; every IRI of this store that is described must have", messages[0]
    )
    assert re.match(
        r"other.yaml:\d+: estimate/final-follow-up/overall is of the same quantity as "
        r"estimate/again/overall; no two estimates must be of the same quantity",
        messages[1],
    )


def test_every_property_of_a_controlled_value_has_its_scheme() -> None:
    ranges = {
        text_of(t.subject) for t in read_module("core") if t.predicate.value == RANGE and text_of(t.object) == CONCEPT
    }
    (invariant,) = [known for known in invariants() if known.name == "values-in-their-scheme"]
    named = {EQP + name for name in re.findall(r"\(eqp:(\w+) eqp:\w+Scheme\)", invariant.query)}
    assert ranges - {EQP + "readAs"} == named


def test_whatever_a_record_may_leave_out_can_be_said_to_be_not_reported() -> None:
    """A field named under not_reported becomes a property; each of those is declared."""
    declared = {text_of(t.subject) for t in vocabulary() if t.predicate == RDF_TYPE and "Property" in text_of(t.object)}
    for model in _models(Cited):
        absent = [name for name, field in model.model_fields.items() if not field.is_required()]
        names = set(absent) - set(Cited.model_fields) - {"by_arm", "overall"}
        assert {name for name in names if EQP + property_name(name) not in declared} == set(), model


def _models(model: type) -> set[type]:
    return {model, *(found for part in model.__subclasses__() for found in _models(part))}
