"""Ontologies read from every syntax to the same triples, and refused with file and line where they are not whole."""

import io
import json
from itertools import pairwise
from pathlib import Path

import fastobo
import pyoxigraph as ox
import pytest

from equipoise.graph.external.reader import read_apart
from equipoise.graph.external.reading import Reading, read_ontology
from equipoise.graph.external.shelf import read_triples
from equipoise.graph.settings import Settings
from equipoise.ontology.errors import LimitError, OntologyError
from support import SHARED, need

MUCH = 1 << 34
ONTOLOGIES = SHARED / "data" / "ontologies"
RDF = "http://www.w3.org/1999/02/22-rdf-syntax-ns#"
TURTLE = """@prefix owl: <http://www.w3.org/2002/07/owl#> . @prefix dcterms: <http://purl.org/dc/terms/> .
@prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> . @prefix e: <http://e/> .
<http://e/o.owl> a owl:Ontology ; dcterms:title "An ontology" ; owl:versionIRI <http://e/1/o.owl> ;
  owl:versionInfo "1" ; dcterms:license <http://creativecommons.org/licenses/by/4.0/> .
e:a a owl:Class ; rdfs:label "a" ; rdfs:subClassOf e:b . e:b a owl:Class ; rdfs:label "b" .
"""
XML = f"""<?xml version="1.0"?>
<rdf:RDF xmlns:rdf="{RDF}" xmlns:owl="http://www.w3.org/2002/07/owl#" xmlns:rdfs="http://www.w3.org/2000/01/rdf-schema#">
<owl:Ontology rdf:about="http://e/o.owl"/>
<owl:Class rdf:about="http://e/a"><rdfs:subClassOf rdf:resource="http://e/b"/></owl:Class>
</rdf:RDF>
"""
OBO = """format-version: 1.2
data-version: 2026-01-01
ontology: e

[Term]
id: E:1
name: one
synonym: "uno" EXACT []
is_a: E:2

[Term]
id: E:2
name: two
"""
FUNCTIONAL = """Prefix(:=<http://e/>)
Prefix(owl:=<http://www.w3.org/2002/07/owl#>)
Ontology(<http://e/o.owl>
Declaration(Class(:a))
SubClassOf(:a :b)
)
"""
OWL_XML = """<?xml version="1.0"?>
<Ontology xmlns="http://www.w3.org/2002/07/owl#" ontologyIRI="http://e/o.owl">
<Declaration><Class IRI="http://e/a"/></Declaration>
<SubClassOf><Class IRI="http://e/a"/><Class IRI="http://e/b"/></SubClassOf>
</Ontology>
"""
SUBCLASS = ox.NamedNode("http://www.w3.org/2000/01/rdf-schema#subClassOf")


def written(folder: Path, name: str, text: str | bytes) -> Path:
    path = folder / name
    path.write_bytes(text if isinstance(text, bytes) else text.encode())
    return path


def read(path: Path, folder: Path) -> tuple[Reading, list[ox.Triple]]:
    into = folder / "shelf"
    into.mkdir()
    reading = read_ontology(path, into=into, base="http://base/", most_bytes=MUCH)
    return reading, list(read_triples(into))


def graphs_json() -> bytes:
    document = fastobo.loads(OBO)
    output = io.BytesIO()
    fastobo.dump_graph(document, output)
    return output.getvalue()


@pytest.mark.parametrize(
    ("name", "text", "format", "above"),
    [
        ("o.ttl", TURTLE, "Turtle", ("http://e/a", "http://e/b")),
        ("o.owl", TURTLE, "Turtle", ("http://e/a", "http://e/b")),
        ("o.owl", XML, "RDF/XML", ("http://e/a", "http://e/b")),
        ("o.nt", f"<http://e/a> {SUBCLASS} <http://e/b> .\n", "N-Triples", ("http://e/a", "http://e/b")),
        ("o.ttl", f"<http://e/a> {SUBCLASS} <http://e/b> .\n", "Turtle", ("http://e/a", "http://e/b")),
        ("o.obo", OBO, "OBO", ("http://purl.obolibrary.org/obo/E_1", "http://purl.obolibrary.org/obo/E_2")),
        ("o.ofn", FUNCTIONAL, "OWL functional syntax", ("http://e/a", "http://e/b")),
        ("o.owx", OWL_XML, "OWL/XML", ("http://e/a", "http://e/b")),
        ("o.txt", f"<o> <http://e/p> <x> . <http://e/a> {SUBCLASS} <http://e/b> .", "Turtle", ("http://e/a", "http://e/b")),
    ],
)  # fmt: skip
def test_every_syntax_is_read(tmp_path: Path, name: str, text: str, format: str, above: tuple[str, str]) -> None:
    reading, triples = read(written(tmp_path, name, text), tmp_path)
    axioms = {(str(t.subject), str(t.object)) for t in triples if t.predicate == SUBCLASS}
    assert axioms == {(f"<{above[0]}>", f"<{above[1]}>")}
    assert reading.format == format
    assert reading.triples == len(set(triples)) == len(triples)
    assert {path.name for path in (tmp_path / "shelf").iterdir()} == {"triples-1.nt.zst"}


def test_obo_graphs_are_read_as_the_obo_they_are_made_of(tmp_path: Path) -> None:
    reading, triples = read(written(tmp_path, "o.json", graphs_json()), tmp_path)
    labels = {str(t.object) for t in triples if t.predicate.value.endswith("#label")}
    assert labels == {'"one"', '"two"'}
    assert reading.format == "OBO Graphs JSON"


def test_header_says_what_it_is(tmp_path: Path) -> None:
    reading, _ = read(written(tmp_path, "o.ttl", TURTLE), tmp_path)
    header = reading.header
    assert (header.ontology, header.title, header.version, header.version_iri, header.licence) == (
        "http://e/o.owl",
        "An ontology",
        "1",
        "http://e/1/o.owl",
        "http://creativecommons.org/licenses/by/4.0/",
    )


def test_version_of_an_obo_file_is_kept(tmp_path: Path) -> None:
    reading, _ = read(written(tmp_path, "o.obo", OBO), tmp_path)
    assert reading.header.version == "2026-01-01"


def test_triple_that_is_repeated_counts_once(tmp_path: Path) -> None:
    reading, triples = read(written(tmp_path, "o.nt", f"<http://e/a> {SUBCLASS} <http://e/b> .\n" * 3), tmp_path)
    assert (reading.triples, len(triples)) == (1, 3)


def test_cycle_of_subclass_axioms_is_read_and_remarked_on(tmp_path: Path) -> None:
    names = ["a", "b", "c", "a"]
    lines = [f"<http://e/{one}> {SUBCLASS} <http://e/{other}> .\n" for one, other in pairwise(names)]
    lines += [f"<http://e/d> {SUBCLASS} <http://e/a> .\n", f"<http://e/d> {SUBCLASS} <http://e/d> .\n"]
    reading, triples = read(written(tmp_path, "o.nt", "".join(lines)), tmp_path)
    assert len(triples) == 5
    assert len(reading.remarks) == 1
    remark = reading.remarks[0]
    start = remark.index("cycle: ") + len("cycle: ")
    cycle = remark[start:].split(" → ")
    assert len(cycle) == 4 and cycle[0] == cycle[-1]
    assert {(one[-1], other[-1]) for one, other in pairwise(cycle)} == {("a", "b"), ("b", "c"), ("c", "a")}


ENTITIES = "\n".join(f'<!ENTITY e{n} "{f"&e{n - 1};" * 10}">' for n in range(1, 10))
BOMB = f"""<?xml version="1.0"?>
<!DOCTYPE rdf:RDF [<!ENTITY e0 "aaaaaaaaaa">
{ENTITIES}]>
<rdf:RDF xmlns:rdf="{RDF}" xmlns:e="http://e/"><rdf:Description rdf:about="http://e/a"><e:p>&e9;</e:p></rdf:Description>
</rdf:RDF>
"""


@pytest.mark.parametrize(
    ("name", "text", "message"),
    [
        ("cut.owl", XML[:-30], r"cut\.owl:4: is no whole and well-formed XML: (no element found|unclosed token)"),
        ("cut.owl", XML.removesuffix("</rdf:RDF>\n"), r"cut\.owl:5: is no whole and well-formed XML: no element found"),
        ("prefix.owl", XML.replace("rdfs:subClassOf", "foo:p"), r"prefix\.owl:4: .*: unbound prefix"),
        ("bomb.owl", BOMB, r"bomb\.owl:\d+: .*: limit on input amplification factor"),
        ("prefix.ttl", "@prefix e: <http://e/> .\ne:a e:p foo:b .\n", r"prefix\.ttl:2: .*foo: has not been declared"),
        ("cut.ttl", TURTLE[:-10], r"cut\.ttl:\d: .*Unexpected end"),
        ("cut.nt", f"<http://e/a> {SUBCLASS} <http://e/b> .\n<http://e/a> <http", r"cut\.nt:2: .*Unexpected end"),
        ("bad.nt", f"<http://e/a> {SUBCLASS} <http://e/b> .\n<http://e/a> e:p <http://e/b> .\n", r"bad\.nt:2: "),
        ("cut.obo", OBO + "[Term]\nid", r"cut\.obo:\d+: is not OBO"),
        ("bad.obo", OBO.replace("name: one", "name one"), r"bad\.obo:7: is not OBO"),
        ("cut.json", graphs_json()[:-40], r"cut\.json(:\d+)?: is not OBO Graphs JSON"),
        ("prefix.ofn", FUNCTIONAL.replace(":b)", "foo:b)"), r"prefix\.ofn:5: cannot be read: undefined prefix"),
        ("cut.ofn", FUNCTIONAL[:-4], r"cut\.ofn:\d: cannot be read: is not as the syntax has it"),
        ("cut.owx", OWL_XML[:-30], r"cut\.owx:\d: is no whole and well-formed XML"),
        ("page.owl", "<!DOCTYPE html>\n<html><body>Not found</body></html>", r"page\.owl:1: is a web page"),
        ("feed.owl", '<?xml version="1.0"?>\n<rss version="2"></rss>', "is XML of another kind, whose first element"),
        ("empty.ttl", " \n", "is empty; must be an ontology in RDF/XML, Turtle"),
        ("none.ttl", "@prefix e: <http://e/> .\n", "holds no triples"),
        ("o.ttl", XML, "is named as Turtle, and holds RDF/XML; must be what its name says"),
        ("o.obo", TURTLE, "is named as OBO, and holds Turtle"),
        ("o.nt", TURTLE, "is named as N-Triples, and holds Turtle"),
        ("o.json", json.dumps({"a": 1}), "is JSON without graphs of OBO"),
        ("o.txt", "lorem ipsum", "begins with 'lorem ipsum'"),
        ("o.ttl", b"@prefix e: <http://e/> .\ne:a e:p \"\xff\xfe\" .\n", r"o\.ttl:2: is not text in UTF-8"),
        ("star.ttl", "@prefix e: <http://e/> .\ne:a e:p <<( e:a e:p e:b )>> .\n", "has a triple about a triple"),
    ],
)  # fmt: skip
def test_file_that_is_no_whole_ontology_is_refused(tmp_path: Path, name: str, text: str | bytes, message: str) -> None:
    path = written(tmp_path, name, text)
    with pytest.raises(OntologyError, match=message) as caught:
        read(path, tmp_path)
    assert caught.value.exit_code == 1


def test_reading_apart_gives_the_same(tmp_path: Path) -> None:
    path, told = written(tmp_path, "o.ttl", TURTLE), list[int]()
    reading = read_apart(path, into=tmp_path, base="http://base/", settings=Settings(), report=told.append)
    assert reading.triples == 10
    assert reading.header.title == "An ontology"
    assert told
    with pytest.raises(OntologyError, match=r"cut\.ttl:\d"):
        read_apart(written(tmp_path, "cut.ttl", TURTLE[:-9]), into=tmp_path, base="http://e/", settings=Settings())


def test_reader_that_passes_a_limit_is_ended(tmp_path: Path) -> None:
    terms = "".join(f"[Term]\nid: E:{n}\nname: name {n}\nis_a: E:{n // 2}\n\n" for n in range(60_000))
    path = written(tmp_path, "large.obo", f"format-version: 1.2\nontology: e\n\n{terms}")
    with pytest.raises(LimitError, match=r"brought its reader down, most likely for want of memory \(60 MiB\)"):
        read_apart(path, into=tmp_path, base="http://e/", settings=Settings(ontology_megabytes=60))
    with pytest.raises(LimitError, match=r"was not read after 0\.01 seconds; raise EQUIPOISE_ONTOLOGY_SECONDS"):
        read_apart(path, into=tmp_path, base="http://e/", settings=Settings(ontology_seconds=0.01))


@pytest.mark.parametrize(
    ("name", "format", "triples", "version"),
    [
        ("mondo-2026-05-05-labels-isa.nt.gz", "N-Triples, gzip", 184_058, "2026-05-05"),
        ("chebi-hcc-drugs-slice.ttl", "Turtle", 0, ""),
        ("DO_cancer_slim.owl", "RDF/XML", 0, ""),
        ("stato-1.4.owl", "RDF/XML", 0, "RC1.4"),
        ("cto.owx", "OWL/XML", 0, ""),
        ("dron-edit.ofn", "OWL functional syntax", 0, ""),
        ("doid-ncit-crosswalk.obo", "OBO", 0, "doid/releases/2026-07-31"),
        ("chebi-2026-05-01-labels-isa.nt.gz", "N-Triples, gzip", 754_360, "2026-05-01"),
    ],
)
def test_real_ontologies_are_read(tmp_path: Path, name: str, format: str, triples: int, version: str) -> None:
    need((ONTOLOGIES / name).exists(), f"../shared/data/ontologies/{name}")
    reading = read_apart(ONTOLOGIES / name, into=tmp_path, base="http://base/", settings=Settings())
    assert reading.format == format
    assert reading.triples == triples or (not triples and reading.triples > 500)
    assert version in reading.header.version


def test_blank_nodes_are_the_same_in_all_parts(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("equipoise.graph.external.shelf.PART", 3)
    lines = "".join(f"<http://e/{n}> <http://e/p> _:x .\n<http://e/{n}> <http://e/q> {n} .\n" for n in range(7))
    _, triples = read(written(tmp_path, "o.ttl", lines), tmp_path)
    assert len(list((tmp_path / "shelf").iterdir())) == 4
    assert len(triples) == 14
    assert len({triple.object for triple in triples if isinstance(triple.object, ox.BlankNode)}) == 1
