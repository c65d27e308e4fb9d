"""Who may sweep: one at a time, always somebody, and whoever lost the lease notices."""

from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone
from django_q.models import OrmQ, Schedule

from accounts.choices import EntryKind, Mode
from accounts.models import LedgerEntry, PhotoLot
from integrations.doors.clock import database_now
from integrations.webhooks import deliveries
from integrations.webhooks.models import Delivery
from projects import lifecycle, sweeper, tasks
from projects.models import Generation, Lease
from projects.pipeline import sweep
from tests.conftest import Cast
from tests.garden import processing_generation, queued_generation
from tests.projects.jobs import backdate
from tests.servers import Reply, Server

pytestmark = pytest.mark.django_db


def sweeps_queued() -> int:
    return [row.task["func"] for row in OrmQ.objects.all()].count(sweeper.TASK)


def sleep_through_the_lease() -> None:
    backdate(Lease.objects.get(), 16, "expires_at")


def test_one_holder() -> None:
    holder = sweeper.acquire()
    assert holder and sweeper.is_running()
    assert sweeper.acquire() is None and sweeper.renew(holder)


def test_a_holder_that_died_is_replaced_and_notices_when_it_wakes() -> None:
    first = sweeper.acquire()
    sleep_through_the_lease()
    assert first and not sweeper.is_running()
    second = sweeper.acquire()
    assert second and second.fence == first.fence + 1
    assert not sweeper.renew(first) and sweeper.renew(second)
    sweeper.hand_over(first)
    assert sweeper.is_running() and sweeps_queued() == 0


def test_a_holder_that_slept_and_was_not_missed_goes_on() -> None:
    holder = sweeper.acquire()
    sleep_through_the_lease()
    assert holder and sweeper.renew(holder) and sweeper.acquire() is None


def test_handing_over_queues_one_and_lets_go() -> None:
    holder = sweeper.acquire()
    assert holder
    sweeper.hand_over(holder)
    assert sweeps_queued() == 1 and not sweeper.is_running()
    assert sweeper.acquire() and not sweeper.renew(holder)


def test_ensure_queues_one_however_often_it_is_called() -> None:
    for _ in range(5):
        tasks.ensure_sweeper()
    assert sweeps_queued() == 1


def test_ensure_queues_none_while_one_runs() -> None:
    assert sweeper.acquire()
    sweeper.ensure(database_now())
    assert sweeps_queued() == 0


def test_ensure_repeats_a_hint_that_was_lost() -> None:
    sweeper.ensure(database_now())
    OrmQ.objects.all().delete()
    sweeper.ensure(database_now())
    assert sweeps_queued() == 0
    backdate(Lease.objects.get(), 11, "hinted_at")
    sweeper.ensure(database_now())
    assert sweeps_queued() == 1


def test_a_sweep_that_was_stood_down_is_followed_at_once() -> None:
    """Not after ten seconds: the hint was of the sweep that is gone."""
    sweeper.ensure(database_now())
    assert sweeper.acquire()
    OrmQ.objects.all().delete()
    sweeper.stand_down()
    sweeper.ensure(database_now())
    assert sweeps_queued() == 1


def test_a_look_tells_the_time_and_whether_a_sweep_is_on_its_way() -> None:
    before = database_now()
    now, is_swept = sweeper.look()
    assert before <= now <= database_now() and not is_swept
    sweeper.ensure(now)
    assert sweeper.look()[1]
    backdate(Lease.objects.get(), 11, "hinted_at")
    assert not sweeper.look()[1]
    assert sweeper.acquire() and sweeper.look()[1]
    backdate(Lease.objects.get(), 16, "expires_at")
    assert not sweeper.look()[1]


def test_a_job_wakes_the_sweeper(alice: Cast) -> None:
    queued_generation(alice)
    queued_generation(alice)
    assert sweeps_queued() == 1


def test_the_watchdog_is_scheduled() -> None:
    schedule = Schedule.objects.get(func="projects.tasks.ensure_sweeper")
    assert (schedule.schedule_type, schedule.minutes, schedule.repeats) == ("I", 1, -1)


def test_photos_are_swept_every_hour(alice: Cast) -> None:
    schedule = Schedule.objects.get(func="projects.tasks.sweep_photos")
    assert (schedule.schedule_type, schedule.repeats) == ("H", -1)
    PhotoLot.objects.filter(agency=alice.agency, mode=Mode.LIVE).update(
        usable_until=timezone.now() - timedelta(days=1)
    )
    tasks.sweep_photos()
    expired = LedgerEntry.objects.get(agency=alice.agency, kind=EntryKind.EXPIRE)
    assert expired.quantity == 10


@pytest.fixture
def short_terms(monkeypatch: Any) -> None:
    monkeypatch.setattr(sweep, "TERM_S", 0.2)
    monkeypatch.setattr(sweep, "IDLE_S", 0.02)


@pytest.mark.usefixtures("short_terms")
def test_a_term_ends_and_hands_over() -> None:
    tasks.sweep()
    assert not sweeper.is_running() and sweeps_queued() == 1
    tasks.sweep()
    assert Lease.objects.get(name=sweeper.NAME).fence == 2


def test_a_second_sweeper_returns_at_once() -> None:
    assert sweeper.acquire()
    tasks.sweep()  # its term would last 50 s
    assert sweeps_queued() == 0


@pytest.mark.usefixtures("short_terms")
def test_the_next_term_does_not_wait_for_a_receiver_that_hangs(
    alice: Cast, monkeypatch: Any
) -> None:
    timeout = deliveries.http.Timeout(connect=1, idle=1, total=1)
    monkeypatch.setattr(deliveries, "TIMEOUT", timeout)
    monkeypatch.setattr(deliveries, "RETRY_S", [0])  # due again when the first try has ended
    with Server(lambda _request: Reply(hang=True)) as server:
        job = processing_generation(alice)
        Generation.objects.filter(pk=job.pk).update(webhook=server.origin)
        lifecycle.fail_upstream(job)
        tasks.sweep()
    row, lease = Delivery.objects.get(), Lease.objects.get(name=sweeper.NAME)
    assert row.error == "timeout" and len(server.requests) == 1
    assert row.next_attempt_at and lease.hinted_at and lease.hinted_at < row.next_attempt_at
