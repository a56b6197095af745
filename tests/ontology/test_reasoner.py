"""What follows from the vocabulary and the record, by both ways."""

import shutil
import sys
from pathlib import Path

import pyoxigraph as ox
import pytest

from equipoise.graph.build import trial_graph
from equipoise.graph.load import load_record
from equipoise.graph.publish import shipped_records
from equipoise.ontology.errors import ReasoningError
from equipoise.ontology.iri import EQP, mint
from equipoise.ontology.rdf import RDF_TYPE
from equipoise.ontology.reasoner import infer_by_hermit, infer_by_rules
from equipoise.ontology.terms import load_terms, vocabulary
from support import DATA, equipoise, need

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
        "VEGFAxisControlledTrial",
        "VEGFAxisOnBothSidesTrial",
    }


def test_trial_without_checkpoint_inhibitor_is_not_taken_for_one(infer) -> None:
    inferred = infer([*vocabulary(), *curated()]).triples
    assert classes(inferred, mint("trial", "MADE-0001")) == {
        "MultikinaseVEGFRControlledTrial",
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
