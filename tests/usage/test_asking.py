"""An agency asks for photos: one request at a time, mailed once, answered once."""

from functools import partial
from typing import Any

import pytest
from django.core.mail import EmailMessage
from django.test import Client

from accounts import photo_requests
from accounts.choices import LotSource, Mode, NotificationKind
from accounts.models import AuditEntry, Membership, Notification, PhotoLot, PhotoRequest, User
from integrations.doors import queue
from projects import tasks
from tests.conftest import Cast, signed_in
from tests.desk.test_actions import ask as ask_page
from tests.desk.test_actions import press, said
from tests.projects.jobs import at_once, balances
from tests.test_admin import PASSWORD, address

pytestmark = pytest.mark.django_db
FORM = "/utilisation/demande"
Box = list[EmailMessage]


@pytest.fixture
def dana(db: None) -> Client:
    client = Client()
    client.force_login(User.objects.create_superuser("dana@example.org", PASSWORD, name="Dana"))
    return client


@pytest.fixture
def hints(monkeypatch: pytest.MonkeyPatch) -> list[tuple[str, ...]]:
    """What a worker is told, instead of being told."""
    told: list[tuple[str, ...]] = []
    monkeypatch.setattr(queue, "enqueue", lambda task, *ids: told.append((task, *ids)))
    return told


def asked(cast: Cast, photos: int = 30, message: str = "") -> PhotoRequest:
    assert photo_requests.ask(cast.owner, photos=photos, message=message)
    return PhotoRequest.objects.get(agency=cast.agency, closed_at=None)


def test_a_form_a_request_and_a_mail(
    alice: Cast, alice_client: Client, hints: Any, mailoutbox: Box, settings: Any
) -> None:
    settings.OPERATOR_EMAIL = "operator@example.org"
    answer = alice_client.post(FORM, {"photos": "30", "message": "Commande 7"}, follow=True)
    request = PhotoRequest.objects.get()
    assert (request.author, request.photos, request.message) == (alice.owner, 30, "Commande 7")
    assert b"Commande 7" in answer.content and b"<textarea" not in answer.content
    assert hints == [("projects.tasks.mail_photo_request", str(request.pk))]
    tasks.mail_photo_request(str(request.pk))
    [mail] = mailoutbox
    assert mail.to == ["operator@example.org"] and "Alice" in mail.subject
    assert "30 photos" in mail.body.replace("\xa0", " ") and "alice@example.org" in mail.body
    assert f"/admin/accounts/photorequest/?q={request.pk}" in mail.body


def test_a_second_ask_shows_the_first(
    alice: Cast, bob: Membership, alice_client: Client, hints: Any
) -> None:
    first = asked(alice, message="the first")
    answer = alice_client.post(FORM, {"photos": "5"}, follow=True)
    assert b"the first" in answer.content and PhotoRequest.objects.get() == first
    assert len(hints) == 1


@pytest.mark.parametrize("photos", ["", "0", "-3", "10001", "many", "1e3"])
def test_a_wrong_number_is_told(alice_client: Client, photos: str) -> None:
    answer = alice_client.post(FORM, {"photos": photos})
    assert answer.status_code == 422 and b"id_photos" in answer.content
    assert not PhotoRequest.objects.exists()


@pytest.mark.parametrize("why", ["no address", "closed", "refused"])
def test_a_mail_that_is_not_sent_stops_nothing(
    alice: Cast, hints: Any, mailoutbox: Box, settings: Any, caplog: Any, why: str,
    monkeypatch: pytest.MonkeyPatch,
) -> None:  # fmt: skip
    settings.OPERATOR_EMAIL = "" if why == "no address" else "operator@example.org"
    request = asked(alice)
    if why == "closed":
        assert photo_requests.close_without(request, actor_id="dana", reason="by phone")
    if why == "refused":

        def refuses(*_: Any) -> None:
            raise ConnectionRefusedError

        monkeypatch.setattr(photo_requests, "send_mail", refuses)
    tasks.mail_photo_request(str(request.pk))
    assert mailoutbox == [] and ("could not be told" in caplog.text) == (why == "refused")


def test_a_hostile_name_stays_in_its_line(
    alice: Cast, hints: Any, mailoutbox: Box, settings: Any
) -> None:
    settings.OPERATOR_EMAIL = "operator@example.org"
    alice.agency.name = "Jardins\r\nBcc: eve@example.org"
    alice.agency.save()
    tasks.mail_photo_request(str(asked(alice, message="<b>&</b>").pk))
    [mail] = mailoutbox
    assert "\n" not in mail.subject and mail.bcc == [] and "<b>&</b>" in mail.body


@pytest.mark.django_db(transaction=True)
@pytest.mark.usefixtures("ledger_may_be_flushed")
def test_two_ask_and_two_answer_at_once(alice: Cast) -> None:
    ask = partial(photo_requests.ask, alice.owner, photos=9)
    assert sorted(at_once(*[ask] * 4)) == [False, False, False, True]
    answer = partial(
        photo_requests.answer_with_pack, PhotoRequest.objects.get(), photos=9,
        invoice_reference="F-1", actor_id="dana", reason="paid",
    )  # fmt: skip
    assert sorted(at_once(*[answer] * 4)) == [False, False, False, True]
    assert balances(alice) == (19, 0, 0)


def test_support_answers_with_a_pack_once(alice: Cast, dana: Client, alice_client: Client) -> None:
    request = asked(alice)
    html = dana.get(address(PhotoRequest, "changelist")).content.decode()
    assert "Alice" in html and "answer_with_pack" in html
    assert "1 row: done." in said(press(dana, "answer_with_pack", request, invoice_reference="F-7"))
    assert balances(alice) == (40, 0, 0)
    request.refresh_from_db()
    lot = PhotoLot.objects.get(pk=request.lot_id)
    assert (lot.source, lot.mode, lot.available) == (LotSource.PACK, Mode.LIVE, 30)
    assert request.closed_at and request.invoice_reference == "F-7"
    trail = AuditEntry.objects.filter(agency=alice.agency, target=str(request.pk))
    assert sorted(trail.values_list("action", flat=True)) == [
        "photo_request.answered", "photo_request.asked",
    ]  # fmt: skip
    assert trail.get(action="photo_request.answered").detail["invoice_reference"] == "F-7"
    [told] = Notification.objects.filter(kind=NotificationKind.PHOTOS_GRANTED)
    assert told.member == alice.owner and told.facts == {"photos": "30"}
    again = press(dana, "answer_with_pack", request, invoice_reference="F-8", photos="50")
    assert "already resolved" in said(again) and balances(alice) == (40, 0, 0)
    assert b"F-7" in alice_client.get(FORM).content


def test_support_gives_another_number_or_none(alice: Cast, charlie: Cast, dana: Client) -> None:
    hers, his = asked(alice), asked(charlie)
    press(dana, "answer_with_pack", hers, invoice_reference="F-7", photos="12")
    press(dana, "close_request", his)
    assert balances(alice)[0] == 22 and balances(charlie)[0] == 10
    his.refresh_from_db()
    assert his.closed_at and his.lot is None
    assert "already resolved" in said(press(dana, "close_request", hers))
    assert photo_requests.ask(charlie.owner, photos=1), "they may ask again"


def test_an_answer_needs_its_invoice(alice: Cast, dana: Client) -> None:
    request = asked(alice)
    assert b"invoice_reference" in ask_page(dana, "answer_with_pack", request).content
    press(dana, "answer_with_pack", request, invoice_reference="")
    assert balances(alice)[0] == 10 and PhotoRequest.objects.get().closed_at is None


def test_who_asked_and_left_is_told_nothing(alice: Cast, bob: Membership, hints: Any) -> None:
    assert photo_requests.ask(bob, photos=3)
    request = PhotoRequest.objects.get()
    bob.delete()
    request.refresh_from_db()
    give = partial(photo_requests.answer_with_pack, request, photos=3, invoice_reference="F")
    assert give(actor_id="dana", reason="paid")
    assert Notification.objects.get().member == alice.owner


def test_charlie_sees_no_request_of_alices(alice: Cast, charlie_client: Client) -> None:
    asked(alice, photos=77, message="secret words")
    for path in (FORM, "/utilisation"):
        assert b"secret words" not in charlie_client.get(path).content
        assert b"77 photos" not in charlie_client.get(path).content
    assert signed_in(alice.owner).get(FORM).status_code == 200
