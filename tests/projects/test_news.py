"""An author who has left the page is told that the picture has ended, by e-mail and in the list:
once, or not."""

from datetime import timedelta
from typing import Any

import pytest
from django.core.mail import EmailMessage, EmailMultiAlternatives
from django.db import connection
from django.db.models import F
from django.test import Client
from django.test.utils import CaptureQueriesContext

from accounts.choices import NotificationKind
from accounts.models import Membership, Notification
from integrations.doors import queue
from projects import lifecycle, news, tasks
from projects.choices import Source
from projects.models import Generation, GenerationEvent
from tests.conftest import Cast, signed_in
from tests.garden import processing_generation, queued_generation, succeeded_generation

pytestmark = pytest.mark.django_db
Box = list[EmailMessage]


@pytest.fixture
def hinted(monkeypatch: pytest.MonkeyPatch) -> list[tuple[str, ...]]:
    """The authors whom a worker is told to tell, told at once, and mailed."""
    told: list[tuple[str, ...]] = []

    def at_once(task: str, *ids: str) -> None:
        if task == "projects.tasks.mail_author":
            told.append(ids)
            tasks.mail_author(*ids)
        elif task == "projects.tasks.mail_notification":
            tasks.mail_notification(*ids)

    monkeypatch.setattr(queue, "enqueue", at_once)
    return told


def passed(minutes: float) -> None:
    earlier = timedelta(minutes=minutes)
    GenerationEvent.objects.update(created_at=F("created_at") - earlier)
    Generation.objects.exclude(ended_at=None).update(ended_at=F("ended_at") - earlier)


def visit(client: Client, job: Generation, part: str = "") -> None:
    assert client.get(f"/projets/{job.project_id}{part}").status_code == 200


def test_who_left_is_told_once(alice: Cast, hinted: Any, mailoutbox: Box) -> None:
    job = succeeded_generation(alice)
    news.tell_who_left()
    assert mailoutbox == [], "the page may still be open"
    for _ in range(3):
        passed(2.1)
        news.tell_who_left()
    [mail] = mailoutbox
    assert mail.to == ["alice@example.org"]
    assert f"http://testserver/projets/{job.project_id}?image={job.pk}" in mail.body
    assert "Jardin Martin" in mail.body and "Jardin Martin" in mail.subject
    [row] = Notification.objects.all()
    assert (row.kind, row.member) == (NotificationKind.READY, alice.owner)


@pytest.mark.parametrize("part", ["", "/live"])
def test_who_saw_the_end_is_told_nothing(
    alice: Cast, alice_client: Client, part: str, hinted: Any, mailoutbox: Box
) -> None:
    job = succeeded_generation(alice)
    visit(alice_client, job, part)
    passed(3)
    news.tell_who_left()
    assert mailoutbox == [] and hinted == [] and not Notification.objects.exists()


def test_who_sees_it_before_the_mail_is_sent_gets_none(
    alice: Cast, alice_client: Client, mailoutbox: Box
) -> None:
    """The mail is a worker's, who may be busy."""
    job = succeeded_generation(alice)
    passed(3)
    tasks.mail_author(str(job.pk))
    visit(alice_client, job)
    tasks.mail_notification(str(Notification.objects.get().pk))
    assert mailoutbox == []


def test_who_saw_it_running_and_left_is_told(
    alice: Cast, alice_client: Client, hinted: Any, mailoutbox: Box
) -> None:
    job = queued_generation(alice)
    visit(alice_client, job)
    assert lifecycle.cancel(job, actor_id="")
    passed(3)
    news.tell_who_left()
    assert len(mailoutbox) == 1 and "?image" not in mailoutbox[0].body


def test_a_colleague_who_looks_is_not_the_author(
    alice: Cast, bob: Membership, hinted: Any, mailoutbox: Box
) -> None:
    visit(signed_in(bob), succeeded_generation(alice))
    passed(3)
    news.tell_who_left()
    assert len(mailoutbox) == 1


@pytest.mark.parametrize(("language", "says"), [("en", "could not be made"), ("fr", "")])
def test_a_failure_is_told_in_the_authors_language(
    alice: Cast, language: str, says: str, hinted: Any, mailoutbox: Box
) -> None:
    alice.owner.user.language = language
    alice.owner.user.save()
    assert lifecycle.refuse_inputs(queued_generation(alice), "mask_empty")
    passed(3)
    news.tell_who_left()
    [mail] = mailoutbox
    assert says in mail.subject and ("ground of the garden" in mail.body) == (language == "en")


@pytest.mark.parametrize("why", ["api", "blocked", "removed", "old", "running", "author gone"])
def test_who_is_not_concerned_is_told_nothing(
    alice: Cast, why: str, hinted: Any, mailoutbox: Box
) -> None:
    job = processing_generation(alice) if why == "running" else succeeded_generation(alice)
    rows = Generation.objects.filter(pk=job.pk)
    if why == "api":
        rows.update(source=Source.API)
    elif why == "blocked":
        alice.owner.user.is_active = False
        alice.owner.user.save()
    elif why == "removed":
        rows.update(removed_at=F("ended_at"))
    elif why == "author gone":
        rows.update(author=None)
    passed(61 if why == "old" else 3)
    news.tell_who_left()
    assert mailoutbox == []


def test_a_crash_before_the_mail_sends_none_and_never_two(
    alice: Cast, mailoutbox: Box, monkeypatch: pytest.MonkeyPatch
) -> None:
    job = succeeded_generation(alice)
    passed(3)
    tasks.mail_author(str(job.pk))
    [row] = Notification.objects.all()

    def dies(*_: Any) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr(EmailMultiAlternatives, "send", dies)
        with pytest.raises(KeyboardInterrupt):
            tasks.mail_notification(str(row.pk))
    news.tell_who_left()
    tasks.mail_author(str(job.pk))
    tasks.mail_notification(str(row.pk))
    assert mailoutbox == [] and job.events.filter(kind="mailed").count() == 1
    assert Notification.objects.get() == row, "it stands in the list all the same"


def test_a_mail_server_that_refuses_stops_nothing(
    alice: Cast, hinted: Any, monkeypatch: pytest.MonkeyPatch, caplog: Any
) -> None:
    first = succeeded_generation(alice)
    Generation.objects.filter(pk=first.pk).update(upstream_id="another")
    succeeded_generation(alice)
    passed(3)

    def refuses(*_: Any) -> None:
        raise ConnectionRefusedError

    monkeypatch.setattr(EmailMultiAlternatives, "send", refuses)
    news.tell_who_left()
    assert len(hinted) == 2 and caplog.text.count("could not be sent") == 2


def test_what_ended_long_ago_costs_a_page_nothing(alice: Cast, alice_client: Client) -> None:
    job = succeeded_generation(alice)
    passed(61)
    with CaptureQueriesContext(connection) as captured:
        visit(alice_client, job)
    assert not [query for query in captured if "generationevent" in query["sql"]]
