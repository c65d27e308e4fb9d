"""Scoped reads of webhooks. Someone else's object raises DoesNotExist like one that never was."""

from datetime import datetime
from typing import Any
from uuid import UUID

from django.db.models import Count, QuerySet

from accounts.choices import Mode
from accounts.querysets import TenantQuerySet
from integrations.doors.clock import database_now
from integrations.webhooks.choices import DeliveryState
from integrations.webhooks.models import (
    Delivery,
    DeliveryAttempt,
    Event,
    WebhookEndpoint,
    WebhookSecret,
)


def endpoints_of(agency: Any, mode: Mode) -> TenantQuerySet[WebhookEndpoint]:
    return WebhookEndpoint.objects.for_agency(agency, mode).filter(deleted_at=None)


def endpoint_of(agency: Any, mode: Mode, endpoint_id: UUID) -> WebhookEndpoint:
    return endpoints_of(agency, mode).get(pk=endpoint_id)


def secret_of(endpoint_id: UUID) -> str | None:
    """The one that signs without an end; None once the endpoint is deleted."""
    present = WebhookSecret.objects.filter(endpoint=endpoint_id, signs_until=None)
    return present.values_list("secret", flat=True).first()


def present_secret_id(endpoint_id: UUID) -> int | None:
    present = WebhookSecret.objects.filter(endpoint=endpoint_id, signs_until=None)
    return present.values_list("pk", flat=True).first()


def deliveries_of(
    endpoint: WebhookEndpoint, *, since: datetime | None = None, **where: str
) -> TenantQuerySet[Delivery]:
    """With this `state`, of this `event_type`, written since then."""
    rows = Delivery.objects.for_agency(endpoint.agency_id, Mode(endpoint.mode))
    return _since(rows.filter(endpoint=endpoint, **where), since)


def delivery_of(endpoint: WebhookEndpoint, delivery_id: UUID) -> Delivery:
    return deliveries_of(endpoint).get(pk=delivery_id)


def failed_since(endpoint: WebhookEndpoint, since: datetime) -> TenantQuerySet[Delivery]:
    """Messages that were written since then and that nobody got."""
    return deliveries_of(endpoint, since=since, state=DeliveryState.FAILED)


def events_of(
    agency: Any, mode: Mode, *, since: datetime | None = None, **where: Any
) -> TenantQuerySet[Event]:
    """Of this `type`, about this `subject_id`, that happened since then."""
    return _since(Event.objects.for_agency(agency, mode).filter(**where), since)


def event_of(agency: Any, mode: Mode, event_id: UUID) -> Event:
    return events_of(agency, mode).get(pk=event_id)


# --- Of one agency in both modes: for its people


def all_endpoints_of(agency: Any) -> TenantQuerySet[WebhookEndpoint]:
    live, test = (endpoints_of(agency, mode) for mode in Mode)
    return live | test


def any_endpoint_of(agency: Any, endpoint_id: UUID) -> WebhookEndpoint:
    return all_endpoints_of(agency).get(pk=endpoint_id)


def ends_of_secrets(endpoint: WebhookEndpoint) -> list[datetime]:
    """Of those that sign beside the present one, the last to end first."""
    rows = endpoint.secrets.filter(signs_until__gt=database_now()).order_by("-signs_until")
    return [end for end in rows.values_list("signs_until", flat=True) if end]


def all_deliveries_of(
    agency: Any, *, since: datetime | None = None, **where: Any
) -> TenantQuerySet[Delivery]:
    """With this `state`, of this `event_type`, to this `endpoint_id`, written since then; those to
    jobs' own webhooks too. Not "live or test": that would cost the index of an agency's rows."""
    rows = Delivery.objects.filter(agency=agency, **where).select_related("endpoint")
    return _since(rows, since).order_by("-created_at", "-pk")


def any_delivery_of(agency: Any, delivery_id: UUID) -> Delivery:
    return all_deliveries_of(agency).get(pk=delivery_id)


def attempts_of(delivery: Delivery) -> QuerySet[DeliveryAttempt]:
    """The newest first."""
    return DeliveryAttempt.objects.filter(delivery=delivery).order_by("-number")


def states_since(agency: Any, since: datetime) -> dict[str, int]:
    """How many messages that were written since then are in each state."""
    rows = all_deliveries_of(agency, since=since).select_related(None).order_by()
    counted = rows.values("state").annotate(count=Count("pk"))
    return {row["state"]: row["count"] for row in counted}


def _since(rows: TenantQuerySet[Any], since: datetime | None) -> TenantQuerySet[Any]:
    return rows.filter(created_at__gte=since) if since else rows


# --- Of all agencies: for the workers, never for a page


def disabled_endpoint(endpoint_id: UUID) -> WebhookEndpoint | None:
    rows = WebhookEndpoint.objects.filter(pk=endpoint_id, deleted_at=None)
    return rows.exclude(disabled_at=None).select_related("agency").first()
