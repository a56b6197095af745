"""What an ontology says of itself: what it is called, which version it is, and under which licence it may be used.

In: its triples, one after the other, in any order. Out: the statements about the thing that is an `owl:Ontology`.
"""

from collections import defaultdict

import pyoxigraph as ox

from equipoise.ontology.rdf import DCTERMS, OWL, RDF_TYPE, text_of

__all__ = ["Header"]

DC = "http://purl.org/dc/elements/1.1/"
ONTOLOGY = ox.NamedNode(OWL + "Ontology")
TITLES = (DCTERMS + "title", DC + "title")
LICENCES = (DCTERMS + "license", DC + "license", DCTERMS + "rights", DC + "rights")
VERSION_IRI, VERSION = OWL + "versionIRI", OWL + "versionInfo"
MOST_SUBJECTS = 1000
"""Of how many things such statements are kept while it is not known which of them is the ontology."""


class Header:
    """The header of an ontology, as far as it has been seen. What it does not say is empty."""

    watched = frozenset(map(ox.NamedNode, (*TITLES, *LICENCES, VERSION_IRI, VERSION))) | {RDF_TYPE}

    def __init__(self) -> None:
        self._ontologies: list[str] = []
        self._said: dict[str, dict[str, str]] = defaultdict(dict)
        self._told = ""

    def see(self, triple: ox.Triple) -> None:
        """Take note of a triple whose predicate is watched."""
        if triple.predicate == RDF_TYPE:
            if triple.object == ONTOLOGY and isinstance(triple.subject, ox.NamedNode):
                self._ontologies.append(triple.subject.value)
        elif len(self._said) < MOST_SUBJECTS or text_of(triple.subject) in self._said:
            self._said[text_of(triple.subject)].setdefault(triple.predicate.value, text_of(triple.object))

    def of_version(self, version: str) -> "Header":
        """The same, with a version that was told elsewhere."""
        self._told = version
        return self

    @property
    def ontology(self) -> str:
        """The IRI by which it calls itself. Of several, as in a file with its imports, the first."""
        return self._ontologies[0] if self._ontologies else ""

    @property
    def title(self) -> str:
        """Its title."""
        return self._first(*TITLES)

    @property
    def licence(self) -> str:
        """The IRI of its licence, or its words."""
        return self._first(*LICENCES)

    @property
    def version_iri(self) -> str:
        """Its version as an IRI."""
        return self._first(VERSION_IRI)

    @property
    def version(self) -> str:
        """Its version in words."""
        return self._first(VERSION) or self._told

    def _first(self, *properties: str) -> str:
        said = self._said.get(self.ontology, {})
        return next((said[name] for name in properties if name in said), "")
