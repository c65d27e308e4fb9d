"""The pages: who may see them, what they ask for before anything is erased, and what they say."""

from typing import Any
from urllib.parse import quote

import pytest
from django.test import Client

from accounts import sign_up
from accounts.choices import Role
from accounts.models import AuditEntry, Membership, User
from accounts.services import add_member
from projects.models import Project
from projects.privacy import requests
from tests.conftest import Cast, signed_in
from tests.garden import succeeded_generation

pytestmark = pytest.mark.django_db
PASSWORD = "a password for tests"
ENGLISH = {"accept-language": "en"}
MINE, ERASE_ME = "/mes-donnees", "/mes-donnees/supprimer"
AGENCY, ASK, BACK = "/agence/donnees", "/agence/donnees/supprimer", "/agence/donnees/rappeler"
FILES = (f"{MINE}/fichier", f"{AGENCY}/archive")


def sure(membership: Membership) -> Client:
    """Signed in by the page, and the password typed once more."""
    client = Client(headers=ENGLISH)
    client.post("/comptes/login/", {"login": membership.user.email, "password": PASSWORD})
    client.post("/comptes/reauthenticate/", {"password": PASSWORD})
    return client


def test_everybody_reads_what_is_kept_of_them(alice: Cast, bob: Membership) -> None:
    lou = User.objects.create_user("lou@example.org", PASSWORD, name="Lou")
    client = Client(headers=ENGLISH)
    client.force_login(lou)
    html = client.get(MINE).content.decode()
    assert "lou@example.org" in html and AGENCY not in html
    html = signed_in(bob).get(MINE, headers=ENGLISH).content.decode()
    assert "Alice · Member" in html and AGENCY not in html
    assert AGENCY in signed_in(alice.owner).get(MINE).content.decode()


@pytest.mark.parametrize("role", [role for role in Role if role != Role.OWNER])
def test_only_owners_have_to_do_with_the_agencys_data(alice: Cast, role: Role) -> None:
    user = User.objects.create_user("pia@example.org", PASSWORD)
    client = signed_in(add_member(agency=alice.agency, user=user, role=role))
    assert [client.get(url).status_code for url in (AGENCY, FILES[1], ASK)] == [403] * 3
    assert [client.post(url).status_code for url in (ASK, BACK)] == [403] * 2
    assert not AuditEntry.objects.filter(action__startswith="agency.e").exists()
    client.post("/comptes/reauthenticate/", {"password": PASSWORD})
    assert client.get(MINE).status_code == client.get(FILES[0]).status_code == 200


def test_who_has_not_confirmed_types_the_address_that_they_claimed(bob: Membership) -> None:
    client, nowhere = sure(bob), f"7{sign_up.UNVERIFIED}"
    User.objects.filter(pk=bob.user_id).update(email=nowhere, claimed_email="bob@example.net")
    for url in (MINE, ERASE_ME):
        html = client.get(url).content.decode()
        assert "bob@example.net" in html and nowhere not in html
    client.post(ERASE_ME, {"typed": "bob@example.net"})
    bob.user.refresh_from_db()
    assert not bob.user.is_active and not bob.user.claimed_email


def test_strangers_are_asked_to_sign_in(client: Client) -> None:
    for url in (MINE, ERASE_ME, AGENCY, ASK, *FILES):
        answer = client.get(url)
        assert answer.status_code == 302 and "/comptes/login/" in answer["Location"]


def test_files_hold_nothing_of_others(alice: Cast, bob: Membership, charlie: Cast) -> None:
    job = succeeded_generation(alice)
    for url in FILES:
        whole = b"".join(sure(charlie.owner).get(url).streaming_content)
        assert b"charlie@example.org" in whole or url == FILES[1]
        for foreign in (str(job.pk), str(alice.agency.pk), "alice@example.org", "bob@example.org"):
            assert foreign.encode() not in whole
    theirs = b"".join(sure(bob).get(FILES[0]).streaming_content)
    assert b"alice@example.org" not in theirs and str(job.pk).encode() not in theirs


def test_a_session_alone_erases_nothing(alice: Cast, bob: Membership) -> None:
    for member, url, typed in ((bob, ERASE_ME, "bob@example.org"), (alice.owner, ASK, "Alice")):
        client = signed_in(member)
        for answer in (client.get(url), client.post(url, {"typed": typed})):
            assert answer.status_code == 302 and "/comptes/reauthenticate/" in answer["Location"]
    assert User.objects.get(pk=bob.user_id).is_active
    assert requests.selectors.open_request(alice.agency) is None


def test_a_session_alone_takes_nothing_home(alice: Cast) -> None:
    client = signed_in(alice.owner)
    for url, page in zip(FILES, (MINE, AGENCY), strict=True):
        answer = client.get(url, headers=ENGLISH)
        assert answer["Location"] == f"/comptes/reauthenticate/?next={quote(page, safe='')}"
        asked = client.get(answer["Location"], headers=ENGLISH)
        assert "Confirm that it is you" in asked.content.decode()
        assert client.post(answer["Location"], {"password": "a guess"}).status_code == 200
        assert client.get(url).status_code == 302
    assert not AuditEntry.objects.filter(action="agency.exported").exists()
    back = client.post(answer["Location"], {"password": PASSWORD})
    assert back["Location"] == AGENCY
    assert [client.get(url).status_code for url in FILES] == [200, 200]


def test_one_deletes_ones_account(bob: Membership) -> None:
    client = sure(bob)
    assert "bob@example.org" in client.get(ERASE_ME).content.decode()
    wrong = client.post(ERASE_ME, {"typed": "bob"})
    assert wrong.status_code == 422 and b'href="#id_typed"' in wrong.content
    assert User.objects.get(pk=bob.user_id).is_active
    answer = client.post(ERASE_ME, {"typed": " Bob@Example.org "}, follow=True)
    assert answer.redirect_chain[-1][0].startswith("/comptes/login/")
    assert "Your account is deleted" in answer.content.decode()
    assert not User.objects.get(pk=bob.user_id).is_active
    assert client.get("/").status_code == 302


def test_the_only_owner_is_told_what_to_do(alice: Cast, charlie: Cast, bob: Membership) -> None:
    html = sure(alice.owner).get(ERASE_ME).content.decode()
    assert "First make another member an owner" in html and '<button class="danger"' not in html
    client = sure(charlie.owner)
    assert "You are alone in Charlie" in client.get(ERASE_ME).content.decode()
    answer = client.post(ERASE_ME, {"typed": "charlie@example.org"})
    assert answer.status_code == 409 and b"You are the only owner" in answer.content
    assert User.objects.get(pk=charlie.owner.user_id).is_active


def test_an_owner_asks_and_calls_it_back(
    alice: Cast, settings: Any, mailoutbox: list[Any], hints: list[tuple[str, ...]]
) -> None:
    settings.OPERATOR_EMAIL = "operator@example.org"
    client = sure(alice.owner)
    assert client.post(ASK, {"typed": "Alise"}).status_code == 422
    html = client.post(ASK, {"typed": "alice"}, follow=True).content.decode()
    assert "Your request was sent" in html and "Call it back" in html and ASK not in html
    client.post(ASK, {"typed": "alice"})
    html = client.post(BACK, follow=True).content.decode()
    assert "Nothing will be erased" in html and ASK in html
    assert [task for task, _id in hints] == ["projects.privacy.requests.mail_operator"] * 2
    for _task, entry_id in hints:
        requests.mail_operator(entry_id)
    asked, back = mailoutbox
    assert asked.to == ["operator@example.org"] and "Alice" in asked.subject
    assert f"erase_agency {alice.agency.pk}" in asked.body and "alice@example.org" in asked.body
    assert "erase_agency" not in back.body
    assert Project.objects.filter(erased_at=None).count() == 0 and alice.agency.name == "Alice"


@pytest.fixture
def hints(monkeypatch: Any) -> list[tuple[str, ...]]:
    """What is put into the queue."""
    put: list[tuple[str, ...]] = []
    monkeypatch.setattr(requests.queue, "enqueue", lambda *hint: put.append(hint))
    return put
