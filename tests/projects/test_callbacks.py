"""The doorbell: harmless whoever rings it, and worth one get when iacrea does."""

import hashlib
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.db import OperationalError, connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from projects import lifecycle
from projects.callbacks import MAX_WAITING
from projects.choices import Status
from projects.models import CallbackReceipt, Generation
from projects.pipeline import rings
from projects.pipeline.rings import MAX_RECEIPTS
from projects.pipeline.sweep import Sweep
from tests.conftest import Cast
from tests.garden import queued_generation
from tests.projects.jobs import again, balances, use_upstream
from tests.servers import Reply, Server
from tests.worker import answer_rings, run_queued, sweep_once

pytestmark = pytest.mark.django_db
TOKEN = "t" * 43
LIE = {"status": "FAILED", "generation_id": "another", "urls": ["http://127.0.0.1:1/lie.png"]}


def hashed(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()


def running(cast: Cast, token: str = TOKEN, upstream_id: str = "upstream-1") -> Generation:
    """A job of which iacrea knows the doorbell `token`."""
    job = queued_generation(cast)
    attempt = lifecycle.open_attempt(job, hashed(token))
    assert attempt and lifecycle.bind(attempt, upstream_id, {})
    return again(job)


def ring(client: Client, token: str = TOKEN, body: Any = LIE) -> int:
    return client.post(f"/callbacks/{token}", body, content_type="application/json").status_code


def heard(client: Client, token: str = TOKEN, body: Any = LIE) -> bool:
    """It rang, and the sweep has drawn its conclusions."""
    stored = ring(client, token, body) == 204
    answer_rings()
    return stored


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
    assert not is_due(job) and heard(client) and is_due(job)


@pytest.mark.parametrize(
    "body", ["", "{", b"\xff\xfe", "[]", '{"status": "FAILED"}', "x" * 100_000], ids=str
)
def test_its_body_is_not_believed(alice: Cast, client: Client, body: Any) -> None:
    job = running(alice)
    assert heard(client, body=body)
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
        heard(client)
    assert again(job).due_at == polled + timedelta(seconds=5)
    rows.update(due_at=polled + timedelta(seconds=4))
    heard(client)
    assert again(job).due_at == polled + timedelta(seconds=4), "a ring delays nothing"


def test_a_flood_stores_no_more_than_its_share(alice: Cast, client: Client) -> None:
    running(alice)
    assert {ring(client) for _ in range(MAX_WAITING + 9)} == {204}
    assert CallbackReceipt.objects.count() == MAX_WAITING
    for _ in range(3):
        answer_rings()
        assert CallbackReceipt.objects.count() == MAX_RECEIPTS
        ring(client)


def test_an_id_behind_a_flood_is_asked_to_come_again(alice: Cast, client: Client) -> None:
    """It may be the true one; what was named before, or names nothing, tells nothing new."""
    running(alice)
    for _ in range(MAX_WAITING):
        ring(client)
    assert ring(client) == 204 and ring(client, body="") == 204
    new = {"generation_id": "the-true-one"}
    assert ring(client, body=new) == 503
    answer_rings()
    assert ring(client, body=new) == 204
    assert CallbackReceipt.objects.filter(candidate_id="the-true-one").count() == 1


def test_a_ring_is_one_statement_and_no_lock(alice: Cast, client: Client) -> None:
    """However many jobs end at once, the web process has next to nothing to do."""
    running(alice)
    with CaptureQueriesContext(connection) as seen:
        assert ring(client) == 204
    said = [query["sql"] for query in seen if "clock_timestamp" not in query["sql"]]
    assert [sql.split()[0] for sql in said] == ["INSERT"]


def test_a_ring_that_cannot_be_answered_stops_no_other(
    alice: Cast, charlie: Cast, client: Client, monkeypatch: Any, caplog: Any
) -> None:
    """It is told loudly, and tried again by the next term."""
    his, hers = running(charlie, "c" * 43), running(alice, upstream_id="upstream-2")
    ring(client, "c" * 43)
    ring(client)
    broken, make_due = str(his.pk), rings._make_due

    def breaking(generation: Generation) -> None:
        assert str(generation.pk) != broken, "a row that cannot be handled"
        make_due(generation)

    monkeypatch.setattr(rings, "_make_due", breaking)
    sweep = Sweep()
    sweep._answer_rings()
    assert is_due(hers) and not is_due(his) and "cannot handle Attempt" in caplog.text
    assert sweep._answer_rings() == 0
    monkeypatch.undo()
    Sweep()._answer_rings()
    assert is_due(his)


def test_a_ring_before_the_answer_was_read_is_not_lost(alice: Cast, client: Client) -> None:
    job = queued_generation(alice)
    attempt = lifecycle.open_attempt(job, hashed(TOKEN))
    assert attempt and heard(client)
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
    assert heard(client, body={"status": "SUCCEEDED", "generation_id": str(his.pk)})
    assert is_due(hers) and again(his).status == Status.QUEUED


def fails_on(verb: str | tuple[str, ...]) -> Callable[..., Any]:
    def execute(run: Callable[..., Any], sql: str, *rest: Any) -> Any:
        if sql.startswith(verb):
            raise OperationalError("the connection is lost")
        return run(sql, *rest)

    return execute


@pytest.mark.django_db(transaction=True)
@pytest.mark.usefixtures("ledger_may_be_flushed")
def test_iacrea_rings_again_when_it_could_not_be_stored(
    alice: Cast, client: Client, caplog: Any
) -> None:
    running(alice)
    with connection.execute_wrapper(fails_on("INSERT")):
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
    answer_rings()
    assert is_due(job)
