"""Chunks of bytes, as they come over a line, as a file that a parser reads from."""

from collections.abc import Iterator
from io import RawIOBase
from typing import Any

__all__ = ["ChunkReader"]


class ChunkReader(RawIOBase):
    """Reads chunks one after the other; wrap it in a BufferedReader. What taking a chunk raises goes through."""

    def __init__(self, chunks: Iterator[bytes]) -> None:
        self._chunks = chunks
        self._left = b""

    def readable(self) -> bool:
        """It is."""
        return True

    def readinto(self, buffer: Any) -> int:
        """Fill a buffer with what is there; nothing at the end."""
        while not self._left:
            chunk = next(self._chunks, None)
            if chunk is None:
                return 0
            self._left = chunk
        taken = self._left[: len(buffer)]
        buffer[: len(taken)] = taken
        self._left = self._left[len(taken) :]
        return len(taken)
