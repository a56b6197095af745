"""The protocol section of registry records as statements."""

import pyoxigraph as ox
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from equipoise.graph.registry.lines import registry_source
from equipoise.graph.registry.protocol.browse import mesh_iri
from equipoise.graph.registry.schema import check_study
from equipoise.ontology.iri import BASE, EQP
from equipoise.ontology.terms import vocabulary
from registry_studies import made_study, mapped, quads, real_studies, values


def test_trial_level_facts_stand_on_the_trial() -> None:
    study = mapped(made_study())
    assert values(study, "", "registryId") == {"NCT00000901"}
    assert values(study, "", "acronym") == {"MADE-R"}
    assert values(study, "", "phase") == {"Phase2", "Phase3"}
    assert values(study, "", "registryStatus") == {"Terminated"}
    assert values(study, "", "startDate") == {"2020-01"}
    assert values(study, "", "completionDateKind") == {"EstimatedValue"}
    assert values(study, "", "enrollment") == {"40"}
    assert values(study, "", "sponsor") == {"organization/made-hospital"}
    assert values(study, "", "minimumAge") == {"18"}
    assert values(study, "", "minimumAgeUnit") == {"a"}
    assert values(study, "", "maximumAge") == set()
    assert values(study, "", "maximumAgePrinted") == {"N/A"}


def test_conditions_are_kept_as_printed_and_known_where_the_whole_name_is_ours() -> None:
    study = mapped(made_study())
    assert values(study, "", "conditionPrinted") == {"hepatocellular Carcinoma", "Liver Cancer"}
    assert values(study, "", "condition") == {"HepatocellularCarcinoma"}
    assert values(study, "", "meshCondition") == {"http://id.nlm.nih.gov/mesh/D006528"}


def test_endpoint_has_an_outcome_only_where_the_whole_measure_is_its_name() -> None:
    study = mapped(made_study())
    assert values(study, "endpoint/primary/overall-survival-os", "outcome") == {"OverallSurvival"}
    assert values(study, "endpoint/secondary/overall-survival-at-12-months", "outcome") == set()


def test_endpoints_are_named_once_each_and_by_position_without_letters() -> None:
    study = mapped(made_study())
    assert {iri for iri in values(study, "", "hasEndpoint") if "secondary" in iri} == {
        "endpoint/secondary/overall-survival-at-12-months",
        "endpoint/secondary/2",
        "endpoint/secondary/quality-of-life",
        "endpoint/secondary/quality-of-life-2",
    }


def test_arm_gets_a_component_for_each_drug_that_is_known_by_its_whole_name() -> None:
    study = mapped(made_study())
    regimen = "arm/camrelizumab-apatinib/regimen"
    assert values(study, regimen, "hasComponent") == {f"{regimen}/camrelizumab", f"{regimen}/rivoceranib"}
    assert values(study, f"{regimen}/rivoceranib", "drugResolvedBy") == {"other names"}
    assert values(study, "arm/sorafenib/regimen/sorafenib-tosylate", "drugResolvedFrom") == {"Nexavar®"}
    assert values(study, "arm/sorafenib", "interventionPrinted") == {"Drug: Nothing listed"}


def test_dose_is_read_only_where_it_cannot_be_mistaken() -> None:
    study = mapped(made_study())
    first = "arm/camrelizumab-apatinib/regimen/camrelizumab"
    assert values(study, first, "doseValue") == {"200"}
    assert values(study, first, "doseUnit") == {"mg"}
    assert values(study, first, "route") == {"Intravenous"}
    assert values(study, first, "frequency") == {"EveryTwoWeeks"}
    second = "arm/camrelizumab-apatinib/regimen/rivoceranib"
    assert values(study, second, "doseValue") == set()
    assert values(study, second, "doseNotParsed") == {"true"}


def test_places_are_counts() -> None:
    study = mapped(made_study())
    assert values(study, "", "siteCount") == {"3"}
    assert values(study, "", "countryCount") == {"2"}
    assert values(study, "country/germany", "siteCount") == {"2"}
    assert values(study, "sites/Completed", "siteCount") == {"2"}


def test_nothing_that_is_said_of_a_person_is_stated() -> None:
    text = "".join(mapped(made_study()).lines.lines())
    assert "Nobody" not in text
    assert "Professor" not in text


def test_only_an_article_with_results_reports_the_trial() -> None:
    study = mapped(made_study())
    assert values(study, "", "reportedIn") == {"reference/123456"}
    assert values(study, "reference/123456", "url") == {"https://pubmed.ncbi.nlm.nih.gov/123456/"}


def test_source_says_which_version_was_read() -> None:
    said = {
        q.predicate.value: q.object
        for q in quads(mapped(made_study()))
        if q.subject.value == registry_source("NCT00000901")
    }
    assert said[EQP + "version"].value == "2021-04-01"
    assert said[EQP + "textHash"].value == "0" * 64
    assert said[EQP + "sourceKind"].value == EQP + "RegistryRecord"


@pytest.mark.parametrize(
    ("kind", "given_class", "joined"),
    [("OBSERVATIONAL", "ObservationalStudy", "hasCohort"), ("EXPANDED_ACCESS", "ExpandedAccessProgram", "hasCohort")],
)
def test_study_that_assigns_nobody_is_no_trial_and_has_cohorts(kind: str, given_class: str, joined: str) -> None:
    raw = made_study()
    raw["protocolSection"]["designModule"]["studyType"] = kind
    study = mapped(raw)
    kinds = {
        q.object.value
        for q in quads(study)
        if q.subject.value == study.lines.trial and q.predicate.value.endswith("#type")
    }
    assert kinds == {EQP + given_class}
    assert len(values(study, "", joined)) == 2
    assert values(study, "", "hasArm") == set()


@pytest.mark.parametrize(
    ("printed", "iri"),
    [
        ("D000006528", "http://id.nlm.nih.gov/mesh/D006528"),
        ("D006528", "http://id.nlm.nih.gov/mesh/D006528"),
        ("D000069444", "http://id.nlm.nih.gov/mesh/D000069444"),
        ("C000656314", "http://id.nlm.nih.gov/mesh/C000656314"),
        ("M2876", None),
        ("D1> <x", None),
    ],
)
def test_heading_of_mesh_has_the_iri_that_mesh_gives_it(printed: str, iri: str | None) -> None:
    assert mesh_iri(printed) == iri


def test_every_term_that_real_records_are_stated_with_is_in_the_vocabulary() -> None:
    known = {triple.subject.value for triple in vocabulary() if isinstance(triple.subject, ox.NamedNode)}
    used = set()
    for raw in real_studies():
        raw.pop("resultsSection", None)
        used |= {
            term.value
            for quad in quads(mapped(raw))
            for term in (quad.predicate, quad.object)
            if isinstance(term, ox.NamedNode) and term.value.startswith((EQP, BASE + "drug/"))
        }
    assert len(used) > 150
    assert used - known == set()


TEXT = st.text(max_size=30)
TEXTS = st.lists(TEXT, max_size=3)


def optional(**keys: st.SearchStrategy) -> st.SearchStrategy:
    return st.fixed_dictionaries({}, optional=keys)


OUTCOMES = st.lists(optional(measure=TEXT, timeFrame=TEXT, description=TEXT), max_size=3)
STUDIES = st.fixed_dictionaries(
    {
        "protocolSection": st.fixed_dictionaries(
            {
                "identificationModule": st.fixed_dictionaries(
                    {"nctId": st.just("NCT00000901")},
                    optional={
                        "briefTitle": TEXT,
                        "acronym": TEXT,
                        "nctIdAliases": TEXTS,
                        "secondaryIdInfos": st.lists(optional(id=TEXT, type=TEXT, link=TEXT), max_size=3),
                        "organization": optional(fullName=TEXT),
                    },
                )
            },
            optional={
                "statusModule": optional(
                    overallStatus=TEXT, whyStopped=TEXT, startDateStruct=optional(date=TEXT, type=TEXT)
                ),
                "conditionsModule": optional(conditions=TEXTS, keywords=TEXTS),
                "designModule": optional(
                    studyType=st.sampled_from(["INTERVENTIONAL", "OBSERVATIONAL", "?"]), phases=TEXTS
                ),
                "armsInterventionsModule": optional(
                    armGroups=st.lists(
                        optional(label=TEXT, type=TEXT, description=TEXT, interventionNames=TEXTS), max_size=3
                    ),
                    interventions=st.lists(
                        optional(type=TEXT, name=TEXT, description=TEXT, otherNames=TEXTS, armGroupLabels=TEXTS),
                        max_size=3,
                    ),
                ),
                "outcomesModule": optional(primaryOutcomes=OUTCOMES, otherOutcomes=OUTCOMES),
                "eligibilityModule": optional(minimumAge=TEXT, sex=TEXT, stdAges=TEXTS),
                "contactsLocationsModule": optional(
                    locations=st.lists(optional(country=TEXT, status=TEXT), max_size=3)
                ),
                "referencesModule": optional(
                    references=st.lists(optional(pmid=TEXT, type=TEXT, citation=TEXT), max_size=3),
                    seeAlsoLinks=st.lists(optional(label=TEXT, url=TEXT), max_size=2),
                ),
            },
        )
    },
    optional={
        "derivedSection": optional(
            conditionBrowseModule=optional(meshes=st.lists(optional(id=TEXT, term=TEXT), max_size=2))
        ),
        "hasResults": st.booleans(),
    },
)


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(STUDIES)
def test_whatever_the_texts_every_line_is_a_quad_in_the_form_that_engines_give_back(raw: dict) -> None:
    check_study(raw, where="made")
    lines = mapped(raw).lines.lines()
    read = list(ox.parse("".join(lines), format=ox.RdfFormat.N_QUADS))
    assert sorted(f"{quad} .\n" for quad in read) == sorted(lines)
