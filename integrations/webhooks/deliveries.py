"""Writing deliveries and sending them. A delivery is sent after its transaction, never inside."""

import json
import random
import time
from dataclasses import dataclass
from datetime import timedelta
from typing import Any
from uuid import UUID

from accounts.choices import Mode
from accounts.querysets import TenantQuerySet
from integrations.doors import http
from integrations.doors.clock import database_now
from integrations.doors.retry_after import seconds_to_wait
from integrations.webhooks.models import Delivery, DeliveryState
from integrations.webhooks.signing import signature_headers

TIMEOUT = http.Timeout(connect=5, idle=15, total=15)
MAX_ANSWER_BYTES = 64 * 1024
# A sender that dies with the delivery in its hands gives it back after this.
CLAIM = timedelta(seconds=60)
# The waits between ten tries: 75 h 35 min together, each ±10 %.
RETRY_S = (5, 5 * 60, 30 * 60, *(hours * 3600 for hours in (2, 5, 10, 14, 20, 24)))
# The receiver says that nobody is there any more, and never will be.
GONE = 410


@dataclass(frozen=True)
class Outcome:
    status_code: int | None
    error: str = ""
    retry_after: int = 0  # seconds that the receiver asks for

    @property
    def delivered(self) -> bool:
        return self.status_code is not None and 200 <= self.status_code < 300


def write_delivery(
    *,
    agency_id: UUID,
    mode: Mode,
    event_type: str,
    subject_id: UUID,
    url: str,
    body: dict[str, Any],
) -> Delivery:
    """A row for the sweep to send, in the transaction of what it tells."""
    return Delivery.objects.create(
        agency_id=agency_id,
        mode=mode,
        event_type=event_type,
        subject_id=subject_id,
        url=url,
        body=json.dumps(body),
        next_attempt_at=database_now(),
    )


def due_deliveries(limit: int) -> TenantQuerySet[Delivery]:
    """Without their agencies: a secret that cannot be opened must not hide the other rows."""
    due = Delivery.objects.filter(state=DeliveryState.PENDING, next_attempt_at__lte=database_now())
    return due.order_by("next_attempt_at")[:limit]


def claim(row: Delivery) -> bool:
    """By moving its due time: two sweepers never send the same attempt."""
    mine = Delivery.objects.filter(
        pk=row.pk, state=DeliveryState.PENDING, next_attempt_at=row.next_attempt_at
    )
    claimed = mine.update(next_attempt_at=database_now() + CLAIM, attempts=row.attempts + 1)
    row.attempts += claimed
    return bool(claimed)


def set_aside(row: Delivery) -> None:
    """It could not even be tried: that is none of the receiver's attempts."""
    Delivery.objects.filter(pk=row.pk, state=DeliveryState.PENDING).update(
        next_attempt_at=database_now() + CLAIM
    )


def send(row: Delivery, secret: str) -> Outcome:
    """One POST, signed with the agency's secret. HTTP only, for a thread."""
    headers = signature_headers(secret, f"msg_{row.pk.hex}", int(time.time()), row.body)
    try:
        answer = http.request(
            "POST",
            row.url,
            policy=http.public_policy(),
            timeout=TIMEOUT,
            max_bytes=MAX_ANSWER_BYTES,
            headers={"content-type": "application/json", **headers},
            data=row.body.encode(),
        )
    except http.DoorError as error:
        return Outcome(None, error.code)
    wait = answer.headers.get("retry-after", "")
    return Outcome(answer.status, retry_after=seconds_to_wait(wait) if wait else 0)


def finish(row: Delivery, outcome: Outcome | None) -> None:
    """Record how the attempt ended; without an outcome it broke on our side. A sender that slept
    while another took over may say that it was delivered, and nothing else."""
    outcome = outcome or Outcome(None, "failed")
    mine = Delivery.objects.filter(pk=row.pk, state=DeliveryState.PENDING)
    seen = {"status_code": outcome.status_code, "error": outcome.error}
    if outcome.delivered:
        _end(mine, DeliveryState.DELIVERED, **seen)
    elif outcome.status_code == GONE or row.attempts > len(RETRY_S):
        _end(mine.filter(attempts=row.attempts), DeliveryState.FAILED, **seen)
    else:
        again = database_now() + _wait(row.attempts, outcome.retry_after)
        mine.filter(attempts=row.attempts).update(next_attempt_at=again, **seen)


def _end(mine: TenantQuerySet[Delivery], state: DeliveryState, **seen: Any) -> None:
    mine.update(state=state, next_attempt_at=None, ended_at=database_now(), **seen)


def _wait(attempts: int, retry_after: int) -> timedelta:
    """Until the next try; not in step with all that failed at the same moment."""
    seconds = RETRY_S[attempts - 1] * random.uniform(0.9, 1.1)  # noqa: S311  # jitter
    return timedelta(seconds=max(seconds, retry_after))
