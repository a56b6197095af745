"""Run a question on a store: text parameters in, an answer out. The command line and the server both call this.

Parameters are given as people type them: a trial by its registry number or acronym, a drug by any of its names, a value
of the vocabulary by its name, label or abbreviation (`OverallSurvival`, `overall survival`, `OS`), an identifier of
another system in any spelling. Each becomes an RDF term and is bound by the engine; none is ever pasted into the query.
"""

from collections.abc import Mapping
from decimal import Decimal, InvalidOperation

import pyoxigraph as ox

from equipoise.graph.store import Bindings, Store, Term
from equipoise.ontology.errors import ParameterError, UnknownNameError
from equipoise.ontology.iri import expand, named_node, vocabulary_iri
from equipoise.ontology.rdf import typed
from equipoise.ontology.terms import allowed_text
from equipoise.queries.catalogue import Parameter, Question
from equipoise.queries.identify import find_identifier

__all__ = ["bind_parameters", "find_drug", "find_trial", "run"]

NAMES = """
PREFIX eqp: <https://w3id.org/equipoise/vocab/>
PREFIX rdfs: <http://www.w3.org/2000/01/rdf-schema#>
PREFIX skos: <http://www.w3.org/2004/02/skos/core#>
"""


def run(store: Store, question: Question, parameters: Mapping[str, str]) -> Bindings:
    """Answer a question. Parameters that are not given and have no default leave their variable open.

    Raises ParameterError for an unknown, missing or ill-typed parameter, UnknownNameError for a trial, drug or value
    that the release does not hold.
    """
    answer = store.query(question.sparql, bindings=bind_parameters(store, question, parameters))
    assert isinstance(answer, Bindings)
    return answer


def bind_parameters(store: Store, question: Question, parameters: Mapping[str, str]) -> dict[str, Term]:
    """The terms that a question's parameters stand for, defaults included. Raises as `run` does."""
    for name in parameters:
        if name not in question.parameters:
            known = sorted(question.parameters)
            allowed = allowed_text(known, name) if known else "takes no parameters"
            raise ParameterError(question.name, found=f"has no parameter {name!r}", allowed=allowed)
    bound = {}
    for name, parameter in question.parameters.items():
        text = parameters.get(name, "").strip() or parameter.default
        if text is not None:
            bound[name] = _term(store, question, parameter, text)
        elif parameter.required:
            raise ParameterError(question.name, found=f"is asked without {name}", allowed=f"{name} must be given")
    return bound


def find_trial(store: Store, name: str) -> str:
    """The IRI of the trial of that registry number or acronym. Raises UnknownNameError if the release has none."""
    return _trial(store, "trial", name).value


def find_drug(store: Store, name: str) -> str:
    """The IRI of the drug of that name. Raises UnknownNameError if the release has none."""
    return _named("drug", name, _drugs(store)).value


def _term(store: Store, question: Question, parameter: Parameter, text: str) -> Term:
    match parameter.type:
        case "trial":
            return _trial(store, parameter.name, text)
        case "drug":
            return _named(parameter.name, text, _drugs(store))
        case "concept":
            return _named(parameter.name, text, _concepts(store, parameter.scheme or ""))
        case "identifier":
            return ox.NamedNode(find_identifier(store, text).iri)
        case "iri":
            return _iri(question, parameter, text)
        case "string":
            return ox.Literal(text)
        case "decimal" | "integer":
            return _number(question, parameter, text)


def _named(name: str, text: str, known: Mapping[str, list[str]]) -> ox.NamedNode:
    """The thing of that IRI, CURIE or name; `known` maps each IRI to its names, the first being the one to offer."""
    wanted = text.casefold()
    for iri, names in known.items():
        if text == iri or expand(text) == iri or wanted in (candidate.casefold() for candidate in names):
            return ox.NamedNode(iri)
    offered = sorted(names[0] for names in known.values())
    raise UnknownNameError(name, found=f"there is none called {text!r}", allowed=allowed_text(offered, text))


def _trial(store: Store, name: str, text: str) -> ox.NamedNode:
    """The trial of that name. Spelled as it is in the release it is looked up; otherwise all names are gone through."""
    query = "SELECT ?trial ?name { { ?trial eqp:registryId ?name } UNION { ?trial eqp:acronym ?name } } ORDER BY ?trial"
    found = store.query(NAMES + query, bindings={"name": ox.Literal(text)})
    assert isinstance(found, Bindings)
    for row in found.values():
        return ox.NamedNode(row["trial"])
    return _named(name, text, _trials(store))


def _trials(store: Store) -> dict[str, list[str]]:
    query = """SELECT ?thing ?first ?other {
      ?thing a eqp:Trial ; eqp:registryId ?first OPTIONAL { ?thing eqp:acronym ?other } }"""
    return _names(store, query)


def _drugs(store: Store) -> dict[str, list[str]]:
    """Drugs by their labels and synonyms, and by the last part of their IRI."""
    query = """SELECT ?thing ?first ?other {
      ?thing a eqp:Drug ; rdfs:label ?first OPTIONAL { ?thing skos:altLabel ?other } }"""
    return {iri: [*known, iri.rpartition("/")[2]] for iri, known in _names(store, query).items()}


def _concepts(store: Store, scheme: str) -> dict[str, list[str]]:
    query = """SELECT ?scheme ?thing ?first ?label ?other {
      ?thing skos:inScheme ?scheme ; rdfs:label ?label OPTIONAL { ?thing skos:notation|skos:altLabel ?other }
      BIND(STRAFTER(STR(?thing), STR(eqp:)) AS ?first) }"""
    return _names(store, query, {"scheme": ox.NamedNode(vocabulary_iri(scheme))})


def _names(store: Store, query: str, bindings: Mapping[str, Term] | None = None) -> dict[str, list[str]]:
    """The names of things by IRI, from a query that gives ?thing, ?first, ?other and perhaps ?label."""
    answer = store.query(NAMES + query, bindings=bindings or {})
    assert isinstance(answer, Bindings)
    names: dict[str, list[str]] = {}
    for row in answer.values():
        found = names.setdefault(row["thing"], [row["first"]])
        found += [text for key in ("other", "label") if (text := row.get(key)) and text not in found]
    return names


def _iri(question: Question, parameter: Parameter, text: str) -> ox.NamedNode:
    node = named_node(text)
    if node is None:
        where = f"{question.name}: {parameter.name}"
        allowed = "must be an absolute http(s) IRI or a CURIE such as eqp:HazardRatio"
        raise ParameterError(where, found=f"is {text!r}", allowed=allowed)
    return node


def _number(question: Question, parameter: Parameter, text: str) -> ox.Literal:
    where = f"{question.name}: {parameter.name}"
    try:
        number = Decimal(text)
        whole = number == number.to_integral_value()
    except InvalidOperation:
        raise ParameterError(where, found=f"is {text!r}", allowed=f"must be a {parameter.type} number") from None
    if not number.is_finite() or abs(number.adjusted()) > 15 or (parameter.type == "integer" and not whole):
        raise ParameterError(where, found=f"is {text!r}", allowed=f"must be a {parameter.type} number")
    if parameter.type == "integer":
        return typed(str(int(number)), "integer")
    plain = format(number, "f")
    return typed(plain.rstrip("0").rstrip(".") if "." in plain else plain, "decimal")
