"""Figures for Prometheus: how many requests, how long they took; nothing that names a tenant or a person.

With several workers they meet in the directory that PROMETHEUS_MULTIPROC_DIR names, which has to be set before this
module is imported.
"""

from __future__ import annotations

import os

from prometheus_client import CONTENT_TYPE_LATEST, CollectorRegistry, Counter, Histogram, generate_latest

SHARED = "PROMETHEUS_MULTIPROC_DIR"
_SECONDS = (0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 10)


class Figures:
    """The figures of this process; ``page`` is about all workers together."""

    media_type = CONTENT_TYPE_LATEST

    def __init__(self) -> None:
        self._registry = CollectorRegistry()
        labels = ("method", "place", "status")
        self._requests = Counter("scim_requests", "Answered requests", labels, registry=self._registry)
        self._seconds = Histogram(
            "scim_request_seconds", "Time to an answer", ("place",), buckets=_SECONDS, registry=self._registry
        )

    def answered(self, method: str, place: str, status: int, seconds: float) -> None:
        method = method if method in _METHODS else "other"
        self._requests.labels(method, place, str(status)).inc()
        self._seconds.labels(place).observe(seconds)

    def page(self) -> bytes:
        """What Prometheus reads."""
        if not os.environ.get(SHARED):
            return generate_latest(self._registry)
        from prometheus_client.multiprocess import MultiProcessCollector

        together = CollectorRegistry()
        MultiProcessCollector(together)  # type: ignore[no-untyped-call]
        return generate_latest(together)


_METHODS = ("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS")
