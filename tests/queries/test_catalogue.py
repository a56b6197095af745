"""The files of the catalogue: their headers, and that each is the query it says it is."""

import re
from itertools import pairwise

import pyoxigraph as ox
import pytest

from equipoise.graph.store.embedded import EmbeddedStore
from equipoise.ontology.errors import ParameterError, UnknownNameError
from equipoise.ontology.terms import load_terms
from equipoise.queries.catalogue import Question, catalogue, find_question, parse_question
from equipoise.queries.run import bind_parameters, run

QUESTIONS = list(catalogue().values())
HEADER = "#+ name: a-name\n#+ description: What is it?\n"


@pytest.mark.parametrize("question", QUESTIONS, ids=lambda question: question.name)
def test_file_stands_by_itself(question: Question) -> None:
    """The whole file, header and all, is one valid SELECT."""
    found = ox.Store().query(question.text)
    assert isinstance(found, ox.QuerySolutions)
    variables = [variable.value for variable in found.variables]
    assert set(question.parameters) <= set(variables)
    assert len(set(variables)) == len(variables)
    assert "SELECT *" not in question.text


@pytest.mark.parametrize("question", QUESTIONS, ids=lambda question: question.name)
def test_rows_have_an_order(question: Question) -> None:
    assert re.search(r"\} ORDER BY [^{}]+\n$", question.text)


@pytest.mark.parametrize(
    "question", [question for question in QUESTIONS if "trial" in question.parameters], ids=lambda found: found.name
)
def test_question_about_a_trial_begins_with_it(question: Question) -> None:
    """The engine begins where the text does; elsewhere it would go through what all trials have."""
    first = next(line for line in question.sparql.partition("WHERE")[2].splitlines() if " eqp:" in line)
    assert re.match(r" *\?trial a eqp:", first)


@pytest.mark.parametrize("question", QUESTIONS, ids=lambda question: question.name)
def test_no_prefix_is_declared_in_vain(question: Question) -> None:
    for prefix in re.findall(r"(?m)^PREFIX (\w+):", question.sparql):
        body = re.sub(r"(?m)^PREFIX .*$", "", question.sparql)
        assert f"{prefix}:" in body


@pytest.mark.parametrize("question", QUESTIONS, ids=lambda question: question.name)
def test_every_scheme_of_a_parameter_exists(question: Question) -> None:
    for parameter in question.parameters.values():
        assert parameter.scheme is None or parameter.scheme in load_terms().schemes


def test_names_are_those_of_the_files_in_order() -> None:
    assert all(one.name < other.name for one, other in pairwise(QUESTIONS))
    assert len(QUESTIONS) >= 16


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("SELECT ?x { ?x ?y ?z }", "the header may have name"),
        (HEADER.replace("a-name", "other"), "the name is 'other'; must be the file's own"),
        (HEADER.replace("What is it?", "It is."), "the description is 'It is.'; must be a question"),
        (HEADER + "#+ colour: red\n", "the header may have name, description, parameters and defaults"),
        (HEADER + "#+ parameters: {x: {type: float, description: d}}\n", "parameter x: type must be one of trial"),
        (HEADER + "#+ parameters: {x: {type: string}}\n", "parameter x must have a description"),
        (HEADER + "#+ parameters: {x: {type: concept, description: d}}\n", "a concept, and nothing else, has a scheme"),
        (HEADER + "#+ parameters: {X y: {type: string, description: d}}\n", "must be a variable's name"),
        (HEADER + "#+ parameters: {x: {type: string, description: d, other: 1}}\n", "parameter x has other"),
        (HEADER + "#+ defaults: {y: 1}\n", "there are defaults for y; must be parameters"),
        ("#+ name: a: b: c\n", "the header is not YAML"),
    ],
)
def test_header_that_breaks_the_rules_is_refused(text: str, reason: str) -> None:
    with pytest.raises(ValueError, match=re.escape(reason)):
        parse_question("a-name", text)


def test_unknown_question_is_refused_with_the_likeliest() -> None:
    with pytest.raises(UnknownNameError, match=r"none called 'contrast'.*did you mean contrasts\?"):
        find_question("contrast")


@pytest.mark.parametrize(
    ("name", "given", "error", "reason"),
    [
        (
            "contrasts",
            {"outcom": "OS"},
            ParameterError,
            "has no parameter 'outcom'; must be one of analysis_kind, measure, outcome, trial (did you mean outcome?)",
        ),
        ("trials", {"trial": "x"}, ParameterError, "has no parameter 'trial'; takes no parameters"),
        (
            "contrasts",
            {"trial": "NCT00000000"},
            UnknownNameError,
            "trial: there is none called 'NCT00000000'; must be one of NCT03764293",
        ),
        (
            "contrasts",
            {"outcome": "Happiness"},
            UnknownNameError,
            "outcome: there is none called 'Happiness'; must be one of AdverseEventOutcome",
        ),
        ("contrasts", {"outcome": "HazardRatio"}, UnknownNameError, "outcome: there is none called 'HazardRatio'"),
        (
            "drug-classes",
            {"drug": "aspirin"},
            UnknownNameError,
            "drug: there is none called 'aspirin'; must be one of atezolizumab",
        ),
        ("drug-names", {}, ParameterError, "is asked without name; name must be given"),
        ("severe-adverse-events", {"above": "ten"}, ParameterError, "above: is 'ten'; must be a decimal number"),
        ("severe-adverse-events", {"above": "NaN"}, ParameterError, "above: is 'NaN'; must be a decimal number"),
        ("severe-adverse-events", {"above": "1e400"}, ParameterError, "must be a decimal number"),
        (
            "where-read",
            {"value": "not an IRI"},
            ParameterError,
            "value: is 'not an IRI'; must be an absolute http(s) IRI or a CURIE",
        ),
        ("where-read", {"value": "file:///etc/passwd"}, ParameterError, "must be an absolute http(s) IRI"),
        ("where-read", {"value": "http://[broken"}, ParameterError, "must be an absolute http(s) IRI"),
    ],
)
def test_bad_parameter_is_refused_with_its_reason(
    store: EmbeddedStore, name: str, given: dict[str, str], error: type, reason: str
) -> None:
    with pytest.raises(error, match=re.escape(reason)):
        run(store, find_question(name), given)


@pytest.mark.parametrize(
    "text",
    [
        "OS",
        "os",
        "OverallSurvival",
        "overall survival",
        "eqp:OverallSurvival",
        "https://w3id.org/equipoise/vocab/OverallSurvival",
    ],
)
def test_value_may_be_named_in_any_usual_way(store: EmbeddedStore, text: str) -> None:
    bound = bind_parameters(store, find_question("contrasts"), {"outcome": text})
    assert bound == {"outcome": ox.NamedNode("https://w3id.org/equipoise/vocab/OverallSurvival")}


@pytest.mark.parametrize("text", ["NCT03764293", "nct03764293", "CARES-310", "trial:NCT03764293"])
def test_trial_may_be_named_by_number_or_acronym(store: EmbeddedStore, text: str) -> None:
    bound = bind_parameters(store, find_question("arms"), {"trial": text})
    assert bound == {"trial": ox.NamedNode("https://w3id.org/equipoise/trial/NCT03764293")}


def test_number_is_bound_in_the_form_that_the_store_keeps(store: EmbeddedStore) -> None:
    for text in ("24", "24.0", "2.4e1", " 24.00 "):
        assert len(run(store, find_question("landmark-survival"), {"timepoint": text})) == 2
    assert len(run(store, find_question("landmark-survival"), {"timepoint": "24.5"})) == 0


def test_text_in_a_parameter_stays_text(store: EmbeddedStore) -> None:
    assert len(run(store, find_question("drug-names"), {"name": 'x" } DROP ALL #'})) == 0
