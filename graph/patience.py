"""Asking a server that is busy again: later each time, by chance a little sooner or later, and no more than so often.

In: an attempt that raises `BusyError` when it may be made again. Out: what it gives. Nothing here speaks HTTP but the
reading of `Retry-After`.
"""

import random
import time
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from importlib.metadata import version
from typing import TypeVar

import httpx

__all__ = ["BUSY", "BusyError", "Patience", "agent", "persist", "retry_after"]

BUSY = (408, 425, 429, 500, 502, 503, 504)
"""Statuses with which a server says that it may answer later."""
JITTER = 0.25
"""By what share a pause is made longer, at most, so that those who wait do not come back together."""

CHANCE = random.SystemRandom()
T = TypeVar("T")


@dataclass(frozen=True)
class Patience:
    """How often a server that fails is asked, how long is waited before the second time, and at most ever."""

    tries: int = 6
    first_pause_seconds: float = 1.0
    longest_pause_seconds: float = 120.0


class BusyError(Exception):
    """The server, or the way to it, failed for the moment; it may say when to come back."""

    def __init__(self, found: str, seconds: float | None = None) -> None:
        super().__init__(found)
        self.seconds = seconds


def persist(attempt: Callable[[], T], patience: Patience, *, progress: Callable[[], int] = int) -> T:
    """Make an attempt until it is not busy. Raises its last BusyError when the patience is at its end.

    An attempt after which there is more `progress` than before it was no failure, even if it broke off. When a server
    says after what time to come back, and that is longer than the longest pause, it is not asked again before.
    """
    failures = 0
    while True:
        had = progress()
        try:
            return attempt()
        except BusyError as error:
            failures = 1 if progress() > had else failures + 1
            if failures >= patience.tries or (error.seconds or 0.0) > patience.longest_pause_seconds:
                raise
            wait = patience.first_pause_seconds * 2 ** (failures - 1) if error.seconds is None else error.seconds
            time.sleep(min(wait * (1 + JITTER * CHANCE.random()), patience.longest_pause_seconds))


def retry_after(response: httpx.Response) -> float | None:
    """After how many seconds the server wants to be asked again; None if it does not say."""
    said = response.headers.get("retry-after", "").strip()
    if said.isdigit():
        return float(said)
    with suppress(ValueError, TypeError):
        return max((parsedate_to_datetime(said) - datetime.now(UTC)).total_seconds(), 0.0)
    return None


def agent() -> str:
    """Who asks."""
    return f"equipoise/{version('equipoise')} (+https://w3id.org/equipoise/)"
