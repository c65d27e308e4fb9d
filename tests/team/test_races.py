"""Changes of a team at the same time, each with a connection of its own to the real database."""

from collections.abc import Callable
from functools import partial
from typing import Any

import pytest
from django.db import IntegrityError

from accounts import invitations, team
from accounts.choices import Role
from accounts.exceptions import AlreadyInvited, InvitationOver, LastOwner, RoleTooWeak
from accounts.models import Invitation, Membership
from accounts.selectors import owners_of
from tests.accounts.test_team import invited, person, token_in_mail
from tests.conftest import Cast
from tests.projects.jobs import at_once

pytestmark = [
    pytest.mark.django_db(transaction=True),
    pytest.mark.usefixtures("ledger_may_be_flushed"),
]
REFUSED = (
    LastOwner, RoleTooWeak, AlreadyInvited, InvitationOver, IntegrityError,
    Membership.DoesNotExist,
)  # fmt: skip


def won(work: Callable[[], Any]) -> bool:
    try:
        work()
    except REFUSED:
        return False
    return True


def race(*works: Callable[[], Any]) -> int:
    return sum(at_once(*[partial(won, work) for work in works]))


def test_two_owners_who_leave_together_leave_one(alice: Cast) -> None:
    for turn in range(5):
        first = owners_of(alice.agency)[0]
        second = person(alice, Role.OWNER, f"owner{turn}@example.org")
        leave = [partial(team.remove_member, actor=each, member=each) for each in (first, second)]
        assert race(*leave) == 1
        assert owners_of(alice.agency).count() == 1


def test_two_owners_who_demote_each_other_leave_one(alice: Cast) -> None:
    for turn in range(5):
        first = owners_of(alice.agency)[0]
        second = person(alice, Role.OWNER, f"owner{turn}@example.org")
        assert race(
            partial(team.change_role, actor=first, member=second, role=Role.MEMBER),
            partial(team.change_role, actor=second, member=first, role=Role.MEMBER),
        ) == 1  # fmt: skip
        assert owners_of(alice.agency).count() == 1


def test_an_address_that_is_invited_twice_at_once(alice: Cast) -> None:
    assert race(*[partial(invited, alice.owner)] * 4) == 1
    assert Invitation.objects.count() == 1


def test_a_link_that_is_used_twice_at_once(alice: Cast, charlie: Cast) -> None:
    invited(alice.owner, charlie.owner.user.email)
    join = partial(invitations.accept, token_in_mail(), user=charlie.owner.user)
    assert race(join, join) == 1
    assert Membership.objects.filter(user=charlie.owner.user, agency=alice.agency).count() == 1


def test_a_link_that_is_used_while_it_is_revoked(alice: Cast, charlie: Cast) -> None:
    row = invited(alice.owner, charlie.owner.user.email)
    accept = partial(invitations.accept, token_in_mail(), user=charlie.owner.user)
    assert race(accept, partial(invitations.revoke, row, actor=alice.owner)) == 1
    row.refresh_from_db()
    joined = Membership.objects.filter(user=charlie.owner.user, agency=alice.agency).exists()
    assert joined == (row.accepted_at is not None) == (row.revoked_at is None)
