"""An ontology made for the tests, in a store beside our terms."""

from pathlib import Path

import pyoxigraph as ox
import pytest

from equipoise.graph.linking.lexicon import Lexicon, lexicon
from equipoise.graph.linking.subjects import Subject, all_subjects
from equipoise.graph.store.embedded import EmbeddedStore
from equipoise.ontology.iri import mint
from equipoise.ontology.rdf import in_graph
from equipoise.ontology.terms import vocabulary
from support import DATA


@pytest.fixture(scope="session")
def made_store(tmp_path_factory: pytest.TempPathFactory) -> EmbeddedStore:
    folder = tmp_path_factory.mktemp("made")
    store = ox.Store(str(folder))
    store.bulk_extend(in_graph(vocabulary(), None))
    triples = [quad.triple for quad in ox.parse(path=DATA / "linking" / "made.ttl", format=ox.RdfFormat.TURTLE)]
    store.bulk_extend(in_graph(triples, mint("graph", "ontology", "made")))
    store.flush()
    del store
    return EmbeddedStore(Path(folder), "")


@pytest.fixture(scope="session")
def made(made_store: EmbeddedStore) -> Lexicon:
    return lexicon(made_store, mint("graph", "ontology", "made"))


@pytest.fixture(scope="session")
def terms(made_store: EmbeddedStore) -> list[Subject]:
    return all_subjects(made_store)
