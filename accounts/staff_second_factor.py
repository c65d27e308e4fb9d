"""The support desk opens with a second factor only, given in this very session: whoever sits there
sees all agencies, and a session that a password alone opened may be a phisher's."""

from collections.abc import Callable
from typing import Any, cast

from allauth.account.authentication import get_authentication_records
from allauth.mfa.models import Authenticator
from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponseBase
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext as _

from accounts.models import User
from accounts.second_factor import kinds_of

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
        return None if _was_given(request) else _confirmation(request, factors)


def is_desk(request: HttpRequest) -> bool:
    match = request.resolver_match
    return match is not None and bool(DESK & set(match.namespaces))


def _is_staff(request: HttpRequest) -> bool:
    """Not of customers, whom the admin itself sends away."""
    match, user = request.resolver_match, request.user
    if match is not None and match.view_name in WAYS_OUT:
        return False
    return isinstance(user, User) and user.is_staff


def _was_given(request: HttpRequest) -> bool:
    records = get_authentication_records(request, request.user)
    return any(record["method"] == "mfa" for record in records)


def _confirmation(request: HttpRequest, factors: set[str]) -> HttpResponseBase:
    page = (
        "mfa_reauthenticate"
        if Authenticator.Type.TOTP in factors
        else "mfa_reauthenticate_webauthn"
    )
    messages.warning(request, _("The support desk asks for your second step once in each session."))
    return redirect(f"{reverse(page)}?{urlencode({'next': request.get_full_path()})}")
