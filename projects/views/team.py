"""The people of an agency: who they are, what they may do, who is invited."""

from collections.abc import Callable
from typing import Any, TypeVar
from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from accounts import invitations, roles
from accounts import team as services
from accounts.choices import Role
from accounts.exceptions import InvitationOver, LastOwner, OwnersOnly, RoleTooWeak, SentJustNow
from accounts.models import Invitation, Membership
from accounts.selectors import member_of, pending_invitation_of
from projects.team.forms import CapForm, InviteForm, RoleForm
from projects.team.inviting import invite_all
from projects.team.leaving import remove as remove_with_account
from projects.team.rows import invitation_rows, matrix, member_rows
from projects.views.access import choose, find_workplace, role_required, workplace
from projects.views.lookup import or_404
from projects.views.refusals import Problem, Refusal
from projects.views.sign_up import confirmed_required

Done = TypeVar("Done")
manages_team = role_required(*roles.MANAGES_TEAM)


@require_safe
@manages_team
def team(request: HttpRequest) -> HttpResponse:
    return _page(request)


@require_POST
@manages_team
@confirmed_required
def invite(request: HttpRequest) -> HttpResponse:
    """Who can be invited is; the others stay in the form, each with the reason."""
    author = workplace(request).membership
    form = InviteForm(request.POST, given=services.roles_to_give(author))
    if refusal := Refusal.of_form(form, _("Nobody was invited")):
        return _page(request, form, refusal)
    refused = _decided(lambda: invite_all(author, **form.cleaned_data))
    if sent := len(form.cleaned_data["emails"]) - len(refused):
        messages.success(request, _sent(sent))
    if not refused:
        return redirect("projects:team")
    problems = [Problem(_why(*each), "id_emails") for each in refused.items()]
    again = _invite_form(author, request.POST.dict() | {"emails": "\n".join(refused)})
    return _page(request, again, Refusal(_("These addresses were not invited"), problems))


@require_POST
@manages_team
@confirmed_required
def resend(request: HttpRequest, invitation_id: UUID) -> HttpResponse:
    row = _invitation(request, invitation_id)
    try:
        _decided(lambda: invitations.resend(row, actor=workplace(request).membership))
    except SentJustNow:
        text = _("It was sent a few minutes ago. Give the mail some time to arrive.")
        return _refused(request, _("The mail was not sent again"), text)
    messages.success(request, _sent(1))
    return redirect("projects:team")


@require_POST
@manages_team
def revoke(request: HttpRequest, invitation_id: UUID) -> HttpResponse:
    row = _invitation(request, invitation_id)
    _decided(lambda: invitations.revoke(row, actor=workplace(request).membership))
    messages.success(request, _("The invitation is revoked: its link opens nothing any more."))
    return redirect("projects:team")


@require_POST
@manages_team
def change_role(request: HttpRequest, member_id: UUID) -> HttpResponse:
    member, form = _member(request, member_id), RoleForm(request.POST)
    if refusal := Refusal.of_form(form, _("The role was not changed")):
        return _page(request, refusal=refusal)
    role, actor = Role(form.cleaned_data["role"]), workplace(request).membership
    try:
        _decided(lambda: services.change_role(actor=actor, member=member, role=role))
    except LastOwner:
        return _refused(request, _("The role was not changed"), _last_owner())
    words = {"name": member.shown_name, "role": role.label}
    messages.success(request, _("%(name)s now has the role: %(role)s.") % words)
    return redirect("projects:team")


@require_POST
@manages_team
def set_cap(request: HttpRequest, member_id: UUID) -> HttpResponse:
    member, form = _member(request, member_id), CapForm(request.POST)
    if refusal := Refusal.of_form(form, _("The limit was not changed")):
        return _page(request, refusal=refusal)
    photos, actor = form.cleaned_data["photos"], workplace(request).membership
    _decided(lambda: services.set_monthly_cap(actor=actor, member=member, photos=photos))
    messages.success(request, _("The limit is saved."))
    return redirect("projects:team")


@require_POST
@manages_team
def remove(request: HttpRequest, member_id: UUID) -> HttpResponse:
    member, actor = _member(request, member_id), workplace(request).membership
    try:
        _decided(lambda: remove_with_account(actor=actor, member=member))
    except LastOwner:
        return _refused(request, _("Nobody was removed"), _last_owner())
    words = {"name": member.shown_name}
    messages.success(request, _("%(name)s is no member any more.") % words)
    return redirect("projects:list" if member.pk == actor.pk else "projects:team")


@require_POST
@login_required
def switch(request: HttpRequest) -> HttpResponse:
    """Work in another of one's agencies, in this browser."""
    place = find_workplace(request)
    mine = {str(each.pk): each for each in place.choices} if place else {}
    if request.POST.get("member", "") not in mine:
        raise Http404
    choose(request, mine[request.POST["member"]])
    return redirect("projects:list")


def _member(request: HttpRequest, member_id: UUID) -> Membership:
    return or_404(member_of, workplace(request).agency, member_id)


def _invitation(request: HttpRequest, invitation_id: UUID) -> Invitation:
    return or_404(pending_invitation_of, workplace(request).agency, invitation_id)


def _decided(act: Callable[[], Done]) -> Done:
    """What only owners decide, and what the role of a moment ago allowed, is a 403; what has gone
    meanwhile is not there."""
    try:
        return act()
    except (OwnersOnly, RoleTooWeak):
        raise PermissionDenied from None
    except (Membership.DoesNotExist, InvitationOver):
        raise Http404 from None


def _why(email: str, why: str) -> str:
    return _("%(email)s: %(why)s") % {"email": email, "why": why}


def _last_owner() -> str:
    return _("An agency keeps an owner. Make somebody else an owner first.")


def _sent(count: int) -> str:
    text = ngettext("%(n)d invitation is on its way.", "%(n)d invitations are on their way.", count)
    return text % {"n": count}


def _invite_form(author: Membership, data: Any = None) -> InviteForm:
    initial = {"language": get_language()}
    return InviteForm(initial=data or initial, given=services.roles_to_give(author))


def _refused(request: HttpRequest, title: str, text: str) -> HttpResponse:
    return _page(request, refusal=Refusal(title, [Problem(text)], status=409))


def _page(
    request: HttpRequest, form: InviteForm | None = None, refusal: Refusal | None = None
) -> HttpResponse:
    reader = workplace(request).membership
    context = {
        "form": form or _invite_form(reader),
        "members": member_rows(reader),
        "invitations": invitation_rows(reader),
        "roles": list(Role),
        "matrix": matrix(),
        "refusal": refusal,
    }
    return render(request, "team/page.html", context, status=refusal.status if refusal else 200)
