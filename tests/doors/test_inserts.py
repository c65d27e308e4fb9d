"""What insert() stores is what save() stores."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.db import IntegrityError, models

from accounts.choices import Mode
from integrations.doors.inserts import insert
from integrations.iacrea.accounts import account_for
from projects.choices import RoomType, Source, Status
from projects.models import Generation, GenerationEvent, Project
from tests.conftest import Cast

pytestmark = pytest.mark.django_db
NOON = datetime(2026, 6, 21, 12, tzinfo=UTC)


def project(cast: Cast) -> Project:
    return Project(agency=cast.agency, mode=Mode.LIVE, author=cast.owner, title="Été « 100 % »")


def generation(cast: Cast) -> Generation:
    home = project(cast)
    home.save()
    return Generation(
        agency=cast.agency, mode=Mode.LIVE, project=home, author=cast.owner, source=Source.API,
        room_type=RoomType.POOL, status=Status.QUEUED, status_since=NOON, price=1,
        account=account_for(cast.owner, Mode.LIVE), width=3, height=4,
        polygon=[[0.5, 1.0], [2.0, 3.25]], metadata={"quote": "D-7 %s"},
    )  # fmt: skip


def event(cast: Cast) -> GenerationEvent:
    job = generation(cast)
    job.save()
    return GenerationEvent(generation=job, kind="accepted", detail={"price": 1})


MAKERS = [project, generation, event]


@pytest.mark.parametrize("make", MAKERS, ids=lambda make: make.__name__)
def test_a_row_is_the_one_that_save_stores(make: Any, alice: Cast) -> None:
    saved, inserted = make(alice), make(alice)
    for row in (saved, inserted):
        for field in row._meta.concrete_fields:
            if field.is_relation and field.name in ("project", "generation"):
                setattr(row, field.name, getattr(saved, field.name))
    saved.save(force_insert=True)
    insert(inserted)
    first, second = type(saved).objects.order_by("created_at", "pk")
    assert kept(first) == kept(second)
    assert abs(second.created_at - first.created_at) < timedelta(minutes=1)


@pytest.mark.parametrize("make", MAKERS[:2], ids=lambda make: make.__name__)
def test_the_row_in_hand_is_the_one_that_was_stored(make: Any, alice: Cast) -> None:
    row = make(alice)
    insert(row)
    read = type(row).objects.get(pk=row.pk)
    assert kept(row) == kept(read) and not row._state.adding
    row.save()  # an UPDATE now
    assert type(row).objects.filter(pk=row.pk).count() == 1


def test_a_second_one_of_its_id_is_refused(alice: Cast) -> None:
    first = project(alice)
    insert(first)
    second = project(alice)
    second.pk = first.pk
    with pytest.raises(IntegrityError):
        insert(second)


def kept(row: models.Model) -> dict[str, Any]:
    """Its columns but the id and the times."""
    told = {field.attname: getattr(row, field.attname) for field in row._meta.concrete_fields}
    own = ("id", "created_at", "updated_at")
    return {name: value for name, value in told.items() if name not in own}
