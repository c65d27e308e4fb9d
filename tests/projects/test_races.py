"""Workers at the same time, each with a connection of its own to the real database."""

import threading
from collections.abc import Callable
from functools import partial
from pathlib import Path

import pytest

from projects import lifecycle, tasks
from projects.choices import Status
from projects.models import Generation, Upload
from tests.conftest import Cast, mask_bytes, photo_bytes
from tests.garden import processing_generation, queued_generation
from tests.projects.jobs import (
    HELD_AND_CHARGED,
    HELD_AND_GIVEN_BACK,
    again,
    archiving_generation,
    at_once,
    backdate,
    balances,
    entries,
    files_in,
    given_by_url,
    in_thread,
    originals_in,
    use_upstream,
    wait_until,
)
from tests.projects.upstream import Upstream
from tests.servers import Reply, Request, Server

pytestmark = [
    pytest.mark.django_db(transaction=True),
    pytest.mark.usefixtures("ledger_may_be_flushed"),
]


class Gate(Server):
    """Holds the first answer until the test opens the gate."""

    def __init__(self, answer: Callable[[Request], Reply]) -> None:
        self.opened = threading.Event()

        def gated(request: Request) -> Reply:
            assert self.opened.wait(20)
            return answer(request)

        super().__init__(gated)

    def wait_for_a_request(self) -> None:
        wait_until(lambda: bool(self.requests))


def inputs(request: Request) -> Reply:
    return Reply(body=photo_bytes() if "photo" in request.path else mask_bytes())


def by_url(cast: Cast, server: Server) -> Generation:
    return given_by_url(cast, server.origin + "/photo.jpg", server.origin + "/mask.png")


def test_two_workers_fetch_inputs_once(alice: Cast) -> None:
    with Gate(inputs) as server:
        job = by_url(alice, server)
        with in_thread(partial(tasks.prepare_inputs, str(job.pk))):
            server.wait_for_a_request()
            tasks.prepare_inputs(str(job.pk))  # the first is still at it
            server.opened.set()
    assert len(server.requests) == 2 and Upload.objects.count() == 2
    assert again(job).inputs_ready_at


def test_a_job_that_is_canceled_while_its_inputs_are_fetched(alice: Cast, media: Path) -> None:
    with Gate(inputs) as server:
        job = by_url(alice, server)
        with in_thread(partial(tasks.prepare_inputs, str(job.pk))):
            server.wait_for_a_request()
            assert lifecycle.cancel(job, actor_id="alice")
            server.opened.set()
    assert again(job).status == Status.CANCELED and entries(job) == HELD_AND_GIVEN_BACK
    assert not Upload.objects.exists() and files_in(media) == []


def test_many_workers_submit_once(alice: Cast) -> None:
    with Upstream() as upstream:
        use_upstream(alice, upstream.origin)
        job = queued_generation(alice)
        at_once(*[partial(tasks.submit_generation, str(job.pk))] * 6)
    assert len(upstream.requests) == 1 and again(job).status == Status.PROCESSING


def test_cancel_and_submit_at_once(alice: Cast) -> None:
    """T2 or T3, never both."""
    with Upstream() as upstream:
        use_upstream(alice, upstream.origin)
        for _ in range(4):
            job = queued_generation(alice)
            at_once(
                partial(tasks.submit_generation, str(job.pk)),
                partial(lifecycle.cancel, again(job), actor_id="alice"),
            )
            sent = [url for url in upstream.submits if job.photo.token in url]
            canceled = again(job).status == Status.CANCELED
            assert len(sent) == (0 if canceled else 1)
            assert entries(job) == (HELD_AND_GIVEN_BACK if canceled else HELD_AND_GIVEN_BACK[:1])


def test_many_workers_archive_once(alice: Cast, media: Path) -> None:
    with Upstream() as upstream:
        job = archiving_generation(alice, upstream.origin + "/1.png")
        at_once(*[partial(tasks.archive_generation, str(job.pk))] * 6)
    assert len(upstream.requests) == 1 and len(originals_in(media)) == 2 + 2
    assert entries(job) == HELD_AND_CHARGED and balances(alice) == (9, 0, 1)


def test_a_worker_that_slept_while_another_archived(alice: Cast, media: Path) -> None:
    """Its claim ended: both have the picture in their hands, one row and one charge remain."""
    with Gate(lambda _request: Reply(body=photo_bytes())) as server:
        job = archiving_generation(alice, server.origin + "/1.png")
        with in_thread(partial(tasks.archive_generation, str(job.pk))):
            server.wait_for_a_request()
            backdate(job, 200, "due_at")
            with in_thread(partial(tasks.archive_generation, str(job.pk))):
                wait_until(lambda: len(server.requests) == 2)
                server.opened.set()
    wait_until(lambda: again(job).status == Status.SUCCEEDED)
    assert job.pictures.count() == 1 and len(originals_in(media)) == 2 + 2
    assert entries(job) == HELD_AND_CHARGED and balances(alice) == (9, 0, 1)


def test_the_deadline_and_the_picture_at_once(alice: Cast) -> None:
    """T14 or T12, never both."""
    with Upstream() as upstream:
        for number in range(4):
            job = processing_generation(alice, f"up-{number}")
            assert lifecycle.found_result(job, [upstream.origin + "/1.png"])
            at_once(
                partial(tasks.archive_generation, str(job.pk)),
                partial(lifecycle.expire, again(job)),
            )
            charged = again(job).status == Status.SUCCEEDED
            assert entries(job) == (HELD_AND_CHARGED if charged else HELD_AND_GIVEN_BACK)
    assert sum(balances(alice)) == 10
