"""The OWL file of a release: the vocabulary that a store holds, under a version IRI that names the release.

In: a store. Out: the bytes of the file. The version IRI is the release's own with `/ontology` behind it, and is the
path at which the server gives the file.
"""

from importlib.resources import files

from equipoise.graph.stated import stated_vocabulary
from equipoise.graph.store import Bindings, Store
from equipoise.ontology.document import ontology_triples, write_ontology
from equipoise.ontology.errors import ReleaseError
from equipoise.ontology.iri import mint

__all__ = ["ontology_file", "version_iri"]


def version_iri(store: Store) -> str:
    """The version IRI of the ontology of a store. Raises ReleaseError if the store does not name its release."""
    answer = store.query((files("equipoise.graph") / "release.rq").read_text(encoding="utf-8"))
    assert isinstance(answer, Bindings)
    for row in answer.values():
        return mint("release", row["identifier"], "ontology")
    raise ReleaseError(
        "store", found="does not say which release it holds", allowed="build a release with: equipoise build"
    )


def ontology_file(store: Store, format: str) -> bytes:
    """The ontology of a store's release in one of `ontology.document.ONTOLOGY_FORMATS`."""
    return write_ontology(ontology_triples(stated_vocabulary(store), version_iri(store)), format)
