"""The support desk opens with a second factor only, given in this very session: whoever sits there
sees all agencies, and a session that a password alone opened may be a phisher's."""

from collections.abc import Callable
from typing import Any, cast

from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponseBase
from django.shortcuts import redirect
from django.utils.translation import gettext as _

from accounts.models import User
from accounts.second_factor import kinds_of
from accounts.second_step import confirmation, was_given

# Our own pages there have a namespace of their own.
DESK = {"admin", "desk"}
# Whoever is inside gets out.
WAYS_OUT = {"admin:logout", "desk:leave"}


class StaffSecondFactorMiddleware:
    """After the addresses are known, before any page of the desk, whoever wrote it."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        return self.get_response(request)

    def process_view(
        self, request: HttpRequest, _view: Any, _args: Any, _kwargs: Any
    ) -> HttpResponseBase | None:
        if not settings.STAFF_MFA_REQUIRED or not is_desk(request) or not _is_staff(request):
            return None
        factors = kinds_of(cast(User, request.user))
        if not factors:
            text = _("The support desk needs two-step sign-in. Set it up here; then it opens.")
            messages.warning(request, text)
            return redirect("mfa_index")
        if was_given(request):
            return None
        why = _("The support desk asks for your second step once in each session.")
        return confirmation(request, factors, why)


def is_desk(request: HttpRequest) -> bool:
    match = request.resolver_match
    return match is not None and bool(DESK & set(match.namespaces))


def _is_staff(request: HttpRequest) -> bool:
    """Not of customers, whom the admin itself sends away."""
    match, user = request.resolver_match, request.user
    if match is not None and match.view_name in WAYS_OUT:
        return False
    return isinstance(user, User) and user.is_staff
