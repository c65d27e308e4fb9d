"""What django-q2's settings must be: with others a task runs twice, or never ends.

Each line was measured or read in its source; docs/jobs.md gives the reasons. They are errors, not
warnings: a job that is sent twice costs a photo.
"""

from collections.abc import Iterator, Mapping
from fractions import Fraction
from math import ceil
from typing import Any

from django.conf import settings
from django.core.checks import CheckMessage, Error, register

from integrations.iacrea.client import SUBMIT_TIMEOUT

# django-q2 kills a worker this long after `timeout`.
HARD_S = 3
MARGIN_S = 10
OTHER_BROKERS = frozenset({"broker_class", "disque_nodes", "iron_mq", "sqs"})
FIXED = {
    "orm": ("default", "a hint must be part of the transaction that it tells of"),
    "max_attempts": (1, "what is due is hinted again by the sweep, not by the queue"),
    "ack_failures": (True, "else a task that fails is handed out for ever"),
    "save_limit": (-1, "each result kept locks all results that there are"),
    "catch_up": (False, "a watchdog that missed an hour need not run sixty times"),
}


@register
def queue_is_safe(**_: Any) -> list[CheckMessage]:
    return [
        Error(f"Q_CLUSTER: {text}.", hint="See docs/jobs.md.", id=f"parterre.{number}")
        for number, text in _problems(settings.Q_CLUSTER)
    ]


def _problems(cluster: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    for name, (value, reason) in FIXED.items():
        if cluster.get(name) != value:
            yield "E001", f"{name} must be {value!r}: {reason}"
    if others := OTHER_BROKERS & cluster.keys():
        yield "E002", f"{', '.join(sorted(others))} names another broker than the database"
    names = ("timeout", "retry", "workers", "queue_limit", "bulk")
    if not all(type(cluster.get(name)) is int and cluster[name] > 0 for name in names):
        yield "E003", "timeout, retry, workers, queue_limit and bulk must be whole numbers above 0"
        return
    yield from _unsafe_times(**{name: cluster[name] for name in names})
    yield from _unsafe_guard(cluster["timeout"], cluster.get("guard_cycle"))


def _unsafe_times(
    timeout: int, retry: int, workers: int, queue_limit: int, bulk: int
) -> Iterator[tuple[str, str]]:
    if timeout <= SUBMIT_TIMEOUT.total:
        yield "E004", f"timeout must be above {SUBMIT_TIMEOUT.total} s, which a submit may last"
    # The clock of `retry` runs from when a task is fetched, and then it may wait for a worker.
    least = timeout * (1 + ceil((queue_limit + bulk) / workers)) + MARGIN_S
    if retry <= least:
        yield "E005", f"retry must be above {least}, or a task that waits is handed out twice"
    if workers < 2:
        yield "E006", "workers must be 2 or more: one of them sweeps"


def _unsafe_guard(timeout: int, guard_cycle: Any) -> Iterator[tuple[str, str]]:
    # A float is counted down by guard_cycle and compared with 0: it must be hit exactly.
    exact = isinstance(guard_cycle, int | float) and guard_cycle > 0
    if not exact or Fraction(timeout + HARD_S) % Fraction(guard_cycle):
        yield "E007", "guard_cycle must divide timeout + 3 exactly, or no worker is ever killed"
