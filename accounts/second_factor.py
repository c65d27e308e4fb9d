"""Two-step sign-in that an agency asks of all its members, after a week to set it up."""

from datetime import datetime, timedelta

from allauth.mfa.models import Authenticator
from django.db import transaction
from django.db.models import Exists, OuterRef, QuerySet
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts import roles
from accounts.audit import record
from accounts.choices import NotificationKind
from accounts.exceptions import OwnersOnly
from accounts.models import Agency, Membership, User
from accounts.notifications import notify_user
from accounts.selectors import members_of, membership_of

GRACE = timedelta(days=7)
# Recovery codes alone are none: they are made with another factor and may outlive it.
CODES = Authenticator.Type.RECOVERY_CODES
NEEDED = _("Your agency asks for two-step sign-in: set up another one before you remove this one.")


class NewerFactor(Exception):
    """One was set up after support was asked: it is not the one that was lost."""


class HasNone(Exception):
    """An owner who has no second factor cannot ask the others for one; nothing was changed."""


def has_one(user: User) -> bool:
    return bool(Authenticator.objects.filter(user=user).exclude(type=CODES).exists())


def kinds_of(user: User) -> set[str]:
    """Of the factors that count."""
    factors = Authenticator.objects.filter(user=user).exclude(type=CODES)
    return set(factors.values_list("type", flat=True))


def due_at(member: Membership) -> datetime | None:
    """Until when the member has to set it up; None when the agency does not ask for it or the
    member has it."""
    if member.agency.mfa_required_since is None or has_one(member.user):
        return None
    return deadline(member)


def deadline(member: Membership) -> datetime | None:
    """Of a member who has none."""
    since = member.agency.mfa_required_since
    return max(since, member.created_at) + GRACE if since else None


def is_overdue(member: Membership) -> bool:
    due = due_at(member)
    return due is not None and due <= timezone.now()


def is_last_one(authenticator: Authenticator) -> bool:
    """Of a user whose agency asks for one: it cannot be switched off. Of two that are switched off
    at once both may go; the next page then asks for one."""
    if authenticator.type == CODES:
        return False
    others = Authenticator.objects.filter(user_id=authenticator.user_id).exclude(type=CODES)
    asked = Membership.objects.present().filter(
        user_id=authenticator.user_id, agency__mfa_required_since__isnull=False
    )
    return not others.exclude(pk=authenticator.pk).exists() and asked.exists()


def is_last_passkey(user: User, pk: int) -> bool:
    """Of this user, whose agency asks for a second factor."""
    mine = Authenticator.objects.filter(pk=pk, user=user)
    return any(is_last_one(each) for each in mine)


def members_without(agency: Agency) -> QuerySet[Membership]:
    factors = Authenticator.objects.filter(user=OuterRef("user")).exclude(type=CODES)
    return members_of(agency).filter(~Exists(factors)).order_by("created_at")


@transaction.atomic
def take_away(user: User, *, actor_id: str, reason: str, asked_at: datetime) -> bool:
    """Support takes a lost second factor away, with its recovery codes; the next sign-in needs the
    password alone. False: there is none. Raises NewerFactor: some came after `asked_at`."""
    User.objects.select_for_update(no_key=True).get(pk=user.pk)
    if not has_one(user):
        return False
    factors = Authenticator.objects.filter(user=user)
    if factors.filter(created_at__gt=asked_at).exists():
        raise NewerFactor
    # One that is being set up in this moment stays, too.
    factors.filter(created_at__lte=asked_at).delete()
    record(
        agency=_agency_of(user), action="user.second_factor_taken_away", target=str(user.pk),
        actor_id=actor_id, reason=reason,
    )  # fmt: skip
    notify_user(user, NotificationKind.SECOND_FACTOR, {"change": "off"})
    return True


def _agency_of(user: User) -> Agency | None:
    member = membership_of(user)
    return member.agency if member else None


def require_second_factor(*, member: Membership, on: bool) -> bool:
    """Whether all members need one, a week from now; False: it was so already. Raises HasNone, and
    OwnersOnly, where the attempt stays on record."""
    if member.role not in roles.DECIDES_SECURITY:
        detail = {"on": on, "role": member.role}
        _record(member, "agency.second_factor_refused", detail)
        raise OwnersOnly
    if on and not has_one(member.user):
        raise HasNone
    return _require(member, on)


@transaction.atomic
def _require(member: Membership, on: bool) -> bool:
    since = timezone.now() if on else None
    rows = Agency.objects.filter(pk=member.agency_id, mfa_required_since__isnull=on)
    changed = bool(rows.update(mfa_required_since=since))
    if changed:
        _record(member, "agency.second_factor", {"on": on})
    return changed


def _record(member: Membership, action: str, detail: dict[str, object]) -> None:
    record(
        agency=member.agency, action=action, target=str(member.agency_id),
        actor_id=str(member.pk), detail=detail,
    )  # fmt: skip
