"""Apache Jena Fuseki.

- The default graph is its own unless the dataset was configured otherwise; the graph `urn:x-arq:UnionGraph` stands for
  the union, in which a triple that stands in several graphs counts once. So loading need not make it.
- `timeout` in the form stops a query after so many seconds (503).
- Numbers come back in Jena's form ("12" as "12.0", "0.80" as "0.8"). What is given in another is stored so that it is
  found, but is not joined with the same number met elsewhere; so whole decimals are given as "12.0".
- It does not send `Server`; `Fuseki-Request-Id` tells it.
"""

import re
from collections.abc import Mapping

import pyoxigraph as ox

from equipoise.graph.store import Dataset
from equipoise.graph.store.engines.generic import Asked, Engine, dataset_fields
from equipoise.ontology.rdf import XSD, typed

__all__ = ["Fuseki"]

FRACTION = re.compile(rb'("-?\d+)\.0(?="\^\^<http://www\.w3\.org/2001/XMLSchema#decimal>)')
FRACTION_IN_JSON = re.compile(
    rb'("datatype"\s*:\s*"http://www\.w3\.org/2001/XMLSchema#decimal"\s*,\s*"value"\s*:\s*"-?\d+)\.0(?=")'
)
SERVICES = re.compile(r"/(?:sparql|query)$")


class Fuseki(Engine):
    """A dataset of Fuseki: queries at /ds/sparql, /ds/query or /ds, updates at /ds/update, graphs at /ds/data."""

    name = "fuseki"
    union = "urn:x-arq:UnionGraph"

    def sends(self, headers: Mapping[str, str]) -> bool:
        """It numbers its requests."""
        return "fuseki-request-id" in headers

    def update_address(self, query: str, *, authorized: bool) -> str:
        """The service of that name of the dataset."""
        return SERVICES.sub("", query) + "/update"

    def graphs_address(self, query: str, *, authorized: bool) -> str:
        """The service of that name of the dataset."""
        return SERVICES.sub("", query) + "/data"

    def written(self, literal: ox.Literal) -> ox.Literal:
        """A decimal as Jena writes it."""
        if literal.datatype.value != XSD + "decimal":
            return literal
        plain = self.normal(literal).value
        return typed(plain if "." in plain else f"{plain}.0", "decimal")

    def results(self, body: bytes) -> bytes:
        """Whole decimals without a fraction, as pages print them."""
        return FRACTION_IN_JSON.sub(rb"\1", body)

    def triples(self, body: bytes) -> bytes:
        """Likewise."""
        return FRACTION.sub(rb"\1", body)

    def ask(self, text: str, *, dataset: Dataset | None, seconds: float) -> Asked:
        """The time limit in seconds."""
        return Asked(text, (*dataset_fields(dataset), ("timeout", f"{seconds:g}")))
