"""T11, T13: ask iacrea how a job is. Anything strange in an answer changes nothing."""

import random
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.conf import settings

from accounts.querysets import TenantQuerySet
from integrations.doors.clock import database_now
from integrations.iacrea import errors
from integrations.iacrea.client import IacreaClient, JobState
from projects import lifecycle
from projects.models import Generation
from projects.pipeline.dispatch import hint_now

# A FAILED must be read twice, this far apart, before a photo is given back.
CONFIRM_FAILED = timedelta(seconds=5)
# One get per job in this time, however often its doorbell rings.
SPACING = timedelta(seconds=5)
# Words that contradict a FAILED that was read before. A success without a link is not yet one.
RUNNING = frozenset({"starting", "processing", "succeeded"})


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
    status = answer.status if answer else ""
    if answer and answer.urls and status == "succeeded":
        if lifecycle.found_result(generation, list(answer.urls)):
            hint_now(generation)
    elif status == "failed":
        _learn_failure(generation)
    elif status in RUNNING:
        _still_running(generation, started=status == "processing")


def _learn_failure(generation: Generation) -> None:
    now = database_now()
    seen = generation.upstream_failed_at
    if seen and now - seen >= CONFIRM_FAILED:
        lifecycle.fail_upstream(generation)
        return
    due = (seen or now) + CONFIRM_FAILED
    _of(generation).update(upstream_failed_at=seen or now, due_at=due)


def _still_running(generation: Generation, *, started: bool) -> None:
    changes = {"upstream_started": True} if started else {}
    _of(generation).update(upstream_failed_at=None, **changes)


def _of(generation: Generation) -> TenantQuerySet[Generation]:
    """The row while it is still in the status that the answer was asked for."""
    return Generation.objects.filter(pk=generation.pk, status=generation.status)
