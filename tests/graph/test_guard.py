"""The guard against SERVICE: what it refuses, what it lets pass, and that nothing it lets pass reaches the network."""

import socket
import threading
from collections.abc import Iterator

import pyoxigraph as ox
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from equipoise.graph.store.guard import refuse_service
from equipoise.ontology.errors import QueryError

REFUSED = [
    "SELECT * { SERVICE <http://example.org/> { ?s ?p ?o } }",
    "SELECT * { service silent <http://example.org/> { ?s ?p ?o } }",
    "SELECT * { ?s ?p ?o }#\nSELECT * {SERVICE<http://e/>{}}",
    "SELECT * { ?a ?b ?c # a comment\rSERVICE <http://e/> { ?s ?p ?o } }",
    "SELECT * { ?a ?b ?c FILTER(?a<?b)SERVICE#>\n<http://e/>{?x ?y ?z} }",
    "SELECT * { \\u0053ERVICE <http://e/> { ?s ?p ?o } }",
    "PREFIX e: <http://e/> SELECT * { SERVICEe:x { ?s ?p ?o } }",
    "SELECT * { ?s ?p 1SERVICE <http://e/> { ?s ?p ?o } }",
    "SELECT * { ?s ?p trueSERVICE <http://e/> { ?s ?p ?o } }",
    'SELECT * { ?s ?p """ \\""" """ SERVICE <http://e/> { ?s ?p ?o } }',
    "SELECT * { VALUES ?x {'''x'} SERVICE <http://e/> { ?s ?p ?o } # \\S '''\n }",
    "SELECT * { { SELECT * { SERVICE ?where { ?s ?p ?o } } } }",
    "PREFIX e: <http://e/> SELECT * { SERVICE e:a\\#b # {\n{ ?s ?p ?o } }",
    "SELECT * { SERVICE # where\n SILENT # to\r <http://e/> # begin\n { ?s ?p ?o } }",
]
PASSED = [
    'SELECT * { ?s ?p "SERVICE <http://e/> {}" }',
    "SELECT * { ?s ?p '''SERVICE\n<http://e/> {}''' }",
    "SELECT * { ?s <http://example.org/SERVICE> ?o }",
    "SELECT * { ?service ?p $SERVICE }",
    "# SERVICE in a comment\nSELECT * { ?s ?p ?o }",
    "PREFIX ex: <http://e/> SELECT * { ?s ex:service ?o }",
    'SELECT * { ?s ?p "word"@en-service }',
    "SELECT * { ?s ?p ?o }",
    "PREFIX service: <http://e/service> SELECT * { ?s service:x ?o FILTER(?s < service:y) }",
    "PREFIX sd: <http://www.w3.org/ns/sparql-service-description#> SELECT * { GRAPH sd:service { ?s a sd:Service } }",
    "SELECT * { GRAPH <http://e/service> { ?s ?p ?o } FILTER(?s<?p) GRAPH ?service { ?s ?q ?r } }",
]


@pytest.mark.parametrize("query", REFUSED)
def test_service_is_refused_however_it_is_written(query: str) -> None:
    with pytest.raises(QueryError, match="SERVICE is switched off"):
        refuse_service(query)


@pytest.mark.parametrize("query", PASSED)
def test_the_word_elsewhere_is_let_pass_and_parsed(query: str) -> None:
    refuse_service(query)
    ox.Store().query(query)


@pytest.mark.parametrize(
    "filling", ["<", "'", '"', "#", "<#", '"""', "service:", "servicex:y.", "service ", "service#\n", "?a<", "\\u0020"]
)
def test_longest_text_is_read_in_one_pass(filling: str) -> None:
    """With anything worse than linear time this would take hours."""
    text = "SELECT * { " + filling * (1_000_000 // len(filling))
    with pytest.raises(QueryError):
        refuse_service(text + "\n SERVICE <http://e/> {}\n }")


@pytest.fixture(scope="module")
def listener() -> Iterator[tuple[int, list[int]]]:
    """A port of loopback that counts who connects to it."""
    connections: list[int] = []
    with socket.create_server(("127.0.0.1", 0)) as server:

        def serve() -> None:
            while True:
                try:
                    connection, _ = server.accept()
                except OSError:
                    return
                connections.append(1)
                connection.close()

        threading.Thread(target=serve, daemon=True).start()
        yield server.getsockname()[1], connections


def test_engine_would_reach_the_network_without_the_guard(listener: tuple[int, list[int]]) -> None:
    """Or the next test would show nothing."""
    port, connections = listener
    before = len(connections)
    with pytest.raises(OSError, match="."):
        list(ox.Store().query(f"SELECT * {{ SERVICE <http://127.0.0.1:{port}/> {{ ?s ?p ?o }} }}"))
    assert len(connections) > before


SNIPPETS = [
    "?s ?p ?o .",
    "FILTER(?a<?b)",
    "FILTER(?a<?b&&?c>?d)",
    "FILTER(1<2)",
    "FILTER(?a<3)#>\n",
    '?s ?p "a # string" .',
    "?s ?p 'it\\\\'s' .",
    '?s ?p """long "" one""" .',
    "VALUES ?x {'''x'}",
    "VALUES ?x {'''\\n x'''}",
    "# a comment\n",
    "# a comment\r",
    "?s <http://e/#frag> ?o .",
    "?s ex:a.b ?o .",
    "?s ex:a\\#b ?o .",
    "?s ex:service <service> .",
    "?s ?service true .",
    "BIND(1 AS ?y)",
    "BIND('<' AS ?z)",
    "OPTIONAL { ?s ?p ?o }",
    "GRAPH <http://e/service> { ?s ?p ?o }",
    " # \\S '''\n",
    "",
    " ",
]
GAPS = ["", " ", "\n", "\t", "#>\n", "# { \r", "#'\n", ' # """\n']
WHERE = ["<http://127.0.0.1:{port}/>", "<http://127.0.0.1:{port}/service>", ":x", ":a\\#b", "e:", "?where"]


@st.composite
def service(draw: st.DrawFn) -> str:
    """A SERVICE clause in one of the many ways to write it."""
    gap = st.sampled_from(GAPS)
    keyword = "".join(draw(st.sampled_from([letter, letter.lower()])) for letter in "SERVICE")
    silent = draw(st.sampled_from(["", "SILENT", "silent "]))
    return keyword + draw(gap) + silent + draw(gap) + draw(st.sampled_from(WHERE)) + draw(gap) + "{ ?x ?y ?z }"


def asked(parts: list[str], port: int) -> str:
    body = "".join(parts).replace("{port}", str(port))
    here = f"<http://127.0.0.1:{port}/>"
    return f"PREFIX ex: <http://e/> PREFIX : {here} PREFIX e: {here} SELECT * {{ VALUES ?where {{ {here} }} {body} }}"


def evaluate(query: str) -> None:
    try:
        found = ox.Store().query(query)
        assert isinstance(found, ox.QuerySolutions)
        list(found)
    except (SyntaxError, ValueError, OSError, RuntimeError):
        pass


PARTS = st.lists(st.one_of(st.sampled_from(SNIPPETS), service()), min_size=1, max_size=6)


@settings(max_examples=2000, deadline=None)
@given(parts=PARTS)
def test_nothing_that_passes_the_guard_connects(listener: tuple[int, list[int]], parts: list[str]) -> None:
    port, connections = listener
    query = asked(parts, port)
    before = len(connections)
    try:
        refuse_service(query)
    except QueryError:
        return
    evaluate(query)
    assert len(connections) == before


def test_the_way_these_queries_are_made_reaches_the_network(listener: tuple[int, list[int]]) -> None:
    """Many of them connect where nobody guards; or the test above would show little."""
    port, connections = listener
    before = len(connections)

    @settings(max_examples=300, deadline=None, database=None)
    @given(parts=PARTS)
    def ask(parts: list[str]) -> None:
        evaluate(asked(parts, port))

    ask()
    assert len(connections) - before > 20
