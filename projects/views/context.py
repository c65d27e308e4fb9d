"""What the frame around every page shows."""

from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest
from django.utils.functional import SimpleLazyObject

from accounts.models import Agency, User
from accounts.selectors import Photos, membership_of, quota_of
from projects.views.access import Workplace


@dataclass(frozen=True)
class Shell:
    """The agency and its photos, in the header."""

    agency: Agency
    quota: Photos

    @property
    def photos_in_all(self) -> int:
        return self.quota.available + self.quota.held + self.quota.consumed


def shell(request: HttpRequest) -> dict[str, Any]:
    """Context processor. Lazy, because the admin's pages pass here too and show no agency."""
    return {"shell": SimpleLazyObject(lambda: _shell(request)), "here": _here(request)}


def _here(request: HttpRequest) -> str:
    """Where the language buttons come back to; an answer to a POST has perhaps no address that
    can be read, and then Django takes the Referer."""
    return request.get_full_path() if request.method in ("GET", "HEAD") else ""


def _shell(request: HttpRequest) -> Shell | None:
    place: Workplace | None = getattr(request, "workplace", None) or _workplace(request)
    return Shell(place.agency, quota_of(place.agency, place.mode)) if place else None


def _workplace(request: HttpRequest) -> Workplace | None:
    """For pages that need no agency, such as those of the account."""
    user = getattr(request, "user", None)
    membership = membership_of(user) if isinstance(user, User) else None
    return Workplace(membership) if membership else None
