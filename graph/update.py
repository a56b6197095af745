"""Run a SPARQL update in a store over the dataset that its WHERE clauses are to see.

In: a store and an `Update`. Out: the store changed, one operation after the other. The engine takes no dataset beside
the text, so the text is cut into its operations and each WHERE is given the USING clauses that mean the dataset: those
of the protocol, or the union of all graphs, which is laid out in a graph of its own for as long as the operation runs.
LOAD and SERVICE are refused before the engine sees anything. "All graphs" of CLEAR and DROP are those that may change.
"""

import re
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass, field
from itertools import pairwise
from urllib.parse import urljoin
from uuid import uuid4

import pyoxigraph as ox

from equipoise.graph.store.guard import refuse_load, refuse_service, unescape
from equipoise.ontology.errors import QueryError

__all__ = ["Operation", "Update", "graphs_named", "operations", "run_update"]


@dataclass(frozen=True)
class Update:
    """A SPARQL update: its text, the graphs that WHERE is to see as the protocol names them, and the IRI that relative
    ones are relative to. Without graphs a WHERE sees what `default_graph` says: `union`, or as the standard has it,
    `strict`.
    """

    text: str
    using: tuple[str, ...] = ()
    using_named: tuple[str, ...] = ()
    base: str | None = None
    default_graph: str = "union"
    how = "update"
    graph = None


@dataclass(frozen=True)
class Token:
    """A word, name or sign of an update outside all braces, a group in braces as one; and where it stands."""

    text: str
    start: int
    end: int


@dataclass(frozen=True)
class Operation:
    """One operation of an update: the prologue in force, its text, and its tokens."""

    prologue: str
    text: str
    tokens: tuple[Token, ...] = field(repr=False)

    @property
    def words(self) -> list[str]:
        """Its tokens in capitals, as keywords are compared."""
        return [token.text.upper() for token in self.tokens]

    @property
    def has_where(self) -> bool:
        """Whether it looks something up."""
        return self.words[:1] != ["LOAD"] and "WHERE" in self.words

    @property
    def names_dataset(self) -> bool:
        """Whether it says itself what its WHERE sees."""
        return bool({"WITH", "USING"} & set(self.words))

    @property
    def is_for_all(self) -> bool:
        """Whether it clears or drops all graphs, or all named ones."""
        words = [word for word in self.words if word != "SILENT"]
        return words in (["CLEAR", "ALL"], ["CLEAR", "NAMED"], ["DROP", "ALL"], ["DROP", "NAMED"])

    def over(self, dataset: str) -> str:
        """The text of the operation with a dataset, as USING clauses, for what its WHERE sees."""
        where = self.words.index("WHERE")
        start = self.tokens[where].start
        pattern = ""
        if self.words[:2] == ["DELETE", "WHERE"]:  # short for the pattern as template and as condition
            pattern = self.tokens[2].text if len(self.tokens) > 2 else ""
        return f"{self.prologue}\n{self.text[:start]}{pattern}\n{dataset}\n{self.text[start:]}"


def run_update(store: ox.Store, update: Update, *, untouched: Collection[str] = ()) -> None:
    """Run an update; what it does to the named graphs of `untouched` by CLEAR or DROP of all is undone.

    Raises QueryError if it cannot be parsed or evaluated, asks for the network, or names a dataset twice.
    """
    refuse_load(update.text)
    refuse_service(update.text)
    given = _clauses(update.using, update.using_named)
    for operation in operations(update.text):
        if given and operation.names_dataset:
            found = "using-graph-uri or using-named-graph-uri is given, and the update has USING or WITH"
            raise QueryError("update", found=found, allowed="must say it in one place")
        there = [iri for iri in untouched if store.contains_named_graph(ox.NamedNode(iri))]
        kept = {iri: list(_quads(store, iri)) for iri in there} if operation.is_for_all else {}
        if given and operation.has_where:
            _evaluate(store, operation.over(given), update.base)
        elif operation.has_where and not operation.names_dataset and update.default_graph == "union":
            _evaluate_over_union(store, operation, update.base)
        else:
            _evaluate(store, f"{operation.prologue}\n{operation.text}", update.base)
        for iri, quads in kept.items():
            store.add_graph(ox.NamedNode(iri))
            store.bulk_extend(quads)


def _evaluate_over_union(store: ox.Store, operation: Operation, base: str | None) -> None:
    """Run an operation whose WHERE sees the union of all graphs as its default graph, and each named one by name."""
    names = [name.value for name in store.named_graphs() if isinstance(name, ox.NamedNode)]
    union = ox.NamedNode(f"urn:uuid:{uuid4()}")
    store.bulk_extend([ox.Quad(quad.subject, quad.predicate, quad.object, union) for quad in store])
    try:
        _evaluate(store, operation.over(_clauses((union.value,), names)), base)
    finally:
        store.remove_graph(union)


def _evaluate(store: ox.Store, text: str, base: str | None) -> None:
    refuse_load(text)
    refuse_service(text)
    try:
        store.update(text, base_iri=base)
    except (SyntaxError, ValueError) as error:
        found = " ".join(str(error).split())
        raise QueryError("update", found=found, allowed="must be a SPARQL 1.1 update") from error
    except (OSError, RuntimeError) as error:
        raise QueryError("update", found=f"cannot be done: {error}", allowed="see the message") from error


def _clauses(using: Collection[str], named: Collection[str]) -> str:
    """USING clauses. Raises QueryError for what is no absolute IRI."""
    try:
        return " ".join(
            [*(f"USING {ox.NamedNode(iri)}" for iri in using), *(f"USING NAMED {ox.NamedNode(iri)}" for iri in named)]
        )
    except ValueError as error:
        raise QueryError("using-graph-uri", found=str(error), allowed="must be absolute IRIs") from error


def _quads(store: ox.Store, iri: str) -> Iterable[ox.Quad]:
    return store.quads_for_pattern(None, None, None, ox.NamedNode(iri))


TOKEN = re.compile(
    r"""
    (?P<gap>(?:\s|\#[^\n\r]*)+)
  | <[^<>"{}|^`\\\x00-\x20]*>
  | "{3}(?:"{0,2}(?:[^"\\]|\\.))*+"{3} | '{3}(?:'{0,2}(?:[^'\\]|\\.))*+'{3}
  | "(?:[^"\\\n\r]|\\.)*+" | '(?:[^'\\\n\r]|\\.)*+'
  | (?:[^\W\d](?:[\w.-]*[\w-])?)?:(?:[\w:.-]|%[0-9A-Fa-f]{2}|\\.)*
  | [?$]\w+ | @[A-Za-z][A-Za-z0-9-]* | [^\W\d][\w-]*
  | .
    """,
    re.VERBOSE | re.DOTALL,
)
ESCAPED_ASCII = re.compile(r"\\u00[0-7][0-9A-Fa-f]|\\U000000[0-7][0-9A-Fa-f]")


def operations(text: str) -> list[Operation]:
    """The operations of an update, by the rules of the grammar for tokens and braces; the engine judges the rest.

    Raises QueryError if braces do not match, or if a character of the grammar itself is written as an escape.
    """
    if ESCAPED_ASCII.search(text):
        allowed = "must be written as the character itself"
        raise QueryError("update", found="writes an ASCII character as an escape", allowed=allowed)
    found: list[Operation] = []
    prologue, tokens = "", list[Token]()
    for token in [*_tokens(text), Token(";", len(text), len(text))]:
        if token.text != ";":
            tokens.append(token)
            continue
        declared = _declarations(tokens)
        prologue += text[declared[0].start : declared[-1].end] + "\n" if declared else ""
        body = tokens[len(declared) :]
        if body:
            start = body[0].start
            moved = tuple(Token(one.text, one.start - start, one.end - start) for one in body)
            found.append(Operation(prologue, text[start : body[-1].end], moved))
        tokens = []
    return found or [Operation(prologue, "", ())]


BEFORE_GRAPHS = frozenset({"GRAPH", "NAMED", "USING", "WITH", "TO", "ADD", "COPY", "MOVE", "SILENT", "INTO"})
"""The words behind which an update names a graph."""


def graphs_named(update: Update) -> set[str]:
    """The graphs that an update names, to change them or to see them; those that a variable stands for are not known.

    A prefix or base that is declared twice counts with both meanings.
    """
    tokens = [match[0] for match in TOKEN.finditer(unescape(update.text)) if not match["gap"]]
    pairs = list(pairwise(tokens))
    bases = [token[1:-1] for word, token in pairs if word.upper() == "BASE"] or [update.base or ""]
    declared = [(tokens[at + 1], tokens[at + 2]) for at, word in enumerate(tokens[:-2]) if word.upper() == "PREFIX"]
    named = {*update.using, *update.using_named}
    for word, token in pairs:
        if word.upper() in BEFORE_GRAPHS and token.startswith("<"):
            named |= {urljoin(base, token[1:-1]) for base in bases}
        elif word.upper() in BEFORE_GRAPHS:
            spaces = (iri[1:-1] + token.removeprefix(prefix) for prefix, iri in declared if token.startswith(prefix))
            named |= {urljoin(base, re.sub(r"\\(.)", r"\1", iri)) for iri in spaces for base in bases}
    return named


def _declarations(tokens: list[Token]) -> list[Token]:
    """The PREFIX and BASE declarations that tokens begin with."""
    count = 0
    while count < len(tokens) and (length := {"PREFIX": 3, "BASE": 2}.get(tokens[count].text.upper(), 0)):
        count += length
    return tokens[:count]


def _tokens(text: str) -> Iterator[Token]:
    depth, start = 0, 0
    for match in TOKEN.finditer(text):
        if match["gap"]:
            continue
        if match[0] == "{":
            start = start if depth else match.start()
            depth += 1
        elif match[0] == "}":
            depth -= 1
            if depth == 0:
                yield Token(text[start : match.end()], start, match.end())
        elif depth == 0:
            yield Token(match[0], match.start(), match.end())
        if depth < 0:
            break
    if depth:
        raise QueryError("update", found="has braces that do not match", allowed="must be a SPARQL 1.1 update")
