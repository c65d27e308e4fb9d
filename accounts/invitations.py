"""Invitations: by the link that is sent to an address, its reader becomes a member.

Nothing keeps the link's token. The hint to send the mail carries the hash that the row has then, of
a token that nobody knows; who replaces it by that of a new token sends the mail, so that of two
workers one does, and the token is in the mail only.
"""

import hashlib
import secrets
from datetime import timedelta
from enum import StrEnum
from uuid import UUID

from django.db import transaction

from accounts.audit import record
from accounts.choices import Role
from accounts.exceptions import (
    AlreadyInvited,
    AlreadyMember,
    InvitationOver,
    OtherAddress,
    SentJustNow,
    TooManyInvitations,
)
from accounts.models import Agency, Invitation, Membership, User
from accounts.selectors import pending_invitations_of
from accounts.services import add_member, bring_back_member, find_or_create_user
from accounts.team import check_gives, in_turn, may_give
from integrations.doors import queue
from integrations.doors.clock import database_now

USABLE_FOR = timedelta(days=7)
# Whoever manages a team shall not be able to flood a mailbox in our name.
MOST_A_DAY = 100
PAUSE = timedelta(minutes=5)


class State(StrEnum):
    OPEN = "open"
    EXPIRED = "expired"
    REVOKED = "revoked"
    ACCEPTED = "accepted"


def state_of(invitation: Invitation) -> State:
    """Whoever may not make somebody that any more has not made it: it counts as revoked."""
    if invitation.accepted_at:
        return State.ACCEPTED
    if invitation.revoked_at or not _is_still_given(invitation):
        return State.REVOKED
    return State.OPEN if database_now() < invitation.expires_at else State.EXPIRED


@transaction.atomic
def invite(*, author: Membership, email: str, role: Role, language: str) -> Invitation:
    """One address. Raises AlreadyMember, AlreadyInvited, TooManyInvitations, OwnersOnly."""
    author, email = in_turn(author), email.lower()
    check_gives(author, role)
    if Membership.objects.present().for_agency(author.agency).filter(user__email=email).exists():
        raise AlreadyMember
    _make_room(author.agency, email)
    now = database_now()
    row = Invitation.objects.create(
        agency=author.agency, author=author, email=email, role=role, language=language,
        token_hash=_hash(_new_token()), sent_at=now, expires_at=now + USABLE_FOR,
    )  # fmt: skip
    _send(row)
    _record(row, "invitation.sent", author)
    return row


@transaction.atomic
def resend(invitation: Invitation, *, actor: Membership) -> None:
    """With a new link, good for seven days; the old one opens nothing. Who sends it answers for it
    from then on. Raises SentJustNow, InvitationOver, OwnersOnly."""
    actor = in_turn(actor)
    row, now = _pending(invitation), database_now()
    check_gives(actor, row.role)
    if now < row.sent_at + PAUSE:
        raise SentJustNow
    row.author, row.sent_at, row.expires_at = actor, now, now + USABLE_FOR
    row.token_hash = _hash(_new_token())
    row.save(update_fields=["author", "sent_at", "expires_at", "token_hash"])
    _send(row)
    _record(row, "invitation.sent_again", actor)


@transaction.atomic
def revoke(invitation: Invitation, *, actor: Membership) -> None:
    """Its link opens nothing. Raises InvitationOver, OwnersOnly."""
    actor = in_turn(actor)
    row = _pending(invitation)
    check_gives(actor, row.role)
    Invitation.objects.filter(pk=row.pk).update(revoked_at=database_now())
    _record(row, "invitation.revoked", actor)


@transaction.atomic
def resend_by_staff(invitation: Invitation, *, actor_id: str, reason: str) -> bool:
    """As its author would. Raises SentJustNow, InvitationOver."""
    _take_turn(invitation)
    row, now = _pending(invitation), database_now()
    if now < row.sent_at + PAUSE:
        raise SentJustNow
    row.sent_at, row.expires_at, row.token_hash = now, now + USABLE_FOR, _hash(_new_token())
    row.save(update_fields=["sent_at", "expires_at", "token_hash"])
    _send(row)
    _record_staff(row, "invitation.sent_again", actor_id, reason)
    return True


@transaction.atomic
def revoke_by_staff(invitation: Invitation, *, actor_id: str, reason: str) -> bool:
    """Its link opens nothing. Raises InvitationOver."""
    _take_turn(invitation)
    row = _pending(invitation)
    Invitation.objects.filter(pk=row.pk).update(revoked_at=database_now())
    _record_staff(row, "invitation.revoked", actor_id, reason)
    return True


def find(token: str) -> Invitation | None:
    """For whoever has the link."""
    rows = Invitation.objects.select_related("agency", "author__user")
    return rows.filter(token_hash=_hash(token)).first()


def needs_password(invitation: Invitation) -> bool:
    """Whether its reader chooses one here: they are new, or were added by a key."""
    user = User.objects.filter(email=invitation.email).first()
    return user is None or not user.has_usable_password()


@transaction.atomic
def accept(token: str, *, user: User) -> Membership:
    """Raises InvitationOver, OtherAddress. Somebody who is a member meanwhile keeps their role."""
    row = _accepted(token)
    if user.email != row.email:
        raise OtherAddress
    return _join(row, user)


@transaction.atomic
def accept_as_new(token: str, *, name: str, password: str) -> Membership:
    """The mail has shown that the address is theirs. Raises InvitationOver, and OtherAddress for an
    account that has a password: its owner signs in."""
    row = _accepted(token)
    user = find_or_create_user(email=row.email)
    if user.has_usable_password() or not user.is_active:
        raise OtherAddress
    user.name, user.language = name, user.language or row.language
    user.set_password(password)
    user.save(update_fields=["name", "language", "password"])
    return _join(row, user)


def take_mail(invitation_id: UUID, expected_hash: str) -> tuple[Invitation, str] | None:
    """The invitation and its new token, for the caller to send; None when another took it, or it
    was sent again or has ended meanwhile."""
    token = _new_token()
    due = Invitation.objects.filter(pk=invitation_id, accepted_at=None, revoked_at=None)
    if not due.filter(token_hash=expected_hash).update(token_hash=_hash(token)):
        return None
    rows = Invitation.objects.select_related("agency", "author__user")
    return rows.get(pk=invitation_id), token


def _make_room(agency: Agency, email: str) -> None:
    earlier = pending_invitations_of(agency).filter(email=email).first()
    if earlier and state_of(earlier) == State.OPEN:
        raise AlreadyInvited
    now = database_now()
    sent = Invitation.objects.for_agency(agency).filter(sent_at__gt=now - timedelta(days=1))
    if sent.count() >= MOST_A_DAY:
        raise TooManyInvitations
    pending_invitations_of(agency).filter(email=email).update(revoked_at=now)


def _pending(invitation: Invitation) -> Invitation:
    row = pending_invitations_of(invitation.agency).filter(pk=invitation.pk).first()
    if row is None:
        raise InvitationOver
    return row


def _accepted(token: str) -> Invitation:
    """Of two who accept at once, or of one who accepts while it is revoked, the second finds its
    end."""
    found = find(token)
    if found is None:
        raise InvitationOver
    Agency.objects.select_for_update().get(pk=found.agency_id)
    found = find(token)
    if found is None or state_of(found) != State.OPEN:
        raise InvitationOver
    return found


def _join(row: Invitation, user: User) -> Membership:
    Invitation.objects.filter(pk=row.pk).update(accepted_at=database_now())
    member = Membership.objects.for_agency(row.agency).filter(user=user).first()
    if member is None:
        member = add_member(agency=row.agency, user=user, role=Role(row.role))
    elif member.removed_at:
        bring_back_member(member, role=Role(row.role), actor_id=str(member.pk))
    _record(row, "invitation.accepted", member)
    return member


def _is_still_given(row: Invitation) -> bool:
    return row.author is not None and may_give(row.author, row.role)


def _send(row: Invitation) -> None:
    queue.enqueue("projects.tasks.mail_invitation", str(row.pk), row.token_hash)


def _record(row: Invitation, action: str, actor: Membership) -> None:
    """Without the address: the invitation has it, and goes when it must."""
    record(
        agency=row.agency, action=action, target=str(row.pk), actor_id=str(actor.pk),
        detail={"role": row.role},
    )  # fmt: skip


def _take_turn(invitation: Invitation) -> None:
    """With the agency's own people: of two at once the second sees what the first did."""
    Agency.objects.select_for_update().get(pk=invitation.agency_id)


def _record_staff(row: Invitation, action: str, actor_id: str, reason: str) -> None:
    record(
        agency=row.agency, action=action, target=str(row.pk), actor_id=actor_id, reason=reason,
        detail={"role": row.role},
    )  # fmt: skip


def _new_token() -> str:
    """256 random bits."""
    return secrets.token_urlsafe(32)


def _hash(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()
