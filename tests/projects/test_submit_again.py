"""What iacrea has certainly not taken is sent again, and for how long."""

import socket

import pytest

from integrations.iacrea.accounts import resume
from projects import tasks
from projects.choices import AttemptOutcome, Status
from projects.models import Attempt
from tests.conftest import Cast
from tests.garden import queued_generation
from tests.projects.jobs import again, backdate, balances, ended_as, use_upstream
from tests.projects.test_submit import submitted
from tests.servers import Reply, Server
from tests.worker import run_queued, sweep_once

pytestmark = pytest.mark.django_db
ACCEPTED = {"generation_id": "up-1", "remaining_photos": 41, "project_id": "p"}
Outcome = AttemptOutcome


@pytest.mark.parametrize(("header", "wait"), [("7", 7), ("", 30), ("99999", 900)])
def test_429_waits_as_told_and_is_sent_again(alice: Cast, header: str, wait: int) -> None:
    replies = [Reply(429, headers={"retry-after": header}), Reply.json(ACCEPTED)]
    with Server(lambda _request: replies.pop(0)) as server:
        account = use_upstream(alice, server.origin)
        job = queued_generation(alice)
        run_queued()
        assert again(job).status == Status.QUEUED and balances(alice) == (9, 1, 0)
        backdate(job, wait - 2, "due_at")
        backdate(account, wait - 2, "sends_wait_until")
        tasks.submit_generation(str(job.pk))
        assert sweep_once() + run_queued() == 0 and len(server.requests) == 1
        backdate(job, 3, "due_at")
        backdate(account, 3, "sends_wait_until")
        sweep_once()
        run_queued()
    assert again(job).status == Status.PROCESSING and len(server.requests) == 2


@pytest.mark.parametrize("status", [401, 402, 403])
def test_the_accounts_fault_pauses_it_and_its_jobs_wait(alice: Cast, status: int) -> None:
    replies = [Reply(status), Reply.json(ACCEPTED), Reply.json(ACCEPTED | {"generation_id": "2"})]
    with Server(lambda _request: replies.pop(0)) as server:
        account = use_upstream(alice, server.origin)
        jobs = [queued_generation(alice), queued_generation(alice)]
        run_queued()
        account.refresh_from_db()
        assert account.paused_at and str(status) in account.pause_reason
        for job in jobs:
            backdate(job, 3600, "due_at")
        sweep_once()
        assert run_queued() == 0 and len(server.requests) == 1
        assert {again(job).status for job in jobs} == {Status.QUEUED}
        assert balances(alice) == (8, 2, 0)
        resume(account)
        for job in jobs:
            backdate(job, 60, "hinted_at")
        sweep_once()
        run_queued()
    assert {again(job).status for job in jobs} == {Status.PROCESSING}


def test_a_refused_connection_is_tried_again_later_and_later(alice: Cast) -> None:
    with socket.socket() as closed:
        closed.bind(("127.0.0.1", 0))  # bound and not listening: nothing answers there
        use_upstream(alice, f"http://127.0.0.1:{closed.getsockname()[1]}")
        job = queued_generation(alice)
        waits = []
        for _ in range(3):
            run_queued()
            job = again(job)
            assert job.status == Status.QUEUED and job.due_at
            waits.append(round((job.due_at - job.status_since).total_seconds()))
            backdate(job, 60, "due_at")
            sweep_once()
    assert waits == [2, 4, 8] and balances(alice) == (9, 1, 0)
    outcomes = Attempt.objects.filter(generation=job).values_list("outcome", flat=True)
    assert list(outcomes) == [Outcome.NOT_SENT] * 3
    with Server(lambda _request: Reply.json(ACCEPTED)) as server:
        use_upstream(alice, server.origin)
        run_queued()
    assert again(job).status == Status.PROCESSING and len(server.requests) == 1


def test_a_job_that_came_back_waits_since_it_was_accepted(alice: Cast) -> None:
    """T2b: neither a T4 nor a paused account makes its 24 h begin anew."""
    job, _requests = submitted(alice, Reply(401))
    backdate(job, 24 * 3600, "created_at", "due_at")
    sweep_once()
    assert ended_as(job, "upstream_unavailable") and balances(alice) == (10, 0, 0)
