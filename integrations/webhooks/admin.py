"""Support's view of the messages to agencies' software: what was sent, and what came back."""

from django.contrib import admin

from accounts.admin import ReadOnlyAdmin
from integrations.webhooks.models import Delivery


@admin.register(Delivery)
class DeliveryAdmin(ReadOnlyAdmin):
    list_display = [
        "created_at", "agency", "mode", "event_type", "state", "attempts", "status_code", "error",
        "url",
    ]  # fmt: skip
    list_filter = ["mode", "state"]
    list_select_related = ["agency"]
    search_fields = ["id", "subject_id", "url", "agency__name"]
