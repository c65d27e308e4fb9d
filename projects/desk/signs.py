"""What the numbers of health.py mean, each in one word: all is well, look at it, act now."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum

from django.conf import settings
from django.db.models import Model
from django.utils import timezone
from django.utils.formats import number_format
from django.utils.timesince import timesince
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from accounts.models import PhotoRequest
from integrations.iacrea.models import IacreaAccount
from integrations.webhooks.models import Delivery, WebhookEndpoint
from projects.choices import Status
from projects.desk.endings import Outcomes
from projects.desk.health import Health, Waiting
from projects.models import Complaint, Discrepancy, Generation

MINUTE, HOUR, DAY = 60, 3600, 24 * 3600


class Level(StrEnum):
    WELL = "well"
    LOOK = "look"
    ACT = "act"


@dataclass(frozen=True)
class Limit:
    """The first values at which it is not well any more, and at which somebody must act."""

    look: float
    act: float

    def level(self, value: float) -> Level:
        if value >= self.act:
            return Level.ACT
        return Level.LOOK if value >= self.look else Level.WELL


LIMITS = {
    "failed_share": Limit(0.05, 0.2),
    "late_s": Limit(5 * MINUTE, 15 * MINUTE),
    "longest_wait_s": Limit(10 * MINUTE, HOUR),
    "overdue_s": Limit(MINUTE, 5 * MINUTE),
    "unclear": Limit(1, 10),
    "stuck": Limit(1, 5),
    "held_up": Limit(1, 5),
    "queue": Limit(100, 1000),
    # Of what waits for a person: how long the oldest does.
    "waits_s": Limit(0, DAY),
    # An endpoint is switched off after five days (integrations/webhooks/health.py).
    "failing_s": Limit(0, 4 * DAY),
    # Of webhook messages; a sender takes up to fifteen seconds.
    "undelivered_s": Limit(MINUTE, 10 * MINUTE),
}


@dataclass(frozen=True)
class Sign:
    """A line of the page. `model` and `query` are the list that has its rows."""

    name: str
    title: str
    told: str
    level: Level
    model: type[Model] | None = None
    query: str = ""


FAILED = "status__exact=FAILED"
OPEN = "closed_at__isempty=1"
PENDING = "state__exact=pending"


def signs(health: Health) -> Iterator[Sign]:
    yield _outcomes("hour", _("Pictures made, last hour"), health.hour)
    yield _outcomes("day", _("Pictures made, 24 hours"), health.day)
    yield _times(health)
    yield from _jobs(health)
    yield _accounts(health)
    yield from _workers(health)
    yield from _people(health)


def level(name: str, value: float) -> Level:
    return LIMITS[name].level(value)


def spell(seconds: float) -> str:
    """Seconds up to two minutes, then two units in Django's words."""
    if seconds < 2 * MINUTE:
        return _("%(n)s s") % {"n": round(seconds)}
    now = timezone.now()
    return timesince(now - timedelta(seconds=seconds), now)


def _outcomes(name: str, title: str, found: Outcomes) -> Sign:
    """What the customer sent wrong, or took back, counts nowhere."""
    share, ended = found.failed_share, found.made + found.failed
    if share is None:
        few = ngettext("%(n)s ended: too few to tell", "%(n)s ended: too few to tell", ended)
        return Sign(name, title, few % {"n": ended}, Level.WELL)
    told = _("%(share)s %% of %(n)s") % {
        "share": number_format(round(100 * (1 - share), 1), 1),
        "n": ended,
    }
    return Sign(name, title, told, level("failed_share", share), Generation, FAILED)


def _times(health: Health) -> Sign:
    title = _("How long a picture takes")
    if health.usual_s is None or health.late_s is None:
        return Sign("times", title, _("too few to tell"), Level.WELL)
    told = _("half within %(usual)s, 19 of 20 within %(late)s")
    times = {"usual": spell(health.usual_s), "late": spell(health.late_s)}
    return Sign("times", title, told % times, level("late_s", health.late_s))


def _jobs(health: Health) -> Iterator[Sign]:
    live = [f"{Status(name).label} {count}" for name, count in health.in_flight.items() if count]
    told = ", ".join(live) or _("none")
    yield Sign("in_flight", _("In flight"), told, Level.WELL, Generation)
    wait = health.longest_wait_s
    yield Sign(
        "longest_wait", _("Longest wait to be sent"), spell(wait), level("longest_wait_s", wait),
        Generation, "status__exact=QUEUED",
    )  # fmt: skip
    late = health.overdue_s
    yield Sign("overdue", _("Oldest due job is late by"), spell(late), level("overdue_s", late))
    yield Sign(
        "unclear", _("Outcome unclear"), str(health.unclear), level("unclear", health.unclear),
        Generation, "status__exact=UNCONFIRMED",
    )  # fmt: skip
    told = _("%(n)s in progress for more than %(time)s")
    told %= {"n": health.stuck, "time": spell(health.stuck_after_s)}
    yield Sign("stuck", _("Stuck jobs"), told, level("stuck", health.stuck))


def _accounts(health: Health) -> Sign:
    told = _("%(paused)s paused, %(tripped)s with an open breaker, %(slowed)s asked to slow down")
    counts = {name: getattr(health, name).count for name in ("paused", "tripped", "slowed")}
    held_up = level("held_up", sum(counts.values()))
    title = _("Accounts at iacrea that are held up")
    return Sign("accounts", title, told % counts, held_up, IacreaAccount)


def _workers(health: Health) -> Iterator[Sign]:
    sweeps = health.sweeper_runs
    told, word = (_("runs"), Level.WELL) if sweeps else (_("does not run"), Level.ACT)
    yield Sign("sweeper", _("Sweep"), told, word)
    age, most = health.canary_s, settings.CANARY_MAX_AGE_S
    told = _("never") if age is None else _("%(time)s ago") % {"time": spell(age)}
    word = Level.LOOK if age is None else Limit(most, 2 * most).level(age)
    yield Sign("canary", _("Last sign of life of a worker"), told, word)
    yield Sign("queue", _("Hints in the queue"), str(health.queue), level("queue", health.queue))


def _people(health: Health) -> Iterator[Sign]:
    """What waits for support, or for an agency that should be called."""
    each: list[tuple[str, str, type[Model], str, str]] = [
        ("discrepancies", _("Open discrepancies"), Discrepancy, OPEN, "waits_s"),
        ("complaints", _("Open complaints"), Complaint, OPEN, "waits_s"),
        ("photo_requests", _("Open requests for photos"), PhotoRequest, OPEN, "waits_s"),
        ("failing_endpoints", _("Webhook endpoints that fail"), WebhookEndpoint, "", "failing_s"),
        (
            "late_deliveries",
            _("Webhook messages that are late"),
            Delivery,
            PENDING,
            "undelivered_s",
        ),
    ]
    for name, title, model, query, limit in each:
        found: Waiting = getattr(health, name)
        told, word = "0", Level.WELL
        if found.count:
            told = _("%(n)s, the oldest for %(time)s")
            told %= {"n": found.count, "time": spell(found.oldest_s)}
            word = level(limit, found.oldest_s)
        yield Sign(name, title, told, word, model, query)
