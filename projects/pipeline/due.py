"""What is done with a row that is due, by compare-and-set: a second sweeper does no harm."""

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from typing import Any

from django.conf import settings
from django.db import connection, transaction
from django.db.models import Exists, F, OuterRef, Q, Value
from django.db.models.expressions import RawSQL
from django.db.models.functions import Greatest

from accounts.querysets import TenantQuerySet
from projects import lifecycle
from projects.choices import LIVE, TERMINAL, Status
from projects.models import CallbackReceipt, Generation

# Later than "not null", which SQLite answers by reading every job.
EVER = datetime(2000, 1, 1, tzinfo=UTC)


def live_rows() -> TenantQuerySet[Generation]:
    """What has ended has no time: the index of `due_at` leaves it out."""
    return Generation.objects.filter(due_at__gt=EVER)


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
    claimed = mine.update(due_at=due_at, **changes)
    if claimed:
        row.due_at = due_at
    return bool(claimed)


@transaction.atomic
def claim_all(times: Mapping[Generation, datetime], **changes: datetime) -> list[Generation]:
    """As claim() each of them, in two statements. Those that another has in hand are left to it:
    who waits for one row keeps all the others locked."""
    read = [row.pk for row in times]
    locked = Generation.objects.select_for_update(skip_locked=True).filter(pk__in=read)
    found = {pk: seen for pk, *seen in locked.values_list("pk", "status", "due_at")}
    mine = [row for row in times if found.get(row.pk) == [row.status, row.due_at]]
    if mine:
        new = _each_its_own({row: times[row] for row in mine})
        Generation.objects.filter(pk__in=[row.pk for row in mine]).update(due_at=new, **changes)
    for row in mine:
        row.due_at = times[row]
    return mine


def put_off(row: Generation, until: datetime, **changes: datetime) -> None:
    """Not due before."""
    live = Generation.objects.filter(pk=row.pk, status=row.status, due_at__isnull=False)
    live.update(due_at=Greatest(F("due_at"), Value(until)), **changes)


def claim_look(row: Generation, look_at: datetime | None, **changes: datetime) -> bool:
    mine = Generation.objects.filter(pk=row.pk, look_again_at=row.look_again_at)
    claimed = mine.update(look_again_at=look_at, **changes)
    if claimed:
        row.look_again_at = look_at
    return bool(claimed)


def _each_its_own(times: Mapping[Generation, datetime]) -> RawSQL:
    """By hand: of a hundred rows Django's own Case() takes longer than ten calls to iacrea."""
    fields = {field.name: field for field in Generation._meta.fields}
    values: list[Any] = []
    for row, time in times.items():
        values.append(fields["id"].get_db_prep_value(row.pk, connection))
        values.append(fields["due_at"].get_db_prep_value(time, connection))
    cases = "WHEN %s THEN %s " * len(times)
    return RawSQL(f"CASE id {cases}END", values)  # noqa: S611  # no foreign text in it


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
