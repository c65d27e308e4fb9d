"""Support's view of jobs. A status is changed by commands, never by a form."""

from typing import Any

from django.contrib import admin

from accounts.admin import ReadOnlyAdmin
from projects.models import (
    Attempt,
    CallbackReceipt,
    Generation,
    GenerationEvent,
    Lease,
    Picture,
    Project,
    Upload,
)


class AttemptInline(admin.TabularInline[Any, Any]):
    model = Attempt
    fields = readonly_fields = ("number", "opened_at", "ended_at", "outcome", "evidence")
    can_delete = False
    extra = 0


class EventInline(admin.TabularInline[Any, Any]):
    model = GenerationEvent
    fields = readonly_fields = ("created_at", "kind", "detail")
    can_delete = False
    extra = 0


@admin.register(Generation)
class GenerationAdmin(ReadOnlyAdmin):
    list_display = [
        "id", "agency", "mode", "room_type", "status", "failure_code", "charged", "created_at",
    ]  # fmt: skip
    list_filter = ["status", "mode", "room_type", "failure_code"]
    list_select_related = ["agency"]
    search_fields = ["id", "upstream_id", "agency__name"]
    inlines = [AttemptInline, EventInline]


@admin.register(Project)
class ProjectAdmin(ReadOnlyAdmin):
    list_display = ["title", "id", "agency", "mode", "author", "created_at"]
    list_filter = ["mode"]
    list_select_related = ["agency", "author__user", "author__agency"]
    search_fields = ["id", "title", "agency__name"]


@admin.register(CallbackReceipt)
class CallbackReceiptAdmin(ReadOnlyAdmin):
    list_display = ["received_at", "attempt__generation", "attempt__number"]
    list_select_related = ["attempt__generation"]
    search_fields = ["attempt__generation__id"]


# Of files the facts only: on S3 their address would be a link that anybody may open.


@admin.register(Upload)
class UploadAdmin(ReadOnlyAdmin):
    list_display = ["id", "agency", "mode", "kind", "width", "height", "size", "created_at"]
    list_filter = ["mode", "kind"]
    list_select_related = ["agency"]
    search_fields = ["id", "sha256", "agency__name"]
    exclude = ["file"]


@admin.register(Picture)
class PictureAdmin(ReadOnlyAdmin):
    list_display = ["id", "agency", "mode", "generation_id", "width", "height", "size"]
    list_filter = ["mode"]
    list_select_related = ["agency"]
    search_fields = ["id", "sha256", "generation__id", "agency__name"]
    exclude = ["file", "thumbnail"]


@admin.register(Lease)
class LeaseAdmin(ReadOnlyAdmin):
    list_display = ["name", "owner", "fence", "expires_at", "hinted_at"]
    search_fields = ["name"]
