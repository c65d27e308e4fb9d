"""Support's view of the accounts at iacrea; the key is in no page."""

from django.contrib import admin

from accounts.admin import ReadOnlyAdmin
from integrations.iacrea.models import IacreaAccount


@admin.register(IacreaAccount)
class IacreaAccountAdmin(ReadOnlyAdmin):
    list_display = [
        "__str__", "agency", "membership", "built_in", "base_url", "paused_at", "pause_reason",
    ]  # fmt: skip
    list_filter = ["built_in"]
    list_select_related = ["agency", "membership__user", "membership__agency"]
    search_fields = ["name", "iacrea_user_id", "agency__name"]
