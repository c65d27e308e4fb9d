"""What each ending of a submit does to the job and its photo, and how often iacrea was asked."""

import hashlib
from typing import Any
from uuid import uuid4

import pytest

from integrations.iacrea import client
from integrations.iacrea.models import IacreaAccount
from projects import lifecycle, tasks
from projects.choices import AttemptOutcome, Status
from projects.models import Attempt, Generation
from tests.conftest import Cast
from tests.garden import processing_generation, queued_generation
from tests.projects.jobs import again, backdate, balances, ended_as, use_upstream
from tests.servers import Reply, Request, Server
from tests.worker import run_queued, sweep_once

pytestmark = pytest.mark.django_db
ACCEPTED = {"generation_id": "up-1", "remaining_photos": 41, "project_id": "p"}
Outcome = AttemptOutcome


def submitted(cast: Cast, reply: Reply) -> tuple[Generation, list[Request]]:
    """A job that was sent once, and what the server saw."""
    with Server(lambda _request: reply) as server:
        use_upstream(cast, server.origin)
        job = queued_generation(cast)
        tasks.submit_generation(str(job.pk))
        tasks.submit_generation(str(job.pk))  # a hint that came twice
    return again(job), server.requests


def attempt_of(job: Generation) -> Attempt:
    return Attempt.objects.get(generation=job)


def test_accepted(alice: Cast) -> None:
    job, requests = submitted(alice, Reply.json(ACCEPTED))
    assert (job.status, job.upstream_id, job.public_status) == ("PROCESSING", "up-1", "STARTING")
    assert attempt_of(job).outcome == Outcome.ACCEPTED and len(requests) == 1
    assert balances(alice) == (9, 1, 0)
    sent = requests[0].json()
    assert (sent["room_type"], sent["width"], sent["height"]) == ("TERRACE", 320, 240)
    assert sent["image_url"].endswith("/photo.jpg") and sent["mask_url"].endswith("/mask.png")


@pytest.mark.parametrize("status", [400, 404, 413, 415, 422])
def test_refused(alice: Cast, status: int) -> None:
    job, requests = submitted(alice, Reply.json({"message": "no"}, status))
    assert ended_as(job, "invalid_input", "refused_upstream") and len(requests) == 1
    assert attempt_of(job).outcome == Outcome.REFUSED and balances(alice) == (10, 0, 0)


UNCLEAR = [
    Reply(302, headers={"location": "/elsewhere"}),
    Reply(307, headers={"location": "/elsewhere"}),
    Reply(409), Reply(500), Reply(502), Reply(503, headers={"retry-after": "1"}), Reply(504),
    Reply(reset=True),
    Reply(200, b'{"generation_id"', {"content-length": "500"}),
    Reply(200, b"<html>busy</html>"), Reply(200, b""), Reply.json({}), Reply.json([]),
    Reply.json({"generation_id": None}), Reply.json({"generation_id": 7}),
    Reply.json({"generation_id": ""}), Reply.json({"generation_id": "x" * 10_000}),
    Reply(200, b"x" * 2_000_000),
]  # fmt: skip


@pytest.mark.parametrize("reply", UNCLEAR, ids=lambda r: f"{r.status} {r.body[:12]!r}")
def test_unclear_is_never_sent_again(alice: Cast, reply: Reply) -> None:
    job, requests = submitted(alice, reply)
    assert job.status == Status.UNCONFIRMED and len(requests) == 1
    assert attempt_of(job).outcome == Outcome.UNCLEAR and balances(alice) == (9, 1, 0)
    backdate(job, 29 * 60, "status_since", "due_at")
    sweep_once()
    assert again(job).status == Status.UNCONFIRMED
    backdate(job, 2 * 60, "status_since", "due_at")
    sweep_once()
    run_queued()
    assert ended_as(job, "outcome_unknown") and len(requests) == 1
    assert balances(alice) == (10, 0, 0)


@pytest.mark.parametrize("reply", [Reply(hang=True), Reply(200, b" " * 99, drip_s=0.05)])
def test_a_slow_answer_is_unclear(alice: Cast, monkeypatch: Any, reply: Reply) -> None:
    """The real limits are 60 s without a byte and 120 s in all."""
    limits = client.http.Timeout(connect=1, idle=0.3, total=0.5)
    monkeypatch.setattr(client, "SUBMIT_TIMEOUT", limits)
    job, requests = submitted(alice, reply)
    assert job.status == Status.UNCONFIRMED and len(requests) == 1


def test_an_id_that_is_another_jobs_is_no_proof(alice: Cast, charlie: Cast) -> None:
    with Server(lambda _request: Reply.json(ACCEPTED)) as server:
        for cast in (alice, charlie):
            use_upstream(cast, server.origin)
        first, second = queued_generation(alice), queued_generation(charlie)
        run_queued()
    first, second = again(first), again(second)
    assert (first.status, first.upstream_id) == (Status.PROCESSING, "up-1")
    assert (second.status, second.upstream_id) == (Status.UNCONFIRMED, "")
    assert attempt_of(second).evidence["bound_elsewhere"] == "up-1"


def test_no_other_job_is_sent_with_a_token_that_could_be_read(alice: Cast, caplog: Any) -> None:
    job, requests = submitted(alice, Reply(500, b"who are you?"))
    url = requests[0].json()["webhook"]
    token = url.rsplit("/", 1)[1]
    assert url == f"http://testserver/callbacks/{token}" and len(token) == 43
    assert attempt_of(job).token_sha256 == hashlib.sha256(token.encode()).hexdigest()
    rows = [*Attempt.objects.values_list(), *Generation.objects.values_list()]
    assert token not in str(rows) and token not in caplog.text


def account(**fields: Any) -> IacreaAccount:
    return IacreaAccount.objects.create(iacrea_user_id=uuid4(), **fields)


def test_which_account_pays(alice: Cast, charlie: Cast, bob: Any) -> None:
    """The member's own, else the agency's, else the operator's."""
    with Server(lambda _request: Reply(500)) as server:
        own = account(agency=alice.agency, membership=bob, api_key="bobs", base_url=server.origin)
        default = use_upstream(alice, server.origin)
        use_upstream(charlie, server.origin).delete()
        lent = account(api_key="operators", base_url=server.origin)
        for author in (bob, alice.owner, charlie.owner):
            cast = charlie if author == charlie.owner else alice
            queued_generation(Cast(cast.agency, author, "", ""))
        run_queued()
    seen = [(r.headers["x-api-key"], r.json()["user_id"]) for r in server.requests]
    named = [(each.api_key, str(each.iacrea_user_id)) for each in (own, default, lent)]
    assert sorted(seen) == sorted(named)


def test_a_lease_that_ended_is_unconfirmed(alice: Cast) -> None:
    """T9: whoever was sending it died; nobody knows whether iacrea has it."""
    job = queued_generation(alice)
    assert lifecycle.open_attempt(job, "a" * 64)
    sweep_once()
    assert again(job).status == Status.SUBMITTING
    backdate(job, 181, "due_at")
    sweep_once()
    run_queued()
    assert again(job).status == Status.UNCONFIRMED and balances(alice) == (9, 1, 0)


def test_a_job_that_runs_is_not_sent(alice: Cast) -> None:
    with Server(lambda _request: Reply.json(ACCEPTED)) as server:
        use_upstream(alice, server.origin)
        job = processing_generation(alice)
        tasks.submit_generation(str(job.pk))
    assert server.requests == []
