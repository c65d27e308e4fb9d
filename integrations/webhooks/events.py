"""What happened, and who is told: rows that are written in the transaction of the change itself."""

import json
from collections.abc import Iterable
from datetime import UTC, datetime
from typing import Any
from urllib.parse import urlsplit
from uuid import UUID, uuid4

from accounts.choices import Mode
from integrations.doors.clock import database_now
from integrations.webhooks.choices import DeliveryState, EventType
from integrations.webhooks.models import Delivery, Event, WebhookEndpoint
from integrations.webhooks.selectors import endpoints_of

# Why a message ends that was not refused by anybody.
ENDPOINT_DISABLED, ENDPOINT_DELETED = "endpoint_disabled", "endpoint_deleted"


def write_event(
    *,
    agency_id: UUID,
    mode: Mode,
    event_type: EventType,
    subject_id: UUID,
    data: dict[str, Any],
    happened_at: datetime | None = None,
    endpoints: Iterable[WebhookEndpoint] | None = None,
) -> Event:
    """An event, and a delivery for each of these endpoints: those of the agency's, in this mode,
    that want such events."""
    if endpoints is None:
        endpoints = [row for row in endpoints_of(agency_id, mode) if row.wants(event_type)]
    event_id, happened_at = uuid4(), happened_at or database_now()
    said = {"id": str(event_id), "type": event_type, "timestamp": _iso(happened_at), "data": data}
    event = Event.objects.create(
        id=event_id,
        agency_id=agency_id,
        mode=mode,
        type=event_type,
        subject_id=subject_id,
        body=json.dumps(said),
        created_at=happened_at,
    )
    Delivery.objects.bulk_create([_delivery_to(endpoint, event) for endpoint in endpoints])
    return event


def write_delivery(event: Event, *, url: str, body: dict[str, Any]) -> Delivery:
    """To a job's own webhook, which is told in iacrea's words."""
    row = _delivery(event, url)
    row.body = json.dumps(body)
    row.save(force_insert=True)
    return row


def host_of(url: str) -> str:
    """Host and port, by which messages wait for each other. "" where the door will refuse it."""
    try:
        return urlsplit(url).netloc.rpartition("@")[2].lower()[:255]
    except ValueError:
        return ""


def _delivery_to(endpoint: WebhookEndpoint, event: Event) -> Delivery:
    """While an endpoint is disabled its messages are kept, to be sent again when it is enabled."""
    row = _delivery(event, endpoint.url)
    row.endpoint = endpoint
    if not endpoint.is_active:
        row.state, row.error = DeliveryState.FAILED, ENDPOINT_DISABLED
        row.ended_at, row.next_attempt_at = event.created_at, None
    return row


def _delivery(event: Event, url: str) -> Delivery:
    return Delivery(
        agency_id=event.agency_id,
        mode=event.mode,
        event=event,
        event_type=event.type,
        subject_id=event.subject_id,
        url=url,
        host=host_of(url),
        body=event.body,
        next_attempt_at=event.created_at,
    )


def _iso(moment: datetime) -> str:
    return moment.astimezone(UTC).isoformat().replace("+00:00", "Z")
