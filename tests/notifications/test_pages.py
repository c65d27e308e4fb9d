"""The list, the choices, and the link in a mail by which its kind comes no more."""

import re
from typing import Any

import pytest
from django.core import signing
from django.test import Client

from accounts.choices import NotificationKind, Role
from accounts.models import Membership, Notification, NotificationChoice
from accounts.notification_choices import FOR_OWNERS, SECURITY, Channels, channels_of
from accounts.notifications import notify, unread_count
from projects.notices.unsubscribing import SALT, unsubscribe_url
from tests.conftest import Cast, signed_in

pytestmark = pytest.mark.django_db
LIST, CHOICES = "/notifications", "/notifications/choix"
Kind = NotificationKind
ID = "11111111-2222-4333-8444-555555555555"
SHARED = {"project_id": ID, "generation_id": ID, "project": "<b>Martin</b>", "client": "Anne"}


def page(client: Client, path: str = LIST, **headers: str) -> str:
    answer = client.get(path, headers={"accept-language": "en", **headers})
    assert answer.status_code == 200
    return answer.content.decode()


def test_the_list_marks_what_is_new_until_it_is_read(alice: Cast, alice_client: Client) -> None:
    notify(alice.owner, Kind.APPROVED, SHARED)
    first, second = page(alice_client), page(alice_client)
    assert 'class="new"' in first and 'class="new"' not in second
    for shown in (first, second):
        assert "Anne approved a picture" in shown and "&lt;b&gt;Martin" in shown
        assert f'href="/projets/{ID}?image={ID}"' in shown
    assert unread_count(alice.owner) == 0


@pytest.mark.parametrize("how", ["prefetch", "head"])
def test_what_nobody_looks_at_stays_new(alice: Cast, alice_client: Client, how: str) -> None:
    notify(alice.owner, Kind.APPROVED, SHARED)
    if how == "head":
        assert alice_client.head(LIST).status_code == 200
    else:
        page(alice_client, **{"sec-purpose": "prefetch;prerender"})
    assert unread_count(alice.owner) == 1


def test_fifty_are_shown_and_all_are_read(
    alice: Cast, alice_client: Client, django_assert_max_num_queries: Any
) -> None:
    for _ in range(52):
        notify(alice.owner, Kind.QUOTA_EXHAUSTED, {})
    with django_assert_max_num_queries(10):
        assert page(alice_client).count('class="new"') == 50
    assert unread_count(alice.owner) == 0
    with django_assert_max_num_queries(1):
        unread_count(alice.owner)


def test_an_empty_list_says_what_it_is_for(alice_client: Client) -> None:
    assert "Nothing to tell you" in page(alice_client)


def test_it_is_in_the_language_of_its_reader(alice: Cast, alice_client: Client) -> None:
    notify(alice.owner, Kind.QUOTA_LOW, {"available": "5"})
    assert "5 photos are left" in page(alice_client)
    assert "5 photos are left" not in page(alice_client, **{"accept-language": "fr"})


# --- The choices


def boxes(client: Client) -> set[str]:
    return set(re.findall(r'checkbox" name="([\w.]+)" checked', page(client, CHOICES)))


def test_a_member_chooses_for_each_kind(alice: Cast, alice_client: Client, bob: Membership) -> None:
    free = {kind.value for kind in Kind if kind not in SECURITY}
    everything = {f"{kind}.{where}" for kind in free for where in ("list", "mail")}
    assert boxes(alice_client) == everything
    kept = everything - {"approved.mail", "ready.list", "ready.mail"}
    assert alice_client.post(CHOICES, dict.fromkeys(kept, "on")).status_code == 302
    assert boxes(alice_client) == kept
    assert channels_of(alice.owner, Kind.APPROVED) == Channels(True, False)
    assert channels_of(bob, Kind.APPROVED) == Channels(), "his are his"
    assert NotificationChoice.objects.count() == 2, "what was not changed follows the default"


def test_security_has_no_box_and_takes_none(alice: Cast, alice_client: Client) -> None:
    alice_client.post(CHOICES, {"key_created.list": "on"})
    assert all(channels_of(alice.owner, kind) == Channels() for kind in SECURITY)
    assert page(alice_client, CHOICES).count("<td>always</td>") == 2 * len(SECURITY)


@pytest.mark.parametrize("role", [Role.MEMBER, Role.VIEWER, Role.MANAGER, Role.INTEGRATOR])
def test_who_owns_nothing_is_not_asked_about_the_agencys(bob: Membership, role: Role) -> None:
    Membership.objects.filter(pk=bob.pk).update(role=role)
    text = page(signed_in(bob), CHOICES)
    assert [kind for kind in FOR_OWNERS if f'"kind-{kind}"' in text] == []
    assert '"kind-ready"' in text


# --- No more mails


def path_of(member: Membership, kind: NotificationKind = Kind.APPROVED) -> str:
    return unsubscribe_url(member, kind).removeprefix("http://testserver")


def test_one_click_needs_no_session(alice: Cast) -> None:
    """RFC 8058: the mail program posts, without cookies and without a page before."""
    client = Client(enforce_csrf_checks=True)
    answer = client.post(path_of(alice.owner), {"List-Unsubscribe": "One-Click"})
    assert answer.status_code == 200
    assert channels_of(alice.owner, Kind.APPROVED) == Channels(True, False)
    assert channels_of(alice.owner, Kind.READY) == Channels(), "of this kind only"


def test_a_scanner_that_opens_links_changes_nothing(alice: Cast, client: Client) -> None:
    text = page(client, path_of(alice.owner))
    assert client.head(path_of(alice.owner)).status_code == 200
    assert "<button>Stop these e-mails</button>" in text
    assert not NotificationChoice.objects.exists()


def test_what_we_did_not_sign_is_no_address(alice: Cast, client: Client) -> None:
    good = path_of(alice.owner).rpartition("/")[2]
    security = signing.dumps([str(alice.owner.pk), Kind.KEY_CREATED], salt=SALT)
    otherwise = signing.dumps([str(alice.owner.pk), Kind.READY], salt="something else")
    for token in (good[:-1] + ("A" if good[-1] != "A" else "B"), "x", security, otherwise):
        for verb in (client.get, client.post):
            assert verb(f"/desabonnement/{token}").status_code == 404
    alice.owner.delete()
    assert client.post(f"/desabonnement/{good}").status_code == 404
    assert not NotificationChoice.objects.exists()


def test_its_address_is_not_in_the_log(alice: Cast, client: Client, caplog: Any) -> None:
    alice_path = path_of(alice.owner)
    token = alice_path.rpartition("/")[2]
    client.post(alice_path + "x")
    assert token not in caplog.text
    assert not Notification.objects.exists()
