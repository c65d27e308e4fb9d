"""What happened is kept for 30 days; what still waits stays."""

from datetime import timedelta
from typing import Any

import pytest
from django_q.models import Schedule

from integrations.webhooks import retention
from integrations.webhooks.models import Delivery, Event, WebhookEndpoint, WebhookSecret
from projects import tasks
from tests.conftest import Cast
from tests.projects.jobs import backdate
from tests.webhooks.api import ENDPOINTS, live

pytestmark = pytest.mark.django_db
DAYS_29, DAYS_31 = 29 * 24 * 3600, 31 * 24 * 3600


def pinged(cast: Cast, state: str = "delivered") -> tuple[Event, Delivery]:
    made = live(cast).endpoint("https://hooks.example.org/")
    live(cast).post(f"{ENDPOINTS}/{made['id']}/test")
    row = Delivery.objects.get(endpoint=made["id"])
    Delivery.objects.filter(pk=row.pk).update(state=state)
    assert row.event
    return row.event, row


def aged(seconds: int, *rows: Any) -> None:
    for row in rows:
        backdate(row, seconds, "created_at")


def test_thirty_days(alice: Cast) -> None:
    old, young = pinged(alice), pinged(alice)
    aged(DAYS_31, *old)
    aged(DAYS_29, *young)
    tasks.sweep_messages()
    assert (Event.objects.get(), Delivery.objects.get()) == young
    assert timedelta(days=30) == retention.KEPT and retention.sweep_messages() == 0


def test_what_still_waits_is_sent_without_its_event(alice: Cast) -> None:
    aged(DAYS_31, *pinged(alice, "pending"))
    tasks.sweep_messages()
    row = Delivery.objects.get()
    assert not Event.objects.exists() and row.event is None and row.body


def test_many_are_swept_in_batches(alice: Cast, monkeypatch: Any) -> None:
    monkeypatch.setattr(retention, "BATCH", 2)
    for _ in range(5):
        aged(DAYS_31, *pinged(alice))
    tasks.sweep_messages()
    assert not Event.objects.exists() and not Delivery.objects.exists()
    assert WebhookEndpoint.objects.count() == 5


def test_a_deleted_endpoint_goes_with_its_log(alice: Cast) -> None:
    _event, row = pinged(alice, "failed")
    assert row.endpoint
    live(alice).send("delete", f"{ENDPOINTS}/{row.endpoint_id}")
    tasks.sweep_messages()
    assert WebhookEndpoint.objects.exists() and Delivery.objects.exists()
    backdate(row.endpoint, DAYS_31, "deleted_at")
    tasks.sweep_messages()
    for model in (WebhookEndpoint, WebhookSecret, Delivery):
        assert not model._default_manager.exists()


def test_the_scheduler_calls_it_at_night() -> None:
    schedule = Schedule.objects.get(name="message sweep")
    assert (schedule.func, schedule.schedule_type) == ("projects.tasks.sweep_messages", "D")
