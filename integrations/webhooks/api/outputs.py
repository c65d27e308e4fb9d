"""What the webhooks' API shows. No secret is in it: that is added where it is shown once."""

import json
from datetime import UTC
from typing import Any

from django.db import models
from rest_framework import serializers

from integrations.webhooks.models import Delivery, Event, WebhookEndpoint


class UtcField(serializers.DateTimeField):
    def __init__(self, **options: Any) -> None:
        super().__init__(default_timezone=UTC, **options)


class RowOutput(serializers.ModelSerializer[Any]):
    serializer_field_mapping = {
        **serializers.ModelSerializer.serializer_field_mapping,
        models.DateTimeField: UtcField,
    }


class EndpointOutput(RowOutput):
    disabled = serializers.SerializerMethodField()

    class Meta:
        model = WebhookEndpoint
        fields = [
            "id", "mode", "url", "description", "event_types", "disabled", "disabled_at",
            "disabled_reason", "failing_since", "created_at",
        ]  # fmt: skip

    def get_disabled(self, row: WebhookEndpoint) -> bool:
        return row.disabled_at is not None


class DeliveryOutput(RowOutput):
    webhook_id = serializers.SerializerMethodField()

    class Meta:
        model = Delivery
        fields = [
            "id", "webhook_id", "event", "event_type", "subject_id", "state", "attempts",
            "status_code", "error", "next_attempt_at", "created_at", "ended_at",
        ]  # fmt: skip

    def get_webhook_id(self, row: Delivery) -> str:
        return row.message_id


class WholeDeliveryOutput(DeliveryOutput):
    """With what was sent, and where to."""

    body = serializers.SerializerMethodField()

    class Meta(DeliveryOutput.Meta):
        fields = [*DeliveryOutput.Meta.fields, "url", "body"]

    def get_body(self, row: Delivery) -> Any:
        return json.loads(row.body)


class EventOutput(serializers.BaseSerializer[Event]):
    """The same object that webhooks carry: `id`, `type`, `timestamp`, `data`."""

    def to_representation(self, row: Event) -> Any:
        return json.loads(row.body)
