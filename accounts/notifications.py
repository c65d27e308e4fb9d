"""What members are told, in their list and by e-mail: docs/notifications.md.

`notify()` is called in the transaction of what it tells. The row and the hint to send its mail
exist only if that commits; whoever takes `mail_due` off the row sends the mail, so that nobody ever
sends two, and who dies in between sends none.
"""

from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta
from uuid import UUID

from django.db import transaction
from django.db.models import QuerySet

from accounts.audit import record
from accounts.choices import NotificationKind
from accounts.models import Agency, Membership, Notification, User
from accounts.notification_choices import channels_of
from accounts.selectors import membership_of, owners_of
from integrations.doors import queue
from integrations.doors.batches import delete_batch
from integrations.doors.clock import database_now

SHOWN = 50
KEPT = timedelta(days=90)


@transaction.atomic
def notify(
    member: Membership, kind: NotificationKind, facts: Mapping[str, str]
) -> Notification | None:
    """Tell a member; None when they want to be told of this kind nowhere, or were removed.

    `facts`: ids and names, as text; which ones is in docs/notifications.md. Call it in the
    transaction of what it tells.
    """
    channels = channels_of(member, kind)
    if member.removed_at or not any(channels):
        return None
    row = Notification.objects.create(
        member=member,
        kind=kind,
        facts=dict(facts),
        listed=channels.in_app,
        mail_due=channels.by_mail,
    )
    if channels.by_mail:
        queue.enqueue("projects.tasks.mail_notification", str(row.pk))
    return row


def notify_owners(agency: Agency | UUID, kind: NotificationKind, facts: Mapping[str, str]) -> None:
    for owner in owners_of(agency):
        notify(owner, kind, facts)


def notify_user(user: User, kind: NotificationKind, facts: Mapping[str, str]) -> None:
    """In the agency they work in. Support staff have none, and no list to read."""
    if member := membership_of(user):
        notify(member, kind, facts)


def take_mail(notification_id: UUID) -> Notification | None:
    """The row whose mail the caller now has to send; None when another took it, or it is gone."""
    due = Notification.objects.filter(pk=notification_id, mail_due=True)
    if not due.update(mail_due=False):
        return None
    return Notification.objects.select_related("member__user", "member__agency").get(
        pk=notification_id
    )


@transaction.atomic
def mail_again(row: Notification, *, actor_id: str, reason: str) -> bool:
    """Support sends its mail once more. False: one waits to be sent."""
    if not Notification.objects.filter(pk=row.pk, mail_due=False).update(mail_due=True):
        return False
    queue.enqueue("projects.tasks.mail_notification", str(row.pk))
    record(
        agency=row.member.agency, action="notification.mailed_again", target=str(row.pk),
        actor_id=actor_id, reason=reason, detail={"kind": row.kind},
    )  # fmt: skip
    return True


# --- The list


def notifications_of(member: Membership) -> QuerySet[Notification]:
    """The newest first; those by mail only are not among them."""
    return Notification.objects.filter(member=member, listed=True).order_by("-created_at")


def unread_count(member: Membership) -> int:
    return notifications_of(member).filter(read_at=None).count()


def mark_read(member: Membership, *, until: datetime) -> None:
    """All up to the newest that was shown; one that came since stays new."""
    unread = Notification.objects.filter(member=member, read_at=None, created_at__lte=until)
    unread.update(read_at=database_now())


def told_since(agency_id: UUID, kind: NotificationKind, since: datetime) -> bool:
    rows = Notification.objects.filter(member__agency=agency_id, kind=kind)
    return rows.filter(created_at__gte=since).exists()


# --- What is kept no longer


def sweep_notifications() -> int:
    """A batch of those that are older than 90 days; returns how many."""
    return delete_batch(Notification.objects.filter(created_at__lt=database_now() - KEPT))


def forget(agency: Agency | UUID, fact: str, values: Iterable[object]) -> None:
    """Those that tell of these ids: an erasure leaves no name behind."""
    told = Notification.objects.filter(member__agency=agency)
    told.filter(**{f"facts__{fact}__in": [str(value) for value in values]}).delete()
