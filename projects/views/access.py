"""Who works here: the signed-in user's membership. No membership, no page."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import wraps
from typing import Any

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponseBase
from django.shortcuts import render

from accounts.choices import Mode
from accounts.models import Agency, Membership, User
from accounts.selectors import membership_of

View = Callable[..., HttpResponseBase]


@dataclass(frozen=True)
class Workplace:
    """Where the signed-in user works. Pages show live data; test data is the API's."""

    membership: Membership
    mode: Mode = Mode.LIVE

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
