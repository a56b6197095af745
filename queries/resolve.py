"""Resolve a text to the things of a store: the name of a drug, or an identifier of another system in any spelling.

In: a store and the text. Out: a `Resolution`: what the text was taken for, and the answer of the question
`resolve-identifier`. The command line and the server both call this.
"""

from dataclasses import dataclass

from equipoise.graph.store import Bindings, Store
from equipoise.ontology.errors import UnknownNameError
from equipoise.ontology.identifiers import Identifier, possible_identifiers, systems
from equipoise.queries.catalogue import find_question
from equipoise.queries.identify import find_identifier
from equipoise.queries.run import find_drug, run

__all__ = ["QUESTION", "Resolution", "resolve"]

QUESTION = "resolve-identifier"
"""The question that is asked once it is known which identifier is meant."""


@dataclass(frozen=True)
class Resolution:
    """The identifier that was meant, and the rows that say which things it names and by which mapping."""

    identifier: Identifier
    answer: Bindings

    @property
    def things(self) -> list[str]:
        """The IRIs of the things that the identifier names, the surest first."""
        return list(dict.fromkeys(row["thing"] for row in self.answer.values()))


def resolve(store: Store, text: str) -> Resolution:
    """The things that a name or an identifier means.

    Raises UnknownNameError if it means nothing here, ParameterError if it may be of several systems.
    """
    identifier = _of_name(store, text) or find_identifier(store, text)
    answer = run(store, find_question(QUESTION), {"identifier": identifier.iri})
    if not answer.values():
        system = systems().get(identifier.prefix)
        of = f" of {system.label}" if system else ""
        found = f"{identifier.curie}{of} is mapped to nothing in this release"
        raise UnknownNameError("identifier", found=found, allowed="see /queries/drug-identifiers")
    return Resolution(identifier, answer)


def _of_name(store: Store, text: str) -> Identifier | None:
    """The drug of that name, as an identifier of ours; None if no drug has it."""
    try:
        return possible_identifiers(find_drug(store, text.strip()))[0]
    except UnknownNameError:
        return None
