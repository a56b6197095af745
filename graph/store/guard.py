"""Refuse what would reach the network: SERVICE in queries and updates, LOAD in updates, before the engine sees it.

The engine opens a connection for every such clause and cannot be told not to. A text is therefore refused if any way
of cutting it into tokens has the keyword in it. Two readings differ only at `<`, which may start an IRI or be
an operator; the guard follows both, so whatever reading the engine takes has been looked at. The keyword counts where
what makes it a clause follows, glued to what stands around it or not.
"""

import re
from collections.abc import Collection, Iterator
from itertools import islice

from equipoise.ontology.errors import QueryError

__all__ = ["STRINGS", "refuse_load", "refuse_service", "service_clauses", "unescape"]

IRI = re.compile(r'<[^<>"{}|^`\\\x00-\x20]*>')
ESCAPED = r"""\\(?:[tbnrf"'\\]|u[0-9A-Fa-f]{4}|U[0-9A-Fa-f]{8})"""
STRINGS = (
    re.compile(rf'"""(?:"{{0,2}}(?:[^"\\]|{ESCAPED}))*"""'),
    re.compile(rf"'''(?:'{{0,2}}(?:[^'\\]|{ESCAPED}))*'''"),
    re.compile(rf'"(?:[^"\\\n\r]|{ESCAPED})*"'),
    re.compile(rf"'(?:[^'\\\n\r]|{ESCAPED})*'"),
)
"""Strings as the grammar has them, long before short; one with an unknown escape is none, for the engine as for us."""
VARIABLE = re.compile(r"[?$]\w+")
LANGUAGE = re.compile(r"@[A-Za-z]+(?:-[A-Za-z0-9]+)*")
WORD = re.compile(r"[^\W\d][\w-]*")
LOCAL_NAME = re.compile(r":(?:[\w:-]|%[0-9A-Fa-f]{2}|\\.)*")
SPACE = r"(?:\s|#[^\n\r]*+)*+"
ENDPOINT = r"""(?:<[^<>"{}|^`\\\x00-\x20]*>|[?$]\w+|[^\s<>{}"'#:]*+:(?:[^\s{#\\]|\\.)*+)"""
SERVICE = re.compile(rf"service{SPACE}(?:silent)?+{SPACE}(?P<target>{ENDPOINT}){SPACE}\{{", re.IGNORECASE)
SERVICE_WORD = re.compile("service", re.IGNORECASE)
DOCUMENT = r"""(?:<[^<>"{}|^`\\\x00-\x20]*>|[^\s<>{}"'#:]*+:(?:(?!into)[^\s{#\\;]|\\.)*+)"""
LOAD = re.compile(rf"load{SPACE}(?:silent)?+{SPACE}(?P<target>{DOCUMENT}){SPACE}(?:into|;|\Z)", re.IGNORECASE)
LOAD_WORD = re.compile(r"load(?![>/,;.)\]-])", re.IGNORECASE)
"""The word, where what follows could still make it a clause; within an IRI it seldom does."""
MOST_KEYWORDS = 100
"""How often the word may stand outside strings, comments and names; a text with more is refused unread."""
LINE_END = re.compile(r"[\n\r]")
ESCAPE = re.compile(r"\\u([0-9A-Fa-f]{4})|\\U([0-9A-Fa-f]{8})")


def refuse_service(query: str, *, permitted: Collection[str] = ()) -> None:
    """Raise QueryError if a query or an update has a SERVICE clause under any reading.

    `permitted` are the endpoints that may be asked, by IRI; one may be named only in full, between angle brackets.
    """
    if _has_clause(query, SERVICE_WORD, SERVICE, {f"<{iri}>" for iri in permitted}):
        if permitted:
            found, allowed = "asks a SERVICE that is not allowed here", "name one of the allowed by its full IRI"
            raise QueryError("query", found=found, allowed=allowed)
        raise QueryError("query", found="SERVICE is switched off here", allowed="ask this store's own graphs")


def service_clauses(query: str) -> list[re.Match[str]]:
    """Where SERVICE clauses can begin, each with its `target`, in strings and comments none."""
    if not SERVICE_WORD.search(query):
        return []
    begun = (SERVICE.match(query, position) for position in islice(_keywords(query, SERVICE_WORD), MOST_KEYWORDS))
    return [clause for clause in begun if clause]


def refuse_load(update: str) -> None:
    """Raise QueryError if an update has a LOAD operation under any reading."""
    if _has_clause(update, LOAD_WORD, LOAD, set()):
        raise QueryError("update", found="LOAD is switched off here", allowed="send the triples themselves")


def _has_clause(text: str, keyword: re.Pattern[str], clause: re.Pattern[str], permitted: set[str]) -> bool:
    readings = {text, unescape(text)}
    return any(keyword.search(reading) and _can_begin(reading, keyword, clause, permitted) for reading in readings)


def unescape(text: str) -> str:
    """Replace codepoint escapes, which the SPARQL grammar allows anywhere."""

    def character(match: re.Match[str]) -> str:
        code = int(match[1] or match[2], 16)
        return chr(code) if code < 0x110000 and not 0xD800 <= code < 0xE000 else "�"

    return ESCAPE.sub(character, text)


def _can_begin(text: str, keyword: re.Pattern[str], clause: re.Pattern[str], permitted: set[str]) -> bool:
    """Whether a clause of what is not permitted can begin at a token."""
    for number, position in enumerate(_keywords(text, keyword)):
        begun = clause.match(text, position)
        if number == MOST_KEYWORDS or (begun and begun["target"] not in permitted):
            return True
    return False


def _keywords(text: str, keyword: re.Pattern[str]) -> Iterator[int]:
    """Where a keyword stands within a token, over all ways to reach the token from the start."""
    reachable = bytearray(len(text) + 2)
    reachable[0] = 1
    line_end = -1
    for position, character in enumerate(text):
        if not reachable[position]:
            continue
        if character == "#":
            if line_end < position:
                end = LINE_END.search(text, position)
                line_end = end.start() if end else len(text)
            reachable[line_end] = 1
            continue
        word = WORD.match(text, position)
        if word is None:
            for after in _token_ends(text, position, character):
                reachable[after] = 1
            continue
        reachable[word.end()] = 1
        yield from (found.start() for found in keyword.finditer(text, word.start(), word.end()))


def _token_ends(text: str, position: int, character: str) -> list[int]:
    """Where the token at a position can end, a word excepted; of what is no token, behind its first character."""
    if character == "<":
        iri = IRI.match(text, position)
        return [position + 1, iri.end()] if iri else [position + 1]
    patterns = {'"': STRINGS, "'": STRINGS, "?": (VARIABLE,), "$": (VARIABLE,), "@": (LANGUAGE,), ":": (LOCAL_NAME,)}
    tokens = (pattern.match(text, position) for pattern in patterns.get(character, ()))
    return [next((token.end() for token in tokens if token), position + 1)]
