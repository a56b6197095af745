"""The curated record of CARES-310: every value is cited, and the facts it takes from elsewhere stand there."""

import re
from collections import defaultdict

import pytest

from equipoise.graph.store.embedded import EmbeddedStore
from equipoise.ontology.iri import mint
from support import SHARED, need

PREFIXES = "PREFIX eqp: <https://w3id.org/equipoise/vocab/> PREFIX rdfs: <http://www.w3.org/2000/01/rdf-schema#> "
KEYS = {
    "ascopost-2025": "S1",
    "pubmed-41308676": "S2",
    "bjcancer-2025": "S3",
    "cancernetwork-asco-2024": "S5",
    "docwirenews-asco-2024": "S6",
    "hengrui-2022": "S7",
    "ascopost-2023": "S8",
    "falk-2023": "S10",
    "review-pmc11707515": "S12",
    "guidelinecentral-2024": "S14",
    "ctgov-2020-07-28": "S15",
    "ctgov-2026-04-30": "S16",
}
READ_ON_THE_PAGE = {
    ("docwirenews-asco-2024", "24.8"),
    ("docwirenews-asco-2024", "37.7"),
    ("docwirenews-asco-2024", "49.0"),
    ("pubmed-41308676", "18"),
}
"""Numbers read on the source's own page that the file of facts does not repeat."""
PAGES_BESIDE_THE_FACTS = {"onclive-asco-2024", "oncnursingnews-2023", "targetedonc-asco-2024"}
"""Pages that were read though the file of facts does not name them."""


def rows(store: EmbeddedStore, query: str) -> list[dict]:
    return store.query(PREFIXES + query).values()


@pytest.mark.parametrize(
    "name", ["Estimate", "Contrast", "Trial", "Arm", "Endpoint", "Analysis", "AnalysisSet", "Criterion", "Claim"]
)
def test_everything_that_was_read_says_where(store: EmbeddedStore, name: str) -> None:
    found = rows(store, f"SELECT ?thing {{ ?thing a eqp:{name} FILTER NOT EXISTS {{ ?thing eqp:citedFrom ?place }} }}")
    assert found == []
    assert rows(store, f"SELECT (COUNT(*) AS ?n) {{ ?thing a eqp:{name} }}")[0]["n"] > 0


def test_every_fact_of_the_trial_has_a_citation_of_its_own(store: EmbeddedStore) -> None:
    """Each property of the trial as a whole is named by a citation that is cited for it."""
    cited = {
        row["property"].rpartition("/")[2]
        for row in rows(store, "SELECT ?property { ?t a eqp:Trial ; eqp:citedFrom ?c . ?c eqp:citedFor ?property }")
    }
    stated = {
        row["p"].rpartition("/")[2]
        for row in rows(store, "SELECT DISTINCT ?p { ?t a eqp:Trial ; ?p ?o FILTER(STRSTARTS(STR(?p), STR(eqp:))) }")
    }
    structure = {name for name in stated if name.startswith("has")} | {"citedFrom", "stratifiedBy"}
    assert stated - structure <= cited


def test_every_value_has_its_printed_digits(store: EmbeddedStore) -> None:
    assert rows(store, "SELECT ?x { ?x eqp:value ?v FILTER NOT EXISTS { ?x eqp:valuePrinted ?p } }") == []
    printed = {row["p"] for row in rows(store, 'SELECT ?p { ?x eqp:valuePrinted ?p FILTER(STRENDS(?p, "0")) }')}
    assert "49.0" in printed


def test_nothing_is_zero_that_was_not_counted(store: EmbeddedStore) -> None:
    assert rows(store, "SELECT ?x { ?x eqp:value ?v FILTER(?v = 0) }") == []


def test_sorafenib_arm_has_no_immune_related_events(store: EmbeddedStore) -> None:
    """The article counts them for the combination alone; nothing may stand for the other arm, not even 0."""
    query = (
        "SELECT ?x { ?x eqp:attribution eqp:ImmuneRelated ; eqp:arm <"
        + mint("trial", "NCT03764293", "arm", "sorafenib")
        + "> }"
    )
    assert rows(store, query) == []


def test_plain_sparql_of_the_design_document_answers(store: EmbeddedStore) -> None:
    (row,) = rows(
        store,
        """SELECT ?value ?lower ?upper ?p ?sign WHERE {
          ?trial eqp:acronym "CARES-310" .
          ?c a eqp:Contrast ; eqp:trial ?trial ; eqp:outcome eqp:OverallSurvival ; eqp:effectMeasure eqp:HazardRatio ;
             eqp:analysis/eqp:analysisKind eqp:FinalAnalysis ; eqp:value ?value ; eqp:lower ?lower ; eqp:upper ?upper ;
             eqp:pValue ?p ; eqp:pComparator ?sign }""",
    )
    assert [str(row[name]) for name in ("value", "lower", "upper", "p", "sign")] == [
        "0.64",
        "0.52",
        "0.79",
        "0.0001",
        "<",
    ]


@pytest.mark.parametrize(
    "pattern",
    [
        "?arm eqp:role eqp:Experimental ; eqp:hasRegimen ?r . ?r a eqp:CheckpointPlusAntiangiogenicRegimen",
        "<https://w3id.org/equipoise/drug/camrelizumab> a eqp:PD1Inhibitor",
        "?t eqp:hasArm ?a , ?b . ?a a eqp:VEGFAxisInhibitorArm . ?b a eqp:VEGFAxisInhibitorArm FILTER(?a != ?b)",
        "?d a eqp:Drug ; eqp:hasMechanism eqp:ImmuneCheckpointBlockade ; eqp:hasTarget eqp:PDCD1 ; rdfs:label ?l",
    ],
)
def test_what_follows_by_reasoning_is_found_by_plain_sparql(store: EmbeddedStore, pattern: str) -> None:
    assert store.query(PREFIXES + f"ASK {{ {pattern} }}")


def test_numbers_cited_without_a_text_stand_in_the_facts_of_their_source(store: EmbeddedStore) -> None:
    path = SHARED / "facts" / "cares-310.md"
    need(path.is_file(), "the file of facts")
    lines = defaultdict(list)
    for line in path.read_text(encoding="utf-8").splitlines():
        for key in re.findall(r"\bS\d+\b", line):
            lines[key].append(line)
    unfound, unnamed = set(), set()
    for row in rows(
        store,
        """SELECT DISTINCT ?source ?printed { ?c a eqp:Citation ; eqp:source ?source ; eqp:printed ?printed
           FILTER NOT EXISTS { ?c eqp:spanHash ?hash } FILTER(REGEX(?printed, "^[<=]?[0-9.]+$")) }""",
    ):
        source, number = row["source"].rpartition("/")[2], row["printed"].lstrip("<=")
        stands = re.compile(rf"(?<![\d.])0?{re.escape(number.removeprefix('0'))}(?!\d|\.\d)")
        level = number == "95"  # the facts give limits without their level; the pages name it
        if source not in KEYS:
            unnamed.add(source)
        elif not level and not any(stands.search(line) for line in lines[KEYS[source]]):
            unfound.add((source, number))
    assert unfound == READ_ON_THE_PAGE
    assert unnamed == PAGES_BESIDE_THE_FACTS
