"""Who works here: the signed-in user's membership. No membership, no page; and which role opens
which page."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import wraps
from typing import Any

from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from accounts import roles, second_factor, second_step
from accounts.choices import Mode, Role
from accounts.models import Agency, Membership, User
from accounts.selectors import memberships_of
from accounts.services import note_joined

View = Callable[..., HttpResponseBase]
# Pages show live data; test data is the API's.
PAGES_MODE = Mode.LIVE
# In the session: a membership's id.
CHOSEN = "membership"


@dataclass(frozen=True)
class Workplace:
    """Where the signed-in user works."""

    membership: Membership
    mode: Mode = PAGES_MODE
    # All that the user could work under.
    choices: tuple[Membership, ...] = ()

    @property
    def agency(self) -> Agency:
        return self.membership.agency


def workplace(request: HttpRequest) -> Workplace:
    """The workplace that `member_required` found."""
    place: Workplace = request.workplace  # type: ignore[attr-defined]  # set by member_required
    return place


def find_workplace(request: HttpRequest) -> Workplace | None:
    """That of the membership which was chosen in this session, while it lasts; else of the oldest.
    None for a stranger, and for a user without an agency. While staff look: what they look at."""
    if look := getattr(request, "looking", None):
        return Workplace(look.member, choices=(look.member,))
    user = getattr(request, "user", None)
    mine = memberships_of(user) if isinstance(user, User) else []
    chosen = request.session.get(CHOSEN) if len(mine) > 1 else None
    found = next((each for each in mine if str(each.pk) == chosen), mine[0] if mine else None)
    return Workplace(found, choices=tuple(mine)) if found else None


def is_looked_at(request: HttpRequest) -> bool:
    """Staff look (projects/desk/looking/): what is shown was not seen by the member."""
    return getattr(request, "looking", None) is not None


def choose(request: HttpRequest, membership: Membership) -> None:
    """The user works under this one from now on, in this session."""
    request.session[CHOSEN] = str(membership.pk)


def member_required(view: View) -> View:
    """Sign in first. A user without an agency sees whom to ask, one of the staff their desk."""

    @login_required
    @wraps(view)
    def wrapped(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        place = find_workplace(request)
        if place is None:
            return _without_agency(request)
        if second_factor.is_overdue(place.membership):
            return redirect("mfa_index")
        if not is_looked_at(request) and second_step.is_missing(request, place.membership):
            return _second_step(request, place.membership)
        if place.membership.joined_at is None and not is_looked_at(request):
            note_joined(place.membership)
        request.workplace = place  # type: ignore[attr-defined]
        return view(request, *args, **kwargs)

    return wrapped


def _second_step(request: HttpRequest, member: Membership) -> HttpResponseBase:
    why = _("Your agency asks for your second step once in each session.")
    return second_step.confirmation(request, second_factor.kinds_of(member.user), why)


def _without_agency(request: HttpRequest) -> HttpResponse:
    if getattr(request.user, "is_staff", False):
        return redirect("admin:index")
    return render(request, "projects/no_agency.html", status=403)


def role_required(*allowed: Role) -> Callable[[View], View]:
    """A member with one of these roles; whoever has another reads that theirs does not allow it."""

    def decorated(view: View) -> View:
        @member_required
        @wraps(view)
        def wrapped(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
            if workplace(request).membership.role not in allowed:
                raise PermissionDenied
            return view(request, *args, **kwargs)

        return wrapped

    return decorated


sees_projects = role_required(*roles.SEES_PROJECTS)
works_on_projects = role_required(*roles.WORKS_ON_PROJECTS)


def is_script(request: HttpRequest) -> bool:
    """One of our pages asks, and goes on by itself: it is told where, and not led there."""
    return request.headers.get("Accept") == "application/json"
