"""The sweep finds every row that is due; what is wrong with one keeps no other waiting."""

import time
from collections.abc import Callable
from typing import Any

import pytest
from django.db import connection
from django_q.models import OrmQ

from accounts.models import PhotoQuota
from integrations.webhooks.models import Delivery, DeliveryState
from projects import lifecycle
from projects.choices import LIVE, Status
from projects.models import Generation
from projects.pipeline.sweep import Sweep
from tests.conftest import Cast, mask_bytes, photo_bytes
from tests.garden import processing_generation, queued_generation
from tests.projects.jobs import (
    again,
    backdate,
    balances,
    given_by_url,
    unconfirmed,
    use_upstream,
)
from tests.projects.upstream import Upstream
from tests.servers import Reply, Server, serving
from tests.worker import run_queued, sweep_once, work_until

pytestmark = pytest.mark.django_db
NOWHERE = "http://127.0.0.1:1"
HANGS = Reply(hang=True)


def test_with_nobody_working_nothing_moves_and_then_everything_ends(alice: Cast) -> None:
    inputs = {"/photo.jpg": photo_bytes(), "/mask.png": mask_bytes()}
    with Upstream() as upstream, serving(dict(inputs)) as files:
        use_upstream(alice, upstream.origin)
        jobs = [queued_generation(alice), queued_generation(alice)]
        url = files.origin
        jobs.append(given_by_url(alice, f"{url}/photo.jpg", f"{url}/mask.png"))
        jobs.append(given_by_url(alice, f"{url}/404", f"{url}/404"))
        OrmQ.objects.all().delete()  # every hint is lost
        assert {again(job).status for job in jobs} == {Status.QUEUED}
        assert balances(alice) == (6, 4, 0) and upstream.requests == files.requests == []
        work_until(lambda: ended(jobs))
    assert balances(alice) == (7, 0, 3) and len(upstream.submits) == 3
    assert [r.path for r in files.requests] == ["/photo.jpg", "/mask.png", "/404"]


def ended(jobs: list[Generation]) -> bool:
    """Time passes: what waits for a moment is due, what was hinted is silent for long enough."""
    for job in jobs:
        backdate(job, 2, "due_at", "hinted_at", "last_polled_at")
    return not Generation.objects.filter(status__in=LIVE).exists()


@pytest.mark.parametrize("lost_at", [Status.QUEUED, Status.PROCESSING, Status.ARCHIVING])
def test_a_hint_that_is_lost_at_any_moment_is_given_again(alice: Cast, lost_at: Status) -> None:
    with Upstream() as upstream:
        use_upstream(alice, upstream.origin)
        job = queued_generation(alice)
        work_until(lambda: ended([job]) or again(job).status == lost_at)
        OrmQ.objects.all().delete()
        work_until(lambda: ended([job]))
    assert again(job).status == Status.SUCCEEDED and balances(alice) == (9, 0, 1)
    assert len(upstream.submits) == 1


def test_a_job_whose_ledger_is_broken_stops_no_other(
    alice: Cast, charlie: Cast, caplog: Any
) -> None:
    broken, sound = unconfirmed(charlie), unconfirmed(alice)
    PhotoQuota.objects.filter(agency=charlie.agency).delete()
    for job in (broken, sound):
        backdate(job, 1801, "status_since", "due_at")
    backdate(broken, 60, "due_at")
    sweep_once()
    assert again(sound).status == Status.FAILED
    assert again(broken).status == Status.UNCONFIRMED and str(broken.pk) in caplog.text
    assert sweep_once() == 0, "it is set aside for a while"


def test_a_key_that_cannot_be_opened_stops_no_other(
    alice: Cast, charlie: Cast, caplog: Any
) -> None:
    with Upstream() as upstream:
        hers, his = processing_generation(alice), processing_generation(charlie, "upstream-2")
        use_upstream(charlie, upstream.origin)
        with connection.cursor() as cursor:
            cursor.execute(
                "UPDATE iacrea_iacreaaccount SET api_key = 'x' WHERE agency_id = %s",
                [
                    Generation._meta.get_field("agency").get_db_prep_value(
                        alice.agency.pk, connection
                    )
                ],
            )
        for job in (hers, his):
            backdate(job, 60, "due_at")
        sweep_once()
    assert again(his).status == Status.ARCHIVING and again(hers).status == Status.PROCESSING
    assert "KeyGone" in caplog.text and sweep_once() == 0


def until(done: Callable[[], bool], sweep: Sweep) -> None:
    end = time.monotonic() + 10
    while not done():
        assert time.monotonic() < end, "not done in time"
        if not sweep.once():
            sweep.rest()


def test_a_get_that_hangs_delays_no_other_and_is_not_repeated(alice: Cast, charlie: Cast) -> None:
    sweep = Sweep()
    with Server(lambda _request: HANGS) as slow, Upstream() as quick:
        use_upstream(alice, slow.origin)
        use_upstream(charlie, quick.origin)
        hers, his = processing_generation(alice), processing_generation(charlie, "upstream-2")
        for job in (hers, his):
            backdate(job, 60, "due_at")
        until(lambda: again(his).status == Status.ARCHIVING, sweep)
        backdate(hers, 60, "due_at")
        sweep.once()
        assert [row.pk for row in sweep.polls.rows] == [hers.pk]
        until(lambda: len(slow.requests) == 1, sweep)
    sweep.finish()
    assert again(hers).status == Status.PROCESSING and len(slow.requests) == 1


def test_receivers_that_hang_delay_no_job(alice: Cast) -> None:
    sweep = Sweep()
    with Server(lambda _request: HANGS) as slow, Upstream() as upstream:
        use_upstream(alice, upstream.origin)
        told, job = processing_generation(alice), processing_generation(alice, "upstream-2")
        Generation.objects.filter(pk=told.pk).update(webhook=slow.origin)
        lifecycle.fail_upstream(told)
        until(lambda: len(slow.requests) == 1, sweep)
        backdate(job, 60, "due_at")
        until(lambda: again(job).status == Status.ARCHIVING, sweep)
        assert Delivery.objects.get().state == DeliveryState.PENDING
    sweep.finish()
    row = Delivery.objects.get()
    assert (row.state, row.error, row.attempts) == (DeliveryState.PENDING, "reset", 1)


def test_a_full_queue_gets_no_more_hints(alice: Cast, monkeypatch: Any) -> None:
    jobs = [queued_generation(alice) for _ in range(3)]
    monkeypatch.setattr("projects.pipeline.dispatch.FULL", 4)
    sweep_once()
    assert OrmQ.objects.count() == 4, "three jobs and the sweeper"
    for _ in range(5):
        for job in jobs:
            backdate(job, 60, "hinted_at")
        sweep_once()
    assert OrmQ.objects.count() == 4


def test_a_hint_is_not_repeated_at_each_pass(alice: Cast) -> None:
    job = queued_generation(alice)
    OrmQ.objects.all().delete()
    assert [sweep_once() for _ in range(3)] == [1, 0, 0]
    OrmQ.objects.all().delete()
    backdate(job, 11, "hinted_at")
    assert [sweep_once() for _ in range(3)] == [1, 0, 0] and OrmQ.objects.count() == 1
    assert run_queued() == 1
