"""Links that contradict each other are listed with file and line; what others state becomes proposals."""

from pathlib import Path

import pytest

from equipoise.graph.linking.adopt import adopt
from equipoise.graph.linking.conflicts import Contradiction, find_conflicts
from equipoise.graph.linking.evidence import BROAD, CLOSE, EXACT, NARROW, Justification
from equipoise.graph.linking.incoming import read_incoming
from equipoise.graph.linking.lexicon import Lexicon
from equipoise.graph.linking.links import Link
from equipoise.graph.linking.subjects import Subject
from equipoise.graph.linking.tables import our_links
from equipoise.ontology.iri import curie, expand, mint
from support import SHARED, need

REAL = SHARED / "data" / "ontologies"
SETS = ("biomappings-positive", "mondo_exactmatch_ncit", "mondo_exactmatch_efo")


def link(
    subject: str, target: str, *, at: str = "ours.tsv:1", labels: str = "|", predicate: str = EXACT, no: bool = False
) -> Link:
    file, _, line = at.partition(":")
    one, _, other = labels.partition("|")
    return Link(
        expand(subject) or subject,
        predicate,
        expand(target) or target,
        negated=no,
        subject_label=one,
        object_label=other,
        file=file,
        line=int(line),
    )


def test_a_salt_and_its_base_on_one_entry_are_a_conflict(terms: list[Subject]) -> None:
    both = [
        link("drug:rivoceranib", "mesh:C553458", at="a.tsv:4"),
        link("drug:rivoceranib-mesylate", "mesh:C553458", at="a.tsv:9"),
    ]
    (conflict,) = find_conflicts(both, terms=terms)
    assert conflict.kind is Contradiction.SALT
    assert conflict.places == ("a.tsv:4", "a.tsv:9")
    assert conflict.touches_us


def test_a_salt_of_others_is_told_by_its_name() -> None:
    rows = [
        link("CHEBI:755209", "mesh:C553458", at="b.tsv:1", labels="rivoceranib|apatinib"),
        link("CHEBI:755629", "mesh:C553458", at="b.tsv:2", labels="rivoceranib mesylate|apatinib"),
        link("CHEBI:50928", "mesh:D000077157", at="b.tsv:3", labels="sorafenib tosylate|Sorafenib"),
    ]
    found = {(each.kind, each.places) for each in find_conflicts(rows)}
    assert found == {(Contradiction.SALT, ("b.tsv:1", "b.tsv:2")), (Contradiction.SALT, ("b.tsv:3",))}


def test_two_targets_and_two_sources_are_conflicts() -> None:
    rows = [
        link("MONDO:0007256", "DOID:684", at="m.tsv:1"),
        link("MONDO:0007256", "DOID:686", at="m.tsv:2"),
        link("MONDO:0000001", "EFO:0000001", at="m.tsv:3"),
        link("MONDO:0000002", "EFO:0000001", at="m.tsv:4"),
    ]
    kinds = {each.kind: each.about for each in find_conflicts(rows)}
    assert kinds == {Contradiction.TARGETS: "MONDO:0007256", Contradiction.SOURCES: "EFO:0000001"}


def test_codes_of_two_files_that_contradict_are_told_directly_and_through_one_step() -> None:
    ours = [
        link("drug:sorafenib", "NCIT:C61948", at="ours.tsv:5"),
        link("drug:sorafenib", "CHEBI:50924", at="ours.tsv:6"),
    ]
    (direct,) = find_conflicts([*ours, link("drug:sorafenib", "NCIT:C2724", at="model.tsv:7")])
    assert (direct.kind, direct.places) == (Contradiction.CODES, ("model.tsv:7", "ours.tsv:5"))
    (step,) = find_conflicts([*ours, link("CHEBI:50924", "NCIT:C2724", at="model.tsv:8")])
    assert step.kind is Contradiction.CODES
    assert "NCIT:C2724 through CHEBI:50924" in step.says
    assert set(step.places) == {"ours.tsv:5", "ours.tsv:6", "model.tsv:8"}


def test_deprecated_terms_are_told_with_what_replaced_them(made: Lexicon) -> None:
    (conflict,) = find_conflicts(
        [link("drug:ramucirumab", "http://example.org/made#D8", at="o.tsv:3")], ontologies=[made]
    )
    assert conflict.kind is Contradiction.DEPRECATED
    assert conflict.says.endswith("is deprecated in made, replaced by http://example.org/made#D9")


def test_what_is_stated_and_denied_is_a_conflict() -> None:
    pair = [link("drug:sorafenib", "CHEBI:50924"), link("drug:sorafenib", "CHEBI:50924", at="b.tsv:2", no=True)]
    assert [each.kind for each in find_conflicts(pair)] == [Contradiction.DENIED]


def test_links_that_agree_are_no_conflict() -> None:
    rows = [
        link("drug:sorafenib", "CHEBI:50924"),
        link("CHEBI:50924", "NCIT:C61948", at="b.tsv:1"),
        link("drug:sorafenib", "NCIT:C61948"),
        link("drug:sorafenib", "DRON:00018834", predicate=CLOSE),
        link("drug:sorafenib", "NCIT:C2724", no=True),
    ]
    assert find_conflicts(rows) == []


def test_others_are_followed_through_one_exact_step(terms: list[Subject]) -> None:
    ours = [link("eqp:HepatocellularCarcinoma", "MONDO:0007256")]
    theirs = [
        link("MONDO:0007256", "NCIT:C3099", at="n.tsv:9", labels="hepatocellular carcinoma|Hepatocellular Carcinoma"),
        link("DOID:686", "MONDO:0007256", at="n.tsv:10", predicate=NARROW),
        link("MONDO:0000001", "NCIT:C2991", at="n.tsv:11"),
        link("MONDO:0007256", "EFO:0000182", at="n.tsv:12", no=True),
    ]
    found = {curie(each.iri): each for each in adopt(theirs, ours=ours, terms=terms)}
    assert {name: each.predicate for name, each in found.items()} == {"NCIT:C3099": EXACT, "DOID:686": BROAD}
    assert found["NCIT:C3099"].justification is Justification.CHAIN
    assert found["NCIT:C3099"].label == "Hepatocellular Carcinoma"
    assert "n.tsv:9" in found["NCIT:C3099"].reason


def test_no_second_code_of_one_system_is_proposed(terms: list[Subject]) -> None:
    ours = [link("drug:sorafenib", "NCIT:C61948"), link("drug:sorafenib", "CHEBI:50924")]
    assert adopt([link("CHEBI:50924", "NCIT:C2724", at="m.tsv:1")], ours=ours, terms=terms) == []
    assert adopt([link("CHEBI:50924", "NCIT:C61948", at="m.tsv:1")], ours=ours, terms=terms) == []


def test_an_entry_that_two_of_ours_match_is_only_close(terms: list[Subject]) -> None:
    ours = [link("drug:rivoceranib", "mesh:C553458"), link("drug:rivoceranib-mesylate", "mesh:C553458")]
    found = adopt([link("mesh:C553458", "NCIT:C1", at="m.tsv:1")], ours=ours, terms=terms)
    assert [each.predicate for each in found] == [CLOSE, CLOSE]


@pytest.mark.parametrize("name", SETS)
def test_real_sets_give_proposals_that_name_their_place(name: str, terms: list[Subject]) -> None:
    path = REAL / f"{name}.sssom.tsv"
    need(path.exists(), "shared files")
    incoming = read_incoming(path)
    ours = [link("eqp:HepatocellularCarcinoma", "MONDO:0007256"), link("drug:sorafenib", "CHEBI:50924")]
    found = {(curie(each.subject.iri), curie(each.iri)): each for each in adopt(incoming.links, ours=ours, terms=terms)}
    expected = {
        "biomappings-positive": ("drug:sorafenib", "mesh:D000077157"),
        "mondo_exactmatch_ncit": ("eqp:HepatocellularCarcinoma", "NCIT:C3099"),
        "mondo_exactmatch_efo": ("eqp:HepatocellularCarcinoma", "EFO:0000182"),
    }[name]
    assert expected in found
    assert path.name in found[expected].reason


def test_real_sets_contradict_within(terms: list[Subject]) -> None:
    paths = [REAL / f"{name}.sssom.tsv" for name in SETS]
    need(all(path.exists() for path in paths), "shared files")
    links = [each for path in paths for each in read_incoming(path).links]
    found = find_conflicts(links, terms=terms)
    kinds = {each.kind for each in found}
    assert {Contradiction.TARGETS, Contradiction.SOURCES} <= kinds
    assert all(place.count(":") == 1 for each in found for place in each.places)


def test_our_own_tables_do_not_contradict_themselves(terms: list[Subject]) -> None:
    wrong = [each for each in find_conflicts(our_links(None), terms=terms) if each.kind is Contradiction.SALT]
    assert [(each.about, each.says) for each in wrong] == []


def test_the_tables_of_a_data_folder_are_ours_too(tmp_path: Path) -> None:
    folder = tmp_path / "mappings"
    folder.mkdir()
    (folder / "own.sssom.tsv").write_text(
        "#mapping_set_id: https://example.org/own\n#license: https://creativecommons.org/licenses/by/4.0/\n#curie_map:\n"
        f"#  CHEBI: http://purl.obolibrary.org/obo/CHEBI_\n#  drug: {mint('drug', '')}\n"
        "subject_id\tpredicate_id\tobject_id\tmapping_justification\n"
        "drug:sorafenib\tskos:exactMatch\tCHEBI:50924\tsemapv:ManualMappingCuration\n"
    )
    own = [each for each in our_links(tmp_path) if each.file == "own.sssom.tsv"]
    assert [(curie(each.subject), curie(each.object), each.line) for each in own] == [
        ("drug:sorafenib", "CHEBI:50924", 7)
    ]
