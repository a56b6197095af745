"""Questions by classes of others, over a release served with two made ontologies: the hierarchy, and the roles."""

from pathlib import Path
from typing import Any

import pyoxigraph as ox
import pytest

from equipoise.graph.evidence import LINKED_GRAPH, MAPPINGS_GRAPH
from equipoise.graph.external.linked import linked_quads
from equipoise.graph.external.served import OntologyFile, add_ontology, remove_ontology
from equipoise.graph.publish import assemble, build, publish, shipped_records
from equipoise.graph.release import Release, current_release
from equipoise.graph.settings import Settings
from equipoise.graph.store.embedded import EmbeddedStore
from equipoise.ontology.iri import curie
from equipoise.queries.catalogue import find_question
from equipoise.queries.run import run
from support import DATA

EQP = "https://w3id.org/equipoise/vocab/"
SPACE = "http://purl.obolibrary.org/obo/CHEBI_"
ATC = "http://purl.bioontology.org/ontology/ATC/"


def served(data: Path, *files: Path) -> Release:
    """The release in service, served with these files too, by their names."""
    for path in files:
        release = add_ontology(OntologyFile(path, path.stem, path.name), settings=Settings(data=data)).release
    return release


@pytest.fixture(scope="module")
def data(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("data")
    publish(assemble(shipped_records()), folder)
    served(folder, DATA / "external-classes.ttl", DATA / "external-roles.ttl")
    return folder


@pytest.fixture(scope="module")
def across(data: Path) -> EmbeddedStore:
    return EmbeddedStore.of_release(current_release(data))


def asked(store: EmbeddedStore, name: str, **given: str) -> list[dict[str, Any]]:
    return [
        {key: curie(value) if isinstance(value, str) and "://" in value else value for key, value in row.items()}
        for row in run(store, find_question(name), given).values()
    ]


def linked(release: Release) -> set[tuple[str, str, str]]:
    """What graph:linked of a release says, by CURIE or text."""
    store = ox.Store.read_only(str(release.index))
    quads = store.quads_for_pattern(None, None, None, ox.NamedNode(LINKED_GRAPH))
    return {tuple(curie(term.value) for term in quad.triple) for quad in quads}  # type: ignore[misc]


def of(release: Release, subject: str, predicate: str) -> set[str]:
    return {value for one, two, value in linked(release) if (one, two) == (subject, predicate)}


def test_ancestors_and_roles_are_closed_over_all_ontologies_together(data: Path) -> None:
    release = current_release(data)
    assert of(release, "CHEBI:50924", "eqp:externalAncestor") == {f"CHEBI:{n}" for n in (50924, 11, 12, 13)}
    assert of(release, "CHEBI:50924", "eqp:externalRole") == {"CHEBI:21", "CHEBI:22"}
    assert of(release, "CHEBI:50928", "eqp:externalAncestor") == {"CHEBI:50928", "CHEBI:14"}
    assert of(release, "CHEBI:50928", "eqp:externalRole") == set()  # it has sorafenib as a part, and no role of its own
    assert of(release, "CHEBI:11", "rdfs:isDefinedBy") == {
        "graph:ontology/external-classes",
        "graph:ontology/external-roles",
    }
    assert of(release, "CHEBI:50924", "rdfs:label") == {"sorafenib"}


def test_only_what_is_reached_is_in_the_graph(data: Path) -> None:
    subjects = {subject for subject, _, _ in linked(current_release(data))}
    assert {"CHEBI:50924", "CHEBI:13", "CHEBI:22"} <= subjects
    assert not {"CHEBI:99", "CHEBI:400000"} & subjects


def test_classes_that_go_round_are_each_above_the_term_once(data: Path) -> None:
    release = current_release(data)
    assert of(release, "CHEBI:12", "rdfs:subClassOf") == {"CHEBI:13"}
    assert of(release, "CHEBI:13", "rdfs:subClassOf") == {"CHEBI:12"}


def test_levels_of_a_code_need_no_file(store: EmbeddedStore) -> None:
    rows = store.query(f"SELECT ?c {{ <{ATC}L01FF02> <{EQP}externalAncestor> ?c }}").values()
    assert {row["c"].removeprefix(ATC) for row in rows} == {"L", "L01", "L01F", "L01FF", "L01FF02"}


def test_labels_of_codes_come_from_a_copy_that_writes_other_iris(data: Path, tmp_path: Path) -> None:
    other = "http://purl.bioontology.org/ontology/UATC/"
    label = "<http://www.w3.org/2004/02/skos/core#prefLabel>"
    kind = "<http://www.w3.org/1999/02/22-rdf-syntax-ns#type> <http://www.w3.org/2002/07/owl#Class>"
    copy = tmp_path / "atc.nt"
    copy.write_text(f'<{other}L01FF> {kind} .\n<{other}L01FF> {label} "PD-1 and PD-L1 inhibitors"@en .\n')
    build(shipped_records(), tmp_path / "data")
    assert of(served(tmp_path / "data", copy), "atc:L01FF", "rdfs:label") == {"PD-1 and PD-L1 inhibitors"}


def test_trial_is_found_by_a_role_through_the_arm_that_has_the_drug(across: EmbeddedStore) -> None:
    (row,) = asked(across, "trials-by-external-class", **{"class": "CHEBI:22"})
    assert (row["trial"], row["arm_label"], row["arm_role"]) == ("trial:NCT03764293", "Sorafenib", "active comparator")
    assert (row["class_label"], row["relation"]) == ("inhibitor", "eqp:externalRole")
    assert (row["given"], row["counted_as"], row["through"]) == ("drug:sorafenib", "drug:sorafenib", None)
    assert (row["identifier"], row["predicate"]) == ("CHEBI:50924", "skos:exactMatch")
    assert row["justification"] == "semapv:ManualMappingCuration"


@pytest.mark.parametrize("text", ["chebi:22", "CHEBI_22", "http://purl.obolibrary.org/obo/CHEBI_22"])
def test_class_may_be_spelled_in_any_way(across: EmbeddedStore, text: str) -> None:
    assert len(asked(across, "trials-by-external-class", **{"class": text})) == 1


def test_results_by_role_have_intervals_and_the_side_of_the_drug(across: EmbeddedStore) -> None:
    rows = asked(across, "results-by-external-class", **{"class": "CHEBI:21", "outcome": "OS", "measure": "HR"})
    assert [(str(row["value"]), str(row["lower"]), str(row["upper"]), row["side"]) for row in rows] == [
        ("0.64", "0.52", "0.79", "reference"),
        ("0.62", "0.49", "0.8", "reference"),
    ]
    assert {(row["identifier"], row["predicate"], str(row["confidence"])) for row in rows} == {
        ("CHEBI:50924", "skos:exactMatch", "0.95")
    }


def test_salt_counts_for_the_classes_of_its_base_and_says_so(across: EmbeddedStore) -> None:
    rows = asked(across, "external-classes-of-drug", drug="sorafenib tosylate")
    assert {(row["class"], row["relation"], row["through"]) for row in rows if row["system_label"] == "ChEBI"} == {
        ("CHEBI:14", "eqp:externalAncestor", None),
        ("CHEBI:11", "eqp:externalAncestor", "eqp:saltOf"),
        ("CHEBI:12", "eqp:externalAncestor", "eqp:saltOf"),
        ("CHEBI:13", "eqp:externalAncestor", "eqp:saltOf"),
        ("CHEBI:21", "eqp:externalRole", "eqp:saltOf"),
        ("CHEBI:22", "eqp:externalRole", "eqp:saltOf"),
    }


def test_trial_that_gives_a_salt_is_found_by_the_class_of_its_base(tmp_path: Path) -> None:
    record = shipped_records()[0].read_text()
    salted = tmp_path / "NCT03764293.yaml"
    salted.write_text(record.replace("- drug: sorafenib\n", "- drug: sorafenib-tosylate\n"))
    build([salted], tmp_path / "data")
    store = EmbeddedStore.of_release(current_release(tmp_path / "data"))
    (row,) = asked(store, "trials-by-external-class", **{"class": "ATC L01EX02"})
    assert (row["given"], row["through"], row["counted_as"]) == (
        "drug:sorafenib-tosylate",
        "eqp:saltOf",
        "drug:sorafenib",
    )


def test_broader_and_related_mappings_do_not_count(across: EmbeddedStore) -> None:
    assert {row["predicate"] for row in asked(across, "trials-by-external-class", **{"class": "ATC L"})} == {
        "skos:exactMatch"
    }
    assert asked(across, "trials-by-external-class", **{"class": "hgnc:6307"}) == []  # the gene, related to its product


def test_stale_mappings_say_how_the_term_stands_and_what_is_proposed(across: EmbeddedStore) -> None:
    rows = asked(across, "stale-mappings")
    found = {row["identifier"]: (row["standing_label"], row["proposed"], row["proposed_label"]) for row in rows}
    assert found["CHEBI:68647"] == ("replaced term", "CHEBI:16", "regorafenib anew")
    assert found["CHEBI:72317"] == ("deprecated term", None, None)
    assert found["CHEBI:85994"] == ("missing term", None, None)
    assert found["CHEBI:755209"] == ("newer term", None, None)
    assert "CHEBI:50924" not in found


def test_same_ontologies_give_the_same_graph_and_the_same_release(data: Path, tmp_path: Path) -> None:
    release = current_release(data)
    publish(assemble(shipped_records()), tmp_path)
    other = served(tmp_path, DATA / "external-roles.ttl", DATA / "external-classes.ttl")
    assert (other.id, other.manifest.graphs) == (release.id, release.manifest.graphs)
    again = linked_quads(release.quads_of({MAPPINGS_GRAPH}), release)
    assert set(again) == set(release.quads_of({LINKED_GRAPH}))


def test_build_keeps_what_the_ontologies_say_and_removal_takes_it_out(tmp_path: Path) -> None:
    build(shipped_records(), tmp_path)
    before = current_release(tmp_path)
    with_them = served(tmp_path, DATA / "external-roles.ttl", DATA / "external-classes.ttl")
    build(shipped_records(), tmp_path)
    assert current_release(tmp_path).id == with_them.id
    remove_ontology(tmp_path, "external-roles")
    assert of(current_release(tmp_path), "CHEBI:50924", "eqp:externalRole") == set()
    remove_ontology(tmp_path, "external-classes")
    assert current_release(tmp_path).id == before.id
