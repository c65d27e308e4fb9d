"""Who works in an agency: roles, limits, leaving. All writes on a team take turns on the agency's
row, and look again who asks and who is meant: docs/team.md."""

from typing import Any

from django.db import transaction

from accounts import roles
from accounts.audit import record
from accounts.choices import Role
from accounts.exceptions import LastOwner, OwnersOnly, RoleTooWeak
from accounts.models import Agency, Membership
from accounts.selectors import member_of
from integrations.doors.clock import database_now


def may_give(actor: Membership, role: str) -> bool:
    """Whether this member may make somebody that, or change somebody who is."""
    if actor.removed_at or not actor.user.is_active:
        return False
    needed = roles.MANAGES_OWNERS if role == Role.OWNER else roles.MANAGES_TEAM
    return roles.may(actor.role, needed)


def roles_to_give(actor: Membership) -> list[Role]:
    return [role for role in Role if may_give(actor, role)]


def check_gives(actor: Membership, *given: str) -> None:
    """Raises OwnersOnly, or RoleTooWeak for somebody who manages no team."""
    if not roles.may(actor.role, roles.MANAGES_TEAM):
        raise RoleTooWeak
    if not all(may_give(actor, role) for role in given):
        raise OwnersOnly


def in_turn(actor: Membership) -> Membership:
    """Who asks, as they are now: they may have been removed while the form was open."""
    agency = Agency.objects.select_for_update().get(pk=actor.agency_id)
    try:
        return member_of(agency, actor.pk)
    except Membership.DoesNotExist:
        raise RoleTooWeak from None


@transaction.atomic
def change_role(*, actor: Membership, member: Membership, role: Role) -> bool:
    """False: it was so already. Raises OwnersOnly, LastOwner."""
    actor, member = in_turn(actor), member_of(actor.agency, member.pk)
    check_gives(actor, member.role, role)
    if member.role == role:
        return False
    _keep_an_owner(member)
    _write(actor, member, "member.role", {"from": member.role, "role": role}, role=role)
    return True


@transaction.atomic
def set_monthly_cap(*, actor: Membership, member: Membership, photos: int | None) -> bool:
    """Photos that the member may use in a calendar month; None: as many as there are."""
    actor, member = in_turn(actor), member_of(actor.agency, member.pk)
    check_gives(actor, member.role)
    if member.monthly_cap == photos:
        return False
    _write(actor, member, "member.monthly_cap", {"photos": photos}, monthly_cap=photos)
    return True


@transaction.atomic
def remove_member(*, actor: Membership, member: Membership) -> None:
    """Their next request finds no member. What they made stays, and so does their iacrea user id,
    which is nobody else's then. Raises OwnersOnly, LastOwner."""
    actor, member = in_turn(actor), member_of(actor.agency, member.pk)
    check_gives(actor, member.role)
    _keep_an_owner(member)
    _write(actor, member, "member.removed", {"role": member.role}, removed_at=database_now())


def _keep_an_owner(member: Membership) -> None:
    """Raises LastOwner. One whose account is closed is none."""
    if member.role != Role.OWNER:
        return
    others = Membership.objects.present().for_agency(member.agency_id).exclude(pk=member.pk)
    if not others.filter(role=Role.OWNER, user__is_active=True).exists():
        raise LastOwner


def _write(
    actor: Membership, member: Membership, action: str, detail: dict[str, Any], **fields: Any
) -> None:
    Membership.objects.filter(pk=member.pk).update(**fields)
    record(
        agency=member.agency, action=action, target=str(member.pk), actor_id=str(actor.pk),
        detail=detail,
    )  # fmt: skip
