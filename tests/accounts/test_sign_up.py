"""Signing up: a trial at once, an address only by the mail that is sent there, and no word on who
has an account."""

import re
from typing import Any

import pytest
from django.core import signing
from django.core.mail import EmailMessage
from django.db import connection
from django.test import Client

from accounts import sign_up
from accounts.choices import LotSource, Mode, NotificationKind, Role
from accounts.models import Agency, ApiKey, AuditEntry, LedgerEntry, Membership, PhotoLot, User
from accounts.notifications import notify
from accounts.selectors import quota_of
from accounts.services import find_or_create_user
from integrations.iacrea.accounts import account_for
from projects.models import ShareLink
from tests.conftest import Cast
from tests.garden import succeeded_generation
from tests.worker import run_queued

pytestmark = pytest.mark.django_db
URL, AGAIN, NEW = "/comptes/signup/", "/comptes/confirmer/", "/projets/nouveau"
EMAIL, PASSWORD = "marie@jardins.example", "pergola et glycine"
EN = {"accept-language": "en"}


@pytest.fixture(autouse=True)
def is_open(settings: Any) -> None:
    settings.SIGN_UP = True


def signs_up(client: Client, **fields: str) -> Any:
    sent = {"email": EMAIL, "agency_name": "Jardins Marie", "password": PASSWORD, "language": "en"}
    return client.post(URL, sent | fields, headers=EN)


def newest() -> User:
    return User.objects.order_by("-date_joined")[0]


def link(mail: EmailMessage) -> str:
    found = re.search(r"http://testserver(/comptes/confirmer/\S+)", mail.body)
    assert found
    return found[1]


def mails(outbox: list[EmailMessage]) -> list[EmailMessage]:
    run_queued()
    return outbox


# --- what one gets


def test_a_trial_and_straight_to_the_first_picture(client: Client) -> None:
    answer = signs_up(client)
    assert (answer.status_code, answer["Location"]) == (302, NEW)
    assert answer.cookies["django_language"].value == "en"
    page = client.get(NEW).content.decode()
    assert "/projets/exemple" in page and EMAIL in page
    owner = Membership.objects.get()
    assert owner.role == Role.OWNER and owner.agency.name == "Jardins Marie"
    assert quota_of(owner.agency, Mode.LIVE).available == 3
    assert PhotoLot.objects.get(mode=Mode.LIVE).source == LotSource.TRIAL
    assert not ApiKey.objects.exists()
    assert AuditEntry.objects.filter(action="agency.signed_up").count() == 1


def test_its_pictures_are_made_by_the_engine(client: Client, settings: Any) -> None:
    settings.IACREA_BASE_URL = "https://iacrea.example"
    signs_up(client)
    account = account_for(Membership.objects.get(), Mode.LIVE)
    assert account and account.origin == settings.EMULATOR_URL and not account.built_in
    assert len(account.api_key) > 40 and account.agency == Agency.objects.get()


@pytest.mark.parametrize(("on", "emulator"), [(False, "http://127.0.0.1:8001"), (True, None)])
def test_it_is_closed_without_the_setting_or_the_engine(
    on: bool, emulator: str | None, client: Client, settings: Any
) -> None:
    settings.SIGN_UP, settings.EMULATOR_URL = on, emulator
    for answer in (client.get(URL, headers=EN), signs_up(client)):
        assert "Nobody signs up here" in answer.content.decode()
    assert not User.objects.exists()
    assert URL not in client.get("/comptes/login/").content.decode()


def test_the_sign_in_page_leads_there(client: Client) -> None:
    assert URL in client.get("/comptes/login/").content.decode()


def test_who_is_signed_in_needs_none(alice_client: Client) -> None:
    assert alice_client.get(URL)["Location"] == "/"
    assert signs_up(alice_client)["Location"] == "/" and User.objects.count() == 1


@pytest.mark.parametrize(
    "wrong",
    [
        {"email": "marie"}, {"email": "x@unverified.invalid"}, {"email": "a\0b@example.org"},
        {"agency_name": "  "}, {"agency_name": "x" * 151}, {"password": "short"},
        {"password": "password"}, {"password": "marie@jardins.example"}, {"language": "de"},
    ],
)  # fmt: skip
def test_what_is_wrong_is_told_and_what_was_typed_is_kept(
    wrong: dict[str, str], client: Client
) -> None:
    answer = signs_up(client, **wrong)
    text = answer.content.decode()
    assert answer.status_code == 422 and 'role="alert"' in text
    assert "Jardins Marie" in text or "agency_name" in wrong
    assert PASSWORD not in text and not User.objects.exists()


# --- nobody learns who has an account


def written_to(statements: list[str]) -> Any:
    """The kinds and tables of what is asked of the database."""

    def wrapper(execute: Any, sql: str, *rest: Any) -> Any:
        if '"cache"' not in sql:  # where the limits of the visitor's address are counted
            statements.append(re.sub(r"_x\d+|s\d+", "", sql)[:60])
        return execute(sql, *rest)

    return wrapper


def test_a_taken_address_looks_the_same(alice: Cast) -> None:
    """Status, headers, page, queries: all but what is random."""
    seen = []
    for email in ("nobody@example.org", "alice@example.org", "ALICE@example.org"):
        client = Client()
        statements: list[str] = []
        with connection.execute_wrapper(written_to(statements)):
            answer = signs_up(client, email=email)
        page = client.get(NEW).content.decode()
        page = page.replace(email.lower(), "").replace(email.lower().partition("@")[0], "")
        page = re.sub(r'value="[\w-]{30,}"|[0-9a-f-]{36}', "", page)
        seen.append((answer.status_code, answer["Location"], sorted(answer.headers), page,
                     statements))  # fmt: skip
    assert seen[0] == seen[1] == seen[2]
    alice.owner.user.refresh_from_db()
    assert alice.owner.user.email == "alice@example.org"
    assert Membership.objects.filter(user=alice.owner.user).count() == 1


def test_whoever_has_an_account_is_told_by_mail_only(
    alice: Cast, client: Client, mailoutbox: list[EmailMessage]
) -> None:
    signs_up(client, email="alice@example.org")
    (told,) = mails(mailoutbox)
    assert told.to == ["alice@example.org"] and "already have an account" in told.subject
    assert "/comptes/login/" in told.body and "/comptes/confirmer/" not in told.body


def test_signing_in_with_an_unconfirmed_address_looks_like_nobody(client: Client) -> None:
    signs_up(client)
    said = []
    for email in (EMAIL, "nobody@example.org"):
        sent = {"login": email, "password": PASSWORD}
        answer = Client().post("/comptes/login/", sent, headers=EN)
        said.append(re.search(r'role="alert".*?</div>', answer.content.decode(), re.S))
    assert said[0] and said[1] and said[0][0] == said[1][0]


# --- the link


def test_the_link_confirms(client: Client, mailoutbox: list[EmailMessage]) -> None:
    signs_up(client, email="Marie@Jardins.Example")
    (mail,) = mails(mailoutbox)
    user = newest()
    assert mail.to == [EMAIL] and not sign_up.is_confirmed(user)
    assert client.get(link(mail)).status_code == 200
    user.refresh_from_db()
    assert not sign_up.is_confirmed(user), "machines follow links"
    assert client.post(link(mail))["Location"] == "/"
    user.refresh_from_db()
    assert user.email == EMAIL and user.claimed_email == "" and sign_up.is_confirmed(user)
    assert AuditEntry.objects.get(action="user.address_confirmed").target == str(user.pk)
    assert EMAIL not in client.get(NEW).content.decode()
    assert client.get(link(mail)).status_code == 410 == client.post(link(mail)).status_code
    sent = {"login": EMAIL, "password": PASSWORD}
    assert Client().post("/comptes/login/", sent).status_code == 302


def test_elsewhere_it_asks_for_the_password(client: Client, mailoutbox: list[EmailMessage]) -> None:
    """Else whoever typed a stranger's address gets it by the stranger's own click."""
    signs_up(client)
    path, other = link(mails(mailoutbox)[0]), Client()
    for sent in ({}, {"password": "a guess"}):
        answer = other.post(path, sent, headers=EN)
        assert answer.status_code == 422 and "not the password" in answer.content.decode()
    assert not sign_up.is_confirmed(newest())
    assert other.post(path, {"password": PASSWORD})["Location"] == "/comptes/login/"
    assert newest().email == EMAIL


def test_a_link_that_is_old_or_made_up_confirms_nothing(
    client: Client, mailoutbox: list[EmailMessage], monkeypatch: pytest.MonkeyPatch
) -> None:
    signs_up(client)
    path = link(mails(mailoutbox)[0])
    user = newest()
    foreign = signing.dumps([str(user.pk), "alice@example.org"], salt=sign_up.SALT)
    salted = signing.dumps([str(user.pk), EMAIL], salt="another")
    for token in (foreign, salted, "x", path.split("/")[-1][:-1]):
        assert client.post(f"{AGAIN}{token}").status_code == 410
    monkeypatch.setattr(sign_up, "DAYS", 0)
    now = signing.time.time()
    monkeypatch.setattr(signing.time, "time", lambda: now + 5)
    assert client.post(path).status_code == 410
    assert not sign_up.is_confirmed(newest())


def test_of_two_who_claim_one_address_the_first_gets_it(mailoutbox: list[EmailMessage]) -> None:
    first, second = Client(), Client()
    signs_up(first)
    signs_up(second)
    one, two = mails(mailoutbox)
    assert first.post(link(one)).status_code == 302
    answer = second.post(link(two), headers=EN)
    assert answer.status_code == 409
    assert "This address has an account" in answer.content.decode()
    assert User.objects.filter(email=EMAIL).count() == 1


def test_an_account_that_was_opened_meanwhile_keeps_its_address(
    client: Client, mailoutbox: list[EmailMessage]
) -> None:
    signs_up(client)
    path = link(mails(mailoutbox)[0])
    kept = find_or_create_user(email=EMAIL)
    assert client.post(path).status_code == 409
    assert User.objects.get(email=EMAIL) == kept


# --- until then


def test_it_is_sent_again_but_not_too_often(client: Client, mailoutbox: list[EmailMessage]) -> None:
    signs_up(client)
    assert "on its way" in client.post(AGAIN, headers=EN, follow=True).content.decode()
    assert "a moment ago" in client.post(AGAIN, headers=EN, follow=True).content.decode()
    assert [mail.to for mail in mails(mailoutbox)] == [[EMAIL], [EMAIL]]
    assert Client().post(AGAIN)["Location"].startswith("/comptes/login/")


def test_nothing_else_is_mailed_to_them(client: Client, mailoutbox: list[EmailMessage]) -> None:
    signs_up(client)
    owner = Membership.objects.get()
    notify(owner, NotificationKind.QUOTA_EXHAUSTED, {})
    assert [mail.to for mail in mails(mailoutbox)] == [[EMAIL]]
    sign_up.confirm(newest())
    notify(owner, NotificationKind.QUOTA_EXHAUSTED, {})
    assert len(mails(mailoutbox)) == 2 and mailoutbox[1].to == [EMAIL]


def test_they_share_only_once_it_is_confirmed(alice: Cast, alice_client: Client) -> None:
    made = succeeded_generation(alice)
    share = f"/projets/{made.project_id}/partager"
    real, claimed = "alice@example.org", f"1{sign_up.UNVERIFIED}"
    User.objects.filter(pk=alice.owner.user_id).update(email=claimed, claimed_email=real)
    for url in (share, f"{share}/lien"):
        answer = alice_client.post(url, {"pictures": [str(made.pk)], "days": "30"}, headers=EN)
        assert answer.status_code == 403 and "First confirm" in answer.content.decode()
    assert not ShareLink.objects.exists() and alice_client.get(share).status_code == 200
    User.objects.filter(pk=alice.owner.user_id).update(email=real, claimed_email="")
    assert alice_client.post(f"{share}/lien").status_code == 302 and ShareLink.objects.exists()


def test_a_row_of_the_ledger_says_where_the_photos_are_from(client: Client) -> None:
    signs_up(client)
    agency = Agency.objects.get()
    assert LedgerEntry.objects.for_agency(agency, Mode.LIVE).get().reason == "signed up"


# --- limits


def test_nobody_is_mailed_more_than_five_times_a_day() -> None:
    answers = [signs_up(Client(), email=EMAIL).status_code for _ in range(6)]
    assert answers == [302] * 5 + [429]
    assert signs_up(Client(), email="other@example.org").status_code == 302


def test_nobody_opens_agencies_without_end() -> None:
    answers = [signs_up(Client(), email=f"{n}@example.org").status_code for n in range(11)]
    assert answers == [302] * 10 + [429]
    assert "too often" in signs_up(Client(), email="11@example.org").content.decode()
