"""Several addresses at once, each judged alone."""

from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.utils.translation import gettext as _

from accounts.choices import Role
from accounts.exceptions import AlreadyInvited, AlreadyMember, TooManyInvitations
from accounts.invitations import MOST_A_DAY, invite
from accounts.models import Membership


def invite_all(
    author: Membership, *, emails: list[str], role: str, language: str
) -> dict[str, str]:
    """Why those that were not invited were not; nothing is said of accounts in other agencies."""
    judged = {email: _invite(author, email, Role(role), language) for email in emails}
    return {email: why for email, why in judged.items() if why}


def _invite(author: Membership, email: str, role: Role, language: str) -> str:
    try:
        validate_email(email)
        invite(author=author, email=email, role=role, language=language)
    except ValidationError:
        return _("this is no e-mail address, such as name@example.com")
    except AlreadyMember:
        return _("is a member already")
    except AlreadyInvited:
        return _("is invited already; you can send the mail again below")
    except TooManyInvitations:
        return _("not today: at most %(n)d invitations are sent in a day") % {"n": MOST_A_DAY}
    return ""
