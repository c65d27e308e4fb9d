"""The photos in the header: how many, said in words before they are gone, and what to do then."""

from uuid import uuid4

import pytest
from django.test import Client

from accounts.choices import LotSource, Mode
from accounts.models import Membership
from accounts.quota import capture_photos, grant_photos, hold_photos
from accounts.selectors import Meter, meter_of
from tests.conftest import Cast, signed_in
from tests.garden import project_with_photo

pytestmark = pytest.mark.django_db


def use(cast: Cast, photos: int) -> None:
    job = {"agency_id": cast.agency.pk, "mode": Mode.LIVE, "generation_id": uuid4()}
    hold_photos(**job, photos=photos, actor_id="")
    capture_photos(**job, reason="succeeded")


def header(client: Client, url: str = "/projets/nouveau") -> str:
    return client.get(url).content.decode().partition("</header>")[0]


def test_many_are_a_number_and_a_meter(alice: Cast, alice_client: Client) -> None:
    use(alice, 7)
    found = header(alice_client)
    assert "3 photos restantes" in found.replace("\xa0", " ")
    assert '<meter min="0" max="10" value="3"' in found and "scarce" not in found


def test_from_four_fifths_on_it_is_said(alice: Cast, alice_client: Client) -> None:
    use(alice, 8)
    found = header(alice_client)
    assert "scarce" in found and "#low" in found and "#used-up" not in found


def test_whoever_reads_it_is_told_whom_to_ask(
    alice: Cast, bob: Membership, alice_client: Client
) -> None:
    use(alice, 10)
    zone = f"/projets/{project_with_photo(alice).pk}/zone"
    for client, advice in ((alice_client, "Ask support"), (signed_in(bob), "Ask an owner")):
        client.cookies["django_language"] = "en"
        assert "#used-up" in header(client) and advice in header(client)
        for page in ("/", zone, "/projets/nouveau"):
            assert advice in client.get(page).content.decode().partition("</header>")[2], page


def test_what_was_used_up_long_ago_does_not_count(alice: Cast) -> None:
    use(alice, 10)
    assert meter_of(alice.agency, Mode.LIVE) == Meter(0, 0)
    grant_photos(agency=alice.agency, mode=Mode.LIVE, photos=5, source=LotSource.PACK)
    assert meter_of(alice.agency, Mode.LIVE) == Meter(5, 5)
