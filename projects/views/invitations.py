"""The page behind the link of an invitation: for whoever has it, signed in or not."""

from collections.abc import Callable
from functools import wraps
from typing import Any

from allauth.account.utils import perform_login
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from accounts import invitations
from accounts.exceptions import InvitationOver, OtherAddress
from accounts.invitations import State
from accounts.models import Invitation, Membership, User
from projects.team.forms import JoinForm
from projects.views.access import choose
from projects.views.refusals import Refusal

Page = Callable[[HttpRequest, str], HttpResponse]


def not_indexed(page: Page) -> Page:
    """The address is a secret: no machine lists it. Django's Referrer-Policy tells it nobody."""

    @wraps(page)
    def wrapped(request: HttpRequest, token: str) -> HttpResponse:
        answer = page(request, token)
        answer["X-Robots-Tag"] = "noindex, nofollow"
        return answer

    return wrapped


@never_cache
@not_indexed
@require_http_methods(["GET", "HEAD", "POST"])
def invitation(request: HttpRequest, token: str) -> HttpResponse:
    """A GET changes nothing: scanners of mail open every link."""
    row = invitations.find(token)
    if row is None:
        return _over(request, "unknown", 404)
    if (state := invitations.state_of(row)) != State.OPEN:
        return _over(request, state, 410)
    try:
        return _answer(request, row, token)
    except InvitationOver:
        return redirect("projects:invitation", token)  # which says how it ended
    except OtherAddress:
        return _page(request, row, "other", status=409)


def _answer(request: HttpRequest, row: Invitation, token: str) -> HttpResponse:
    if isinstance(request.user, User):
        return _answer_of(request.user, request, row, token)
    if invitations.needs_password(row):
        return _answer_of_new(request, row, token)
    login = f"{reverse('account_login')}?next={reverse('projects:invitation', args=[token])}"
    return _page(request, row, "sign_in", login=login)


def _answer_of(user: User, request: HttpRequest, row: Invitation, token: str) -> HttpResponse:
    if user.email != row.email:
        return _page(request, row, "other")
    if request.method != "POST":
        return _page(request, row, "join")
    return _joined(request, invitations.accept(token, user=user))


def _answer_of_new(request: HttpRequest, row: Invitation, token: str) -> HttpResponse:
    form = JoinForm(request.POST if request.method == "POST" else None, email=row.email)
    if request.method != "POST" or not form.is_valid():
        refusal = Refusal.of_form(form, _("Your account was not made"))
        return _page(request, row, "new", refusal.status if refusal else 200, form, refusal)
    member = invitations.accept_as_new(token, **form.cleaned_data)
    perform_login(request, member.user, email_verification="none")
    return _joined(request, member)


def _joined(request: HttpRequest, member: Membership) -> HttpResponse:
    choose(request, member)
    words = {"agency": member.agency.name}
    messages.success(request, _("Welcome to %(agency)s.") % words)
    return redirect("projects:list")


def _page(
    request: HttpRequest,
    row: Invitation,
    step: str,
    status: int = 200,
    form: JoinForm | None = None,
    refusal: Refusal | None = None,
    **facts: Any,
) -> HttpResponse:
    context = {"invitation": row, "step": step, "form": form, "refusal": refusal, **facts}
    return render(request, "team/invitation.html", context, status=status)


def _over(request: HttpRequest, why: str, status: int) -> HttpResponse:
    return render(request, "team/invitation_over.html", {"why": why}, status=status)
