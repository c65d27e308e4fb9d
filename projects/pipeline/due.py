"""What is done with a row that is due, by compare-and-set: a second sweeper does no harm."""

from datetime import datetime, timedelta

from django.conf import settings
from django.db.models import Exists, OuterRef, Q

from accounts.querysets import TenantQuerySet
from projects import lifecycle
from projects.choices import LIVE, TERMINAL, Status
from projects.models import CallbackReceipt, Generation


def due_rows(now: datetime) -> TenantQuerySet[Generation]:
    return Generation.objects.filter(status__in=LIVE, due_at__lte=now).order_by("due_at")


def rows_to_ask(now: datetime) -> TenantQuerySet[Generation]:
    """Those of which iacrea may know something."""
    return due_rows(now).filter(_has_an_id())


def rows_to_look_at_again(now: datetime) -> TenantQuerySet[Generation]:
    """Those that have ended, and of which iacrea may say more."""
    ended = Generation.objects.filter(status__in=TERMINAL, look_again_at__lte=now)
    return ended.order_by("look_again_at")


def rows_to_move(now: datetime) -> TenantQuerySet[Generation]:
    """Those that our own clock moves, and no worker: also while iacrea must not be asked."""
    to_move = Q(status=Status.SUBMITTING) | Q(~_has_an_id(), status=Status.UNCONFIRMED)
    for status, seconds in _deadlines().items():
        begun = {f"{_since(status)}__lte": now - timedelta(seconds=seconds)}
        to_move |= Q(status=status, **begun)
    return due_rows(now).filter(to_move)


def move(row: Generation, *, now: datetime) -> None:
    """Fire the transition that our own clock decides."""
    if row.status == Status.SUBMITTING:
        lifecycle.lose_lease(row)
    elif now >= deadline(row):
        lifecycle.expire(row)
    else:
        claim(row, deadline(row))


def deadline(row: Generation) -> datetime:
    status = Status(row.status)
    since: datetime = getattr(row, _since(status))
    return since + timedelta(seconds=_deadlines()[status])


def claim(row: Generation, due_at: datetime, **changes: datetime) -> bool:
    mine = Generation.objects.filter(pk=row.pk, status=row.status, due_at=row.due_at)
    return bool(mine.update(due_at=due_at, **changes))


def claim_look(row: Generation, look_at: datetime | None, **changes: datetime) -> bool:
    mine = Generation.objects.filter(pk=row.pk, look_again_at=row.look_again_at)
    return bool(mine.update(look_again_at=look_at, **changes))


def _deadlines() -> dict[Status, int]:
    return {
        Status.QUEUED: settings.QUEUED_DEADLINE_S,
        Status.UNCONFIRMED: settings.UNCONFIRMED_DEADLINE_S,
        Status.PROCESSING: settings.PROCESSING_DEADLINE_S,
        Status.ARCHIVING: settings.ARCHIVING_DEADLINE_S,
    }


def _since(status: Status) -> str:
    """A job that came back to the queue has waited since it was accepted: T4 restarts nothing."""
    return "created_at" if status == Status.QUEUED else "status_since"


def _has_an_id() -> Q:
    """Its own, or one that came with a callback."""
    rung = CallbackReceipt.objects.filter(attempt__generation=OuterRef("pk"))
    own = Q(status=Status.PROCESSING) | Q(status=Status.ARCHIVING, links_dead=True)
    return own | Q(Exists(rung.exclude(candidate_id="")), status=Status.UNCONFIRMED)
