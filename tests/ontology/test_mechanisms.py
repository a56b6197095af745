"""Drugs, mechanisms, targets and pathways, and the classes that follow from them, up to trials."""

import csv
from collections.abc import Callable
from typing import Any

import pyoxigraph as ox
import pytest

from equipoise.graph.build import trial_graph
from equipoise.graph.load import load_record
from equipoise.graph.publish import assemble, publish
from equipoise.graph.store.embedded import EmbeddedStore
from equipoise.ontology.iri import EQP, mint, slug
from equipoise.ontology.rdf import RDF_TYPE, SKOS, text_of
from equipoise.ontology.reasoner import infer_by_rules
from equipoise.ontology.terms import load_terms, vocabulary
from equipoise.queries.catalogue import find_question
from equipoise.queries.run import run
from support import DATA, SHARED, need

SOURCE = "http://purl.org/dc/terms/source"
MADE = sorted(DATA.glob("MADE-000*.yaml"))


def values(subject: str, predicate: str) -> set[str]:
    return {
        text_of(triple.object)
        for triple in vocabulary()
        if text_of(triple.subject) == subject and triple.predicate.value == predicate
    }


def members(class_iri: str) -> list[str]:
    return sorted(
        text_of(triple.subject)
        for triple in vocabulary()
        if triple.predicate == RDF_TYPE and text_of(triple.object) == class_iri
    )


def classes(inferred: frozenset[ox.Triple], subject: str) -> set[str]:
    return {
        text_of(triple.object).removeprefix(EQP)
        for triple in inferred
        if text_of(triple.subject) == subject and triple.predicate == RDF_TYPE
    }


def test_every_drug_that_has_identifiers_is_there() -> None:
    path = SHARED / "facts" / "drug-identifiers.tsv"
    need(path.exists(), str(path))
    with path.open(encoding="utf-8") as lines:
        listed = {slug(row["drug"]) for row in csv.DictReader(lines, delimiter="\t")}
    assert len(listed) == 23
    assert listed - set(load_terms().drugs) == set()


@pytest.mark.parametrize("drug", members(EQP + "Drug"))
def test_drug_has_a_sourced_mechanism_or_a_base_or_is_placebo(drug: str) -> None:
    mechanisms, bases = values(drug, EQP + "hasMechanism"), values(drug, EQP + "saltOf")
    assert bool(mechanisms) + bool(bases) + (drug == mint("drug", "placebo")) == 1
    assert bool(values(drug, SOURCE)) == bool(mechanisms)
    assert all(source.startswith(("http://", "https://")) for source in values(drug, SOURCE))
    assert all(values(base, EQP + "hasMechanism") for base in bases)


def test_only_what_does_not_follow_is_stated_of_a_drug() -> None:
    """A stated mechanism is no broader one of another, and a stated target is given by no mechanism."""
    stated = frozenset(vocabulary())
    for drug in members(EQP + "Drug"):
        for predicate in (EQP + "hasMechanism", EQP + "hasTarget"):
            for value in sorted(values(drug, predicate)):
                one = ox.Triple(ox.NamedNode(drug), ox.NamedNode(predicate), ox.NamedNode(value))
                assert one not in infer_by_rules(stated - {one}).triples, f"{drug} {value}"


def test_every_mechanism_leads_to_a_pathway() -> None:
    for mechanism in members(EQP + "Mechanism"):
        broader, reached = {mechanism}, set()
        while broader:
            reached |= broader
            broader = {found for one in broader for found in values(one, SKOS + "broader")} - reached
        pathways = {pathway for one in reached for pathway in values(one, EQP + "affectsPathway")}
        general = {"AngiogenesisInhibition", "ImmuneCheckpointBlockade", "KinaseInhibition", "MultikinaseInhibition"}
        assert bool(pathways) != (mechanism.removeprefix(EQP) in general), mechanism
    assert all(values(pathway, SOURCE) for pathway in members(EQP + "Pathway"))


@pytest.fixture(scope="module")
def with_new_drug() -> Callable[[str], tuple[set[str], ...]]:
    """What follows if a drug with nothing but a mechanism takes the place of rivoceranib in a made trial."""
    terms = load_terms()
    new, old = mint("drug", "new"), mint("drug", "rivoceranib-mesylate")
    quads = trial_graph(load_record(DATA / "MADE-0005.yaml", terms), terms).quads
    record = [
        ox.Triple(quad.subject, quad.predicate, ox.NamedNode(new) if text_of(quad.object) == old else quad.object)
        for quad in quads
    ]
    regimen = next(
        text_of(triple.object)
        for triple in record
        if triple.predicate.value == EQP + "hasRegimen" and text_of(triple.subject).endswith("camrelizumab-rivoceranib")
    )

    def infer(mechanism: str) -> tuple[set[str], ...]:
        node = ox.NamedNode(new)
        stated = [
            *vocabulary(),
            *record,
            ox.Triple(node, RDF_TYPE, ox.NamedNode(EQP + "Drug")),
            ox.Triple(node, ox.NamedNode(EQP + "hasMechanism"), ox.NamedNode(EQP + mechanism)),
        ]
        inferred = infer_by_rules(stated).triples
        trial = mint("trial", "MADE-0005")
        things = (new, regimen, f"{trial}/arm/camrelizumab-rivoceranib", trial)
        return tuple(classes(inferred, thing) for thing in things)

    return infer


PLUS = ("CheckpointPlusAntiangiogenic", "PD1AxisPlusVEGFAxis")


@pytest.mark.parametrize(
    ("mechanism", "of_drug", "of_combination", "of_regimen"),
    [
        (
            "VEGFANeutralisation",
            {"AntiangiogenicAgent", "VEGFAxisInhibitor", "VEGFLigandNeutraliser"},
            {*PLUS, "PD1AxisPlusVEGFLigand"},
            set(),
        ),
        (
            "VEGFR2Blockade",
            {"AntiangiogenicAgent", "VEGFAxisInhibitor", "VEGFRInhibitor", "VEGFR2Inhibitor"},
            {*PLUS, "PD1AxisPlusVEGFReceptor"},
            set(),
        ),
        (
            "SelectiveVEGFR2KinaseInhibition",
            {
                "AntiangiogenicAgent",
                "SelectiveVEGFR2KinaseInhibitor",
                "VEGFAxisInhibitor",
                "VEGFR2Inhibitor",
                "VEGFRInhibitor",
                "VEGFRKinaseInhibitor",
            },
            {*PLUS, "PD1AxisPlusVEGFReceptor", "PD1AxisPlusSelectiveVEGFR2"},
            {"SelectiveVEGFR2Inhibitor"},
        ),
    ],
)
def test_new_drug_with_only_a_mechanism_takes_its_regimen_arm_and_trial_along(
    with_new_drug: Any, mechanism: str, of_drug: set[str], of_combination: set[str], of_regimen: set[str]
) -> None:
    drug, regimen, arm, trial = with_new_drug(mechanism)
    assert drug == of_drug
    alone = {*of_regimen, "AntiangiogenicAgent", "CheckpointInhibitor", "PD1AxisBlocker", "VEGFAxisInhibitor"}
    named = {name.replace("AntiangiogenicAgent", "Antiangiogenic") for name in alone} | of_combination
    assert regimen == {f"{name}Regimen" for name in named}
    of_arm = {"PD1AxisBlocker", "VEGFAxisInhibitor", *of_regimen, *of_combination}
    assert arm == {f"{name}Arm" for name in of_arm} | {"ExperimentalArm"}
    assert trial == {f"{name}Trial" for name in of_combination} | {"Study"}


def test_drug_without_a_mechanism_is_in_no_class() -> None:
    assert classes(infer_by_rules(vocabulary()).triples, mint("drug", "placebo")) == set()


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> EmbeddedStore:
    """A store of the made trials alone."""
    return EmbeddedStore.of_release(publish(assemble(MADE), tmp_path_factory.mktemp("made")))


def rows(store: EmbeddedStore, question: str, *columns: str) -> list[tuple[Any, ...]]:
    found = run(store, find_question(question), {}).values()
    return [tuple(_short(row[column]) for column in columns) for row in found]


def _short(value: Any) -> Any:
    return value.rpartition("/")[2] if isinstance(value, str) and value.startswith("https://") else value


def test_made_trials_that_combine_both_axes_are_found_by_hazard_ratio(made: EmbeddedStore) -> None:
    """MADE-1 has no PD-1 axis blocker; MADE-4 sets two checkpoint inhibitors against a VEGF axis inhibitor."""
    found = rows(made, "pd1-axis-plus-vegf-axis", "acronym", "value")
    assert [(acronym, str(value)) for acronym, value in found] == [
        ("MADE-5", "0.5"),
        ("MADE-2", "0.6"),
        ("MADE-3", "0.8"),
        ("MADE-6", "0.9"),
    ]


def test_made_trials_are_split_by_ligand_and_receptor(made: EmbeddedStore) -> None:
    assert rows(made, "vegf-ligand-or-receptor", "kind_label", "acronym", "drug_label") == [
        ("VEGF ligand neutraliser", "MADE-2", "bevacizumab"),
        ("VEGFR inhibitor", "MADE-5", "rivoceranib mesylate"),
        ("VEGFR inhibitor", "MADE-3", "lenvatinib"),
        ("VEGFR inhibitor", "MADE-6", "ramucirumab"),
    ]


def test_made_arms_are_split_by_selectivity(made: EmbeddedStore) -> None:
    """Ramucirumab is in neither class: it is an antibody, not a kinase inhibitor."""
    found = rows(made, "selective-or-multikinase", "class", "drug", "acronym", "role", "is_with_pd1_axis_blocker")
    selective, multikinase = "SelectiveVEGFR2KinaseInhibitor", "MultikinaseVEGFRInhibitor"
    assert [row for row in found if row[2]] == [
        (multikinase, "cabozantinib", "MADE-6", "active comparator", True),
        (multikinase, "lenvatinib", "MADE-3", "active comparator", False),
        (multikinase, "lenvatinib", "MADE-3", "experimental", True),
        (multikinase, "lenvatinib", "MADE-4", "active comparator", False),
        (multikinase, "sorafenib", "MADE-1", "active comparator", False),
        (multikinase, "sorafenib", "MADE-2", "active comparator", False),
        (selective, "rivoceranib", "MADE-1", "experimental", False),
        (selective, "rivoceranib-mesylate", "MADE-5", "experimental", True),
    ]


def test_made_trials_with_the_vegf_axis_on_both_sides_say_what_is_added(made: EmbeddedStore) -> None:
    """MADE-5 has placebo for a comparator; in MADE-6 the comparator blocks the PD-1 axis as well."""
    columns = ("acronym", "vegf_axis_inhibitor", "comparator_vegf_axis_inhibitor")
    assert rows(made, "vegf-axis-on-both-sides", *columns, "adds_pd1_axis_blocker", "keeps_vegf_axis_inhibitor") == [
        ("MADE-2", "bevacizumab", "sorafenib", True, False),
        ("MADE-3", "lenvatinib", "lenvatinib", True, True),
        ("MADE-6", "ramucirumab", "cabozantinib", False, False),
    ]


def test_made_trials_are_all_there() -> None:
    assert [path.stem for path in MADE] == [f"MADE-000{number}" for number in range(1, 7)]
