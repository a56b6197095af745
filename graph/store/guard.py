"""Refuse queries that would reach the network: SERVICE, before the engine sees it.

The engine opens a connection for every SERVICE clause and cannot be told not to. A text is therefore refused if any
way of cutting it into tokens has the keyword SERVICE in it. Two readings differ only at `<`, which may start an IRI
or be an operator, and at three quotes in a row; the guard follows both, so whatever reading the engine takes has been
looked at. A prefix with `service` in it is refused too: a parser may read it as the keyword and a shorter prefix.
"""

import re

from equipoise.ontology.errors import QueryError

__all__ = ["refuse_service"]

IRI = re.compile(r'<[^<>"{}|^`\\\x00-\x20]*>')
STRINGS = (
    re.compile(r'"""(?:"{0,2}(?:[^"\\]|\\.))*"""', re.DOTALL),
    re.compile(r"'''(?:'{0,2}(?:[^'\\]|\\.))*'''", re.DOTALL),
    re.compile(r'"(?:[^"\\\n\r]|\\.)*"'),
    re.compile(r"'(?:[^'\\\n\r]|\\.)*'"),
)
VARIABLE = re.compile(r"[?$]\w+")
LANGUAGE = re.compile(r"@[A-Za-z]+(?:-[A-Za-z0-9]+)*")
WORD = re.compile(r"[^\W\d][\w-]*")
LOCAL_NAME = re.compile(r":(?:[\w:-]|%[0-9A-Fa-f]{2}|\\.)*")
LINE_END = re.compile(r"[\n\r]")
ESCAPE = re.compile(r"\\u([0-9A-Fa-f]{4})|\\U([0-9A-Fa-f]{8})")


def refuse_service(query: str) -> None:
    """Raise QueryError if the query has a SERVICE clause under any reading."""
    for text in {query, _unescape(query)}:
        if "service" in text.lower() and _has_service(text):
            raise QueryError("query", found="SERVICE is switched off here", allowed="ask this store's own graphs")


def _unescape(text: str) -> str:
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
    for position, character in enumerate(text):
        if not reachable[position]:
            continue
        if character == "#":
            if line_end < position:
                found = LINE_END.search(text, position)
                line_end = found.start() if found else len(text)
            reachable[line_end] = 1
            continue
        ends = _token_ends(text, position, character)
        if ends is None:
            return True
        for end in ends:
            reachable[end] = 1
    return False


def _token_ends(text: str, position: int, character: str) -> list[int] | None:
    """Where the token at a position can end; None if it can be SERVICE."""
    if character == "<":
        iri = IRI.match(text, position)
        return [position + 1, iri.end()] if iri else [position + 1]
    if character in "\"'":
        ends = [match.end() for pattern in STRINGS if (match := pattern.match(text, position))]
        return ends or [position + 1]
    if character in "?$":
        variable = VARIABLE.match(text, position)
        return [variable.end() if variable else position + 1]
    if character == "@":
        language = LANGUAGE.match(text, position)
        return [language.end() if language else position + 1]
    if character == ":":
        local = LOCAL_NAME.match(text, position)
        assert local
        return [local.end()]
    word = WORD.match(text, position)
    if word is None:
        return [position + 1]
    return None if "service" in word[0].lower() else [word.end()]
