"""The rules of a team: who may change whom, an agency keeps an owner, who leaves sees nothing."""

from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.core import mail
from django.utils import timezone

from accounts import invitations, selectors, services, team
from accounts.choices import NotificationKind, Role
from accounts.exceptions import (
    AlreadyInvited,
    AlreadyMember,
    InvitationOver,
    LastOwner,
    OtherAddress,
    OtherMember,
    OwnersOnly,
    RoleTooWeak,
    SentJustNow,
    TooManyInvitations,
)
from accounts.invitations import State
from accounts.models import AuditEntry, Invitation, Membership, User
from accounts.notifications import notify
from tests.conftest import Cast
from tests.worker import run_queued

pytestmark = pytest.mark.django_db


def person(cast: Cast, role: Role, email: str = "") -> Membership:
    user = User.objects.create_user(email or f"{role}@example.org", "a password for tests")
    return services.add_member(agency=cast.agency, user=user, role=role)


def invited(author: Membership, email: str = "dora@example.org", role: Role = Role.MEMBER) -> Any:
    return invitations.invite(author=author, email=email, role=role, language="en")


def token_in_mail() -> str:
    """Of the newest mail, once the worker has sent it."""
    run_queued()
    link = str(mail.outbox[-1].body).split("/invitations/")[1]
    return link.split()[0]


def again(row: Any) -> Any:
    return type(row).objects.get(pk=row.pk)


# --- Members


def test_a_manager_changes_all_but_owners(alice: Cast, bob: Membership) -> None:
    manager = person(alice, Role.MANAGER)
    assert team.change_role(actor=manager, member=bob, role=Role.VIEWER)
    assert not team.change_role(actor=manager, member=bob, role=Role.VIEWER)
    assert team.set_monthly_cap(actor=manager, member=bob, photos=5)
    with pytest.raises(OwnersOnly):
        team.change_role(actor=manager, member=bob, role=Role.OWNER)
    for act in (
        lambda: team.change_role(actor=manager, member=alice.owner, role=Role.MEMBER),
        lambda: team.set_monthly_cap(actor=manager, member=alice.owner, photos=1),
        lambda: team.remove_member(actor=manager, member=alice.owner),
    ):
        with pytest.raises(OwnersOnly):
            act()
    assert (again(bob).role, again(bob).monthly_cap) == (Role.VIEWER, 5)
    assert again(alice.owner).role == Role.OWNER and again(alice.owner).monthly_cap is None


@pytest.mark.parametrize("role", [Role.MEMBER, Role.VIEWER, Role.INTEGRATOR])
def test_others_change_nobody(alice: Cast, bob: Membership, role: Role) -> None:
    actor = person(alice, role)
    with pytest.raises(RoleTooWeak):
        team.remove_member(actor=actor, member=bob)
    with pytest.raises(RoleTooWeak):
        invited(actor)
    assert again(bob).removed_at is None and not Invitation.objects.exists()


def test_who_was_removed_while_the_form_was_open_changes_nothing(
    alice: Cast, bob: Membership
) -> None:
    manager = person(alice, Role.MANAGER)
    team.remove_member(actor=alice.owner, member=manager)
    with pytest.raises(RoleTooWeak):
        team.remove_member(actor=manager, member=bob)
    with pytest.raises(Membership.DoesNotExist):
        team.change_role(actor=alice.owner, member=manager, role=Role.OWNER)


def test_an_agency_keeps_an_owner(alice: Cast, bob: Membership) -> None:
    for act in (
        lambda: team.change_role(actor=alice.owner, member=alice.owner, role=Role.MANAGER),
        lambda: team.remove_member(actor=alice.owner, member=alice.owner),
    ):
        with pytest.raises(LastOwner):
            act()
    team.change_role(actor=alice.owner, member=bob, role=Role.OWNER)
    User.objects.filter(pk=bob.user_id).update(is_active=False)
    with pytest.raises(LastOwner):  # one whose account is closed is none
        team.remove_member(actor=alice.owner, member=alice.owner)
    User.objects.filter(pk=bob.user_id).update(is_active=True)
    team.remove_member(actor=alice.owner, member=alice.owner)
    assert [row.pk for row in selectors.owners_of(alice.agency)] == [bob.pk]


def test_another_agencys_member_is_not_there(alice: Cast, charlie: Cast) -> None:
    for act in (
        lambda: team.remove_member(actor=charlie.owner, member=alice.owner),
        lambda: team.set_monthly_cap(actor=charlie.owner, member=alice.owner, photos=0),
    ):
        with pytest.raises(Membership.DoesNotExist):
            act()


def test_who_is_removed_is_gone_and_keeps_their_id(alice: Cast, bob: Membership) -> None:
    kept = bob.iacrea_user_id
    team.remove_member(actor=alice.owner, member=bob)
    gone = again(bob)
    assert selectors.membership_of(gone.user) is None
    assert selectors.member_by_iacrea_id(alice.agency, kept) is None
    assert [row.pk for row in selectors.members_of(alice.agency)] == [alice.owner.pk]
    assert gone.iacrea_user_id == kept, "nobody else gets it"
    with pytest.raises(OtherMember):
        services.put_member(agency=alice.agency, iacrea_user_id=kept, email="x@example.org")
    assert notify(gone, NotificationKind.APPROVED, {}) is None


def test_a_key_brings_back_who_was_removed_but_never_as_an_owner(alice: Cast) -> None:
    owner, new_id = person(alice, Role.OWNER), uuid4()
    team.set_monthly_cap(actor=alice.owner, member=owner, photos=3)
    team.remove_member(actor=alice.owner, member=owner)
    email = owner.user.email
    assert services.put_member(agency=alice.agency, iacrea_user_id=new_id, email=email)
    row = again(owner)
    assert (row.removed_at, row.role, row.monthly_cap) == (None, Role.MEMBER, None)
    assert row.iacrea_user_id == new_id
    assert not services.put_member(agency=alice.agency, iacrea_user_id=new_id, email=email)


def test_every_write_is_on_record(alice: Cast, bob: Membership) -> None:
    row = invited(alice.owner)
    Invitation.objects.update(sent_at=timezone.now() - timedelta(hours=1))
    invitations.resend(row, actor=alice.owner)
    invitations.accept_as_new(token_in_mail(), name="Dora", password="a password for tests")
    invitations.revoke(invited(alice.owner, "emil@example.org"), actor=alice.owner)
    team.change_role(actor=alice.owner, member=bob, role=Role.MANAGER)
    team.set_monthly_cap(actor=alice.owner, member=bob, photos=3)
    team.remove_member(actor=alice.owner, member=bob)
    written = AuditEntry.objects.filter(agency=alice.agency).values_list("action", flat=True)
    assert set(written) >= {
        "invitation.sent", "invitation.sent_again", "invitation.accepted", "invitation.revoked",
        "member.role", "member.monthly_cap", "member.removed", "member.added",
    }  # fmt: skip
    assert not AuditEntry.objects.filter(detail__icontains="dora@").exists()


# --- Invitations


def test_the_token_is_in_the_mail_only(alice: Cast) -> None:
    row = invited(alice.owner)
    before = row.token_hash
    token = token_in_mail()
    assert len(token) == 43, "256 bits"
    kept = again(row).token_hash
    assert token not in str(Invitation.objects.values()) and kept not in (before, token)
    assert invitations.find(token) == row
    assert invitations.take_mail(row.pk, before) is None, "a hint that runs twice sends one mail"
    assert len(mail.outbox) == 1


def test_sending_again_makes_a_new_link_for_seven_days(alice: Cast) -> None:
    row = invited(alice.owner)
    first = token_in_mail()
    with pytest.raises(SentJustNow):
        invitations.resend(row, actor=alice.owner)
    Invitation.objects.update(
        sent_at=timezone.now() - timedelta(days=8), expires_at=timezone.now() - timedelta(days=1)
    )
    assert invitations.state_of(again(row)) == State.EXPIRED
    with pytest.raises(InvitationOver):
        invitations.accept_as_new(first, name="Dora", password="a password for tests")
    invitations.resend(row, actor=alice.owner)
    assert invitations.find(first) is None
    days = (again(row).expires_at - timezone.now()).total_seconds() / 86400
    assert 6.9 < days <= 7
    invitations.accept_as_new(token_in_mail(), name="Dora", password="a password for tests")
    assert invitations.state_of(again(row)) == State.ACCEPTED


def test_an_address_is_invited_once(alice: Cast, bob: Membership, charlie: Cast) -> None:
    invited(alice.owner)
    with pytest.raises(AlreadyInvited):
        invited(alice.owner, "DORA@example.org")
    with pytest.raises(AlreadyMember):
        invited(alice.owner, "bob@example.org")
    Invitation.objects.update(expires_at=timezone.now())
    fresh = invited(alice.owner, role=Role.VIEWER)
    assert [row.pk for row in selectors.pending_invitations_of(alice.agency)] == [fresh.pk]
    invited(charlie.owner)  # another agency's is none of hers


def test_a_day_has_so_many_invitations(alice: Cast, monkeypatch: Any) -> None:
    monkeypatch.setattr(invitations, "MOST_A_DAY", 2)
    invitations.revoke(invited(alice.owner, "a@example.org"), actor=alice.owner)
    invited(alice.owner, "b@example.org")
    with pytest.raises(TooManyInvitations):
        invited(alice.owner, "c@example.org")


def test_only_owners_invite_owners(alice: Cast) -> None:
    manager = person(alice, Role.MANAGER)
    with pytest.raises(OwnersOnly):
        invited(manager, role=Role.OWNER)
    row = invited(alice.owner, role=Role.OWNER)
    for act in (invitations.resend, invitations.revoke):
        with pytest.raises(OwnersOnly):
            act(row, actor=manager)


def test_an_invitation_ends_with_its_authors_right_to_send_it(alice: Cast) -> None:
    """Who is about to be removed cannot come back by an invitation of their own."""
    manager = person(alice, Role.MANAGER)
    row = invited(manager)
    token = token_in_mail()
    team.remove_member(actor=alice.owner, member=manager)
    assert invitations.state_of(again(row)) == State.REVOKED
    with pytest.raises(InvitationOver):
        invitations.accept_as_new(token, name="Dora", password="a password for tests")
    Invitation.objects.update(sent_at=timezone.now() - timedelta(hours=1))
    invitations.resend(row, actor=alice.owner)
    invitations.accept_as_new(token_in_mail(), name="Dora", password="a password for tests")


def test_who_has_an_account_signs_in_and_accepts(alice: Cast, charlie: Cast) -> None:
    invited(alice.owner, charlie.owner.user.email, Role.MANAGER)
    token = token_in_mail()
    with pytest.raises(OtherAddress):  # nobody sets another password by an invitation
        invitations.accept_as_new(token, name="Mallory", password="another password, longer")
    with pytest.raises(OtherAddress):
        invitations.accept(token, user=alice.owner.user)
    member = invitations.accept(token, user=charlie.owner.user)
    assert (member.agency, member.role) == (alice.agency, Role.MANAGER)
    assert again(charlie.owner.user).check_password("a password for tests")
    with pytest.raises(InvitationOver):
        invitations.accept(token, user=charlie.owner.user)


def test_joining_again_is_the_old_row(alice: Cast, bob: Membership) -> None:
    team.remove_member(actor=alice.owner, member=bob)
    invited(alice.owner, bob.user.email, Role.VIEWER)
    member = invitations.accept(token_in_mail(), user=bob.user)
    assert member.pk == bob.pk and again(bob).removed_at is None
    assert again(bob).role == Role.VIEWER and again(bob).iacrea_user_id == bob.iacrea_user_id


def test_who_became_a_member_meanwhile_keeps_their_role(alice: Cast) -> None:
    row = invited(alice.owner, role=Role.OWNER)
    email = "dora@example.org"
    services.put_member(agency=alice.agency, iacrea_user_id=uuid4(), email=email, name="Dora")
    assert invitations.needs_password(row), "a key made her, without one"
    member = invitations.accept_as_new(token_in_mail(), name="Dora", password="a long password 1")
    assert again(member).role == Role.MEMBER
