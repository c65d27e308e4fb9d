"""The support desk opens with a second factor only."""

from collections.abc import Iterator
from typing import Any

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import (
    TOTP,
    format_hotp_value,
    generate_totp_secret,
    hotp_value,
    yield_hotp_counters_from_time,
)
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from accounts.models import User
from accounts.staff_roles import give_role
from accounts.staff_second_factor import WAYS_OUT
from tests.conftest import Cast, signed_in
from tests.test_isolation import routes

pytestmark = pytest.mark.django_db
PASSWORD = "a password for tests"
SET_UP = "/comptes/2fa/"


@pytest.fixture(autouse=True)
def required(settings: Any) -> None:
    settings.STAFF_MFA_REQUIRED = True


@pytest.fixture
def dana(db: None) -> User:
    user = User.objects.create_user("dana@example.org", PASSWORD, name="Dana")
    give_role(user, "senior", actor_id="test", reason="a test")
    return User.objects.get(pk=user.pk)


@pytest.fixture
def client(dana: User) -> Client:
    client = Client(headers={"accept-language": "en"})
    client.force_login(dana)
    return client


def with_factor(user: User, kind: str = Authenticator.Type.TOTP) -> None:
    Authenticator.objects.create(user=user, type=kind, data={"secret": "x"})


def gave_it(client: Client, user: User) -> None:
    """As allauth notes it of a session."""
    session = client.session
    session["account_authentication_methods"] = [{"method": "mfa", "at": 0, "type": "totp"}]
    session["account_authentication_methods_user"] = str(user.pk)
    session.save()


def desk_pages() -> Iterator[str]:
    for name, pattern in routes():
        if name.startswith(("admin:", "desk:")) and not pattern.pattern.regex.groups:
            yield reverse(name) if pattern.name else "/admin/nowhere"


def test_without_one_every_page_of_the_desk_leads_to_setting_it_up(client: Client) -> None:
    ways_out = {reverse(name) for name in WAYS_OUT}
    pages = [page for page in desk_pages() if page not in ways_out]
    assert len(pages) > 30
    for page in pages:
        assert client.get(page)["Location"] == SET_UP, page
        assert client.post(page)["Location"] == SET_UP, page
    told = client.get("/admin/", follow=True).content.decode()
    assert "The support desk needs two-step sign-in" in told


def test_with_one_it_opens(client: Client, dana: User) -> None:
    with_factor(dana, Authenticator.Type.RECOVERY_CODES)
    assert client.get("/admin/")["Location"] == SET_UP, "recovery codes alone are none"
    with_factor(dana)
    gave_it(client, dana)
    assert client.get("/admin/").status_code == 200
    Authenticator.objects.all().delete()
    assert client.get("/admin/")["Location"] == SET_UP, "what was taken away is asked for again"


def test_a_session_of_a_password_alone_stays_outside(client: Client, dana: User) -> None:
    """As of a phisher, who came in before the factor was set up."""
    secret = generate_totp_secret()
    TOTP.activate(dana, secret)
    page = "/admin/projects/generation/?q=a"
    asked = client.get(page)
    confirm = f"{reverse('mfa_reauthenticate')}?next=/admin/projects/generation/%3Fq%3Da"
    assert asked["Location"].replace("%2F", "/") == confirm
    assert "asks for your second step" in client.get(asked["Location"]).content.decode()
    client.post(asked["Location"], {"code": "000000"})
    assert client.get(page).status_code == 302
    code = format_hotp_value(hotp_value(secret, next(yield_hotp_counters_from_time())))
    assert client.post(asked["Location"], {"code": code})["Location"] == page
    assert client.get(page).status_code == 200


def test_who_has_passkeys_only_is_asked_for_one(client: Client, dana: User) -> None:
    with_factor(dana, Authenticator.Type.WEBAUTHN)
    page = reverse("mfa_reauthenticate_webauthn")
    assert client.get("/admin/")["Location"].startswith(page)


def test_a_factor_given_by_another_counts_for_nothing(client: Client, alice: Cast) -> None:
    dana = User.objects.get(email="dana@example.org")
    with_factor(dana)
    gave_it(client, alice.owner.user)
    assert client.get("/admin/").status_code == 302


def test_superusers_need_one_too(db: None) -> None:
    client = Client()
    client.force_login(User.objects.create_superuser("root@example.org", PASSWORD))
    assert client.get("/admin/")["Location"] == SET_UP


def test_everybody_gets_out(client: Client) -> None:
    assert client.post(reverse("admin:logout")).status_code == 200
    assert "_auth_user_id" not in client.session


def test_customers_are_sent_away_as_ever(alice: Cast) -> None:
    client = signed_in(alice.owner)
    assert client.get("/admin/")["Location"].startswith("/admin/login/")
    assert client.get("/").status_code == 200
    assert Client().get("/admin/")["Location"].startswith("/admin/login/")


def test_it_can_be_switched_off(client: Client, settings: Any) -> None:
    settings.STAFF_MFA_REQUIRED = False
    assert client.get("/admin/").status_code == 200


def test_it_costs_the_desk_one_query_and_other_pages_none(
    client: Client, dana: User, alice: Cast, settings: Any
) -> None:
    with_factor(dana)
    gave_it(client, dana)
    costs = {}
    for page, reader in (("/admin/", client), ("/", signed_in(alice.owner))):
        reader.get(page)
        for settings.STAFF_MFA_REQUIRED in (False, True):
            with CaptureQueriesContext(connection) as queries:
                reader.get(page)
            costs[page, settings.STAFF_MFA_REQUIRED] = len(queries)
    assert costs["/admin/", True] == costs["/admin/", False] + 1
    assert costs["/", True] == costs["/", False]


def test_a_password_alone_does_not_sign_in_who_has_one(dana: User) -> None:
    """Through the product's own page, which the admin's leads to."""
    with_factor(dana)
    client = Client()
    there = {"login": "dana@example.org", "password": PASSWORD}
    answer = client.get("/admin/", follow=True)
    assert answer.request["PATH_INFO"] == reverse("account_login")
    answer = client.post(reverse("account_login") + "?next=/admin/", there)
    assert answer["Location"].startswith("/comptes/2fa/authenticate/")
    client.post("/admin/login/", {"username": "dana@example.org", "password": PASSWORD})
    assert "_auth_user_id" not in client.session


def test_a_password_is_changed_where_everybody_changes_theirs(client: Client, dana: User) -> None:
    """Django's own page would tell nobody of it."""
    with_factor(dana)
    gave_it(client, dana)
    ours, new = reverse("account_change_password"), "quite another password"
    django = {"old_password": PASSWORD, "new_password1": new, "new_password2": new}
    for name in ("admin:password_change", "admin:password_change_done"):
        assert client.get(reverse(name))["Location"] == ours
        assert client.post(reverse(name), django)["Location"] == ours
    dana.refresh_from_db()
    assert dana.check_password(PASSWORD)
    assert client.get(ours).status_code == 200
    client.post(ours, {"oldpassword": PASSWORD, "password1": new, "password2": new})
    dana.refresh_from_db()
    assert dana.check_password(new)
    assert Client().get(reverse("admin:password_change"))["Location"].startswith("/admin/login/")


def test_staff_who_have_no_agency_come_to_their_desk(client: Client, dana: User) -> None:
    with_factor(dana)
    gave_it(client, dana)
    for page in ("/", "/utilisation"):
        assert client.get(page, follow=True).redirect_chain[-1][0] == reverse("admin:index")
    visitor = Client()
    visitor.force_login(User.objects.create_user("lou@example.org", PASSWORD, name="Lou"))
    assert visitor.get("/", follow=True).status_code == 403
