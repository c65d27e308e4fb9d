"""What an agency's owners are told of their webhooks, by e-mail. A worker's task: it may run twice,
and a mail that cannot be sent is told in the log and no more."""

import logging
from uuid import UUID

from django.conf import settings
from django.core.mail import send_mail
from django.template.loader import render_to_string
from django.utils import translation
from django.utils.translation import gettext as _

from accounts.models import User
from accounts.selectors import owners_of
from integrations.webhooks.models import WebhookEndpoint
from integrations.webhooks.selectors import disabled_endpoint

logger = logging.getLogger(__name__)


def tell_owners(endpoint_id: str) -> None:
    """That an endpoint of theirs was disabled; nothing if it is enabled again by now."""
    endpoint = disabled_endpoint(UUID(endpoint_id))
    if endpoint is None:
        return
    for owner in owners_of(endpoint.agency):
        _send(owner.user, endpoint)


def _send(user: User, endpoint: WebhookEndpoint) -> None:
    try:
        with translation.override(user.language or settings.LANGUAGE_CODE):
            text = render_to_string("webhooks/disabled_mail.txt", _facts(endpoint))
            send_mail(_("A webhook of your agency is disabled"), text, None, [user.email])
    except OSError:  # of the connection, and of what the mail server says (SMTPException is one)
        logger.exception("the mail about endpoint %s could not be sent", endpoint.pk)


def _facts(endpoint: WebhookEndpoint) -> dict[str, object]:
    return {
        "endpoint": endpoint,
        "reason": endpoint.disabled_reason,
        "enable": f"{settings.PUBLIC_BASE_URL}/api/v1/webhook-endpoints/{endpoint.pk}/enable",
    }
