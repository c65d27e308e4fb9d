"""Sending again what has ended: the same message under the same id, with ten more tries."""

from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.db.models import F

from accounts.audit import record
from accounts.querysets import TenantQuerySet
from integrations.doors.clock import database_now
from integrations.webhooks.choices import DeliveryState
from integrations.webhooks.events import host_of
from integrations.webhooks.exceptions import EndpointDisabled, StillPending
from integrations.webhooks.models import Delivery, WebhookEndpoint
from integrations.webhooks.selectors import deliveries_of, failed_since


@transaction.atomic
def resend(endpoint_id: UUID, delivery_id: UUID) -> None:
    """Whatever became of it. Raises StillPending or EndpointDisabled."""
    endpoint = _enabled(endpoint_id)
    ended = deliveries_of(endpoint).filter(pk=delivery_id).exclude(state=DeliveryState.PENDING)
    if not _again(ended, endpoint):
        raise StillPending


@transaction.atomic
def resend_by_staff(delivery: Delivery, *, actor_id: str, reason: str) -> bool:
    """With its audit entry. False: its tries have not ended. Raises EndpointDisabled."""
    mine = Delivery.objects.filter(pk=delivery.pk).exclude(state=DeliveryState.PENDING)
    to = _enabled(delivery.endpoint_id) if delivery.endpoint_id else delivery
    if not _again(mine, to):
        return False
    record(
        agency=delivery.agency, action="delivery.sent_again", target=str(delivery.pk),
        actor_id=actor_id, reason=reason, detail={"event_type": delivery.event_type},
    )  # fmt: skip
    return True


@transaction.atomic
def resend_failed_by_staff(
    endpoint: WebhookEndpoint, since: datetime, *, actor_id: str, reason: str
) -> bool:
    """All that it did not get since then. False: there was nothing. Raises EndpointDisabled."""
    count = resend_failed(endpoint.pk, since)
    if count:
        record(
            agency=endpoint.agency, action="webhook_endpoint.failed_sent_again",
            target=str(endpoint.pk), actor_id=actor_id, reason=reason, detail={"count": count},
        )  # fmt: skip
    return bool(count)


@transaction.atomic
def resend_failed(endpoint_id: UUID, since: datetime) -> int:
    """All that was written since then and that nobody got; returns how many. Raises
    EndpointDisabled."""
    endpoint = _enabled(endpoint_id)
    return _again(failed_since(endpoint, since), endpoint)


def _enabled(endpoint_id: UUID) -> WebhookEndpoint:
    """Locked: it is not disabled before this is done."""
    endpoint = WebhookEndpoint.objects.select_for_update(no_key=True).get(pk=endpoint_id)
    if not endpoint.is_active:
        raise EndpointDisabled
    return endpoint


def _again(rows: TenantQuerySet[Delivery], endpoint: WebhookEndpoint | Delivery) -> int:
    """To where the endpoint is now; a job's own webhook has none, and stays where it was."""
    return rows.update(
        state=DeliveryState.PENDING,
        next_attempt_at=database_now(),
        ended_at=None,
        earlier_attempts=F("attempts"),
        status_code=None,
        error="",
        url=endpoint.url,
        host=host_of(endpoint.url),
    )
