"""T19 and the discrepancy list: what contradicts an end changes nothing and is told; what iacrea
may have taken for nothing is on a list until somebody says why not."""

import hashlib
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client

from accounts.models import AuditEntry
from projects import discrepancies, lifecycle
from projects.choices import AttemptOutcome, Status
from projects.models import Attempt, Discrepancy, Generation
from tests.conftest import Cast
from tests.garden import processing_generation, queued_generation, succeeded_generation
from tests.projects.jobs import again, archiving_generation, backdate, balances, unconfirmed
from tests.projects.jobs import use_upstream as at
from tests.projects.test_adoption import call, pass_by, token_of, unclear
from tests.servers import Reply, Server
from tests.worker import answer_rings, sweep_once

pytestmark = pytest.mark.django_db
SUCCEEDED = {"status": "SUCCEEDED", "urls": ["http://127.0.0.1:1/1.png"]}


def failed(cast: Cast) -> Generation:
    job = processing_generation(cast)
    assert lifecycle.fail_upstream(job)
    return again(job)


def rung_and_heard(cast: Cast, job: Generation, said: dict[str, Any], times: int = 3) -> int:
    """iacrea calls after the end, and `get` says this; returns how often it was asked."""
    hashed = hashlib.sha256(token_of(job).encode()).hexdigest()
    Attempt.objects.filter(generation=job).update(token_sha256=hashed)
    with Server(lambda _request: Reply.json(said)) as server:
        at(cast, server.origin)
        for _ in range(times):
            call(job, None)
            backdate(job, 6, "last_polled_at", "look_again_at")
            sweep_once()
    return len(server.requests)


def anomalies(job: Generation) -> list[Any]:
    return [event.detail for event in job.events.filter(kind="anomaly")]


@pytest.mark.parametrize(
    ("make", "said", "photos"),
    [(failed, SUCCEEDED, (10, 0, 0)), (succeeded_generation, {"status": "FAILED"}, (9, 0, 1))],
    ids=["C40", "C39"],
)
def test_another_word_after_the_end_is_told_once(
    alice: Cast, caplog: Any, make: Callable[[Cast], Generation], said: Any, photos: Any
) -> None:
    job = make(alice)
    assert rung_and_heard(alice, job, said) == 3
    assert again(job).status == job.status and balances(alice) == photos
    assert anomalies(job) == [{"transition": "T19", "heard": said["status"].lower()}]
    assert str(job.pk) in caplog.text and Generation.objects.count() == 1


@pytest.mark.parametrize(
    ("make", "said"),
    [(failed, {"status": "FAILED"}), (succeeded_generation, SUCCEEDED)],
    ids=["failed", "succeeded"],
)
def test_the_same_word_is_no_anomaly(
    alice: Cast, make: Callable[[Cast], Generation], said: Any
) -> None:
    job = make(alice)
    assert rung_and_heard(alice, job, said) == 3 and anomalies(job) == []


def test_a_call_for_a_send_that_was_proven_not_to_be_is_told(alice: Cast, caplog: Any) -> None:
    job = queued_generation(alice)
    attempt = lifecycle.open_attempt(job, hashlib.sha256(token_of(job).encode()).hexdigest())
    assert attempt
    assert lifecycle.requeue(attempt, AttemptOutcome.RATE_LIMITED, {}, wait=timedelta(minutes=1))
    for _ in range(2):
        call(job, "up-1")
        answer_rings()
    assert anomalies(job) == [{"transition": "T19", "rang": 1, "though": "rate_limited"}]
    assert again(job).status == Status.QUEUED


def expired(make: Callable[..., Generation]) -> Callable[[Cast], Generation]:
    def end(cast: Cast) -> Generation:
        job = make(cast)
        assert lifecycle.expire(job)
        return again(job)

    return end


def lost_result(cast: Cast) -> Generation:
    return archiving_generation(cast, "http://127.0.0.1:1/")


@pytest.mark.parametrize(
    ("end", "listed"),
    [
        (expired(unconfirmed), ["outcome_unknown"]),
        (expired(processing_generation), ["timed_out"]),
        (expired(lost_result), ["result_lost"]),
        (expired(queued_generation), []),
        (failed, []),
        (succeeded_generation, []),
    ],
    ids=["T15", "T18", "T14", "T2b", "T13", "T12"],
)
def test_what_iacrea_may_have_taken_is_listed(
    alice: Cast, end: Callable[[Cast], Generation], listed: list[str]
) -> None:
    job = end(alice)
    rows = Discrepancy.objects.for_agency(alice.agency, job.mode)
    assert [row.code for row in rows] == listed
    assert not any(row.rung or row.closed_at for row in rows)


def test_a_late_call_shows_on_the_list(alice: Cast) -> None:
    job = unclear(alice)
    assert lifecycle.expire(job)
    call(job, None)
    answer_rings()
    assert Discrepancy.objects.get().rung


def test_a_row_is_closed_once_with_a_reason(alice: Cast) -> None:
    job = expired(unconfirmed)(alice)
    row = job.discrepancy
    with pytest.raises(ValueError, match="reason"):
        discrepancies.close(row, reason=" ", actor_id="dana")
    assert discrepancies.close(row, reason="not on their bill", actor_id="dana")
    assert not discrepancies.close(row, reason="another", actor_id="eve")
    row.refresh_from_db()
    assert (row.reason, row.closed_by) == ("not on their bill", "dana") and row.closed_at
    entry = AuditEntry.objects.get(action="discrepancy.close")
    assert (entry.target, entry.actor_id, entry.reason) == (str(job.pk), "dana", row.reason)


HISTORIES: dict[str, list[dict[str, Any]]] = {
    "flicker": [{"status": "PROCESSING"}, {"status": "FAILED"}, {"status": "STARTING"}, SUCCEEDED],
    "failed": [{"status": "FAILED"}, {"status": "PROCESSING"}] + [{"status": "FAILED"}] * 2,
    "no link": [{"status": "SUCCEEDED", "urls": []}, {"status": "STARTING"}, SUCCEEDED],
    "strange": [{"status": "QUEUED_2"}, {}, {"status": "PROCESSING"}, {"status": "STARTING"}],
}


@pytest.mark.parametrize("name", HISTORIES)
@pytest.mark.parametrize("adopted", [False, True])
def test_a_client_that_polls_sees_four_words_and_never_backwards(
    alice: Cast, client: Client, name: str, adopted: bool
) -> None:
    """Through unconfirmed, adopted, processing and the deadline, at iacrea's own wire."""
    said = list(HISTORIES[name])
    adoption = [{"status": "SUCCEEDED", "urls": []}] if adopted else []
    replies = [Reply.json(each) for each in [*adoption, *said, *[said[-1]] * 9]]
    seen: list[str] = []

    def look(job: Generation) -> Generation:
        body = {"user_id": alice.user_id, "generation_id": str(job.pk)}
        path, kind = "/api/create_exterior/get", "application/json"
        answer = client.post(path, body, content_type=kind, headers=alice.headers)
        seen.append(answer.json()["status"])
        return job

    with Server(lambda _request: replies.pop(0)) as server:
        at(alice, server.origin)
        job = look(unclear(alice)) if adopted else look(processing_generation(alice))
        if adopted:
            call(job, "up-9")
        for _ in range(len(said) + 1):
            backdate(job, 6, "upstream_failed_at")
            job = look(pass_by(job))
        backdate(job, 24 * 3600, "status_since", "due_at")
        sweep_once()
        look(job)
    order = ["STARTING", "PROCESSING", "SUCCEEDED", "FAILED"]
    ranks = [order.index(word) for word in seen]
    assert ranks == sorted(ranks) and seen[0] == "STARTING" and seen[-1] == "FAILED"
