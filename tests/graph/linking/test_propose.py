"""Proposed links: what an ontology made for it must lead to, and never to; and the real ones against the facts."""

import csv
from pathlib import Path

import pytest

from equipoise.graph.linking.description import describe_class
from equipoise.graph.linking.evidence import BROAD, CLOSE, EXACT, Candidate, Justification
from equipoise.graph.linking.identity import system_of
from equipoise.graph.linking.lexicon import Lexicon, Scope, lexicon, loaded_ontologies
from equipoise.graph.linking.links import Link
from equipoise.graph.linking.proposals import Batch, proposals_sheet
from equipoise.graph.linking.propose import propose
from equipoise.graph.linking.sheet import sheet_text
from equipoise.graph.linking.subjects import Kind, Subject
from equipoise.graph.linking.tables import our_links
from equipoise.graph.store.embedded import EmbeddedStore
from equipoise.ontology.errors import UnknownNameError
from equipoise.ontology.iri import curie, mint
from linking import CASES, Case, groups, measure, our_terms, read_lexicon, true_pairs
from support import DATA, SHARED, need

MADE = "http://example.org/made#"
UNII = Link(mint("drug", "camrelizumab"), EXACT, "http://identifiers.org/unii/73096E137E")


def proposed(made: Lexicon, terms: list[Subject], kind: Kind, *links: Link) -> list[Candidate]:
    return propose([term for term in terms if term.kind is kind], made, links=links, terms=terms)


def short(iri: str) -> str:
    return f"made:{iri.removeprefix(MADE)}" if iri.startswith(MADE) else curie(iri)


def row(candidate: Candidate) -> tuple[str, str, str, str]:
    subject = candidate.subject
    return subject.kind.value, curie(subject.iri), candidate.predicate.rpartition("#")[2], short(candidate.iri)


def test_exactly_the_expected_links_are_proposed(made: Lexicon, terms: list[Subject]) -> None:
    with (DATA / "linking" / "made.expected.tsv").open(encoding="utf-8", newline="") as file:
        expected = {tuple(cells) for cells in list(csv.reader(file, delimiter="\t"))[1:]}
    assert {row(each) for kind in Kind for each in proposed(made, terms, kind, UNII)} == expected


def test_a_salt_is_never_the_exact_match_of_a_base(made: Lexicon, terms: list[Subject]) -> None:
    found = {(curie(each.subject.iri), short(each.iri)): each for each in proposed(made, terms, Kind.DRUG)}
    salt = found["drug:cabozantinib-s-malate", "made:D7"]
    assert salt.predicate == BROAD
    assert "what ours is a salt or hydrate of" in salt.reason or "another form of the substance" in salt.reason
    assert ("drug:sorafenib", "made:D2") not in found


def test_every_proposal_says_how_it_was_found(made: Lexicon, terms: list[Subject]) -> None:
    found = {short(each.iri): each for kind in Kind for each in proposed(made, terms, kind, UNII)}
    assert found["made:D1"].reason == "label 'Sorafenib' is our name"
    assert found["made:D1"].confidence == 0.95
    assert found["made:D10"].justification is Justification.BOTH
    assert "our exact unii:73096E137E: one structure" in found["made:D10"].reason
    assert "of the deprecated http://example.org/made#D8, which it replaced" in found["made:D9"].reason
    assert found["made:D13"].reason.endswith("2 classes have an equal claim")
    assert found["made:C5"].justification is Justification.SPELLING
    assert found["made:C5"].confidence < 0.6


def test_a_deprecated_class_is_never_proposed(made: Lexicon, terms: list[Subject]) -> None:
    assert made.deprecated == {f"{MADE}D8", f"{MADE}D16"}
    targets = {each.iri for kind in Kind for each in proposed(made, terms, kind)}
    assert targets & made.deprecated == set()


def test_the_replacement_of_a_deprecated_target_of_ours_is_proposed(made: Lexicon, terms: list[Subject]) -> None:
    old = Link(mint("drug", "ramucirumab"), EXACT, f"{MADE}D8")
    found = [each for each in proposed(made, terms, Kind.DRUG, old) if each.iri == f"{MADE}D9"]
    assert [each.predicate for each in found] == [EXACT]
    assert "deprecated in 2026-01-01, our exact match" in found[0].reason


def test_what_is_linked_or_was_rejected_is_not_proposed_again(made: Lexicon, terms: list[Subject]) -> None:
    linked = Link(mint("drug", "sorafenib"), EXACT, f"{MADE}D1")
    rejected = Link(mint("drug", "sorafenib-tosylate"), CLOSE, f"{MADE}D2", negated=True)
    found = {(each.subject.label, short(each.iri)) for each in proposed(made, terms, Kind.DRUG, linked, rejected)}
    assert not {subject for subject, _ in found} & {"sorafenib"}
    assert ("sorafenib tosylate", "made:D2") not in found


def test_what_was_only_guessed_is_proposed_when_the_class_bears_it_out(made: Lexicon, terms: list[Subject]) -> None:
    guess = Link(mint("drug", "sorafenib"), CLOSE, f"{MADE}D1", justification="semapv:LexicalMatching")
    judged = Link(mint("drug", "cabozantinib"), CLOSE, f"{MADE}D7", justification="semapv:ManualMappingCuration")
    found = {each.subject.label: each.predicate for each in proposed(made, terms, Kind.DRUG, guess, judged)}
    assert found["sorafenib"] == EXACT
    assert "cabozantinib" not in found


def test_an_identifier_that_two_of_our_terms_share_is_no_exact_match(made: Lexicon, terms: list[Subject]) -> None:
    both = [Link(mint("drug", name), EXACT, UNII.object) for name in ("tislelizumab", "toripalimab")]
    found = {each.subject.label: each for each in proposed(made, terms, Kind.DRUG, *both) if each.iri == f"{MADE}D10"}
    assert found["tislelizumab"].predicate == found["toripalimab"].predicate == CLOSE
    assert "which 2 of our terms share" in found["tislelizumab"].reason


def test_the_same_input_gives_the_same_bytes(made: Lexicon, terms: list[Subject]) -> None:
    def text() -> str:
        found = proposed(made, terms, Kind.DRUG, UNII)
        return sheet_text(proposals_sheet(Path("x"), "drug made", [Batch(tuple(found), made.graph, made.version)]))

    assert text() == text()


def test_a_lexicon_has_names_with_what_they_say(made: Lexicon) -> None:
    scopes = {(name.iri.removeprefix(MADE), name.text): name.scope for name in made.names}
    assert scopes["D1", "Sorafenib"] is Scope.LABEL
    assert scopes["E2", "hepatic failure"] is Scope.BROAD
    assert made.version == "2026-01-01"
    assert made.name == "made"
    assert made.successor(f"{MADE}D8") == f"{MADE}D9"
    assert made.successor(f"{MADE}D16") is None


def test_an_ontology_that_is_not_there_is_named_with_those_that_are(made_store: EmbeddedStore) -> None:
    assert list(loaded_ontologies(made_store)) == ["made"]
    with pytest.raises(UnknownNameError, match="chebi: is no ontology of this release.*there: made"):
        lexicon(made_store, mint("graph", "ontology", "chebi"))


def test_a_class_is_described_with_what_lies_above_it(made_store: EmbeddedStore) -> None:
    described = describe_class(made_store, mint("graph", "ontology", "made"), f"{MADE}E1")
    assert described.synonyms == ("Increased aspartate aminotransferase",)
    assert described.above == (("disease or event",),)


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.title)
def test_proposals_for_real_ontologies_agree_with_the_facts(case: Case) -> None:
    need((SHARED / "facts").is_dir(), "shared files")
    terms = our_terms()
    truth = true_pairs(SHARED / "facts", terms)[case.system]
    (path,) = (SHARED / "data" / "ontologies").glob(case.pattern)
    names = read_lexicon(path)
    systems = {system_of(iri) for _, iri in truth}
    links = [link for link in our_links(None) if system_of(link.object) not in systems]
    found = propose([term for term in terms if term.kind in case.kinds], names, links=links, terms=terms)
    for members in groups(terms, case.kinds).values():
        score = measure(found, names, truth, terms=terms, members=members)
        assert score.precision is None or score.precision > 0.95
        assert score.recall_by_name is None or score.recall_by_name > 0.95
