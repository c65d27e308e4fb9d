"""What the frame around every page shows."""

from dataclasses import dataclass
from functools import cached_property
from typing import Any

from django.http import HttpRequest
from django.utils.functional import SimpleLazyObject
from django.utils.translation import gettext as _

from accounts import roles
from accounts.models import Agency, Membership
from accounts.selectors import Meter, meter_of
from projects.views.access import Workplace, find_workplace
from projects.views.sections import Section, sections_of

# The header warns when one photo in so many is left, or less.
SCARCE = 5


@dataclass(frozen=True)
class Shell:
    """Who works where, and the agency's photos, in the header."""

    membership: Membership
    meter: Meter
    # To choose from; empty for who has one.
    workplaces: tuple[Membership, ...] = ()
    path: str = ""  # that was asked for

    @property
    def agency(self) -> Agency:
        return self.membership.agency

    @cached_property
    def sections(self) -> list[Section]:
        return sections_of(self.membership, self.path)

    @property
    def is_used_up(self) -> bool:
        return self.meter.available <= 0

    @property
    def is_low(self) -> bool:
        return not self.is_used_up and SCARCE * self.meter.available <= self.meter.given

    @property
    def may_ask(self) -> bool:
        return roles.may(self.membership.role, roles.ASKS_FOR_PHOTOS)

    @property
    def may_work(self) -> bool:
        return roles.may(self.membership.role, roles.WORKS_ON_PROJECTS)

    @property
    def advice(self) -> str:
        """Where more photos come from, for the person who reads it."""
        if self.may_ask:
            return _("Ask support for photos")
        return _("Ask an owner of your agency for photos")


def shell(request: HttpRequest) -> dict[str, Any]:
    """Context processor. Lazy, because the admin's pages pass here too and show no agency."""
    return {"shell": SimpleLazyObject(lambda: _shell(request)), "here": _here(request)}


def _here(request: HttpRequest) -> str:
    """Where the language buttons come back to; an answer to a POST has perhaps no address that
    can be read, and then Django takes the Referer."""
    return request.get_full_path() if request.method in ("GET", "HEAD") else ""


def _shell(request: HttpRequest) -> Shell | None:
    place: Workplace | None = getattr(request, "workplace", None) or find_workplace(request)
    if place is None:
        return None
    choices = place.choices if len(place.choices) > 1 else ()
    return Shell(place.membership, meter_of(place.agency, place.mode), choices, request.path)
