"""Who may sweep: one lease. Two sweepers at once would do no harm, since each row is claimed by
compare-and-set; the lease keeps them at one, and its holder notices when it was replaced."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

from django.db import connection, transaction
from django.db.models import F, Q

from integrations.doors import queue
from integrations.doors.clock import DatabaseNow, database_now
from projects.models import Lease

NAME = "sweeper"
TASK = "projects.tasks.sweep"
LEASE = timedelta(seconds=15)
# A hint that nobody took is repeated after this, not at every call.
HINT_EVERY = timedelta(seconds=10)
# By hand, since each job that is accepted asks: the time, and whether its sweep is on its way.
LOOK = """\
SELECT now, EXISTS (
    SELECT 1 FROM projects_lease
    WHERE name = %s AND (expires_at > now OR hinted_at > now - %s)
) FROM (SELECT clock_timestamp() AS now) AS clock
"""


@dataclass(frozen=True)
class Holder:
    owner: UUID
    fence: int


def look() -> tuple[datetime, bool]:
    """The database's time, and whether a sweep runs or was queued lately: if not, ensure()."""
    if connection.vendor != "postgresql":
        now = database_now()
        return now, _is_expected(now)
    said: list[Any] = [NAME, HINT_EVERY]
    with connection.cursor() as cursor:
        cursor.execute(LOOK, said)
        now, is_expected = cursor.fetchone()
    return now.astimezone(UTC), is_expected


def ensure(now: datetime) -> None:
    """Queue a sweep if none is running and none was queued lately; `now` is the database's."""
    if _is_expected(now):
        return
    Lease.objects.get_or_create(name=NAME, defaults={"expires_at": now})
    asleep = Lease.objects.filter(Q(hinted_at=None) | Q(hinted_at__lt=now - HINT_EVERY), name=NAME)
    if asleep.filter(expires_at__lte=now).update(hinted_at=now):
        queue.enqueue(TASK)


def wake() -> None:
    """Queue a sweep whatever was queued before, for a start that does not wait for the watchdog;
    one too many returns at once."""
    queue.enqueue(TASK)


def stand_down() -> None:
    """End the running term within a moment: its next renewal fails, and it does not hand over."""
    Lease.objects.filter(name=NAME).update(fence=F("fence") + 1, expires_at=database_now())


def is_running() -> bool:
    return Lease.objects.filter(name=NAME, expires_at__gt=DatabaseNow()).exists()


def _is_expected(now: datetime) -> bool:
    running, queued = Q(expires_at__gt=now), Q(hinted_at__gt=now - HINT_EVERY)
    return Lease.objects.filter(running | queued, name=NAME).exists()


def acquire() -> Holder | None:
    """The lease, or None while another holds it."""
    now = database_now()
    lease, _created = Lease.objects.get_or_create(name=NAME, defaults={"expires_at": now})
    holder = Holder(uuid4(), lease.fence + 1)
    free = Lease.objects.filter(name=NAME, fence=lease.fence, expires_at__lte=now)
    # The hint told of this sweep: should it be stood down, the next job wakes another at once.
    ours: dict[str, Any] = {"owner": holder.owner, "fence": holder.fence, "hinted_at": None}
    taken = free.update(expires_at=now + LEASE, **ours)
    return holder if taken else None


def renew(holder: Holder) -> bool:
    """False: the lease was lost, and its holder must stop."""
    mine = Lease.objects.filter(name=NAME, fence=holder.fence, owner=holder.owner)
    return bool(mine.update(expires_at=database_now() + LEASE))


@transaction.atomic
def hand_over(holder: Holder) -> None:
    """End a term and queue the next; no effect when the lease was lost."""
    now = database_now()
    mine = Lease.objects.filter(name=NAME, fence=holder.fence, owner=holder.owner)
    if mine.update(expires_at=now, hinted_at=now):
        queue.enqueue(TASK)
