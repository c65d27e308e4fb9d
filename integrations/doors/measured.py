"""How many requests this host answers, how, and in what time, for Prometheus: its processes count
together, in the folder that config/gunicorn.py names. A process alone counts in its memory."""

import os
import socket
import time
from collections.abc import Callable

from django.http import HttpRequest, HttpResponseBase
from prometheus_client import (
    CollectorRegistry,
    Counter,
    Histogram,
    disable_created_metrics,
    generate_latest,
)
from prometheus_client.multiprocess import MultiProcessCollector

# A family more for each, which nobody reads.
disable_created_metrics()  # type: ignore[no-untyped-call]
HOST = socket.gethostname()
METHODS = frozenset({"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"})
BUCKETS = (0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30)
OWN = CollectorRegistry()
REQUESTS = Counter(
    "parterre_http_requests",
    "Requests that this host answered.",
    ["host", "view", "method", "status"],
    registry=OWN,
)
SECONDS = Histogram(
    "parterre_http_request_seconds",
    "From a request to the beginning of its answer.",
    ["host", "view"],
    registry=OWN,
    buckets=BUCKETS,
)


class MeasuredMiddleware:
    """Nearly the outermost: what the other middleware takes is waited for, too."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        began = time.perf_counter()
        response = self.get_response(request)
        _count(request, response.status_code, time.perf_counter() - began)
        return response


def exposition() -> bytes:
    """In Prometheus' text format, of all processes of this host."""
    if "PROMETHEUS_MULTIPROC_DIR" not in os.environ:
        return generate_latest(OWN)
    everybody = CollectorRegistry()
    MultiProcessCollector(everybody)  # type: ignore[no-untyped-call]
    return generate_latest(everybody)


def _count(request: HttpRequest, status: int, seconds: float) -> None:
    """By names that stand in our code: paths and methods are whatever somebody sends."""
    match = request.resolver_match
    view = match.view_name if match else "none"  # static files, unknown addresses, redirects
    method = request.method if request.method in METHODS else "other"
    REQUESTS.labels(HOST, view, method, f"{status // 100}xx").inc()
    SECONDS.labels(HOST, view).observe(seconds)
