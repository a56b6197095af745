"""What must be known of a query's graphs before the engine reads it: whether it names its own dataset with FROM or FROM
NAMED, and whether it may ask named graphs with GRAPH.

The engine takes the default graph either as the union of all graphs or as the query says; told to take the union, it
passes over the query's own clauses. A dataset clause stands outside all braces, so only the words there count.
"""

import re

from equipoise.graph.store.guard import STRINGS, unescape

__all__ = ["may_ask_named_graphs", "names_dataset"]

TOKEN = re.compile(
    "|".join(
        (
            r"(?P<comment>\#[^\n\r]*)",
            r'(?P<iri><[^<>"{}|^`\\\x00-\x20]*>)',
            *(string.pattern for string in STRINGS),
            r"(?P<variable>[?$]\w+)",
            r"(?P<prefixed>[^\W\d][\w.-]*:(?:[\w:.%-]|\\.)*|:(?:[\w:.%-]|\\.)*)",
            r"(?P<word>\w+)",
            r"(?P<brace>[{}])",
            r"(?P<other>.)",
        )
    ),
    re.DOTALL,
)


GRAPH = re.compile(r"\bgraph\b|\\u", re.IGNORECASE)


def may_ask_named_graphs(query: str) -> bool:
    """Whether a query may have a GRAPH pattern; one that only has the word elsewhere may be said to."""
    return GRAPH.search(query) is not None


def names_dataset(query: str) -> bool:
    """Whether a query has a FROM or FROM NAMED clause of its own. Of a text that is no query, anything may be said."""
    text = unescape(query)
    if "from" not in text.lower():
        return False
    depth = 0
    for token in TOKEN.finditer(text):
        if token.lastgroup == "brace":
            depth += 1 if token[0] == "{" else -1
        elif depth == 0 and token.lastgroup == "word" and token[0].lower() == "from":
            return True
    return False
