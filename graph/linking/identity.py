"""One IRI for each identifier, whoever wrote it: the one it has here where its system is known, else as it stands."""

from functools import lru_cache

from equipoise.ontology.errors import ParameterError, UnknownNameError
from equipoise.ontology.identifiers import resolve_identifier
from equipoise.ontology.iri import curie

__all__ = ["canonical_iri", "system_of"]


@lru_cache(maxsize=1 << 16)
def canonical_iri(text: str) -> str:
    """The IRI that an IRI or CURIE of a system known here has with us; any other text as it stands."""
    try:
        return resolve_identifier(text).iri
    except (ParameterError, UnknownNameError):
        return text


def system_of(iri: str) -> str:
    """The system of a canonical IRI, by the prefix of its CURIE; for an unknown one, all but its last segment."""
    short = curie(iri)
    if short != iri:
        return short.partition(":")[0].casefold()
    return iri[: max(iri.rfind("/"), iri.rfind("#"), iri.rfind("_")) + 1]
