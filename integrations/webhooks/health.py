"""What deliveries say of their endpoint: one that is gone, or only fails, is called no more."""

from datetime import timedelta
from uuid import UUID

from integrations.doors.clock import database_now
from integrations.webhooks.models import DisabledReason, WebhookEndpoint
from integrations.webhooks.services import disable_endpoint

FAILING_FOR = timedelta(days=5)


def learn(endpoint_id: UUID, url: str, *, delivered: bool, gone: bool, given_up: bool) -> None:
    """From an attempt at this URL that was recorded. A message that was given up, after ten tries,
    judges its endpoint: a moment's failure after a quiet week would prove nothing."""
    # Not one whose URL was changed while the message was under way to the one before.
    endpoint = WebhookEndpoint.objects.filter(pk=endpoint_id, url=url)
    if delivered:
        endpoint.filter(failing_since__isnull=False).update(failing_since=None)
        return
    endpoint.filter(failing_since=None).update(failing_since=database_now())
    long_ago = database_now() - FAILING_FOR
    if gone and endpoint.exists():
        disable_endpoint(endpoint_id, DisabledReason.GONE)
    elif given_up and endpoint.filter(failing_since__lte=long_ago).exists():
        disable_endpoint(endpoint_id, DisabledReason.FAILING)
