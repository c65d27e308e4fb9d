"""An agency asks all its members for two-step sign-in, and gives them a week for it."""

from datetime import timedelta
from typing import Any

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal.auth import (
    TOTP,
    format_hotp_value,
    generate_totp_secret,
    hotp_value,
    yield_hotp_counters_from_time,
)
from django.test import Client
from django.utils import timezone

from accounts import second_factor
from accounts.choices import Role
from accounts.exceptions import OwnersOnly
from accounts.models import Agency, AuditEntry, Membership, User
from accounts.selectors import membership_of
from accounts.services import add_member
from tests.conftest import Cast, signed_in

pytestmark = pytest.mark.django_db
URL, INDEX = "/securite", "/comptes/2fa/"
REAUTHENTICATE = f"{INDEX}reauthenticate/"
EN = {"accept-language": "en"}
WEEK = timedelta(days=7)


def with_app(member: Membership) -> Authenticator:
    made: Authenticator = TOTP.activate(member.user, generate_totp_secret()).instance
    return made


def with_passkey(member: Membership) -> Authenticator:
    """Which of its bytes are right is for the browser's tests."""
    data = {"name": "Chrome", "credential": {}}
    type_ = Authenticator.Type.WEBAUTHN
    return Authenticator.objects.create(user=member.user, type=type_, data=data)


def gave_it(client: Client, member: Membership) -> None:
    """As allauth notes it of a session."""
    session = client.session
    session["account_authentication_methods"] = [{"method": "mfa", "at": 0, "type": "totp"}]
    session["account_authentication_methods_user"] = str(member.user_id)
    session.save()


def ask(client: Client, on: bool = True) -> Any:
    return client.post(URL, {"required": "1" if on else "0"}, headers=EN)


def asked_since(agency: Agency, ago: timedelta) -> None:
    since = timezone.now() - ago
    Agency.objects.filter(pk=agency.pk).update(mfa_required_since=since)
    Membership.objects.filter(agency=agency).update(created_at=since - WEEK)


def page(client: Client, url: str = "/") -> str:
    text: str = client.get(url, headers=EN).content.decode()
    return text


def asked(agency: Agency) -> bool:
    agency.refresh_from_db()
    return agency.mfa_required_since is not None


# --- who decides


def test_an_owner_who_has_one_asks_it_of_all(alice: Cast, alice_client: Client) -> None:
    with_app(alice.owner)
    gave_it(alice_client, alice.owner)
    for on, entries in ((True, 1), (True, 1), (False, 2)):
        assert ask(alice_client, on).status_code == 302
        assert asked(alice.agency) is on
        written = AuditEntry.objects.filter(action="agency.second_factor").order_by("created_at")
        assert written.count() == entries
        last = written.last()
        assert last and last.detail == {"on": on} and last.actor_id == str(alice.owner.pk)


def test_asking_again_moves_no_deadline(alice: Cast, alice_client: Client) -> None:
    with_app(alice.owner)
    gave_it(alice_client, alice.owner)
    ask(alice_client)
    alice.agency.refresh_from_db()
    since = alice.agency.mfa_required_since
    ask(alice_client)
    assert asked(alice.agency) and alice.agency.mfa_required_since == since


def test_an_owner_sets_up_their_own_first(alice: Cast, alice_client: Client) -> None:
    RecoveryCodes.activate(alice.owner.user)
    answer = ask(alice_client)
    assert answer.status_code == 422 and not asked(alice.agency)
    assert "Set up your own two-step sign-in first" in answer.content.decode()
    assert not AuditEntry.objects.filter(action="agency.second_factor").exists()


@pytest.mark.parametrize("role", [role for role in Role if role != Role.OWNER])
def test_nobody_else_decides_and_the_attempt_is_written_down(role: Role, alice: Cast) -> None:
    user = User.objects.create_user("other@example.org", "a password for tests")
    member = add_member(agency=alice.agency, user=user, role=role)
    with_app(member)
    client = signed_in(member)
    assert client.get(URL).status_code == 403 and ask(client).status_code == 403
    assert not asked(alice.agency)
    refused = AuditEntry.objects.get(action="agency.second_factor_refused")
    assert refused.actor_id == str(member.pk) and refused.detail == {"on": True, "role": role}
    with pytest.raises(OwnersOnly):
        second_factor.require_second_factor(member=member, on=False)


def test_the_page_lists_who_has_none(
    alice: Cast, bob: Membership, charlie: Cast, alice_client: Client
) -> None:
    assert "Bob" in (text := page(alice_client, URL)) and "Charlie" not in text
    with_app(alice.owner)
    gave_it(alice_client, alice.owner)
    with_passkey(bob)
    assert "None: everybody has it" in page(alice_client, URL)
    Authenticator.objects.filter(user=bob.user).delete()
    asked_since(alice.agency, timedelta(days=1))
    assert "until" in page(alice_client, URL)
    asked_since(alice.agency, timedelta(days=8))
    assert "Kept out" in page(alice_client, URL)
    Membership.objects.filter(pk=bob.pk).update(removed_at=timezone.now())
    assert "Bob" not in page(alice_client, URL)


# --- whoever has none


def test_a_week_of_a_line_and_then_no_page(alice: Cast, bob: Membership) -> None:
    client = signed_in(bob)
    assert "asks for two-step sign-in" not in page(client)
    asked_since(alice.agency, timedelta(days=6))
    text = page(client)
    assert "Your agency asks for two-step sign-in. Set it up by" in text and INDEX in text
    asked_since(alice.agency, timedelta(days=7, minutes=1))
    for url in ("/", "/projets/nouveau", "/notifications"):
        assert client.get(url).headers["Location"] == INDEX
    text = page(client, INDEX)
    assert "The time to set it up ended on" in text and 'role="alert"' in text
    with_passkey(bob)
    assert "asks for two-step sign-in" not in page(client)


def test_whoever_came_later_has_a_week_too(alice: Cast, bob: Membership) -> None:
    asked_since(alice.agency, timedelta(days=30))
    Membership.objects.filter(pk=bob.pk).update(created_at=timezone.now() - timedelta(days=2))
    assert "Set it up by" in page(signed_in(bob))


def test_codes_alone_are_none(alice: Cast, bob: Membership) -> None:
    RecoveryCodes.activate(bob.user)
    asked_since(alice.agency, timedelta(days=8))
    assert signed_in(bob).get("/").headers["Location"] == INDEX


def test_it_costs_nothing_where_it_is_not_asked(
    alice: Cast, django_assert_num_queries: Any
) -> None:
    member = membership_of(alice.owner.user)
    with django_assert_num_queries(0):
        assert member and second_factor.due_at(member) is None


# --- who has one, in a session that a password alone opened


def test_a_session_of_before_the_factor_is_asked_for_it(alice: Cast, bob: Membership) -> None:
    """It may be somebody's who knows the password and no more."""
    client, secret = signed_in(bob), generate_totp_secret()
    TOTP.activate(bob.user, secret)
    assert client.get("/notifications").status_code == 200, "the agency does not ask"
    asked_since(alice.agency, timedelta(hours=1))
    answer = client.get("/notifications", headers=EN)
    assert answer["Location"] == f"{REAUTHENTICATE}?next=%2Fnotifications"
    told = client.get(answer["Location"], headers=EN).content.decode()
    assert "Your agency asks for your second step once in each session" in told
    client.post(answer["Location"], {"code": "000000"})
    assert client.get("/notifications").status_code == 302
    code = format_hotp_value(hotp_value(secret, next(yield_hotp_counters_from_time())))
    assert client.post(answer["Location"], {"code": code})["Location"] == "/notifications"
    assert client.get("/notifications").status_code == 200


def test_each_session_for_itself(alice: Cast, bob: Membership) -> None:
    with_passkey(bob)
    asked_since(alice.agency, timedelta(hours=1))
    here, there = signed_in(bob), signed_in(bob)
    gave_it(here, bob)
    assert here.get("/").status_code == 200
    assert there.get("/")["Location"].startswith("/comptes/2fa/webauthn/reauthenticate/")
    assert there.post("/projets/nouveau").status_code == 302


# --- switching it off


def off(client: Client, authenticator: Authenticator) -> Any:
    """Right after the password was typed."""
    client.post("/comptes/reauthenticate/", {"password": "a password for tests"})
    if authenticator.type == Authenticator.Type.TOTP:
        return client.post(f"{INDEX}totp/deactivate/", headers=EN)
    return client.post(f"{INDEX}webauthn/keys/{authenticator.pk}/remove/", headers=EN, follow=True)


@pytest.mark.parametrize("make", [with_app, with_passkey])
def test_the_last_one_stays_while_the_agency_asks(make: Any, alice: Cast, bob: Membership) -> None:
    client, one = signed_in(bob), make(bob)
    asked_since(alice.agency, timedelta(days=1))
    answer = off(client, one)
    assert "set up another one before you remove this one" in answer.content.decode()
    assert second_factor.has_one(bob.user)
    other = {with_app: with_passkey, with_passkey: with_app}[make](bob)
    off(client, one)
    assert list(Authenticator.objects.filter(user=bob.user)) == [other]


@pytest.mark.parametrize("make", [with_app, with_passkey])
def test_without_the_agencys_asking_it_goes(make: Any, bob: Membership) -> None:
    client, one = signed_in(bob), make(bob)
    off(client, one)
    assert not second_factor.has_one(bob.user)


def test_nobody_removes_or_renames_a_foreign_passkey(bob: Membership, charlie: Cast) -> None:
    hers, client = with_passkey(bob), signed_in(charlie.owner)
    client.post("/comptes/reauthenticate/", {"password": "a password for tests"})
    for act in ("remove", "edit"):
        url = f"{INDEX}webauthn/keys/{hers.pk}/{act}/"
        assert client.get(url).status_code == 404
        assert client.post(url, {"name": "mine"}).status_code == 404
    hers.refresh_from_db()
    assert hers.data["name"] == "Chrome"


@pytest.mark.django_db(transaction=True)
@pytest.mark.usefixtures("ledger_may_be_flushed")
def test_who_makes_the_first_one_has_given_it(alice: Cast, bob: Membership) -> None:
    """But not who adds one to another: for that the password is enough."""
    asked_since(alice.agency, timedelta(days=8))
    client = signed_in(bob)
    app(client)
    assert client.get("/notifications").status_code == 200
    TOTP.activate(alice.owner.user, generate_totp_secret())
    Authenticator.objects.filter(user=alice.owner.user).update(type=Authenticator.Type.WEBAUTHN)
    client = signed_in(alice.owner)
    app(client)
    assert client.get("/notifications").status_code == 302


def app(client: Client) -> None:
    """Set up by its page, after the password."""
    client.post("/comptes/reauthenticate/", {"password": "a password for tests"})
    secret = client.get(f"{INDEX}totp/activate/").context["form"].secret
    code = format_hotp_value(hotp_value(secret, next(yield_hotp_counters_from_time())))
    assert client.post(f"{INDEX}totp/activate/", {"code": code}).status_code == 302
