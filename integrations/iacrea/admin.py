"""Support's view of the accounts at iacrea; the key is in no page."""

from django.contrib import admin

from accounts.admin import ReadOnlyAdmin
from accounts.staff.admin import Operated
from accounts.staff.command import register
from integrations.iacrea.commands import COMMANDS
from integrations.iacrea.models import IacreaAccount, RiskyStep

register(*COMMANDS)


@admin.register(IacreaAccount)
class IacreaAccountAdmin(Operated, ReadOnlyAdmin):
    list_display = [
        "__str__", "agency", "membership", "built_in", "base_url", "paused_at", "pause_reason",
        "probe_at", "sends_wait_until", "tripped_until", "credit", "credit_seen_at",
    ]  # fmt: skip
    list_filter = [
        "built_in",
        ("paused_at", admin.EmptyFieldListFilter),
        ("tripped_until", admin.EmptyFieldListFilter),
    ]
    list_select_related = ["agency", "membership__user", "membership__agency"]
    search_fields = ["name", "iacrea_user_id", "agency__name"]


@admin.register(RiskyStep)
class RiskyStepAdmin(ReadOnlyAdmin):
    list_display = ["generation_id", "step", "begun", "quarantined_at"]
    list_filter = ["step", ("quarantined_at", admin.EmptyFieldListFilter)]
    search_fields = ["generation_id"]
