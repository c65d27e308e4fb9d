"""What concerns the safety of an account: told to its user, whoever did it."""

from typing import Any

import pytest
from allauth.mfa.adapter import get_adapter
from allauth.mfa.totp.internal import auth
from django.core.mail import EmailMessage
from django.test import Client

from accounts import devices
from accounts.choices import Mode, NotificationKind
from accounts.keys import issue_api_key, rotate_api_key
from accounts.models import Membership, Notification
from tests.conftest import Cast
from tests.worker import run_queued

pytestmark = pytest.mark.django_db
Kind = NotificationKind
PASSWORD = "a password for tests"
FIREFOX = "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0"
EDGE = "Mozilla/5.0 (Windows NT 10.0) AppleWebKit/537.36 Chrome/140.0 Safari/537.36 Edg/140.0"


def told(member: Membership) -> list[tuple[str, dict[str, str]]]:
    rows = Notification.objects.filter(member=member).order_by("created_at")
    return [(row.kind, row.facts) for row in rows]


def sign_in(client: Client, email: str = "alice@example.org", agent: str = FIREFOX) -> None:
    sent = {"login": email, "password": PASSWORD}
    answer = client.post("/comptes/login/", sent, headers={"user-agent": agent})
    assert answer.status_code == 302


def test_a_sign_in_from_a_new_browser_is_told(alice: Cast, mailoutbox: list[EmailMessage]) -> None:
    known = Client()
    for _ in range(2):
        sign_in(known)
        known.post("/comptes/logout/")
    assert told(alice.owner) == [], "the first of all, and the same browser"
    sign_in(Client(), agent=EDGE)
    assert told(alice.owner) == [(Kind.SIGNED_IN, {"browser": "Edge, Windows"})]
    run_queued()
    assert "Edge, Windows" in mailoutbox[0].body


def test_a_browser_that_two_share_is_known_to_both(alice: Cast, bob: Membership) -> None:
    shared = Client()
    for email in ("alice@example.org", "bob@example.org") * 2:
        sign_in(shared, email)
        shared.post("/comptes/logout/")
    assert told(alice.owner) == [] and told(bob) == []


def test_the_cookie_is_for_sign_in_only_and_cannot_be_made(alice: Cast) -> None:
    client = Client()
    sign_in(client)
    cookie = client.cookies[devices.COOKIE]
    assert (cookie["path"], cookie["httponly"], cookie["samesite"]) == ("/comptes/", True, "Lax")
    forged = Client()
    forged.cookies[devices.COOKIE] = f'["{alice.owner.user_id}"]'
    sign_in(forged)
    assert [kind for kind, _ in told(alice.owner)] == [Kind.SIGNED_IN]


def test_a_changed_password_is_told(alice: Cast, alice_client: Client) -> None:
    new = {"oldpassword": PASSWORD, "password1": "garden gnome 42", "password2": "garden gnome 42"}
    assert alice_client.post("/comptes/password/change/", new).status_code == 302
    assert told(alice.owner) == [(Kind.PASSWORD_CHANGED, {})]


def test_two_step_sign_in_is_told_when_it_changes(
    alice: Cast, django_capture_on_commit_callbacks: Any
) -> None:
    client = Client()
    sign_in(client)
    client.post("/comptes/reauthenticate/", {"password": PASSWORD})
    page = "/comptes/2fa/totp/activate/"
    assert client.get(page).status_code == 200
    secret = client.session["mfa.totp.secret"]
    counter = next(auth.yield_hotp_counters_from_time())
    code = auth.format_hotp_value(auth.hotp_value(secret, counter))
    with django_capture_on_commit_callbacks(execute=True):  # where allauth says so
        assert client.post(page, {"code": code}).status_code == 302
    assert client.post("/comptes/2fa/totp/deactivate/").status_code == 302
    assert told(alice.owner) == [
        (Kind.SECOND_FACTOR, {"change": "on"}), (Kind.SECOND_FACTOR, {"change": "off"}),
    ]  # fmt: skip
    assert not get_adapter().is_mfa_enabled(alice.owner.user)


def test_owners_are_told_of_a_key(alice: Cast, bob: Membership, charlie: Cast) -> None:
    assert told(alice.owner) == [], "not of those that an agency is opened with"
    key, text = issue_api_key(agency=alice.agency, mode=Mode.LIVE, name="<shop>")
    new, _text = rotate_api_key(key, key.created_at - key.created_at)
    facts = [{"name": "<shop>", "prefix": each.prefix, "mode": "live"} for each in (key, new)]
    assert told(alice.owner) == [(Kind.KEY_CREATED, each) for each in facts]
    assert text not in str(told(alice.owner)) and told(bob) == [] and told(charlie.owner) == []
