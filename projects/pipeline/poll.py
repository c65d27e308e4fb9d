"""T11, T13: ask iacrea how a job is. Anything strange in an answer changes nothing."""

import random
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.db.models import F

from accounts.querysets import TenantQuerySet
from integrations.doors.clock import database_now
from integrations.iacrea import errors
from integrations.iacrea.client import IacreaClient, JobState
from projects import effects, lifecycle
from projects.models import Generation
from projects.pipeline.dispatch import hint_now

# A FAILED must be read twice, this far apart, before a photo is given back.
CONFIRM_FAILED = timedelta(seconds=5)
# One get per job in this time, however often its doorbell rings.
SPACING = timedelta(seconds=5)
# Words that contradict a FAILED that was read before. A success without a link is not yet one.
RUNNING = frozenset({"starting", "processing", "succeeded"})
# Somebody is told of so many unknown words in a row, and of a success so long without a link.
UNKNOWN_MOST = 3
LINK_LATE = timedelta(minutes=10)
UNDERSTOOD: dict[str, Any] = {"unknown_answers": 0, "no_link_since": None}


def next_poll(since: datetime, now: datetime) -> datetime:
    """A quarter of the job's age, within bounds, ±20 % so that polls do not march in step."""
    quarter = (now - since).total_seconds() / 4
    seconds = min(max(quarter, settings.POLL_MIN_S), settings.POLL_MAX_S)
    seconds *= random.uniform(0.8, 1.2)  # noqa: S311  # jitter
    return now + timedelta(seconds=max(seconds, settings.POLL_MIN_S))


@dataclass(frozen=True)
class Heard:
    """What `get` said of an id. No state: no information; the deadline is by our own clock."""

    upstream_id: str
    state: JobState | None
    retry_after: int = 0  # seconds, of a 429
    waited: float = 0  # seconds from its claim until it was asked


def ask(client: IacreaClient, upstream_id: str) -> Heard:
    """HTTP only, for a thread."""
    try:
        return Heard(upstream_id, client.get(upstream_id))
    except errors.RateLimited as error:
        return Heard(upstream_id, None, error.retry_after)
    except errors.IacreaError:
        return Heard(upstream_id, None)


def learn(generation: Generation, answer: JobState | None) -> None:
    """What an answer changes: a word that nobody documented, and no answer, change nothing."""
    if answer is None:
        return
    if answer.status == "succeeded":
        _learn_success(generation, answer.urls)
    elif answer.status == "failed":
        _learn_failure(generation)
    elif answer.status in RUNNING:
        _still_running(generation, started=answer.status == "processing")
    else:
        _count_unknown(generation, answer.status)


def learn_links(generation: Generation, answer: JobState | None) -> None:
    """For the next try of a job whose links led nowhere: those that iacrea names now, or, when it
    names none, the old ones."""
    named = answer and answer.status == "succeeded" and answer.urls
    changes = {"result_urls": list(named)} if named else {}
    stale = _of(generation).filter(links_dead=True)
    if stale.update(links_dead=False, due_at=database_now(), **changes):
        hint_now(generation)


def _learn_success(generation: Generation, urls: tuple[str, ...]) -> None:
    if not urls:
        _await_link(generation)
    elif lifecycle.found_result(generation, list(urls)):
        hint_now(generation)


def _learn_failure(generation: Generation) -> None:
    now = database_now()
    seen = generation.upstream_failed_at
    if seen and now - seen >= CONFIRM_FAILED:
        lifecycle.fail_upstream(generation)
        return
    due = (seen or now) + CONFIRM_FAILED
    _of(generation).update(upstream_failed_at=seen or now, due_at=due, **UNDERSTOOD)


def _still_running(generation: Generation, *, started: bool) -> None:
    changes = {"upstream_failed_at": None, **UNDERSTOOD}
    if started:
        changes["upstream_started"] = True
    if any(getattr(generation, name) != value for name, value in changes.items()):
        _of(generation).update(**changes)  # most answers bring nothing new


def _await_link(generation: Generation) -> None:
    now, row = database_now(), _of(generation)
    row.update(upstream_failed_at=None, unknown_answers=0)
    row.filter(no_link_since=None).update(no_link_since=now)
    if row.filter(no_link_since__lte=now - LINK_LATE).exists():
        effects.alert_once(generation, "result_without_link")


def _count_unknown(generation: Generation, word: str) -> None:
    row = _of(generation)
    row.update(unknown_answers=F("unknown_answers") + 1)
    if row.filter(unknown_answers__gte=UNKNOWN_MOST).exists():
        # Foreign text: what a log and a database can take of it.
        seen = word[:20] if word.isprintable() else ""
        effects.alert_once(generation, "unknown_status", word=seen)


def _of(generation: Generation) -> TenantQuerySet[Generation]:
    """The row while it is still in the status that the answer was asked for."""
    return Generation.objects.filter(pk=generation.pk, status=generation.status)
