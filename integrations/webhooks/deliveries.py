"""Writing deliveries and sending them. A delivery is sent after its transaction, never inside."""

import json
import time
from dataclasses import dataclass
from datetime import timedelta
from typing import Any
from uuid import UUID

from accounts.choices import Mode
from accounts.querysets import TenantQuerySet
from integrations.doors import http
from integrations.doors.clock import database_now
from integrations.webhooks.models import Delivery, DeliveryState
from integrations.webhooks.signing import signature_headers

TIMEOUT = http.Timeout(connect=5, idle=15, total=15)
MAX_ANSWER_BYTES = 64 * 1024
# A sender that dies with the delivery in its hands gives it back after this.
CLAIM = timedelta(seconds=60)


@dataclass(frozen=True)
class Outcome:
    status_code: int | None
    error: str = ""

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
    return bool(mine.update(next_attempt_at=database_now() + CLAIM, attempts=row.attempts + 1))


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
    return Outcome(answer.status)


def finish(row: Delivery, outcome: Outcome | None) -> None:
    """Record how the attempt ended; without an outcome it broke on our side."""
    outcome = outcome or Outcome(None, "failed")
    state = DeliveryState.DELIVERED if outcome.delivered else DeliveryState.FAILED
    Delivery.objects.filter(pk=row.pk, state=DeliveryState.PENDING).update(
        state=state,
        status_code=outcome.status_code,
        error=outcome.error,
        next_attempt_at=None,
        ended_at=database_now(),
    )
