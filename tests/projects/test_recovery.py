"""T17, T18 and T20: a success that comes after the end is a second, free generation."""

import hashlib
from datetime import timedelta
from functools import partial
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.utils import timezone

from integrations.iacrea.models import IacreaAccount
from integrations.webhooks.models import Delivery
from projects import lifecycle, sweeper, tasks
from projects.choices import Status
from projects.models import Attempt, Discrepancy, Generation
from projects.representation import variation_number
from tests.conftest import Cast
from tests.garden import processing_generation, queued_generation, succeeded_generation
from tests.projects.jobs import (
    again,
    at_once,
    backdate,
    balances,
    ended_as,
    entries,
    in_thread,
    use_upstream,
)
from tests.projects.test_adoption import call, token_of, unclear
from tests.projects.test_races import Gate
from tests.projects.upstream import Upstream
from tests.servers import Reply, Request, Server
from tests.worker import run_queued, sweep_once, work_to_the_end

pytestmark = pytest.mark.django_db
DAY = 24 * 3600
TIMES = ("status_since", "due_at", "ended_at", "look_again_at", "last_polled_at")
PROCESSING = Reply.json({"status": "PROCESSING"})


def timed_out(cast: Cast, upstream_id: str = "up-1") -> Generation:
    job = processing_generation(cast, upstream_id)
    Generation.objects.filter(pk=job.pk).update(webhook="http://127.0.0.1:1/hook")
    assert lifecycle.expire(again(job))
    Delivery.objects.all().delete()
    return again(job)


def answered_too_late(cast: Cast) -> tuple[Generation, Attempt]:
    """A worker that slept for an hour with iacrea's answer in its hands (C13)."""
    job = queued_generation(cast)
    attempt = lifecycle.open_attempt(job, hashlib.sha256(token_of(job).encode()).hexdigest())
    assert attempt and lifecycle.lose_lease(again(job)) and lifecycle.expire(again(job))
    assert not lifecycle.bind(attempt, "late", {})
    attempt.refresh_from_db()
    return again(job), attempt


def pass_by(job: Generation, seconds: float) -> None:
    backdate(job, seconds, *TIMES)
    sweep_once()


def second_of(job: Generation) -> Generation:
    return Generation.objects.get(recovered_from=job)


def is_free(second: Generation) -> bool:
    return (second.price, second.charged, entries(second)) == (0, 0, [])


def test_a_timed_out_job_that_succeeds_later_is_given_for_nothing(alice: Cast) -> None:
    with Upstream() as upstream:
        use_upstream(alice, upstream.origin)
        lost = timed_out(alice)
        pass_by(lost, DAY - 60)
        assert upstream.gets == []
        pass_by(lost, 60)
        second = work_to_the_end(second_of(lost))
    lost = again(lost)
    assert ended_as(lost, "timed_out") and lost.upstream_id == "" and lost.look_again_at is None
    assert lost.attempts.get().upstream_id == second.upstream_id == "up-1"
    assert second.status == Status.SUCCEEDED and is_free(second) and second.pictures.count() == 1
    assert balances(alice) == (10, 0, 0) and upstream.submits == []
    same = ("agency_id", "mode", "project_id", "parent_id", "root_id", "room_type", "mask_id")
    assert [getattr(second, name) for name in same] == [getattr(lost, name) for name in same]


def test_its_news_is_told_once_and_the_callers_webhook_is_not_called(alice: Cast) -> None:
    with Upstream() as upstream:
        use_upstream(alice, upstream.origin)
        lost = timed_out(alice)
        pass_by(lost, DAY + 1)
        second = work_to_the_end(second_of(lost))
    kinds = list(second.events.values_list("kind", flat=True))
    assert kinds.count("generation.recovered") == 1 and kinds[-1] == "generation.recovered"
    assert not lifecycle.succeed(second) and not Delivery.objects.exists() and not second.webhook


def test_there_is_one_however_often_it_is_heard(alice: Cast) -> None:
    with Upstream() as upstream:
        use_upstream(alice, upstream.origin)
        lost = timed_out(alice)
        stale = again(lost)
        pass_by(lost, DAY + 1)
        for row in (stale, again(lost)):
            assert lifecycle.recover(row, "up-1", ["http://127.0.0.1:1/1.png"]) is None
            assert lifecycle.recover(row, "up-2", ["http://127.0.0.1:1/1.png"]) is None
        for _ in range(3):
            call_rings(lost)
            pass_by(lost, DAY)
    assert Generation.objects.count() == 2 and upstream.gets == ["up-1"]


def call_rings(job: Generation) -> None:
    hashed = hashlib.sha256(token_of(job).encode()).hexdigest()
    Attempt.objects.filter(generation=job).update(token_sha256=hashed)
    call(job, "up-1")


@pytest.mark.django_db(transaction=True)
@pytest.mark.usefixtures("ledger_may_be_flushed")
def test_two_that_hear_it_at_once_make_one(alice: Cast) -> None:
    lost = timed_out(alice)
    urls = ["http://127.0.0.1:1/1.png"]
    made = at_once(*[lambda: lifecycle.recover(again(lost), "up-1", urls)] * 4)
    assert len([each for each in made if each]) == 1


def test_a_late_answer_is_kept_and_asked_for(alice: Cast) -> None:
    with Upstream() as upstream:
        use_upstream(alice, upstream.origin)
        lost, attempt = answered_too_late(alice)
        assert attempt.upstream_id == "late" and lost.upstream_id == "" and lost.look_again_at
        sweep_once()
        assert upstream.gets == []
        pass_by(lost, 21)
        second = work_to_the_end(second_of(lost))
    assert second.status == Status.SUCCEEDED and is_free(second) and second.upstream_id == "late"
    assert ended_as(lost, "outcome_unknown") and balances(alice) == (10, 0, 0)


@pytest.mark.django_db(transaction=True)
@pytest.mark.usefixtures("ledger_may_be_flushed")
def test_a_worker_that_slept_through_every_deadline(alice: Cast) -> None:
    """C13: it wakes with iacrea's answer when its job has ended and its photo was given back."""
    with Gate(accept_and_finish) as upstream:
        use_upstream(alice, upstream.origin)
        job = queued_generation(alice)
        with in_thread(partial(tasks.submit_generation, str(job.pk))):
            upstream.wait_for_a_request()
            for seconds in (181, 1801):
                backdate(again(job), seconds, "status_since", "due_at")
                sweep_once()
            assert ended_as(job, "outcome_unknown")
            upstream.opened.set()
        pass_by(job, 21)
    assert second_of(job).upstream_id == "late" and ended_as(job, "outcome_unknown")
    assert [r.path.rsplit("/", 1)[1] for r in upstream.requests] == ["generate", "get"]


def accept_and_finish(request: Request) -> Reply:
    if request.path.endswith("/get"):
        return Reply.json({"status": "SUCCEEDED", "urls": ["http://127.0.0.1:1/1.png"]})
    return Reply.json({"generation_id": "late"})


def test_a_callback_days_later_is_asked_for_at_once(alice: Cast) -> None:
    with Upstream() as upstream:
        use_upstream(alice, upstream.origin)
        lost = unclear(alice)
        assert lifecycle.expire(lost)
        pass_by(lost, 3 * DAY)
        assert upstream.gets == []
        call(lost, "late")
        sweep_once()
    assert second_of(lost).status == Status.ARCHIVING and is_free(second_of(lost))


def test_a_month_later_it_is_too_late(alice: Cast, caplog: Any) -> None:
    caplog.set_level("INFO")
    with Upstream() as upstream:
        use_upstream(alice, upstream.origin)
        lost = unclear(alice)
        assert lifecycle.expire(lost)
        pass_by(lost, 31 * DAY)
        call(lost, "late")
        sweep_once()
    assert upstream.gets == [] and "too late" in caplog.text


def test_an_id_that_was_rung_before_the_deadline_is_still_asked_for(alice: Cast) -> None:
    replies = [Reply(404), Reply.json({"status": "SUCCEEDED", "urls": ["http://127.0.0.1:1/"]})]
    with Server(lambda _request: replies.pop(0)) as server:
        use_upstream(alice, server.origin)
        lost = unclear(alice)
        call(lost, "late")
        pass_by(lost, 61)
        assert again(lost).status == Status.UNCONFIRMED
        pass_by(lost, 1800)
        sweep_once()
    assert second_of(lost).upstream_id == "late"


def test_a_timed_out_job_is_asked_for_daily_for_a_week(alice: Cast) -> None:
    with Server(lambda _request: PROCESSING) as server:
        use_upstream(alice, server.origin)
        lost = timed_out(alice)
        for _ in range(10 * 4):
            pass_by(lost, DAY / 4 + 1)
    assert len(server.requests) == 7 and again(lost).look_again_at is None
    assert ended_as(lost, "timed_out") and not Generation.objects.exclude(pk=lost.pk).exists()


def test_a_late_id_is_asked_for_as_in_processing_for_a_day_then_daily(alice: Cast) -> None:
    with Server(lambda _request: PROCESSING) as server:
        use_upstream(alice, server.origin)
        lost, attempt = answered_too_late(alice)
        pass_by(lost, 61)
        wait = (again(lost).look_again_at or timezone.now()) - timezone.now()
        assert timedelta(seconds=3) < wait <= timedelta(seconds=8)
        backdate(attempt, DAY, "ended_at")
        for _ in range(9):
            pass_by(lost, DAY + 1)
    assert len(server.requests) == 1 + 7 and again(lost).look_again_at is None


def test_an_id_that_another_job_holds_recovers_nothing(alice: Cast, caplog: Any) -> None:
    with Upstream() as upstream:
        use_upstream(alice, upstream.origin)
        lost, _attempt = answered_too_late(alice)
        holder = processing_generation(alice, "late")
        backdate(holder, -DAY, "due_at")
        pass_by(lost, 21)
    assert Generation.objects.count() == 2 and "bound_elsewhere" in caplog.text


def test_a_recovered_variation_counts_as_one(alice: Cast) -> None:
    with Upstream() as upstream:
        use_upstream(alice, upstream.origin)
        root = succeeded_generation(alice)
        lost = timed_out(alice, "up-2")
        Generation.objects.filter(pk=lost.pk).update(root=root, parent=root)
        assert variation_number(root) == 0
        pass_by(lost, DAY + 1)
        work_to_the_end(second_of(lost))
    assert variation_number(root) == 1


def test_a_recovered_job_whose_pictures_are_lost_gives_nothing_back(alice: Cast) -> None:
    """T14 of a free one; iacrea's photo is on the list once."""
    lost = timed_out(alice)
    second = lifecycle.recover(lost, "up-1", ["http://127.0.0.1:1/"])
    assert second and lifecycle.expire(second)
    assert again(second).failure_code == "result_lost" and entries(second) == []
    assert [row.generation for row in Discrepancy.objects.all()] == [lost]


def test_a_restored_backup_sends_nothing_again(alice: Cast, capsys: Any) -> None:
    """C68: rows that were QUEUED in the backup may have been sent after it was taken."""
    with Upstream() as upstream:
        use_upstream(alice, upstream.origin)
        sending, waiting, newer = (queued_generation(alice) for _ in range(3))
        assert lifecycle.open_attempt(sending, "a" * 64)
        running = processing_generation(alice)
        for job in (sending, waiting, running):
            backdate(job, 3600, "created_at")
        since = (timezone.now() - timedelta(minutes=30)).isoformat()
        for _ in range(2):
            call_command("recover_from_backup", since=since)
        assert capsys.readouterr().out.startswith("2 jobs are unconfirmed")
        assert {again(job).status for job in (sending, waiting)} == {Status.UNCONFIRMED}
        assert (again(newer).status, again(running).status) == (Status.QUEUED, Status.PROCESSING)
        run_queued()
        assert upstream.submits == [] and not IacreaAccount.objects.filter(paused_at=None).exists()
    for job in (sending, waiting):
        backdate(job, 1801, "status_since", "due_at")
    sweep_once()
    assert ended_as(waiting, "outcome_unknown") and Discrepancy.objects.count() == 2
    assert balances(alice) == (8, 2, 0)


@pytest.mark.parametrize("since", ["yesterday", "2026-13-01T00:00Z", ""])
def test_a_time_that_is_none_is_refused(db: None, since: str) -> None:
    with pytest.raises(CommandError, match="--since"):
        call_command("recover_from_backup", since=since)


def test_it_waits_for_the_worker_to_stop(db: None) -> None:
    assert sweeper.acquire()
    with pytest.raises(CommandError, match="Stop it"):
        call_command("recover_from_backup", since="2026-11-25T03:00Z")
