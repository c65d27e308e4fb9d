"""A member's own part of the month: counted with the hold, in whatever way the job comes."""

from datetime import timedelta
from functools import partial

import pytest
from django.test import Client
from django.utils import timezone

from accounts.choices import Mode
from accounts.ledger_audit import differences
from accounts.periods import start_of_month
from projects import lifecycle
from projects.exceptions import MemberCapReached
from projects.member_caps import left_of_cap
from projects.models import Generation, Project
from tests.accounts.movements import balances
from tests.conftest import Cast
from tests.garden import queued_generation
from tests.projects.jobs import at_once

GENERATE = "/api/create_exterior/generate"


def cap(cast: Cast, photos: int | None) -> None:
    cast.owner.monthly_cap = photos
    cast.owner.save(update_fields=["monthly_cap"])


def accepted(cast: Cast) -> bool:
    try:
        queued_generation(cast)
    except MemberCapReached:
        return False
    return True


@pytest.mark.django_db
def test_up_to_the_cap_and_not_beyond(alice: Cast) -> None:
    cap(alice, 2)
    assert [accepted(alice) for _ in range(3)] == [True, True, False]
    assert balances(alice) == (8, 2, 0) and left_of_cap(alice.owner) == 0
    assert list(differences()) == []


@pytest.mark.django_db
def test_none_is_no_cap_and_zero_is_one(alice: Cast) -> None:
    assert left_of_cap(alice.owner) is None and accepted(alice)
    cap(alice, 0)
    assert not accepted(alice)


@pytest.mark.django_db
def test_what_failed_counts_no_more(alice: Cast) -> None:
    cap(alice, 1)
    job = queued_generation(alice)
    assert not accepted(alice)
    assert lifecycle.cancel(job, actor_id="")
    assert accepted(alice)


@pytest.mark.django_db
def test_last_month_and_test_mode_do_not_count(alice: Cast) -> None:
    cap(alice, 1)
    old = queued_generation(alice)
    before = start_of_month(timezone.now()) - timedelta(seconds=1)
    Generation.objects.filter(pk=old.pk).update(created_at=before)
    queued_generation(alice, Mode.TEST)
    assert left_of_cap(alice.owner) == 1 and accepted(alice)
    queued_generation(alice, Mode.TEST)


@pytest.mark.django_db
def test_an_overdrawn_cap_refuses(alice: Cast) -> None:
    queued_generation(alice)
    queued_generation(alice)
    cap(alice, 1)
    assert left_of_cap(alice.owner) == -1 and not accepted(alice)


@pytest.mark.django_db
def test_the_wire_says_so_and_keeps_nothing(alice: Cast, client: Client) -> None:
    cap(alice, 0)
    fields = {
        "user_id": alice.user_id, "image_url": "https://example.org/a.jpg",
        "mask_url": "https://example.org/b.png", "room_type": "POOL", "width": 320, "height": 240,
    }  # fmt: skip
    answer = client.post(GENERATE, fields, "application/json", headers=alice.headers)
    assert (answer.status_code, answer.json()["code"]) == (403, "member_cap_reached")
    assert Project.objects.count() == 0 and balances(alice) == (10, 0, 0)


@pytest.mark.django_db
def test_the_page_counts_the_smaller_of_the_two(alice: Cast, client: Client) -> None:
    client.force_login(alice.owner.user)
    address = f"/projets/{queued_generation(alice).project_id}/zone"
    client.cookies["django_language"] = "en"
    cap(alice, 3)
    assert "you may use 1 more this month" in " ".join(client.get(address).text.split())
    cap(alice, 1)
    assert "Your photos of this month are used up" in client.get(address).text
    cap(alice, 50)
    assert "8 will be left" in " ".join(client.get(address).text.split())


@pytest.mark.django_db(transaction=True)
@pytest.mark.usefixtures("ledger_may_be_flushed")
def test_ten_at_once_for_three(alice: Cast) -> None:
    cap(alice, 3)
    assert sum(at_once(*[partial(accepted, alice)] * 10)) == 3
    assert balances(alice) == (7, 3, 0) and list(differences()) == []
