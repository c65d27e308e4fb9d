"""The words that webhooks store and say. Imports nothing of ours."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class EventType(TextChoices):
    GENERATION_SUCCEEDED = "generation.succeeded"
    GENERATION_FAILED = "generation.failed"
    GENERATION_RECOVERED = "generation.recovered"
    QUOTA_LOW = "quota.low"
    QUOTA_EXHAUSTED = "quota.exhausted"
    TEST_PING = "test.ping"


class DeliveryState(TextChoices):
    PENDING = "pending", _("Pending")
    DELIVERED = "delivered", _("Delivered")
    FAILED = "failed", _("Failed")


class DisabledReason(TextChoices):
    REQUESTED = "requested", _("Asked for by the agency")
    GONE = "gone", _("It answered 410 Gone")
    FAILING = "failing", _("Nothing arrived for five days")
