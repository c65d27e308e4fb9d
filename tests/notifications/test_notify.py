"""What is told, to whom, and how often: once, or not."""

from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.core.mail import EmailMessage, EmailMultiAlternatives
from django.db import transaction
from django_q.models import OrmQ

from accounts import notifications
from accounts.choices import LotSource, Mode, NotificationKind
from accounts.models import Membership, Notification, User
from accounts.notification_choices import SECURITY, Channels, set_choice
from accounts.notifications import notify
from accounts.quota import grant_photos
from integrations.webhooks.quota_events import write_quota_event
from projects import erasure, tasks
from tests.conftest import Cast
from tests.garden import succeeded_generation
from tests.projects.jobs import backdate
from tests.worker import run_queued

pytestmark = pytest.mark.django_db
Box = list[EmailMessage]
Kind = NotificationKind
SHARED = {"project_id": str(uuid4()), "project": "Jardin Martin", "client": "Anne"}


def told(member: Membership, kind: NotificationKind = Kind.APPROVED) -> Notification | None:
    return notify(member, kind, SHARED)


def listed(member: Membership) -> list[str]:
    return [row.kind for row in notifications.notifications_of(member)]


def test_it_stands_in_the_list_and_is_mailed_once(alice: Cast, mailoutbox: Box) -> None:
    row = told(alice.owner)
    assert row and not mailoutbox, "the mail is a worker's"
    for _ in range(2):
        run_queued()
        tasks.mail_notification(str(row.pk))
    [mail] = mailoutbox
    assert mail.to == ["alice@example.org"] and "Anne" in mail.subject
    assert listed(alice.owner) == [Kind.APPROVED]


@pytest.mark.parametrize("in_app", [True, False])
@pytest.mark.parametrize("by_mail", [True, False])
def test_off_is_off(alice: Cast, in_app: bool, by_mail: bool, mailoutbox: Box) -> None:
    set_choice(alice.owner, Kind.APPROVED, Channels(in_app, by_mail))
    row = told(alice.owner)
    run_queued()
    assert (row is None) == (not in_app and not by_mail)
    assert listed(alice.owner) == [Kind.APPROVED] * in_app
    assert len(mailoutbox) == by_mail
    told(alice.owner, Kind.COMMENTED)
    run_queued()
    assert Kind.COMMENTED in listed(alice.owner), "the others are as they were"


def test_security_is_always_told(alice: Cast, mailoutbox: Box) -> None:
    for kind in SECURITY:
        set_choice(alice.owner, kind, Channels(False, False))
        assert told(alice.owner, kind)
    run_queued()
    assert set(listed(alice.owner)) == SECURITY and len(mailoutbox) == len(SECURITY)


def test_what_is_undone_is_told_to_nobody(alice: Cast, mailoutbox: Box) -> None:
    with pytest.raises(ZeroDivisionError), transaction.atomic():
        told(alice.owner)
        raise ZeroDivisionError
    assert not OrmQ.objects.exists() and not Notification.objects.exists()
    run_queued()
    assert mailoutbox == []


def test_who_dies_before_sending_sends_none_and_nobody_sends_two(
    alice: Cast, mailoutbox: Box, monkeypatch: pytest.MonkeyPatch
) -> None:
    row = told(alice.owner)
    assert row

    def dies(*_: Any) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr(EmailMultiAlternatives, "send", dies)
        with pytest.raises(KeyboardInterrupt):
            tasks.mail_notification(str(row.pk))
    tasks.mail_notification(str(row.pk))
    assert mailoutbox == [] and listed(alice.owner) == [Kind.APPROVED]


@pytest.mark.parametrize("gone", ["blocked", "member", "row"])
def test_who_is_gone_is_not_mailed(alice: Cast, gone: str, mailoutbox: Box) -> None:
    row = told(alice.owner)
    assert row
    if gone == "blocked":
        User.objects.filter(pk=alice.owner.user_id).update(is_active=False)
    else:
        (alice.owner if gone == "member" else row).delete()
    run_queued()
    assert mailoutbox == []


def test_nobody_reads_what_others_are_told(alice: Cast, bob: Membership, charlie: Cast) -> None:
    told(alice.owner)
    assert listed(bob) == [] and listed(charlie.owner) == []
    assert notifications.unread_count(alice.owner) == 1


# --- Photos


def hold(cast: Cast, left: int, mode: Mode = Mode.LIVE) -> None:
    write_quota_event(cast.agency.pk, mode, held=1, left=left)


def test_owners_are_told_of_photos_once_a_day(alice: Cast, bob: Membership) -> None:
    for left in (5, 4, 5, 0, 0):
        hold(alice, left)
    assert listed(alice.owner) == [Kind.QUOTA_EXHAUSTED, Kind.QUOTA_LOW]
    assert listed(bob) == [], "a member can buy none"
    for row in Notification.objects.all():
        backdate(row, 25 * 3600, "created_at")
    grant_photos(agency=alice.agency, mode=Mode.LIVE, photos=40, source=LotSource.PACK)
    hold(alice, 5)
    assert listed(alice.owner)[0] == Kind.QUOTA_LOW and Notification.objects.count() == 3


def test_test_photos_are_no_news(alice: Cast) -> None:
    hold(alice, 0, Mode.TEST)
    assert not Notification.objects.exists()


# --- What is kept no longer


def test_old_ones_are_swept_at_night(alice: Cast) -> None:
    old, kept = told(alice.owner), told(alice.owner)
    assert old and kept
    for row, days in ((old, 91), (kept, 89)):
        backdate(row, timedelta(days=days).total_seconds(), "created_at")
    tasks.sweep_messages()
    assert list(Notification.objects.all()) == [kept]


def test_an_erasure_leaves_no_name(alice: Cast) -> None:
    job = succeeded_generation(alice)
    about = {"project_id": str(job.project_id), "project": "Martin", "generation_id": str(job.pk)}
    notify(alice.owner, Kind.READY, about)
    notify(alice.owner, Kind.COMMENTED, {**about, "generation_id": "", "client": "Anne"})
    other = told(alice.owner)
    assert erasure.erase_project(job.project)
    assert list(Notification.objects.all()) == [other]
