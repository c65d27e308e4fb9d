"""Sending deliveries. A delivery is sent after its transaction, never inside."""

import logging
import random
import time
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Any

from django.db import transaction
from django.db.models import Count, Q

from accounts.querysets import TenantQuerySet
from integrations.doors import http
from integrations.doors.clock import database_now
from integrations.doors.request_id import HEADER, current
from integrations.doors.retry_after import seconds_to_wait
from integrations.webhooks import health
from integrations.webhooks.events import ENDPOINT_DISABLED
from integrations.webhooks.lanes import Lane, places
from integrations.webhooks.models import Delivery, DeliveryAttempt, DeliveryState
from integrations.webhooks.signing import signature_headers

logger = logging.getLogger(__name__)
TIMEOUT = http.Timeout(connect=5, idle=15, total=15)
MAX_ANSWER_BYTES = 64 * 1024
# A sender that dies with the delivery in its hands gives it back after this.
CLAIM = timedelta(seconds=60)
# The waits between ten tries: 75 h 35 min together, each ±10 %.
RETRY_S = (5, 5 * 60, 30 * 60, *(hours * 3600 for hours in (2, 5, 10, 14, 20, 24)))
# The receiver says that nobody is there any more, and never will be.
GONE = 410
HEAD_BYTES = 2048


@dataclass(frozen=True)
class Outcome:
    status_code: int | None
    error: str = ""
    retry_after: int = 0  # seconds that the receiver asks for
    milliseconds: int = 0
    head: str = ""  # the first 2 kB of the answer

    @property
    def delivered(self) -> bool:
        return self.status_code is not None and 200 <= self.status_code < 300


def due_deliveries(limit: int, under_way: Iterable[Delivery] = ()) -> list[Delivery]:
    """Of each lane the oldest, as many as lanes.py lets begin beside those under way. Without their
    agencies: a secret that cannot be opened must not hide the other rows."""
    due = Delivery.objects.filter(state=DeliveryState.PENDING, next_attempt_at__lte=database_now())
    lanes = due.order_by().values_list(*Lane._fields).annotate(waiting=Count("pk"))
    waiting = {Lane(*lane): count for *lane, count in lanes}
    begin = places(limit, waiting, map(_lane, under_way))
    return [row for lane, count in begin.items() for row in _first(due, lane, count)]


def _first(due: TenantQuerySet[Delivery], lane: Lane, count: int) -> Iterable[Delivery]:
    rows = due.filter(**lane._asdict()).select_related("endpoint")
    return rows.order_by("next_attempt_at")[:count]


def _lane(row: Delivery) -> Lane:
    return Lane(row.agency_id, row.endpoint_id, row.host)


def claim(row: Delivery) -> bool:
    """By moving its due time: two sweepers never send the same attempt."""
    mine = Delivery.objects.filter(
        pk=row.pk, state=DeliveryState.PENDING, next_attempt_at=row.next_attempt_at
    )
    claimed = mine.update(next_attempt_at=database_now() + CLAIM, attempts=row.attempts + 1)
    row.attempts += claimed
    return bool(claimed)


def secrets_for(row: Delivery) -> list[str]:
    """Those that sign it now, the newest first; none when its endpoint was disabled. KeyGone when
    one cannot be opened."""
    if row.endpoint is None:
        return [row.agency.webhook_secret]
    if not row.endpoint.is_active:
        return []
    valid = Q(signs_until=None) | Q(signs_until__gt=database_now())
    return list(row.endpoint.secrets.filter(valid).values_list("secret", flat=True))


def end_unsent(row: Delivery) -> None:
    """Its endpoint was disabled while it was being written."""
    mine = Delivery.objects.filter(pk=row.pk, state=DeliveryState.PENDING)
    _end(mine, DeliveryState.FAILED, error=ENDPOINT_DISABLED)


def set_aside(row: Delivery) -> None:
    """It could not even be tried: that is none of the receiver's attempts."""
    Delivery.objects.filter(pk=row.pk, state=DeliveryState.PENDING).update(
        next_attempt_at=database_now() + CLAIM
    )


def send(row: Delivery, *signing_secrets: str) -> Outcome:
    """One POST, signed with each secret. HTTP only, for a thread."""
    began = time.monotonic()
    outcome = _post(row, *signing_secrets)
    return replace(outcome, milliseconds=int(1000 * (time.monotonic() - began)))


def _post(row: Delivery, *signing_secrets: str) -> Outcome:
    message = (row.message_id, int(time.time()), row.body)
    headers = signature_headers(*message, *signing_secrets)
    try:
        answer = http.request(
            "POST",
            row.url,
            policy=http.public_policy(),
            timeout=TIMEOUT,
            max_bytes=MAX_ANSWER_BYTES,
            headers={"content-type": "application/json", **headers, **_named()},
            data=row.body.encode(),
        )
    except http.DoorError as error:
        return Outcome(None, error.code)
    wait = answer.headers.get("retry-after", "")
    seconds = seconds_to_wait(wait) if wait else 0
    return Outcome(answer.status, retry_after=seconds, head=_head(answer.body))


def _named() -> dict[str, str]:
    """The call that asked for the job: the receiver's log has the name that the caller's has."""
    return {HEADER: current.get()} if current.get() else {}


def _head(body: bytes) -> str:
    """As text, whatever it is; PostgreSQL keeps no NUL."""
    return body[:HEAD_BYTES].decode("utf-8", "replace").replace("\0", "\ufffd")


def finish(row: Delivery, outcome: Outcome | None) -> None:
    """Record how the attempt ended, and what that says of its endpoint; without an outcome it broke
    on our side."""
    outcome = outcome or Outcome(None, "failed")
    answer = outcome.status_code or outcome.error
    logger.info("%s, try %s of %s: %s", row.event_type, row.attempts, row.message_id, answer)
    last = outcome.status_code == GONE or _tries(row) > len(RETRY_S)
    if _recorded(row, outcome, last) and row.endpoint_id:
        gone = outcome.status_code == GONE
        seen = {"delivered": outcome.delivered, "gone": gone, "given_up": last}
        health.learn(row.endpoint_id, row.url, **seen)


@transaction.atomic
def _recorded(row: Delivery, outcome: Outcome, last: bool) -> bool:
    """With the try itself: an erasure, which takes both, waits for the row."""
    if not _record(row, outcome, last):
        return False
    DeliveryAttempt.objects.create(
        delivery=row,
        number=row.attempts,
        ended_at=database_now(),
        milliseconds=outcome.milliseconds,
        status_code=outcome.status_code,
        error=outcome.error,
        answer_head=outcome.head,
    )
    return True


def _record(row: Delivery, outcome: Outcome, last: bool) -> int:
    """A sender that slept while another took over, or while its endpoint was disabled, may say that
    it was delivered, and nothing else."""
    mine = Delivery.objects.filter(pk=row.pk)
    seen = {"status_code": outcome.status_code, "error": outcome.error}
    if outcome.delivered:
        return _end(mine.exclude(state=DeliveryState.DELIVERED), DeliveryState.DELIVERED, **seen)
    mine = mine.filter(
        state=DeliveryState.PENDING, attempts=row.attempts, earlier_attempts=row.earlier_attempts
    )
    if last:
        return _end(mine, DeliveryState.FAILED, **seen)
    again = database_now() + _wait(_tries(row), outcome.retry_after)
    return mine.update(next_attempt_at=again, **seen)


def _end(mine: TenantQuerySet[Delivery], state: DeliveryState, **seen: Any) -> int:
    return mine.update(state=state, next_attempt_at=None, ended_at=database_now(), **seen)


def _tries(row: Delivery) -> int:
    """Since it was written, or was asked to be sent again."""
    return row.attempts - row.earlier_attempts


def _wait(tries: int, retry_after: int) -> timedelta:
    """Until the next try; not in step with all that failed at the same moment."""
    seconds = RETRY_S[tries - 1] * random.uniform(0.9, 1.1)  # noqa: S311  # jitter
    return timedelta(seconds=max(seconds, retry_after))
