"""Sources that disagree: what is kept beside the preferred value, and what is no disagreement."""

import pyoxigraph as ox
import pytest

from equipoise.graph.build import trial_graph
from equipoise.graph.load import load_record
from equipoise.graph.store import Bindings
from equipoise.graph.store.embedded import EmbeddedStore
from equipoise.graph.store.engine import evaluate
from equipoise.graph.union import with_union
from equipoise.ontology.iri import EQP, mint
from equipoise.ontology.reasoner import labels
from equipoise.ontology.terms import load_terms, vocabulary
from equipoise.queries.catalogue import find_question
from equipoise.queries.run import run
from support import DATA

PREFIX = "PREFIX eqp: <https://w3id.org/equipoise/vocab/> "
TRIAL = mint("trial", "NCT03764293")
DISPUTED = f"{TRIAL}/estimate/final-overall-survival-24-months/sorafenib"


def rows(store: EmbeddedStore, query: str) -> list[dict]:
    return store.query(PREFIX + query).values()


def conflicts(store: EmbeddedStore) -> dict[tuple[str, str], set[str]]:
    """What other sources say, by thing and property."""
    found: dict[tuple[str, str], set[str]] = {}
    for row in run(store, find_question("conflicts"), {"trial": "CARES-310"}).values():
        key = (row["thing"].removeprefix(f"{TRIAL}/"), row["property"].removeprefix(EQP))
        found.setdefault(key, set()).add(row["read"])
    return found


def test_disagreements_about_cares_310_are_these(store: EmbeddedStore) -> None:
    assert conflicts(store) == {
        ("estimate/final-overall-survival-24-months/sorafenib", "value"): {"36.2"},
        ("arm/sorafenib", "hasRegimen"): {"Camrelizumab together with sorafenib."},
        ("arm/camrelizumab-rivoceranib", "hasRegimen"): {
            "Camrelizumab 190 mg intravenously every 2 weeks, with rivoceranib 250 mg once daily."
        },
        ("claim/camrelizumab-developer", "statement"): {"Camrelizumab is developed by Antengene Corporation."},
        ("endpoint/progression-free-survival", "endpointRole"): {"secondary"},
    }


def test_plain_sparql_meets_the_preferred_value_only(store: EmbeddedStore) -> None:
    """No query written before there were conflict sets gives another answer because of them."""
    by_class = "SELECT ?v { ?x a eqp:Estimate ; eqp:trial ?t ; eqp:timepoint 24.0 ; eqp:value ?v } ORDER BY ?v"
    by_outcome = "SELECT ?v { ?x eqp:outcome eqp:OverallSurvival ; eqp:timepoint 24.0 ; eqp:value ?v } ORDER BY ?v"
    by_arm = f"SELECT ?v {{ ?x eqp:arm <{TRIAL}/arm/sorafenib> ; eqp:timepoint 24.0 ; eqp:value ?v }}"
    assert [str(row["v"]) for row in rows(store, by_class)] == ["32.6", "49"]
    assert rows(store, by_outcome) == rows(store, by_class)
    assert [str(row["v"]) for row in rows(store, by_arm)] == ["32.6"]
    roles = f"SELECT ?r {{ <{TRIAL}/endpoint/progression-free-survival> eqp:endpointRole ?r }}"
    assert [row["r"] for row in rows(store, roles)] == [EQP + "Primary"]


@pytest.mark.parametrize("name", ["Estimate", "Contrast", "Endpoint", "Arm", "Claim"])
def test_reading_is_no_member_of_another_class(store: EmbeddedStore, name: str) -> None:
    """Neither stated nor inferred."""
    assert rows(store, f"SELECT ?x {{ ?x a eqp:AlternativeReading, eqp:{name} }}") == []


@pytest.mark.parametrize("outcome", ["OverallSurvival", "FollowUpTime"])
def test_22_1_as_interim_median_and_as_final_follow_up_is_no_conflict(store: EmbeddedStore, outcome: str) -> None:
    query = f"SELECT ?x ?a {{ ?x a eqp:Estimate ; eqp:outcome eqp:{outcome} ; eqp:analysis ?a ; eqp:value 22.1 }}"
    (row,) = rows(store, query)
    assert row["a"].rpartition("/")[2] == {"OverallSurvival": "interim", "FollowUpTime": "final"}[outcome]
    assert not store.query(PREFIX + f"ASK {{ ?set eqp:concerns <{row['x']}> }}")


def test_start_and_first_randomisation_are_two_quantities(store: EmbeddedStore) -> None:
    (row,) = rows(store, f"SELECT ?s ?f {{ <{TRIAL}> eqp:startDate ?s ; eqp:firstRandomised ?f }}")
    assert (str(row["s"]), str(row["f"])) == ("2019-06-10", "2019-06-28")
    assert not store.query(PREFIX + f"ASK {{ ?set eqp:concerns <{TRIAL}> }}")


def test_p_without_its_sides_is_less_detail_and_stands_with_the_contrast(store: EmbeddedStore) -> None:
    """The ASCO Post prints p alone, CancerNetwork that it is one-sided; both are citations of one p."""
    contrast = f"{TRIAL}/contrast/final-overall-survival"
    read = rows(
        store,
        f"""SELECT ?source ?printed {{ <{contrast}> eqp:citedFrom ?c . ?c eqp:source ?source ; eqp:printed ?printed
            FILTER(?printed IN ("<.0001", "1-sided")) }}""",
    )
    printed = {(row["source"].rpartition("/")[2], row["printed"]) for row in read}
    assert ("ascopost-2025", "<.0001") in printed
    assert ("ascopost-2025", "1-sided") not in printed
    assert ("cancernetwork-asco-2024", "1-sided") in printed
    assert not store.query(PREFIX + f"ASK {{ ?set eqp:concerns <{contrast}> }}")


@pytest.mark.parametrize(
    ("earlier", "later"),
    [
        ("interim-overall-survival-median", "final-overall-survival-median"),
        ("primary-progression-free-survival-median", "final-progression-free-survival-median"),
    ],
)
def test_limits_of_two_analyses_are_two_values(store: EmbeddedStore, earlier: str, later: str) -> None:
    limits = {}
    for name in (earlier, later):
        query = f"SELECT ?v ?l ?u {{ <{TRIAL}/estimate/{name}/sorafenib> eqp:value ?v ; eqp:lower ?l ; eqp:upper ?u }}"
        (limits[name],) = [tuple(str(row[part]) for part in "vlu") for row in rows(store, query)]
        assert not store.query(PREFIX + f"ASK {{ ?set eqp:concerns <{TRIAL}/estimate/{name}/sorafenib> }}")
    assert limits[earlier][0] == limits[later][0]
    assert limits[earlier] != limits[later]


def test_reason_of_the_second_letter_is_told_with_less_detail_by_some(store: EmbeddedStore) -> None:
    action = f"{TRIAL}/regulatory-action/fda-complete-response-2"
    (row,) = rows(store, f"SELECT ?note {{ <{action}> eqp:note ?note }}")
    assert "do not contradict each other" in row["note"]
    assert not store.query(PREFIX + f"ASK {{ ?set eqp:concerns <{action}> }}")


def test_estimates_give_other_readings_to_those_who_ask(store: EmbeddedStore) -> None:
    question = find_question("estimates")
    asked = {"trial": "CARES-310", "outcome": "OS", "statistic": "survival probability"}
    preferred = run(store, question, asked).values()
    everything = run(store, question, {**asked, "readings": "all"}).values()
    assert {row["value_printed"] for row in preferred if row["estimate"] == DISPUTED} == {"32.6"}
    assert all(row["reading"] == row["estimate"] for row in preferred)
    disputed = [row for row in everything if row["estimate"] == DISPUTED]
    assert [row["value_printed"] for row in disputed] == ["32.6", "36.2"]
    assert disputed[1]["reading"].endswith("/conflict/overall-survival-24-months-sorafenib/reading/36-2")
    assert len(everything) == len(preferred) + 1


def test_reading_of_a_limit_stands_in_the_column_of_that_limit() -> None:
    store = made("estimate/final-os/control", "lower", "8.9")
    found = ask(store, "estimates", readings=EQP + "AllReadings")
    (row,) = [row for row in found if row["estimate"].endswith("final-os/control") and "/conflict/" in row["reading"]]
    assert (row["value"], row["lower_printed"], row["upper"]) == (None, "8.9", None)


def test_where_a_reading_was_read_is_known(store: EmbeddedStore) -> None:
    (reading,) = rows(store, f"SELECT ?r {{ ?r eqp:conflictsWith <{DISPUTED}> }}")
    found = run(store, find_question("where-read"), {"value": reading["r"]}).values()
    assert [(row["source"].rpartition("/")[2], row["printed"]) for row in found] == [
        ("docwirenews-asco-2024", "36.2"),
        ("onclive-asco-2024", "36.2"),
        ("targetedonc-asco-2024", "36.2"),
    ]


def test_note_that_a_conflict_set_replaces_is_gone(store: EmbeddedStore) -> None:
    assert rows(store, f"SELECT ?note {{ <{DISPUTED}> eqp:note ?note }}") == []


@pytest.mark.parametrize(
    ("thing", "name", "preferred", "read"),
    [
        ("estimate/final-os-12-months/control", "value", "41.6", ["46.1"]),
        ("endpoint/os", "endpointRole", "primary", ["secondary"]),
        ("arm/control", "hasRegimen", "sorafenib 400 mg oral twice daily", ["Camrelizumab with sorafenib."]),
        ("analysis/final", "dataCutoff", "2024-06-30", ["2024-06-03"]),
        ("trial", "enrollment", "300", ["303", "330"]),
    ],
)
def test_whatever_sources_disagree_about_is_answered_alike(
    thing: str, name: str, preferred: str, read: list[str]
) -> None:
    iri = mint("trial", "MADE-FULL") if thing == "trial" else mint("trial", "MADE-FULL", thing)
    found = ask(made(), "conflicts", thing=iri)
    assert {row["property"] for row in found} == {EQP + name}
    assert {row["preferred"] for row in found} == {preferred}
    assert [row["read"] for row in found] == read


def ask(store: ox.Store, name: str, **given: str) -> list[dict]:
    bindings = {parameter: ox.NamedNode(iri) for parameter, iri in given.items()}
    text = find_question(name).sparql
    found = evaluate(store, text, bindings=bindings, dataset=None, default_graph="union", release="made")
    assert isinstance(found, Bindings)
    return found.values()


def made(about: str = "", name: str = "", value: str = "") -> ox.Store:
    """The made trial with something in every section, and one conflict set more if asked for."""
    terms = load_terms()
    loaded = load_record(DATA / "MADE-FULL.yaml", terms)
    if about:
        first = loaded.record.conflicts[0]
        reading = first.readings[0].model_copy(update={"value": value, "id": "other"})
        more = first.model_copy(update={"id": "more", "about": about, "property": name, "readings": (reading,)})
        record = loaded.record.model_copy(update={"conflicts": (*loaded.record.conflicts, more)})
        loaded = type(loaded)(loaded.name, loaded.sha256, record, loaded.lines)
    store = ox.Store()
    store.extend(with_union(trial_graph(loaded, terms).quads))
    inferred = ox.NamedNode(mint("graph", "inferred"))
    store.extend(with_union(ox.Quad(*triple, inferred) for triple in (*vocabulary(), *labels(vocabulary()))))
    return store
