"""What follows from registry records: the same as the rules infer from the whole of them."""

import itertools

import pyoxigraph as ox

from equipoise.graph.registry.inferred import inferred_triples
from equipoise.graph.registry.study import MappedStudy
from equipoise.ontology.iri import EQP
from equipoise.ontology.reasoner import infer_by_rules
from equipoise.ontology.terms import vocabulary
from registry_studies import made_study, mapped, quads, real_studies


def by_rules(studies: list[MappedStudy]) -> set[str]:
    known = infer_by_rules(vocabulary()).triples
    triples = [quad.triple for study in studies for quad in quads(study)]
    return {str(triple) for triple in infer_by_rules([*vocabulary(), *triples]).triples - known}


def by_combinations(studies: list[MappedStudy]) -> set[str]:
    lines = "".join(f"{triple}.\n" for study in studies for triple in inferred_triples(study))
    return {str(quad.triple) for quad in ox.parse(lines, format=ox.RdfFormat.N_TRIPLES)}


def test_classes_of_real_records_are_those_that_the_rules_infer() -> None:
    studies = []
    for raw in itertools.islice(real_studies(), 0, None, 4):
        raw.pop("resultsSection", None)
        studies.append(mapped(raw))
    found = by_combinations(studies)
    assert found == by_rules(studies)
    assert len(found) > 100


def variants() -> list[MappedStudy]:
    """The made record with other drugs and roles, each under a number of its own."""
    drugs = ["Camrelizumab", "Sorafenib tosylate", "Avastin", "Placebo", "Lenvatinib", "Water"]
    studies = []
    for number, (first, second) in enumerate(itertools.permutations(drugs, 2)):
        raw = made_study()
        protocol = raw["protocolSection"]
        protocol["identificationModule"]["nctId"] = f"NCT{number:08}"
        groups = protocol["armsInterventionsModule"]
        groups["interventions"] = [{"type": "DRUG", "name": first}, {"type": "DRUG", "name": second}]
        groups["armGroups"] = [
            {"label": "both", "type": "EXPERIMENTAL", "interventionNames": [f"Drug: {first}", f"Drug: {second}"]},
            {
                "label": "one",
                "type": ["ACTIVE_COMPARATOR", "OTHER", "UNHEARD"][number % 3],
                "interventionNames": [f"Drug: {first}"],
            },
        ]
        if number % 7 == 6:
            protocol["designModule"]["studyType"] = "OBSERVATIONAL"
        studies.append(mapped(raw))
    return studies


def test_classes_of_made_combinations_are_those_that_the_rules_infer() -> None:
    studies = variants()
    found = by_combinations(studies)
    assert found == by_rules(studies)
    assert any(f"{EQP}PD1AxisPlusVEGFAxisTrial" in triple for triple in found)


def test_nothing_that_is_stated_is_inferred_again() -> None:
    study = mapped(made_study())
    stated = {str(quad.triple) for quad in quads(study)}
    assert stated.isdisjoint(by_combinations([study]))
