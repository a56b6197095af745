"""What the service counts, for Prometheus at `/metrics`: requests, their latency by kind, the queue, workers replaced.

One registry for each application; nothing is counted globally.
"""

from collections.abc import Callable

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, generate_latest

__all__ = ["MEDIA_TYPE", "Metrics"]

MEDIA_TYPE = "text/plain; version=0.0.4; charset=utf-8"
SECONDS = (0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60)


class Metrics:
    """The counters of one service."""

    def __init__(self) -> None:
        self.registry = CollectorRegistry()
        self.requests = Counter("equipoise_requests", "Requests answered", ["kind", "status"], registry=self.registry)
        self.latency = Histogram(
            "equipoise_request_seconds",
            "From the request's head to the last byte of its answer",
            ["kind"],
            buckets=SECONDS,
            registry=self.registry,
        )
        self.under_way = Gauge("equipoise_requests_under_way", "Requests being answered", registry=self.registry)
        self.cached = Counter("equipoise_cached_answers", "Requests answered from memory", registry=self.registry)
        self.asked = Gauge("equipoise_queries", "Queries that run or wait", ["lane"], registry=self.registry)
        self.workers = Counter(
            "equipoise_worker_events",
            "What happened to workers and those who wanted one: stopped at the time limit, died (memory, panic), "
            "abandoned by the client, put back to wait among the slow, retired after a slow query, refused for a full "
            "queue, not started",
            ["lane", "event"],
            registry=self.registry,
        )
        self.reloads = Counter("equipoise_reloads", "Releases put in service", ["outcome"], registry=self.registry)

    def told(self, lane: str) -> Callable[[str], object]:
        """What a lane tells its news to."""
        return lambda event: self.workers.labels(lane, event).inc()

    def text(self) -> bytes:
        """All of it, in Prometheus' text format."""
        return generate_latest(self.registry)
