"""How the whole service does, as plain numbers of all agencies: for the desk's page, and for
machines.

Six queries, and none reads a table that grows with the jobs from end to end: pictures are those of
which the newest lines of all stories tell, jobs those that live, by the index of their `due_at`.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.db.models import Count, Max, Min, Q, QuerySet, Value

from accounts.choices import Mode
from accounts.models import PhotoRequest
from integrations.doors import queue
from integrations.doors.clock import DatabaseNow, database_now
from integrations.iacrea.models import IacreaAccount
from integrations.iacrea.probes import PAUSED_BY_PEOPLE
from integrations.webhooks.choices import DeliveryState
from integrations.webhooks.models import Delivery, WebhookEndpoint
from projects import canary, sweeper
from projects.choices import Source, Status
from projects.desk import endings
from projects.desk.endings import DAY, ENOUGH, HOUR, Ended, Hour, Outcomes, Slot
from projects.models import Complaint, Discrepancy, Generation, GenerationEvent, Lease
from projects.pipeline.due import live_rows
from projects.service_state import LINES

# Rows that the page lists of a kind.
MOST = 20
# A job is stuck when it has been at iacrea for longer than 99 of 100 pictures took, and never
# before the least; of fewer than a hundred pictures there is no such time.
HUNDRED, USUAL_STUCK, LEAST_STUCK = 100, timedelta(minutes=15), timedelta(minutes=2)
# The statuses of the jobs that live, in their order.
LIVE = [
    Status.QUEUED, Status.SUBMITTING, Status.UNCONFIRMED, Status.PROCESSING, Status.ARCHIVING,
]  # fmt: skip


@dataclass(frozen=True)
class Waiting:
    """Rows that wait for somebody, and for how many seconds the oldest does."""

    count: int
    oldest_s: float


@dataclass(frozen=True)
class Health:
    now: datetime
    hour: Outcomes
    day: Outcomes
    # Half of the pictures of 24 hours took less, 19 of 20 less. None: too few to tell.
    usual_s: float | None
    late_s: float | None
    # The lines that are looked at do not reach back for a day, only to here.
    reach_back_to: datetime | None
    in_flight: dict[str, int]
    # The longest that one waits to be sent; and how late the sweep is with any other.
    longest_wait_s: float
    overdue_s: float
    stuck: int
    stuck_after_s: float
    discrepancies: Waiting
    complaints: Waiting
    photo_requests: Waiting
    failing_endpoints: Waiting
    # Messages to agencies' software that should have been sent by now.
    late_deliveries: Waiting
    # Of accounts with iacrea: paused, but not by the agency itself; breaker open; asked by iacrea
    # to send later.
    paused: Waiting
    tripped: Waiting
    slowed: Waiting
    queue: int
    # Since the last sign of life of a worker. None: there never was one.
    canary_s: float | None
    sweeper_runs: bool
    slots: list[Slot]
    hours: list[Hour]

    @property
    def unclear(self) -> int:
        return self.in_flight[Status.UNCONFIRMED]

    @property
    def stuck_since(self) -> datetime:
        return self.now - timedelta(seconds=self.stuck_after_s)


def read() -> Health:
    newest, now = _newest_line()
    ended = _ended(newest, now)
    seconds = endings.times(ended)
    told = seconds if len(seconds) >= ENOUGH else []
    stuck_after = _stuck_after(seconds)
    return Health(
        now=now,
        hour=endings.outcomes(endings.since(ended, now - HOUR)),
        day=endings.outcomes(ended),
        usual_s=endings.within(told, 0.5),
        late_s=endings.within(told, 0.95),
        reach_back_to=min((each.at for each in ended), default=None) if newest > LINES else None,
        stuck_after_s=stuck_after.total_seconds(),
        queue=queue.waiting(),
        slots=endings.slots(ended, now),
        hours=endings.hours(ended, now),
        **_jobs(now, now - stuck_after),
        **_waiting(now),
        **_life(now),
    )


def stuck_jobs(health: Health) -> list[Generation]:
    """The oldest first."""
    jobs = live_rows().filter(Q(mode=Mode.LIVE) & _stuck(health.stuck_since))
    return list(jobs.select_related("agency").order_by("status_since")[:MOST])


def jobs_with(ids: Iterable[UUID]) -> list[Generation]:
    return list(Generation.objects.filter(pk__in=list(ids)[:MOST]).select_related("agency"))


def held_up_accounts(now: datetime) -> list[IacreaAccount]:
    """Whatever holds them up, the agency's own pause too. Their keys stay closed."""
    held_up = ~Q(paused_at=None) | ~Q(tripped_until=None) | Q(sends_wait_until__gt=now)
    rows = IacreaAccount.objects.filter(held_up, retired_at=None).defer("api_key")
    return list(rows.select_related("agency").order_by("paused_at", "pk")[:MOST])


def _newest_line() -> tuple[int, datetime]:
    """With the database's time, in one question."""
    lines = GenerationEvent.objects.order_by("-pk").values_list("pk", DatabaseNow())
    return lines.first() or (0, database_now())


def _ended(newest: int, now: datetime) -> list[Ended]:
    """As in service_state.py: only the newest lines know all jobs in the order of time. What came
    from elsewhere is left out here: asked for its `recovered_from`, SQLite begins with an index
    that has nearly all jobs."""
    kinds = [Status.SUCCEEDED.lower(), Status.FAILED.lower()]
    # With an hour for clocks that differ. Of older lines no job is looked up.
    recent = now - DAY - HOUR
    lines = GenerationEvent.objects.filter(
        pk__gt=newest - LINES, kind__in=kinds, created_at__gt=recent
    )
    rows = lines.filter(generation__mode=Mode.LIVE, generation__ended_at__gt=now - DAY)
    facts = ("ended_at", "created_at", "failure_code", "source", "recovered_from")
    found = rows.order_by().values_list(*(f"generation__{name}" for name in facts))
    return [
        Ended(end, (end - begun).total_seconds(), code)
        for end, begun, code, source, recovered_from in found
        if end and source != Source.IMPORT and recovered_from is None
    ]


def _stuck_after(seconds: list[float]) -> timedelta:
    if len(seconds) < HUNDRED:
        return USUAL_STUCK
    return max(LEAST_STUCK, timedelta(seconds=endings.within(seconds, 0.99) or 0))


def _stuck(since: datetime) -> Q:
    return Q(status=Status.PROCESSING, status_since__lt=since)


def _jobs(now: datetime, stuck_since: datetime) -> dict[str, Any]:
    """Live ones; test jobs too tell how late the sweep is. What waits to be sent does not: it stays
    due while its account is held up, or while its agency has its share."""
    found = {row.pop("status"): row for row in _by_status(stuck_since)}
    queued: dict[str, Any] = found.get(Status.QUEUED, {})
    due = (row["due"] for status, row in found.items() if status != Status.QUEUED)
    return {
        "in_flight": {status: found[status]["count"] if status in found else 0 for status in LIVE},
        "longest_wait_s": _seconds(queued.get("oldest"), now),
        "overdue_s": _seconds(min(due, default=None), now),
        "stuck": sum(row["stuck"] for row in found.values()),
    }


def _by_status(stuck_since: datetime) -> Iterable[Any]:
    live = Q(mode=Mode.LIVE)
    return live_rows().order_by().values("status").annotate(
        count=Count("pk", filter=live), stuck=Count("pk", filter=live & _stuck(stuck_since)),
        due=Min("due_at"), oldest=Min("created_at", filter=live),
    )  # fmt: skip


def _waiting(now: datetime) -> dict[str, Any]:
    """In one statement: how many of each, and since when."""
    each = [_counted(name, *rows) for name, rows in _waiting_rows(now).items()]
    found = each[0].union(*each[1:], all=True)
    return {name: Waiting(count, _seconds(oldest, now)) for name, count, oldest in found}


def _waiting_rows(now: datetime) -> dict[str, tuple[QuerySet[Any], str]]:
    endpoints = WebhookEndpoint.objects.filter(disabled_at=None, deleted_at=None)
    accounts = IacreaAccount.objects.filter(retired_at=None)
    paused = accounts.exclude(paused_at=None).exclude(pause_reason=PAUSED_BY_PEOPLE)
    late = Delivery.objects.filter(state=DeliveryState.PENDING, next_attempt_at__lt=now)
    return {
        "discrepancies": (Discrepancy.objects.filter(closed_at=None), "created_at"),
        "complaints": (Complaint.objects.filter(closed_at=None), "created_at"),
        "photo_requests": (PhotoRequest.objects.filter(closed_at=None), "created_at"),
        "failing_endpoints": (endpoints.exclude(failing_since=None), "failing_since"),
        "late_deliveries": (late, "next_attempt_at"),
        "paused": (paused, "paused_at"),
        "tripped": (accounts.exclude(tripped_until=None), "tripped_until"),
        "slowed": (accounts.filter(sends_wait_until__gt=now), "sends_wait_until"),
    }


def _counted(name: str, rows: QuerySet[Any], moment: str) -> QuerySet[Any, Any]:
    named = rows.order_by().annotate(what=Value(name)).values("what")
    counted: QuerySet[Any, Any] = named.annotate(count=Count("pk"), oldest=Min(moment))
    return counted.values_list("what", "count", "oldest")


def _life(now: datetime) -> dict[str, Any]:
    sung, swept = Q(name__startswith=canary.NAMES), Q(name=sweeper.NAME)
    found = Lease.objects.aggregate(
        sung=Max("expires_at", filter=sung), swept=Max("expires_at", filter=swept)
    )
    sign, lease = found["sung"], found["swept"]
    return {
        "canary_s": None if sign is None else _seconds(sign, now),
        "sweeper_runs": lease is not None and lease > now,
    }


def _seconds(moment: datetime | None, now: datetime) -> float:
    """How long ago it was; what is still to come is 0."""
    return max(0.0, (now - moment).total_seconds()) if moment else 0.0
