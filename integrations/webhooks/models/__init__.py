from integrations.webhooks.choices import DeliveryState, DisabledReason, EventType
from integrations.webhooks.models.attempt import DeliveryAttempt
from integrations.webhooks.models.delivery import Delivery
from integrations.webhooks.models.endpoint import WebhookEndpoint, WebhookSecret
from integrations.webhooks.models.event import Event

__all__ = [
    "Delivery",
    "DeliveryAttempt",
    "DeliveryState",
    "DisabledReason",
    "Event",
    "EventType",
    "WebhookEndpoint",
    "WebhookSecret",
]
