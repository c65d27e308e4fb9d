"""The desk's commands on one row, and those that wait for a second person."""

from dataclasses import replace
from uuid import UUID

from django import forms
from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.db.models import Model
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.models import StaffProposal, User
from accounts.staff import proposals
from accounts.staff.command import Command, NotNow, command_named
from accounts.staff.pages import Shown, ask_or_work, shown


@require_http_methods(["GET", "HEAD", "POST"])
def command(request: HttpRequest, name: str, pk: UUID) -> HttpResponse:
    """Ask why, tell the effect, do it, and go back to the row."""
    asked = _permitted(request, name)
    row = asked.model._default_manager.filter(pk=pk).first()
    if row is None:
        raise Http404
    back = _page_of(row)
    return ask_or_work(request, asked, [row], back) or redirect(back)


@require_safe
def waiting(request: HttpRequest) -> HttpResponse:
    """What waits for a second person, of what this one may do."""
    rows = [_told(each) for each in proposals.open_proposals() if _may(request, each)]
    context = {
        **admin.site.each_context(request),
        "title": _("Waiting for a second person"),
        "rows": rows,
    }
    return TemplateResponse(request, "admin/proposals.html", context)


class TakeBackForm(forms.Form):
    reason = forms.CharField(max_length=500)


@require_POST
def decide(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Confirm it, or take it back with a reason."""
    proposal = next((row for row in proposals.open_proposals() if row.pk == pk), None)
    if proposal is None:
        messages.info(request, _("It was decided before."))
    elif not _may(request, proposal):
        raise PermissionDenied
    else:
        _decide(request, proposal)
    return redirect("desk:proposals")


def _decide(request: HttpRequest, proposal: StaffProposal) -> None:
    user = request.user
    assert isinstance(user, User)  # admin_view lets nobody else in
    try:
        if "confirm" in request.POST:
            done = proposals.confirm(proposal.pk, user)
        else:
            done = _take_back(request, proposal, user)
    except NotNow as reason:
        messages.error(request, str(reason))
        return
    if done:
        messages.success(request, _("Done."))


def _take_back(request: HttpRequest, proposal: StaffProposal, user: User) -> bool:
    form = TakeBackForm(request.POST)
    if not form.is_valid():
        raise NotNow(_("Say why you take it back."))
    return proposals.take_back(proposal.pk, user, reason=form.cleaned_data["reason"])


def _told(proposal: StaffProposal) -> tuple[StaffProposal, Command | None, Shown | None]:
    """With what it would do now."""
    asked = command_named(proposal.command)
    row = proposals.target_of(proposal) if asked else None
    if asked is None or row is None:
        return proposal, asked, None
    form = proposals.form_of(proposal)
    now = shown(asked, row, form.cleaned_data if form.is_valid() else {})
    return proposal, asked, replace(now, why_not=now.why_not or proposals.too_old(proposal))


def _permitted(request: HttpRequest, name: str) -> Command:
    asked = command_named(name)
    if asked is None:
        raise Http404
    if not request.user.has_perm(asked.permission):
        raise PermissionDenied
    return asked


def _may(request: HttpRequest, proposal: StaffProposal) -> bool:
    asked = command_named(proposal.command)
    return asked is not None and request.user.has_perm(asked.permission)


def _page_of(row: Model) -> str:
    name = f"admin:{row._meta.app_label}_{row._meta.model_name}_change"
    return reverse(name, args=[row.pk])
