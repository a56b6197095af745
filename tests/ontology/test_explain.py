"""Why something follows: every inference has a proof that rests on what is stated, and nothing else has one."""

import random

import pyoxigraph as ox
import pytest
from hypothesis import given, settings
from hypothesis import strategies as some

from equipoise.graph.stated import stated, stated_vocabulary
from equipoise.graph.store.embedded import EmbeddedStore
from equipoise.ontology.axioms import read_axioms
from equipoise.ontology.errors import MembershipError, ParameterError, UnknownNameError
from equipoise.ontology.explain import Proof, explain
from equipoise.ontology.iri import EQP, expand, mint
from equipoise.ontology.rdf import RDF_TYPE, RDFS_LABEL, SKOS
from equipoise.ontology.reasoner import INFERRED_GRAPH, infer_by_rules
from equipoise.queries.explanation import explain_membership

BROADER_TRANSITIVE = ox.NamedNode(SKOS + "broaderTransitive")
SUBCLASS = ox.NamedNode("http://www.w3.org/2000/01/rdf-schema#subClassOf")
AXIOM_PARTS = ("equivalentClass", "subClassOf", "domain", "range", "propertyChainAxiom")


def every(proof: Proof) -> list[Proof]:
    return [proof, *(inner for step in proof.because for inner in every(step))]


@pytest.fixture(scope="module")
def quads(release) -> list[ox.Quad]:
    return list(release.quads())


@pytest.fixture(scope="module")
def inferred(quads: list[ox.Quad]) -> set[ox.Triple]:
    """What was inferred about things. Labels and closures of what is stated are no memberships, and have no proofs."""
    return {
        quad.triple
        for quad in quads
        if quad.graph_name.value == INFERRED_GRAPH and quad.predicate not in (RDFS_LABEL, BROADER_TRANSITIVE, SUBCLASS)
    }


@pytest.fixture(scope="module")
def asserted(quads: list[ox.Quad]) -> set[ox.Triple]:
    return {quad.triple for quad in quads if quad.graph_name.value != INFERRED_GRAPH}


def test_every_inference_of_the_release_rests_on_what_is_stated(
    store: EmbeddedStore, inferred: set[ox.Triple], asserted: set[ox.Triple]
) -> None:
    axioms, look_up = read_axioms(stated_vocabulary(store)), stated(store)
    assert len(inferred) > 100
    for triple in sorted(inferred, key=str):
        proof = explain(triple, axioms, look_up)
        assert proof is not None, triple
        assert proof.statement == triple
        for step in every(proof):
            assert isinstance(step.statement.object, ox.NamedNode), step
            if not step.because:
                assert (step.rule, step.axiom) == ("stated", None)
                assert step.statement in asserted
            else:
                assert step.axiom is not None, step
                assert step.axiom.predicate.value.rpartition("#")[2] in AXIOM_PARTS
                assert len(axioms.text(step.axiom)) > 10


def test_nothing_else_can_be_explained(
    store: EmbeddedStore, inferred: set[ox.Triple], asserted: set[ox.Triple]
) -> None:
    axioms, look_up = read_axioms(stated_vocabulary(store)), stated(store)
    things = sorted({triple.subject.value for triple in inferred})
    classes = sorted(iri for iri in axioms.classes if iri.startswith(EQP))
    pairs = [(thing, owl_class) for thing in things for owl_class in classes]
    false = [
        triple
        for thing, owl_class in pairs
        if (triple := ox.Triple(ox.NamedNode(thing), RDF_TYPE, ox.NamedNode(owl_class))) not in inferred | asserted
    ]
    assert len(false) > 1000
    for triple in random.Random(1).sample(false, 400):
        assert explain(triple, axioms, look_up) is None, triple


def test_trial_is_explained_down_to_the_mechanisms(store: EmbeddedStore) -> None:
    explanation = explain_membership(store, "trial:NCT03764293", "eqp:PD1AxisPlusVEGFAxisTrial")
    said = [(step.depth, step.says, step.why) for step in explanation.steps()]
    arm = "Camrelizumab plus rivoceranib"
    regimen = "camrelizumab 200 mg intravenous every two weeks + rivoceranib 250 mg oral once daily"
    assert said[0] == (
        0,
        "CARES-310 is a PD-1 axis plus VEGF axis trial",
        "definition: PD-1 axis plus VEGF axis trial ≡ trial and "
        "(has arm some (experimental arm and PD-1 axis plus VEGF axis arm))",
    )
    spoken = [line for _, line, _ in said]
    assert f"CARES-310 → has arm → {arm}" in spoken
    assert f"{arm} → role → experimental" in spoken
    assert any(line.startswith(f"{arm} → has regimen → ") for line in spoken), regimen
    chain = next(line for line in said if line[1] == "camrelizumab → has mechanism → PD-1 axis blockade")
    assert chain[2].startswith("chain: “has mechanism”, then “skos:broader”")
    after = said[said.index(chain) + 1 :][:2]
    assert [line[1:] for line in after] == [
        ("camrelizumab → has mechanism → PD-1 blockade", "stated in graph:vocabulary"),
        ("PD-1 blockade → skos:broader → PD-1 axis blockade", "stated in graph:vocabulary"),
    ]


def test_proof_is_as_short_as_can_be(store: EmbeddedStore) -> None:
    """KDR is a concept because every target is one: two steps, though other ways lead there too."""
    explanation = explain_membership(store, "eqp:KDR", "skos:Concept")
    assert [step.says for step in explanation.steps()] == ["KDR is a skos:Concept", "KDR is a target"]
    assert explanation.steps()[0].why == "subclass: every target is a skos:Concept"


def test_document_says_the_same_as_the_steps(store: EmbeddedStore) -> None:
    explanation = explain_membership(store, "drug:sorafenib-tosylate", "eqp:AntiangiogenicAgent")
    document = explanation.document()
    assert document["thing"] == {"iri": mint("drug", "sorafenib-tosylate"), "label": "sorafenib tosylate"}
    assert document["release"] == store.release
    assert document["steps"] == len(explanation.steps())

    def leaves(branch: dict) -> list[dict]:
        return [branch] if not branch["because"] else [leaf for step in branch["because"] for leaf in leaves(step)]

    assert {leaf["graph"] for leaf in leaves(document["proof"])} == {mint("graph", "vocabulary")}
    assert {leaf["rule"] for leaf in leaves(document["proof"])} == {"stated"}


@pytest.mark.parametrize(
    ("thing", "owl_class", "error", "message"),
    [
        ("drug:none", "eqp:Drug", UnknownNameError, "thing: nothing is known of drug:none"),
        ("drug:sorafenib", "eqp:Drugs", UnknownNameError, "did you mean eqp:Drug?"),
        ("drug:sorafenib", "drug:sorafenib", UnknownNameError, "class: there is none called 'drug:sorafenib'"),
        ("drug:sorafenib", "eqp:PD1Inhibitor", MembershipError, "is not in eqp:PD1Inhibitor; it is in eqp:Antiang"),
        ("sorafenib", "eqp:Drug", ParameterError, "thing: is 'sorafenib'; must be an absolute"),
        ("drug:sorafenib", "http://[", ParameterError, "class: is 'http"),
    ],
)
def test_what_cannot_be_explained_is_said(
    store: EmbeddedStore, thing: str, owl_class: str, error: type[Exception], message: str
) -> None:
    with pytest.raises(error) as raised:
        explain_membership(store, thing, owl_class)
    assert message in str(raised.value)


PREFIXES = """@prefix eqp: <https://w3id.org/equipoise/vocab/> . @prefix owl: <http://www.w3.org/2002/07/owl#> .
@prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> ."""


def parsed(text: str) -> list[ox.Triple]:
    return [quad.triple for quad in ox.parse(PREFIXES + text, format=ox.RdfFormat.TURTLE)]


def proof_of(triples: list[ox.Triple], statement: ox.Triple) -> Proof | None:
    """What the prover says of a statement over these triples, all of them stated in one graph."""
    store = ox.Store()
    graph = ox.NamedNode(mint("graph", "made"))
    store.extend(ox.Quad(triple.subject, triple.predicate, triple.object, graph) for triple in triples)
    return explain(statement, read_axioms(triples), lambda *pattern: store.quads_for_pattern(*pattern, None))


def test_cycles_of_axioms_do_not_catch_it() -> None:
    triples = parsed("eqp:A rdfs:subClassOf eqp:B . eqp:B rdfs:subClassOf eqp:C . eqp:C rdfs:subClassOf eqp:A .")
    proof = proof_of([*triples, *parsed("eqp:x a eqp:C .")], *parsed("eqp:x a eqp:B ."))
    assert proof is not None
    assert [step.statement.object.value for step in every(proof)] == [EQP + name for name in "BAC"]
    assert proof_of(triples, *parsed("eqp:x a eqp:B .")) is None


CLASSES = [f"C{number}" for number in range(5)]
PROPERTIES = ["p", "q", "r"]
THINGS = ["x", "y", "z"]
owl_class, owl_property, thing = some.sampled_from(CLASSES), some.sampled_from(PROPERTIES), some.sampled_from(THINGS)
axiom = some.one_of(
    some.builds("eqp:{} rdfs:subClassOf eqp:{} .".format, owl_class, owl_class),
    some.builds("eqp:{} rdfs:domain eqp:{} .".format, owl_property, owl_class),
    some.builds("eqp:{} rdfs:range eqp:{} .".format, owl_property, owl_class),
    some.builds("eqp:{} owl:propertyChainAxiom ( eqp:{} eqp:{} ) .".format, owl_property, owl_property, owl_property),
    some.builds(
        (
            "eqp:{} owl:equivalentClass [ owl:intersectionOf ( "
            "eqp:{} [ owl:onProperty eqp:{} ; owl:hasValue eqp:{} ] ) ] ."
        ).format,
        owl_class,
        owl_class,
        owl_property,
        thing,
    ),
    some.builds(
        "eqp:{} owl:equivalentClass [ owl:onProperty eqp:{} ; owl:someValuesFrom eqp:{} ] .".format,
        owl_class,
        owl_property,
        owl_class,
    ),
    some.builds(
        "eqp:{} owl:equivalentClass [ owl:unionOf ( eqp:{} eqp:{} ) ] .".format, owl_class, owl_class, owl_class
    ),
)
fact = some.one_of(
    some.builds("eqp:{} a eqp:{} .".format, thing, owl_class),
    some.builds("eqp:{} eqp:{} eqp:{} .".format, thing, owl_property, thing),
)


@given(some.lists(axiom, max_size=5), some.lists(fact, min_size=1, max_size=5))
@settings(max_examples=150, deadline=None)
def test_prover_and_rules_agree_on_made_ontologies(axioms: list[str], facts: list[str]) -> None:
    """Whatever the rules infer has a proof; whatever has a proof is inferred or stated."""
    declared = " ".join(f"eqp:{name} a owl:ObjectProperty ." for name in PROPERTIES)
    members = " ".join(f"eqp:{name} a eqp:Thing ." for name in THINGS)
    triples = parsed(" ".join([declared, members, *axioms, *facts]))
    holds = set(triples) | infer_by_rules(triples).triples
    backwards = "hasValue" in " ".join(axioms) and "range" in " ".join(axioms)
    for name in THINGS:
        for wanted in CLASSES:
            statement = ox.Triple(ox.NamedNode(EQP + name), RDF_TYPE, ox.NamedNode(EQP + wanted))
            proof = proof_of(triples, statement)
            if proof is not None:
                assert statement in holds
                assert all(leaf.statement in triples for leaf in proof.leaves())
            elif not backwards:  # a value that only a restriction gives is not followed backwards to a range
                assert statement not in holds


def test_curies_and_iris_are_both_understood(store: EmbeddedStore) -> None:
    short = explain_membership(store, "drug:camrelizumab", "eqp:PD1Inhibitor")
    long = explain_membership(store, expand("drug:camrelizumab") or "", expand("eqp:PD1Inhibitor") or "")
    assert short.document() == long.document()
