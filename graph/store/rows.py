"""Cut a result after a number of rows while its bytes go by, and say in the format itself that it was cut.

In: the bytes of a result as an engine writes them. Out: the same bytes, or as many of them as make the rows allowed,
and a closing that makes them a whole document again and says, where the format has a place for it, that rows are
missing.

Nothing is parsed: in each format, a sequence of bytes that stands nowhere else, but in a quoted text perhaps, shows
that another row begins; the quotes that go by tell whether it is in one.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass

__all__ = ["ROW_STARTS", "RowCounter", "RowStarts", "RowsExceeded"]


HELD_BACK = 1 << 16
"""Bytes above which rows are looked for, however many are allowed."""


@dataclass(frozen=True)
class RowStarts:
    """How a format shows that a row begins.

    `pattern` matches where one does, `kept` bytes of the match still belong to the row before. `first` of the matches
    come before the second row. `longest` is how many bytes, looked ahead at or matched, decide on a match. `escape`
    matches what is no end of a quoted text, where such a text may hold what `pattern` matches; None where none may.
    `close` ends a document that was cut; None where the format cannot say so.
    """

    pattern: re.Pattern[bytes]
    kept: int
    first: int
    longest: int
    escape: re.Pattern[bytes] | None
    close: bytes | None


NOTE = b"truncated: the limit of rows was reached, and there are more"

ROW_STARTS = {
    "srj": RowStarts(re.compile(rb"\},\{"), 1, 0, 3, re.compile(rb"\\[\s\S]"), b']},"truncated":true}'),
    "srx": RowStarts(re.compile(rb"<result>"), 0, 1, 8, None, b"</results><!-- " + NOTE + b" --></sparql>"),
    "csv": RowStarts(re.compile(rb"\r\n(?=[\s\S])"), 2, 1, 3, re.compile(rb'""'), None),
    "tsv": RowStarts(re.compile(rb"\n(?=[\s\S])"), 1, 1, 2, None, None),
}
"""By the short name of the format."""


class RowsExceeded(Exception):  # noqa: N818 - the end of a result, not a fault
    """More rows follow than are allowed; `rest` are the last bytes that belong to those allowed."""

    def __init__(self, rest: bytes) -> None:
        super().__init__()
        self.rest = rest


class RowCounter:
    """Lets the bytes of a result pass until a row begins that is one too many."""

    def __init__(self, starts: RowStarts, rows: int) -> None:
        self._starts = starts
        self._left = rows + starts.first
        self._is_quoted = False
        self._half_escape = b""
        self._undecided = b""

    def take(self, chunk: bytes) -> bytes:
        """The bytes that can be sent on now. Raises RowsExceeded when a row begins that is one too many.

        A row takes a byte at least: as long as there are fewer bytes than rows are left, none is looked for.
        """
        seen = self._undecided + chunk
        if len(seen) < min(self._left, HELD_BACK):
            self._undecided = seen
            return b""
        decided = max(0, len(seen) - self._starts.longest + 1)
        for position in self._starting(seen, decided):
            self._left -= 1
            if self._left == 0:
                raise RowsExceeded(seen[: position + self._starts.kept])
        self._undecided = seen[decided:]
        return seen[:decided]

    def rest(self) -> bytes:
        """What was held back at the end of the result."""
        return self._undecided

    def _starting(self, seen: bytes, decided: int) -> Iterator[int]:
        """Where rows begin in what is decided; a match that begins behind it is looked at again with the next bytes."""
        passed = 0
        for match in self._starts.pattern.finditer(seen):
            if match.start() >= decided:
                break
            self._pass(seen[passed : match.start()])
            passed = match.start()
            if not self._is_quoted:
                yield passed
        self._pass(seen[passed:decided])

    def _pass(self, content: bytes) -> None:
        """Follow the quotes in what goes by; the first half of an escape is looked at again with the second."""
        if self._starts.escape is None:
            return
        bare = self._starts.escape.sub(b"", self._half_escape + content)
        self._half_escape = b"\\" if bare.endswith(b"\\") else b""
        self._is_quoted ^= bare.count(b'"') % 2 == 1
