"""What happened is kept for a while, and swept at night."""

from collections.abc import Collection
from datetime import timedelta
from typing import Any
from uuid import UUID

from integrations.doors.batches import delete_batch
from integrations.doors.clock import database_now
from integrations.webhooks.choices import DeliveryState
from integrations.webhooks.models import Delivery, Event, WebhookEndpoint

# Deliveries, events, and endpoints that were deleted.
KEPT = timedelta(days=30)
# Rows that are deleted at once.
BATCH = 500


def sweep_messages() -> int:
    """A batch of each; returns how many rows. What still waits for its next try stays."""
    old = database_now() - KEPT
    ended = Delivery.objects.exclude(state=DeliveryState.PENDING).filter(created_at__lt=old)
    events = Event.objects.filter(created_at__lt=old)
    endpoints = WebhookEndpoint.objects.filter(deleted_at__lt=old)
    return sum(delete_batch(rows, BATCH) for rows in (ended, events, endpoints))


def forget(subjects: Collection[UUID]) -> None:
    """What was told, or was to be told, of these: an erasure leaves no copy."""
    delete_deliveries(Delivery.objects.filter(subject_id__in=subjects))
    Event.objects.filter(subject_id__in=subjects).delete()


def delete_deliveries(rows: Any) -> None:
    """Locked first: Django deletes tries before their message, and one that ends in between would
    write another."""
    list(rows.select_for_update().order_by("pk").values_list("pk"))
    rows.delete()
