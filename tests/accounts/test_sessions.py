"""Where one is signed in, and signing out everywhere else."""

from datetime import timedelta
from typing import Any

import pytest
from allauth.usersessions.models import UserSession
from django.conf import LazySettings
from django.contrib.sessions.models import Session
from django.test import Client
from django.utils import timezone

from accounts import seen
from projects import tasks
from tests.conftest import Cast

pytestmark = pytest.mark.django_db
URL = "/comptes/sessions/"
FIREFOX = "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0"
EDGE = "Mozilla/5.0 (Windows NT 10.0) AppleWebKit/537.36 Chrome/140.0 Safari/537.36 Edg/140.0"


def signed_in(agent: str, email: str = "alice@example.org") -> Client:
    client = Client(headers={"user-agent": agent, "accept-language": "en"})
    sent = {"login": email, "password": "a password for tests"}
    assert client.post("/comptes/login/", sent).status_code == 302
    return client


def test_each_session_is_named_and_the_others_are_ended(alice: Cast, charlie: Cast) -> None:
    here, there = signed_in(FIREFOX), signed_in(EDGE)
    foreign = signed_in(EDGE, "charlie@example.org")
    text = here.get(URL).content.decode()
    assert "Firefox, Linux" in text and "Edge, Windows" in text and text.count("this one") == 1
    assert "Edge, Windows" in foreign.get(URL).content.decode()
    answer = here.post(URL, follow=True)
    assert "You are signed out everywhere else" in answer.content.decode()
    assert "Edge" not in answer.content.decode()
    assert there.get("/").status_code == 302 and here.get("/").status_code == 200
    assert foreign.get("/").status_code == 200, "of another person"


def test_a_stranger_sees_none(client: Client) -> None:
    assert client.get(URL)["Location"] == f"/comptes/login/?next={URL}"
    assert client.post(URL).status_code == 302


def test_an_agent_that_says_nothing(alice: Cast) -> None:
    assert "Unknown browser" in signed_in("<b>").get(URL).content.decode()


def test_it_is_written_once_in_ten_minutes(
    alice: Cast, monkeypatch: pytest.MonkeyPatch, django_assert_num_queries: Any
) -> None:
    client = signed_in(FIREFOX)
    row = UserSession.objects.get()
    then = timezone.now() - timedelta(hours=1)
    UserSession.objects.update(last_seen_at=then)
    client.get("/notifications")
    row.refresh_from_db()
    assert row.last_seen_at == then, "the sign-in was just now"
    clock = seen.time.monotonic()
    monkeypatch.setattr(seen.time, "monotonic", lambda: clock + seen.EVERY_S)
    client.get("/notifications")
    row.refresh_from_db()
    assert row.last_seen_at > then
    UserSession.objects.update(last_seen_at=then)
    client.get("/notifications")
    row.refresh_from_db()
    assert row.last_seen_at == then


def test_a_session_of_before_is_listed_too(alice: Cast) -> None:
    """Of a time when nobody wrote them down, or of another process."""
    client = signed_in(FIREFOX)
    UserSession.objects.all().delete()
    seen._written.clear()
    client.get("/")
    assert "Firefox, Linux" in client.get(URL).content.decode()
    assert UserSession.objects.get().user == alice.owner.user


def test_no_page_without_a_session_is_written_down(alice: Cast, client: Client) -> None:
    seen._written.clear()
    client.get("/comptes/login/")
    client.get("/healthz")
    assert not UserSession.objects.exists() and not seen._written


def test_those_that_ended_are_forgotten(alice: Cast, settings: Any) -> None:
    signed_in(FIREFOX)
    signed_in(EDGE)
    old = UserSession.objects.filter(user_agent=EDGE)
    day = timedelta(days=1)
    old.update(last_seen_at=timezone.now() - timedelta(seconds=settings.SESSION_COOKIE_AGE) - day)
    tasks.sweep_messages()
    assert UserSession.objects.get().user_agent == FIREFOX


def test_little_is_remembered(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(seen, "MOST", 3)
    seen._written.clear()
    for key in "abcd":
        seen._remember(key)
    assert list(seen._written) == ["b", "c", "d"]


def ends() -> Any:
    return Session.objects.get().expire_date


def test_it_ends_so_long_after_the_sign_in_however_it_is_used(
    alice: Cast, settings: LazySettings
) -> None:
    client = signed_in(FIREFOX)
    first = ends()
    assert abs(first - timezone.now() - timedelta(days=14)) < timedelta(minutes=5)
    session = client.session
    session["chosen"] = "something"
    session.save()
    assert client.get("/").status_code == 200 and ends() == first
    assert client.session.get_expiry_date() == first
    Session.objects.update(expire_date=timezone.now())
    assert client.get("/").status_code == 302


def test_one_of_before_gets_its_end_when_it_is_written(alice: Cast) -> None:
    """Until then it had an age, which began anew with each write."""
    client = signed_in(FIREFOX)
    session = client.session
    session["_session_expiry"] = 60
    session.save()
    assert ends() - timezone.now() > timedelta(days=13)


def test_a_new_sign_in_in_it_begins_anew(alice: Cast) -> None:
    client = signed_in(FIREFOX)
    session = client.session
    session.set_expiry(timezone.now() + timedelta(hours=1))
    session.save()
    client.post("/comptes/logout/")
    sent = {"login": "alice@example.org", "password": "a password for tests"}
    assert client.post("/comptes/login/", sent).status_code == 302
    assert client.session.get_expiry_date() - timezone.now() > timedelta(days=13)
