"""T10: a callback names the job that iacrea took, where its own answer was lost."""

import hashlib
import json
import time
from typing import Any

import pytest
from django.test import Client

from projects import lifecycle
from projects.callbacks import MAX_BODY, candidate_in, ring
from projects.choices import Status
from projects.models import CallbackReceipt, Generation
from projects.pipeline.rings import MAX_CANDIDATES, MAX_RECEIPTS
from tests.conftest import Cast
from tests.garden import processing_generation, queued_generation
from tests.projects.jobs import (
    HELD_AND_CHARGED,
    again,
    backdate,
    balances,
    ended_as,
    entries,
    use_upstream,
)
from tests.projects.upstream import Upstream
from tests.servers import Reply, Server
from tests.worker import answer_rings, sweep_once, work_to_the_end

pytestmark = pytest.mark.django_db
NOTHING = Reply(404)


def token_of(job: Generation) -> str:
    return job.pk.hex


def unclear(cast: Cast) -> Generation:
    """Sent, and nobody knows whether iacrea took it."""
    job = queued_generation(cast)
    hashed = hashlib.sha256(token_of(job).encode()).hexdigest()
    attempt = lifecycle.open_attempt(job, hashed)
    assert attempt and lifecycle.doubt(attempt, {})
    return again(job)


def call(job: Generation, upstream_id: str | None) -> None:
    body = {"status": "SUCCEEDED", "urls": []}
    named = body | {"generation_id": upstream_id} if upstream_id else body
    assert ring(token_of(job), json.dumps(named).encode())


def asked(server: Server) -> list[str]:
    return [r.json()["generation_id"] for r in server.requests if r.path.endswith("/get")]


def pass_by(job: Generation, seconds: float = 61) -> Generation:
    backdate(job, seconds, "due_at", "last_polled_at")
    sweep_once()
    return again(job)


def test_a_named_job_is_adopted_and_charged_once(alice: Cast) -> None:
    with Upstream() as upstream:
        use_upstream(alice, upstream.origin)
        job = unclear(alice)
        call(job, "up-9")
        sweep_once()
        job = again(job)
        assert (job.status, job.upstream_id) == (Status.PROCESSING, "up-9")
        assert job.attempts.get().upstream_id == "up-9" and job.public_status == "STARTING"
        backdate(job, 10, "due_at")
        work_to_the_end(job)
    assert again(job).status == Status.SUCCEEDED and entries(job) == HELD_AND_CHARGED
    assert upstream.submits == [] and balances(alice) == (9, 0, 1)


def test_a_call_before_the_lease_ended_is_not_lost(alice: Cast) -> None:
    with Upstream() as upstream:
        use_upstream(alice, upstream.origin)
        job = queued_generation(alice)
        hashed = hashlib.sha256(token_of(job).encode()).hexdigest()
        assert lifecycle.open_attempt(job, hashed)
        call(job, "up-9")
        sweep_once()
        assert again(job).status == Status.SUBMITTING and upstream.requests == []
        assert lifecycle.lose_lease(again(job))
        sweep_once()
    assert again(job).status == Status.PROCESSING


def test_without_an_id_it_proves_that_it_was_taken_and_no_more(alice: Cast) -> None:
    with Upstream() as upstream:
        use_upstream(alice, upstream.origin)
        job = unclear(alice)
        call(job, None)
        assert pass_by(job).status == Status.UNCONFIRMED and upstream.requests == []
        backdate(job, 1801, "status_since", "due_at")
        sweep_once()
    assert ended_as(job, "outcome_unknown") and job.discrepancy.rung


@pytest.mark.parametrize("reply", [NOTHING, Reply(500), Reply.json({"status": "QUEUED_2"})])
def test_an_id_that_get_does_not_know_is_no_proof(alice: Cast, reply: Reply) -> None:
    with Server(lambda _request: reply) as server:
        use_upstream(alice, server.origin)
        job = unclear(alice)
        call(job, "up-9")
        for _ in range(2):
            job = pass_by(job)
        assert job.status == Status.UNCONFIRMED and asked(server) == ["up-9", "up-9"]
        backdate(job, 1801, "status_since", "due_at")
        sweep_once()
    assert ended_as(job, "outcome_unknown") and balances(alice) == (10, 0, 0)


def test_one_get_in_five_seconds_however_often_it_rings(alice: Cast) -> None:
    with Server(lambda _request: NOTHING) as server:
        use_upstream(alice, server.origin)
        job, began = unclear(alice), time.monotonic()
        for _ in range(20):
            call(job, "up-9")
            sweep_once()
        seconds = time.monotonic() - began
    assert 1 <= len(server.requests) <= 1 + seconds / 5
    assert CallbackReceipt.objects.count() == MAX_RECEIPTS


def test_the_true_id_is_found_behind_forged_ones(alice: Cast) -> None:
    def answer(request: Any) -> Reply:
        true = request.json()["generation_id"] == "true"
        return Reply.json({"status": "PROCESSING"}) if true else NOTHING

    with Server(answer) as server:
        use_upstream(alice, server.origin)
        job = unclear(alice)
        for name in [*["forged"] * MAX_RECEIPTS, "forged 2", "true", *map(str, range(9))]:
            call(job, name)
        answer_rings()
        candidates = CallbackReceipt.objects.exclude(candidate_id="").values("candidate_id")
        assert candidates.distinct().count() == MAX_CANDIDATES
        for _ in range(MAX_RECEIPTS + 2):
            job = pass_by(job, 20)
    assert (job.status, job.upstream_id) == (Status.PROCESSING, "true")
    assert asked(server).count("true") == 1


def test_an_id_that_is_bound_is_refused_and_told_once(
    alice: Cast, charlie: Cast, caplog: Any
) -> None:
    """A leaked token with the id of another agency's job."""
    with Upstream() as upstream:
        for cast in (alice, charlie):
            use_upstream(cast, upstream.origin)
        his = processing_generation(charlie, "his")
        hers = unclear(alice)
        call(hers, "his")
        for _ in range(3):
            pass_by(hers)
    assert again(hers).status == Status.UNCONFIRMED and again(his).status == Status.PROCESSING
    assert upstream.requests == [] and caplog.text.count("of_another_job") == 1
    assert hers.events.filter(kind="anomaly").count() == 1


def test_the_id_of_a_job_that_is_still_being_sent_waits_for_its_owner(
    alice: Cast, charlie: Cast
) -> None:
    with Upstream() as upstream:
        for cast in (alice, charlie):
            use_upstream(cast, upstream.origin)
        hers, his = unclear(alice), queued_generation(charlie)
        attempt = lifecycle.open_attempt(his, "f" * 64)
        call(hers, "his")
        assert pass_by(hers).status == Status.UNCONFIRMED and upstream.requests == []
        assert attempt and lifecycle.bind(attempt, "his", {})
        backdate(his, -60, "due_at")
        assert pass_by(hers).status == Status.UNCONFIRMED and upstream.requests == []
    assert (again(his).status, again(his).upstream_id) == (Status.PROCESSING, "his")


def test_a_send_that_began_after_the_call_is_not_waited_for(alice: Cast, charlie: Cast) -> None:
    with Upstream() as upstream:
        use_upstream(alice, upstream.origin)
        hers = unclear(alice)
        call(hers, "hers")
        assert lifecycle.open_attempt(queued_generation(charlie), "f" * 64)
        assert pass_by(hers).status == Status.PROCESSING


def test_an_id_that_two_jobs_were_rung_for_is_neithers(alice: Cast, charlie: Cast) -> None:
    with Upstream() as upstream:
        for cast in (alice, charlie):
            use_upstream(cast, upstream.origin)
        hers, his = unclear(alice), unclear(charlie)
        for job in (hers, his):
            call(job, "same")
        for job in (hers, his):
            assert pass_by(job).status == Status.UNCONFIRMED
    assert upstream.requests == []


def test_an_answer_that_names_another_id_than_the_adopted_one_is_told(
    alice: Cast, caplog: Any
) -> None:
    with Upstream() as upstream:
        use_upstream(alice, upstream.origin)
        job = queued_generation(alice)
        attempt = lifecycle.open_attempt(job, hashlib.sha256(token_of(job).encode()).hexdigest())
        assert attempt and lifecycle.lose_lease(again(job))
        call(job, "rung")
        assert pass_by(job).status == Status.PROCESSING
        assert not lifecycle.bind(attempt, "answered", {})
    assert again(job).upstream_id == "rung" and "answered" in caplog.text


@pytest.mark.parametrize(
    ("body", "found"),
    [
        (b'{"generation_id": "up-1"}', "up-1"),
        (b'{"generation_id": "%s"}' % (b"x" * 200), "x" * 200),
        (b'{"generation_id": "%s"}' % (b"x" * 201), ""),
        (b'{"generation_id": "a\\u0000b"}', ""),
        (b'{"generation_id": "\\ud800"}', ""),
        (b'{"generation_id": 7}', ""),
        (b'{"generation_id": ""}', ""),
        (b'["generation_id"]', ""),
        (b"\xff\xfe", ""),
        (b"[" * 60_000, ""),
        (b"", ""),
        (b'{"generation_id": "up-1"}' + b" " * MAX_BODY, ""),
    ],
    ids=range(12),
)
def test_what_can_be_an_id(body: bytes, found: str) -> None:
    assert candidate_in(body) == found


@pytest.mark.parametrize("body", [b'{"generation_id": "a\\u0000"}', b"x" * 3_000_000, b"\x1f\x8b"])
def test_any_body_rings(alice: Cast, client: Client, body: bytes) -> None:
    job = unclear(alice)
    path = f"/callbacks/{token_of(job)}"
    assert client.post(path, body, content_type="application/json").status_code == 204
    assert CallbackReceipt.objects.get().candidate_id == ""
