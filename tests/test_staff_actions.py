"""Support's buttons: a reason is asked for, one service runs, and pressing twice does no harm."""

import re
from functools import partial
from typing import Any
from uuid import uuid4

import pytest
from django.contrib.auth.models import Permission
from django.db.models import Model
from django.http import HttpResponse
from django.test import Client

from accounts.choices import Mode, StaffReason
from accounts.grants import grant_once
from accounts.models import Agency, AuditEntry, User
from integrations.iacrea.accounts import pause
from integrations.iacrea.models import IacreaAccount
from projects import lifecycle, support
from projects.choices import Status
from projects.models import Discrepancy, Generation
from tests.conftest import Cast, signed_in
from tests.garden import processing_generation, queued_generation, succeeded_generation
from tests.projects.jobs import (
    again,
    archiving_generation,
    at_once,
    balances,
    ended_as,
    submitting,
    unconfirmed,
    use_upstream,
)
from tests.test_admin import PASSWORD, address, inline

pytestmark = pytest.mark.django_db
WHY = "the agency called"


@pytest.fixture
def dana(db: None) -> Client:
    client = Client()
    client.force_login(User.objects.create_superuser("dana@example.org", PASSWORD, name="Dana"))
    return client


def ask(client: Client, action: str, *rows: Model, **fields: Any) -> HttpResponse:
    """The page that comes after choosing the action in the list."""
    chosen = {"action": action, "_selected_action": [str(row.pk) for row in rows], **fields}
    page = address(type(rows[0]), "changelist")
    answer: HttpResponse = client.post(page, chosen, follow=True, headers={"accept-language": "en"})
    return answer


def once_in(answer: HttpResponse) -> str:
    found = re.search(r'name="once" value="([^"]+)"', answer.content.decode())
    assert found
    return found[1]


def press(client: Client, action: str, *rows: Model, **fields: Any) -> HttpResponse:
    once = once_in(ask(client, action, *rows))
    return ask(client, action, *rows, press="1", once=once, **{"reason": WHY, **fields})


def said(answer: HttpResponse) -> str:
    found = re.search(r'<ul class="messagelist">.*?</ul>', answer.content.decode(), re.DOTALL)
    return re.sub(r"<[^>]+>", "", found[0]).strip() if found else ""


def trail() -> list[tuple[str, str, str]]:
    dana = str(User.objects.get(email="dana@example.org").pk)
    return [
        (entry.action, entry.target, entry.reason)
        for entry in AuditEntry.objects.filter(actor_id=dana).order_by("created_at")
    ]


def test_the_page_asks_for_a_reason_and_does_nothing_without(dana: Client, alice: Cast) -> None:
    job = unconfirmed(alice)
    page = ask(dana, "release", job)
    html = page.content.decode()
    assert page.status_code == 200 and str(job) in html and 'name="reason"' in html
    assert inline(html) == [] and "unsafe" not in page["Content-Security-Policy"]
    for reason in ("", "   "):
        answer = press(dana, "release", job, reason=reason)
        assert 'name="reason"' in answer.content.decode()
    assert again(job).status == Status.UNCONFIRMED and trail() == []


def test_the_page_speaks_french(dana: Client, alice: Cast) -> None:
    chosen = {"action": "release", "_selected_action": str(unconfirmed(alice).pk)}
    headers = {"accept-language": "fr"}
    answer = dana.post(address(Generation, "changelist"), chosen, headers=headers)
    html = answer.content.decode()
    assert "Motif" in html and "Reason" not in html and "Mark as" not in html


@pytest.mark.parametrize(
    ("make", "code"),
    [
        (unconfirmed, "outcome_unknown"),
        (processing_generation, "timed_out"),
        (partial(archiving_generation), "result_lost"),
    ],
    ids=["T15", "T18", "T14"],
)
def test_release(dana: Client, alice: Cast, make: Any, code: str) -> None:
    job = make(alice)
    assert "1 row: done." in said(press(dana, "release", job))
    assert ended_as(job, code) and balances(alice) == (10, 0, 0)
    assert trail() == [("generation.release", str(job.pk), WHY)]
    assert "already resolved" in said(press(dana, "release", job))
    assert balances(alice) == (10, 0, 0) and len(trail()) == 1


def test_a_job_that_waits_is_canceled(dana: Client, alice: Cast) -> None:
    job = queued_generation(alice)
    press(dana, "release", job)
    assert again(job).status == Status.CANCELED and balances(alice) == (10, 0, 0)


def test_a_job_that_is_being_sent_is_not_touched(dana: Client, alice: Cast) -> None:
    job = submitting(alice)
    assert "It is being sent" in said(press(dana, "release", job))
    assert again(job).status == Status.SUBMITTING and balances(alice) == (9, 1, 0)
    assert trail() == []


def test_what_was_charged_stays_charged(dana: Client, alice: Cast) -> None:
    job = succeeded_generation(alice)
    assert "already resolved" in said(press(dana, "release", job))
    assert balances(alice) == (9, 0, 1)


def test_several_at_once_each_by_itself(dana: Client, alice: Cast) -> None:
    jobs = [unconfirmed(alice), submitting(alice), queued_generation(alice)]
    answer = said(press(dana, "release", *jobs))
    assert "2 rows: done." in answer and "It is being sent" in answer
    assert balances(alice) == (9, 1, 0)


def test_poll_now(dana: Client, alice: Cast) -> None:
    job = processing_generation(alice)
    assert "done" in said(press(dana, "poll_now", job))
    due = again(job).due_at
    assert due and job.due_at and due < job.due_at
    assert "already" in said(press(dana, "poll_now", job))
    assert trail() == [("generation.poll_now", str(job.pk), WHY)]
    assert "working on" in said(press(dana, "poll_now", queued_generation(alice)))


def test_resume_an_account(dana: Client, alice: Cast) -> None:
    account = use_upstream(alice, "http://127.0.0.1:1")
    pause(account, "status 401")
    press(dana, "resume", account)
    account.refresh_from_db()
    assert account.paused_at is None
    assert "already" in said(press(dana, "resume", account))
    assert trail() == [("iacrea_account.resume", str(account.pk), WHY)]


def test_close_a_discrepancy(dana: Client, alice: Cast) -> None:
    job = unconfirmed(alice)
    assert lifecycle.expire(job)
    row = Discrepancy.objects.get()
    press(dana, "close_discrepancy", row)
    row.refresh_from_db()
    assert row.closed_at and row.reason == WHY
    assert "already" in said(press(dana, "close_discrepancy", row, reason="another"))
    assert [target for _action, target, _reason in trail()] == [str(job.pk)]


def test_give_photos(dana: Client, alice: Cast) -> None:
    given = {"photos": "5", "mode": "live", "code": StaffReason.COURTESY}
    once = once_in(ask(dana, "grant_photos", alice.agency))
    for told in ("done", "already"):
        answer = ask(dana, "grant_photos", alice.agency, press="1", once=once, reason=WHY, **given)
        assert told in said(answer)
    assert balances(alice) == (15, 0, 0)
    press(dana, "grant_photos", alice.agency, **given)
    assert balances(alice) == (20, 0, 0), "another page is another press"
    assert trail().count(("photos.granted", trail()[0][1], WHY)) == 1


@pytest.mark.parametrize("photos", ["0", "-1", "", "x", "100001"])
def test_what_is_no_number_of_photos(dana: Client, alice: Cast, photos: str) -> None:
    press(dana, "grant_photos", alice.agency, photos=photos, mode="live", code="courtesy")
    assert balances(alice) == (10, 0, 0)


ACTIONS = [("release", Generation), ("resume", IacreaAccount), ("grant_photos", Agency)]


@pytest.mark.parametrize(("action", "model"), ACTIONS, ids=["job", "account", "agency"])
def test_who_may(alice: Cast, action: str, model: type[Model]) -> None:
    """Members never; staff who may only look neither; staff with the permission, and superusers."""
    job = unconfirmed(alice)
    assert job.account_id
    row = model._default_manager.first()
    assert row is not None
    person = User.objects.create_user("erin@example.org", PASSWORD)
    page = address(model, "changelist")
    chosen = {"action": action, "_selected_action": str(row.pk)}
    assert "/login/" in signed_in(alice.owner).post(page, chosen)["Location"]
    User.objects.filter(pk=person.pk).update(is_staff=True)
    for verb, offered in (("view", False), ("change", True)):
        name = f"{verb}_{model._meta.model_name}"
        person.user_permissions.add(Permission.objects.get(codename=name))
        client = Client()
        client.force_login(User.objects.get(pk=person.pk))
        assert (f'value="{action}"' in client.get(page).content.decode()) == offered
        asked = client.post(page, chosen, follow=True).content.decode()
        assert ('name="reason"' in asked) == offered
    assert again(job).status == Status.UNCONFIRMED


@pytest.mark.django_db(transaction=True)
@pytest.mark.usefixtures("ledger_may_be_flushed")
def test_two_press_at_once(alice: Cast) -> None:
    job = unconfirmed(alice)
    release = partial(support.release, job, actor_id="dana", reason=WHY)
    assert sorted(at_once(*[release] * 4)) == [False, False, False, True]
    form_id = uuid4()
    grant = partial(
        grant_once, agency=alice.agency, mode=Mode.LIVE, photos=5, actor_id="dana",
        reason=StaffReason.COURTESY, note=WHY, form_id=form_id,
    )  # fmt: skip
    assert sorted(at_once(*[grant] * 4)) == [False, False, False, True]
    assert balances(alice) == (15, 0, 0)
