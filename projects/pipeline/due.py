"""What is done with a row that is due, by compare-and-set: a second sweeper does no harm."""

from collections.abc import Callable
from datetime import datetime, timedelta

from django.conf import settings
from django.db.models import Q

from accounts.querysets import TenantQuerySet
from projects import lifecycle
from projects.choices import LIVE, Status
from projects.models import Generation
from projects.pipeline import dispatch

# A hint is repeated after this, if its row is still due.
REPEAT_HINT = timedelta(seconds=10)


def due_rows(now: datetime) -> TenantQuerySet[Generation]:
    return Generation.objects.filter(status__in=LIVE, due_at__lte=now).order_by("due_at")


def rows_to_poll(now: datetime) -> TenantQuerySet[Generation]:
    return due_rows(now).filter(status=Status.PROCESSING)


def rows_to_move(now: datetime) -> TenantQuerySet[Generation]:
    """All others, without those that a worker has just been told of."""
    silent = Q(hinted_at=None) | Q(hinted_at__lte=now - REPEAT_HINT)
    return due_rows(now).filter(silent).exclude(status=Status.PROCESSING)


def move(row: Generation, *, now: datetime, may_hint: bool) -> None:
    """Fire the transition that our own clock decides, or tell a worker of the row."""
    if row.status == Status.SUBMITTING:
        lifecycle.lose_lease(row)
    elif now >= deadline(row):
        lifecycle.expire(row)
    elif row.status == Status.UNCONFIRMED:
        claim(row, deadline(row))
    elif may_hint:
        _hint(row)(row)
    else:
        dispatch.mark_hinted(row)


def deadline(row: Generation) -> datetime:
    seconds = {
        Status.QUEUED: settings.QUEUED_DEADLINE_S,
        Status.UNCONFIRMED: settings.UNCONFIRMED_DEADLINE_S,
        Status.PROCESSING: settings.PROCESSING_DEADLINE_S,
        Status.ARCHIVING: settings.ARCHIVING_DEADLINE_S,
    }
    # A job that came back to the queue has waited since it was accepted: T4 restarts nothing.
    since = row.created_at if row.status == Status.QUEUED else row.status_since
    return since + timedelta(seconds=seconds[Status(row.status)])


def claim(row: Generation, due_at: datetime, **changes: datetime) -> bool:
    mine = Generation.objects.filter(pk=row.pk, status=row.status, due_at=row.due_at)
    return bool(mine.update(due_at=due_at, **changes))


def _hint(row: Generation) -> Callable[[Generation], None]:
    if row.status == Status.ARCHIVING:
        return dispatch.hint_archive
    return dispatch.hint_submit if row.inputs_ready_at else dispatch.hint_inputs
