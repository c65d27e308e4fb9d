"""The team as its page shows it."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.utils.translation import gettext as _

from accounts import invitations, roles
from accounts.choices import Role
from accounts.models import Invitation, Membership
from accounts.selectors import pending_invitations_of
from accounts.team import may_give, roles_to_give
from accounts.teammates import team_of
from integrations.iacrea.credits import credits_of
from projects.team.selectors import used_this_month_in


@dataclass(frozen=True)
class MemberRow:
    """A line of the table. `roles` are those that the reader may give; none: they may not change
    this member."""

    member: Membership
    has_second_factor: bool
    seen_at: datetime | None
    iacrea: str
    used: int
    roles: list[Role]
    is_reader: bool

    @property
    def is_over(self) -> bool:
        return self.member.monthly_cap is not None and self.used >= self.member.monthly_cap


@dataclass(frozen=True)
class InvitationRow:
    invitation: Invitation
    state: invitations.State
    may_change: bool

    @property
    def is_open(self) -> bool:
        return self.state == invitations.State.OPEN


@dataclass(frozen=True)
class Permission:
    """A line of the matrix: who may, in the order of the roles."""

    name: str
    allowed: list[bool]


def member_rows(reader: Membership) -> list[MemberRow]:
    used, own = used_this_month_in(reader.agency), _accounts(reader)
    given = roles_to_give(reader)
    return [
        MemberRow(
            member=member,
            has_second_factor=has_second_factor,
            seen_at=seen_at,
            iacrea=_iacrea(member.pk, own),
            used=used.get(member.pk, 0),
            roles=given if may_give(reader, member.role) else [],
            is_reader=member.pk == reader.pk,
        )
        for member, has_second_factor, seen_at in team_of(reader.agency)
    ]


def invitation_rows(reader: Membership) -> list[InvitationRow]:
    return [
        InvitationRow(row, invitations.state_of(row), may_give(reader, row.role))
        for row in pending_invitations_of(reader.agency)
    ]


def matrix() -> list[Permission]:
    return [
        Permission(str(name), [roles.may(role, permission) for role in Role])
        for name, permission in roles.TABLE
    ]


def _accounts(reader: Membership) -> set[UUID | None]:
    """Whose iacrea accounts the agency has; None: one for all."""
    rows = credits_of(reader.agency)
    return {row.membership_id for row in rows if row.retired_at is None}


def _iacrea(member_id: UUID, own: set[UUID | None]) -> str:
    if member_id in own:
        return _("with an iacrea account of their own")
    return _("with the agency’s iacrea account") if None in own else _("with Parterre’s account")
