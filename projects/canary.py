"""Whether the workers do what is queued, end to end: a row that only a task can write. A cluster of
django-q2 that hangs says of itself that it is idle; this row says how long ago it did something."""

from datetime import timedelta

from django.conf import settings
from django.db.models import F, Q

from integrations.doors import queue
from integrations.doors.clock import database_now
from projects.models import Lease

NAME = "canary"
TASK = "projects.tasks.sing"


def sing() -> None:
    """From inside a task. `expires_at` is when: a moment that only such a song moves on."""
    Lease.objects.update_or_create(name=NAME, defaults={"expires_at": database_now()})


def ask() -> None:
    """Queue a song, unless one was queued lately: a queue that nobody works on must not grow."""
    now = database_now()
    Lease.objects.get_or_create(name=NAME, defaults={"expires_at": now})
    every = timedelta(seconds=settings.CANARY_EVERY_S)
    silent = Lease.objects.filter(Q(hinted_at=None) | Q(hinted_at__lte=now - every), name=NAME)
    if silent.update(hinted_at=now, fence=F("fence") + 1):
        queue.enqueue(TASK)


def age_s() -> float | None:
    """Seconds since the last song, or since the first was asked for; None: neither."""
    lease = Lease.objects.filter(name=NAME).first()
    if lease is None:
        return None
    return max(0.0, (database_now() - lease.expires_at).total_seconds())
