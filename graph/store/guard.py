"""Refuse queries that would reach the network: SERVICE, before the engine sees it.

The engine opens a connection for every SERVICE clause and cannot be told not to. A text is therefore refused if any way
of cutting it into tokens has the keyword SERVICE in it. Two readings differ only at `<`, which may start an IRI or be
an operator; the guard follows both, so whatever reading the engine takes has been looked at. The keyword counts where
an endpoint and a brace follow, glued to what stands around it or not.
"""

import re

from equipoise.ontology.errors import QueryError

__all__ = ["STRINGS", "refuse_service", "unescape"]

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
CLAUSE = re.compile(rf"service{SPACE}(?:silent)?+{SPACE}{ENDPOINT}{SPACE}\{{", re.IGNORECASE)
KEYWORD = re.compile("service", re.IGNORECASE)
MOST_KEYWORDS = 100
"""How often the word may stand outside strings, comments and names; a text with more is refused unread."""
LINE_END = re.compile(r"[\n\r]")
ESCAPE = re.compile(r"\\u([0-9A-Fa-f]{4})|\\U([0-9A-Fa-f]{8})")


def refuse_service(query: str) -> None:
    """Raise QueryError if the query has a SERVICE clause under any reading."""
    for text in {query, unescape(query)}:
        if "service" in text.lower() and _has_service(text):
            raise QueryError("query", found="SERVICE is switched off here", allowed="ask this store's own graphs")


def unescape(text: str) -> str:
    """Replace codepoint escapes, which the SPARQL grammar allows anywhere."""

    def character(match: re.Match[str]) -> str:
        code = int(match[1] or match[2], 16)
        return chr(code) if code < 0x110000 and not 0xD800 <= code < 0xE000 else "�"

    return ESCAPE.sub(character, text)


def _has_service(text: str) -> bool:
    """Whether the keyword can stand at the start of a token, over all ways to reach that token from the start."""
    reachable = bytearray(len(text) + 2)
    reachable[0] = 1
    line_end = -1
    keywords = 0
    for position, character in enumerate(text):
        if not reachable[position]:
            continue
        if character == "#":
            if line_end < position:
                found = LINE_END.search(text, position)
                line_end = found.start() if found else len(text)
            reachable[line_end] = 1
            continue
        word = WORD.match(text, position)
        if word is None:
            for end in _token_ends(text, position, character):
                reachable[end] = 1
            continue
        reachable[word.end()] = 1
        for keyword in KEYWORD.finditer(text, word.start(), word.end()):
            keywords += 1
            if keywords > MOST_KEYWORDS or CLAUSE.match(text, keyword.start()):
                return True
    return False


def _token_ends(text: str, position: int, character: str) -> list[int]:
    """Where the token at a position can end, a word excepted; of what is no token, behind its first character."""
    if character == "<":
        iri = IRI.match(text, position)
        return [position + 1, iri.end()] if iri else [position + 1]
    patterns = {'"': STRINGS, "'": STRINGS, "?": (VARIABLE,), "$": (VARIABLE,), "@": (LANGUAGE,), ":": (LOCAL_NAME,)}
    tokens = (pattern.match(text, position) for pattern in patterns.get(character, ()))
    return [next((token.end() for token in tokens if token), position + 1)]
