"""A release as Python objects, through owlready2: `trial.hasArm[0].hasRegimen[0].hasComponent[0].drug[0].is_a`.

In: a store. Out: an owlready2 world with all that the store holds, what was inferred among it; changing it changes
nothing else. Every property gives a list. The world is a copy in memory: for large stores ask in SPARQL instead.
"""

import io
from decimal import Decimal
from importlib.resources import files

import owlready2

from equipoise.graph.store import Store, Triples, open_store
from equipoise.ontology.iri import EQP, curie
from equipoise.ontology.rdf import XSD

__all__ = ["Month", "Year", "open_world"]


class Month(str):
    """A month of a year, as xsd:gYearMonth writes it: 2025-12."""


class Year(str):
    """A year, as xsd:gYear writes it: 2025."""


def open_world(store: Store | None = None) -> owlready2.World:
    """Open a store, or the release that the settings name, as an owlready2 world.

    Things are found by their IRI: `world[mint("trial", "NCT03764293")]`, `world[EQP + "CheckpointInhibitor"]`. Numbers
    are Decimals (exact to 15 digits), days `datetime.date`, months and years text. Left alone, owlready2 makes floats
    of decimals and cannot read months; from the first call on, it reads them so in the whole process.

    A property of another vocabulary whose name one of ours has too is called by its prefix: `dcterms_source`. Raises
    ReleaseError if there is no release.
    """
    owlready2.declare_datatype(Decimal, XSD + "decimal", _decimal, str)
    for kind, name in ((Month, "gYearMonth"), (Year, "gYear")):
        owlready2.declare_datatype(kind, XSD + name, kind, str)
    answer = (store or open_store()).query((files("equipoise.graph") / "all.rq").read_text(encoding="utf-8"))
    assert isinstance(answer, Triples)
    world = owlready2.World()
    world.get_ontology(EQP).load(fileobj=io.BytesIO(answer.body))
    _part_names(world)
    return world


def _decimal(number: float | str) -> Decimal:
    """The decimal that owlready2's database has made a float of; a float tells 15 digits from their neighbours."""
    return Decimal(f"{float(number):.15g}")


def _part_names(world: owlready2.World) -> None:
    """Call each property of another vocabulary by its prefix where one of ours has its name."""
    ours = {found.python_name for found in world.properties() if found.iri.startswith(EQP)}
    for found in list(world.properties()):
        if not found.iri.startswith(EQP) and found.python_name in ours:
            found.python_name = curie(found.iri).replace(":", "_")
    for found in list(world.properties()):
        if found.iri.startswith(EQP):
            found.python_name = found.name
