"""A day in a minute: every deadline of the product, divided through its setting, and the few waits
that are no settings because nobody would turn them."""

from datetime import timedelta
from importlib import import_module
from typing import Any

DEADLINES = {
    "QUEUED_DEADLINE_S": 120,
    "SUBMIT_LEASE_S": 8,
    "UNCONFIRMED_DEADLINE_S": 20,
    "PROCESSING_DEADLINE_S": 40,
    "ARCHIVING_DEADLINE_S": 40,
    "LATE_POLL_S": 8,
    "LATE_WATCH_S": 25,
    "FIRST_POLL_S": 2,
    "POLL_MIN_S": 1,
    "POLL_MAX_S": 4,
    "INPUT_FETCH_S": 3,
    "CANARY_EVERY_S": 2,
}
WAITS: dict[str, Any] = {
    "projects.sweeper.LEASE": timedelta(seconds=3),
    "projects.sweeper.HINT_EVERY": timedelta(seconds=2),
    "projects.pipeline.sweep.SET_ASIDE": timedelta(seconds=2),
    "projects.pipeline.dispatch.REPEAT_HINT": timedelta(seconds=3),
    "projects.pipeline.dispatch.AT_WORK": timedelta(seconds=10),
    "projects.pipeline.archive.CLAIM": timedelta(seconds=10),
    "projects.pipeline.archive.RETRY_MIN": timedelta(seconds=1),
    "projects.pipeline.archive.RETRY_MAX": timedelta(seconds=4),
    "projects.pipeline.inputs.MARGIN_S": 4,
    "integrations.webhooks.deliveries.CLAIM": timedelta(seconds=6),
    "integrations.webhooks.deliveries.RETRY_S": (1, 1, 2, 2, 3, 3, 4, 4, 5),
    "integrations.iacrea.breaker.WITHIN_S": 3,
    "integrations.iacrea.breaker.PAUSE": timedelta(seconds=2),
    "integrations.iacrea.breaker.TRIAL": timedelta(seconds=8),
    "integrations.iacrea.accounts.PROBE_MINUTES": (0.03,),
    "integrations.iacrea.probes.PROBE_MINUTES": (0.03,),
}


def hurry() -> None:
    """In this process; a name that is gone is an error."""
    for target, value in WAITS.items():
        path, name = target.rsplit(".", 1)
        module = import_module(path)
        getattr(module, name)
        setattr(module, name, value)
