"""C13: a worker that slept past its lease before it opened a socket sends nothing, and says so."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial
from typing import Any

import pytest
from django.db import transaction
from django.db.models.signals import post_save

from projects import tasks
from projects.choices import AttemptOutcome, Status
from projects.models import Attempt, Generation
from tests.conftest import Cast
from tests.garden import queued_generation
from tests.projects.jobs import again, backdate, balances, ended_as, use_upstream
from tests.projects.upstream import Upstream
from tests.worker import run_queued, sweep_once

pytestmark = [
    pytest.mark.django_db(transaction=True),
    pytest.mark.usefixtures("ledger_may_be_flushed"),
]


def nothing_else(_job: Generation) -> None:
    """Nobody has noticed yet that the lease is over."""


def lease_is_missed(job: Generation) -> None:
    sweep_once()
    assert again(job).status == Status.UNCONFIRMED


def job_ends(job: Generation) -> None:
    lease_is_missed(job)
    backdate(job, 1801, "status_since", "due_at")
    sweep_once()
    assert ended_as(job, "outcome_unknown")


@contextmanager
def asleep_after_t3(meanwhile: Callable[[], None]) -> Iterator[None]:
    """The worker has committed its lease and sleeps until it is over."""

    def fall_asleep(**saved: Any) -> None:
        if saved["created"]:
            transaction.on_commit(meanwhile)

    post_save.connect(fall_asleep, sender=Attempt)
    try:
        yield
    finally:
        post_save.disconnect(fall_asleep, sender=Attempt)


def submit_asleep(job: Generation, settings: Any, meanwhile: Callable[[Generation], None]) -> None:
    settings.SUBMIT_LEASE_S = 0
    with asleep_after_t3(partial(meanwhile, job)):
        tasks.submit_generation(str(job.pk))
    settings.SUBMIT_LEASE_S = 180


@pytest.mark.parametrize("meanwhile", [nothing_else, lease_is_missed])
def test_it_sends_nothing_and_the_job_is_sent_later(
    alice: Cast, settings: Any, meanwhile: Callable[[Generation], None]
) -> None:
    with Upstream() as upstream:
        use_upstream(alice, upstream.origin)
        job = queued_generation(alice)
        submit_asleep(job, settings, meanwhile)
        assert again(job).status == Status.QUEUED and upstream.requests == []
        attempt = Attempt.objects.get()
        assert attempt.outcome == AttemptOutcome.NOT_SENT
        assert attempt.evidence == {"code": "lease_expired"} and balances(alice) == (9, 1, 0)
        backdate(job, 3, "due_at")
        sweep_once()
        run_queued()
    assert again(job).status == Status.PROCESSING and len(upstream.submits) == 1


def test_a_job_that_has_ended_stays_so(alice: Cast, settings: Any) -> None:
    with Upstream() as upstream:
        use_upstream(alice, upstream.origin)
        job = queued_generation(alice)
        submit_asleep(job, settings, job_ends)
        assert ended_as(job, "outcome_unknown") and balances(alice) == (10, 0, 0)
        sweep_once()
        run_queued()
    assert upstream.requests == []
    assert Attempt.objects.get().evidence == {"code": "lease_expired"}
