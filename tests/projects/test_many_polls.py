"""Polls by the hundred: they are claimed together, and wait for a thread."""

import threading
import time
from collections import Counter
from datetime import timedelta
from functools import partial
from typing import Any
from uuid import uuid4

import pytest
from django.db import connection, transaction
from django.db.models import F
from django.test.utils import CaptureQueriesContext

from integrations.doors.clock import database_now
from integrations.iacrea.client import JobState
from projects.choices import Status
from projects.models import Generation
from projects.pipeline import due, poll, sweep
from projects.pipeline.poll import SPACING
from projects.pipeline.sweep import THREADS, Sweep
from tests.conftest import Cast
from tests.garden import processing_generation
from tests.projects.jobs import (
    again,
    at_once,
    backdate,
    ended_as,
    in_thread,
    unconfirmed,
    use_upstream,
    wait_until,
)
from tests.servers import Reply, Request, Server
from tests.worker import sweep_once

pytestmark = pytest.mark.django_db
NOWHERE = "http://127.0.0.1:1"
RUNNING = Reply.json({"status": "PROCESSING"})
SLOW_DOWN = Reply(429, headers={"retry-after": "60"})
MANY = 3 * THREADS


class Gate(Server):
    """Keeps each call until it is opened; then all get the same answer."""

    def __init__(self, reply: Reply) -> None:
        self.opened = threading.Event()
        self.reply = reply
        super().__init__(self._keep)

    def _keep(self, _request: Request) -> Reply:
        self.opened.wait(20)
        return self.reply


@pytest.fixture(autouse=True)
def quick(monkeypatch: Any) -> None:
    monkeypatch.setattr(sweep, "POLLS_S", 0.2)


def running(cast: Cast, origin: str, count: int = MANY) -> list[Generation]:
    """Due, and known to run."""
    use_upstream(cast, origin)
    first = processing_generation(cast)
    others = [again(first) for _ in range(count - 1)]
    for number, job in enumerate(others):
        job.pk, job.upstream_id = uuid4(), f"another-{number}"
    Generation.objects.bulk_create(others)
    moment = database_now() - timedelta(seconds=1)
    Generation.objects.update(upstream_started=True, due_at=moment)
    return list(Generation.objects.all())


def due_now() -> int:
    return due.rows_to_ask(database_now()).count()


def to_the_end(work: Sweep) -> None:
    end = time.monotonic() + 20
    while work.once() or work.polls.under_way:
        assert time.monotonic() < end


def test_each_is_asked_once_and_few_statements_are_made(alice: Cast) -> None:
    with Server(lambda _request: RUNNING) as server:
        jobs = running(alice, server.origin, 100)
        with CaptureQueriesContext(connection) as made:
            to_the_end(Sweep())
    asked = sorted(request.json()["generation_id"] for request in server.requests)
    assert asked == sorted(job.upstream_id for job in jobs) and due_now() == 0
    assert sum(query["sql"].startswith("UPDATE") for query in made) < 10


@pytest.mark.parametrize("count", [2, 40])
def test_a_claim_costs_the_same_for_two_as_for_many(
    alice: Cast, count: int, django_assert_max_num_queries: Any
) -> None:
    running(alice, NOWHERE, count)
    now = database_now()
    with django_assert_max_num_queries(7):  # begin and commit are two of them
        claimed = Sweep().polls.take_due(now)
    assert len(claimed) == count
    for job in claimed:
        found = again(job)
        assert found.due_at == job.due_at and found.last_polled_at and found.due_at
        # What may wait for a thread is allowed a second for it.
        assert (found.last_polled_at - now).total_seconds() == (0 if count <= THREADS else 1)
        assert 5 <= (found.due_at - found.last_polled_at).total_seconds() <= 6


def test_still_running_is_written_once(alice: Cast, django_assert_num_queries: Any) -> None:
    poll.learn(processing_generation(alice), JobState("processing"))
    job = Generation.objects.get()
    assert job.upstream_started
    with django_assert_num_queries(0):
        poll.learn(job, JobState("processing"))
        poll.learn(job, JobState("starting"))


def test_the_end_of_a_term_asks_nothing_more(alice: Cast) -> None:
    """What no thread has begun is not asked, and at once due for the next term."""
    work = Sweep()
    with Gate(RUNNING) as slow:
        running(alice, slow.origin)
        work.once()
        assert len(work.polls.rows) == MANY and due_now() == 0
        wait_until(lambda: len(slow.requests) == THREADS)
        threading.Timer(0.3, slow.opened.set).start()
        work.finish()
        assert len(slow.requests) == THREADS and due_now() == MANY - THREADS
        to_the_end(Sweep())
        assert len(slow.requests) == MANY


def test_those_that_wait_when_a_429_comes_are_not_asked(alice: Cast, charlie: Cast) -> None:
    work = Sweep()
    with Gate(SLOW_DOWN) as hasty, Server(lambda _request: RUNNING) as calm:
        running(alice, hasty.origin)
        use_upstream(charlie, calm.origin)
        work.once()
        wait_until(lambda: len(hasty.requests) == THREADS)
        backdate(processing_generation(charlie, "his"), 60, "due_at")
        hasty.opened.set()
        to_the_end(work)
        assert len(hasty.requests) == THREADS and len(calm.requests) == 1
        assert due_now() == MANY - THREADS and sweep_once() == 0, "they wait for its end"


def test_spacing_is_between_gets_and_not_between_claims(alice: Cast, monkeypatch: Any) -> None:
    monkeypatch.setattr("projects.pipeline.questions.WAIT", timedelta(seconds=0.1))
    work = Sweep()
    with Gate(RUNNING) as slow:
        running(alice, slow.origin)
        work.once()
        for job in Generation.objects.all():
            backdate(job, 60, "due_at", "last_polled_at")
        slow.opened.set()
        to_the_end(work)
        assert len(slow.requests) == MANY + THREADS, "those that waited are not asked again"
    too_soon = Generation.objects.filter(due_at__lt=F("last_polled_at") + SPACING)
    assert too_soon.count() == 0


def test_questions_that_hang_hold_up_no_deadline(alice: Cast, charlie: Cast) -> None:
    work = Sweep()
    with Gate(RUNNING) as slow:
        running(alice, slow.origin)
        work.once()
        late = unconfirmed(charlie)
        backdate(late, 1801, "status_since", "due_at")
        start = time.monotonic()
        work.once()
        assert time.monotonic() - start < 2 and ended_as(late, "outcome_unknown")
        slow.opened.set()
        work.finish()


def test_a_row_that_moved_since_it_was_read_is_not_claimed(alice: Cast) -> None:
    rung, ended, free = running(alice, NOWHERE, 3)
    now = database_now()
    backdate(rung, 1, "due_at")
    Generation.objects.filter(pk=ended.pk).update(status=Status.ARCHIVING)
    claimed = due.claim_all(dict.fromkeys((rung, ended, free), now), last_polled_at=now)
    assert claimed == [free] and free.due_at == now
    assert due.claim_all({free: now + timedelta(seconds=5)}) == [free]
    assert due.claim_all({rung: now, ended: now}) == []


@pytest.mark.django_db(transaction=True)
@pytest.mark.usefixtures("ledger_may_be_flushed")
def test_each_is_claimed_by_one_of_many_sweepers(alice: Cast) -> None:
    jobs, now = running(alice, NOWHERE), database_now()
    times = {job: now + timedelta(seconds=number) for number, job in enumerate(jobs)}
    read = [{again(job): time for job, time in times.items()} for _ in range(4)]
    claimed = at_once(*(partial(due.claim_all, mine) for mine in read))
    assert Counter(job.pk for mine in claimed for job in mine) == Counter(job.pk for job in jobs)
    assert {job: again(job).due_at for job in jobs} == times


if connection.vendor == "postgresql":  # SQLite locks no rows

    @pytest.mark.django_db(transaction=True)
    @pytest.mark.usefixtures("ledger_may_be_flushed")
    def test_a_row_that_another_has_in_hand_keeps_no_other_waiting(alice: Cast) -> None:
        jobs = running(alice, NOWHERE, 3)
        held, done = threading.Event(), threading.Event()

        def hold() -> None:
            with transaction.atomic():
                Generation.objects.select_for_update().get(pk=jobs[0].pk)
                held.set()
                assert done.wait(10)

        with in_thread(hold):
            assert held.wait(10)
            claimed = due.claim_all(dict.fromkeys(jobs, database_now()))
            done.set()
        assert {job.pk for job in claimed} == {job.pk for job in jobs[1:]}
