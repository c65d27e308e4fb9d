"""Support's view of jobs. A status is changed by the buttons' services, never by a form."""

from typing import Any
from uuid import UUID

from django.contrib import admin
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.html import format_html
from django.utils.translation import gettext_lazy as _

from accounts.admin import ReadOnlyAdmin
from accounts.admin_lists import LongList
from accounts.staff.admin import Operated
from accounts.staff.command import register
from projects.desk.commands import COMMANDS
from projects.desk.timeline.selectors import told_generation
from projects.models import (
    Approval,
    CallbackReceipt,
    ClientComment,
    Complaint,
    Discrepancy,
    Generation,
    Lease,
    Picture,
    Project,
    SharedGeneration,
    ShareLink,
    Upload,
)
from projects.views.desk_generation import page_of

register(*COMMANDS)


@admin.register(Generation)
class GenerationAdmin(Operated, LongList, ReadOnlyAdmin):
    """Its page tells the whole story (projects/desk/timeline): the tables that it is told by are
    not shown one by one. Addresses that were given may let somebody in."""

    change_form_template = "admin/projects/generation/change_form.html"
    list_display = [
        "id", "agency", "mode", "room_type", "status", "failure_code", "charged", "created_at",
    ]  # fmt: skip
    list_filter = ["status", "mode", "room_type", "failure_code"]
    list_select_related = ["agency"]
    search_fields = ["id", "agency__name"]
    ordering = ["-created_at"]
    exclude = ["image_url", "mask_url", "webhook", "result_urls", "metadata"]

    def get_object(
        self, _request: HttpRequest, object_id: str, _from_field: str | None = None
    ) -> Generation | None:
        """With all that its page reads, in one question."""
        try:
            return told_generation(UUID(object_id))
        except (ValueError, Generation.DoesNotExist):
            return None

    def render_change_form(
        self, request: HttpRequest, context: Any, *args: Any, **kwargs: Any
    ) -> HttpResponse:
        context |= page_of(request, kwargs["obj"])
        return super().render_change_form(request, context, *args, **kwargs)


@admin.register(Project)
class ProjectAdmin(LongList, ReadOnlyAdmin):
    list_display = ["title", "id", "agency", "mode", "author", "created_at"]
    list_filter = ["mode"]
    list_select_related = ["agency", "author__user", "author__agency"]
    search_fields = ["id", "agency__name"]


@admin.register(CallbackReceipt)
class CallbackReceiptAdmin(LongList, ReadOnlyAdmin):
    list_display = ["received_at", "attempt__generation", "attempt__number", "candidate_id"]
    list_select_related = ["attempt__generation"]
    search_fields = ["attempt__generation__id"]


@admin.register(Discrepancy)
class DiscrepancyAdmin(Operated, ReadOnlyAdmin):
    list_display = ["created_at", "agency", "mode", "code", "generation", "rung", "closed_at"]
    list_filter = ["code", "mode", "rung", ("closed_at", admin.EmptyFieldListFilter)]
    list_select_related = ["agency", "generation"]
    search_fields = ["generation__id", "agency__name"]


@admin.register(Complaint)
class ComplaintAdmin(Operated, ReadOnlyAdmin):
    list_display = ["created_at", "about", "agency", "mode", "reason", "text", "closed_at"]
    list_filter = ["reason", "mode", ("closed_at", admin.EmptyFieldListFilter)]
    list_select_related = ["agency", "generation"]
    search_fields = ["generation__id", "agency__name"]
    ordering = ["-created_at"]

    @admin.display(description=_("generation"), ordering="generation")
    def about(self, row: Complaint) -> str:
        page = reverse("admin:projects_generation_change", args=[row.generation_id])
        return format_html('<a href="{}">{}</a>', page, row.generation)


class SharedInline(admin.TabularInline[Any, Any]):
    model = SharedGeneration
    fields = readonly_fields = ("position", "generation")
    can_delete = False
    extra = 0


@admin.register(ShareLink)
class ShareLinkAdmin(ReadOnlyAdmin):
    """Never its address or its code: whoever has them is a client."""

    list_display = [
        "id", "agency", "mode", "project", "author", "expires_at", "revoked_at", "views",
    ]  # fmt: skip
    list_filter = ["mode", ("revoked_at", admin.EmptyFieldListFilter)]
    list_select_related = ["agency", "project", "author__user", "author__agency"]
    search_fields = ["id", "project__id", "agency__name"]
    exclude = ["token", "token_sha256", "code"]
    inlines = [SharedInline]


@admin.register(Approval)
class ApprovalAdmin(ReadOnlyAdmin):
    list_display = ["created_at", "name", "generation", "link", "withdrawn_at"]
    list_filter = [("withdrawn_at", admin.EmptyFieldListFilter)]
    list_select_related = ["generation", "link"]
    search_fields = ["generation__id", "link__id", "link__agency__name"]


@admin.register(ClientComment)
class ClientCommentAdmin(ReadOnlyAdmin):
    list_display = ["created_at", "name", "text", "generation", "link", "withdrawn_at"]
    list_filter = [("withdrawn_at", admin.EmptyFieldListFilter)]
    list_select_related = ["generation", "link"]
    search_fields = ["generation__id", "link__id", "link__agency__name"]


# Of files the facts only: on S3 their address would be a link that anybody may open.


@admin.register(Upload)
class UploadAdmin(LongList, ReadOnlyAdmin):
    list_display = ["id", "agency", "mode", "kind", "width", "height", "size", "created_at"]
    list_filter = ["mode", "kind"]
    list_select_related = ["agency"]
    search_fields = ["id", "agency__name"]
    exclude = ["file"]


@admin.register(Picture)
class PictureAdmin(LongList, ReadOnlyAdmin):
    list_display = ["id", "agency", "mode", "generation_id", "width", "height", "size"]
    list_filter = ["mode"]
    list_select_related = ["agency"]
    search_fields = ["id", "generation__id", "agency__name"]
    ordering = ["-pk"]  # its own, by the place in a generation, would sort them all
    exclude = ["file", "thumbnail", "restored"]


@admin.register(Lease)
class LeaseAdmin(ReadOnlyAdmin):
    list_display = ["name", "owner", "fence", "expires_at", "hinted_at"]
    search_fields = ["name"]
