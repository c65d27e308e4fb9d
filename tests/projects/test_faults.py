"""Rows of docs/faults.md that no other test is about: what iacrea or the database may do to us."""

import json
from functools import partial
from typing import Any

import pytest
from cryptography.fernet import Fernet
from django.db import OperationalError, connection
from django.test import Client

from integrations.iacrea.models import IacreaAccount
from projects import lifecycle, tasks
from projects.choices import Status
from projects.models import Attempt, Generation
from tests.conftest import Cast, photo_bytes
from tests.garden import processing_generation, queued_generation
from tests.projects.jobs import (
    HELD_AND_CHARGED,
    HELD_AND_GIVEN_BACK,
    again,
    at_once,
    backdate,
    balances,
    entries,
    use_upstream,
)
from tests.projects.test_adoption import call, token_of
from tests.projects.test_callbacks import fails_on, hashed
from tests.projects.test_dropin_refusals import GENERATE, body
from tests.projects.test_poll import polled
from tests.projects.test_strange_answers import alerts, polled_on
from tests.projects.test_submit import ACCEPTED, submitted
from tests.projects.upstream import Upstream
from tests.servers import Reply, Request, Server
from tests.worker import run_queued, sweep_once, work_to_the_end

pytestmark = pytest.mark.django_db
SUCCEEDED = {"status": "SUCCEEDED", "urls": ["http://127.0.0.1:1/1.png"]}


def test_c15_a_certificate_that_is_none_is_told(alice: Cast, caplog: Any) -> None:
    """This server speaks no TLS. What is wrong with a certificate: tests/doors/test_tls.py."""
    with Server(lambda _request: Reply.json(ACCEPTED)) as server:
        account = use_upstream(alice, server.origin.replace("http", "https"))
        job = queued_generation(alice)
        tasks.submit_generation(str(job.pk))
        assert server.requests == [] and again(job).status == Status.QUEUED
    assert f"ALERT upstream_tls account={account.pk} code=tls_failed" in caplog.text
    assert Attempt.objects.get().outcome == "not_sent" and balances(alice) == (9, 1, 0)


@pytest.mark.parametrize(
    "reply",
    [Reply(307, headers={"location": "/"}), Reply(body=b"<html>"), Reply.json({"id": "a"})],
    ids=["C26", "C27", "C28"],
)
def test_an_unclear_ending_is_told(alice: Cast, caplog: Any, reply: Reply) -> None:
    job, requests = submitted(alice, reply)
    assert f"ALERT send_unclear generation={job.pk}" in caplog.text
    assert len(requests) == 1 and requests[0].headers["x-api-key"] not in caplog.text


def test_c29_an_id_that_another_job_holds_is_told(alice: Cast, charlie: Cast, caplog: Any) -> None:
    processing_generation(charlie, "up-1")
    with Server(lambda _request: Reply.json(ACCEPTED)) as server:
        Generation.objects.update(upstream_origin=server.origin)
        use_upstream(alice, server.origin)
        job = queued_generation(alice)
        run_queued()
    assert again(job).status == Status.UNCONFIRMED and alerts(caplog, "anomaly") == 1


@pytest.mark.parametrize("left", [-5, "41", 541, None, 1.5, [], {"a": 1}, 10**30])
def test_c30_what_iacrea_says_is_left_changes_nothing(alice: Cast, left: Any) -> None:
    job, _requests = submitted(alice, Reply.json(ACCEPTED | {"remaining_photos": left}))
    assert (job.status, job.upstream_id) == (Status.PROCESSING, "up-1")
    assert balances(alice) == (9, 1, 0)


def test_c31_two_jobs_of_one_request_are_charged_once(alice: Cast) -> None:
    """iacrea made two, and rings for both."""
    with Upstream() as upstream:
        use_upstream(alice, upstream.origin)
        job = queued_generation(alice)
        attempt = lifecycle.open_attempt(job, hashed(token_of(job)))
        assert attempt and lifecycle.bind(attempt, "first", {})
        for name in ("second", "first"):
            call(job, name)
            backdate(job, 6, "due_at", "last_polled_at")
            work_to_the_end(job)
    assert upstream.gets == ["first"] and again(job).upstream_id == "first"
    assert entries(job) == HELD_AND_CHARGED and balances(alice) == (9, 0, 1)


def test_c34_six_hours_without_an_answer(alice: Cast) -> None:
    garbage = [Reply(502), Reply(body=b"<html>"), Reply(reset=True)] * 2
    job, requests = polled(alice, *garbage)
    backdate(job, 6 * 3600, "status_since")
    assert job.status == Status.PROCESSING and balances(alice) == (9, 1, 0)
    assert polled_on(alice, job, Reply.json(SUCCEEDED)).status == Status.ARCHIVING
    assert len(requests) == 6, "one get for each time that it was due"


@pytest.mark.parametrize("count", [1, 3])
def test_c37_as_many_pictures_as_there_are(alice: Cast, count: int) -> None:
    """Of two that were said to be made."""

    def answer(request: Request) -> Reply:
        if request.method == "GET":
            return Reply(body=photo_bytes())
        urls = [f"{server.origin}/{number}.jpg" for number in range(count)]
        return Reply.json({"status": "SUCCEEDED", "urls": urls, "variationNumber": 2})

    with Server(answer) as server:
        use_upstream(alice, server.origin)
        job = processing_generation(alice)
        backdate(job, 61, "due_at")
        work_to_the_end(job)
    assert job.pictures.count() == count
    assert (job.status, job.charged) == (Status.SUCCEEDED, 1) and balances(alice) == (9, 0, 1)


@pytest.mark.django_db(transaction=True)
@pytest.mark.usefixtures("ledger_may_be_flushed")
def test_c56_the_deadline_and_a_second_failed_at_once(alice: Cast) -> None:
    """T13 or T18, never both."""
    for number in range(4):
        job = processing_generation(alice, f"up-{number}")
        fail, end = partial(lifecycle.fail_upstream, again(job)), partial(lifecycle.expire, job)
        assert sorted(at_once(fail, end)) == [False, True]
        assert entries(job) == HELD_AND_GIVEN_BACK
    assert balances(alice) == (10, 0, 0)


@pytest.mark.parametrize(
    "verb",
    [
        ('INSERT INTO "accounts_ledger', "WITH quota"),
        ('UPDATE "accounts_photoquota', "WITH quota"),
        'INSERT INTO "projects_gen',
    ],
    ids=["entry", "balance", "job"],
)
def test_c67_a_database_that_fails_while_a_job_is_accepted(
    alice: Cast, client: Client, verb: str | tuple[str, ...]
) -> None:
    client.raise_request_exception = False
    text, headers = json.dumps(body(alice)), alice.headers
    with connection.execute_wrapper(fails_on(verb)):
        answer = client.post(GENERATE, text, content_type="application/json", headers=headers)
    assert (answer.status_code, answer["Retry-After"]) == (503, "5")
    assert not Generation.objects.exists() and balances(alice) == (10, 0, 0)


def test_c67_nothing_is_sent_without_a_commit(alice: Cast) -> None:
    with Upstream() as upstream:
        use_upstream(alice, upstream.origin)
        job = queued_generation(alice)
        broken = connection.execute_wrapper(fails_on('INSERT INTO "projects_attempt"'))
        with broken, pytest.raises(OperationalError):
            tasks.submit_generation(str(job.pk))
        assert again(job).status == Status.QUEUED and upstream.requests == []
        tasks.submit_generation(str(job.pk))
    assert again(job).status == Status.PROCESSING and len(upstream.submits) == 1


def test_c82_a_new_key_for_what_is_stored(alice: Cast, settings: Any) -> None:
    """ENCRYPTION_KEYS: the new one in front, the old one behind it as long as anything needs it."""
    old = settings.ENCRYPTION_KEYS
    with Upstream() as upstream:
        use_upstream(alice, upstream.origin)
        job = queued_generation(alice)
        settings.ENCRYPTION_KEYS = [Fernet.generate_key().decode(), *old]
        run_queued()
        IacreaAccount.objects.get(pk=job.account_id).save()
        settings.ENCRYPTION_KEYS = settings.ENCRYPTION_KEYS[:1]
        backdate(job, 61, "due_at")
        sweep_once()
    assert again(job).status == Status.ARCHIVING
    assert {r.headers["x-api-key"] for r in upstream.requests} == {"upstream-key-of-Alice"}


def test_c82_a_new_key_at_iacrea(alice: Cast) -> None:
    with Upstream() as upstream:
        account = use_upstream(alice, upstream.origin)
        job = queued_generation(alice)
        run_queued()
        account.api_key = "the new one"
        account.save()
        backdate(job, 61, "due_at")
        sweep_once()
    assert [r.headers["x-api-key"] for r in upstream.requests][:2] == [
        "upstream-key-of-Alice", "the new one",
    ]  # fmt: skip
    assert again(job).status == Status.ARCHIVING
