"""What iacrea says of a running job, and what of it is believed."""

from typing import Any

import pytest

from integrations.iacrea.client import JobState
from projects.choices import Status
from projects.models import Generation
from projects.pipeline.poll import learn
from tests.conftest import Cast
from tests.garden import processing_generation
from tests.projects.jobs import again, backdate, balances, ended_as, use_upstream
from tests.servers import Reply, Request, Server
from tests.worker import sweep_once

pytestmark = pytest.mark.django_db
PROCESSING, FAILED = Reply.json({"status": "PROCESSING"}), Reply.json({"status": "FAILED"})
SUCCEEDED = Reply.json({"status": "SUCCEEDED", "urls": ["http://127.0.0.1:1/1.png"]})
STRANGE = [
    Reply.json({"status": "QUEUED_2"}), Reply.json({"status": None}), Reply.json({}),
    Reply.json([]), Reply(200, b"<html>"), Reply(404), Reply(500), Reply(401),
    Reply(302, headers={"location": "/"}), Reply(reset=True),
    Reply(200, b"{", {"content-length": "9"}),
]  # fmt: skip


class Upstream(Server):
    """Says one thing after another to each `get`."""

    def __init__(self, *replies: Reply) -> None:
        self.replies = list(replies)
        super().__init__(lambda _request: self.replies.pop(0))


def poll(job: Generation) -> Generation:
    """Let 61 seconds pass, the longest time between two gets."""
    backdate(job, 61, "due_at", "upstream_failed_at", "last_polled_at")
    sweep_once()
    return again(job)


def polled(cast: Cast, *replies: Reply) -> tuple[Generation, list[Request]]:
    """A running job after each of these answers."""
    with Upstream(*replies) as server:
        use_upstream(cast, server.origin)
        job = processing_generation(cast)
        for _ in replies:
            job = poll(job)
    return job, server.requests


def test_it_is_asked_for_by_its_id_with_its_accounts_key(alice: Cast) -> None:
    job, (request,) = polled(alice, PROCESSING)
    assert request.path == "/api/create_exterior/get"
    assert request.json()["generation_id"] == job.upstream_id == "upstream-1"
    assert request.headers["x-api-key"] == "upstream-key-of-Alice"


def test_it_is_not_asked_for_before_it_is_due(alice: Cast) -> None:
    with Upstream(PROCESSING) as server:
        use_upstream(alice, server.origin)
        job = processing_generation(alice)
        assert job.due_at and 19 < (job.due_at - job.status_since).total_seconds() <= 20
        assert sweep_once() == 0
    assert server.requests == []


def test_the_next_get_is_at_least_five_seconds_later(alice: Cast) -> None:
    job, _requests = polled(alice, PROCESSING)
    assert job.due_at and job.last_polled_at
    assert 5 <= (job.due_at - job.last_polled_at).total_seconds() <= 6


def test_our_door_follows_and_never_goes_back(alice: Cast) -> None:
    replies = [Reply.json({"status": "STARTING"}), PROCESSING, Reply.json({"status": "STARTING"})]
    seen = []
    with Upstream(*replies, Reply(500), SUCCEEDED) as server:
        use_upstream(alice, server.origin)
        job = processing_generation(alice)
        seen.append(job.public_status)
        for _ in range(5):
            job = poll(job)
            seen.append(job.public_status)
    assert seen == ["STARTING"] * 2 + ["PROCESSING"] * 4
    assert job.status == Status.ARCHIVING and job.result_urls == ["http://127.0.0.1:1/1.png"]


def test_failed_once_decides_nothing(alice: Cast) -> None:
    job, _requests = polled(alice, FAILED)
    assert (job.status, job.public_status) == (Status.PROCESSING, "STARTING")
    assert balances(alice) == (9, 1, 0)


def test_failed_twice_gives_the_photo_back_once(alice: Cast) -> None:
    job, _requests = polled(alice, FAILED, FAILED)
    assert ended_as(job, "generation_failed") and balances(alice) == (10, 0, 0)


def test_failed_is_asked_again_after_five_seconds_and_not_before(alice: Cast) -> None:
    with Upstream(FAILED, FAILED) as server:
        use_upstream(alice, server.origin)
        job = poll(processing_generation(alice))
        assert job.due_at and job.upstream_failed_at
        assert (job.due_at - job.upstream_failed_at).total_seconds() == 5
        backdate(job, 10, "due_at")  # asked too early, as by a doorbell
        sweep_once()
        assert again(job).status == Status.PROCESSING
        assert again(job).upstream_failed_at == job.upstream_failed_at
    assert len(server.requests) == 2


@pytest.mark.parametrize("between", [PROCESSING, Reply.json({"status": "SUCCEEDED", "urls": []})])
def test_a_flicker_decides_nothing(alice: Cast, between: Reply) -> None:
    job, _requests = polled(alice, FAILED, between, FAILED)
    assert job.status == Status.PROCESSING and balances(alice) == (9, 1, 0)
    with Upstream(SUCCEEDED) as server:
        use_upstream(alice, server.origin)
        assert poll(job).status == Status.ARCHIVING


@pytest.mark.parametrize("between", [Reply(500), Reply.json({"status": "QUEUED_2"})])
def test_no_answer_between_two_failed_is_no_contradiction(alice: Cast, between: Reply) -> None:
    job, _requests = polled(alice, FAILED, between, FAILED)
    assert ended_as(job, "generation_failed")


def test_an_answer_that_comes_late_does_not_bring_a_flicker_back(alice: Cast) -> None:
    late, _requests = polled(alice, FAILED)
    backdate(late, 6, "upstream_failed_at")
    late = again(late)
    with Upstream(PROCESSING) as server:
        use_upstream(alice, server.origin)
        poll(late)
    learn(late, JobState("failed"))
    assert again(late).status == Status.PROCESSING and balances(alice) == (9, 1, 0)


@pytest.mark.parametrize("reply", STRANGE, ids=lambda r: f"{r.status} {r.body[:20]!r}")
def test_a_strange_answer_changes_nothing(alice: Cast, reply: Reply) -> None:
    job, requests = polled(alice, reply, reply, SUCCEEDED)
    assert job.status == Status.ARCHIVING and len(requests) == 3
    assert balances(alice) == (9, 1, 0)


@pytest.mark.parametrize("urls", [[], None, "x", [None, 7], {}])
def test_success_without_a_link_is_not_yet_one(alice: Cast, urls: Any) -> None:
    job, _requests = polled(alice, Reply.json({"status": "SUCCEEDED", "urls": urls}))
    assert (job.status, job.public_status) == (Status.PROCESSING, "STARTING")


@pytest.mark.parametrize("reply", [PROCESSING, FAILED, Reply(500), SUCCEEDED])
def test_a_day_without_an_end_is_the_end(alice: Cast, reply: Reply) -> None:
    """T18, by our own clock: nobody is asked any more."""
    with Upstream(reply) as server:
        use_upstream(alice, server.origin)
        job = processing_generation(alice)
        backdate(job, 24 * 3600, "status_since", "due_at")
        sweep_once()
    assert ended_as(job, "timed_out") and server.requests == []
    assert balances(alice) == (10, 0, 0)
