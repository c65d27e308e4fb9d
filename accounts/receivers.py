"""What allauth tells us of an account, told to its user; and failed sign-ins, to the log."""

import logging
from typing import Any

from allauth.account import signals as account
from allauth.mfa import signals as mfa
from allauth.mfa.models import Authenticator
from django.contrib.auth.signals import user_logged_in, user_login_failed
from django.http import HttpRequest, HttpResponseBase

from accounts import devices, second_step, seen
from accounts.choices import NotificationKind
from accounts.models import User
from accounts.notifications import notify_user
from accounts.selectors import user_with_email

logger = logging.getLogger(__name__)


def connect() -> None:
    for changed in (account.password_changed, account.password_reset, account.password_set):
        changed.connect(password_changed)
    mfa.authenticator_added.connect(factor_added)
    mfa.authenticator_removed.connect(factor_removed)
    mfa.authenticator_reset.connect(codes_made)
    account.user_logged_in.connect(signed_in)
    user_logged_in.connect(seen.signed_in)
    user_login_failed.connect(sign_in_failed)


def password_changed(user: User, **_: Any) -> None:
    notify_user(user, NotificationKind.PASSWORD_CHANGED, {})


def factor_added(request: HttpRequest, user: User, authenticator: Authenticator, **_: Any) -> None:
    """Recovery codes come with it, of themselves."""
    if authenticator.type != Authenticator.Type.RECOVERY_CODES:
        second_step.made(request, user, authenticator)
        notify_user(user, NotificationKind.SECOND_FACTOR, {"change": "on"})


def factor_removed(user: User, authenticator: Authenticator, **_: Any) -> None:
    if authenticator.type != Authenticator.Type.RECOVERY_CODES:
        notify_user(user, NotificationKind.SECOND_FACTOR, {"change": "off"})


def codes_made(user: User, **_: Any) -> None:
    notify_user(user, NotificationKind.SECOND_FACTOR, {"change": "codes"})


def signed_in(request: HttpRequest, response: HttpResponseBase, user: User, **_: Any) -> None:
    """The first time of all is no news: AccountAdapter.login knows it."""
    first = getattr(request, "is_first_sign_in", False)
    if not first and not devices.knows(request, user):
        facts = {"browser": devices.browser_of(request)}
        notify_user(user, NotificationKind.SIGNED_IN, facts)
    devices.remember(request, response, user)


def sign_in_failed(credentials: dict[str, Any], **_: Any) -> None:
    """By whom it was tried stays out of the log; whose account it was, its id tells."""
    user = user_with_email(str(credentials.get("email", "")))
    logger.warning("a sign-in failed: %s", f"user {user.pk}" if user else "nobody has this address")
