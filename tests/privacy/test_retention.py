"""Projects that nobody changes go to the bin by themselves, where their agency wants it so; and
nothing goes there that somebody is at."""

import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from datetime import UTC, datetime, timedelta
from datetime import time as clock
from functools import partial
from pathlib import Path
from typing import Any

import pytest
from django.db import transaction
from django.db.models.signals import post_save
from django.utils import timezone

from accounts.choices import Mode
from accounts.models import Agency, AuditEntry
from accounts.periods import day_of
from projects import keeping, lifecycle, retention, services, tasks
from projects.choices import RoomType, Source
from projects.erasure import erase_project
from projects.models import Generation, Picture, Project
from projects.retention import bin_day_of, bin_the_old, months_after, months_before, old_projects_of
from projects.sharing.selectors import is_over
from projects.sharing.services import create_link
from tests.conftest import Cast
from tests.garden import (
    processing_generation,
    project_with_photo,
    queued_generation,
    succeeded_generation,
)
from tests.projects.jobs import backdate, files_in, in_thread

pytestmark = pytest.mark.django_db
AUGUST = datetime(2027, 8, 31, 10, tzinfo=UTC)
SECOND = timedelta(seconds=1)
YEAR = timedelta(days=366)


def keep_for(cast: Cast, months: int | None) -> None:
    Agency.objects.filter(pk=cast.agency.pk).update(kept_months=months)


def changed_at(project: Project, moment: datetime) -> None:
    Project.objects.filter(pk=project.pk).update(updated_at=moment)
    project.updated_at = moment


def old_project(cast: Cast, mode: Mode = Mode.LIVE) -> Project:
    project = project_with_photo(cast, mode)
    changed_at(project, timezone.now() - YEAR)
    return project


def binned() -> set[Any]:
    return set(Project.objects.exclude(removed_at=None).values_list("pk", flat=True))


def trail(cast: Cast) -> list[tuple[str, str, Any]]:
    entries = AuditEntry.objects.filter(agency=cast.agency, action="project.binned")
    return [(each.target, each.actor_id, each.detail) for each in entries]


# --- Months of the calendar


@pytest.mark.parametrize(
    ("moment", "months", "before"),
    [
        ("2027-08-31T12:00", 6, "2027-02-28T12:00"),
        ("2028-08-31T12:00", 6, "2028-02-29T12:00"),
        ("2027-08-28T12:00", 6, "2027-02-28T12:00"),
        ("2027-05-31T12:00", 3, "2027-02-28T12:00"),
        ("2027-01-15T12:00", 3, "2026-10-15T12:00"),
        ("2027-12-31T12:00", 12, "2026-12-31T12:00"),
        ("2028-02-29T12:00", 12, "2027-02-28T12:00"),
        ("2027-03-10T12:00", 36, "2024-03-10T12:00"),
        # Of Paris: summer's twelve o'clock is not winter's.
        ("2027-09-30T12:00", 6, "2027-03-30T12:00"),
        ("2027-04-15T12:00", 3, "2027-01-15T12:00"),
        # In UTC it is still the month before.
        ("2027-07-01T00:30", 3, "2027-04-01T00:30"),
    ],
)
def test_months_are_those_of_the_calendar(moment: str, months: int, before: str) -> None:
    paris = timezone.get_default_timezone()
    there = datetime.fromisoformat(moment).replace(tzinfo=paris)
    expected = datetime.fromisoformat(before).replace(tzinfo=paris)
    assert months_before(there.astimezone(UTC), months) == expected


@pytest.mark.parametrize(
    ("months", "boundary"),
    [
        (3, datetime(2027, 5, 31, 10, tzinfo=UTC)),
        (6, datetime(2027, 2, 28, 11, tzinfo=UTC)),
        (12, datetime(2026, 8, 31, 10, tzinfo=UTC)),
    ],
)
def test_what_is_exactly_so_old_stays(alice: Cast, months: int, boundary: datetime) -> None:
    project = project_with_photo(alice)
    for age, old in ((SECOND, True), (0 * SECOND, False), (-SECOND, False)):
        changed_at(project, boundary - age)
        assert old_projects_of(alice.agency, months, now=AUGUST).exists() is old, age


@pytest.mark.parametrize("months", [3, 6, 12])
def test_the_day_that_is_told_is_the_day(months: int) -> None:
    """Before it the project is not old; at its end it is. Of every day of a year."""
    moments = [datetime(2027, 7, 4, 10, tzinfo=UTC) + timedelta(days=day) for day in range(366)]
    for changed in moments:
        said = months_after(day_of(changed), months)
        midnight = datetime.combine(said, clock.min, timezone.get_default_timezone())
        assert months_before(midnight - SECOND, months) <= changed
        assert months_before(midnight + timedelta(hours=23), months) > changed


def test_a_day_is_told_when_it_is_near() -> None:
    today, project = timezone.localdate(), Project(updated_at=timezone.now() - timedelta(days=70))
    told = bin_day_of(project, 3)
    assert told and today < told <= today + timedelta(days=30)
    assert bin_day_of(project, 6) is None and bin_day_of(project, None) is None
    project.updated_at -= YEAR
    assert bin_day_of(project, 3) == today, "no day that is over"


# --- The night


def test_a_night_bins_what_is_old(alice: Cast) -> None:
    keep_for(alice, 6)
    live, test = old_project(alice), old_project(alice, Mode.TEST)
    fresh = project_with_photo(alice)
    changed_at(fresh, timezone.now() - timedelta(days=100))
    tasks.empty_the_bin()
    assert binned() == {live.pk, test.pk}
    said = {"kept_months": 6}
    assert sorted(trail(alice)) == sorted([(str(p.pk), "", said) for p in (live, test)])
    changed_at(live, timezone.now() - YEAR)
    assert bin_the_old() == 0 and retention.count_old_projects(alice.agency, 6) == 0
    assert len(trail(alice)) == 2, "what is in the bin is not put there again"


def test_for_ever_is_for_ever(alice: Cast) -> None:
    project = old_project(alice)
    assert alice.agency.kept_months is None
    assert bin_the_old() == 0 and not old_projects_of(alice.agency, None).exists()
    project.refresh_from_db()
    assert not project.removed_at


def test_each_agency_by_its_own_time(alice: Cast, charlie: Cast) -> None:
    keep_for(alice, 6)
    hers, his = old_project(alice), old_project(charlie)
    assert bin_the_old() == 1 and binned() == {hers.pk}
    keep_for(charlie, 36)
    assert bin_the_old() == 0
    keep_for(charlie, 3)
    assert bin_the_old() == 1 and binned() == {hers.pk, his.pk}
    assert len(trail(charlie)) == 1


def test_a_picture_for_a_project_that_was_binned_meanwhile(alice: Cast) -> None:
    """What the caller read is from before."""
    job = queued_generation(alice)
    read = Project.objects.get(pk=job.project_id)
    Project.objects.filter(pk=read.pk).update(removed_at=timezone.now())
    services.create_generation(
        project=read, author=alice.owner, source=Source.DASHBOARD, room_type=RoomType.POOL,
        photo=job.photo, zone=services.Zone(upload=job.mask),
    )  # fmt: skip
    assert not binned()


@pytest.mark.django_db(transaction=True)
@pytest.mark.usefixtures("ledger_may_be_flushed")
def test_thirty_days_later_photo_and_pictures_are_gone(alice: Cast, media: Path) -> None:
    job = succeeded_generation(alice)
    link = create_link(project=job.project, author=alice.owner, generations=[job])
    changed_at(job.project, timezone.now() - YEAR)
    keep_for(alice, 6)
    assert not is_over(link)
    tasks.empty_the_bin()
    link.project.refresh_from_db()
    assert is_over(link), "a client sees nothing of what is in the bin"
    backdate(job.project, 29 * 86400, "removed_at")
    tasks.empty_the_bin()
    assert Picture.objects.exists() and files_in(media)
    backdate(job.project, 2 * 86400, "removed_at")
    tasks.empty_the_bin()
    assert not Picture.objects.exists() and files_in(media) == []


def test_what_is_erased_is_not_binned(alice: Cast) -> None:
    keep_for(alice, 6)
    project = old_project(alice)
    assert erase_project(project)
    changed_at(project, timezone.now() - YEAR)
    assert bin_the_old() == 0 and binned() == set()


def test_what_was_brought_back_stays_as_long_as_new(alice: Cast) -> None:
    keep_for(alice, 6)
    project = old_project(alice)
    assert bin_the_old() == 1
    assert keeping.bring_back_project(project)
    assert bin_the_old() == 0 and binned() == set()
    backdate(project, YEAR.total_seconds(), "updated_at")
    assert bin_the_old() == 1


def test_who_draws_a_zone_keeps_the_project(alice: Cast) -> None:
    """Also where it was drawn for nothing: it is work of today."""
    keep_for(alice, 6)
    project = old_project(alice)
    Project.objects.filter(pk=project.pk).update(draft_saved_at=timezone.now())
    project.refresh_from_db()
    assert bin_the_old() == 0 and bin_day_of(project, 6) is None
    Project.objects.filter(pk=project.pk).update(draft_saved_at=timezone.now() - YEAR)
    assert bin_the_old() == 1


def test_a_job_under_way_keeps_its_project(alice: Cast) -> None:
    keep_for(alice, 6)
    job, other = processing_generation(alice), old_project(alice)
    changed_at(job.project, timezone.now() - 2 * YEAR)
    tasks.empty_the_bin()
    assert binned() == {other.pk}
    assert lifecycle.fail_upstream(job)
    changed_at(job.project, timezone.now() - 2 * YEAR)
    tasks.empty_the_bin()
    assert binned() == {other.pk, job.project_id}


def test_the_first_that_cannot_go_hold_up_no_other(
    alice: Cast, charlie: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    """More of them than a batch has, and older."""
    monkeypatch.setattr(retention, "BATCH", 2)
    for cast in (alice, charlie):
        keep_for(cast, 6)
    for number in range(3):
        job = processing_generation(alice, f"upstream-{number}")
        changed_at(job.project, timezone.now() - 2 * YEAR)
    others = {old_project(cast).pk for cast in (alice, alice, alice, charlie, charlie)}
    assert bin_the_old() == 2
    tasks.empty_the_bin()
    assert binned() == others


# --- In the same moment


@contextmanager
def when_the_first_goes(work: Callable[[], Any]) -> Iterator[None]:
    """Between the read of a batch and the lock of its second project."""
    once = [work]

    def meanwhile(instance: AuditEntry, **_more: Any) -> None:
        if instance.action == "project.binned" and once:
            once.pop()()

    post_save.connect(meanwhile, sender=AuditEntry)
    try:
        yield
    finally:
        post_save.disconnect(meanwhile, sender=AuditEntry)
    assert not once, "the first has gone"


@pytest.fixture
def second(alice: Cast) -> Project:
    """One that goes after another."""
    keep_for(alice, 6)
    first = old_project(alice)
    changed_at(first, timezone.now() - 2 * YEAR)
    return old_project(alice)


def brought_back(project: Project) -> None:
    assert keeping.remove_project(project) and keeping.bring_back_project(project)


MEANWHILE: dict[str, Callable[[Project], Any]] = {
    "renamed": partial(services.change_project, title="Famille Roux"),
    "brought back": brought_back,
    "erased": erase_project,
    "kept for longer": lambda project: Agency.objects.update(kept_months=36),
    "kept for ever": lambda project: Agency.objects.update(kept_months=None),
}


@pytest.mark.parametrize("what", MEANWHILE)
def test_what_is_changed_meanwhile_stays(alice: Cast, second: Project, what: str) -> None:
    with when_the_first_goes(partial(MEANWHILE[what], second)):
        assert bin_the_old() == 1
    assert second.pk not in binned() and len(trail(alice)) == 1


def test_what_a_member_deletes_meanwhile_is_theirs(alice: Cast, second: Project) -> None:
    with when_the_first_goes(partial(keeping.remove_project, second)):
        assert bin_the_old() == 1
    assert second.pk in binned() and len(trail(alice)) == 1


def test_a_picture_that_is_begun_meanwhile_keeps_its_project(alice: Cast, second: Project) -> None:
    """Also where the clock says that nobody changed it."""
    job = processing_generation(alice)
    begin = partial(Generation.objects.filter(pk=job.pk).update, project=second)
    with when_the_first_goes(begin):
        assert bin_the_old() == 1
    assert second.pk not in binned() and len(trail(alice)) == 1


@pytest.mark.django_db(transaction=True)
@pytest.mark.usefixtures("ledger_may_be_flushed")
def test_whoever_has_the_row_is_waited_for(alice: Cast) -> None:
    keep_for(alice, 6)
    project = old_project(alice)
    with ExitStack() as stack, transaction.atomic():
        services.change_project(project, title="Famille Roux")
        result = stack.enter_context(in_thread(bin_the_old))
        time.sleep(0.7)  # it has read the row as it was
    assert result == [0] and binned() == set()
