"""What follows from the vocabulary and the record, by both ways."""

import re
import shutil
import sys
from collections.abc import Iterable
from pathlib import Path

import pyoxigraph as ox
import pytest

from equipoise.graph.build import trial_graph
from equipoise.graph.load import load_record
from equipoise.graph.publish import shipped_records
from equipoise.ontology.errors import ReasoningError
from equipoise.ontology.iri import EQP, mint
from equipoise.ontology.rdf import RDF_TYPE, SKOS, in_graph, text_of
from equipoise.ontology.reasoner import INFERRED_GRAPH, infer_by_hermit, infer_by_rules, materialise
from equipoise.ontology.terms import load_terms, vocabulary
from support import DATA, ROOT, equipoise, need

RDFS = "http://www.w3.org/2000/01/rdf-schema#"
WAYS = {"hermit": infer_by_hermit, "rules": infer_by_rules}


@pytest.fixture(params=sorted(WAYS))
def infer(request: pytest.FixtureRequest):
    if request.param == "hermit":
        need(shutil.which("java") is not None, "Java")
    return WAYS[request.param]


def curated() -> list[ox.Triple]:
    terms = load_terms()
    paths = [*shipped_records(), DATA / "MADE-0001.yaml"]
    return [quad.triple for path in paths for quad in trial_graph(load_record(path, terms), terms).quads]


def says(subject: str, predicate: str, value: str) -> ox.Triple:
    node = RDF_TYPE if predicate == "a" else ox.NamedNode(EQP + predicate)
    return ox.Triple(ox.NamedNode(subject), node, ox.NamedNode(value))


def classes(inferred: frozenset[ox.Triple], subject: str) -> set[str]:
    found = {
        triple.object.value for triple in inferred if triple.subject.value == subject and triple.predicate == RDF_TYPE
    }
    return {iri.removeprefix(EQP) for iri in found}


CARES = mint("trial", "NCT03764293")
REGIMEN = mint("regimen", "camrelizumab-200-mg-iv-q2w_rivoceranib-250-mg-po-qd")


def test_cares_310_falls_into_its_classes(infer) -> None:
    inferred = infer([*vocabulary(), *curated()]).triples
    assert classes(inferred, mint("drug", "camrelizumab")) >= {"PD1Inhibitor", "PD1AxisBlocker", "CheckpointInhibitor"}
    assert classes(inferred, mint("drug", "rivoceranib")) >= {
        "VEGFR2Inhibitor",
        "VEGFAxisInhibitor",
        "AntiangiogenicAgent",
    }
    assert classes(inferred, mint("drug", "sorafenib")) >= {
        "MultikinaseInhibitor",
        "VEGFAxisInhibitor",
        "AntiangiogenicAgent",
    }
    assert "VEGFR2Inhibitor" not in classes(inferred, mint("drug", "sorafenib"))
    assert "CheckpointInhibitor" not in classes(inferred, mint("drug", "sorafenib"))
    assert classes(inferred, REGIMEN) >= {"CheckpointPlusAntiangiogenicRegimen", "PD1AxisPlusVEGFAxisRegimen"}
    for arm in ("camrelizumab-rivoceranib", "sorafenib"):
        assert "VEGFAxisInhibitorArm" in classes(inferred, f"{CARES}/arm/{arm}")
    assert "CheckpointPlusAntiangiogenicArm" not in classes(inferred, f"{CARES}/arm/sorafenib")
    assert classes(inferred, CARES) == {
        "CheckpointPlusAntiangiogenicTrial",
        "MultikinaseVEGFRControlledTrial",
        "PD1AxisPlusSelectiveVEGFR2Trial",
        "PD1AxisPlusVEGFAxisTrial",
        "PD1AxisPlusVEGFReceptorTrial",
        "Study",
        "VEGFAxisControlledTrial",
        "VEGFAxisOnBothSidesTrial",
    }


def test_trial_without_checkpoint_inhibitor_is_not_taken_for_one(infer) -> None:
    inferred = infer([*vocabulary(), *curated()]).triples
    assert classes(inferred, mint("trial", "MADE-0001")) == {
        "MultikinaseVEGFRControlledTrial",
        "Study",
        "VEGFAxisControlledTrial",
    }


def test_salt_acts_as_its_base_and_target_as_its_family(infer) -> None:
    inferred = infer(vocabulary()).triples
    assert says(mint("drug", "sorafenib-tosylate"), "hasMechanism", EQP + "RAFInhibition") in inferred
    assert says(mint("drug", "rivoceranib"), "hasTarget", EQP + "KDR") in inferred
    assert says(mint("drug", "rivoceranib"), "hasTarget", EQP + "VEGFRFamily") in inferred
    assert says(mint("drug", "camrelizumab"), "hasMechanism", EQP + "ImmuneCheckpointBlockade") in inferred


def test_new_drug_with_only_a_mechanism_lands_in_its_classes(infer) -> None:
    new = mint("drug", "new")
    stated = [*vocabulary(), says(new, "a", EQP + "Drug"), says(new, "hasMechanism", EQP + "PDL1Blockade")]
    inferred = infer(stated).triples
    assert classes(inferred, new) == {"PDL1Inhibitor", "PD1AxisBlocker", "CheckpointInhibitor"}


def test_contradiction_is_refused(infer) -> None:
    thing = mint("drug", "sorafenib")
    with pytest.raises(ReasoningError, match="inconsistent|both"):
        infer([*vocabulary(), says(thing, "a", EQP + "Trial")])


def test_both_ways_give_the_same_triples() -> None:
    need(shutil.which("java") is not None, "Java")
    stated = [*vocabulary(), *curated()]
    by_hermit, by_rules = infer_by_hermit(stated), infer_by_rules(stated)
    assert by_hermit.triples == by_rules.triples
    assert len(by_rules.triples) > 100
    assert not by_rules.triples & frozenset(stated)


def test_build_without_java_says_so_and_gives_the_same_release(
    tmp_path: Path, release, environment: dict[str, str]
) -> None:
    bare = tmp_path / "bin"
    bare.mkdir()
    (bare / "python").symlink_to(sys.executable)
    without = {**environment, "PATH": str(bare), "EQUIPOISE_DATA": str(tmp_path / "data")}
    done = equipoise("build", environment=without)
    assert done.returncode == 0, done.stderr
    assert "Java was not found" in done.stderr
    assert "rule set" in done.stdout
    assert (tmp_path / "data" / "current").read_text().strip() == release.id


def test_unsatisfiable_class_is_refused() -> None:
    need(shutil.which("java") is not None, "Java")
    text = """@prefix eqp: <https://w3id.org/equipoise/vocab/> . @prefix owl: <http://www.w3.org/2002/07/owl#> .
    @prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .
    eqp:Impossible a owl:Class ; rdfs:subClassOf eqp:Trial , eqp:Drug ."""
    added = [quad.triple for quad in ox.parse(text, format=ox.RdfFormat.TURTLE)]
    with pytest.raises(ReasoningError, match="no member is possible in .*Impossible"):
        infer_by_hermit([*vocabulary(), *added])


def loaded(copies: int) -> ox.Store:
    """The vocabulary and copies of the shipped trial, each in a graph and under a number of its own."""
    terms = load_terms()
    store = ox.Store()
    store.bulk_extend(in_graph(vocabulary(), mint("graph", "vocabulary")))
    quads = trial_graph(load_record(shipped_records()[0], terms), terms).quads
    text = ox.serialize(quads, format=ox.RdfFormat.N_QUADS)
    for number in range(copies):
        copy = text.replace(b"/trial/NCT03764293", b"/trial/MADE-%d" % number)
        store.bulk_load(copy, format=ox.RdfFormat.N_QUADS)
    return store


def test_rules_in_a_store_infer_for_every_trial_and_leave_what_is_stated() -> None:
    store = loaded(3)
    before = set(store)
    materialise(store)
    inferred = {quad.triple for quad in set(store) - before}
    assert {quad.graph_name for quad in set(store) - before} == {ox.NamedNode(INFERRED_GRAPH)}
    assert before < set(store)
    for number in range(3):
        assert "PD1AxisPlusVEGFAxisTrial" in classes(frozenset(inferred), mint("trial", f"MADE-{number}"))
    once = set(store)
    materialise(store)
    assert set(store) == once


def test_rules_take_back_what_they_inferred_from_a_contradiction() -> None:
    store = loaded(1)
    store.extend(in_graph([says(mint("drug", "sorafenib"), "a", EQP + "Trial")], mint("graph", "wrong")))
    before = set(store)
    with pytest.raises(ReasoningError, match="drug/sorafenib is both|drug/sorafenib> is both"):
        materialise(store)
    assert set(store) == before


def pairs(triples: Iterable[ox.Triple], predicate: str) -> set[tuple[str, str]]:
    return {
        (text_of(triple.subject), text_of(triple.object)) for triple in triples if triple.predicate.value == predicate
    }


def test_what_is_broader_over_any_number_of_steps_needs_no_path(infer) -> None:
    stated = vocabulary()
    above = pairs(stated, SKOS + "broader")
    expected = set(above)
    while more := {(low, top) for low, middle in expected for under, top in above if middle == under} - expected:
        expected |= more
    assert len(expected) > len(above) > 50
    assert pairs(infer(stated).triples, SKOS + "broaderTransitive") == expected


def test_what_stands_above_a_class_needs_no_path(infer) -> None:
    found = pairs(infer(vocabulary()).triples, RDFS + "subClassOf")
    stated = pairs(vocabulary(), RDFS + "subClassOf")
    assert not found & stated
    names = {(low.removeprefix(EQP), top.removeprefix(EQP)) for low, top in found}
    assert ("PD1Inhibitor", "Drug") in names  # by its definition
    assert ("VEGFAxisOnBothSidesTrial", "http://purl.obolibrary.org/obo/CTO_0000220") in names  # and a step further
    assert not any(low == top or top == "Thing" for low, top in names)


def test_closures_follow_a_cycle_to_its_end() -> None:
    text = """@prefix eqp: <https://w3id.org/equipoise/vocab/> . @prefix skos: <http://www.w3.org/2004/02/skos/core#> .
    eqp:A a skos:Concept ; skos:broader eqp:B . eqp:B a skos:Concept ; skos:broader eqp:A ; skos:broader eqp:C ."""
    made = [quad.triple for quad in ox.parse(text, format=ox.RdfFormat.TURTLE)]
    found = pairs(infer_by_rules(made).triples, SKOS + "broaderTransitive")
    assert {low.removeprefix(EQP) + top.removeprefix(EQP) for low, top in found} == {"AA", "AB", "AC", "BA", "BB", "BC"}


@pytest.mark.parametrize("path", sorted((ROOT / "ontology" / "closures").iterdir()), ids=lambda path: path.stem)
def test_closure_is_one_update_that_names_its_source(path: Path) -> None:
    text = path.read_text()
    assert re.match(r"# .*\((OWL 2 RL|SKOS reference), [^)]+\)\n", text)
    assert text.count("INSERT {") == 1
    assert "DELETE" not in text


@pytest.mark.parametrize("path", sorted((ROOT / "ontology" / "rules").iterdir()), ids=lambda path: path.stem)
def test_rule_is_one_update_that_names_its_rule_of_owl_2_rl(path: Path) -> None:
    text = path.read_text()
    assert re.match(r"# .*\(OWL 2 RL, (prp|cls|cax)-[a-z0-9]+\)\n", text)
    assert text.count("INSERT {") == 1
    assert "DELETE" not in text
