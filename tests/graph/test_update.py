"""Updates over a dataset: how a text is cut into operations, what each WHERE sees, and what is refused."""

import pyoxigraph as ox
import pytest

from equipoise.graph.update import Update, operations, run_update
from equipoise.ontology.errors import QueryError

DATA = """
<http://e/d> a <http://e/C> .
<http://e/a> a <http://e/C> <http://e/one> .
<http://e/b> a <http://e/C> <http://e/two> .
""".replace(" a ", " <http://www.w3.org/1999/02/22-rdf-syntax-ns#type> ")
COPY = "INSERT { GRAPH <http://e/into> { ?s a ?c } } WHERE { ?s a ?c }"
COPY_NAMED = "INSERT { GRAPH <http://e/into> { ?s a ?c } } WHERE { GRAPH ?g { ?s a ?c } }"


@pytest.fixture
def store() -> ox.Store:
    store = ox.Store()
    store.load(DATA, format=ox.RdfFormat.N_QUADS)
    return store


def into(store: ox.Store) -> str:
    """Which of d, a and b were copied."""
    quads = store.quads_for_pattern(None, None, None, ox.NamedNode("http://e/into"))
    return "".join(sorted(str(quad.subject)[-2] for quad in quads))


@pytest.mark.parametrize(
    ("update", "seen"),
    [
        (Update(COPY), "abd"),
        (Update(COPY, default_graph="strict"), "d"),
        (Update(COPY, using=("http://e/one",)), "a"),
        (Update(COPY, using=("http://e/one", "http://e/two")), "ab"),
        (Update(COPY, using=("http://e/none",)), ""),
        (Update(COPY, using_named=("http://e/one",)), ""),
        (Update(COPY_NAMED, using_named=("http://e/two",)), "b"),
        (Update(COPY_NAMED), "ab"),
        (Update(COPY.replace("WHERE", "USING <http://e/two> WHERE")), "b"),
        (Update("WITH <http://e/one> " + COPY), "a"),
        (Update("WITH <http://e/one> " + COPY, default_graph="strict"), "a"),
    ],
)
def test_where_sees_the_dataset(store: ox.Store, update: Update, seen: str) -> None:
    run_update(store, update)
    assert into(store) == seen
    assert {str(name)[1:-1] for name in store.named_graphs()} <= {"http://e/one", "http://e/two", "http://e/into"}


@pytest.mark.parametrize(
    ("text", "left"),
    [
        ("DELETE WHERE { ?s a ?c }", {"a", "b"}),
        ("DELETE WHERE { GRAPH ?g { ?s a ?c } }", {"d"}),
        ("DELETE WHERE { GRAPH <http://e/one> { ?s a ?c } . ?s a ?c }", {"b", "d"}),
        ("DELETE { ?s a ?c } WHERE { ?s a ?c }", {"a", "b"}),
        ("DELETE DATA { <http://e/d> a <http://e/C> }", {"a", "b"}),
        ("CLEAR DEFAULT", {"a", "b"}),
        ("CLEAR NAMED", {"d", "a"}),
        ("DROP SILENT ALL", {"a"}),
        ("clear # all\n all", {"a"}),
        ("DROP GRAPH <http://e/two> ; CLEAR GRAPH <http://e/one> ;", {"d"}),
        ("", {"a", "b", "d"}),
        ("PREFIX e: <http://e/>", {"a", "b", "d"}),
    ],
)
def test_what_is_deleted_and_what_stays(store: ox.Store, text: str, left: set[str]) -> None:
    run_update(store, Update(text), untouched={"http://e/one"})
    assert {str(quad.subject)[-2] for quad in store} == left


def test_graph_that_nobody_may_write_is_there_after_all_are_dropped(store: ox.Store) -> None:
    store.add_graph(ox.NamedNode("http://e/empty"))
    run_update(store, Update("DROP ALL"), untouched={"http://e/one", "http://e/empty"})
    assert {str(name) for name in store.named_graphs()} == {"<http://e/one>", "<http://e/empty>"}


@pytest.mark.parametrize(
    "text",
    [
        'INSERT DATA { <http://e/s> <http://e/p> "} ; DROP ALL ; {" }',
        "INSERT DATA { <http://e/s> <http://e/p> '''}'; DROP ALL''' } # ; DROP ALL",
        "PREFIX drop: <http://e/> INSERT DATA { drop:all drop:where 1 } ; # } ;\n",
        "PREFIX e: <http://e/> BASE <http://e/b> INSERT { GRAPH <into#x> { e:where e:using ?c } } WHERE { ?s a ?c }",
        "INSERT { <http://e/s> <http://e/p> ?c } WHERE { ?s a ?c FILTER(1 <2 && 3> 2) }",
        "INSERT { <http://e/s> <http://e/p> 'WHERE'@en-where } where { { SELECT * { ?using ?with ?where } } }",
        "INSERT DATA { <http://e/s> <http://e/p> 1 } ; PREFIX f: <http://f/> CREATE GRAPH f:g ; DROP GRAPH f:g",
    ],
)
def test_words_within_strings_names_and_groups_are_no_keywords(store: ox.Store, text: str) -> None:
    run_update(store, Update(text))
    assert len(store) > 3
    assert {str(quad.subject)[-2] for quad in store} >= {"a", "b", "d"}


def test_relative_iris_are_resolved_against_the_base(store: ox.Store) -> None:
    run_update(
        store, Update("INSERT DATA { <x> <y> <z> } ; INSERT { <v> a ?c } WHERE { ?s a ?c }", base="http://h/sparql")
    )
    assert {str(quad.subject) for quad in store} >= {"<http://h/x>", "<http://h/v>"}


def test_operations_carry_the_prologue_before_them() -> None:
    one, other = operations("PREFIX a: <http://a/> CLEAR GRAPH a:x ; BASE <http://b/> DROP GRAPH a:y ;")
    assert (one.text, other.text) == ("CLEAR GRAPH a:x", "DROP GRAPH a:y")
    assert one.prologue == "PREFIX a: <http://a/>\n"
    assert other.prologue == "PREFIX a: <http://a/>\nBASE <http://b/>\n"


@pytest.mark.parametrize(
    ("update", "message"),
    [
        (Update("INSERT DATA { <http://e/s> <http://e/p> 1"), "braces that do not match"),
        (Update("CLEAR ALL }"), "braces that do not match"),
        (Update("DELETE WHERE"), "must be a SPARQL 1.1 update"),
        (Update("SELECT * { ?s ?p ?o }"), "must be a SPARQL 1.1 update"),
        (Update("WHERE { ?s ?p ?o }"), "must be a SPARQL 1.1 update"),
        (Update("INSERT DATA { ?s ?p ?o }"), "must be a SPARQL 1.1 update"),
        (Update("CREATE GRAPH <http://e/one>"), "cannot be done"),
        (Update("CL\\u0045AR ALL"), "ASCII character as an escape"),
        (Update(COPY, using=("http://e/> WHERE { ?s ?p ?o } ; DROP ALL #",)), "must be absolute IRIs"),
        (Update(COPY, using=("relative",)), "must be absolute IRIs"),
        (Update("WITH <http://e/one> " + COPY, using=("http://e/two",)), "must say it in one place"),
        (Update(COPY.replace("WHERE", "using named <http://e/one> WHERE"), using=("http://e/two",)), "in one place"),
        (Update(COPY + " ; LOAD <http://127.0.0.1:9/>"), "LOAD is switched off"),
        (Update("DELETE {} WHERE { SERVICE ?s { ?s ?p ?o } }"), "SERVICE is switched off"),
    ],
)
def test_update_that_cannot_be_run_is_refused(store: ox.Store, update: Update, message: str) -> None:
    with pytest.raises(QueryError, match=message):
        run_update(store, update)
