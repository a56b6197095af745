"""The vocabulary as published: every term named, defined and in its place."""

import json
import re
from collections import Counter, defaultdict

import pyoxigraph as ox
import pytest

from equipoise.ontology.iri import EQP, curie, expand, local_path, mint, prefixes, slug
from equipoise.ontology.rdf import RDF_TYPE, SKOS, text_of
from equipoise.ontology.terms import MODULES, allowed_text, load_terms, read_module, vocabulary
from support import ROOT

OWL = "http://www.w3.org/2002/07/owl#"
TERM_TYPES = {OWL + name for name in ("Class", "ObjectProperty", "DatatypeProperty", "AnnotationProperty")}
TERM_TYPES |= {SKOS + "Concept", SKOS + "ConceptScheme"}
SUBCLASS_OF = "http://www.w3.org/2000/01/rdf-schema#subClassOf"
READ = ("ttl", "rq", "ru", "py", "html", "md")


def facts() -> dict[str, dict[str, list[str]]]:
    found: dict[str, dict[str, list[str]]] = defaultdict(lambda: defaultdict(list))
    for triple in vocabulary():
        if isinstance(triple.subject, ox.NamedNode):
            found[triple.subject.value][triple.predicate.value].append(text_of(triple.object))
    return found


FACTS = facts()
TERM_TYPES |= {iri for iri, known in FACTS.items() if SKOS + "Concept" in known[SUBCLASS_OF]}
TERMS = sorted(iri for iri, known in FACTS.items() if iri.startswith(EQP) and TERM_TYPES & set(known[RDF_TYPE.value]))


def test_there_are_terms() -> None:
    assert len(TERMS) > 250


@pytest.mark.parametrize("iri", TERMS)
def test_term_has_one_label_and_one_definition(iri: str) -> None:
    labels, definitions = FACTS[iri][SKOS + "prefLabel"], FACTS[iri][SKOS + "definition"]
    assert len(labels) == 1
    assert len(definitions) == 1
    assert definitions[0].endswith(".")
    assert not definitions[0].startswith(("a ", "the "))


@pytest.mark.parametrize("iri", [iri for iri in TERMS if OWL + "Class" in FACTS[iri][RDF_TYPE.value]])
def test_class_is_upper_camel_and_has_an_example(iri: str) -> None:
    assert re.fullmatch(r"[A-Z][A-Za-z0-9]*", iri.removeprefix(EQP))
    assert len(FACTS[iri][SKOS + "example"]) == 1


@pytest.mark.parametrize("iri", [iri for iri in TERMS if "Property" in "".join(FACTS[iri][RDF_TYPE.value])])
def test_property_is_lower_camel_and_has_an_example_or_is_an_annotation(iri: str) -> None:
    assert re.fullmatch(r"[a-z][A-Za-z0-9]*", iri.removeprefix(EQP))
    assert len(FACTS[iri][SKOS + "example"]) == 1


def test_every_label_of_a_scheme_is_its_own() -> None:
    for scheme, values in load_terms().schemes.items():
        names = [name.casefold() for term in values.values() for name in {term.name, term.label, *term.synonyms}]
        repeated = [name for name, count in Counter(names).items() if count > 1 and not _one_term(values, name)]
        assert repeated == [], scheme


def _one_term(values: dict, name: str) -> bool:
    return (
        sum(name in {known.casefold() for known in (term.name, term.label, *term.synonyms)} for term in values.values())
        == 1
    )


def test_every_term_that_is_used_is_defined() -> None:
    used = {
        text_of(part)
        for triple in vocabulary()
        for part in (triple.predicate, triple.object)
        if isinstance(part, ox.NamedNode) and part.value.startswith(EQP) and "." not in part.value.removeprefix(EQP)
    }
    assert used - set(TERMS) - {EQP} == set()


def words(text: str) -> set[str]:
    return set(re.findall(r"[a-z0-9]+", text.lower()))


STOP_WORDS = words("a an and at by for from has in is of on or that the to which")


def unknown_names(text: str) -> set[str]:
    """The eqp: names in a text that no Turtle file describes."""
    used = set(re.findall(r"\beqp:([A-Za-z][A-Za-z0-9]*)", text))
    return {name for name in used if EQP + name not in TERMS and not name.endswith("Shape")}


def read_files() -> list:
    """The files of the house that may name a term, but for decisions and changes, which speak of names given up."""
    folders = [ROOT / name for name in ("ontology", "graph", "queries", "api", "docs", "examples")]
    found = [path for folder in folders for path in sorted(folder.rglob("*")) if path.suffix[1:] in READ]
    return [*(path for path in found if "decisions" not in path.parts), ROOT / "README.md"]


def test_every_term_that_a_file_names_is_defined() -> None:
    unknown = {path.relative_to(ROOT): unknown_names(path.read_text()) for path in read_files()}
    assert {path: names for path, names in unknown.items() if names} == {}
    assert unknown_names("eqp:HazardRatio of eqp:Happiness") == {"Happiness"}


@pytest.mark.parametrize("iri", TERMS)
def test_definition_says_more_than_the_label_and_the_name(iri: str) -> None:
    (label,), (definition,) = FACTS[iri][SKOS + "prefLabel"], FACTS[iri][SKOS + "definition"]
    spoken = re.sub(r"(?<=[a-z0-9])(?=[A-Z])", " ", iri.removeprefix(EQP))
    assert words(definition) - words(label) - words(spoken) - STOP_WORDS


@pytest.mark.parametrize("iri", [iri for iri in TERMS if OWL + "Class" in FACTS[iri][RDF_TYPE.value]])
def test_class_is_named_by_a_noun_in_the_singular(iri: str) -> None:
    (label,) = FACTS[iri][SKOS + "prefLabel"]
    assert not label.startswith(("has ", "is "))
    assert not re.search(r"[^si]s$", label)


@pytest.mark.parametrize("module", MODULES)
def test_file_has_its_terms_in_order_within_a_block(module: str) -> None:
    text = (ROOT / "ontology" / f"{module}.ttl").read_text()
    for block in re.split(r"(?m)^# .*$", text):
        names = [
            name for name in re.findall(r"(?m)^(?:eqp|drug):([A-Za-z0-9-]+) a ", block) if not name.endswith("Scheme")
        ]
        assert names == sorted(names)
    assert len(read_module(module)) > 20


def test_prefix_map_is_the_one_that_the_turtle_files_use() -> None:
    known = json.loads((ROOT / "ontology" / "prefixes.json").read_text())
    for path in (ROOT / "ontology").glob("*.ttl"):
        declared = dict(re.findall(r"@prefix (\w+): <([^>]+)>", path.read_text()))
        assert {name: known.get(name) for name in declared} == declared, path.name


def test_iri_becomes_a_curie_and_back() -> None:
    for iri in (EQP + "HazardRatio", mint("trial", "NCT03764293"), mint("drug", "sorafenib")):
        assert expand(curie(iri)) == iri
    assert curie("urn:other") == "urn:other"
    assert expand("nothing:here") is None
    assert expand("no colon") is None
    assert set(prefixes()) >= {"eqp", "drug", "skos"}


def test_path_of_an_iri_is_the_path_of_the_server() -> None:
    assert local_path(mint("drug", "sorafenib")) == "/drug/sorafenib"
    assert local_path("https://doi.org/10.1/x") is None


@pytest.mark.parametrize(
    ("text", "expected"),
    [("Jiangsu HengRui Medicine Co., Ltd.", "jiangsu-hengrui-medicine-co-ltd"), ("Évry 2", "evry-2")],
)
def test_slug_is_readable(text: str, expected: str) -> None:
    assert slug(text) == expected


def test_slug_of_nothing_is_refused() -> None:
    with pytest.raises(ValueError, match="no letter or digit"):
        slug("—")


def test_what_is_allowed_is_said_with_the_likeliest() -> None:
    assert allowed_text(["alpha", "beta"], "alpa") == "must be one of alpha, beta (did you mean alpha?)"
    many = [f"name-{number}" for number in range(200)]
    assert len(allowed_text(many, "name-7")) < 1200
