"""Answers kept ready: whole answers to requests that read, as the bytes that go out, for the release in service.

A request is known by its target and the few headers that decide its answer. What is found here was allowed to be kept
(`front`), so nothing is asked, routed or written again; only the date and the request's name are put in.
"""

import hashlib
import re
import secrets
from collections import OrderedDict
from collections.abc import Callable, Mapping
from dataclasses import dataclass

__all__ = ["LARGEST", "KeptAnswer", "ReadyAnswers", "request_key", "request_name"]

LARGEST = 1 << 18
"""The size of an answer above which it is not kept, in bytes."""

REMEMBERED = 10_000
"""How many requests are remembered that were asked once."""

CHOOSING = (b"accept", b"accept-encoding", b"host")
"""The headers of a request that decide its answer."""


NAME = re.compile(rb"[\w.:-]{1,128}")


@dataclass(frozen=True, slots=True)
class KeptAnswer:
    """An answer of status 200: its head but for the date and the request's name, its body, and who is told, with the
    name and the seconds it took, when it is sent again.
    """

    head: bytes
    body: bytes
    told: Callable[[str, float], object]


def request_key(edition: bytes, target: bytes, headers: Mapping[bytes, bytes]) -> bytes:
    """What a reading request is known by: a digest of all that decides its answer.

    `edition` is what decides beside the request: the release, and what the service is set to.
    """
    parts = (edition, target, *(headers.get(name, b"") for name in CHOOSING))
    return hashlib.blake2b(b"\n".join(parts), digest_size=16).digest()


def request_name(given: bytes) -> bytes:
    """What a request is called: as its client says, if that is a name, or at random."""
    return given if NAME.fullmatch(given) else secrets.token_hex(8).encode()


class ReadyAnswers:
    """Answers by the key of their request, the oldest leaving first; `most_bytes` is what they may take together."""

    def __init__(self, *, most_bytes: int) -> None:
        self.edition = b""
        self._most_bytes = most_bytes
        self._bytes = 0
        self._kept: OrderedDict[bytes, KeptAnswer] = OrderedDict()
        self._asked: OrderedDict[bytes, None] = OrderedDict()

    def begin(self, edition: bytes) -> None:
        """Forget everything: another release is in service."""
        self.edition = edition
        self._kept.clear()
        self._asked.clear()
        self._bytes = 0

    def is_wanted(self, key: bytes) -> bool:
        """Whether its answer is worth keeping: the same was asked before, and not long ago.

        What is asked once only would take the place of what is asked for again and again.
        """
        if key in self._asked:
            return True
        self._asked[key] = None
        if len(self._asked) > REMEMBERED:
            self._asked.popitem(last=False)
        return False

    def find(self, key: bytes) -> KeptAnswer | None:
        """The answer to that request, if it is kept."""
        kept = self._kept.get(key)
        if kept is not None:
            self._kept.move_to_end(key)
        return kept

    def keep(self, key: bytes, answer: KeptAnswer) -> None:
        """Keep an answer, unless it is too large."""
        if key in self._kept or len(answer.body) > LARGEST:
            return
        self._kept[key] = answer
        self._bytes += _size(answer)
        while self._bytes > self._most_bytes:
            _, oldest = self._kept.popitem(last=False)
            self._bytes -= _size(oldest)


def _size(answer: KeptAnswer) -> int:
    """About how many bytes it takes with all around it."""
    return len(answer.head) + len(answer.body) + 2000
