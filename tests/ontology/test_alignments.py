"""Alignments: each with its label, source, version and confidence, and true to the files that can be read."""

import csv
import gzip
import re
import xml.etree.ElementTree as ElementTree
from collections import Counter
from dataclasses import dataclass
from functools import cache

import pyoxigraph as ox
import pytest
from rdflib import PROV, SDO, URIRef

from equipoise.ontology.iri import EQP, expand
from equipoise.ontology.rdf import RDF_TYPE, SKOS, in_graph, text_of
from equipoise.ontology.reasoner import infer_by_rules
from equipoise.ontology.terms import load_terms, read_module, vocabulary
from support import SHARED, need

OWL = "http://www.w3.org/2002/07/owl#"
RDFS = "http://www.w3.org/2000/01/rdf-schema#"
OBO = "http://purl.obolibrary.org/obo/"
SSSOM = "https://w3id.org/sssom/"
MATCHES = {SKOS + name for name in ("broadMatch", "closeMatch", "exactMatch", "narrowMatch", "relatedMatch")}
FACTS = SHARED / "facts" / "term-identifiers.tsv"
FILES = SHARED / "data" / "ontologies"


@dataclass(frozen=True)
class Alignment:
    """One annotated axiom of the module: what is aligned with what, and what is said of that."""

    term: str
    predicate: str
    target: str
    label: str
    system: str
    version: str
    confidence: str
    source: str


def store() -> ox.Store:
    filled = ox.Store()
    filled.bulk_extend(in_graph(read_module("alignments"), None))
    return filled


@cache
def alignments() -> tuple[Alignment, ...]:
    """Every annotated axiom; one whose annotations are not there exactly once fails here."""
    module = store()
    found = []
    for quad in module.quads_for_pattern(None, RDF_TYPE, ox.NamedNode(OWL + "Axiom")):
        said: dict[str, list[str]] = {}
        for fact in module.quads_for_pattern(quad.subject, None, None):
            said.setdefault(fact.predicate.value, []).append(text_of(fact.object))
        assert all(len(values) == 1 for values in said.values()), said
        one = {name: values[0] for name, values in said.items()}
        found.append(
            Alignment(
                term=one[OWL + "annotatedSource"],
                predicate=one[OWL + "annotatedProperty"],
                target=one[OWL + "annotatedTarget"],
                label=one[SSSOM + "object_label"],
                system=one[SSSOM + "object_source"],
                version=one[SSSOM + "object_source_version"],
                confidence=one[EQP + "identifierConfidence"],
                source=one["http://purl.org/dc/terms/source"],
            )
        )
    return tuple(sorted(found, key=lambda alignment: (alignment.term, alignment.target)))


def aligned(pattern: str) -> list[Alignment]:
    """The alignments whose target matches; there must be some."""
    found = [alignment for alignment in alignments() if re.match(pattern, alignment.target)]
    assert found, pattern
    return found


def test_every_alignment_is_stated_once_and_annotated_once() -> None:
    declared = (OWL + "Class", OWL + "AnnotationProperty")
    stated = Counter(
        (text_of(triple.subject), triple.predicate.value, text_of(triple.object))
        for triple in read_module("alignments")
        if isinstance(triple.subject, ox.NamedNode) and triple.predicate.value != RDFS + "label"
        if text_of(triple.object) not in declared
    )
    annotated = Counter((alignment.term, alignment.predicate, alignment.target) for alignment in alignments())
    assert stated == annotated
    assert set(annotated.values()) == {1}
    assert len(annotated) > 80


def test_every_aligned_term_is_one_of_ours() -> None:
    defined = {text_of(triple.subject) for triple in vocabulary() if triple.predicate.value == SKOS + "prefLabel"}
    assert {alignment.term for alignment in alignments()} - defined == set()


def test_predicate_fits_what_is_aligned_and_how_surely() -> None:
    concepts = {EQP + term.name for values in load_terms().schemes.values() for term in values.values()}
    for alignment in alignments():
        assert alignment.predicate in {*MATCHES, RDFS + "subClassOf", SKOS + "notation"}
        assert alignment.confidence in {"seen", "secondary"}
        if alignment.confidence != "seen":
            assert alignment.predicate == SKOS + "relatedMatch", alignment
        if alignment.predicate == RDFS + "subClassOf":
            assert alignment.term not in concepts
            declared = store().quads_for_pattern(ox.NamedNode(alignment.target), ox.NamedNode(RDFS + "label"), None)
            assert [text_of(quad.object) for quad in declared] == [alignment.label]


def test_hazard_ratio_is_narrower_than_an_effect_size_estimate_and_has_its_code() -> None:
    said = {(one.predicate, one.target) for one in alignments() if one.term == EQP + "HazardRatio"}
    assert said == {(SKOS + "broadMatch", OBO + "STATO_0000085"), (SKOS + "notation", "STATO:0000677")}


def test_no_class_of_others_comes_into_the_inferred_types() -> None:
    theirs = {one.target for one in alignments() if one.predicate == RDFS + "subClassOf"}
    inferred = infer_by_rules(vocabulary()).triples
    assert theirs
    assert not theirs & {text_of(triple.object) for triple in inferred if triple.predicate == RDF_TYPE}


@cache
def stato() -> ox.Store:
    path = FILES / "stato-1.4.owl"
    need(path.exists(), str(path))
    filled = ox.Store()
    filled.bulk_load(path=str(path), format=ox.RdfFormat.RDF_XML, base_iri=OBO + "stato.owl")
    return filled


def test_terms_of_stato_and_obi_exist_are_in_use_and_bear_the_label_we_say() -> None:
    file = stato()
    checked = set()
    for alignment in aligned(f"{OBO}(STATO|OBI|IAO)_"):
        node = ox.NamedNode(alignment.target)
        if not list(file.quads_for_pattern(node, RDF_TYPE, ox.NamedNode(OWL + "Class"))):
            assert alignment.system != OBO + "stato.owl", alignment
            continue
        labels = {text_of(quad.object) for quad in file.quads_for_pattern(node, ox.NamedNode(RDFS + "label"), None)}
        assert labels == {alignment.label}
        assert not list(file.quads_for_pattern(node, ox.NamedNode(OWL + "deprecated"), None)), alignment
        assert not any(label.startswith("obsolete") for label in labels)
        checked.add(alignment.target)
    assert {one.target for one in alignments() if one.system == OBO + "stato.owl"} <= checked


def test_stato_still_has_no_hazard_ratio() -> None:
    """When it has one, eqp:HazardRatio is to be matched with it."""
    labels = {
        text_of(quad.object).casefold() for quad in stato().quads_for_pattern(None, ox.NamedNode(RDFS + "label"), None)
    }
    assert "effect size estimate" in labels
    assert "hazard ratio" not in labels
    assert not list(stato().quads_for_pattern(ox.NamedNode(OBO + "STATO_0000677"), None, None))


def test_version_of_stato_is_the_one_that_the_file_states() -> None:
    stated = {text_of(quad.object) for quad in stato().quads_for_pattern(None, ox.NamedNode(OWL + "versionInfo"), None)}
    assert {one.version for one in alignments() if one.system == OBO + "stato.owl"} <= stated


def test_terms_of_cto_exist_are_in_use_and_bear_the_label_we_say() -> None:
    path = FILES / "cto.owx"
    need(path.exists(), str(path))
    root = ElementTree.parse(path).getroot()
    prefixes = {one.get("name"): one.get("IRI") for one in root.findall(f"{{{OWL}}}Prefix")}

    def iri(element: ElementTree.Element) -> str:
        short = element.get("abbreviatedIRI") or (element.text if element.tag.endswith("}AbbreviatedIRI") else None)
        if short is None:
            return element.get("IRI") or element.text or ""
        prefix, _, name = short.partition(":")
        return f"{prefixes[prefix]}{name}"

    declared = {iri(one) for one in root.findall(f"{{{OWL}}}Declaration/{{{OWL}}}Class")}
    labels: dict[str, set[str]] = {}
    deprecated = set()
    for assertion in root.findall(f"{{{OWL}}}AnnotationAssertion"):
        prop, subject, value = (part for part in assertion if not part.tag.endswith("}Annotation"))
        if iri(prop) == RDFS + "label":
            labels.setdefault(iri(subject), set()).add((value.text or "").strip())
        if iri(prop) == OWL + "deprecated":
            deprecated.add(iri(subject))
    found = [one for one in alignments() if one.system == OBO + "cto.owl"]
    assert len(found) > 10
    for alignment in found:
        assert alignment.target in declared - deprecated, alignment
        assert alignment.label in labels[alignment.target], (alignment, labels[alignment.target])


def test_roles_of_chebi_exist_are_in_use_and_bear_the_label_we_say() -> None:
    path = FILES / "chebi-2026-05-01-labels-isa.nt.gz"
    need(path.exists(), str(path))
    wanted = {alignment.target: alignment.label for alignment in aligned(f"{OBO}CHEBI_")}
    labels: dict[str, str] = {}
    with gzip.open(path, "rt", encoding="utf-8") as lines:
        for line in lines:
            subject = line[1 : line.index(">")]
            if subject in wanted:
                assert "deprecated" not in line
                if f"<{RDFS}label>" in line:
                    labels[subject] = line.split('"')[1]
    assert labels == wanted


@pytest.mark.parametrize(("start", "namespace"), [("https://schema.org/", SDO), ("http://www.w3.org/ns/prov#", PROV)])
def test_terms_of_schema_org_and_prov_exist(start: str, namespace: type[PROV] | type[SDO]) -> None:
    for alignment in aligned(re.escape(start)):
        assert URIRef(alignment.target) in namespace
        assert alignment.target.removeprefix(start) == alignment.label


def _as_listed(alignment: Alignment) -> str:
    """The identifier of an alignment as the list of facts writes it."""
    if alignment.predicate == SKOS + "notation":
        return alignment.target
    name = re.split(r"[/#]", alignment.target)[-1]
    if alignment.target.startswith(OBO + "NCIT_"):
        return name.removeprefix("NCIT_")
    return name.replace("_", ":")


def test_identifiers_are_those_of_the_list_of_facts_and_were_seen() -> None:
    need(FACTS.exists(), str(FACTS))
    with FACTS.open(encoding="utf-8") as lines:
        listed = [row for row in csv.DictReader(lines, delimiter="\t") if row["confidence"] == "seen"]
    known = {(row["id"].removeprefix("NCIT:"), row["label_in_system"].split(" ")[0].casefold()) for row in listed}
    local = {OBO + "stato.owl", OBO + "cto.owl"}  # read in the files themselves
    pages = {
        "sio.owl",
        "eco.owl",
        "sepio.owl",
        "prov-o#",
        "schema.org/",
        "pico/",
    }  # read where they are published
    checked = 0
    for alignment in alignments():
        if alignment.system in local or alignment.system.endswith(tuple(pages)):
            continue
        assert (_as_listed(alignment), alignment.label.split(" ")[0].casefold()) in known, alignment
        checked += 1
    assert checked > 25


def test_prefixes_of_other_systems_are_known() -> None:
    for curie in ("obo:STATO_0000085", "schema:MedicalTrial", "CHEBI:48422", "sio:SIO_001110"):
        assert expand(curie) in {alignment.target for alignment in alignments()}
