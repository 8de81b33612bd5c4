"""Each request is counted, timed and written to the log under an id that its answer carries."""

from __future__ import annotations

import time
from typing import Final

import structlog
from flask import Flask, Response, g, request
from prometheus_client import Counter, Histogram

from kernel.metrics import REGISTRY, SECONDS

REQUESTS: Final = Counter(
    "zujian_requests",
    "Requests, by the route that answered them.",
    ["route", "method", "status"],
    registry=REGISTRY,
)
REQUEST_SECONDS: Final = Histogram(
    "zujian_request_seconds",
    "Time to answer a request, by route.",
    ["route"],
    buckets=SECONDS,
    registry=REGISTRY,
)
# Asked for by the second, by programs: counted, not written down.
_UNLOGGED: Final = frozenset({"static", "health.health", "health.ready", "health.metrics"})
# Methods are of the sender's choosing, and each label value is kept for ever.
_METHODS: Final = frozenset({"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"})
log = structlog.get_logger(__name__)


def init_app(app: Flask) -> None:
    """Observe every request of the application."""
    app.before_request(_begin)
    app.after_request(_end)


def _begin() -> None:
    g.began = time.perf_counter()


def _end(response: Response) -> Response:
    seconds = time.perf_counter() - g.get("began", time.perf_counter())
    route = request.endpoint or "(none)"
    method = request.method if request.method in _METHODS else "(other)"
    REQUESTS.labels(route, method, str(response.status_code)).inc()
    REQUEST_SECONDS.labels(route).observe(seconds)
    if "request_id" in g:
        response.headers["X-Request-Id"] = g.request_id
    if route not in _UNLOGGED and structlog.is_configured():
        milliseconds = round(seconds * 1000, 1)
        # The path without its query: what people search for is theirs.
        log.info(
            "request.ended",
            method=method,
            path=request.path,
            route=route,
            status=response.status_code,
            milliseconds=milliseconds,
        )
    return response
