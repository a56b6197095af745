"""Tell in which syntax an ontology is written, by its first bytes.

In: a file. Out: one of `SYNTAXES`. A file that is no ontology, or is not what its name says, is refused with what was
found. Names that many syntaxes share (`.owl`, `.xml`, `.txt`, none) say nothing.
"""

import re
from collections.abc import Mapping
from pathlib import Path
from xml.parsers import expat

import pyoxigraph as ox

from equipoise.graph.external.unpacking import plain_name, unpack
from equipoise.ontology.errors import OntologyError

__all__ = ["SYNTAXES", "syntax_of"]

SYNTAXES: Mapping[str, str] = {
    "rdf": "RDF/XML",
    "ttl": "Turtle",
    "nt": "N-Triples",
    "obo": "OBO",
    "obograph": "OBO Graphs JSON",
    "owx": "OWL/XML",
    "ofn": "OWL functional syntax",
}
SUFFIXES = {".rdf": "rdf", ".ttl": "ttl", ".nt": "nt", ".obo": "obo", ".json": "obograph", ".owx": "owx", ".ofn": "ofn"}
HEAD = 1 << 16
ROOTS = {
    "http://www.w3.org/1999/02/22-rdf-syntax-ns# RDF": "rdf",
    "http://www.w3.org/2002/07/owl# Ontology": "owx",
}
XML = re.compile(r"\s*<(?:[?!]|html\b|[\w.-]+(?::[\w.-]+)?\s)", re.IGNORECASE)
FUNCTIONAL = re.compile(r"(?:\s|#[^\n]*\n)*(?:Prefix\s*\(|Ontology\s*[(<])")
OBO = re.compile(
    r"(?:\s|![^\n]*\n)*(?:(?:format-version|data-version|ontology|date|saved-by|subsetdef|idspace)\s*:|\[Term\])"
)
TURTLE = re.compile(r"(?:\s|#[^\n]*\n)*(?:@?(?:prefix|base)\b|[<\[(]|_:|[\w.-]*:\S)", re.IGNORECASE)


def syntax_of(path: Path, *, most_bytes: int) -> str:
    """The syntax of a file, packed or not. Raises OntologyError."""
    with unpack(path, most_bytes=most_bytes) as source:
        head = b""
        while len(head) < HEAD and (piece := source.read()):
            head += piece
    found = _recognised(path, head)
    said = SUFFIXES.get(plain_name(path).suffix.lower())
    if said is not None and said != found and (said, found) != ("ttl", "nt"):  # N-Triples are Turtle
        says = f"is named as {SYNTAXES[said]}, and holds {SYNTAXES[found]}"
        raise OntologyError(str(path), found=says, allowed="must be what its name says")
    return "ttl" if said == "ttl" else found


def _recognised(path: Path, head: bytes) -> str:
    if not head.strip():
        raise _unknown(path, "is empty")
    try:
        text = head.decode("utf-8-sig") if len(head) < HEAD else head[: head.rfind(b"\n") + 1].decode("utf-8-sig")
    except UnicodeDecodeError as error:
        if head.startswith((b"\xff\xfe", b"\xfe\xff")):
            return _of_xml(path, head)
        line = head[: error.start].count(b"\n") + 1
        raise OntologyError(f"{path}:{line}", found="is not text in UTF-8", allowed=_allowed()) from error
    start = text.lstrip()[:1]
    if start == "<" and XML.match(text):
        return _of_xml(path, head)
    if start == "{":
        if '"graphs"' in text:
            return "obograph"
        raise _unknown(path, "is JSON without graphs of OBO")
    if FUNCTIONAL.match(text):
        return "ofn"
    if OBO.match(text):
        return "obo"
    if TURTLE.match(text):
        return "nt" if _begins_with_triples(text) else "ttl"
    raise _unknown(path, f"begins with {text.strip()[:30]!r}")


def _of_xml(path: Path, head: bytes) -> str:
    """The syntax that the first element of an XML file means."""
    met: list[str] = []
    parser = expat.ParserCreate(namespace_separator=" ")
    parser.StartElementHandler = lambda name, _: met.append(name)
    try:
        parser.Parse(head)
    except expat.ExpatError as error:
        if not met:
            raise OntologyError(f"{path}:{error.lineno}", found=f"is no XML: {error}", allowed=_allowed()) from error
    root = met[0] if met else "none"
    if root in ROOTS:
        return ROOTS[root]
    if root.lower().endswith("html"):
        raise _unknown(path, "is a web page")
    raise _unknown(path, f"is XML of another kind, whose first element is {root.rpartition(' ')[2]}")


def _begins_with_triples(text: str) -> bool:
    """Whether the first lines are N-Triples, the last left out, which may be cut."""
    lines = text.splitlines(keepends=True)
    sample = "".join(lines[:50] if len(lines) > 50 else lines[:-1] or lines)
    try:
        return any(True for _ in list(ox.parse(sample, format=ox.RdfFormat.N_TRIPLES)))
    except SyntaxError:
        return False


def _allowed() -> str:
    return f"must be an ontology in {', '.join(SYNTAXES.values())}"


def _unknown(path: Path, found: str) -> OntologyError:
    return OntologyError(f"{path}:1", found=found, allowed=_allowed())
