"""The sections of the product, in the header: those that a member's role opens."""

from dataclasses import dataclass

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts import roles
from accounts.models import Membership
from accounts.notifications import unread_count

SECTIONS = [
    ("projects:list", gettext_lazy("Projects"), roles.EVERYBODY),
    ("projects:usage", gettext_lazy("Usage"), roles.SEES_USAGE),
    ("projects:branding", gettext_lazy("Branding"), roles.CHANGES_BRANDING),
]


@dataclass(frozen=True)
class Section:
    view: str
    label: str
    icon: str = ""  # instead of the label, where there is little room
    unread: int = 0


def sections_of(member: Membership) -> list[Section]:
    """The bell, with its count, is last."""
    mine = [Section(view, str(label)) for view, label, who in SECTIONS if member.role in who]
    bell = Section("projects:notifications", _("Notifications"), "bell", unread_count(member))
    return [*mine, bell]
