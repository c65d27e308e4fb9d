"""The second step of this very session: one that a password alone opened may be a phisher's."""

from typing import Any

from allauth.account.authentication import get_authentication_records
from allauth.account.internal.flows.login import record_authentication
from allauth.mfa.models import Authenticator
from django.contrib import messages
from django.http import HttpRequest, HttpResponseBase
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.http import urlencode

from accounts.models import Membership, User
from accounts.second_factor import kinds_of


def was_given(request: HttpRequest) -> bool:
    records = get_authentication_records(request, request.user)
    return any(record["method"] == "mfa" for record in records)


def made(request: HttpRequest, user: User, authenticator: Authenticator) -> None:
    """Whoever made their first one in this session has it in their hands. Of a further one nobody
    knows that: the password alone lets one add it."""
    if kinds_of(user) == {authenticator.type} and not _others(user, authenticator):
        record_authentication(request, user, method="mfa", type=authenticator.type)


def _others(user: User, authenticator: Authenticator) -> bool:
    factors = Authenticator.objects.filter(user=user, type=authenticator.type)
    return bool(factors.exclude(pk=authenticator.pk).exists())


def is_missing(request: HttpRequest, member: Membership) -> bool:
    """Where the agency asks for a second factor, and the member has one."""
    if member.agency.mfa_required_since is None or was_given(request):
        return False
    return bool(kinds_of(member.user))


def confirmation(request: HttpRequest, factors: set[str], why: Any) -> HttpResponseBase:
    page = (
        "mfa_reauthenticate"
        if Authenticator.Type.TOTP in factors
        else "mfa_reauthenticate_webauthn"
    )
    messages.warning(request, why)
    return redirect(f"{reverse(page)}?{urlencode({'next': request.get_full_path()})}")
