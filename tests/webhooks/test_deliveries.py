"""The caller's webhook: told once how the job ended, signed, and never trusted in return."""

import json
import time
from typing import Any

import pytest
from django.db import connection
from standardwebhooks import Webhook
from standardwebhooks.webhooks import WebhookVerificationError

from integrations.doors.request_id import named
from integrations.webhooks import deliveries
from integrations.webhooks.models import Delivery, DeliveryState
from projects import lifecycle, services
from projects.models import Generation
from projects.pipeline.archive import keep
from tests.conftest import Cast, photo_bytes
from tests.garden import processing_generation, queued_generation, succeeded_generation
from tests.projects.jobs import again, backdate
from tests.servers import Reply, Request, Server
from tests.worker import sweep_once

pytestmark = pytest.mark.django_db
PENDING, DELIVERED = DeliveryState.PENDING, DeliveryState.DELIVERED


def ended(cast: Cast, url: str) -> Generation:
    """A job that has just failed, whose caller wants to be told at `url`."""
    job = processing_generation(cast)
    Generation.objects.filter(pk=job.pk).update(webhook=url)
    assert lifecycle.fail_upstream(job)
    return again(job)


def told(cast: Cast, reply: Reply) -> tuple[Delivery, list[Request]]:
    with Server(lambda _request: reply) as server:
        ended(cast, server.origin + "/hook")
        for _ in range(2):
            sweep_once()
            for row in Delivery.objects.all():
                backdate(row, 24 * 3600, "next_attempt_at")
    return Delivery.objects.get(), server.requests


def test_one_post_that_the_official_library_verifies(alice: Cast) -> None:
    row, (request,) = told(alice, Reply(204))
    assert (row.state, row.status_code, row.attempts) == (DELIVERED, 204, 1)
    assert (request.method, request.path) == ("POST", "/hook")
    assert request.headers["content-type"] == "application/json"
    body = Webhook(alice.agency.webhook_secret).verify(request.body, request.headers)
    assert body == {
        "generation_id": str(Generation.objects.get().pk), "status": "FAILED", "variationNumber": 0,
    }  # fmt: skip
    assert request.headers["webhook-id"] == f"msg_{row.pk.hex}"
    assert abs(time.time() - int(request.headers["webhook-timestamp"])) < 60


def test_it_has_the_name_of_the_call_that_asked_for_the_job(alice: Cast) -> None:
    with Server(lambda _request: Reply(204)) as server:
        for name in ("order-1", "order-2", ""):
            with named(name):
                job = queued_generation(alice)
            Generation.objects.filter(pk=job.pk).update(webhook=f"{server.origin}/{name}")
            assert lifecycle.cancel(job, actor_id="")
        sweep_once()
    found = {request.path: request.headers.get("x-request-id") for request in server.requests}
    assert found == {"/order-1": "order-1", "/order-2": "order-2", "/": None}


def test_another_agencys_secret_does_not_verify_it(alice: Cast, charlie: Cast) -> None:
    _row, (request,) = told(alice, Reply(200))
    with pytest.raises(WebhookVerificationError):
        Webhook(charlie.agency.webhook_secret).verify(request.body, request.headers)


def test_the_body_is_that_of_get(alice: Cast, client: Any) -> None:
    with Server(lambda _request: Reply(200)) as server:
        parent = succeeded_generation(alice)
        services.create_variation(
            parent=parent, author=alice.owner, source="api", room_type="POOL", webhook=server.origin
        )
        child = Generation.objects.get(parent=parent)
        lifecycle.cancel(child, actor_id="alice")
        sweep_once()
    answer = client.post(
        "/api/create_exterior/get",
        json.dumps({"user_id": alice.user_id, "generation_id": str(child.pk)}),
        content_type="application/json",
        headers=alice.headers,
    )
    assert server.requests[0].json() == {"generation_id": str(child.pk), **answer.json()}


def test_a_success_brings_its_links(alice: Cast, client: Any) -> None:
    with Server(lambda _request: Reply(200)) as server:
        job = processing_generation(alice)
        Generation.objects.filter(pk=job.pk).update(webhook=server.origin)
        finish_well(job)
        sweep_once()
    body = server.requests[0].json()
    assert body["status"] == "SUCCEEDED" and Delivery.objects.get().event_type.endswith("succeeded")
    (url,) = body["urls"]
    assert client.get(url.removeprefix("http://testserver")).status_code == 200


def finish_well(job: Generation) -> None:
    assert lifecycle.found_result(job, ["http://127.0.0.1:1/1.png"])
    keep(again(job), 0, photo_bytes(kind="PNG"))
    assert lifecycle.succeed(again(job))


def test_nobody_is_told_who_did_not_ask(alice: Cast) -> None:
    lifecycle.fail_upstream(processing_generation(alice))
    assert not Delivery.objects.exists()


def test_a_delivery_is_claimed_once(alice: Cast) -> None:
    ended(alice, "http://127.0.0.1:1/")
    (mine,), (yours,) = deliveries.due_deliveries(9), deliveries.due_deliveries(9)
    assert deliveries.claim(mine) and not deliveries.claim(yours)
    assert list(deliveries.due_deliveries(9)) == []


def test_a_sender_that_died_is_replaced_and_the_id_is_the_same(alice: Cast) -> None:
    """Told twice is allowed, never not at all: the id lets the receiver see that it is the same."""
    with Server(lambda _request: Reply(200)) as server:
        ended(alice, server.origin)
        (row,) = deliveries.due_deliveries(9)
        assert deliveries.claim(row)
        deliveries.send(row, alice.agency.webhook_secret)
        assert sweep_once() == 0
        backdate(row, 61, "next_attempt_at")
        sweep_once()
    first, second = (request.headers["webhook-id"] for request in server.requests)
    assert first == second and Delivery.objects.get().state == DELIVERED


def test_a_secret_that_cannot_be_opened_costs_no_try(alice: Cast) -> None:
    ended(alice, "http://127.0.0.1:1/")
    with connection.cursor() as cursor:
        cursor.execute("UPDATE accounts_agency SET webhook_secret = 'x'")
    sweep_once()
    row = Delivery.objects.get()
    assert (row.state, row.attempts) == (PENDING, 0) and list(deliveries.due_deliveries(9)) == []


def test_one_broken_secret_stops_nobody_else(alice: Cast, charlie: Cast, caplog: Any) -> None:
    """A key of ENCRYPTION_KEYS is gone: told loudly, and kept for the day it is back."""
    with Server(lambda _request: Reply(200)) as server:
        ended(alice, server.origin + "/alice")
        ended_second = processing_generation(charlie, "upstream-2")
        Generation.objects.filter(pk=ended_second.pk).update(webhook=server.origin + "/charlie")
        lifecycle.fail_upstream(ended_second)
        with connection.cursor() as cursor:
            cursor.execute("UPDATE accounts_agency SET webhook_secret = 'x' WHERE name = 'Alice'")
        sweep_once()
    assert [request.path for request in server.requests] == ["/charlie"]
    states = {row.agency_id: row.state for row in Delivery.objects.all()}
    assert states == {alice.agency.pk: PENDING, charlie.agency.pk: DELIVERED}
    assert "KeyGone" in caplog.text
