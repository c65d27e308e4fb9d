"""The page behind an invitation's link: a new person, one who has an account, somebody else, and a
link that opens nothing."""

from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from accounts import invitations, team
from accounts.choices import Role
from accounts.models import Invitation, Membership, User
from tests.accounts.test_team import again, invited, token_in_mail
from tests.conftest import Cast, signed_in

pytestmark = pytest.mark.django_db
NEW = {"name": "Dora", "password": "a password for tests"}


def url(token: str) -> str:
    return reverse("projects:invitation", args=[token])


@pytest.fixture
def token(alice: Cast) -> str:
    invited(alice.owner)
    return token_in_mail()


def test_a_new_person_chooses_name_and_password(token: str, alice: Cast, client: Client) -> None:
    page = client.get(url(token))
    assert page.status_code == 200 and 'autocomplete="new-password"' in page.content.decode()
    assert not User.objects.filter(email="dora@example.org").exists(), "a scanner opens links too"
    answer = client.post(url(token), NEW, follow=True)
    assert answer.status_code == 200 and answer.redirect_chain == [("/", 302)]
    member = Membership.objects.get(user__email="dora@example.org")
    assert (member.agency, member.role, member.user.name) == (alice.agency, Role.MEMBER, "Dora")
    assert member.user.check_password(NEW["password"]) and member.user.language == "en"
    assert answer.context["user"] == member.user


@pytest.mark.parametrize(
    "wrong",
    [{"password": "12345678"}, {"password": "dora@example.org"}, {"password": ""}, {"name": ""}],
)
def test_a_bad_password_is_refused_and_the_name_is_kept(
    wrong: dict[str, str], token: str, client: Client
) -> None:
    answer = client.post(url(token), NEW | wrong)
    assert answer.status_code == 422 and not User.objects.filter(email="dora@example.org").exists()
    assert (NEW | wrong)["name"] in answer.content.decode()
    assert client.post(url(token), NEW).status_code == 302


def test_who_has_an_account_signs_in_first(alice: Cast, charlie: Cast, client: Client) -> None:
    invited(alice.owner, "charlie@example.org")
    path = url(token_in_mail())
    page = client.get(path)
    html = page.content.decode()
    assert f"?next={path}" in html and 'type="password"' not in html
    client.post(path, NEW)
    assert not Membership.objects.filter(agency=alice.agency, user=charlie.owner.user).exists()
    signed = signed_in(charlie.owner)
    assert signed.get(path).status_code == 200
    assert not Membership.objects.filter(agency=alice.agency, user=charlie.owner.user).exists()
    assert signed.post(path).status_code == 302
    shell = signed.get("/").context["shell"]
    assert shell.agency == alice.agency, "they arrive where they were invited"


def test_somebody_else_is_told_so(token: str, charlie: Cast, charlie_client: Client) -> None:
    for answer in (charlie_client.get(url(token)), charlie_client.post(url(token), NEW)):
        text = answer.content.decode()
        assert "charlie@example.org" in text and "dora@example.org" in text
    assert not User.objects.filter(email="dora@example.org").exists()
    assert Membership.objects.filter(user=charlie.owner.user).count() == 1


def revoked(alice: Cast) -> None:
    invitations.revoke(Invitation.objects.get(), actor=alice.owner)


def expired(_alice: Cast) -> None:
    Invitation.objects.update(expires_at=timezone.now() - timedelta(seconds=1))


def accepted(alice: Cast) -> None:
    Invitation.objects.update(accepted_at=timezone.now())


def authored_by_nobody(alice: Cast) -> None:
    Invitation.objects.update(author=None)


@pytest.mark.parametrize("end", [revoked, expired, accepted, authored_by_nobody])
def test_what_is_over_says_so(end: Any, token: str, alice: Cast, client: Client) -> None:
    end(alice)
    for answer in (client.get(url(token)), client.post(url(token), NEW)):
        assert answer.status_code == 410
        text = answer.content.decode()
        assert "dora@" not in text and alice.agency.name not in text
    assert not User.objects.filter(email="dora@example.org").exists()


def test_an_unknown_link(token: str, client: Client) -> None:
    for wrong in ("x", token[:-1], token.swapcase(), "a" * 500):
        assert client.get(url(wrong)).status_code == 404
        assert client.post(url(wrong), NEW).status_code == 404


def test_no_machine_keeps_the_page(token: str, client: Client) -> None:
    for path in (url(token), url("unknown")):
        answer = client.get(path)
        assert answer["X-Robots-Tag"] == "noindex, nofollow"
        assert "no-store" in answer["Cache-Control"]
        assert answer["Referrer-Policy"] == "same-origin"
        assert '<meta name="robots" content="noindex' in answer.content.decode()


def test_a_closed_account_does_not_join(token: str, alice: Cast, client: Client) -> None:
    user = User.objects.create_user("dora@example.org", None, is_active=False)
    assert client.post(url(token), NEW).status_code == 409
    assert not again(user).has_usable_password()
    assert not Membership.objects.filter(user=user).exists()


def test_after_the_author_left_the_link_is_dead(
    alice: Cast, bob: Membership, client: Client
) -> None:
    team.change_role(actor=alice.owner, member=bob, role=Role.MANAGER)
    invited(again(bob))
    path = url(token_in_mail())
    assert client.get(path).status_code == 200
    team.change_role(actor=alice.owner, member=bob, role=Role.MEMBER)
    assert client.get(path).status_code == 410
