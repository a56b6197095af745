"""What is known of how long queries take: which shapes of query were quick, and which were slow.

The shape of a query is its text with one mark for every IRI, string and number, and for every gap, comments and all:
queries that differ in what they ask about, or in a comment, are of one shape. Shapes are kept as digests, a bounded
number of them.
"""

import hashlib
import re
from collections import OrderedDict

from equipoise.graph.store.frames import Ask

__all__ = ["Paces", "shape_of"]

REMEMBERED = 4000
"""How many shapes are remembered."""

READ = 1 << 14
"""How much of a text makes its shape, in characters."""

VARYING = re.compile(
    r"""(?:\s|\#[^\n\r]*)+ | <[^<>\s]*> | "(?:[^"\\\n]|\\.)*" | '(?:[^'\\\n]|\\.)*' | [+-]?\d[\d.eE]*""",
    re.VERBOSE | re.ASCII,
)


def shape_of(ask: Ask) -> bytes:
    """The digest of the shape of an ask; which variables are bound is part of it, and the graphs it is asked of."""
    text = VARYING.sub("0", f" {ask.text[:READ]} ")
    about = (text, len(ask.text) >> 14, [name for name, _ in ask.bindings], ask.dataset)
    return hashlib.blake2b(repr(about).encode(errors="surrogatepass"), digest_size=16).digest()


class Paces:
    """Which shapes were quick and which slow, the last time each was asked."""

    def __init__(self) -> None:
        self._was_quick: OrderedDict[bytes, bool] = OrderedDict()

    def is_quick(self, shape: bytes) -> bool:
        """Whether it was quick."""
        return self._was_quick.get(shape, False)

    def is_slow(self, shape: bytes) -> bool:
        """Whether it was slow."""
        return not self._was_quick.get(shape, True)

    def note_quick(self, shape: bytes) -> None:
        """It was quick."""
        self._note(shape, was_quick=True)

    def note_slow(self, shape: bytes) -> None:
        """It was slow."""
        self._note(shape, was_quick=False)

    def _note(self, shape: bytes, *, was_quick: bool) -> None:
        self._was_quick[shape] = was_quick
        self._was_quick.move_to_end(shape)
        if len(self._was_quick) > REMEMBERED:
            self._was_quick.popitem(last=False)
