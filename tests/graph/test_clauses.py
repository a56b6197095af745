"""Whether a query names its own dataset."""

import pytest

from equipoise.graph.store.clauses import names_dataset


@pytest.mark.parametrize(
    "query",
    [
        "SELECT * FROM <http://g/> { ?s ?p ?o }",
        "select*from<http://g/>{?s ?p ?o}",
        "SELECT * FROM NAMED <http://g/> WHERE { ?s ?p ?o }",
        "PREFIX g: <http://g/#from> ASK FROM g:a { ?s ?p ?o }",
        "CONSTRUCT { ?s ?p ?o } FROM <http://g/> WHERE { ?s ?p ?o }",
        "CONSTRUCT FROM <http://g/> WHERE { ?s ?p ?o }",
        "DESCRIBE <http://a/> FROM <http://g/>",
        "SELECT (?a < ?b AS ?c) FROM <http://g/> { ?a ?p ?b }",
        "SELECT ?x # }{\n FROM <http://g/> { ?x ?p '}' }",
        "SELECT * FR\\u004FM <http://g/> { ?s ?p ?o }",
    ],
)
def test_dataset_clause_is_found(query: str) -> None:
    assert names_dataset(query)


@pytest.mark.parametrize(
    "query",
    [
        "SELECT * { ?s ?p ?o }",
        "SELECT ?from { ?from ?p ?o }",
        "# FROM <http://g/>\nSELECT * { ?s ?p ?o }",
        "SELECT ('FROM <http://g/>' AS ?x) {}",
        "PREFIX from: <http://g/from#> SELECT * { ?s from:from ?o }",
        "BASE <http://from/> SELECT * { ?s <from> 'from' }",
        'SELECT ("""a" FROM <b>""" AS ?x) {}',
        "SELECT * { { SELECT * { ?s ?p ?o } } }",
        "DESCRIBE from:x",
    ],
)
def test_word_elsewhere_is_no_dataset_clause(query: str) -> None:
    assert not names_dataset(query)
