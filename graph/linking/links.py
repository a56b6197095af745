"""Links that somebody has already stated, wherever they stand: our tables, a curator's, or a file of others.

In: mapping sets. Out: `Link`, one statement with its file and line, with IRIs in the form that we use.
"""

from collections.abc import Iterable
from dataclasses import dataclass

from equipoise.ontology.rdf import SKOS

__all__ = ["CLOSE", "EXACT", "Link", "settled_pairs"]

EXACT, CLOSE = SKOS + "exactMatch", SKOS + "closeMatch"


@dataclass(frozen=True, order=True)
class Link:
    """One statement that a term is linked to another, or that it is not, with its place."""

    subject: str
    predicate: str
    object: str
    negated: bool = False
    subject_label: str = ""
    object_label: str = ""
    justification: str = ""
    file: str = ""
    line: int = 0

    @property
    def place(self) -> str:
        """Where it stands: file and line."""
        return f"{self.file}:{self.line}" if self.line else self.file

    @property
    def unverified(self) -> bool:
        """Whether it was only guessed by a name, and is to be looked at again when the class itself is at hand."""
        return self.predicate == CLOSE and self.justification == "semapv:LexicalMatching" and not self.negated


def settled_pairs(links: Iterable[Link]) -> frozenset[tuple[str, str]]:
    """The pairs of terms about which it is stated that they are linked, or that they are not, but for mere guesses."""
    return frozenset((link.subject, link.object) for link in links if not link.unverified)
