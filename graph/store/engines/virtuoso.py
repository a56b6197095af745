"""OpenLink Virtuoso 7.

- Its own union of all graphs has the graphs of the system in it, and its directives that leave them out make GRAPH with
  a name find nothing. It is a bag, too: a triple that stands in two graphs is found twice, and counts twice. So it is
  asked only where loading has not put the union there.
- Where one default graph is named, an EXISTS within an expression makes it give 0 for other variables of the row. Where
  two are, it does not, so a second one that is empty is named for a query that may say EXISTS. Not for others:
  it plans longer for two.
- It takes half a minute to plan a query of twenty patterns. A directive has it take the patterns of a long query in the
  order in which they are written.
- When `timeout` (in milliseconds, at least 1000) runs out it answers 200 with what it has found so far, a count so far
  among it. Only the header `X-SQL-State: S1TAT` says so. A wrong number is worse than none: this is an error here.
  The same goes for `X-SPARQL-MaxRows`, when its own limit on rows has cut an answer.
- An ASK in JSON comes as a table with the column `__ASK_RETVAL`, without a row for false.
- Blank nodes in JSON have `nodeID://` before their label, which no label may have.
- `/sparql` is open to all and should be for reading only; `/sparql-auth` and `/sparql-graph-crud-auth` want Digest.
- A decimal in a query is taken for an integer if it is whole, and breaks DISTINCT (error SR128) from 10 upwards. One
  that is made while the query runs does neither.
- Decimals keep 15 digits, and an integer beyond 64 bits comes back as a decimal; loading finds out and refuses.
- A graph that was not made by CREATE GRAPH is emptied by DROP SILENT, which for Virtuoso is the same as gone.
"""

import json
import re
from collections.abc import Mapping
from dataclasses import replace

import pyoxigraph as ox

from equipoise.graph.store import Dataset, Term
from equipoise.graph.store.engines.generic import Asked, Engine, dataset_fields
from equipoise.ontology.iri import mint
from equipoise.ontology.rdf import XSD

__all__ = ["Virtuoso"]

BLANK_NODE = re.compile(rb'("type"\s*:\s*"bnode"\s*,\s*"value"\s*:\s*")nodeID://')
TRUTH = "__ASK_RETVAL"
EXISTS = re.compile(r"\bexists\b|\\u", re.IGNORECASE)
EMPTY = mint("graph", "none")
SEPARATOR = re.compile(r"\s[;.](?=\s)")
LONG = 10
"""So many patterns beyond the first make a query long."""
AS_WRITTEN = 'DEFINE sql:select-option "order" '


class Virtuoso(Engine):
    """Virtuoso: queries and updates at /sparql, graphs at /sparql-graph-crud, both with -auth for those who may."""

    name = "virtuoso"
    mends_results = True
    graph_parameter = "graph-uri"

    def sends(self, headers: Mapping[str, str]) -> bool:
        """It names itself in `Server`."""
        return headers.get("server", "").startswith("Virtuoso/")

    def update_address(self, query: str, *, authorized: bool) -> str:
        """Updates share the address of queries; the one that asks who is there has a name of its own."""
        return re.sub(r"/sparql(-auth)?$", "/sparql-auth" if authorized else "/sparql", query)

    def graphs_address(self, query: str, *, authorized: bool) -> str:
        """Beside the address of queries."""
        return re.sub(r"/sparql(-auth)?$", "/sparql-graph-crud" + ("-auth" if authorized else ""), query)

    def bound(self, bindings: Mapping[str, Term]) -> str:
        """Decimals are made while the query runs."""
        decimals = {name: term for name, term in bindings.items() if _is_decimal(term)}
        others = {name: term for name, term in bindings.items() if name not in decimals}
        made = [f"BIND(STRDT({ox.Literal(term.value)}, <{XSD}decimal>) AS ?{name})" for name, term in decimals.items()]
        return " ".join([super().bound(others), *made] if others else made)

    def ask(self, text: str, *, dataset: Dataset | None, seconds: float) -> Asked:
        """A second default graph beside a single one, the order of a long query, and the time limit in milliseconds."""
        if dataset is not None and len(dataset.default) == 1 and EXISTS.search(text):
            dataset = replace(dataset, default=(*dataset.default, EMPTY))
        if len(SEPARATOR.findall(text)) >= LONG:
            text = AS_WRITTEN + text
        return Asked(text, (*dataset_fields(dataset), ("timeout", str(max(1000, int(seconds * 1000))))))

    def interruption(self, headers: Mapping[str, str]) -> str:
        """What the headers say of an answer that was cut."""
        if headers.get("x-sql-state", "").startswith("S1TA"):
            return "the engine ran out of time and sent a part"
        if "x-sparql-maxrows" in headers:
            return f"the engine sends at most {headers['x-sparql-maxrows']} rows, and sent a part"
        return ""

    def results(self, body: bytes) -> bytes:
        """Labels of blank nodes without their prefix, and a truth value as one."""
        if TRUTH.encode() in body[:200]:
            rows = json.loads(body)["results"]["bindings"]
            truth = bool(rows) and rows[0][TRUTH]["value"] not in ("0", "false")
            return json.dumps({"head": {}, "boolean": truth}).encode()
        return BLANK_NODE.sub(rb"\1", body)


def _is_decimal(term: Term) -> bool:
    return isinstance(term, ox.Literal) and term.datatype.value == XSD + "decimal"
