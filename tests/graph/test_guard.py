"""The guard against SERVICE and LOAD: what it refuses, what it lets pass, and that none of that reaches the network."""

import socket
import threading
from collections.abc import Iterator
from contextlib import suppress

import pyoxigraph as ox
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from equipoise.graph.store.guard import refuse_load, refuse_service
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


LOADS = [
    "LOAD <http://e/>",
    "load silent <http://e/> into graph <http://e/g>",
    "LOAD<http://e/>INTO GRAPH<http://e/g>",
    "PREFIX e: <http://e/> LOAD e:a;CLEAR ALL",
    "PREFIX e: <http://e/> LOADe:a",
    "PREFIX e: <http://e/> LOAD e:a\\#b # into\n INTO GRAPH e:g",
    "BASE <http://e/> CLEAR ALL;LOAD#>\r<x>",
    "CLEAR ALL #\rLOAD <http://e/>",
    "INSERT DATA { <http://e/s> <http://e/p> 1};LOAD <http://e/>",
    "DELETE { ?a ?b ?c } WHERE { ?a ?b ?c FILTER(?a<?b) } ; # > \n LOAD SILENT <http://e/>",
    "INSERT DATA { <http://e/s> <http://e/p> '''\\'''' } ; LOAD <http://e/>",
    "\\u004COAD <http://e/>",
    "LO\\U00000041D <http://e/>",
    "LOAD \n# <\n SILENT\t<http://e/>\n;\n",
]
NO_LOADS = [
    "INSERT DATA { <http://e/s> <http://e/p> 'LOAD <http://e/> ;' }",
    "INSERT DATA { <http://e/load> <http://e/viral-load> '''load\n<http://e/>''' }",
    "PREFIX load: <http://e/> INSERT DATA { load:s load:p 1 , load:o }",
    "PREFIX e: <http://e/> INSERT { e:load e:download ?load } WHERE { ?load e:p e:workload }",
    "# LOAD <http://e/>\nCLEAR ALL",
    "CLEAR ALL",
]


@pytest.mark.parametrize("update", LOADS)
def test_load_is_refused_however_it_is_written(update: str) -> None:
    with pytest.raises(QueryError, match="LOAD is switched off"):
        refuse_load(update)


@pytest.mark.parametrize("update", NO_LOADS)
def test_load_as_another_word_is_let_pass_and_run(update: str) -> None:
    refuse_load(update)
    ox.Store().update(update)


def test_many_names_with_the_word_in_them_are_let_pass() -> None:
    rows = " ".join(f"<http://e/viral-load/{number}> <http://e/viral-load> {number} ." for number in range(1000))
    refuse_load(f"INSERT DATA {{ {rows} }}")


FILLINGS = ["<", "'", '"""', "#", "load:", "load ", "load#\n", "loadload", "loadx:y.", "\\u0020"]


@pytest.mark.parametrize("filling", FILLINGS)
def test_longest_update_is_read_in_one_pass(filling: str) -> None:
    """With anything worse than linear time this would take hours."""
    text = "INSERT DATA { " + filling * (1_000_000 // len(filling))
    with pytest.raises(QueryError):
        refuse_load(text + "\n } ; LOAD <http://e/>")


def test_engine_would_load_from_the_network_without_the_guard(listener: tuple[int, list[int]]) -> None:
    port, connections = listener
    before = len(connections)
    with pytest.raises(OSError, match="."):
        ox.Store().update(f"LOAD <http://127.0.0.1:{port}/>")
    assert len(connections) > before


@st.composite
def load(draw: st.DrawFn) -> str:
    """A LOAD operation in one of the many ways to write it."""
    gap = st.sampled_from(GAPS)
    keyword = "".join(draw(st.sampled_from([letter, letter.lower()])) for letter in "LOAD")
    silent = draw(st.sampled_from(["", "SILENT", "silent "]))
    into = draw(st.sampled_from(["", "INTO GRAPH <http://e/g>", "into", "#"]))
    where = draw(st.sampled_from([*WHERE[:-1], "<http://127.0.0.1:{port}/load>"]))
    return keyword + draw(gap) + silent + draw(gap) + where + draw(gap) + into


OTHERS = [
    "CLEAR ALL",
    "INSERT DATA { <http://e/load> ex:load 'load' }",
    "DELETE WHERE { ?s ?p ?load }",
    "INSERT { ?s ?p ?o } WHERE { ?s ?p ?o FILTER(?s<?o) }",
    "INSERT { ?s ?p ?o } WHERE { ?s ?p ?o FILTER(?s<'x'&&?o>'y') }",
    'INSERT DATA { ex:s ex:p "a # } ; load" }',
    "# a comment\n",
    "",
]
OPERATIONS = st.lists(st.tuples(st.one_of(st.sampled_from(OTHERS), load()), st.sampled_from([";", " ; ", ";#\n", ""])))


def written(parts: list[tuple[str, str]], port: int) -> str:
    body = "".join(text + end for text, end in parts).replace("{port}", str(port))
    here = f"<http://127.0.0.1:{port}/>"
    return f"PREFIX ex: <http://e/> PREFIX : {here} PREFIX e: {here} {body}"


def run(update: str) -> None:
    with suppress(SyntaxError, ValueError, OSError, RuntimeError):
        ox.Store().update(update)


@settings(max_examples=1000, deadline=None)
@given(parts=OPERATIONS)
def test_no_update_that_passes_the_guard_connects(
    listener: tuple[int, list[int]], parts: list[tuple[str, str]]
) -> None:
    port, connections = listener
    update = written(parts, port)
    before = len(connections)
    try:
        refuse_load(update)
    except QueryError:
        return
    run(update)
    assert len(connections) == before


def test_the_way_these_updates_are_made_reaches_the_network(listener: tuple[int, list[int]]) -> None:
    port, connections = listener
    before = len(connections)

    @settings(max_examples=300, deadline=None, database=None)
    @given(parts=OPERATIONS)
    def send(parts: list[tuple[str, str]]) -> None:
        run(written(parts, port))

    send()
    assert len(connections) - before > 10
