"""What a graph has, as loading compares it: the number of its triples and their hash, whatever the engine made of them.

In: triples, from a release or read back from an engine, staged or not. Out: a `Content`. And a triple as it is staged,
with a predicate that nobody asks for.
"""

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass

import pyoxigraph as ox

from equipoise.graph.store.engines import Engine

__all__ = ["STAGED", "Content", "as_staged", "content_of", "has_blank_node", "line"]

STAGED = "urn:equipoise:staged:"
"""What stands before the predicate of a staged triple."""


@dataclass(frozen=True)
class Content:
    """How many triples a graph has, and the SHA-256 of them, each in one normal form, sorted."""

    triples: int
    sha256: str


def as_staged(triple: ox.Triple, engine: Engine) -> ox.Triple:
    """A triple as it is sent: with a predicate that nobody asks for, and its number as the engine wants it."""
    end = engine.written(triple.object) if isinstance(triple.object, ox.Literal) else triple.object
    return ox.Triple(triple.subject, ox.NamedNode(STAGED + triple.predicate.value), end)


def line(triple: ox.Triple) -> str:
    """A triple as a line of N-Triples."""
    return f"{triple} .\n"


def has_blank_node(triple: ox.Triple) -> bool:
    """Whether its subject or object is one."""
    return isinstance(triple.subject, ox.BlankNode) or isinstance(triple.object, ox.BlankNode)


def content_of(triples: Iterable[ox.Triple], engine: Engine) -> Content:
    """Number and hash of triples, staged or not, in the engine's normal form; blank nodes are labelled canonically."""
    ground, blank = set(), ox.Dataset()
    for triple in triples:
        end = engine.normal(triple.object) if isinstance(triple.object, ox.Literal) else triple.object
        predicate = ox.NamedNode(triple.predicate.value.removeprefix(STAGED))
        if has_blank_node(triple):
            blank.add(ox.Quad(triple.subject, predicate, end))
        else:
            ground.add(line(ox.Triple(triple.subject, predicate, end)))
    blank.canonicalize(ox.CanonicalizationAlgorithm.RDFC_1_0)
    lines = sorted(ground | {line(quad.triple) for quad in blank})
    return Content(len(lines), hashlib.sha256("".join(lines).encode()).hexdigest())
