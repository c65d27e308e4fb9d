"""Whether a cluster does what is queued, end to end: a row of its own, which only its last process
can write, when a task is done and recorded. A cluster of django-q2 that hangs says of itself that
it is idle; one whose monitor died runs its tasks, and takes none of them off the queue."""

import logging
import time
from datetime import timedelta

from django.conf import settings
from django.db import Error

from integrations.doors import queue
from integrations.doors.clock import database_now
from projects.models import Lease

logger = logging.getLogger(__name__)
NAMES = "canary:"
TASK = "projects.tasks.sing"
# A busy cluster ends hundreds of tasks a second; one line of them is enough.
SING_EVERY_S = 1.0
FORGET = timedelta(days=1)
_sung = float("-inf")


def sing() -> None:
    """In the process that records what its cluster has done, at each end of a task. `expires_at` is
    when. It must not raise: that would end the process."""
    global _sung
    if time.monotonic() - _sung < SING_EVERY_S:
        return
    _sung = time.monotonic()
    try:
        name = NAMES + settings.CLUSTER_NAME
        Lease.objects.update_or_create(name=name, defaults={"expires_at": database_now()})
    except Error as error:
        logger.warning("the canary cannot sing: %s", error)


def ask(cluster: str) -> None:
    """Queue a task for a cluster that has been silent for a while. It is whoever's that takes it,
    and one that waits already is as good: a queue that nobody works on must not grow."""
    now = database_now()
    row, _new = Lease.objects.get_or_create(name=NAMES + cluster, defaults={"expires_at": now})
    every = timedelta(seconds=settings.CANARY_EVERY_S)
    if row.expires_at <= now - every and not queue.waiting():
        queue.enqueue(TASK)
    Lease.objects.filter(name__startswith=NAMES, expires_at__lt=now - FORGET).delete()


def age_s(cluster: str | None = None) -> float | None:
    """Seconds since a cluster, or any, has sung, or since it was first asked to; None: neither."""
    rows = Lease.objects.filter(name__startswith=NAMES)
    if cluster is not None:
        rows = rows.filter(name=NAMES + cluster)
    last = rows.order_by("-expires_at").first()
    if last is None:
        return None
    return max(0.0, (database_now() - last.expires_at).total_seconds())
