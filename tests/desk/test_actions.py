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

from accounts.choices import LotSource, Mode, StaffReason
from accounts.grants import grant_once
from accounts.models import Agency, AuditEntry, PhotoLot, User
from integrations.iacrea.accounts import pause
from integrations.iacrea.models import IacreaAccount
from projects import keeping, lifecycle, support
from projects.choices import Status, WrongReason
from projects.models import Complaint, Discrepancy, Generation
from tests.conftest import Cast, signed_in
from tests.garden import processing_generation, queued_generation, succeeded_generation
from tests.projects.jobs import (
    again,
    archiving_generation,
    at_once,
    backdate,
    balances,
    ended_as,
    submitting,
    unconfirmed,
    use_upstream,
)
from tests.projects.upstream import Upstream
from tests.servers import Reply, Server
from tests.test_admin import PASSWORD, address, inline
from tests.worker import work_to_the_end

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
    filled = {"press": "1", "once": once, "reason": WHY, **fields}
    answer = ask(client, action, *rows, **filled)
    told = re.search(r'name="told" value="([^"]+)"', answer.content.decode())
    return ask(client, action, *rows, **filled, told=told[1]) if told else answer


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


def test_close_a_complaint(dana: Client, alice: Cast) -> None:
    job = succeeded_generation(alice)
    keeping.complain(job, author=alice.owner, reason=WrongReason.OTHER, text="une fenêtre")
    row = Complaint.objects.get()
    html = dana.get(address(Complaint, "changelist")).content.decode()
    assert "une fenêtre" in html and address(Generation, "change", job.pk) in html
    assert "1 row: done." in said(press(dana, "close_complaint", row))
    row.refresh_from_db()
    assert row.closed_at and trail() == [("complaint.close", str(job.pk), WHY)]
    assert "already" in said(press(dana, "close_complaint", row, reason="another"))
    assert balances(alice) == (9, 0, 1) and len(trail()) == 1, "photos come back by their button"


def test_give_photos(dana: Client, alice: Cast) -> None:
    given = {"photos": "5", "mode": "live", "code": StaffReason.COURTESY}
    once = once_in(ask(dana, "grant_photos", alice.agency))
    filled = {"press": "1", "once": once, "reason": WHY, **given}
    shown = ask(dana, "grant_photos", alice.agency, **filled)
    assert "10 → 15" in shown.content.decode() and balances(alice) == (10, 0, 0)
    for told in ("done", "already"):
        assert told in said(ask(dana, "grant_photos", alice.agency, **filled, told="5|live"))
    assert balances(alice) == (15, 0, 0)
    press(dana, "grant_photos", alice.agency, **given)
    assert balances(alice) == (20, 0, 0), "another page is another press"
    assert [action for action, _target, _why in trail()] == ["photos.granted"] * 2


@pytest.mark.parametrize("photos", ["0", "-1", "", "x", "100001"])
def test_what_is_no_number_of_photos(dana: Client, alice: Cast, photos: str) -> None:
    press(dana, "grant_photos", alice.agency, photos=photos, mode="live", code="courtesy")
    assert balances(alice) == (10, 0, 0)


def bind(client: Client, job: Generation, upstream_id: str) -> str:
    return said(press(client, "bind", job, upstream_id=upstream_id))


def test_bind(dana: Client, alice: Cast) -> None:
    with Upstream() as upstream:
        use_upstream(alice, upstream.origin)
        job = unconfirmed(alice)
        assert "1 row: done." in bind(dana, job, " up-9 ")
        job = again(job)
        assert (job.status, job.upstream_id) == (Status.PROCESSING, "up-9")
        assert job.attempts.get().upstream_id == "up-9" and upstream.gets == ["up-9"]
        assert trail() == [("generation.bind", str(job.pk), WHY)]
        assert "can be bound" in bind(dana, job, "up-9") and len(trail()) == 1
        backdate(job, 10, "due_at")
        work_to_the_end(job)
    assert again(job).status == Status.SUCCEEDED and balances(alice) == (9, 0, 1)


def test_bind_a_job_that_came_back_with_a_backup(dana: Client, alice: Cast) -> None:
    """It was sent after the backup, and its attempt is gone."""
    with Upstream() as upstream:
        use_upstream(alice, upstream.origin)
        job = queued_generation(alice)
        assert lifecycle.restore(job)
        assert "done" in bind(dana, again(job), "up-9")
    assert again(job).upstream_id == "up-9" and not job.attempts.exists()


@pytest.mark.parametrize(
    ("answer", "named"),
    [
        (Reply(404), "up-9"),
        (Reply(500), "up-9"),
        (Reply.json({"status": "QUEUED_2"}), "up-9"),
        (Reply.json({"status": "PROCESSING"}), "a\u200bb"),
        (Reply.json({"status": "PROCESSING"}), "x" * 201),
        (Reply.json({"status": "PROCESSING"}), ""),
    ],
    ids=["404", "500", "unknown word", "invisible", "long", "empty"],
)
def test_what_is_no_id_of_iacrea(dana: Client, alice: Cast, answer: Reply, named: str) -> None:
    with Server(lambda _request: answer) as server:
        use_upstream(alice, server.origin)
        job = unconfirmed(alice)
        assert "done" not in bind(dana, job, named)
    assert again(job).status == Status.UNCONFIRMED and trail() == []


def test_an_id_of_another_job_is_not_bound(dana: Client, alice: Cast, charlie: Cast) -> None:
    """Nor one that may turn out to be another's: the wrong pictures would be shown."""
    with Upstream() as upstream:
        for cast in (alice, charlie):
            use_upstream(cast, upstream.origin)
        hers, his = unconfirmed(alice), processing_generation(charlie, "his")
        assert "another job" in bind(dana, hers, "his")
        sending = submitting(alice)
        assert "being sent" in bind(dana, hers, "up-9")
        assert lifecycle.lose_lease(sending)
        assert "done" in bind(dana, hers, "up-9")
    assert upstream.gets == ["up-9"] and again(his).upstream_id == "his"


def test_refund(dana: Client, alice: Cast) -> None:
    job = succeeded_generation(alice)
    assert "1 row: done." in said(press(dana, "refund", job, code=StaffReason.BAD_PICTURE))
    assert balances(alice) == (10, 0, 1), "the charge stays, and a lot of goodwill is there"
    lot = PhotoLot.objects.get(agency=alice.agency, source=LotSource.GOODWILL)
    assert (lot.available, lot.usable_until) == (1, None)
    assert trail() == [("photos.refunded", str(job.pk), WHY)]
    assert "already" in said(press(dana, "refund", job, code=StaffReason.COURTESY))
    assert balances(alice) == (10, 0, 1) and len(trail()) == 1


@pytest.mark.parametrize("make", [queued_generation, unconfirmed])
def test_what_was_not_charged_is_not_refunded(dana: Client, alice: Cast, make: Any) -> None:
    job = make(alice)
    assert "Nothing was charged" in said(press(dana, "refund", job, code="courtesy"))
    press(dana, "refund", job, code="because")
    assert balances(alice) == (9, 1, 0) and trail() == []


ACTIONS = [
    ("release", Generation, "support"),
    ("bind", Generation, "support"),
    ("refund", Generation, "money"),
    ("resume", IacreaAccount, "support"),
    ("grant_photos", Agency, "money"),
]


@pytest.mark.parametrize(("action", "model", "permission"), ACTIONS)
def test_who_may(alice: Cast, action: str, model: type[Model], permission: str) -> None:
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
    for name, offered in ((f"view_{model._meta.model_name}", False), (permission, True)):
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
    charged = succeeded_generation(alice)
    refund = partial(support.refund, charged, code=StaffReason.OUTAGE, actor_id="dana", reason=WHY)
    assert sorted(at_once(*[refund] * 4)) == [False, False, False, True]
    grant = partial(
        grant_once, agency=alice.agency, mode=Mode.LIVE, photos=5, actor_id="dana",
        reason=StaffReason.COURTESY, note=WHY, form_id=form_id,
    )  # fmt: skip
    assert sorted(at_once(*[grant] * 4)) == [False, False, False, True]
    assert balances(alice) == (15, 0, 1)


def test_the_photo_pasted_back_is_switched_on_and_off(dana: Client, alice: Cast) -> None:
    who = str(alice.agency.pk)
    for action, on in (("restore_outside", True), ("leave_outside", False)):
        assert "1 row: done." in said(press(dana, action, alice.agency))
        assert Agency.objects.get(pk=who).restore_outside is on
        assert "already resolved" in said(press(dana, action, alice.agency))
    assert trail() == [("agency.restore_outside", who, WHY)] * 2
    entries = AuditEntry.objects.filter(action="agency.restore_outside").order_by("created_at")
    assert [entry.detail for entry in entries] == [{"on": True}, {"on": False}]
