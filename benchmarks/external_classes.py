"""What a question by a class elsewhere costs over the whole of an ontology, next to other ways to ask it, in one run.

In: ChEBI in any form that `equipoise ontology add` reads, and a file with its roles where the first has none.
Out: a Markdown table with the median and the 95th percentile of each way, in milliseconds, and how many rows it gives.

    python benchmarks/external_classes.py FILE [ROLES]               200 rounds
    python benchmarks/external_classes.py FILE [ROLES] --rounds 20   a look

The release is that of the records that come with Equipoise, served with the files. The ways take turns, so that
whatever else the machine does meets them all; each round asks another class of those that a drug has as a role, and
what is measured is the time to all rows.

- `trials`, `results`: the questions of the catalogue, on the embedded store, by the closure that the release holds.
- `path`: the same identifiers by a property path over the ontology's graphs of the same index, joined to the mappings.
- `raw`: the path alone, on a pyoxigraph store of its own that holds nothing but the ontology.
"""

import argparse
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from statistics import median, quantiles

import pyoxigraph as ox

from equipoise.graph.external.served import OntologyFile, add_ontology
from equipoise.graph.external.shelf import triples_of
from equipoise.graph.publish import build, shipped_records
from equipoise.graph.release import Release
from equipoise.graph.settings import Settings
from equipoise.graph.store.embedded import EmbeddedStore
from equipoise.queries.catalogue import find_question

CLASSES = """
PREFIX eqp: <https://w3id.org/equipoise/vocab/>
SELECT DISTINCT ?class { ?term eqp:externalRole ?class } ORDER BY ?class
"""
PREFIXES = """
PREFIX eqp: <https://w3id.org/equipoise/vocab/>
PREFIX obo: <http://purl.obolibrary.org/obo/>
PREFIX owl: <http://www.w3.org/2002/07/owl#>
PREFIX rdfs: <http://www.w3.org/2000/01/rdf-schema#>
"""
PATH = """
  ?role rdfs:subClassOf* ?class .
  ?restriction owl:someValuesFrom ?role ; owl:onProperty obo:RO_0000087 .
  ?bearer rdfs:subClassOf ?restriction .
  ?identifier rdfs:subClassOf* ?bearer
"""
RAW = f"{PREFIXES} SELECT DISTINCT ?class ?identifier WHERE {{ {PATH} }}"
JOINED = f"""{PREFIXES} SELECT DISTINCT ?class ?identifier ?drug ?trial WHERE {{
  {{ SELECT DISTINCT ?class ?identifier WHERE {{ {PATH} }} }}
  GRAPH <https://w3id.org/equipoise/graph/mappings> {{
    ?mapping owl:annotatedTarget ?identifier ; owl:annotatedSource ?drug
  }}
  GRAPH ?trials {{
    ?component eqp:drug ?drug . ?regimen eqp:hasComponent ?component . ?arm eqp:hasRegimen ?regimen ; eqp:trial ?trial
  }}
}}"""


def served(files: list[Path], data: Path) -> Release:
    """The release that comes with Equipoise, served with the files."""
    build(shipped_records(), data)
    for number, path in enumerate(files):
        name = f"ontology-{number}"
        release = add_ontology(OntologyFile(path, name, path.name), settings=Settings(data=data)).release
    return release


def alone(release: Release, folder: Path) -> ox.Store:
    """A store of its own that holds nothing but the ontologies, together."""
    store = ox.Store(str(folder))
    for ontology in release.manifest.ontologies:
        store.bulk_extend(
            ox.Quad(triple.subject, triple.predicate, triple.object) for triple in triples_of(release.data, ontology)
        )
    store.optimize()
    return store


def ways(release: Release, folder: Path) -> dict[str, Callable[[ox.NamedNode], int]]:
    """The ways to ask, by name: each gives the number of rows for a class."""
    embedded, index, raw = (
        EmbeddedStore.of_release(release),
        ox.Store.read_only(str(release.index)),
        alone(release, folder),
    )
    graphs: list[ox.NamedNode | ox.BlankNode | ox.DefaultGraph] = [
        ox.NamedNode(one.iri) for one in release.manifest.ontologies
    ]
    named = ox.Variable("class")

    def asked(name: str) -> Callable[[ox.NamedNode], int]:
        text = find_question(f"{name}-by-external-class").sparql
        return lambda given: len(embedded.query(text, bindings={"class": given}))

    return {
        "trials": asked("trials"),
        "results": asked("results"),
        "path": lambda given: sum(1 for _ in index.query(JOINED, default_graph=graphs, substitutions={named: given})),
        "raw": lambda given: sum(1 for _ in raw.query(RAW, substitutions={named: given})),
    }


def main(files: list[Path], rounds: int) -> None:
    """Ask in turn, and print the table."""
    with tempfile.TemporaryDirectory() as name:
        release = served(files, Path(name) / "data")
        found = ways(release, Path(name) / "raw")
        asked = EmbeddedStore.of_release(release).query(CLASSES)
        classes = [ox.NamedNode(row["class"]) for row in asked.values()]
        if not classes:
            raise SystemExit("no drug has a role in these files; give a file with the roles, too")
        times: dict[str, list[float]] = {way: [] for way in found}
        rows = dict.fromkeys(found, 0)
        for number in range(-len(classes), rounds):  # every class once to warm up
            given = classes[number % len(classes)]
            for way, count in found.items():
                start = time.perf_counter()
                rows[way] = max(rows[way], count(given))
                if number >= 0:
                    times[way].append((time.perf_counter() - start) * 1000)
        triples = sum(ontology.triples for ontology in release.manifest.ontologies)
    print(f"{triples} triples, {len(classes)} classes, {rounds} rounds\n")
    print("| | median ms | p95 ms | most rows |\n| --- | --: | --: | --: |")
    for way, taken in times.items():
        print(f"| {way} | {median(taken):.2f} | {quantiles(taken, n=20)[-1]:.2f} | {rows[way]} |")


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description="What a question by a class elsewhere costs.")
    parser.add_argument("files", type=Path, nargs="+")
    parser.add_argument("--rounds", type=int, default=200)
    given = parser.parse_args()
    main([path.resolve() for path in given.files], given.rounds)
