"""The store: one protocol, and the way to open the store that the settings name.

    >>> from equipoise.graph.store import open_store
    >>> store = open_store()
    >>> answer = store.query('''
    ...     PREFIX eqp: <https://w3id.org/equipoise/vocab/>
    ...     SELECT ?value ?lower ?upper ?p WHERE {
    ...       ?trial eqp:acronym "CARES-310" .
    ...       ?contrast a eqp:Contrast ; eqp:trial ?trial ; eqp:outcome eqp:OverallSurvival ;
    ...         eqp:effectMeasure eqp:HazardRatio ; eqp:analysis/eqp:analysisKind eqp:FinalAnalysis ;
    ...         eqp:value ?value ; eqp:lower ?lower ; eqp:upper ?upper ; eqp:pPrinted ?p }''')
    >>> for row in answer:
    ...     print(row["value"], row["lower"], row["upper"], row["p"])
    0.64 0.52 0.79 <0.0001

A SELECT gives rows (`answer.rows`, `answer.values()`, `answer.dataframe()`), an ASK a truth value (`bool(answer)`), a
CONSTRUCT or DESCRIBE a graph (`answer.graph()`, an rdflib.Graph).
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Protocol

from equipoise.graph.settings import DefaultGraph, Settings
from equipoise.graph.store.answer import Answer, Bindings, Term, Triples, Truth
from equipoise.ontology.errors import UnknownNameError

__all__ = ["Answer", "Bindings", "Dataset", "DefaultGraph", "Store", "Term", "Triples", "Truth", "open_store"]

NO_BINDINGS: Mapping[str, Term] = {}


class Store(Protocol):
    """Something that answers SPARQL. Implementations: embedded, pooled (with limits), remote."""

    @property
    def release(self) -> str:
        """The identifier of the release that answers, empty if the store does not know."""
        ...

    def query(
        self, text: str, *, bindings: Mapping[str, Term] = NO_BINDINGS, dataset: "Dataset | None" = None
    ) -> Answer:
        """Answer a query. `bindings` gives projected variables a term; `dataset` names graphs as FROM would.

        The default graph is the union of all graphs unless a dataset is given, here or in the query. Raises
        QueryError if the query cannot be parsed or uses what is switched off, LimitError if it was stopped.
        """
        ...


@dataclass(frozen=True)
class Dataset:
    """The graphs a query is asked of, as the SPARQL Protocol names them. What is left empty is empty."""

    default: tuple[str, ...] = ()
    named: tuple[str, ...] = ()


def open_store(location: str | Path | None = None, *, settings: Settings | None = None) -> Store:
    """Open a store: a folder of releases, or the address of a SPARQL endpoint; without one, what the settings name.

    The settings are those of the environment unless given. What they say of one endpoint, its credentials above all,
    is used for that endpoint only. Raises ReleaseError if the folder has no release, UnknownNameError if it has none
    of the name that the settings say.
    """
    from equipoise.graph.release import named_release

    settings = settings or Settings.from_environment()
    if location is None:
        location = settings.store or settings.data
    if isinstance(location, str) and location.startswith(("http://", "https://")):
        if settings.release:
            found = f"is {settings.release!r}, and an engine elsewhere holds one release"
            raise UnknownNameError("release", found=found, allowed="ask it without, or ask a folder of releases")
        from equipoise.graph.store.remote import RemoteStore

        if location != settings.store:
            settings = replace(
                settings, store_engine="", store_update="", store_graphs="", store_user="", store_password=""
            )
        return RemoteStore(location, settings=settings)
    from equipoise.graph.store.embedded import EmbeddedStore

    return EmbeddedStore.of_release(named_release(Path(location), settings.release))
