"""The shapes: one for every class that a record can make, and one bad graph for everything that they ask."""

import re
from pathlib import Path

import pyoxigraph as ox
import pytest
import rdflib
from pyshacl import validate as run_shacl

from equipoise.graph.build import trial_graph
from equipoise.graph.load import load_record
from equipoise.graph.publish import shipped_records
from equipoise.graph.record import TrialRecord
from equipoise.graph.validate import validate
from equipoise.ontology.iri import EQP, mint
from equipoise.ontology.rdf import RDF_TYPE, SKOS, text_of
from equipoise.ontology.terms import load_terms, read_module, shapes, vocabulary
from support import DATA

FULL = DATA / "MADE-FULL.yaml"
TRIAL = mint("trial", "MADE-FULL")
BAD = sorted((DATA / "bad-graphs").glob("*.ru"))
SH = rdflib.Namespace("http://www.w3.org/ns/shacl#")
SHAPES = rdflib.Graph().parse(data=shapes(), format="turtle")
SCHEMES_AND_CLASSES = [
    t for t in vocabulary() if t.predicate.value.rpartition("#")[2] in ("type", "inScheme", "subClassOf")
]
"""What the shapes look at in the vocabulary; the rest only takes time."""
VERBS = {"Give", "Keep", "Name", "Put", "Restate", "Say", "State"}
NOT_OF_A_RECORD = {"Drug", "Finding", "Release"}
"""Classes of the core, besides kinds of concepts, whose members no record makes."""


@pytest.fixture(scope="module")
def full() -> list[ox.Triple]:
    terms = load_terms()
    return [quad.triple for quad in trial_graph(load_record(FULL, terms), terms).quads]


def expectation(path: Path) -> tuple[str, str]:
    where, _, message = path.read_text().splitlines()[0].removeprefix("# expect: ").partition(": ")
    return where, message


def messages() -> set[str]:
    return {str(text) for text in SHAPES.objects(None, SH.message)}


def test_made_graph_conforms(full: list[ox.Triple]) -> None:
    assert validate(full, vocabulary()) == []


@pytest.mark.parametrize("path", BAD, ids=lambda path: path.stem)
def test_bad_graph_is_a_violation_that_says_what_to_do(path: Path, full: list[ox.Triple]) -> None:
    store = ox.Store()
    store.extend([ox.Quad(*triple) for triple in full])
    store.update(path.read_text())
    broken = [quad.triple for quad in store]
    assert set(broken) != set(full)
    where, message = expectation(path)
    found = validate(broken, SCHEMES_AND_CLASSES)
    assert (mint(where), message) in {(violation.focus, violation.message) for violation in found}


def test_everything_the_shapes_ask_has_a_bad_graph() -> None:
    assert messages() == {expectation(path)[1] for path in BAD}


@pytest.mark.parametrize("message", sorted(messages()))
def test_message_is_one_imperative_sentence_that_names_a_field(message: str) -> None:
    assert message.partition(" ")[0] in VERBS
    assert message.endswith(".")
    assert ". " not in message
    assert fields(TrialRecord.model_json_schema()) & set(re.findall(r"\w+", message))


def fields(part: object) -> set[str]:
    """Every name that a field of a record may have."""
    match part:
        case dict():
            own = set(part["properties"]) if isinstance(part.get("properties"), dict) else set()
            return own.union(*(fields(value) for value in part.values()))
        case list():
            return set().union(*map(fields, part))
        case _:
            return set()


def test_every_shape_with_a_message_has_a_severity() -> None:
    for shape in SHAPES.subjects(SH.message, None):
        assert SHAPES.value(shape, SH.severity) == SH.Violation


def test_shapes_are_shapes_by_the_shapes_of_the_w3c() -> None:
    conforms, _, text = run_shacl(rdflib.Graph(), shacl_graph=SHAPES, meta_shacl=True, inference="none")
    assert conforms, text


def test_every_class_that_a_record_makes_has_a_shape(full: list[ox.Triple]) -> None:
    core = read_module("core")
    classes = {text_of(t.subject) for t in core if t.predicate == RDF_TYPE and text_of(t.object).endswith("owl#Class")}
    concepts = {text_of(t.subject) for t in core if text_of(t.object) == SKOS + "Concept"} | {SKOS + "Concept"}
    ours = {iri.removeprefix(EQP) for iri in classes - concepts if iri.startswith(EQP)} - NOT_OF_A_RECORD
    made = {text_of(triple.object).removeprefix(EQP) for triple in full if triple.predicate == RDF_TYPE}
    shaped = {str(target).removeprefix(EQP) for target in SHAPES.objects(None, SH.targetClass)}
    assert ours == made
    assert made == shaped


def test_shipped_graphs_are_of_classes_with_a_shape() -> None:
    terms = load_terms()
    shaped = {str(target) for target in SHAPES.objects(None, SH.targetClass)}
    for path in shipped_records():
        quads = trial_graph(load_record(path, terms), terms).quads
        assert {text_of(quad.object) for quad in quads if quad.predicate == RDF_TYPE} <= shaped


def test_violations_of_a_thing_and_of_its_properties_come_in_one_order(full: list[ox.Triple]) -> None:
    contrast = f"{TRIAL}/contrast/final-os"
    gone = {EQP + name for name in ("level", "pSides", "analysis", "analysisSet", "referenceArm", "citedFrom")}
    broken = [t for t in full if not (text_of(t.subject) == contrast and t.predicate.value in gone)]
    found = [violation for violation in validate(broken, SCHEMES_AND_CLASSES) if violation.focus == contrast]
    assert [violation.message for violation in found] == [
        "Give the confidence level of the interval, or list level under not_reported.",
        "Name the set under analysis_set, or list analysis_set under not_reported.",
        "Say whether p is one-sided or two-sided, or list p_sides under not_reported.",
        "Name under analysis the one analysis in which the contrast was obtained.",
        "Say under cited where this was read: at least one passage or source.",
        "Name under reference the one comparator arm, the denominator of a ratio.",
    ]
