"""Support's view of the messages to agencies' software: what was sent, and what came back."""

from typing import Any

from django.contrib import admin

from accounts.admin import ReadOnlyAdmin
from accounts.admin_lists import LongList
from accounts.staff.admin import Operated
from accounts.staff.command import register
from integrations.webhooks.commands import COMMANDS
from integrations.webhooks.models import (
    Delivery,
    DeliveryAttempt,
    Event,
    WebhookEndpoint,
    WebhookSecret,
)

register(*COMMANDS)


class SecretInline(admin.TabularInline[Any, Any]):
    """Since when, and until when, one signs. What it is cannot be seen."""

    model = WebhookSecret
    fields = readonly_fields = ("created_at", "signs_until")
    can_delete = False
    extra = 0

    def get_queryset(self, request: Any) -> Any:
        return super().get_queryset(request).defer("secret")


class DeliveryAttemptInline(admin.TabularInline[Any, Any]):
    model = DeliveryAttempt
    fields = readonly_fields = (
        "number", "ended_at", "milliseconds", "status_code", "error", "answer_head",
    )  # fmt: skip
    can_delete = False
    extra = 0


@admin.register(WebhookEndpoint)
class WebhookEndpointAdmin(Operated, ReadOnlyAdmin):
    list_display = [
        "created_at", "agency", "mode", "url", "failing_since", "disabled_at", "disabled_reason",
        "deleted_at",
    ]  # fmt: skip
    list_filter = ["mode", "disabled_reason"]
    list_select_related = ["agency"]
    search_fields = ["id", "url", "agency__name"]
    inlines = [SecretInline]


@admin.register(Event)
class EventAdmin(LongList, ReadOnlyAdmin):
    list_display = ["created_at", "agency", "mode", "type", "subject_id"]
    list_filter = ["mode", "type"]
    list_select_related = ["agency"]
    search_fields = ["id", "agency__name"]


@admin.register(Delivery)
class DeliveryAdmin(Operated, LongList, ReadOnlyAdmin):
    list_display = [
        "created_at", "agency", "mode", "event_type", "state", "attempts", "status_code", "error",
        "url",
    ]  # fmt: skip
    list_filter = ["mode", "state"]
    list_select_related = ["agency"]
    search_fields = ["id", "event__id", "endpoint__id", "agency__name"]
    inlines = [DeliveryAttemptInline]
