"""Keys, endpoints and deliveries as the pages show them."""

import json
from dataclasses import dataclass
from urllib.parse import urlsplit

from accounts.choices import Scope
from accounts.models import ApiKey
from integrations.webhooks.choices import DeliveryState
from integrations.webhooks.deliveries import RETRY_S
from integrations.webhooks.events import host_of
from integrations.webhooks.models import Delivery, DeliveryAttempt
from integrations.webhooks.selectors import attempts_of
from projects.developers.words import SCOPES, error_text, scopes_of

MOST_TRIES = len(RETRY_S) + 1
CHIPS = {
    DeliveryState.PENDING: "running",
    DeliveryState.DELIVERED: "ready",
    DeliveryState.FAILED: "failed",
}
# The signature is of the body and of the moment; whoever reads this page needs neither.
HIDDEN = "•" * 12


@dataclass(frozen=True)
class KeyRow:
    key: ApiKey
    role: str  # of who looks at it

    @property
    def may_all(self) -> bool:
        return set(self.key.scopes) >= set(Scope)

    @property
    def may_replace(self) -> bool:
        """A new key shows itself to whoever made it."""
        return set(self.key.scopes) <= set(scopes_of(self.role))

    @property
    def scopes(self) -> list[str]:
        return [str(SCOPES.get(scope, scope)) for scope in self.key.scopes]


@dataclass(frozen=True)
class AttemptRow:
    attempt: DeliveryAttempt

    @property
    def answer(self) -> str:
        code = self.attempt.status_code
        return f"HTTP {code}" if code else error_text(self.attempt.error)


@dataclass(frozen=True)
class DeliveryRow:
    delivery: Delivery

    @property
    def is_pending(self) -> bool:
        return self.delivery.state == DeliveryState.PENDING

    @property
    def chip(self) -> str:
        return CHIPS[DeliveryState(self.delivery.state)]

    @property
    def tries(self) -> int:
        """Since it was written, or was asked to be sent again."""
        return self.delivery.attempts - self.delivery.earlier_attempts

    @property
    def most_tries(self) -> int:
        return MOST_TRIES

    @property
    def answer(self) -> str:
        """What the last try brought; "" before there was one."""
        if self.delivery.error:
            return error_text(self.delivery.error)
        return f"HTTP {self.delivery.status_code}" if self.delivery.status_code else ""

    @property
    def attempts(self) -> list[AttemptRow]:
        return [AttemptRow(each) for each in attempts_of(self.delivery)]

    @property
    def host(self) -> str:
        return self.delivery.host or host_of(self.delivery.url)

    @property
    def has_endpoint(self) -> bool:
        """A job's own webhook has none, and one that was deleted has no page."""
        endpoint = self.delivery.endpoint
        return endpoint is not None and endpoint.deleted_at is None

    @property
    def may_resend(self) -> bool:
        endpoint = self.delivery.endpoint
        return endpoint is not None and endpoint.is_active and not self.is_pending

    @property
    def body(self) -> str:
        return json.dumps(json.loads(self.delivery.body), indent=2, ensure_ascii=False)

    @property
    def request_head(self) -> str:
        """What deliveries.send() sends, without the signature."""
        return "\n".join([
            f"POST {_target(self.delivery.url)} HTTP/1.1",
            f"host: {self.host}",
            "user-agent: Parterre",
            "content-type: application/json",
            f"webhook-id: {self.delivery.message_id}",
            f"webhook-timestamp: {HIDDEN}",
            f"webhook-signature: v1,{HIDDEN}",
        ])  # fmt: skip


def _target(url: str) -> str:
    parts = urlsplit(url)
    return (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
