"""Who works here: the signed-in user's membership. No membership, no page."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import wraps
from typing import Any

from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponseBase
from django.shortcuts import render

from accounts.choices import Mode, Role
from accounts.models import Agency, Membership, User
from accounts.selectors import membership_of

View = Callable[..., HttpResponseBase]
# Pages show live data; test data is the API's.
PAGES_MODE = Mode.LIVE


@dataclass(frozen=True)
class Workplace:
    """Where the signed-in user works."""

    membership: Membership
    mode: Mode = PAGES_MODE

    @property
    def agency(self) -> Agency:
        return self.membership.agency


def workplace(request: HttpRequest) -> Workplace:
    """The workplace that `member_required` found."""
    place: Workplace = request.workplace  # type: ignore[attr-defined]  # set by member_required
    return place


def member_required(view: View) -> View:
    """Sign in first; a user without an agency sees a page that says whom to ask."""

    @login_required
    @wraps(view)
    def wrapped(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        assert isinstance(request.user, User)
        membership = membership_of(request.user)
        if membership is None:
            return render(request, "projects/no_agency.html", status=403)
        request.workplace = Workplace(membership)  # type: ignore[attr-defined]
        return view(request, *args, **kwargs)

    return wrapped


def role_required(*roles: Role) -> Callable[[View], View]:
    """A member with one of these roles; whoever has another reads that theirs does not allow it."""

    def decorated(view: View) -> View:
        @member_required
        @wraps(view)
        def wrapped(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
            if workplace(request).membership.role not in roles:
                raise PermissionDenied
            return view(request, *args, **kwargs)

        return wrapped

    return decorated
