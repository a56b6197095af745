"""The graph of mappings: true to the facts, careful with its predicates, and open to a curator's own tables."""

import csv
import re
from collections.abc import Iterator
from pathlib import Path

import pyoxigraph as ox
import pytest

from equipoise.graph.change import Update
from equipoise.graph.evidence import MAPPINGS_GRAPH
from equipoise.graph.mappings import mapping_quads, mapping_tables, read_tables
from equipoise.graph.publish import build
from equipoise.graph.release import Release
from equipoise.graph.revise import revise
from equipoise.ontology.errors import ChangeError, MappingError
from equipoise.ontology.identifiers import resolve_identifier
from equipoise.ontology.iri import curie, mint
from equipoise.ontology.rdf import SKOS, text_of
from equipoise.ontology.sssom import MATCHES, Mapping
from equipoise.ontology.terms import load_terms
from support import DATA, SHARED, need, triples_of

FACTS = SHARED / "facts"
SORAFENIB = mint("drug", "sorafenib")
SAME_AS = "http://www.w3.org/2002/07/owl#sameAs"
SYSTEMS = {
    "ATC-2021aa": "ATC",
    "ChEMBL": "chembl.compound",
    "PubChem": "pubchem.compound",
    "NCBI Gene": "NCBIGene",
    "HPO": "HP",
    "ChEMBL target": "chembl.target",
}
HEADER = """#curie_map:
#  chebi: 'http://identifiers.org/chebi/CHEBI:'
#  drug: https://w3id.org/equipoise/drug/
#  orcid: https://orcid.org/
#  semapv: https://w3id.org/semapv/vocab/
#  skos: http://www.w3.org/2004/02/skos/core#
#mapping_set_id: https://example.org/mine
#mapping_date: '2026-11-23'
subject_id\tpredicate_id\tpredicate_modifier\tobject_id\tmapping_justification\tauthor_id\tconfidence
"""


def shipped() -> list[Mapping]:
    return [mapping for table in read_tables(mapping_tables()) for mapping in table.mappings]


def row(subject: str, target: str, *, modifier: str = "", predicate: str = "exactMatch", confidence: str = "1") -> str:
    cells = [subject, f"skos:{predicate}", modifier, target, "semapv:ManualMappingCuration"]
    return "\t".join([*cells, "orcid:0000-0000-0000-0000", confidence]) + "\n"


def quads_with(path: Path, rows: str) -> tuple[ox.Quad, ...]:
    """The quads of the shipped tables and of one more with these rows."""
    path.write_text(HEADER + rows)
    return mapping_quads(read_tables([*mapping_tables(), path]), set(things()))


def things() -> Iterator[str]:
    terms = load_terms()
    yield from (term.iri for term in terms.drugs.values())
    yield from (term.iri for values in terms.schemes.values() for term in values.values())


def said_of(quads: tuple[ox.Quad, ...], subject: str, predicate: str) -> set[str]:
    return {text_of(one.object) for one in quads if one.subject.value == subject and one.predicate.value == predicate}


def facts(name: str) -> list[dict[str, str]]:
    need(FACTS.exists(), str(FACTS))
    with (FACTS / name).open(encoding="utf-8") as lines:
        return list(csv.DictReader(lines, delimiter="\t"))


def test_every_identifier_of_the_facts_about_drugs_is_mapped_as_surely_as_it_is_known() -> None:
    mapped = {(mapping.subject, mapping.object): mapping for mapping in shipped()}
    checked = 0
    for fact in facts("drug-identifiers.tsv"):
        if fact["system"] == "HemOnc":  # the Bioregistry has no IRI for its concepts
            continue
        drug = mint("drug", fact["drug"].lower().replace(" ", "-"))
        prefix = SYSTEMS.get(fact["system"], fact["system"])
        identifier = resolve_identifier(f"{prefix}:{fact['id'].rpartition(':')[2]}")
        mapping = mapped[drug, identifier.iri]
        superseded = (
            fact["confidence"] == "superseded"
            and mapping.record.extensions
            and "replaced_by" in mapping.record.extensions
        )
        kept = any(one["id"] == fact["id"] and one["system"] == "ATC" for one in facts("drug-identifiers.tsv"))
        assert superseded or kept or fact["confidence"] != "superseded", fact
        if fact["confidence"] in {"lexical", "secondary"} or superseded:
            assert mapping.predicate == SKOS + "closeMatch", fact
        checked += 1
    assert checked > 240


@pytest.mark.parametrize(
    ("kind", "systems"),
    [
        ("ConditionScheme", {"MONDO", "DOID", "NCIt", "MeSH", "ICD-10-CM", "EFO"}),
        ("TargetScheme", {"HGNC", "UniProt", "NCBI Gene", "Ensembl"}),
        ("AdverseEventScheme", {"HPO", "OAE", "NCIt"}),
    ],
)
def test_identifiers_of_the_facts_about_terms_are_mapped(kind: str, systems: set[str]) -> None:
    named = {
        name.casefold(): term.iri
        for term in load_terms().schemes[kind].values()
        for name in (term.label, *term.synonyms)
    }
    mapped = {(mapping.subject, mapping.object) for mapping in shipped()}
    checked = 0
    for fact in facts("term-identifiers.tsv"):
        names = [name.strip().casefold() for name in fact["term"].split("/")]
        term = next((named[name] for name in names if name in named), None)
        if term is None or fact["system"] not in systems:
            continue
        prefix = SYSTEMS.get(fact["system"], fact["system"])
        assert (term, resolve_identifier(f"{prefix}:{fact['id'].rpartition(':')[2]}").iri) in mapped, fact
        checked += 1
    assert checked >= 10


def test_only_what_was_read_in_the_system_matches_exactly() -> None:
    for mapping in shipped():
        record = mapping.record
        if mapping.predicate == SKOS + "exactMatch":
            assert record.confidence == 0.95, mapping
            assert record.mapping_justification == "semapv:ManualMappingCuration"
            assert not record.extensions or "replaced_by" not in record.extensions
        if record.mapping_justification == "semapv:LexicalMatching":
            assert record.confidence == 0.5
            assert "verified" in (record.comment or "")


def test_no_thing_matches_two_entries_of_a_system_exactly_nor_two_things_one_entry() -> None:
    exact = [mapping for mapping in shipped() if mapping.predicate == SKOS + "exactMatch"]
    by_system = [(mapping.subject, curie(mapping.object).partition(":")[0]) for mapping in exact]
    assert len(by_system) == len(set(by_system))
    targets = [mapping.object for mapping in exact]
    assert len(targets) == len(set(targets))


def test_superseded_code_names_the_one_that_replaced_it() -> None:
    quads = mapping_quads(read_tables(mapping_tables()), set(things()))
    node = mint("mapping", "drug-nivolumab", "closeMatch", "atc-l01xc17")
    replaced = said_of(quads, node, "http://purl.org/dc/terms/isReplacedBy")
    assert replaced == {"http://purl.bioontology.org/ontology/ATC/L01FF01"}


def test_no_triple_says_that_two_are_the_same(release: Release) -> None:
    quads = list(release.load().quads_for_pattern(None, None, None, ox.NamedNode(MAPPINGS_GRAPH)))
    assert len(quads) == triples_of(release, "mappings")
    assert not [quad for quad in quads if quad.predicate.value == SAME_AS]
    matches = [quad for quad in quads if quad.predicate.value in MATCHES]
    assert len(matches) == len(shipped())
    assert not [quad for quad in quads if isinstance(quad.subject, ox.BlankNode)]


def test_table_of_a_curator_is_taken_in_under_the_one_iri(tmp_path: Path) -> None:
    quads = quads_with(tmp_path / "mine.sssom.tsv", row("drug:placebo", "chebi:50924", predicate="relatedMatch"))
    related = said_of(quads, mint("drug", "placebo"), SKOS + "relatedMatch")
    assert related == {"http://purl.obolibrary.org/obo/CHEBI_50924"}


def test_row_that_denies_a_mapping_takes_it_out(tmp_path: Path) -> None:
    before = mapping_quads(read_tables(mapping_tables()), set(things()))
    after = quads_with(tmp_path / "mine.sssom.tsv", row("drug:sorafenib", "chebi:50924", modifier="Not"))
    chebi = "http://purl.obolibrary.org/obo/CHEBI_50924"
    assert chebi in said_of(before, SORAFENIB, SKOS + "exactMatch")
    assert chebi not in said_of(after, SORAFENIB, SKOS + "exactMatch")
    assert not [quad for quad in after if quad.subject.value.endswith("drug-sorafenib/exactMatch/chebi-50924")]


def test_faults_of_a_curators_table_are_found_together(tmp_path: Path) -> None:
    rows = row("drug:sorafenib", "chebi:50924") + row("drug:soraphenib", "chebi:1")
    rows += row("drug:placebo", "chebi:2", confidence="") + row("drug:placebo", "chebi:two")
    with pytest.raises(MappingError) as raised:
        quads_with(tmp_path / "mine.sssom.tsv", rows)
    found = str(raised.value).replace(f"{tmp_path}/", "").splitlines()
    assert found[0] == "mine.sssom.tsv:13: object_id 'two' is none that ChEBI can have; must be as in CHEBI:138488"
    assert re.fullmatch(r"mine.sssom.tsv:10: object_id repeats drugs.sssom.tsv:\d+; must be stated once", found[1])
    assert found[2].startswith("mine.sssom.tsv:11: subject_id is drug:soraphenib, of which nothing is said")
    assert found[3:] == ["mine.sssom.tsv:12: confidence is empty; must be given"]


def test_build_takes_in_the_tables_of_the_data_folder_and_a_write_keeps_them(tmp_path: Path) -> None:
    (tmp_path / "mappings").mkdir()
    table = tmp_path / "mappings" / "mine.sssom.tsv"
    table.write_text(HEADER + row("drug:placebo", "chebi:50924", predicate="relatedMatch"))
    _, built = build([DATA / "MADE-0001.yaml"], tmp_path)
    ask = f"ASK {{ GRAPH <{MAPPINGS_GRAPH}> {{ <{mint('drug', 'placebo')}> <{SKOS}relatedMatch> ?any }} }}"
    assert bool(built.load().query(ask))
    note = mint("graph", "mine")
    written = revise(
        tmp_path, Update(f"INSERT DATA {{ GRAPH <{note}> {{ <{SORAFENIB}> a <https://example.org/A> }} }}")
    )
    assert bool(written.release.load().query(ask))
    with pytest.raises(ChangeError, match="graph:mappings is made by every build"):
        revise(tmp_path, Update(f"CLEAR GRAPH <{MAPPINGS_GRAPH}>"))
    table.write_text(HEADER + row("drug:placebo", "chebi:50924", predicate="sameAs"))
    with pytest.raises(MappingError, match="predicate_id is skos:sameAs"):
        build([DATA / "MADE-0001.yaml"], tmp_path)
