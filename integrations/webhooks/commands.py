"""What support staff may do to an agency's endpoints and to the messages for them."""

from datetime import timedelta

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.staff.command import Command, NotNow, Press
from integrations.doors.clock import database_now
from integrations.webhooks.choices import DeliveryState, DisabledReason
from integrations.webhooks.exceptions import EndpointDisabled
from integrations.webhooks.models import Delivery, WebhookEndpoint
from integrations.webhooks.resends import resend_by_staff, resend_failed_by_staff
from integrations.webhooks.services import disable_endpoint, enable_endpoint

# As long as the log is kept.
FAILED_WITHIN = timedelta(days=30)


def _is_on(endpoint: WebhookEndpoint) -> None:
    if not endpoint.is_active:
        raise NotNow(_("This endpoint is switched off or deleted."))


def _is_off(endpoint: WebhookEndpoint) -> None:
    if endpoint.deleted_at:
        raise NotNow(_("It was deleted."))
    if not endpoint.disabled_at:
        raise NotNow(_("It is on."))


def _has_ended(delivery: Delivery) -> None:
    if delivery.state == DeliveryState.PENDING:
        raise NotNow(_("Its tries have not ended."))
    if delivery.endpoint:
        _is_on(delivery.endpoint)


def _resend(delivery: Delivery, press: Press) -> bool:
    try:
        return resend_by_staff(delivery, actor_id=press.actor_id, reason=press.reason)
    except EndpointDisabled:
        raise NotNow(_("This endpoint is switched off or deleted.")) from None


def _resend_failed(endpoint: WebhookEndpoint, press: Press) -> bool:
    since = database_now() - FAILED_WITHIN
    try:
        return resend_failed_by_staff(endpoint, since, actor_id=press.actor_id, reason=press.reason)
    except EndpointDisabled:
        raise NotNow(_("This endpoint is switched off or deleted.")) from None


def _enable(endpoint: WebhookEndpoint, press: Press) -> bool:
    return enable_endpoint(endpoint.pk, actor_id=press.actor_id, note=press.reason)


def _disable(endpoint: WebhookEndpoint, press: Press) -> bool:
    return disable_endpoint(
        endpoint.pk, DisabledReason.REQUESTED, actor_id=press.actor_id, note=press.reason
    )


def _where(delivery: Delivery, _fields: object) -> str:
    return _("to %(url)s") % {"url": (delivery.endpoint or delivery).url}


COMMANDS = (
    Command(
        "resend_message",
        Delivery,
        gettext_lazy("Send again"),
        gettext_lazy("The same message under the same id, with ten more tries."),
        _resend,
        check=_has_ended,
        effect=_where,
    ),
    Command(
        "enable_endpoint",
        WebhookEndpoint,
        gettext_lazy("Switch on"),
        gettext_lazy("New messages go there again. What failed meanwhile is not sent by itself."),
        _enable,
        check=_is_off,
    ),
    Command(
        "resend_failed",
        WebhookEndpoint,
        gettext_lazy("Send again what it did not get"),
        gettext_lazy("All messages of 30 days whose tries have failed."),
        _resend_failed,
        check=_is_on,
    ),
    Command(
        "disable_endpoint",
        WebhookEndpoint,
        gettext_lazy("Switch off"),
        gettext_lazy("Nothing more is sent there; what waits ends and can be sent again later."),
        _disable,
        check=_is_on,
    ),
)
