"""Receivers that fail, hang or must not be called: tried again later, and nobody waits for them."""

from typing import Any

import pytest

from integrations.doors.clock import database_now
from integrations.webhooks import deliveries
from integrations.webhooks.models import Delivery, DeliveryState
from tests.conftest import Cast
from tests.servers import Reply, Server
from tests.webhooks.test_deliveries import ended, told
from tests.worker import sweep_once

pytestmark = pytest.mark.django_db
PENDING, FAILED = DeliveryState.PENDING, DeliveryState.FAILED


@pytest.mark.parametrize(
    ("reply", "error"),
    [
        (Reply(302, headers={"location": "/elsewhere"}), ""), (Reply(404), ""),
        (Reply(429, headers={"retry-after": "1"}), ""), (Reply(500), ""),
        (Reply(reset=True), "reset"), (Reply(200, bytes(70_000)), "too_large"),
        (Reply(200, b"x", {"content-length": "9"}), "truncated"),
    ],
    ids=lambda value: str(getattr(value, "status", value)),
)  # fmt: skip
def test_anything_else_is_tried_again(alice: Cast, reply: Reply, error: str) -> None:
    row, requests = told(alice, reply)
    assert (row.state, row.error, row.attempts, len(requests)) == (PENDING, error, 2, 2)
    assert row.status_code == (None if error else reply.status) and row.next_attempt_at
    assert len({request.headers["webhook-id"] for request in requests}) == 1


def test_a_receiver_that_is_gone_is_called_no_more(alice: Cast) -> None:
    row, requests = told(alice, Reply(410))
    assert (row.state, row.status_code, row.attempts, len(requests)) == (FAILED, 410, 1, 1)
    assert row.next_attempt_at is None and row.ended_at


@pytest.mark.parametrize("reply", [Reply(hang=True), Reply(200, b"slow" * 9, drip_s=0.1)])
def test_a_receiver_that_hangs_is_cut(alice: Cast, monkeypatch: Any, reply: Reply) -> None:
    """The real limit is 15 s."""
    assert deliveries.TIMEOUT.total == 15
    short = deliveries.http.Timeout(connect=1, idle=0.3, total=0.5)
    monkeypatch.setattr(deliveries, "TIMEOUT", short)
    row, requests = told(alice, reply)
    assert (row.state, row.error, len(requests)) == (PENDING, "timeout", 2)


@pytest.mark.parametrize(
    ("url", "error"),
    [
        ("http://10.0.0.1/hook", "address_refused"),
        ("http://169.254.169.254/", "address_refused"),
        ("http://[::1]/hook", "address_refused"),
        ("http://user:password@127.0.0.1/", "url_refused"),
        ("http://127.0.0.1:1/", "connection_refused"),
    ],
)
def test_a_refused_address_gets_nothing(alice: Cast, url: str, error: str) -> None:
    ended(alice, url)
    sweep_once()
    row = Delivery.objects.get()
    assert (row.state, row.error) == (PENDING, error)


def test_loopback_is_refused_where_it_is_not_allowed(alice: Cast, settings: Any) -> None:
    settings.OUTBOUND_ALLOW = []
    row, requests = told(alice, Reply(200))
    assert (row.state, row.error, requests) == (PENDING, "url_refused", [])


@pytest.mark.parametrize(
    ("status", "state"),
    [(200, "delivered"), (201, "delivered"), (204, "delivered"), (299, "delivered"),
     (300, "pending"), (304, "pending"), (400, "pending"), (401, "pending"), (599, "pending")],
)  # fmt: skip
def test_only_2xx_counts(alice: Cast, status: int, state: str) -> None:
    with Server(lambda _request: Reply(status)) as server:
        ended(alice, server.origin)
        sweep_once()
    row = Delivery.objects.get()
    assert (row.state, row.status_code) == (state, status)


@pytest.mark.parametrize(("header", "seconds"), [("600", 600), ("7", 7), ("", 5), ("soon", 30)])
def test_the_header_retry_after_is_waited_for(alice: Cast, header: str, seconds: int) -> None:
    headers = {"retry-after": header} if header else {}
    with Server(lambda _request: Reply(503, headers=headers)) as server:
        ended(alice, server.origin)
        sweep_once()
    due = Delivery.objects.get().next_attempt_at
    assert due and 0.9 * seconds - 3 < (due - database_now()).total_seconds() < 1.1 * seconds + 1
