"""What a picture says of itself to people, and who may have it without that."""

from django.conf import settings
from django.utils.translation import get_language, gettext

from accounts import roles
from accounts.branding import is_always_labelled
from accounts.models import Agency, Membership


def text() -> str:
    """In the language of who reads it."""
    return gettext("AI-generated image")


def may_go_without(member: Membership) -> bool:
    """Whether this member may have pictures that do not say what they are."""
    return member.role in roles.DOWNLOADS_WITHOUT_LABEL and not is_always_labelled(member.agency)


def owed(member: Membership) -> str:
    """The label of every picture that this member gets, wherever it is shown; empty: of downloads
    only, unless they are asked for without."""
    return "" if may_go_without(member) else text()


def owed_by(agency: Agency) -> str:
    """The same for who is no member, such as a client."""
    return text() if is_always_labelled(agency) else ""


def language() -> str:
    """Of text()."""
    return get_language() or settings.LANGUAGE_CODE
