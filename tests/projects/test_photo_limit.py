"""Photos and zones that people send by pages: so many in a minute, of a person and of an agency."""

from typing import Any
from uuid import uuid4

import pytest
from django.conf import LazySettings
from django.core.cache import cache
from django.test import Client

from accounts.models import Membership
from projects.models import Generation, Project
from tests.accounts.movements import balances
from tests.conftest import Cast, photo_bytes, signed_in
from tests.garden import project_with_photo
from tests.projects.test_pages import OPERATIONS, SCRIPT, ask, upload

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def two(settings: LazySettings) -> None:
    cache.clear()
    settings.ACCOUNT_RATE_LIMITS = {
        "photos_of_a_person": "2/m/key",
        "photos_of_an_agency": "3/m/key",
    }


def start(client: Client, data: bytes = b"", **headers: Any) -> Any:
    fields = {"title": "Martin", "project_id": str(uuid4()), "photo": upload(data or photo_bytes())}
    return client.post("/projets/nouveau", fields, headers=headers)


@pytest.mark.parametrize(
    ("language", "words"),
    [("en", "Many photos came in the last minute"), ("fr", "Beaucoup de photos sont arrivées")],
)
def test_above_it_no_photo_is_opened(alice_client: Client, language: str, words: str) -> None:
    """What is no photo at all would be a 422. What was typed stays."""
    alice_client.cookies["django_language"] = language
    assert [start(alice_client).status_code for _ in range(2)] == [302, 302]
    answer = start(alice_client, b"no photo")
    assert answer.status_code == 429 and words in answer.text and 'value="Martin"' in answer.text
    told = start(alice_client, **SCRIPT)
    assert told.status_code == 429 and words in told.json()["problem"]
    assert alice_client.post("/projets/exemple").status_code == 429
    assert alice_client.get("/projets/nouveau").status_code == 200
    assert Project.objects.count() == 2


def test_a_zone_counts_as_well_and_is_not_lost(alice: Cast, alice_client: Client) -> None:
    project = project_with_photo(alice)
    start(alice_client)
    start(alice_client)
    answer = ask(alice_client, project)
    assert answer.status_code == 429 and str(OPERATIONS[0]["p"][0]) in answer.text
    assert not Generation.objects.exists() and balances(alice) == (10, 0, 0)


def test_of_an_agency_all_people_together(
    alice_client: Client, bob: Membership, charlie_client: Client
) -> None:
    bobs = signed_in(bob)
    assert [start(bobs).status_code for _ in range(2)] == [302, 302]
    assert [start(alice_client).status_code for _ in range(2)] == [302, 429]
    assert start(charlie_client).status_code == 302
