"""Registry records for tests: the real ones in place, made ones, and what a mapped one says."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pyoxigraph as ox

from equipoise.graph.registry.names import load_names
from equipoise.graph.registry.study import MappedStudy, map_study
from equipoise.ontology.iri import BASE, EQP
from equipoise.ontology.rdf import DCTERMS
from support import DATA, SHARED, need

HASH = "0" * 64
REAL = SHARED / "data" / "registry"


def real_studies() -> Iterator[dict[str, Any]]:
    """Every complete real record."""
    need(REAL.is_dir(), "the folder of real registry records")
    for path in sorted((REAL / "studies").glob("*.json")):
        yield json.loads(path.read_bytes())


def real_paths(folder: str) -> list[Path]:
    need(REAL.is_dir(), "the folder of real registry records")
    return sorted((REAL / folder).glob("*.json"))


def made_study() -> dict[str, Any]:
    """The made record, whose values the tests know."""
    study: dict[str, Any] = json.loads((DATA / "registry" / "NCT00000901.json").read_bytes())
    return study


def mapped(study: dict[str, Any]) -> MappedStudy:
    return map_study(study, names=load_names(), content_hash=HASH)


def quads(study: MappedStudy) -> list[ox.Quad]:
    return list(ox.parse("".join(study.lines.lines()), format=ox.RdfFormat.N_QUADS))


def values(study: MappedStudy, thing: str, name: str) -> set[str]:
    """The values of a property of a thing, named by what follows the IRI of the trial; IRIs of ours are shortened."""
    subject = study.lines.trial + (f"/registry/{thing}" if thing else "")
    predicate = DCTERMS + name[8:] if name.startswith("dcterms:") else EQP + name
    found = [q.object.value for q in quads(study) if (q.subject.value, q.predicate.value) == (subject, predicate)]
    return {value.removeprefix(EQP).removeprefix(study.lines.own + "/").removeprefix(BASE) for value in found}
