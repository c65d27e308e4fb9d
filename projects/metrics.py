"""The service as Prometheus reads it: a gauge for each number of desk/health.py, of all hosts at
once, and the requests of this one. What could not be told, such as a time of too few pictures, has
no sample."""

from collections.abc import Iterator, Mapping

from prometheus_client import CollectorRegistry, generate_latest
from prometheus_client.core import GaugeMetricFamily
from prometheus_client.registry import Collector

from integrations.doors import measured
from projects.desk import health
from projects.desk.health import Health

# What waits for somebody or something, by its name in Health.
WAITING = ("discrepancies", "complaints", "photo_requests", "failing_endpoints", "late_deliveries")
HELD_UP = ("paused", "tripped", "slowed")


def exposition() -> bytes:
    """In Prometheus' text format. Raises django.db.Error where the database does not answer."""
    registry = CollectorRegistry()
    registry.register(Numbers(health.read()))
    return generate_latest(registry) + measured.exposition()


class Numbers(Collector):
    def __init__(self, found: Health) -> None:
        self.found = found

    def collect(self) -> Iterator[GaugeMetricFamily]:
        yield from _pictures(self.found)
        yield from _jobs(self.found)
        yield from _workers(self.found)
        yield from _waiting(self.found)


def _gauge(
    name: str, said: str, label: str = "", values: Mapping[str, float | None] | None = None
) -> GaugeMetricFamily:
    """A sample for each value that there is; without a label the only one has the name ""."""
    gauge = GaugeMetricFamily(f"parterre_{name}", said, labels=[label] if label else [])
    for key, value in (values or {}).items():
        if value is not None:
            gauge.add_metric([key] if label else [], value)
    return gauge


def _only(name: str, said: str, value: float | None) -> GaugeMetricFamily:
    return _gauge(name, said, values={"": value})


def _pictures(found: Health) -> Iterator[GaugeMetricFamily]:
    windows = {"1h": found.hour, "24h": found.day}
    made = {window: each.made for window, each in windows.items()}
    failed = {window: each.failed for window, each in windows.items()}
    times = {"0.5": found.usual_s, "0.95": found.late_s}
    yield _gauge("pictures_made", "Live pictures made in the last hour or day.", "window", made)
    yield _gauge("pictures_failed", "Live pictures not made, by our fault.", "window", failed)
    yield _gauge("picture_seconds", "From accepted to ready, of a day.", "quantile", times)


def _jobs(found: Health) -> Iterator[GaugeMetricFamily]:
    in_flight = {str(status): count for status, count in found.in_flight.items()}
    yield _gauge("generations_in_flight", "Live jobs that have no end yet.", "status", in_flight)
    yield _only(
        "send_wait_seconds", "The longest that a job waits to be sent.", found.longest_wait_s
    )
    yield _only("overdue_seconds", "How late the oldest other job is.", found.overdue_s)
    yield _only("generations_stuck", "Jobs at iacrea for far longer than usual.", found.stuck)


def _workers(found: Health) -> Iterator[GaugeMetricFamily]:
    yield _only("sweeper_running", "1 while some host sweeps.", found.sweeper_runs)
    yield _only("canary_age_seconds", "Since a worker last gave a sign of life.", found.canary_s)
    yield _only("queue_tasks", "Tasks that wait for a worker.", found.queue)


def _waiting(found: Health) -> Iterator[GaugeMetricFamily]:
    rows = {name: getattr(found, name) for name in (*WAITING, *HELD_UP)}
    waiting = {name: rows[name].count for name in WAITING}
    oldest = {name: rows[name].oldest_s for name in WAITING}
    accounts = {name: rows[name].count for name in HELD_UP}
    yield _gauge("waiting", "What waits to be closed, mended or delivered.", "what", waiting)
    yield _gauge("waiting_oldest_seconds", "For how long the oldest does.", "what", oldest)
    yield _gauge("iacrea_accounts", "Accounts at iacrea that are held up.", "state", accounts)
