"""Sweepers and rings at the same time, against the real database."""

from collections.abc import Callable
from datetime import timedelta
from functools import partial
from typing import Any

import pytest
from django.db import OperationalError, connection
from django.utils import timezone
from django_q.models import OrmQ

from integrations.doors.clock import database_now
from integrations.webhooks import deliveries
from projects import callbacks, lifecycle, sweeper, tasks
from projects.choices import Status
from projects.models import CallbackReceipt, Generation
from projects.pipeline import sweep
from projects.pipeline.rings import MAX_RECEIPTS
from tests.conftest import Cast
from tests.garden import processing_generation, queued_generation
from tests.projects.jobs import (
    HELD_AND_GIVEN_BACK,
    again,
    at_once,
    backdate,
    balances,
    entries,
    in_thread,
    wait_until,
)
from tests.projects.test_callbacks import TOKEN, hashed, running
from tests.worker import answer_rings

pytestmark = [
    pytest.mark.django_db(transaction=True),
    pytest.mark.usefixtures("ledger_may_be_flushed"),
]


def test_a_flood_of_rings_at_once(alice: Cast) -> None:
    job = running(alice)
    for _ in range(5):
        assert at_once(*[partial(callbacks.ring, TOKEN)] * 8) == [True] * 8
        at_once(*[answer_rings] * 3)
    assert CallbackReceipt.objects.count() == MAX_RECEIPTS
    assert again(job).status == Status.PROCESSING


def test_a_ring_and_the_answer_at_once(alice: Cast) -> None:
    """Neither may fail, and the ring is not lost for long."""
    for number in range(6):
        job = queued_generation(alice)
        token = f"{number}" * 43
        attempt = lifecycle.open_attempt(job, hashed(token))
        assert attempt
        bind = partial(lifecycle.bind, attempt, str(number), {})
        assert at_once(bind, partial(callbacks.ring, token)) == [True, True]
        assert again(job).status == Status.PROCESSING


def test_the_sweeps_conclusions_and_the_answer_at_once(alice: Cast) -> None:
    """Both lock the job, then its attempt."""
    for number in range(6):
        job = queued_generation(alice)
        token = f"{number}" * 43
        attempt = lifecycle.open_attempt(job, hashed(token))
        assert attempt and callbacks.ring(token)
        bind = partial(lifecycle.bind, attempt, str(number), {})
        assert at_once(bind, answer_rings) == [True, None]
        assert again(job).due_at <= timezone.now()


def test_a_delivery_is_claimed_by_one_of_many(alice: Cast) -> None:
    job = processing_generation(alice)
    Generation.objects.filter(pk=job.pk).update(webhook="http://127.0.0.1:1/")
    lifecycle.fail_upstream(job)
    row = deliveries.due_deliveries(1)[0]
    assert sorted(at_once(*[partial(deliveries.claim, row)] * 6)) == [False] * 5 + [True]


def test_many_sweepers_get_one_lease() -> None:
    holders = at_once(*[sweeper.acquire] * 6)
    assert len([holder for holder in holders if holder]) == 1


def test_many_calls_of_ensure_queue_one_sweep() -> None:
    at_once(*[partial(sweeper.ensure, database_now())] * 6)
    assert OrmQ.objects.count() == 1


def test_many_sweeps_at_once_fail_a_job_once(alice: Cast) -> None:
    jobs = [queued_generation(alice) for _ in range(4)]
    Generation.objects.update(created_at=timezone.now() - timedelta(days=2), hinted_at=None)
    at_once(*(sweep.Sweep().once for _ in range(4)))
    assert all(entries(job) == HELD_AND_GIVEN_BACK for job in jobs)
    assert balances(alice) == (10, 0, 0)


def test_a_term_ends_when_its_lease_is_taken_away() -> None:
    """As `make demo` stops: within a moment, and without queueing the next term."""
    with in_thread(tasks.sweep):
        wait_until(sweeper.is_running)
        sweeper.stand_down()
    assert not sweeper.is_running() and OrmQ.objects.count() == 0


def failing(times: int) -> Callable[..., Any]:
    """A database that refuses to count the queue, as often as told."""
    left = [times]

    def execute(run: Callable[..., Any], sql: str, *rest: Any) -> Any:
        if "COUNT" in sql and left[0]:
            left[0] -= 1
            raise OperationalError("the connection is lost")
        return run(sql, *rest)

    return execute


def test_a_pass_that_fails_does_not_end_the_term(
    alice: Cast, caplog: Any, monkeypatch: Any
) -> None:
    monkeypatch.setattr(sweep, "TERM_S", 3)  # a pass may take one on a busy machine
    monkeypatch.setattr(sweep, "IDLE_S", 0.02)
    job = queued_generation(alice)
    OrmQ.objects.all().delete()
    backdate(job, 2 * 24 * 3600, "created_at", "hinted_at")
    with connection.execute_wrapper(failing(3)):
        tasks.sweep()
    assert caplog.text.count("OperationalError: the connection is lost") == 3
    assert again(job).status == Status.FAILED and OrmQ.objects.count() == 1
