"""What a member wants to be told, and where. Without a choice: everything, everywhere."""

from typing import NamedTuple

from django.db import transaction

from accounts.choices import NotificationKind, Role
from accounts.models import Membership, NotificationChoice

# Always told, in the list and by e-mail.
SECURITY = frozenset(
    {
        NotificationKind.KEY_CREATED,
        NotificationKind.PASSWORD_CHANGED,
        NotificationKind.SECOND_FACTOR,
        NotificationKind.SIGNED_IN,
    }
)
# Nobody else is told these.
FOR_OWNERS = frozenset(
    {
        NotificationKind.QUOTA_LOW,
        NotificationKind.QUOTA_EXHAUSTED,
        NotificationKind.ENDPOINT_DISABLED,
        NotificationKind.KEY_CREATED,
    }
)


class Channels(NamedTuple):
    """Where a kind is told. Everything is on until a member says otherwise."""

    in_app: bool = True
    by_mail: bool = True


def is_for(member: Membership, kind: NotificationKind) -> bool:
    return kind not in FOR_OWNERS or member.role == Role.OWNER


def choices_of(member: Membership) -> dict[NotificationKind, Channels]:
    """Of every kind that this member may be told, as it is now."""
    rows = NotificationChoice.objects.filter(member=member)
    chosen = {row.kind: Channels(row.in_app, row.by_mail) for row in rows}
    kinds = [kind for kind in NotificationKind if is_for(member, kind)]
    return {kind: _unless_security(kind, chosen.get(kind)) for kind in kinds}


@transaction.atomic
def set_choice(member: Membership, kind: NotificationKind, channels: Channels) -> None:
    """What is said of a kind of security changes nothing."""
    NotificationChoice.objects.update_or_create(
        member=member, kind=kind, defaults=channels._asdict()
    )


@transaction.atomic
def mail_no_more(member: Membership, kind: NotificationKind) -> None:
    """By the link in a mail; the list stays as it is."""
    set_choice(member, kind, channels_of(member, kind)._replace(by_mail=False))


def channels_of(member: Membership, kind: NotificationKind) -> Channels:
    row = NotificationChoice.objects.filter(member=member, kind=kind).first()
    return _unless_security(kind, Channels(row.in_app, row.by_mail) if row else None)


def _unless_security(kind: NotificationKind, chosen: Channels | None) -> Channels:
    return Channels() if kind in SECURITY or chosen is None else chosen
