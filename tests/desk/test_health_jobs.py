"""The health page tells of pictures and jobs what their rows say, each of its words with rows that
earn it."""

from datetime import timedelta

import pytest
from django.utils import timezone

from projects.choices import FailureCode, Source, Status
from projects.desk import health
from projects.desk.signs import Level, signs
from projects.models import Generation
from tests.conftest import Cast
from tests.desk.unwell import ago, ended, many, told
from tests.garden import processing_generation, queued_generation
from tests.projects.jobs import unconfirmed

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("english")]


def test_with_nothing_there_all_is_well_but_for_the_worker(db: None) -> None:
    found = {sign.name: sign.level for sign in signs(health.read())}
    assert {name for name, level in found.items() if level != Level.WELL} == {"sweeper", "canary"}


def test_success_in_three_words(alice: Cast) -> None:
    alice_job = Generation.objects.get(pk=ended(alice).pk)
    assert told("hour") == ("1 ended: too few to tell", Level.WELL)
    many(alice_job, 18)
    ended(alice, FailureCode.INVALID_INPUT), ended(alice, FailureCode.CANCELED)
    assert told("hour") == ("100.0 % of 19", Level.WELL), "a bad photo is not iacrea's"
    ended(alice, FailureCode.GENERATION_FAILED)
    assert told("hour") == ("95.0 % of 20", Level.LOOK)
    failed = Generation.objects.get(pk=ended(alice, FailureCode.TIMED_OUT).pk)
    many(failed, 3)
    assert told("hour") == ("79.2 % of 24", Level.ACT)
    Generation.objects.update(ended_at=ago(hours=2))
    assert told("hour")[1] == Level.WELL and told("day") == ("79.2 % of 24", Level.ACT)
    Generation.objects.update(ended_at=ago(hours=25))
    assert told("day") == ("0 ended: too few to tell", Level.WELL)


def test_what_is_no_picture_of_iacrea_counts_nowhere(alice: Cast) -> None:
    ended(alice, mode="test"), ended(alice, source=Source.IMPORT)
    lost = ended(alice, FailureCode.TIMED_OUT)
    ended(alice, recovered_from=lost, price=0)
    found = health.read()
    assert (found.day.made, found.day.failed) == (0, 1)


@pytest.mark.parametrize(
    ("late", "level"), [(299, Level.WELL), (300, Level.LOOK), (900, Level.ACT)]
)
def test_how_long_pictures_take(alice: Cast, late: float, level: Level) -> None:
    job = Generation.objects.get(pk=ended(alice, seconds=40).pk)
    many(job, 17)
    assert told("times")[0] == "half within 40 s, 19 of 20 within 40 s"
    ended(alice, seconds=late), ended(alice, seconds=late)
    found = health.read()
    assert (round(found.usual_s or 0), round(found.late_s or 0)) == (40, late)
    assert told("times")[1] == level


def test_too_few_pictures_tell_no_time(alice: Cast) -> None:
    for _ in range(4):
        ended(alice, seconds=5000)
    assert told("times") == ("too few to tell", Level.WELL)


def test_jobs_in_flight_by_their_status(alice: Cast) -> None:
    queued_generation(alice), queued_generation(alice), processing_generation(alice)
    queued = Generation.objects.filter(status=Status.QUEUED).first()
    assert queued
    many(queued, 2, mode="test")
    found = health.read()
    assert found.in_flight == {
        "QUEUED": 2, "SUBMITTING": 0, "UNCONFIRMED": 0, "PROCESSING": 1, "ARCHIVING": 0,
    }  # fmt: skip
    assert told("in_flight")[0] == "Waiting 2, In progress 1"


@pytest.mark.parametrize(("minutes", "level"), [(9, Level.WELL), (11, Level.LOOK), (61, Level.ACT)])
def test_the_longest_wait(alice: Cast, minutes: float, level: Level) -> None:
    queued_generation(alice)
    Generation.objects.update(created_at=ago(minutes=minutes), due_at=ago(minutes=minutes))
    assert told("longest_wait")[1] == level
    assert told("overdue") == ("0 s", Level.WELL), "it waits for its account or its turn"


@pytest.mark.parametrize(
    ("seconds", "word", "level"),
    [(30, "30 s", Level.WELL), (61, "61 s", Level.LOOK), (301, "5\xa0minutes", Level.ACT)],
)
def test_the_oldest_due_job(alice: Cast, seconds: float, word: str, level: Level) -> None:
    processing_generation(alice)
    Generation.objects.update(due_at=ago(seconds=seconds))
    assert told("overdue") == (word, level)


def test_unclear_outcomes(alice: Cast) -> None:
    assert told("unclear") == ("0", Level.WELL)
    job = unconfirmed(alice)
    assert told("unclear") == ("1", Level.LOOK)
    many(job, 9)
    assert told("unclear") == ("10", Level.ACT)


def test_stuck_jobs(alice: Cast) -> None:
    job = processing_generation(alice)
    Generation.objects.update(status_since=ago(minutes=14))
    assert told("stuck") == ("0 in progress for more than 15\xa0minutes", Level.WELL)
    Generation.objects.update(status_since=ago(minutes=16))
    assert told("stuck")[1] == Level.LOOK
    job.refresh_from_db()
    many(job, 4)
    assert told("stuck") == ("5 in progress for more than 15\xa0minutes", Level.ACT)


def test_stuck_is_longer_than_all_but_one_of_a_hundred(alice: Cast) -> None:
    job = Generation.objects.get(pk=ended(alice, seconds=200).pk)
    many(job, 98)
    assert health.read().stuck_after_s == 15 * 60
    ended(alice, seconds=5000)
    assert round(health.read().stuck_after_s) == 200
    now = timezone.now()
    Generation.objects.update(created_at=now - timedelta(seconds=20), ended_at=now)
    assert health.read().stuck_after_s == 120, "iacrea was hardly asked before"
