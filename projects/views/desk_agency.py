"""An agency as support sees it, in the place of the admin's own page of its row."""

from typing import Any
from uuid import UUID, uuid4

from django import forms
from django.contrib import admin, messages
from django.contrib.auth.decorators import permission_required
from django.core.exceptions import PermissionDenied
from django.db.models import Model
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST

from accounts.choices import Mode
from accounts.kept_bytes import room_of
from accounts.models import (
    Agency,
    ApiKey,
    ApiRequest,
    AuditEntry,
    LedgerEntry,
    Membership,
    PhotoLot,
    PhotoRequest,
    User,
)
from accounts.staff.admin import buttons
from accounts.staff.command import SUPPORT
from integrations.iacrea.models import IacreaAccount
from integrations.webhooks.models import Delivery, WebhookEndpoint
from projects.desk.agency import OPEN, AgencyPage, Figures, agency_with, page_of
from projects.desk.notes import add_note
from projects.models import Complaint, Discrepancy, Generation, Project, ShareLink

LISTS: tuple[type[Model], ...] = (
    Generation, Project, ShareLink, Complaint, Discrepancy, PhotoRequest, LedgerEntry, PhotoLot,
    Membership, ApiKey, ApiRequest, WebhookEndpoint, Delivery, IacreaAccount, AuditEntry,
)  # fmt: skip


class NoteForm(forms.Form):
    text = forms.CharField(
        label=gettext_lazy("Note"),
        help_text=gettext_lazy("For colleagues only. It cannot be changed afterwards."),
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 3, "class": "vLargeTextField"}),
    )
    # The same page sent twice is one note.
    once = forms.UUIDField(initial=uuid4, widget=forms.HiddenInput)


@permission_required("accounts.view_agency", raise_exception=True)
def page(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Nothing of it can be written here, whatever a form says."""
    if request.method not in ("GET", "HEAD"):
        raise PermissionDenied
    return _page(request, _agency(pk), NoteForm())


@require_POST
@permission_required(["accounts.view_agency", SUPPORT], raise_exception=True)
def note(request: HttpRequest, pk: UUID) -> HttpResponse:
    agency, form = _agency(pk), NoteForm(request.POST)
    if not form.is_valid():
        return _page(request, agency, form)
    assert isinstance(request.user, User)
    text, once = form.cleaned_data["text"], form.cleaned_data["once"]
    if add_note(agency, author=request.user, text=text, form_id=once):
        messages.success(request, _("The note is kept."))
    return redirect("desk:agency", pk)


def _agency(pk: UUID) -> Agency:
    agency = agency_with(pk)
    if agency is None:
        raise Http404
    return agency


def _page(request: HttpRequest, agency: Agency, form: NoteForm) -> HttpResponse:
    found = page_of(agency)
    context = {
        **admin.site.each_context(request),
        "title": agency.name,
        "opts": Agency._meta,
        "agency": agency,
        "page": found,
        "room": room_of(agency),
        **_told(found),
        "lists": _lists(request, agency),
        "commands": buttons(request, agency),
        "note_form": form if request.user.has_perm(SUPPORT) else None,
    }
    return TemplateResponse(request, "admin/agency.html", context)


def _told(found: AgencyPage) -> dict[str, Any]:
    figures = found.figures
    names = ("available", "held", "consumed")
    return {
        "balances": [
            (mode.label, *(figures.get(name, {}).get(mode, 0) for name in names)) for mode in Mode
        ],
        "month": figures.get("month", {}),
        "links": figures.get("links", {}),
        "open": {name: figures.get("open", {}).get(name, 0) for name in OPEN},
        "errors": _errors(figures),
    }


def _errors(figures: Figures) -> list[tuple[str, list[tuple[str, int]]]]:
    """Under its title each kind, the most frequent first."""
    titles = {
        "failed_jobs": _("Failed pictures"),
        "refused_calls": _("Refused API calls"),
        "failed_deliveries": _("Webhook messages that nobody got"),
    }
    return [
        (title, sorted(figures.get(name, {}).items(), key=lambda each: -each[1]))
        for name, title in titles.items()
    ]


def _lists(request: HttpRequest, agency: Agency) -> list[tuple[str, str]]:
    """Of the admin, searched for its name: those that this person may open."""
    asked = urlencode({"q": agency.name})
    return [
        (str(model._meta.verbose_name_plural), f"{_address(model)}?{asked}")
        for model in LISTS
        if request.user.has_perm(f"{model._meta.app_label}.view_{model._meta.model_name}")
    ]


def _address(model: type[Model]) -> str:
    return reverse(f"admin:{model._meta.app_label}_{model._meta.model_name}_changelist")
