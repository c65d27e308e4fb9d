"""The doorbell: harmless whoever rings it, and worth one get when iacrea does."""

import hashlib
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.db import OperationalError, connection
from django.test import Client
from django.utils import timezone

from projects import lifecycle
from projects.callbacks import MAX_RECEIPTS
from projects.choices import Status
from projects.models import CallbackReceipt, Generation
from tests.conftest import Cast
from tests.garden import queued_generation
from tests.projects.jobs import again, balances, use_upstream
from tests.servers import Reply, Server
from tests.worker import run_queued, sweep_once

pytestmark = pytest.mark.django_db
TOKEN = "t" * 43
LIE = {"status": "FAILED", "generation_id": "another", "urls": ["http://127.0.0.1:1/lie.png"]}


def hashed(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()


def running(cast: Cast, token: str = TOKEN) -> Generation:
    """A job of which iacrea knows the doorbell `token`."""
    job = queued_generation(cast)
    attempt = lifecycle.open_attempt(job, hashed(token))
    assert attempt and lifecycle.bind(attempt, "upstream-1", {})
    return again(job)


def ring(client: Client, token: str = TOKEN, body: Any = LIE) -> int:
    return client.post(f"/callbacks/{token}", body, content_type="application/json").status_code


def is_due(job: Generation) -> bool:
    due = again(job).due_at
    return due is not None and due <= timezone.now()


@pytest.mark.parametrize("token", ["unknown", "u" * 43, "é" * 9, "a%00b", "x" * 2000])
def test_an_unknown_token_is_answered_alike_and_leaves_nothing(
    alice: Cast, client: Client, token: str
) -> None:
    job = running(alice)
    assert ring(client, token) == 204
    assert not CallbackReceipt.objects.exists() and again(job).due_at == job.due_at


@pytest.mark.parametrize("method", ["get", "put", "delete", "head"])
def test_other_methods(alice: Cast, client: Client, method: str, caplog: Any) -> None:
    job = running(alice)
    assert getattr(client, method)(f"/callbacks/{TOKEN}").status_code == 405
    assert again(job).due_at == job.due_at and TOKEN not in caplog.text


def test_it_makes_the_job_due_now(alice: Cast, client: Client) -> None:
    job = running(alice)
    assert not is_due(job) and ring(client) == 204 and is_due(job)


@pytest.mark.parametrize(
    "body", ["", "{", b"\xff\xfe", "[]", '{"status": "FAILED"}', "x" * 100_000], ids=str
)
def test_its_body_is_not_believed(alice: Cast, client: Client, body: Any) -> None:
    job = running(alice)
    assert ring(client, body=body) == 204
    found = again(job)
    assert (found.status, found.upstream_id) == (Status.PROCESSING, "upstream-1")


def test_what_get_says_counts(alice: Cast, client: Client) -> None:
    with Server(lambda _request: Reply.json({"status": "PROCESSING"})) as server:
        use_upstream(alice, server.origin)
        job = running(alice)
        ring(client)
        sweep_once()
    assert again(job).public_status == "PROCESSING" and balances(alice) == (9, 1, 0)
    assert [request.json()["generation_id"] for request in server.requests] == ["upstream-1"]


def test_it_never_comes_sooner_than_five_seconds_after_the_last_get(
    alice: Cast, client: Client
) -> None:
    job = running(alice)
    polled = timezone.now() - timedelta(seconds=2)
    rows = Generation.objects.filter(pk=job.pk)
    rows.update(last_polled_at=polled, due_at=polled + timedelta(minutes=1))
    for _ in range(3):
        ring(client)
    assert again(job).due_at == polled + timedelta(seconds=5)
    rows.update(due_at=polled + timedelta(seconds=4))
    ring(client)
    assert again(job).due_at == polled + timedelta(seconds=4), "a ring delays nothing"


def test_a_flood_stores_no_more_than_its_share(alice: Cast, client: Client) -> None:
    running(alice)
    assert {ring(client) for _ in range(3 * MAX_RECEIPTS)} == {204}
    assert CallbackReceipt.objects.count() == MAX_RECEIPTS


def test_a_ring_before_the_answer_was_read_is_not_lost(alice: Cast, client: Client) -> None:
    job = queued_generation(alice)
    attempt = lifecycle.open_attempt(job, hashed(TOKEN))
    assert attempt and ring(client) == 204
    assert again(job).status == Status.SUBMITTING
    assert lifecycle.bind(attempt, "upstream-1", {}) and is_due(job)


@pytest.mark.parametrize("end", [lifecycle.fail_upstream, lifecycle.expire])
def test_a_ring_after_the_end_is_one_get_and_changes_nothing(
    alice: Cast, client: Client, end: Any
) -> None:
    with Server(lambda _request: Reply.json({"status": "FAILED"})) as server:
        use_upstream(alice, server.origin)
        job = running(alice)
        assert end(job)
        before = again(job)
        for _ in range(3):
            assert ring(client) == 204
            sweep_once()
    after = again(job)
    assert (after.status, after.due_at) == (before.status, None) and len(server.requests) == 1
    assert balances(alice) == (10, 0, 0)


def test_the_doorbell_of_one_job_opens_no_other(alice: Cast, charlie: Cast, client: Client) -> None:
    hers = running(alice)
    his = queued_generation(charlie)
    ring(client, body={"status": "SUCCEEDED", "generation_id": str(his.pk)})
    assert is_due(hers) and again(his).status == Status.QUEUED


def fails_on(verb: str) -> Callable[..., Any]:
    def execute(run: Callable[..., Any], sql: str, *rest: Any) -> Any:
        if sql.startswith(verb):
            raise OperationalError("the connection is lost")
        return run(sql, *rest)

    return execute


def test_iacrea_rings_again_when_it_could_not_be_stored(
    alice: Cast, client: Client, caplog: Any
) -> None:
    """A database that fails in the middle, after the receipt was written."""
    running(alice)
    with connection.execute_wrapper(fails_on("UPDATE")):
        assert ring(client) == 503
    assert not CallbackReceipt.objects.exists() and TOKEN not in caplog.text
    assert ring(client) == 204 and CallbackReceipt.objects.count() == 1


def test_the_whole_way_with_the_doorbell(alice: Cast, client: Client) -> None:
    """The URL that iacrea was given is the one that rings."""
    with Server(lambda _request: Reply.json({"generation_id": "up-1"})) as server:
        use_upstream(alice, server.origin)
        job = queued_generation(alice)
        run_queued()
        url = server.requests[0].json()["webhook"]
    assert not is_due(job)
    assert client.post(url.removeprefix("http://testserver")).status_code == 204
    assert is_due(job)
