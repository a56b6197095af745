"""The terms of the vocabulary: the Turtle files as triples, and their controlled values by scheme.

In: the Turtle files beside this module. Out: triples, and a `Terms` index to look values up in.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from difflib import get_close_matches
from functools import cache
from importlib.resources import files

import pyoxigraph as ox

from equipoise.ontology.iri import BASE, EQP
from equipoise.ontology.rdf import RDF_TYPE, SKOS, in_graph

__all__ = ["MODULES", "Term", "Terms", "allowed_text", "load_terms", "shapes", "vocabulary"]

MODULES = (
    "core",
    "concepts",
    "audit",
    "targets",
    "mechanisms",
    "classes",
    "drugs",
    "systems",
    "registry",
    "results",
    "alignments",
)
"""The Turtle files that make up the vocabulary, in the order in which they build on each other."""


MOST_NAMES = 40
"""How many allowed names a message lists."""


@dataclass(frozen=True)
class Term:
    """A controlled value or a drug: its IRI, label, and the other names that people may type for it."""

    iri: str
    label: str
    synonyms: tuple[str, ...] = ()

    @property
    def name(self) -> str:
        """The local name: `HazardRatio`, `camrelizumab`."""
        return self.iri.rpartition("/")[2]


@dataclass(frozen=True)
class Terms:
    """Controlled values by scheme (`OutcomeScheme`) and local name, and drugs by local name."""

    schemes: Mapping[str, Mapping[str, Term]]
    drugs: Mapping[str, Term]

    def find(self, scheme: str, name: str) -> Term | None:
        """The value of that exact local name in a scheme."""
        return self.schemes[scheme].get(name)

    def concept(self, name: str) -> Term | None:
        """The value of that exact local name in any scheme."""
        return next((values[name] for values in self.schemes.values() if name in values), None)

    def names(self, scheme: str) -> list[str]:
        """The local names that a scheme allows, sorted."""
        return sorted(self.schemes[scheme])


def allowed_text(names: Iterable[str], found: str) -> str:
    """Say which names are allowed, at most forty of them, and the likeliest where one is close to what was found."""
    names = list(names)
    close = get_close_matches(found, names, n=1, cutoff=0.6)
    hint = f" (did you mean {close[0]}?)" if close else ""
    more = f" and {len(names) - MOST_NAMES} more" if len(names) > MOST_NAMES else ""
    return f"must be one of {', '.join(names[:MOST_NAMES])}{more}{hint}"


def read_module(name: str) -> list[ox.Triple]:
    """The triples of one Turtle file; blank nodes are labelled within the file."""
    path = files("equipoise.ontology") / f"{name}.ttl"
    return [quad.triple for quad in ox.parse(path.read_bytes(), format=ox.RdfFormat.TURTLE)]


@cache
def vocabulary() -> tuple[ox.Triple, ...]:
    """All triples of the vocabulary, blank nodes relabelled canonically (RDFC-1.0), in a fixed order."""
    dataset = ox.Dataset(in_graph((triple for name in MODULES for triple in read_module(name)), None))
    dataset.canonicalize(ox.CanonicalizationAlgorithm.RDFC_1_0)
    return tuple(sorted((quad.triple for quad in dataset), key=str))


@cache
def shapes() -> bytes:
    """The SHACL shapes, as Turtle."""
    return (files("equipoise.ontology") / "shapes.ttl").read_bytes()


@cache
def load_terms() -> Terms:
    """The controlled values of every scheme, and the drugs."""
    facts: dict[str, dict[str, list[str]]] = {}
    for triple in vocabulary():
        if isinstance(triple.subject, ox.NamedNode) and isinstance(triple.object, ox.NamedNode | ox.Literal):
            facts.setdefault(triple.subject.value, {}).setdefault(triple.predicate.value, []).append(
                triple.object.value
            )
    schemes: dict[str, dict[str, Term]] = {}
    drugs: dict[str, Term] = {}
    for iri, values in sorted(facts.items()):
        label = values.get(SKOS + "prefLabel", [iri])[0]
        term = Term(iri, label, tuple(values.get(SKOS + "notation", []) + values.get(SKOS + "altLabel", [])))
        for scheme in values.get(SKOS + "inScheme", []):
            schemes.setdefault(scheme.removeprefix(EQP), {})[term.name] = term
        if EQP + "Drug" in values.get(RDF_TYPE.value, []) and iri.startswith(BASE + "drug/"):
            drugs[term.name] = term
    return Terms(schemes, drugs)
