"""Writes on endpoints. Each function is one transaction, and takes the endpoint's row first."""

from collections.abc import Iterable
from datetime import timedelta
from typing import Any
from uuid import UUID, uuid4

from django.db import transaction
from django.db.models import Q

from accounts.audit import record
from accounts.choices import Mode, NotificationKind
from accounts.models import Agency
from accounts.notifications import notify_owners
from integrations.doors.clock import database_now
from integrations.webhooks.choices import DeliveryState, DisabledReason, EventType
from integrations.webhooks.events import (
    ENDPOINT_DELETED,
    ENDPOINT_DISABLED,
    host_of,
    write_event,
)
from integrations.webhooks.exceptions import EndpointDisabled, SecretReplaced, TooManyEndpoints
from integrations.webhooks.models import Delivery, WebhookEndpoint, WebhookSecret
from integrations.webhooks.selectors import endpoints_of, present_secret_id
from integrations.webhooks.signing import new_secret

# Of one agency in one mode.
MOST_ENDPOINTS = 20
# By then the agency's software should know the new secret.
OVERLAP = timedelta(hours=24)
# Each adds 48 characters to a header.
MOST_SECRETS = 3


@transaction.atomic
def create_endpoint(
    *,
    agency: Agency,
    mode: Mode,
    url: str,
    description: str = "",
    event_types: Iterable[str] = (),
    actor_id: str = "",
    endpoint_id: UUID | None = None,
) -> WebhookEndpoint:
    """An endpoint with its first secret. Raises TooManyEndpoints; IntegrityError when there is one
    with this id."""
    Agency.objects.select_for_update(no_key=True).get(pk=agency.pk)  # of two one is the 21st
    if endpoints_of(agency, mode).count() >= MOST_ENDPOINTS:
        raise TooManyEndpoints
    endpoint = WebhookEndpoint.objects.create(
        pk=endpoint_id or uuid4(),
        agency=agency,
        mode=mode,
        url=url,
        description=description,
        event_types=list(event_types),
    )
    WebhookSecret.objects.create(endpoint=endpoint, secret=new_secret())
    _tell(endpoint, "created", actor_id, host=host_of(url))
    return endpoint


@transaction.atomic
def change_endpoint(
    endpoint_id: UUID, *, disabled: bool | None = None, actor_id: str = "", **changes: Any
) -> None:
    """`url`, `description`, `event_types`. What waits goes to the new URL, which begins anew."""
    endpoint = _locked(endpoint_id)
    if disabled:
        disable_endpoint(endpoint_id, DisabledReason.REQUESTED, actor_id=actor_id)
    elif disabled is False:
        enable_endpoint(endpoint_id, actor_id=actor_id)
    if (url := changes.get("url", endpoint.url)) != endpoint.url:
        changes["failing_since"] = None
        _pending(endpoint_id).update(url=url, host=host_of(url))
        _tell(endpoint, "url_changed", actor_id, host=host_of(url))
    WebhookEndpoint.objects.filter(pk=endpoint_id).update(**changes)


@transaction.atomic
def delete_endpoint(endpoint_id: UUID, *, actor_id: str = "") -> None:
    """What waits for it ends. Its log stays for support until retention.py takes it."""
    endpoint = _locked(endpoint_id)
    WebhookEndpoint.objects.filter(pk=endpoint_id).update(deleted_at=database_now())
    _end_pending(endpoint_id, ENDPOINT_DELETED)
    endpoint.secrets.all().delete()
    _tell(endpoint, "deleted", actor_id)


@transaction.atomic
def rotate_secret(
    endpoint_id: UUID,
    *,
    overlap: timedelta = OVERLAP,
    actor_id: str = "",
    replaces: int | None = None,
) -> str:
    """A new secret. Those before sign beside it until `overlap` is over at most: if the answer of
    this is lost and it is asked for again, the one that the receiver knows must not end.

    `replaces` is the secret that was the present one when a person asked, by a form that may be
    sent twice. Raises SecretReplaced when it is not any more.
    """
    endpoint, now = _locked(endpoint_id), database_now()
    if replaces and replaces != present_secret_id(endpoint_id):
        raise SecretReplaced
    until = now + overlap
    endpoint.secrets.filter(Q(signs_until=None) | Q(signs_until__gt=until)).update(
        signs_until=until
    )
    earlier = endpoint.secrets.filter(signs_until__gt=now).values_list("pk", flat=True)
    endpoint.secrets.exclude(pk__in=list(earlier[: MOST_SECRETS - 1])).delete()
    secret = new_secret()
    WebhookSecret.objects.create(endpoint=endpoint, secret=secret, created_at=now)
    _tell(endpoint, "secret_rotated", actor_id, overlap_s=int(overlap.total_seconds()))
    return secret


@transaction.atomic
def disable_endpoint(
    endpoint_id: UUID, reason: DisabledReason, *, actor_id: str = "", note: str = ""
) -> bool:
    """What waits for it ends, and can be sent again later. False: it was disabled before."""
    mine = WebhookEndpoint.objects.filter(pk=endpoint_id, disabled_at=None, deleted_at=None)
    if not mine.update(disabled_at=database_now(), disabled_reason=reason):
        return False
    _end_pending(endpoint_id, ENDPOINT_DISABLED)
    endpoint = WebhookEndpoint.objects.select_related("agency").get(pk=endpoint_id)
    _tell(endpoint, "disabled", actor_id, note, reason=reason)
    if reason != DisabledReason.REQUESTED:
        facts = {"endpoint_id": str(endpoint_id), "url": endpoint.url, "reason": str(reason)}
        notify_owners(endpoint.agency, NotificationKind.ENDPOINT_DISABLED, facts)
    return True


@transaction.atomic
def enable_endpoint(endpoint_id: UUID, *, actor_id: str = "", note: str = "") -> bool:
    """False: it is enabled already. What was not sent meanwhile waits to be asked for."""
    mine = WebhookEndpoint.objects.filter(pk=endpoint_id, deleted_at=None)
    on = {"disabled_at": None, "disabled_reason": "", "failing_since": None}
    if not mine.exclude(disabled_at=None).update(**on):
        return False
    _tell(WebhookEndpoint.objects.get(pk=endpoint_id), "enabled", actor_id, note)
    return True


@transaction.atomic
def send_ping(endpoint_id: UUID) -> Delivery:
    """A `test.ping`, whatever the endpoint wants to be told of. Raises EndpointDisabled."""
    endpoint = _locked(endpoint_id)
    if not endpoint.is_active:
        raise EndpointDisabled
    event = write_event(
        agency_id=endpoint.agency_id,
        mode=Mode(endpoint.mode),
        event_type=EventType.TEST_PING,
        subject_id=endpoint.pk,
        data={"endpoint_id": str(endpoint.pk)},
        endpoints=[endpoint],
    )
    return event.deliveries.get()


def _locked(endpoint_id: UUID) -> WebhookEndpoint:
    """Not against the events that are being written: they refer to its key only."""
    return WebhookEndpoint.objects.select_for_update(no_key=True).get(pk=endpoint_id)


def _pending(endpoint_id: UUID) -> Any:
    return Delivery.objects.filter(endpoint=endpoint_id, state=DeliveryState.PENDING)


def _end_pending(endpoint_id: UUID, error: str) -> None:
    ended = {"state": DeliveryState.FAILED, "error": error, "ended_at": database_now()}
    _pending(endpoint_id).update(next_attempt_at=None, **ended)


def _tell(
    endpoint: WebhookEndpoint, did: str, actor_id: str, note: str = "", **detail: Any
) -> None:
    """`note`: why staff did it, in their words."""
    record(
        agency=endpoint.agency,
        action=f"webhook_endpoint.{did}",
        target=str(endpoint.pk),
        actor_id=actor_id,
        reason=note,
        detail={"mode": endpoint.mode, **detail},
    )
