"""Identifiers in any spelling: one IRI each, and a clear word where a text may mean several or nothing."""

import subprocess
import sys

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from equipoise.graph.mappings import mapping_tables, read_tables
from equipoise.ontology.errors import ParameterError, UnknownNameError
from equipoise.ontology.identifiers import possible_identifiers, resolve_identifier, systems
from equipoise.ontology.iri import curie, prefixes

MAPPED = sorted({mapping.object for table in read_tables(mapping_tables()) for mapping in table.mappings})

SPELLINGS = [
    "{iri}",
    "<{iri}>",
    "{prefix}:{local}",
    "{lower}:{local}",
    "{upper}:{local}",
    "{capital}:{local}",
    "{prefix}:{local_lower}",
    "{prefix} {local}",
    "  {prefix}:{local}\n",
    "{label}:{local}",
    "{label} {local_lower}",
    "https://bioregistry.io/{lower}:{local}",
]


@settings(deadline=None, max_examples=1000)  # the first loads the Bioregistry
@given(iri=st.sampled_from(MAPPED), spelling=st.sampled_from(SPELLINGS))
def test_every_spelling_of_a_mapped_identifier_has_its_iri(iri: str, spelling: str) -> None:
    prefix, _, local = curie(iri).partition(":")
    parts = {"iri": iri, "prefix": prefix, "lower": prefix.lower(), "upper": prefix.upper(), "local": local}
    parts |= {"capital": prefix.capitalize(), "local_lower": local.lower(), "label": systems()[prefix].label}
    assert resolve_identifier(spelling.format(**parts)).iri == iri


@settings(deadline=None)  # the first loads the Bioregistry
@given(iri=st.sampled_from(MAPPED))
def test_bare_identifier_may_be_the_mapped_one_unless_it_is_a_number(iri: str) -> None:
    local = curie(iri).partition(":")[2]
    if local.isdigit():
        with pytest.raises(ParameterError, match="is a bare number"):
            possible_identifiers(local)
    else:
        assert iri in {identifier.iri for identifier in possible_identifiers(local)}


@pytest.mark.parametrize(
    ("text", "iri"),
    [
        ("http://purl.obolibrary.org/obo/CHEBI_50924", "http://purl.obolibrary.org/obo/CHEBI_50924"),
        ("https://identifiers.org/CHEBI:50924", "http://purl.obolibrary.org/obo/CHEBI_50924"),
        ("http://identifiers.org/chebi/CHEBI:50924", "http://purl.obolibrary.org/obo/CHEBI_50924"),
        ("http://identifiers.org/chebi/50924", "http://purl.obolibrary.org/obo/CHEBI_50924"),
        ("identifiers.org/chebi:50924", "http://purl.obolibrary.org/obo/CHEBI_50924"),
        ("identifiers.org/chebi/CHEBI:50924", "http://purl.obolibrary.org/obo/CHEBI_50924"),
        ("bioregistry.io/rxnorm:495881", "http://purl.bioontology.org/ontology/RXNORM/495881"),
        ("CHEBI:CHEBI:50924", "http://purl.obolibrary.org/obo/CHEBI_50924"),
        ("obo:CHEBI_50924", "http://purl.obolibrary.org/obo/CHEBI_50924"),
        ("CHEBI_50924", "http://purl.obolibrary.org/obo/CHEBI_50924"),
        ("http://ncicb.nci.nih.gov/xml/owl/EVS/Thesaurus.owl#C61948", "http://purl.obolibrary.org/obo/NCIT_C61948"),
        ("http://purl.obolibrary.org/obo/NCIT_C61948", "http://purl.obolibrary.org/obo/NCIT_C61948"),
        ("DB00398", "http://identifiers.org/drugbank/DB00398"),
        ("db00398", "http://identifiers.org/drugbank/DB00398"),
        ("https://go.drugbank.com/drugs/DB00398", "http://identifiers.org/drugbank/DB00398"),
        ("RXCUI 495881", "http://purl.bioontology.org/ontology/RXNORM/495881"),
        ("rxnorm:495881", "http://purl.bioontology.org/ontology/RXNORM/495881"),
        ("UNII 9ZOQ3TZI87", "http://identifiers.org/unii/9ZOQ3TZI87"),
        ("9zoq3tzi87", "http://identifiers.org/unii/9ZOQ3TZI87"),
        ("L01EX02", "http://purl.bioontology.org/ontology/ATC/L01EX02"),
        ("http://purl.bioontology.org/ontology/UATC/L01EX02", "http://purl.bioontology.org/ontology/ATC/L01EX02"),
        ("mldqjtxfugdveo-uhfffaoysa-n", "http://identifiers.org/inchikey/MLDQJTXFUGDVEO-UHFFFAOYSA-N"),
        (
            "https://www.ebi.ac.uk/chembl/compound_report_card/CHEMBL1336/",
            "http://rdf.ebi.ac.uk/resource/chembl/molecule/CHEMBL1336",
        ),
        ("https://www.wikidata.org/wiki/Q27262801", "http://www.wikidata.org/entity/Q27262801"),
        ("MONDO_0007256", "http://purl.obolibrary.org/obo/MONDO_0007256"),
        ("efo:EFO_0000182", "http://www.ebi.ac.uk/efo/EFO_0000182"),
        ("hgnc:HGNC:6307", "http://identifiers.org/hgnc/6307"),
        ("GtoPdb 5711", "http://identifiers.org/iuphar.ligand/5711"),
        ("284461-73-0", "http://identifiers.org/cas/284461-73-0"),
        ("nct03764293", "https://w3id.org/equipoise/trial/NCT03764293"),
        ("https://clinicaltrials.gov/study/NCT03764293", "https://w3id.org/equipoise/trial/NCT03764293"),
        ("https://clinicaltrials.gov/ct2/show/NCT03764293", "https://w3id.org/equipoise/trial/NCT03764293"),
        ("drug:sorafenib", "https://w3id.org/equipoise/drug/sorafenib"),
    ],
)
def test_spelling_that_people_have_is_understood(text: str, iri: str) -> None:
    assert resolve_identifier(text).iri == iri


def test_identifier_has_a_curie_that_leads_back() -> None:
    for iri in MAPPED:
        identifier = resolve_identifier(iri)
        assert resolve_identifier(identifier.curie) == identifier


def test_bare_number_names_the_systems_that_have_such() -> None:
    with pytest.raises(ParameterError, match="is a bare number, as ChEBI,.*PubChem, RxNorm have; must name its system"):
        resolve_identifier("495881")


def test_text_that_fits_several_systems_is_refused_with_each() -> None:
    with pytest.raises(ParameterError, match=r"may be of several systems; must be one of .*mesh:C61948, NCIT:C61948"):
        resolve_identifier("C61948")


@pytest.mark.parametrize(
    ("text", "error", "reason"),
    [
        ("CHEBI:abc", ParameterError, "'abc' is none that ChEBI can have; must be as in CHEBI:"),
        ("drugbank:DB1", ParameterError, "is none that DrugBank can have"),
        ("ATC:", ParameterError, "is none that ATC can have"),
        ("chebbi:50924", UnknownNameError, "is of no system known here; .*did you mean ChEBI"),
        ("http://example.org/50924", UnknownNameError, "is of no system known here"),
        ("happiness", UnknownNameError, "is of no system known here"),
        ("", UnknownNameError, "is of no system known here"),
        ("1" * 8000 + "!", ParameterError, "has 8001 characters; must have 300 at most"),
    ],
)
def test_text_that_is_no_identifier_is_refused_with_its_reason(text: str, error: type[Exception], reason: str) -> None:
    with pytest.raises(error, match=reason):
        resolve_identifier(text)


def test_every_system_has_a_namespace_and_is_known_to_the_bioregistry() -> None:
    assert set(systems()) - set(prefixes()) == {"clinicaltrials"}  # whose identifiers name our trials
    mapped = {curie(iri).partition(":")[0] for iri in MAPPED}
    assert mapped == set(systems()) - {"clinicaltrials"}


def test_who_needs_no_identifier_does_not_wait_for_the_bioregistry() -> None:
    code = "import sys, equipoise.queries.run, equipoise.api.cli; print('bioregistry' in sys.modules)"
    done = subprocess.run([sys.executable, "-P", "-c", code], capture_output=True, text=True, timeout=60)
    assert (done.returncode, done.stdout) == (0, "False\n"), done.stderr
