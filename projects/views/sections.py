"""The sections of the product, in the header: those that a member's role opens."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

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


@dataclass(frozen=True)
class Section:
    view: str
    label: str
    icon: str = ""  # instead of the label, where there is little room
    unread: int = 0
    parts: tuple["Section", ...] = ()

    @property
    def views(self) -> list[str]:
        return [self.view, *(part.view for part in self.parts)]


def sections_of(member: Membership) -> list[Section]:
    """The bell, with its count, is last."""
    first, agency = [*_open(PROJECTS, member), *_open(USAGE, member)], _open(AGENCY, member)
    if agency:
        first.append(Section(agency[0].view, _("Agency"), parts=tuple(agency)))
    bell = Section("projects:notifications", _("Notifications"), "bell", unread_count(member))
    return [*first, *_open(DEVELOPERS, member), bell]


def _open(pages: Sequence[Page], member: Membership) -> list[Section]:
    return [Section(view, str(label)) for view, label, who in pages if member.role in who]
