"""Hints: prompt on a quiet system, once for each row, and from many at the same time."""

from functools import partial
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django_q.models import OrmQ

from projects import sweeper
from projects.choices import Status
from projects.models import Generation
from projects.pipeline import dispatch
from tests.conftest import Cast, mask_bytes, photo_bytes
from tests.garden import queued_generation
from tests.projects.jobs import again, at_once, backdate, given_by_url, use_upstream
from tests.projects.upstream import Upstream
from tests.servers import serving
from tests.worker import run_queued, work_to_the_end

pytestmark = pytest.mark.django_db


def funcs() -> list[str]:
    return [row.task["func"].rsplit(".", 1)[1] for row in OrmQ.objects.order_by("pk")]


def test_a_job_is_found_by_the_sweep_that_its_transaction_asks_for(alice: Cast) -> None:
    queued_generation(alice)
    assert funcs() == ["sweep"]
    assert dispatch.hand_out() == 1 and funcs() == ["sweep", "submit_generation"]


def test_while_a_sweep_runs_accepting_asks_one_question_about_it(alice: Cast) -> None:
    sweeper.acquire()
    with CaptureQueriesContext(connection) as asked:
        queued_generation(alice)
    about = [query["sql"] for query in asked.captured_queries if "projects_lease" in query["sql"]]
    assert len(about) == 1 and funcs() == []


def test_each_step_hints_the_next_without_a_sweep(alice: Cast) -> None:
    files = {"/photo.jpg": photo_bytes(), "/mask.png": mask_bytes()}
    with Upstream() as upstream, serving(dict(files)) as given:
        use_upstream(alice, upstream.origin)
        job = given_by_url(alice, f"{given.origin}/photo.jpg", f"{given.origin}/mask.png")
        dispatch.hand_out()
        assert funcs() == ["sweep", "prepare_inputs"]
        run_queued()
        assert "submit_generation" in funcs()
        run_queued()
        assert again(job).status == Status.PROCESSING
        backdate(job, 60, "due_at")
        assert work_to_the_end(job).status == Status.SUCCEEDED


def test_a_worker_that_is_done_takes_the_next(alice: Cast, settings: Any) -> None:
    settings.JOB_WORKERS = 1
    with Upstream() as upstream:
        use_upstream(alice, upstream.origin)
        jobs = [queued_generation(alice) for _ in range(3)]
        dispatch.hand_out()
        assert funcs().count("submit_generation") == 1
        for _ in jobs:
            run_queued()
    assert {again(job).status for job in jobs} == {Status.PROCESSING}


def test_a_row_is_hinted_again_when_nobody_took_it(alice: Cast) -> None:
    job = queued_generation(alice)
    dispatch.hand_out()
    OrmQ.objects.all().delete()
    assert dispatch.hand_out() == 0
    backdate(job, 11, "hinted_at")
    assert dispatch.hand_out() == 1 and funcs() == ["submit_generation"]


def test_when_nothing_waits_one_question_is_asked(alice: Cast) -> None:
    queued_generation(alice)
    assert dispatch.hand_out() == 1, "a worker was told of it"
    with CaptureQueriesContext(connection) as asked:
        assert dispatch.hand_out() == 0
    assert sum("FROM" in query["sql"] for query in asked.captured_queries) == 1


def test_a_queue_that_nobody_works_on_does_not_grow(alice: Cast, monkeypatch: Any) -> None:
    monkeypatch.setattr(dispatch, "FULL", 3)
    jobs = [queued_generation(alice) for _ in range(2)]
    assert dispatch.hand_out() == 2, "with the sweep the queue is full"
    for _ in range(4):
        for job in jobs:
            backdate(job, 60, "hinted_at")
        dispatch.hand_out()
    assert len(funcs()) == 3


@pytest.mark.django_db(transaction=True)
@pytest.mark.usefixtures("ledger_may_be_flushed")
def test_many_hand_out_at_once_and_each_row_once(alice: Cast) -> None:
    for _ in range(3):
        queued_generation(alice)
    OrmQ.objects.all().delete()
    Generation.objects.update(hinted_at=None)
    assert sum(at_once(*[dispatch.hand_out] * 6)) == 3
    assert funcs() == ["submit_generation"] * 3


@pytest.mark.django_db(transaction=True)
@pytest.mark.usefixtures("ledger_may_be_flushed")
def test_many_are_accepted_at_once(alice: Cast, charlie: Cast) -> None:
    """And between them they ask for one sweep: two that accept wait for nothing of each other's."""
    works = [partial(queued_generation, cast) for cast in (alice, charlie) * 3]
    jobs = at_once(*works)
    assert len(jobs) == 6 and funcs() == ["sweep"]
