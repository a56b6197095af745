"""What is counted and logged of each request: once, when its answer has ended, or again, when a kept answer is sent.

In: the kind of request and the parts of its line in the log. Out: counters and a line. Label sets are looked up once.
"""

from collections.abc import Callable
from functools import cache, partial

from prometheus_client import Counter, Histogram

from equipoise.api.log import Log, written_parts
from equipoise.api.metrics import Metrics

__all__ = ["Noting", "kind_of"]

KINDS = frozenset(("sparql", "queries", "graphs", "trial", "drug", "vocab", "health", "metrics", "static"))
"""What is told apart in logs and metrics, by the first part of the path; all others are called `page`."""


def kind_of(path: str) -> str:
    """The kind of request, for logs and metrics."""
    first = path.split("/", 2)[1]
    return first if first in KINDS else "page"


class Noting:
    """Counts and logs requests."""

    def __init__(self, metrics: Metrics, log: Log) -> None:
        self._metrics = metrics
        self._log = log
        self._counters: Callable[[str, int], tuple[Counter, Histogram]] = cache(self._labelled)

    def request(
        self,
        path: str,
        *,
        method: str,
        status: int,
        sent: int,
        release: str,
        name: bytes,
        seconds: float,
        is_ended: bool = True,
    ) -> None:
        """A request was answered, or its answer was broken off."""
        requests, latency = self._counters(kind_of(path), status)
        requests.inc()
        latency.observe(seconds)
        self._log.event(
            "request" if is_ended else "broken off",
            method=method,
            path=path,
            status=status,
            bytes=sent,
            release=release,
            id=name.decode(),
            milliseconds=round(seconds * 1000, 1),
        )

    def repeating(self, path: str, *, sent: int, release: str) -> Callable[[str, float], None]:
        """Who is told, with the request's name and the seconds it took, that a kept answer to a GET was sent again."""
        parts = written_parts(event="request", method="GET", path=path, status=200, bytes=sent, release=release)
        return partial(self._repeat, *self._counters(kind_of(path), 200), parts)

    def _repeat(self, requests: Counter, latency: Histogram, parts: str, name: str, seconds: float) -> None:
        requests.inc()
        latency.observe(seconds)
        self._metrics.cached.inc()
        self._log.repeat(parts, id=name, milliseconds=round(seconds * 1000, 1))

    def _labelled(self, kind: str, status: int) -> tuple[Counter, Histogram]:
        return self._metrics.requests.labels(kind, str(status)), self._metrics.latency.labels(kind)
