"""How the picture service does, for the page that says so: of the reader's agency, and of all
agencies together without a name. iacrea is not asked; what its answers have shown is told."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from statistics import median, quantiles
from time import monotonic

from django.conf import settings
from django.db.models import Count, Max, Min, Q

from accounts.choices import Mode
from accounts.models import Agency
from integrations.doors.clock import DatabaseNow, database_now
from integrations.iacrea.connections import default_of
from integrations.iacrea.models import IacreaAccount
from projects import canary, sweeper
from projects.choices import Source, Status
from projects.models import Generation, GenerationEvent
from projects.pipeline.due import live_rows

DAY = timedelta(hours=24)
# Nothing waits for so long while all is well.
LONG = timedelta(hours=1)
WAITING = Q(status__in=[Status.QUEUED, Status.SUBMITTING])
# The newest lines of all stories that are looked at: of some 3000 pictures.
LINES = 20_000
KEPT_S = 60
# Fewer tell nothing.
ENOUGH = 5
_kept: dict[str, tuple[float, "Pictures"]] = {}


class Upstream(StrEnum):
    NO_ACCOUNT = "no_account"
    PAUSED = "paused"
    NO_ANSWER = "no_answer"
    BUSY = "busy"
    ANSWERS = "answers"
    UNKNOWN = "unknown"


@dataclass(frozen=True)
class Pictures:
    """Of the last 24 hours, in seconds: half took less than `usual`, 19 of 20 less than `late`."""

    made: int
    last: datetime | None
    usual: float | None = None
    late: float | None = None


@dataclass(frozen=True)
class Jobs:
    """That wait to be sent, are being made, or that iacrea may have, which it has not said."""

    waiting: int
    oldest: datetime | None
    making: int
    unclear: int


@dataclass(frozen=True)
class ServiceState:
    account: IacreaAccount | None
    upstream: Upstream
    pictures: Pictures
    all: Jobs
    own: Jobs
    worker_runs: bool
    seen_s: float | None
    waits_long: bool

    @property
    def is_well(self) -> bool:
        answers = self.upstream in (Upstream.ANSWERS, Upstream.UNKNOWN)
        return answers and self.worker_runs and not self.waits_long


def state_for(agency: Agency) -> ServiceState:
    """What the agency's pictures wait for now. At most eight queries."""
    account, now = default_of(agency), database_now()
    pictures = pictures_of_a_day(account.origin if account else "")
    seen_s, jobs = canary.age_s(), _jobs(agency)
    oldest = jobs["own"].oldest
    return ServiceState(
        account=account,
        upstream=_upstream(account, pictures, now),
        pictures=pictures,
        worker_runs=sweeper.is_running() and _is_fresh(seen_s),
        seen_s=seen_s,
        waits_long=bool(oldest and oldest < now - LONG),
        **jobs,
    )


def pictures_of_a_day(origin: str) -> Pictures:
    """Of one upstream and all agencies; worked out once a minute in each process."""
    at, found = _kept.get(origin, (None, None))
    if found is None or at is None or monotonic() - at > KEPT_S:
        found = _pictures(origin)
        _kept[origin] = (monotonic(), found)
    return found


def forget() -> None:
    _kept.clear()


def _upstream(account: IacreaAccount | None, pictures: Pictures, now: datetime) -> Upstream:
    """The worst first: a paused account sends nothing, whatever else is known of it."""
    if account is None or not account.origin:
        return Upstream.NO_ACCOUNT
    if account.paused_at:
        return Upstream.PAUSED
    if account.tripped_until:
        return Upstream.NO_ANSWER
    if account.sends_wait_until and account.sends_wait_until > now:
        return Upstream.BUSY
    return Upstream.ANSWERS if pictures.last else Upstream.UNKNOWN


def _is_fresh(seen_s: float | None) -> bool:
    """None: nobody asks it for a sign of life, as in a cluster that was started by hand."""
    return seen_s is None or seen_s <= 2 * settings.CANARY_MAX_AGE_S


def _jobs(agency: Agency) -> dict[str, Jobs]:
    """In one query: only jobs that live have a `due_at`, and its index is read."""
    live = live_rows().filter(mode=Mode.LIVE).order_by()
    found = live.aggregate(**_counts("all", Q()), **_counts("own", Q(agency=agency)))
    names = ("waiting", "oldest", "making", "unclear")
    return {whose: Jobs(*(found[f"{whose}_{n}"] for n in names)) for whose in ("all", "own")}


def _counts(whose: str, which: Q) -> dict[str, Count | Min]:
    making = Q(status__in=[Status.PROCESSING, Status.ARCHIVING])
    return {
        f"{whose}_waiting": Count("pk", filter=which & WAITING),
        f"{whose}_oldest": Min("created_at", filter=which & WAITING),
        f"{whose}_making": Count("pk", filter=which & making),
        f"{whose}_unclear": Count("pk", filter=which & Q(status=Status.UNCONFIRMED)),
    }


def _pictures(origin: str) -> Pictures:
    """By the newest lines of all stories, the one order by time that an index knows."""
    newest = GenerationEvent.objects.aggregate(pk=Max("pk"))["pk"] or 0
    told = Q(events__pk__gt=newest - LINES, events__kind=Status.SUCCEEDED.lower())
    ended = Q(mode=Mode.LIVE, upstream_origin=origin, ended_at__gt=DatabaseNow() - DAY)
    rows = Generation.objects.filter(told, ended, recovered_from=None).exclude(source=Source.IMPORT)
    times = [(began, end) for began, end in rows.values_list("created_at", "ended_at") if end]
    seconds = [(end - began).total_seconds() for began, end in times]
    last = max((end for _began, end in times), default=None)
    if len(seconds) < ENOUGH:
        return Pictures(len(seconds), last)
    late = quantiles(seconds, n=20, method="inclusive")[-1]
    return Pictures(len(seconds), last, median(seconds), late)
