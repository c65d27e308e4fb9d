"""What of a person goes when their account is erased, and who may not go yet: docs/privacy.md.

The whole of it is projects/privacy/erasure/person.py, which knows what is above this app too.
"""

from dataclasses import dataclass

from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from allauth.usersessions.models import UserSession

from accounts.choices import Role
from accounts.models import Agency, Membership, User
from integrations.doors.clock import database_now


@dataclass(frozen=True)
class Bond:
    """An agency whose only owner a person is."""

    agency: Agency
    has_others: bool


def bonds_of(user: User) -> list[Bond]:
    """What keeps them: nobody else could answer for the agency's photos, or have them erased."""
    owned = user.memberships.present().filter(role=Role.OWNER).select_related("agency")
    found = (_bond(member) for member in owned.order_by("created_at"))
    return [bond for bond in found if bond]


def _bond(member: Membership) -> Bond | None:
    others = member.agency.memberships.present().exclude(pk=member.pk)
    others = others.filter(user__is_active=True)
    if others.filter(role=Role.OWNER).exists():
        return None
    return Bond(member.agency, others.exists())


def is_erased(user: User) -> bool:
    return user.email == erased_address(user)


def erased_address(user: User) -> str:
    """One that nobody can ever have (RFC 2606)."""
    return f"erased-{user.pk}@erased.invalid"


def blank_account(user: User) -> None:
    """The row stays, so that what they made has its author; nothing in it tells who it was."""
    _forget_sign_in(user)
    user.memberships.present().update(removed_at=database_now())
    for member in user.memberships.all():
        member.notifications.all().delete()
        member.notification_choices.all().delete()
    user.email, user.claimed_email, user.name, user.language = erased_address(user), "", "", ""
    user.is_active = user.is_staff = user.is_superuser = False
    user.last_login = None
    user.set_unusable_password()
    user.save()


def _forget_sign_in(user: User) -> None:
    """Factors, addresses and the list of sessions are allauth's; permissions are Django's."""
    for made in (Authenticator, EmailAddress, UserSession):
        made._default_manager.filter(user=user).delete()
    user.groups.clear()
    user.user_permissions.clear()
