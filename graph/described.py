"""What a release says of itself and of what was checked, as RDF: its graphs, where they came from, and the findings.

In: entries of a manifest and provenance, or findings. Out: quads of graph:release or of graph:findings. And back: the
waivers and the provenance that an earlier release has, for graphs that no record stands behind.
"""

from collections import Counter
from collections.abc import Iterable, Mapping
from importlib.resources import files
from typing import TYPE_CHECKING, Any

import pyoxigraph as ox

from equipoise.graph.evidence import FINDINGS_GRAPH, RELEASE_GRAPH, Waiver
from equipoise.graph.external.shelf import Ontology
from equipoise.graph.release import GraphEntry, Records
from equipoise.ontology.iri import mint, vocabulary_iri
from equipoise.ontology.rdf import DCTERMS, OWL, RDF_TYPE, RDFS_LABEL, VOID, in_graph, text_of, typed

if TYPE_CHECKING:
    from equipoise.graph.audit import Finding

__all__ = [
    "REGISTRY",
    "finding_quads",
    "graph_quads",
    "ontology_quads",
    "provenance_of",
    "records_quads",
    "release_quads",
    "said_of_another",
    "waivers_of",
]


REGISTRY = mint("graph", "registry")
"""What a release calls its registry records together."""


def finding_quads(findings: "Iterable[Finding]") -> Iterable[ox.Quad]:
    """The findings as RDF. A second finding of one check on one thing gets a number behind its name."""
    graph = ox.NamedNode(FINDINGS_GRAPH)
    met: Counter[str] = Counter()
    for finding in findings:
        name = f"{finding.about}/finding/{finding.check}"
        met[name] += 1
        subject = ox.NamedNode(name if met[name] == 1 else f"{name}-{met[name]}")
        severity = finding.verdict.severity
        verdict = "Failed" if severity else "Passed"
        values: list[tuple[ox.NamedNode, ox.NamedNode | ox.Literal | None]] = [
            (RDF_TYPE, _term("Finding")),
            (RDFS_LABEL, ox.Literal(f"{finding.check} {verdict.lower()}")),
            (_term("about"), ox.NamedNode(finding.about)),
            (_term("check"), _term(f"Check{finding.check}")),
            (_term("verdict"), _term(verdict)),
            (_term("severity"), _term(severity) if severity else None),
            (_term("computed"), ox.Literal(finding.verdict.computed)),
            (_term("derivedCount"), _count(finding.verdict.derived_count)),
            (_term("checkWaiver"), ox.Literal(finding.waiver) if finding.waiver else None),
            *((_term("input"), ox.NamedNode(iri)) for iri in finding.inputs),
        ]
        yield from (ox.Quad(subject, predicate, node, graph) for predicate, node in values if node is not None)


def _count(count: int | None) -> ox.Literal | None:
    return typed(str(count), "integer") if count is not None else None


def release_quads(
    identifier: str, entries: Iterable[GraphEntry], provenance: Iterable[ox.Triple]
) -> tuple[ox.Quad, ...]:
    """What a release says of itself: its graphs, their hashes and sizes, and where each came from."""
    subject = ox.NamedNode(mint("release", identifier))
    triples = [
        ox.Triple(subject, RDF_TYPE, _term("Release")),
        ox.Triple(subject, RDFS_LABEL, ox.Literal(f"release {identifier}")),
        ox.Triple(subject, ox.NamedNode(DCTERMS + "identifier"), ox.Literal(identifier)),
        *provenance,
    ]
    return tuple(sorted([*in_graph(triples, RELEASE_GRAPH), *graph_quads(identifier, entries)], key=str))


def graph_quads(identifier: str, entries: Iterable[GraphEntry]) -> list[ox.Quad]:
    """What a release says of graphs of its own: that they are parts of it, their hashes and sizes."""
    triples = []
    for entry in entries:
        part = ox.NamedNode(entry.iri)
        triples += [
            ox.Triple(ox.NamedNode(mint("release", identifier)), ox.NamedNode(DCTERMS + "hasPart"), part),
            ox.Triple(part, _term("contentHash"), ox.Literal(entry.sha256)),
            ox.Triple(part, ox.NamedNode(VOID + "triples"), typed(str(entry.triples), "integer")),
        ]
    return in_graph(triples, RELEASE_GRAPH)


def ontology_quads(identifier: str, ontologies: Iterable[Ontology]) -> list[ox.Quad]:
    """What a release says of the external ontologies that it is served with: each is a part of it by its graph."""
    release = ox.NamedNode(mint("release", identifier))
    triples = []
    for ontology in ontologies:
        part = ox.NamedNode(ontology.iri)
        said: list[tuple[str, ox.NamedNode | ox.Literal | None]] = [
            (DCTERMS + "title", _text(ontology.title)),
            (DCTERMS + "identifier", ox.Literal(ontology.name)),
            (DCTERMS + "subject", _node(ontology.ontology)),
            (OWL + "versionIRI", _node(ontology.version_iri)),
            (OWL + "versionInfo", _text(ontology.version)),
            (DCTERMS + "license", _node(ontology.licence)),
            (DCTERMS + "source", _node(ontology.source)),
            (DCTERMS + "format", _text(ontology.format)),
            (DCTERMS + "date", typed(ontology.added, "date")),
            (vocabulary_iri("fileHash"), ox.Literal(ontology.sha256)),
            (VOID + "triples", typed(str(ontology.triples), "integer")),
        ]
        triples += [
            ox.Triple(release, ox.NamedNode(DCTERMS + "hasPart"), part),
            ox.Triple(release, ox.NamedNode(VOID + "subset"), part),
            ox.Triple(part, RDF_TYPE, ox.NamedNode(VOID + "Dataset")),
            *(ox.Triple(part, ox.NamedNode(name), value) for name, value in said if value is not None),
        ]
    return in_graph(sorted(triples, key=str), RELEASE_GRAPH)


def records_quads(identifier: str, records: Records | None) -> list[ox.Quad]:
    """What a release says of its registry records: how many there are, and the hash by which two releases' compare."""
    if records is None:
        return []
    release, part = ox.NamedNode(mint("release", identifier)), ox.NamedNode(REGISTRY)
    triples = [
        ox.Triple(release, ox.NamedNode(VOID + "subset"), part),
        ox.Triple(part, RDF_TYPE, ox.NamedNode(VOID + "Dataset")),
        ox.Triple(part, RDFS_LABEL, ox.Literal("registry records")),
        ox.Triple(part, ox.NamedNode(VOID + "triples"), typed(str(records.quads), "integer")),
        ox.Triple(part, _term("recordCount"), typed(str(records.count), "integer")),
        ox.Triple(part, _term("recordsHash"), ox.Literal(records.sha256)),
    ]
    return in_graph(triples, RELEASE_GRAPH)


def said_of_another(quads: Iterable[ox.Quad], *, before: str, now: str) -> list[ox.Quad]:
    """What a release says of itself, said of another that has the same graphs: under its name and below it."""
    old, new = mint("release", before), mint("release", now)
    texts = {before: now, f"release {before}": f"release {now}"}

    def renamed(term: ox.NamedNode | ox.BlankNode | ox.Literal | ox.Triple) -> Any:
        if isinstance(term, ox.NamedNode) and (term.value == old or term.value.startswith(old + "/")):
            return ox.NamedNode(new + term.value.removeprefix(old))
        return ox.Literal(texts[term.value]) if isinstance(term, ox.Literal) and term.value in texts else term

    return [
        ox.Quad(renamed(quad.subject), quad.predicate, renamed(quad.object), ox.NamedNode(RELEASE_GRAPH))
        for quad in quads
    ]


def _node(text: str) -> ox.NamedNode | ox.Literal | None:
    """A thing by its IRI; what is none is a text."""
    return ox.NamedNode(text) if text.startswith(("http://", "https://")) else _text(text)


def _text(text: str) -> ox.Literal | None:
    return ox.Literal(text) if text else None


def waivers_of(store: ox.Store) -> list[Waiver]:
    """The explained failures of a release, from its findings."""
    rows = store.query((files("equipoise.graph") / "waivers.rq").read_text(encoding="utf-8"))
    assert isinstance(rows, ox.QuerySolutions)
    check = vocabulary_iri("Check")
    return [
        Waiver(text_of(row["about"]), text_of(row["check"]).removeprefix(check), text_of(row["reason"])) for row in rows
    ]


def provenance_of(store: ox.Store) -> Mapping[str, tuple[ox.Triple, ...]]:
    """What a release says of where its graphs came from, by graph."""
    rows = store.query((files("equipoise.graph") / "provenance.rq").read_text(encoding="utf-8"))
    assert isinstance(rows, ox.QuerySolutions)
    found: dict[str, tuple[ox.Triple, ...]] = {}
    for row in rows:
        triple = ox.Triple(row["graph"], row["property"], row["value"])
        found[text_of(row["graph"])] = (*found.get(text_of(row["graph"]), ()), triple)
    return found


def _term(name: str) -> ox.NamedNode:
    return ox.NamedNode(vocabulary_iri(name))
