"""The shapes of terms: the whole vocabulary obeys them, and each refuses the fault it is there for."""

import re

import pyoxigraph as ox
import pytest
import rdflib
from pyshacl import validate

from equipoise.ontology.rdf import serialized
from equipoise.ontology.terms import vocabulary
from support import DATA, ROOT

SH = rdflib.Namespace("http://www.w3.org/ns/shacl#")
SHAPES = ROOT / "ontology" / "term-shapes.ttl"
BAD = sorted((DATA / "bad-terms").glob("*.ttl"))


@pytest.fixture(scope="module")
def shapes() -> rdflib.Graph:
    return rdflib.Graph().parse(SHAPES)


def complaints(terms: rdflib.Graph, shapes: rdflib.Graph) -> set[tuple[str, str]]:
    """What the shapes find: the term at fault and the message."""
    conforms, report, text = validate(terms, shacl_graph=shapes, advanced=True, inference="none")
    assert isinstance(report, rdflib.Graph), text
    found = {
        (str(report.value(result, SH.focusNode)), str(report.value(result, SH.resultMessage)))
        for result in report.objects(None, SH.result)
    }
    assert conforms == (not found)
    return found


def expected(path) -> str:
    return path.read_text().splitlines()[0].removeprefix("# expect: ")


def test_vocabulary_obeys_the_shapes_of_terms(shapes: rdflib.Graph) -> None:
    terms = rdflib.Graph().parse(data=serialized(vocabulary(), ox.RdfFormat.N_TRIPLES), format="nt")
    assert complaints(terms, shapes) == set()


@pytest.mark.parametrize("path", BAD, ids=lambda path: path.stem)
def test_bad_term_is_refused_with_what_to_do_and_nothing_else(path, shapes: rdflib.Graph) -> None:
    assert {message for _, message in complaints(rdflib.Graph().parse(path), shapes)} == {expected(path)}


def test_every_message_is_shown_by_a_bad_term(shapes: rdflib.Graph) -> None:
    messages = [str(message) for message in shapes.objects(None, SH.message)]
    assert len(messages) == len(set(messages)) > 30
    assert set(messages) == {expected(path) for path in BAD}


def test_every_constraint_has_its_severity_and_one_english_message(shapes: rdflib.Graph) -> None:
    constraints = set(shapes.subjects(SH.message)) | set(shapes.objects(None, SH.property)) - nested(shapes)
    for constraint in constraints:
        assert list(shapes.objects(constraint, SH.severity)) == [SH.Violation]
        (message,) = shapes.objects(constraint, SH.message)
        assert message.language == "en"
        assert re.fullmatch(r"[A-Z].*\.", message)


def nested(shapes: rdflib.Graph) -> set[rdflib.term.Node]:
    """The parts of a constraint that stand for it: those within sh:or and sh:node."""
    operands = {
        member for items in shapes.objects(None, SH["or"]) for member in rdflib.collection.Collection(shapes, items)
    }
    wholes = operands | set(shapes.objects(None, SH.node))
    return {part for whole in wholes for part in shapes.objects(whole, SH.property)}


def test_shapes_are_valid_shacl(shapes: rdflib.Graph) -> None:
    one_term = rdflib.Graph().parse(BAD[0])
    _, report, text = validate(one_term, shacl_graph=shapes, advanced=True, meta_shacl=True)
    assert isinstance(report, rdflib.Graph), text
