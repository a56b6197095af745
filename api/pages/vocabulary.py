"""What the pages of the vocabulary show: one term in its place, with its uses and a query, and the list of all terms.

In: a store. Out: a `TermView`, or the parts of the index, made of the answers of the queries beside the templates.
Nothing is kept: uses are counted in the release in service when they are asked for.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

import pyoxigraph as ox

from equipoise.api.pages.asked import Rows, ask_about, query_text, rows, rows_about
from equipoise.api.pages.expression import Axioms, Piece
from equipoise.graph.store import Store, Triples
from equipoise.ontology.iri import EQP, curie
from equipoise.ontology.rdf import DCTERMS, SKOS

__all__ = [
    "ClassProperties",
    "Link",
    "Mechanism",
    "Relation",
    "TermView",
    "Use",
    "mechanism_tree",
    "schemes",
    "term_view",
]

OWL = "http://www.w3.org/2002/07/owl#"
RDF_TYPE = "http://www.w3.org/1999/02/22-rdf-syntax-ns#type"

KINDS = {
    OWL + "Class": "class",
    OWL + "ObjectProperty": "object property",
    OWL + "DatatypeProperty": "datatype property",
    OWL + "AnnotationProperty": "annotation property",
    SKOS + "ConceptScheme": "scheme",
}
"""The kinds of terms by their type; whatever is in a scheme is a concept."""

RELATIONS = {
    "superclass": "Superclasses",
    "subclass": "Subclasses",
    "scheme": "Scheme",
    "broader": "Broader",
    "narrower": "Narrower",
    "domain": "Domain",
    "used with": "Used with",
    "range": "Range",
    "values": "Types of values",
    "leads here": "Properties that lead here",
    "concept": "Concepts",
}
"""The relations that `term-relations.rq` names, in the order in which a page shows them, with their headings."""


@dataclass(frozen=True)
class Link:
    """Something with an IRI, and what to call it."""

    iri: str
    text: str


@dataclass(frozen=True)
class Relation:
    """The terms to which a term stands in one relation."""

    name: str
    heading: str
    others: tuple[Link, ...]


@dataclass(frozen=True)
class ClassProperties:
    """The properties that are used with a class: rows with `property`, `property_label`, `definition` and `ranges`."""

    owner: Link
    rows: tuple[Mapping[str, Any], ...]


@dataclass(frozen=True)
class Use:
    """How often a term is used in this release; as the value of a property where it is a concept."""

    count: int
    of: Link | None = None


@dataclass(frozen=True)
class TermView:
    """One term of the vocabulary, with its place among the others, its uses, and a query that shows it."""

    iri: str
    kind: str
    label: str
    definition: str
    notations: tuple[str, ...]
    other_labels: tuple[str, ...]
    examples: tuple[str, ...]
    notes: tuple[str, ...]
    sources: tuple[str, ...]
    relations: tuple[Relation, ...]
    definitions: tuple[tuple[Piece, ...], ...]
    conditions: tuple[tuple[Piece, ...], ...]
    chains: tuple[tuple[Piece, ...], ...]
    properties: tuple[ClassProperties, ...]
    alignments: Rows
    identifiers: Rows
    uses: tuple[Use, ...]
    facts: Rows
    example_query: str

    @property
    def used(self) -> int:
        """How often the term is used in this release."""
        return sum(use.count for use in self.uses)


def term_view(store: Store, iri: str) -> TermView | None:
    """The view of a term; None if the release has no term of that IRI."""
    facts = rows_about(store, "properties", iri)
    kind = _kind(facts)
    if kind is None:
        return None
    texts = {
        name: _texts(facts, SKOS + name) for name in ("notation", "altLabel", "example", "scopeNote", "editorialNote")
    }
    uses = _uses(store, kind, iri)
    axioms = _axioms(store, iri)
    return TermView(
        iri=iri,
        kind=kind,
        label=_texts(facts, SKOS + "prefLabel", curie(iri))[0],
        definition=_texts(facts, SKOS + "definition", "")[0],
        notations=texts["notation"],
        other_labels=texts["altLabel"],
        examples=texts["example"],
        notes=(*texts["scopeNote"], *texts["editorialNote"]),
        sources=_texts(facts, DCTERMS + "source"),
        relations=_relations(store, kind, iri),
        definitions=tuple(axioms.definitions(iri)),
        conditions=tuple(axioms.conditions(iri)),
        chains=tuple(axioms.chains(iri)),
        properties=_class_properties(store, iri) if kind == "class" else (),
        alignments=rows_about(store, "term-alignments", iri),
        identifiers=rows_about(store, "identifiers", iri),
        uses=uses,
        facts=facts,
        example_query=_example(iri, _plain(kind) if sum(use.count for use in uses) else "term"),
    )


def _kind(facts: Rows) -> str | None:
    types = [row["value"] for row in facts if row["property"] == RDF_TYPE]
    if any(row["property"] == SKOS + "inScheme" for row in facts):
        return "concept"
    return next((kind for iri, kind in KINDS.items() if iri in types), None)


def _plain(kind: str) -> str:
    """The kind by which queries are named: three kinds of properties are one."""
    return kind.rpartition(" ")[2]


def _texts(facts: Rows, iri: str, *otherwise: str) -> tuple[str, ...]:
    return tuple(str(row["value"]) for row in facts if row["property"] == iri) or otherwise


def _relations(store: Store, kind: str, iri: str) -> tuple[Relation, ...]:
    found: dict[str, list[Link]] = {}
    for row in rows_about(store, "term-relations", iri):
        found.setdefault(row["relation"], []).append(_link(row["other"], row["other_label"]))
    if _plain(kind) == "property":
        found["values of"] = [
            _link(row["scheme"], row["scheme_label"]) for row in rows_about(store, "schemes-of-property", iri)
        ]
    headings = {**RELATIONS, "values of": "Schemes its values are of, in this release"}
    return tuple(Relation(name, heading, tuple(found[name])) for name, heading in headings.items() if found.get(name))


def _link(iri: str, label: str | None) -> Link:
    return Link(iri, label or curie(iri))


def _axioms(store: Store, iri: str) -> Axioms:
    answer = ask_about(store, "term-structure", iri)
    assert isinstance(answer, Triples)
    labels = {row["term"]: row["label"] for row in rows(store, "term-labels")} if answer.triples else {}
    return Axioms(answer.triples, labels)


def _class_properties(store: Store, iri: str) -> tuple[ClassProperties, ...]:
    """The properties of a class by the class they are stated of, its own first."""
    found: dict[Link, dict[str, dict[str, Any]]] = {}
    for row in rows_about(store, "class-properties", iri):
        owner = found.setdefault(_link(row["class"], row["class_label"]), {})
        entry = owner.setdefault(row["property"], {**row, "ranges": []})
        if row["range"]:
            entry["ranges"].append(_link(row["range"], row["range_label"]))
    owners = sorted(found, key=lambda owner: (owner.iri != iri, owner.text))
    return tuple(ClassProperties(owner, tuple(found[owner].values())) for owner in owners)


def _uses(store: Store, kind: str, iri: str) -> tuple[Use, ...]:
    return tuple(
        Use(int(row["uses"]), _link(row["property"], row["property_label"]) if "property" in row else None)
        for row in rows_about(store, f"uses-of-{_plain(kind)}", iri)
        if int(row["uses"])
    )


def _example(iri: str, kind: str) -> str:
    """The example query of a kind of terms, with this term in it; it starts with what it asks, as a comment."""
    name = iri.removeprefix(EQP)
    written = f"eqp:{name}" if name.isalnum() and name.isascii() else str(ox.NamedNode(iri))
    return query_text(f"example-{kind}").replace("?term", written)


@dataclass(frozen=True)
class Mechanism:
    """A mechanism with what it acts on, the drugs that are said to act so, and the narrower mechanisms."""

    link: Link
    definition: str
    targets: tuple[Link, ...]
    drugs: tuple[Link, ...]
    narrower: tuple["Mechanism", ...]


def mechanism_tree(found: Iterable[Mapping[str, Any]]) -> tuple[Mechanism, ...]:
    """The mechanisms that have none above them, each with those below it; one with two above it stands under both."""
    labels: dict[str, Mapping[str, Any]] = {}
    parts: dict[tuple[str, str], dict[str, str]] = {}
    for row in found:
        labels.setdefault(row["mechanism"], row)
        for name in ("target", "drug"):
            if row[name]:
                parts.setdefault((row["mechanism"], name), {})[row[name]] = row[f"{name}_label"]
        if row["broader"]:
            parts.setdefault((row["broader"], "narrower"), {})[row["mechanism"]] = row["label"]
    below = {iri for (_, name), items in parts.items() if name == "narrower" for iri in items}

    def links(iri: str, name: str) -> tuple[Link, ...]:
        return tuple(Link(*item) for item in parts.get((iri, name), {}).items())

    def grown(iri: str, above: frozenset[str]) -> Mechanism:
        return Mechanism(
            link=Link(iri, labels[iri]["label"]),
            definition=labels[iri]["definition"],
            targets=links(iri, "target"),
            drugs=links(iri, "drug"),
            narrower=tuple(
                grown(other.iri, above | {other.iri}) for other in links(iri, "narrower") if other.iri not in above
            ),
        )

    return tuple(grown(iri, frozenset({iri})) for iri in labels if iri not in below)


def schemes(found: Rows) -> list[tuple[Mapping[str, Any], list[Mapping[str, Any]]]]:
    """The schemes of the index, each with its concepts once, their notations joined."""
    concepts: dict[str, dict[str, dict[str, Any]]] = {}
    for row in found:
        if row["kind"] == "concept":
            entry = concepts.setdefault(row["scheme"], {}).setdefault(row["term"], {**row, "notations": []})
            if row["notation"] and row["notation"] not in entry["notations"]:
                entry["notations"].append(row["notation"])
    return [(row, list(concepts.get(row["term"], {}).values())) for row in found if row["kind"] == "scheme"]
