"""Check what must hold over a whole dataset: the invariants of the folder `ontology/checks`, one a file.

In: a store with every graph of a release, what was inferred included. Out: a `Breach` for each row that an invariant
returns; a release without any has none. The first line of a file says what must hold; adding a file adds a check.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

import pyoxigraph as ox

from equipoise.ontology.rdf import text_of

__all__ = ["Breach", "Invariant", "find_breaches", "invariants", "parse_invariant"]


@dataclass(frozen=True)
class Invariant:
    """What must hold, in one sentence, and the query for what does not: `?thing`, and `?found` about it."""

    name: str
    rule: str
    query: str

    @property
    def allowed(self) -> str:
        """The rule as the end of a message."""
        return self.rule[:1].lower() + self.rule[1:].removesuffix(".")


@dataclass(frozen=True)
class Breach:
    """A thing that breaks an invariant, by its IRI, and what was found there."""

    thing: str
    found: str
    invariant: Invariant


@cache
def invariants() -> tuple[Invariant, ...]:
    """The invariants by name. Raises ValueError if a file breaks the rules; a test holds that none does."""
    folder = files("equipoise.ontology") / "checks"
    paths = sorted((path for path in folder.iterdir() if path.name.endswith(".rq")), key=lambda path: path.name)
    return tuple(parse_invariant(path.name.removesuffix(".rq"), path.read_text(encoding="utf-8")) for path in paths)


def parse_invariant(name: str, text: str) -> Invariant:
    """Read an invariant from its file. Raises ValueError if its first line does not say what must hold."""
    rule = text.partition("\n")[0]
    if not (rule.startswith("# ") and " must " in rule and rule.endswith(".")):
        raise ValueError(
            f"{name}.rq: the first line is {rule!r}; must be a comment, one sentence that says what must hold"
        )
    return Invariant(name, rule.removeprefix("# "), text)


def find_breaches(store: ox.Store) -> list[Breach]:
    """Everything that breaks an invariant in a store whose default graph is the union, by invariant, then by thing."""
    return [breach for invariant in invariants() for breach in _breaches(store, invariant)]


def _breaches(store: ox.Store, invariant: Invariant) -> Iterable[Breach]:
    found = store.query(invariant.query)
    assert isinstance(found, ox.QuerySolutions)
    for row in found:
        yield Breach(text_of(row["thing"]), text_of(row["found"]), invariant)
