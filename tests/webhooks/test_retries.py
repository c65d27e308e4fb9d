"""The published table: ten tries over three days, and what an attempt may say that came late."""

from datetime import timedelta

import pytest

from integrations.doors.clock import database_now
from integrations.webhooks import deliveries
from integrations.webhooks.deliveries import RETRY_S, Outcome
from integrations.webhooks.models import Delivery, DeliveryState
from tests.conftest import Cast
from tests.projects.jobs import backdate
from tests.webhooks.test_deliveries import ended

pytestmark = pytest.mark.django_db
PENDING, DELIVERED, FAILED = DeliveryState.PENDING, DeliveryState.DELIVERED, DeliveryState.FAILED
NOWHERE = "http://127.0.0.1:1/"


def claimed() -> Delivery:
    """By a sender, whenever it is due."""
    backdate(Delivery.objects.get(), 99 * 3600, "next_attempt_at")
    (row,) = deliveries.due_deliveries(9)
    assert deliveries.claim(row)
    return row


def wait_after(outcome: Outcome) -> float:
    """Seconds until the next try."""
    deliveries.finish(claimed(), outcome)
    due = Delivery.objects.get().next_attempt_at
    assert due
    return (due - database_now()).total_seconds()


def test_ten_tries_and_then_no_more(alice: Cast) -> None:
    assert timedelta(seconds=sum(RETRY_S)) == timedelta(hours=75, minutes=35, seconds=5)
    ended(alice, NOWHERE)
    for seconds in RETRY_S:
        assert 0.9 * seconds - 2 < wait_after(Outcome(500)) < 1.1 * seconds + 1
    deliveries.finish(claimed(), Outcome(500))
    row = Delivery.objects.get()
    assert (row.state, row.attempts, row.next_attempt_at) == (FAILED, 10, None) and row.ended_at


def test_a_wait_that_the_receiver_asks_for_is_kept(alice: Cast) -> None:
    ended(alice, NOWHERE)
    assert 118 < wait_after(Outcome(503, retry_after=120)) <= 120
    assert wait_after(Outcome(503, retry_after=1)) > 260, "and never shortens the table's"


def test_waits_are_not_in_step(alice: Cast) -> None:
    ended(alice, NOWHERE)
    wait_after(Outcome(500))
    seen = {round(deliveries._wait(5, 0).total_seconds()) for _ in range(20)}
    assert len(seen) > 10


def test_a_sender_that_slept_does_not_speak_for_the_next(alice: Cast) -> None:
    """Its claim was over, and another is at it: that it failed says nothing of the other."""
    ended(alice, NOWHERE)
    sleeper, waker = claimed(), claimed()
    due = Delivery.objects.get().next_attempt_at
    deliveries.finish(sleeper, Outcome(None, "connect_timeout"))
    row = Delivery.objects.get()
    assert (row.state, row.next_attempt_at, row.error) == (PENDING, due, "")
    deliveries.finish(waker, Outcome(500))
    assert Delivery.objects.get().status_code == 500


def test_a_sender_that_slept_may_have_delivered(alice: Cast) -> None:
    ended(alice, NOWHERE)
    sleeper, waker = claimed(), claimed()
    deliveries.finish(sleeper, Outcome(204))
    deliveries.finish(waker, Outcome(500))
    row = Delivery.objects.get()
    assert (row.state, row.status_code, row.next_attempt_at) == (DELIVERED, 204, None)
