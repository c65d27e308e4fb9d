"""Support's view of accounts. Where money is, everything is read-only."""

from typing import Any

from django.contrib import admin
from django.db.models import Q
from django.http import HttpRequest

from accounts.admin_lists import AnswerFilter, LongList, UncountedList, begins_so
from accounts.choices import EntryKind
from accounts.models import (
    Agency,
    ApiKey,
    ApiRequest,
    AuditEntry,
    Branding,
    Invitation,
    LedgerEntry,
    Membership,
    Notification,
    NotificationChoice,
    PhotoLot,
    PhotoQuota,
    PhotoRequest,
    Plan,
    StaffNote,
    StaffProposal,
    User,
)
from accounts.models.ledger import ENDS
from accounts.staff.admin import Operated
from accounts.staff.command import register
from accounts.staff.commands import COMMANDS

register(*COMMANDS)


class ReadOnlyAdmin(admin.ModelAdmin[Any]):
    """Look, search, filter; no form of it can write. Secrets are left out where they are kept:
    their fields are not editable, so no page shows them."""

    actions: Any = None
    show_facets = admin.ShowFacets.NEVER  # they count too

    def get_changelist(self, *_args: Any, **_kwargs: Any) -> type[UncountedList]:
        return UncountedList

    def lookup_allowed(self, lookup: str, value: str, request: HttpRequest | None = None) -> bool:
        """What the page offers as a filter. Django allows every field of the model, so that secrets
        could be guessed letter by letter: `?password__startswith=p`."""
        filters = self.list_filter
        offered = [str(each[0] if isinstance(each, tuple) else each) for each in filters]
        return any(lookup == name or lookup.startswith(f"{name}__") for name in offered)

    def has_add_permission(self, request: HttpRequest, *_args: Any) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False


@admin.register(Agency)
class AgencyAdmin(Operated, ReadOnlyAdmin):
    list_display = ["name", "id", "restore_outside", "created_at"]
    search_fields = ["name", "id"]


@admin.register(User)
class UserAdmin(Operated, ReadOnlyAdmin):
    list_display = ["email", "name", "is_staff", "is_active", "last_login"]
    list_filter = ["is_staff", "is_active"]
    search_fields = ["email", "name", "id"]
    fields = [
        "email", "name", "language", "is_active", "is_staff", "is_superuser", "date_joined",
        "last_login",
    ]  # fmt: skip


@admin.register(Membership)
class MembershipAdmin(Operated, ReadOnlyAdmin):
    list_display = ["user", "agency", "role", "iacrea_user_id", "monthly_cap", "removed_at"]
    list_filter = ["role", ("removed_at", admin.EmptyFieldListFilter)]
    list_select_related = ["user", "agency"]
    search_fields = ["user__email", "agency__name", "iacrea_user_id"]


@admin.register(Invitation)
class InvitationAdmin(Operated, ReadOnlyAdmin):
    list_display = ["email", "agency", "role", "sent_at", "expires_at", "accepted_at", "revoked_at"]
    list_filter = ["role", ("accepted_at", admin.EmptyFieldListFilter)]
    list_select_related = ["agency"]
    search_fields = ["email", "agency__name"]


@admin.register(ApiKey)
class ApiKeyAdmin(Operated, ReadOnlyAdmin):
    list_display = ["prefix", "agency", "mode", "name", "created_at", "last_used_at", "revoked_at"]
    list_filter = ["mode"]
    list_select_related = ["agency"]
    search_fields = ["prefix", "agency__name"]


@admin.register(ApiRequest)
class ApiRequestAdmin(LongList, ReadOnlyAdmin):
    list_display = [
        "called_at", "agency", "api_key", "method", "path", "status", "code", "milliseconds",
    ]  # fmt: skip
    list_filter = [("status", AnswerFilter)]
    list_select_related = ["agency", "api_key"]
    search_fields = ["id", "request_id", "subject_id", "agency__name"]
    ordering = ["-called_at"]


@admin.register(PhotoQuota)
class PhotoQuotaAdmin(ReadOnlyAdmin):
    list_display = ["agency", "mode", "available", "held", "consumed"]
    list_filter = ["mode"]
    list_select_related = ["agency"]
    search_fields = ["agency__name"]


@admin.register(PhotoRequest)
class PhotoRequestAdmin(Operated, ReadOnlyAdmin):
    list_display = [
        "created_at", "agency", "photos", "author", "message", "closed_at", "invoice_reference",
    ]  # fmt: skip
    list_filter = [("closed_at", admin.EmptyFieldListFilter)]
    list_select_related = ["agency", "author__user", "author__agency"]
    search_fields = ["id", "agency__name", "invoice_reference"]
    ordering = ["-created_at"]


@admin.register(Branding)
class BrandingAdmin(ReadOnlyAdmin):
    list_display = ["agency", "accent", "contact", "always_labelled", "updated_at"]
    list_filter = ["always_labelled"]
    list_select_related = ["agency"]
    search_fields = ["agency__name"]
    exclude = ["logo"]  # on S3 its address would be a link that anybody may open


@admin.register(Notification)
class NotificationAdmin(Operated, LongList, ReadOnlyAdmin):
    list_display = ["created_at", "member", "kind", "mail_due", "read_at"]
    list_filter = ["kind"]
    list_select_related = ["member__user", "member__agency"]
    search_fields = ["id", "member__user__email", "member__agency__name"]


@admin.register(NotificationChoice)
class NotificationChoiceAdmin(ReadOnlyAdmin):
    list_display = ["member", "kind", "in_app", "by_mail"]
    list_filter = ["kind"]
    list_select_related = ["member__user", "member__agency"]
    search_fields = ["member__user__email", "member__agency__name"]


@admin.register(Plan)
class PlanAdmin(ReadOnlyAdmin):
    list_display = ["agency", "photos_per_month", "created_at"]
    list_select_related = ["agency"]
    search_fields = ["agency__name"]


@admin.register(PhotoLot)
class PhotoLotAdmin(ReadOnlyAdmin):
    list_display = [
        "agency", "mode", "source", "period", "available", "held", "consumed", "usable_until",
    ]  # fmt: skip
    list_filter = ["mode", "source"]
    list_select_related = ["agency"]
    search_fields = ["agency__name"]


@admin.register(LedgerEntry)
class LedgerEntryAdmin(LongList, ReadOnlyAdmin):
    list_display = ["created_at", "agency", "mode", "kind", "quantity", "generation_id", "reason"]
    list_filter = ["mode", "kind"]
    list_select_related = ["agency"]
    search_fields = ["id", "agency__name"]

    def meant_by(self, word: str) -> Q:
        """By a job too: the ledger has an index of jobs for each of these kinds."""
        kinds = (Q(kind=EntryKind.HOLD), Q(kind__in=ENDS), Q(kind=EntryKind.GRANT))
        meant = super().meant_by(word)
        for kind in kinds:
            meant |= kind & begins_so("generation_id", word)
        return meant


@admin.register(AuditEntry)
class AuditEntryAdmin(LongList, ReadOnlyAdmin):
    list_display = ["created_at", "agency", "action", "target", "actor_id", "reason"]
    list_select_related = ["agency"]
    search_fields = ["id", "agency__name", "action", "target"]


@admin.register(StaffNote)
class StaffNoteAdmin(ReadOnlyAdmin):
    list_display = ["created_at", "agency", "author", "text"]
    list_select_related = ["agency", "author"]
    search_fields = ["agency__name", "text"]


@admin.register(StaffProposal)
class StaffProposalAdmin(ReadOnlyAdmin):
    list_display = [
        "proposed_at", "command", "agency", "proposed_by", "decided_at", "decided_by", "confirmed",
    ]  # fmt: skip
    list_filter = ["command", ("decided_at", admin.EmptyFieldListFilter)]
    list_select_related = ["agency", "proposed_by", "decided_by"]
    search_fields = ["agency__name", "target_id"]
