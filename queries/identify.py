"""Which identifier a text means, by what a store knows.

In: a store and an identifier in any spelling. Out: an `Identifier`. One that does not name its system, and could be of
several, is the one that the store knows; a bare number is none, even then.
"""

import pyoxigraph as ox

from equipoise.graph.store import Store, Truth
from equipoise.ontology.errors import ParameterError
from equipoise.ontology.identifiers import Identifier, possible_identifiers

__all__ = ["find_identifier"]

KNOWN = """
PREFIX eqp: <https://w3id.org/equipoise/vocab/>
PREFIX owl: <http://www.w3.org/2002/07/owl#>
PREFIX rdfs: <http://www.w3.org/2000/01/rdf-schema#>
ASK {
  { ?mapping owl:annotatedTarget ?identifier } UNION { ?identifier rdfs:label ?label }
  UNION { ?term eqp:externalAncestor ?identifier } UNION { ?term eqp:externalRole ?identifier }
}
"""


def find_identifier(store: Store, text: str) -> Identifier:
    """The identifier that a text means.

    Raises ParameterError if it may be of several systems, UnknownNameError if it is of none.
    """
    possible = possible_identifiers(text)
    if len(possible) == 1:
        return possible[0]
    known = [identifier for identifier in possible if _is_known(store, identifier)]
    if len(known) == 1:
        return known[0]
    names = ", ".join(identifier.curie for identifier in known or possible)
    found = f"{text.strip()!r} may be of several systems, and {'several' if known else 'none'} of them is known here"
    raise ParameterError("identifier", found=found, allowed=f"must be one of {names}")


def _is_known(store: Store, identifier: Identifier) -> bool:
    answer = store.query(KNOWN, bindings={"identifier": ox.NamedNode(identifier.iri)})
    assert isinstance(answer, Truth)
    return bool(answer)
