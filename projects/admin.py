"""Support's view of jobs. A status is changed by the buttons' services, never by a form."""

from typing import Any

from django import forms
from django.contrib import admin
from django.urls import reverse
from django.utils.html import format_html
from django.utils.translation import gettext_lazy as _

from accounts.admin import ReadOnlyAdmin
from accounts.choices import StaffReason
from accounts.staff import Operated, Press, ReasonForm, staff_action
from projects import complaints, discrepancies, support
from projects.models import (
    Approval,
    Attempt,
    CallbackReceipt,
    ClientComment,
    Complaint,
    Discrepancy,
    Generation,
    GenerationEvent,
    Lease,
    Picture,
    Project,
    SharedGeneration,
    ShareLink,
    Upload,
)


def _release(job: Generation, press: Press) -> bool:
    return support.release(job, actor_id=press.actor_id, reason=press.reason)


def _poll_now(job: Generation, press: Press) -> bool:
    return support.poll_now(job, actor_id=press.actor_id, reason=press.reason)


class BindForm(ReasonForm):
    upstream_id = forms.CharField(label=_("Its id at iacrea"), max_length=200)
    field_order = ["upstream_id", "reason"]

    def clean_upstream_id(self) -> str:
        upstream_id: str = self.cleaned_data["upstream_id"]
        if not upstream_id.isprintable():
            raise forms.ValidationError(_("This is no id of iacrea."))
        return upstream_id


# The first is what it mostly is.
REFUNDS = [
    (code.value, code.label)
    for code in (
        StaffReason.BAD_PICTURE, StaffReason.OUTAGE, StaffReason.COURTESY, StaffReason.CORRECTION,
    )
]  # fmt: skip


class RefundForm(ReasonForm):
    code = forms.ChoiceField(label=_("Why"), choices=REFUNDS)
    field_order = ["code", "reason"]


def _bind(job: Generation, press: Press) -> bool:
    named = press.fields["upstream_id"]
    return support.bind(job, named, actor_id=press.actor_id, reason=press.reason)


def _refund(job: Generation, press: Press) -> bool:
    code = StaffReason(press.fields["code"])
    return support.refund(job, code=code, actor_id=press.actor_id, reason=press.reason)


def _close(row: Discrepancy, press: Press) -> bool:
    return discrepancies.close(row, actor_id=press.actor_id, reason=press.reason)


def _close_complaint(row: Complaint, press: Press) -> bool:
    return complaints.close(row, actor_id=press.actor_id, reason=press.reason)


RELEASE = staff_action(
    "release",
    _("Mark as failed and give the photos back"),
    _("These jobs end now. What was held for them is given back; iacrea may have taken its photo."),
    _release,
)
POLL_NOW = staff_action(
    "poll_now", _("Ask iacrea now"), _("iacrea is asked how these jobs are."), _poll_now
)
BIND = staff_action(
    "bind",
    _("Bind to a job of iacrea"),
    _("iacrea took this job and its answer was lost. It goes on as the job with this id there."),
    _bind,
    BindForm,
)
REFUND = staff_action(
    "refund",
    _("Give the charged photos back"),
    _("Each of these agencies gets the photos of its job once more, usable for ever."),
    _refund,
    RefundForm,
)
CLOSE = staff_action(
    "close_discrepancy",
    _("Close"),
    _("Say what iacrea's books show: was its photo taken, and was it given back?"),
    _close,
)


CLOSE_COMPLAINT = staff_action(
    "close_complaint",
    _("Close"),
    _("Say what you found. To give photos back, go to the generation: its list has the action."),
    _close_complaint,
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
class GenerationAdmin(Operated, ReadOnlyAdmin):
    actions = [RELEASE, POLL_NOW, BIND, REFUND]
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
    list_display = ["received_at", "attempt__generation", "attempt__number", "candidate_id"]
    list_select_related = ["attempt__generation"]
    search_fields = ["attempt__generation__id"]


@admin.register(Discrepancy)
class DiscrepancyAdmin(Operated, ReadOnlyAdmin):
    actions = [CLOSE]
    list_display = ["created_at", "agency", "mode", "code", "generation", "rung", "closed_at"]
    list_filter = ["code", "mode", "rung", ("closed_at", admin.EmptyFieldListFilter)]
    list_select_related = ["agency", "generation"]
    search_fields = ["generation__id", "agency__name"]


@admin.register(Complaint)
class ComplaintAdmin(Operated, ReadOnlyAdmin):
    actions = [CLOSE_COMPLAINT]
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
    exclude = ["file", "thumbnail", "restored"]


@admin.register(Lease)
class LeaseAdmin(ReadOnlyAdmin):
    list_display = ["name", "owner", "fence", "expires_at", "hinted_at"]
    search_fields = ["name"]
