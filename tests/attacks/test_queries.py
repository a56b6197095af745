"""Queries that are meant to do harm: each has a bounded answer, and the service goes on."""

import json

import pytest

from attacks.target import Attack

STOPPED = {503, 504}
"""What a query that passes a limit of time or memory is answered with."""

CROSS = "?a ?b ?c . ?d ?e ?f . ?g ?h ?i"
DIGITS = "VALUES ?{0} {{ 0 1 2 3 4 5 6 7 8 9 }}"
ROWS = " ".join(DIGITS.format(name) for name in "abcde")
"""A hundred thousand rows, made in the query."""

MIXED = f"""SELECT * WHERE {{ {ROWS}
  BIND(?a + 10 * ?b + 100 * ?c + 1000 * ?d + 10000 * ?e AS ?n)
  BIND(IF(?a < 2, STR(?n), IF(?a < 4, IRI(CONCAT("http://example.org/", STR(?n))), IF(?a < 6, ?n / 7,
    IF(?a < 8, STRLANG(STR(?n), "en"), IF(?b < 5, BNODE(), ?n = 3))))) AS ?one)
  BIND(IF(?c < 3, ?one,
    IF(?c < 6, STRDT(STR(?n), <http://www.w3.org/2001/XMLSchema#date>), ?n * 1e300 * 1e300)) AS ?two)
}} ORDER BY ?two ?one"""
"""Two keys over mixed rows: the engine's sort meets values that it cannot order, and aborts its process."""

BOMBS = {
    "three-way cross product with COUNT": f"SELECT (COUNT(*) AS ?n) WHERE {{ {CROSS} }}",
    "cross product, sorted": f"SELECT * WHERE {{ {CROSS} }} ORDER BY ?i ?a",
    "cross product, DISTINCT": f"SELECT DISTINCT ?a ?e ?i WHERE {{ {CROSS} }} ORDER BY ?a LIMIT 1",
    "GROUP_CONCAT of a cross product": f"SELECT (GROUP_CONCAT(STR(?c)) AS ?all) WHERE {{ {CROSS} }}",
    "paths of paths": "SELECT (COUNT(*) AS ?n) "
    "WHERE { ?a (!<x:y>)* ?b . ?b (!<x:y>|^(!<x:y>))+ ?c . ?c ((!<x:y>)*)* ?d }",
    "regex over a cross product": f'SELECT (COUNT(*) AS ?n) WHERE {{ {CROSS} FILTER REGEX(STR(?c), "(.*)*(.*)*x$") }}',
    "subqueries in EXISTS": "SELECT (COUNT(*) AS ?n) WHERE { ?s ?p ?o "
    f"FILTER NOT EXISTS {{ {CROSS} FILTER(?c = ?i && ?b != ?h && ?e = ?nothing) }} }}",
    "MINUS of cross products": "SELECT (COUNT(*) AS ?n) "
    "WHERE { { ?a ?b ?c . ?d ?e ?f } MINUS { ?a ?x ?y . ?d ?v ?w } }",
    "string that doubles": 'SELECT (STRLEN(?z) AS ?n) WHERE { BIND("0123456789" AS ?x0) '
    + " ".join(f"BIND(CONCAT(?x{n}, ?x{n}) AS ?x{n + 1})" for n in range(40))
    + " BIND(?x40 AS ?z) }",
    "string grown by REPLACE": 'SELECT (STRLEN(?z) AS ?n) WHERE { BIND("aaaaaaaaaa" AS ?x0) '
    + " ".join(f'BIND(REPLACE(?x{n}, "a", "aaaaaaaaaa") AS ?x{n + 1})' for n in range(12))
    + " BIND(?x12 AS ?z) }",
    "regex with counted repeats": 'SELECT ?x WHERE { BIND(REGEX("a", "'
    '((((a{1,100}){1,100}){1,100}){1,100}){1,100}") AS ?x) }',
}


@pytest.mark.parametrize("name", BOMBS)
def test_query_without_end_is_stopped(ask: Attack, name: str) -> None:
    found = ask(BOMBS[name])
    assert found.status in {200, 400, 413, *STOPPED}
    if name.endswith("COUNT"):
        assert found.status in STOPPED
    if found.status >= 400:
        assert json.loads(found.body)["status"] == found.status


def test_sort_that_aborts_the_engine_costs_one_worker(ask: Attack) -> None:
    assert ask(MIXED).status in {200, 413, *STOPPED}


def test_sort_that_aborts_the_engine_is_survived_again_and_again(ask: Attack) -> None:
    for _ in range(4):
        assert ask(MIXED).status in {200, 413, *STOPPED}


DEEP = {
    "groups": ("SELECT * WHERE {0} ?s ?p ?o {1}", "{", "}"),
    "optional groups": ("SELECT * WHERE {{ ?s ?p ?o {0} ?s ?p ?o {1} }}", "OPTIONAL { ", "}"),
    "subqueries": ("SELECT * WHERE {0} {{ ?s ?p ?o }} {1}", "{ SELECT * WHERE ", "}"),
    "parentheses": ("SELECT * WHERE {{ ?s ?p ?o FILTER({0}1{1}) }}", "(", ")"),
    "negations": ("SELECT * WHERE {{ ?s ?p ?o FILTER({0}true{1}) }}", "!", ""),
    "paths": ("SELECT * WHERE {{ ?s {0}<x:p>{1} ?o }}", "(", ")"),
    "inverse paths": ("SELECT * WHERE {{ ?s {0}<x:p>{1} ?o }}", "^(", ")"),
    "path steps": ("SELECT * WHERE {{ ?s {0}<x:p>{1} ?o }}", "<x:p>/", ""),
    "collections": ("SELECT * WHERE {{ ?s ?p {0}1{1} }}", "(", ")"),
    "blank nodes": ("SELECT * WHERE {{ ?s ?p {0}1{1} }}", "[ ?q ", " ]"),
    "functions": ("SELECT (({0}1{1}) AS ?n) WHERE {{}}", "ABS(", ")"),
    "sums": ("SELECT (({0}1{1}) AS ?n) WHERE {{}}", "1 + ", ""),
    "quoted triples": ("SELECT * WHERE {{ {0}<x:a>{1} ?p ?o }}", "<<( <x:s> <x:p> ", " )>>"),
    "unions": ("SELECT * WHERE {{ {0} {{ ?s ?p ?o }} {1} }}", "{ ?s ?p ?o } UNION ", ""),
}


@pytest.mark.parametrize("depth", [1_000, 100_000])
@pytest.mark.parametrize("name", DEEP)
def test_deep_nesting_has_an_answer(ask: Attack, name: str, depth: int) -> None:
    text, opened, closed = DEEP[name]
    assert ask(text.format(opened * depth, closed * depth)).status in {200, 400, 413, *STOPPED}


def test_ten_megabytes_of_query_are_refused_or_answered(ask: Attack) -> None:
    assert ask("SELECT * WHERE { ?s ?p ?o } #" + "x" * 10_000_000).status == 413


def test_giant_values_have_an_answer(ask: Attack) -> None:
    values = " ".join(f"<http://example.org/{number}>" for number in range(200_000))
    assert ask(f"SELECT * WHERE {{ VALUES ?s {{ {values} }} ?s ?p ?o }}").status in {200, 400, 413, *STOPPED}


def test_more_rows_than_are_sent_are_cut(ask: Attack) -> None:
    found = ask("SELECT * WHERE { ?a ?b ?c . ?d ?e ?f }", Accept="text/csv")
    assert found.status in {200, 413, *STOPPED}
    assert len(found.body) < 64 << 20


def test_long_construct_is_cut(ask: Attack) -> None:
    found = ask("CONSTRUCT { ?a ?e ?f } WHERE { ?a ?b ?c . ?d ?e ?f }", Accept="application/n-triples")
    assert found.status in {200, 413, *STOPPED}


@pytest.mark.parametrize("format", ["text/turtle", "application/rdf+xml", "application/ld+json"])
def test_long_graph_in_a_form_that_needs_all_of_it_is_bounded(ask: Attack, format: str) -> None:
    assert ask("CONSTRUCT { ?a ?e ?f } WHERE { ?a ?b ?c . ?d ?e ?f }", Accept=format).status in {200, 413, *STOPPED}


REACHING = {
    "SERVICE": "SELECT * WHERE { SERVICE <ADDRESS> { ?s ?p ?o } }",
    "service in lower case": "SELECT * WHERE { service silent <ADDRESS> { ?s ?p ?o } }",
    "SERVICE of a variable": "SELECT * WHERE { VALUES ?g { <ADDRESS> } SERVICE ?g { ?s ?p ?o } }",
    "SERVICE in a subquery": "SELECT * WHERE { { SELECT * WHERE { SERVICE <ADDRESS> { ?s ?p ?o } } } }",
    "SERVICE in EXISTS": "SELECT * WHERE { ?s ?p ?o FILTER EXISTS { SERVICE <ADDRESS> { ?s ?p ?o } } }",
    "SERVICE behind escapes": "SELECT * WHERE { \\u0053ERVICE <ADDRESS> { ?s ?p ?o } }",
    "SERVICE behind a carriage return": "SELECT * WHERE { # \r SERVICE <ADDRESS> { ?s ?p ?o } }",
    "SERVICE glued to a comment": "SELECT * WHERE { SERVICE#x\n<ADDRESS>#x\n{ ?s ?p ?o } }",
    "SERVICE by a prefix": "PREFIX x: <ADDRESS> SELECT * WHERE { SERVICE x: { ?s ?p ?o } }",
    "SERVICE in CONSTRUCT": "CONSTRUCT WHERE { SERVICE <ADDRESS> { ?s ?p ?o } }",
    "FROM": "SELECT * FROM <ADDRESS> WHERE { ?s ?p ?o }",
    "FROM NAMED": "SELECT * FROM NAMED <ADDRESS> WHERE { GRAPH ?g { ?s ?p ?o } }",
    "FROM a file": "SELECT * FROM <file:///etc/passwd> WHERE { ?s ?p ?o }",
    "GRAPH of a file": "SELECT * WHERE { GRAPH <file:///etc/passwd> { ?s ?p ?o } }",
    "GRAPH that climbs": "SELECT * WHERE { GRAPH <file:../../../../etc/passwd> { ?s ?p ?o } }",
    "LOAD": "LOAD <ADDRESS>",
    "LOAD as a query": "SELECT * WHERE { ?s ?p ?o } ; LOAD <file:///etc/passwd>",
}


@pytest.mark.parametrize("name", REACHING)
def test_nothing_reaches_the_network_or_the_disk(ask: Attack, name: str, listened: list[str]) -> None:
    address = listened[0]
    found = ask(REACHING[name].replace("ADDRESS", address))
    assert found.status in {200, 400, 403}
    if name.startswith(("SERVICE", "service", "LOAD")):
        assert found.status in {400, 403}
    assert b"root:" not in found.body
    assert len(listened) == 1, "somebody came"


def test_update_in_every_disguise_is_refused(attack: Attack, listened: list[str]) -> None:
    update = f"LOAD <{listened[0]}>"
    form = {"Content-Type": "application/x-www-form-urlencoded"}
    for sent in (
        attack("POST", "/sparql", content=update, headers={"Content-Type": "application/sparql-update"}),
        attack("POST", "/sparql", data={"update": update}),
        attack("POST", "/sparql", data={"query": update}),
        attack("POST", "/sparql", params={"update": update}, content="", headers=form),
        attack("GET", "/sparql", params={"update": update}),
        attack("GET", "/sparql", params={"query": update}),
        attack("PUT", "/sparql", content=update),
        attack("POST", "/sparql", data={"query": "ASK {}"}, headers={"X-HTTP-Method-Override": "PUT"}),
    ):
        assert sent.status in {200, 400, 401, 403, 405, 415}
    assert len(listened) == 1


@pytest.mark.parametrize("name", ["default-graph-uri", "named-graph-uri"])
@pytest.mark.parametrize(
    "graph", ["file:///etc/passwd", "../../etc/passwd", "http://[", "a b", "\x00", "http://x/\r\nY: z"]
)
def test_graphs_of_the_dataset_are_names_and_no_more(attack: Attack, name: str, graph: str) -> None:
    found = attack("GET", "/sparql", params={"query": "SELECT * WHERE { ?s ?p ?o } LIMIT 1", name: graph})
    assert found.status in {200, 400}
    assert b"root:" not in found.body
    assert "y" not in found.headers
