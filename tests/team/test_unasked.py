"""A key may make a member of anybody whose address it knows. Who was not asked is an address to
their new colleagues, until they come."""

from datetime import timedelta
from uuid import uuid4

import pytest
from allauth.mfa.models import Authenticator
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from accounts import services
from accounts.models import Membership, User
from accounts.teammates import team_of
from projects.privacy.selectors.agency import _members
from tests.conftest import Cast, signed_in

pytestmark = pytest.mark.django_db
TEAM, USAGE = "/equipe", "/utilisation"


@pytest.fixture
def unasked(alice: Cast, charlie: Cast) -> Membership:
    """Charlie of another agency, who has a second factor and was here today."""
    Authenticator.objects.create(user=charlie.owner.user, type="totp", data={"secret": "x"})
    User.objects.filter(pk=charlie.owner.user_id).update(last_login=timezone.now())
    made = services.put_member(
        agency=alice.agency, iacrea_user_id=uuid4(), email="Charlie@example.org", name="Charles"
    )
    assert made
    return Membership.objects.get(agency=alice.agency, user=charlie.owner.user)


def read(client: Client, page: str) -> str:
    return client.get(page, headers={"accept-language": "en"}).content.decode()


def test_nothing_of_theirs_is_told(alice: Cast, alice_client: Client, unasked: Membership) -> None:
    for page in (TEAM, USAGE, reverse("projects:iacrea")):
        text = read(alice_client, page)
        assert "Charlie</" not in text and "Charlie</option>" not in text, page
    assert "charlie@example.org" in read(alice_client, TEAM)
    (row,) = [row for row in team_of(alice.agency) if row.member.pk == unasked.pk]
    assert (row.has_second_factor, row.seen_at) == (False, None)
    (line,) = [line for line in _members(alice.agency) if line["id"] == unasked.pk]
    assert (line["name"], line["email"]) == ("", "charlie@example.org")


def test_who_comes_is_a_colleague(alice: Cast, alice_client: Client, unasked: Membership) -> None:
    client = signed_in(unasked)
    client.get("/")
    unasked.refresh_from_db()
    assert unasked.joined_at is None, "they worked where they always did"
    client.post(reverse("projects:switch"), {"member": str(unasked.pk)})
    client.get("/")
    unasked.refresh_from_db()
    assert unasked.joined_at and timezone.now() - unasked.joined_at < timedelta(minutes=1)
    assert "Charlie" in read(alice_client, TEAM)
    (row,) = [row for row in team_of(alice.agency) if row.member.pk == unasked.pk]
    assert row.has_second_factor and row.seen_at


def test_whom_the_agency_made_has_the_name_that_it_gave(alice: Cast) -> None:
    """There was no account yet, so that nothing is anybody else's."""
    services.put_member(
        agency=alice.agency, iacrea_user_id=uuid4(), email="dora@example.org", name="Dora"
    )
    row = Membership.objects.get(user__email="dora@example.org")
    assert row.joined_at and row.shown_name == "Dora"
