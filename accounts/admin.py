"""Support's view of accounts. Where money is, everything is read-only."""

from typing import Any

from django.contrib import admin
from django.http import HttpRequest

from accounts.models import (
    Agency,
    ApiKey,
    AuditEntry,
    LedgerEntry,
    Membership,
    PhotoLot,
    PhotoQuota,
    User,
)


class ReadOnlyAdmin(admin.ModelAdmin[Any]):
    """Look, search, filter; no form of it can write. Secrets are left out where they are kept:
    their fields are not editable, so no page shows them."""

    actions = None
    show_full_result_count = False

    def has_add_permission(self, request: HttpRequest, *_args: Any) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False


@admin.register(Agency)
class AgencyAdmin(ReadOnlyAdmin):
    list_display = ["name", "id", "created_at"]
    search_fields = ["name", "id"]


@admin.register(User)
class UserAdmin(ReadOnlyAdmin):
    list_display = ["email", "name", "is_staff", "is_active", "last_login"]
    list_filter = ["is_staff", "is_active"]
    search_fields = ["email", "name", "id"]
    fields = [
        "email", "name", "language", "is_active", "is_staff", "is_superuser", "date_joined",
        "last_login",
    ]  # fmt: skip


@admin.register(Membership)
class MembershipAdmin(ReadOnlyAdmin):
    list_display = ["user", "agency", "role", "iacrea_user_id"]
    list_filter = ["role"]
    list_select_related = ["user", "agency"]
    search_fields = ["user__email", "agency__name", "iacrea_user_id"]


@admin.register(ApiKey)
class ApiKeyAdmin(ReadOnlyAdmin):
    list_display = ["prefix", "agency", "mode", "name", "created_at", "last_used_at", "revoked_at"]
    list_filter = ["mode"]
    list_select_related = ["agency"]
    search_fields = ["prefix", "agency__name"]


@admin.register(PhotoQuota)
class PhotoQuotaAdmin(ReadOnlyAdmin):
    list_display = ["agency", "mode", "available", "held", "consumed"]
    list_filter = ["mode"]
    list_select_related = ["agency"]
    search_fields = ["agency__name"]


@admin.register(PhotoLot)
class PhotoLotAdmin(ReadOnlyAdmin):
    list_display = ["agency", "mode", "source", "available", "held", "consumed", "usable_until"]
    list_filter = ["mode", "source"]
    list_select_related = ["agency"]
    search_fields = ["agency__name"]


@admin.register(LedgerEntry)
class LedgerEntryAdmin(ReadOnlyAdmin):
    list_display = ["created_at", "agency", "mode", "kind", "quantity", "generation_id", "reason"]
    list_filter = ["mode", "kind"]
    list_select_related = ["agency"]
    search_fields = ["agency__name", "generation_id"]


@admin.register(AuditEntry)
class AuditEntryAdmin(ReadOnlyAdmin):
    list_display = ["created_at", "agency", "action", "target", "actor_id", "reason"]
    list_select_related = ["agency"]
    search_fields = ["agency__name", "action", "target"]
