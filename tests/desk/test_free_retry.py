"""Made again, free: the lot of goodwill is what the new picture costs, whatever the old one did."""

from dataclasses import replace
from typing import Any
from uuid import uuid4

import pytest
from django.utils import timezone

from accounts.choices import LotSource
from accounts.models import PhotoLot
from projects import free_retry, lifecycle, services
from projects.choices import RoomType, Source
from projects.desk.commands import COMMANDS
from projects.models import Generation
from tests.conftest import Cast
from tests.desk.commands import WHY
from tests.garden import succeeded_generation
from tests.projects.jobs import again, balances

pytestmark = pytest.mark.django_db
RETRY = next(each for each in COMMANDS if each.name == "retry_free")


def made_again(job: Generation) -> Generation:
    new_id = uuid4()
    assert free_retry.retry(again(job), new_id=new_id, actor_id="dana", reason=WHY)
    return Generation.objects.get(pk=new_id)


def given() -> list[int]:
    lots = PhotoLot.objects.filter(source=LotSource.GOODWILL)
    return [lot.available + lot.held + lot.consumed for lot in lots]


def variation_that_failed(cast: Cast) -> Generation:
    job = services.create_variation(
        parent=succeeded_generation(cast), author=cast.owner, source=Source.DASHBOARD,
        room_type=RoomType.POOL,
    )  # fmt: skip
    assert lifecycle.cancel(job, actor_id="dana")
    return job


def test_what_cost_more_is_made_again_for_what_it_costs_now(alice: Cast, monkeypatch: Any) -> None:
    with monkeypatch.context() as before:
        dearer = replace(services.CREATE_EXTERIOR, photos_per_generation=3)
        before.setattr(services, "CREATE_EXTERIOR", dearer)
        job = succeeded_generation(alice)
    assert balances(alice) == (7, 0, 3)
    assert RETRY.effect(job, {}).endswith("new picture: 1. 7 stay.")
    assert made_again(job).price == 1 and given() == [1]
    assert balances(alice) == (7, 1, 3)


def test_a_variation_that_costs_nothing_brings_no_photo(alice: Cast) -> None:
    job = variation_that_failed(alice)
    assert "new picture: 0." in RETRY.effect(job, {})
    new = made_again(job)
    assert (new.parent, new.price, given()) == (job.parent, 0, [])
    assert balances(alice) == (9, 0, 1)


def test_a_variation_of_what_is_gone_is_a_picture_of_its_own(alice: Cast) -> None:
    job = variation_that_failed(alice)
    Generation.objects.filter(pk=job.parent_id).update(erased_at=timezone.now())
    new = made_again(job)
    assert (new.parent, new.price, given()) == (None, 1, [1])
    assert balances(alice)[:2] == (9, 1)
