"""What a query gives back: rows, a truth value, or a graph.

An answer holds the bytes of a standard format (SPARQL Results JSON, or N-Triples), as every store can give them, and
turns them into Python values on demand. The bytes, not the values, are what is sent on.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date as Date
from decimal import Decimal
from functools import cached_property
from typing import TYPE_CHECKING, Any

import pyoxigraph as ox

from equipoise.ontology.rdf import XSD

if TYPE_CHECKING:
    import pandas
    import rdflib

__all__ = ["Answer", "Bindings", "Term", "Triples", "Truth"]

Term = ox.NamedNode | ox.BlankNode | ox.Literal
"""An RDF term as parameters are bound."""


@dataclass(frozen=True)
class Bindings:
    """The answer of a SELECT: one mapping from variable to rdflib term for each row; unbound variables are left out.

    `body` is SPARQL 1.1 Results JSON. `release` names the release that was asked, empty if the store does not know.
    """

    body: bytes
    release: str = ""

    @cached_property
    def solutions(self) -> tuple[tuple[str, ...], list[dict[str, Term]]]:
        """The variables, and the rows as pyoxigraph terms."""
        found = ox.parse_query_results(self.body, format=ox.QueryResultsFormat.JSON)
        assert isinstance(found, ox.QuerySolutions)
        variables = tuple(variable.value for variable in found.variables)
        rows = [{name: term for name in variables if (term := row[name]) is not None} for row in found]
        return variables, rows

    @property
    def variables(self) -> tuple[str, ...]:
        """The projected variables, in order."""
        return self.solutions[0]

    @cached_property
    def rows(self) -> list[dict[str, "rdflib.term.Identifier"]]:
        """The rows as rdflib terms; `row["value"].toPython()` is a Decimal, an int, a date or a str."""
        return [{name: _rdflib_term(term) for name, term in row.items()} for row in self.solutions[1]]

    def values(self) -> list[dict[str, Any]]:
        """The rows as plain Python values; IRIs as text, unbound variables as None."""
        variables, rows = self.solutions
        return [{name: _plain(row.get(name)) for name in variables} for row in rows]

    def __iter__(self) -> Iterator[dict[str, "rdflib.term.Identifier"]]:
        return iter(self.rows)

    def __len__(self) -> int:
        return len(self.solutions[1])

    def dataframe(self) -> "pandas.DataFrame":
        """The rows as a pandas DataFrame, decimals as floats. Raises ImportError where pandas is not installed."""
        import pandas

        rows = [
            {name: float(value) if isinstance(value, Decimal) else value for name, value in row.items()}
            for row in self.values()
        ]
        return pandas.DataFrame(rows, columns=list(self.variables))


@dataclass(frozen=True)
class Truth:
    """The answer of an ASK. `body` is SPARQL 1.1 Results JSON."""

    body: bytes
    release: str = ""

    def __bool__(self) -> bool:
        return bool(ox.parse_query_results(self.body, format=ox.QueryResultsFormat.JSON))


@dataclass(frozen=True)
class Triples:
    """The answer of a CONSTRUCT or DESCRIBE. `body` is N-Triples."""

    body: bytes
    release: str = ""

    @cached_property
    def triples(self) -> list[ox.Triple]:
        """The triples, sorted, each once."""
        return sorted({quad.triple for quad in ox.parse(self.body, format=ox.RdfFormat.N_TRIPLES)}, key=str)

    def graph(self) -> "rdflib.Graph":
        """The triples as an rdflib Graph."""
        import rdflib

        return rdflib.Graph().parse(data=self.body, format="nt")

    def __len__(self) -> int:
        return len(self.triples)


Answer = Bindings | Truth | Triples


def _rdflib_term(term: Term) -> "rdflib.term.Identifier":
    import rdflib

    match term:
        case ox.NamedNode():
            return rdflib.URIRef(term.value)
        case ox.BlankNode():
            return rdflib.BNode(term.value)
        case ox.Literal():
            if term.language:
                return rdflib.Literal(term.value, lang=term.language)
            datatype = None if term.datatype.value == XSD + "string" else rdflib.URIRef(term.datatype.value)
            return rdflib.Literal(term.value, datatype=datatype)


def _plain(term: Term | None) -> str | int | float | bool | Decimal | Date | None:
    """A term as a Python value; what has no Python type of its own stays text."""
    if not isinstance(term, ox.Literal):
        return None if term is None else term.value
    match term.datatype.value.removeprefix(XSD):
        case "integer":
            return int(term.value)
        case "decimal":
            return Decimal(term.value)
        case "double" | "float":
            return float(term.value)
        case "boolean":
            return term.value in ("true", "1")
        case "date":
            return Date.fromisoformat(term.value)
        case _:
            return term.value
