"""The sections of the product, in the header: those that a member's role opens."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts import roles
from accounts.choices import Role
from accounts.models import Membership
from accounts.notifications import unread_count

# Its view, its label, whom it opens to.
Page = tuple[str, Any, tuple[Role, ...]]
PROJECTS = [("projects:list", gettext_lazy("Projects"), roles.SEES_PROJECTS)]
USAGE = [("projects:usage", gettext_lazy("Usage"), roles.SEES_USAGE)]
# One section, with its own row of links on each of its pages.
AGENCY = [
    ("projects:team", gettext_lazy("Team"), roles.MANAGES_TEAM),
    ("projects:branding", gettext_lazy("Branding"), roles.CHANGES_BRANDING),
    ("projects:iacrea", gettext_lazy("Account at iacrea"), roles.CONNECTS_IACREA),
    ("projects:security", gettext_lazy("Security"), roles.DECIDES_SECURITY),
    ("projects:agency_data", gettext_lazy("Data"), roles.EXPORTS_AGENCY),
]
DEVELOPERS = [("projects:developers", gettext_lazy("API"), roles.DEVELOPS)]
# The pages below the list are not below its address, which is the root.
BELOW = {"projects:list": "/projets/"}


@dataclass(frozen=True)
class Section:
    view: str
    label: str
    icon: str = ""  # instead of the label, where there is little room
    unread: int = 0
    parts: tuple["Section", ...] = ()
    current: str = ""  # as aria-current has it


def sections_of(member: Membership, here: str) -> list[Section]:
    """The bell, with its count, is last. `here` is the path that was asked for."""
    first = [*_open(PROJECTS, member, here), *_open(USAGE, member, here)]
    if agency := _open(AGENCY, member, here):
        inside = "true" if any(part.current for part in agency) else ""
        first.append(Section(agency[0].view, _("Agency"), parts=tuple(agency), current=inside))
    return [*first, *_open(DEVELOPERS, member, here), _bell(member, here)]


def _open(pages: Sequence[Page], member: Membership, here: str) -> list[Section]:
    return [
        Section(view, str(label), current=_current(view, here))
        for view, label, who in pages
        if member.role in who
    ]


def _bell(member: Membership, here: str) -> Section:
    view = "projects:notifications"
    return Section(view, _("Notifications"), "bell", unread_count(member), (), _current(view, here))


def _current(view: str, here: str) -> str:
    """The answer of a form that was refused is a page below the one that it stands on."""
    address = reverse(view)
    if here == address:
        return "page"
    return "true" if here.startswith(BELOW.get(view, f"{address}/")) else ""
