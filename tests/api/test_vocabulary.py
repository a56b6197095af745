"""The published vocabulary: every term has a page in every form, in its place, with its uses and a query."""

import re
from collections import Counter
from collections.abc import Iterable
from html import unescape
from urllib.parse import parse_qs, urlsplit
from xml.etree import ElementTree

import httpx
import pyoxigraph as ox
import pytest
import rdflib
from rdflib import DCTERMS, RDFS, SKOS, VOID

from equipoise.api.pages.diagram import ANYTHING, Joint, core_diagram, diagram_file, lay_out
from equipoise.api.pages.expression import as_text
from equipoise.api.pages.vocabulary import mechanism_tree, term_view
from equipoise.graph.release import Release
from equipoise.graph.store.embedded import EmbeddedStore
from equipoise.ontology.iri import EQP, mint
from equipoise.ontology.rdf import serialized, text_of
from equipoise.ontology.terms import vocabulary
from support import problem

EQPN = rdflib.Namespace(EQP)
SH = rdflib.Namespace("http://www.w3.org/ns/shacl#")
HTML = {"Accept": "text/html"}
LABELS = {text_of(triple.subject): text_of(triple.object) for triple in vocabulary() if "#prefLabel" in str(triple)}
TERMS = sorted(iri for iri in LABELS if iri.startswith(EQP))


def local(iri: str) -> str:
    return "/vocab/" + iri.removeprefix(EQP)


def graph_of(quads: Iterable[ox.Quad]) -> rdflib.Graph:
    return rdflib.Graph().parse(data=serialized([quad.triple for quad in quads], ox.RdfFormat.N_TRIPLES), format="nt")


@pytest.mark.parametrize("iri", TERMS)
def test_term_has_a_view_whose_query_returns_rows(store: EmbeddedStore, iri: str) -> None:
    view = term_view(store, iri)
    assert view is not None
    assert (view.label, view.definition.endswith(".")) == (LABELS[iri], True)
    assert view.kind != "concept" or view.relations[0].name == "scheme"
    assert len(store.query(view.example_query)) > 0
    assert view.used == 0 or f"eqp:{iri.removeprefix(EQP)}" in view.example_query


def test_every_term_is_served_in_every_form(client: httpx.Client) -> None:
    for iri in TERMS:
        document = client.get(local(iri), headers={"Accept": "application/json"}).json()
        assert (document["iri"], document["label"]) == (iri, LABELS[iri])
        page = client.get(local(iri), headers=HTML)
        assert page.status_code == 200
        assert "It is not used in this release." in page.text or document["used"]


@pytest.mark.parametrize(
    "name", ["Contrast", "CheckpointInhibitor", "hasTarget", "PD1Blockade", "OutcomeScheme", "value"]
)
def test_graph_of_a_term_says_its_uses_and_its_query(client: httpx.Client, release: Release, name: str) -> None:
    graphs = [
        rdflib.Graph().parse(data=client.get(f"/vocab/{name}", headers={"Accept": accept}).text, format=parser)
        for accept, parser in (("text/turtle", "turtle"), ("application/ld+json", "json-ld"))
    ]
    assert len(graphs[0]) == len(graphs[1])
    document = client.get(f"/vocab/{name}").json()
    for graph in graphs:
        assert graph.value(EQPN[name], SKOS.definition) == rdflib.Literal(document["definition"], lang="en")
        assert str(graph.value(EQPN[name + "#example"], SH.select)) == document["example_query"]
        counted = [*graph.objects(None, VOID.entities), *graph.objects(None, VOID.triples)]
        assert sum(int(count) for count in counted) == document["used"] > 0
        assert set(graph.objects(None, DCTERMS.isPartOf)) == {rdflib.URIRef(mint("release", release.id))}


def test_uses_are_those_of_the_release(client: httpx.Client, release: Release) -> None:
    graph = graph_of(quad for quad in release.quads() if not quad.graph_name.value.endswith(("vocabulary", "inferred")))
    contrasts = len(set(graph.subjects(rdflib.RDF.type, EQPN.Contrast)))
    values = len(set(graph.subject_objects(EQPN.value)))
    survival = Counter(str(prop) for _, prop in graph.subject_predicates(EQPN.OverallSurvival))
    assert client.get("/vocab/Contrast").json()["used"] == contrasts > 0
    assert client.get("/vocab/value").json()["used"] == values > 0
    assert client.get("/vocab/OverallSurvival").json()["used_by_property"] == survival


def test_place_in_the_hierarchy(client: httpx.Client) -> None:
    def named(name: str) -> dict[str, set[str]]:
        relations = client.get(f"/vocab/{name}").json()["relations"]
        return {relation: {other["label"] for other in others} for relation, others in relations.items()}

    assert named("Estimate")["subclass"] == {"baseline estimate", "safety estimate"}
    assert named("SafetyEstimate")["superclass"] == {"estimate"}
    assert named("PD1Blockade")["broader"] == {"PD-1 axis blockade"}
    assert "PD-1 blockade" in named("PD1AxisBlockade")["narrower"]
    assert named("hasArm")["domain"] == {"trial"}
    assert named("hasArm")["range"] == {"arm"}
    assert named("analysis")["used with"] >= {"contrast", "estimate"}
    assert "has arm" in named("Arm")["leads here"]
    assert named("outcome")["values of"] == {"outcomes"}
    assert "overall survival" in named("OutcomeScheme")["concept"]
    assert re.search(r"Acts on</dt><dd>.*PDCD1</a>", client.get("/vocab/PD1Blockade", headers=HTML).text)
    page = client.get("/vocab/SafetyEstimate", headers=HTML).text
    assert 'From <a href="/vocab/Estimate">estimate</a>' in page


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("CheckpointInhibitor", "drug with the mechanism immune checkpoint blockade"),
        ("ComparatorArm", "arm with the role active comparator or with the role placebo comparator"),
        (
            "CheckpointPlusAntiangiogenicRegimen",
            "regimen with a component with a drug that is a checkpoint inhibitor, "
            "and with a component with a drug that is an antiangiogenic agent",
        ),
        (
            "VEGFAxisControlledTrial",
            "trial with an arm that is a comparator arm and VEGF axis inhibitor arm",
        ),
    ],
)
def test_defined_class_is_said_in_words(store: EmbeddedStore, name: str, words: str) -> None:
    view = term_view(store, EQP + name)
    assert view is not None
    assert [as_text(pieces) for pieces in view.definitions] == [words]


def test_property_chains_are_said_in_words(store: EmbeddedStore) -> None:
    view = term_view(store, EQP + "hasMechanism")
    assert view is not None
    assert {"has mechanism, then skos:broader", "salt of, then has mechanism"} <= {as_text(one) for one in view.chains}


def test_alignment_is_shown_with_label_system_and_version(client: httpx.Client) -> None:
    listed = client.get("/vocab/ConfidenceInterval").json()["alignments"]
    (found,) = [row for row in listed if row["other"].endswith("/STATO_0000196")]
    assert (found["other_label"], found["version"], found["confidence"]) == ("confidence interval", "RC1.4", "seen")
    page = client.get("/vocab/ConfidenceInterval", headers=HTML).text
    assert "In other vocabularies" in page
    assert "http://purl.obolibrary.org/obo/STATO_0000196" in page
    graph = rdflib.Graph().parse(data=client.get("/vocab/ConfidenceInterval?format=ttl").text, format="turtle")
    assert (None, rdflib.OWL.annotatedTarget, rdflib.URIRef(found["other"])) in graph


def test_query_of_a_page_runs_in_the_editor(client: httpx.Client) -> None:
    page = client.get("/vocab/HazardRatio", headers=HTML).text
    (link,) = re.findall(r'href="(/sparql\?[^"]+)"', page)
    (query,) = parse_qs(urlsplit(unescape(link)).query)["query"]
    assert "?property eqp:HazardRatio" in query
    assert "effectMeasure" in client.get(unescape(link), headers=HTML).text


def test_unknown_term_is_refused_with_the_likeliest(client: httpx.Client) -> None:
    document = problem(client.get("/vocab/HazardRation"))
    assert document["status"] == 404
    assert "did you mean HazardRatio?" in document["detail"]


def test_index_names_every_term(client: httpx.Client) -> None:
    listed = {row["term"] for row in client.get("/vocab").json()["terms"]}
    assert listed == set(TERMS)
    page = client.get("/vocab/", headers=HTML).text
    assert {unescape(path) for path in re.findall(r'href="(/vocab/[A-Za-z0-9]+)"', page)} >= {
        local(iri) for iri in TERMS
    }
    graph = rdflib.Graph().parse(data=client.get("/vocab?format=ttl").text, format="turtle")
    assert len(graph) == len(vocabulary())
    assert (rdflib.URIRef(EQP), rdflib.RDF.type, rdflib.OWL.Ontology) in graph


def test_mechanisms_are_listed_in_every_form(client: httpx.Client) -> None:
    listed = {entry["label"]: entry for entry in client.get("/mechanisms").json()["mechanisms"]}
    assert listed["PD-1 blockade"]["targets"] == [EQP + "PDCD1"]
    assert mint("drug", "camrelizumab") in listed["PD-1 blockade"]["drugs"]
    for accept, parser in (("text/turtle", "turtle"), ("application/ld+json", "json-ld")):
        graph = rdflib.Graph().parse(data=client.get("/mechanisms", headers={"Accept": accept}).text, format=parser)
        assert len(set(graph.subjects(rdflib.RDF.type, EQPN.Mechanism))) == len(listed)
    page = client.get("/mechanisms", headers=HTML).text
    assert all(f">{label}</a>" in page for label in listed)


def test_mechanism_with_two_above_it_stands_under_both_and_a_circle_ends() -> None:
    def row(name: str, broader: str | None) -> dict[str, str | None]:
        rest = dict.fromkeys(("target", "target_label", "drug", "drug_label"))
        return {"mechanism": name, "label": name, "definition": "-", "broader": broader, **rest}

    tree = mechanism_tree([row("a", None), row("b", None), row("c", "a"), row("c", "b"), row("d", "c"), row("c", "d")])
    assert [root.link.text for root in tree] == ["a", "b"]
    for root in tree:
        assert [below.link.text for below in root.narrower] == ["c"]
        assert [below.link.text for below in root.narrower[0].narrower] == ["d"]
        assert root.narrower[0].narrower[0].narrower == ()


def test_outcomes_are_listed_in_every_form_with_links_that_return_rows(client: httpx.Client) -> None:
    listed = {row["label"]: row for row in client.get("/outcomes").json()["outcomes"]}
    assert listed["overall survival"]["contrasts"] > 0
    for accept, parser in (("text/turtle", "turtle"), ("application/ld+json", "json-ld")):
        graph = rdflib.Graph().parse(data=client.get("/outcomes", headers={"Accept": accept}).text, format=parser)
        assert len(set(graph.subjects(SKOS.inScheme, EQPN.OutcomeScheme))) == len(listed)
    page = client.get("/outcomes", headers=HTML).text
    links = re.findall(r'href="(/queries/[^"]+)"', page)
    assert len(links) > 8
    for link in links:
        assert client.get(unescape(link)).json()["rows"], link


def test_diagram_shows_the_classes_and_the_properties_between_them(client: httpx.Client) -> None:
    response = client.get("/vocab/diagram.svg")
    assert response.headers["content-type"].startswith("image/svg+xml")
    drawing = ElementTree.fromstring(response.text)
    svg = "{http://www.w3.org/2000/svg}"
    links = {link.get("href"): "".join(link.itertext()) for link in drawing.iter(f"{svg}a")}
    assert links["/vocab/Contrast"] == "contrast"
    assert links["/vocab/hasArm"] == "has arm"
    assert "/vocab/CheckpointInhibitor" not in links
    assert not list(drawing.iter(f"{svg}script"))
    assert client.get("/vocab/diagram.svg").text == response.text
    page = client.get("/vocab", headers=HTML).text
    assert all(f'href="{path}"><text' in page for path in links)


def test_boxes_of_the_diagram_stand_apart_and_arrows_start_and_end_at_them(store: EmbeddedStore) -> None:
    diagram = core_diagram(store)
    boxes = {box.iri: box for box in diagram.boxes}
    for box in diagram.boxes:
        assert 0 <= box.x < box.x + box.width <= diagram.width
        assert 0 <= box.y < box.y + box.height <= diagram.height
        for other in diagram.boxes:
            apart = box.x + box.width < other.x or other.x + other.width < box.x
            assert box is other or apart or box.y + box.height < other.y or other.y + other.height < box.y
    lines = {(box.iri, line.iri): line for box in diagram.boxes for line in box.lines}
    for arrow in diagram.arrows:
        start, end, target = arrow.points[0], arrow.points[-1], boxes[arrow.joint.target]
        if arrow.joint.label:
            source = boxes[arrow.joint.source]
            assert start[0] == pytest.approx(source.x + source.width, abs=1)
            assert start[1] == pytest.approx(lines[arrow.joint.source, arrow.joint.property].y, abs=1)
        assert target.x - 1 <= end[0] <= target.x + target.width + 1
        assert target.y - 1 <= end[1] <= target.y + target.height + 1
    assert diagram.width < 1500


def test_diagram_escapes_what_it_is_given() -> None:
    made = lay_out((("urn:a", "<script>"), ("urn:b", "b")), (Joint("urn:a", "urn:p", '"&', "urn:b"),))
    text = diagram_file(made).decode()
    assert "<script>" not in text
    assert "&lt;script&gt;" in text


def test_anything_stands_for_the_open_end_of_a_property() -> None:
    made = lay_out((("urn:a", "a"),), (Joint(ANYTHING, "urn:p", "p", "urn:a"), Joint("urn:a", "urn:q", "q", ANYTHING)))
    assert {box.text for box in made.boxes} == {"a", "anything"}
    assert len(made.arrows) == 2


def test_classes_that_a_property_includes_are_those_that_use_it(release: Release) -> None:
    """A property whose users are listed one by one has no other user in the release."""
    graph = graph_of(release.quads())
    properties = set(graph.subjects(rdflib.SDO.domainIncludes))
    assert len(properties) > 20
    for prop in properties:
        listed = set(graph.objects(prop, rdflib.SDO.domainIncludes))
        for subject in set(graph.subjects(prop)):
            classes = set(graph.objects(subject, rdflib.RDF.type))
            above = {parent for one in classes for parent in graph.transitive_objects(one, RDFS.subClassOf)}
            assert listed & above, f"{prop} of {subject}"
