"""What happens is written with what changed, and told to each endpoint that wants it."""

import json
from typing import Any

import pytest
from django.db import transaction
from django.test.utils import CaptureQueriesContext

from accounts.choices import LotSource, Mode
from accounts.quota import grant_photos, remove_photos
from accounts.services import create_agency
from integrations.webhooks.models import Delivery, Event, EventType
from integrations.webhooks.quota_events import low_threshold
from projects import lifecycle
from projects.models import Generation
from projects.objects import generation_object
from projects.pipeline.archive import keep
from tests.conftest import Cast, photo_bytes
from tests.garden import processing_generation, queued_generation, succeeded_generation
from tests.projects.jobs import again, unconfirmed
from tests.webhooks.api import Api, live

pytestmark = pytest.mark.django_db
HOOK = "https://hooks.example.org/parterre"


def told() -> list[str]:
    return list(Event.objects.order_by("created_at").values_list("type", flat=True))


def said(event: Event) -> Any:
    return json.loads(event.body)


def test_a_success_is_told_with_its_links(alice: Cast, client: Any) -> None:
    job = succeeded_generation(alice)
    event = Event.objects.get()
    assert (event.type, event.subject_id, event.mode) == ("generation.succeeded", job.pk, "live")
    body = said(event)
    assert list(body) == ["id", "type", "timestamp", "data"] and body["timestamp"].endswith("Z")
    shown = generation_object(again(job))
    (url,), _fresh = body["data"].pop("urls"), shown.pop("urls")
    assert client.get(url.removeprefix("http://testserver")).status_code == 200
    assert body["data"] == shown and shown["charged"] == 1


def test_a_failure_says_why(alice: Cast) -> None:
    assert lifecycle.fail_upstream(processing_generation(alice))
    assert lifecycle.cancel(queued_generation(alice), actor_id="alice")
    events = Event.objects.order_by("created_at")
    assert [event.type for event in events] == ["generation.failed"] * 2
    assert [said(event)["data"]["failure_code"] for event in events] == [
        "generation_failed", "canceled",
    ]  # fmt: skip
    assert said(events[0])["data"]["urls"] == []


def test_a_second_free_picture_is_told_as_recovered(alice: Cast) -> None:
    lost = unconfirmed(alice)
    assert lifecycle.expire(lost)
    second = lifecycle.recover(again(lost), "late-1", ["http://127.0.0.1:1/1.png"])
    assert second
    keep(again(second), 0, photo_bytes(kind="PNG"))
    assert lifecycle.succeed(again(second))
    assert told() == ["generation.failed", "generation.recovered"]
    data = said(Event.objects.get(type="generation.recovered"))["data"]
    assert (data["recovered_from"], data["charged"]) == (str(lost.pk), 0)


def test_what_is_undone_is_not_told(alice: Cast) -> None:
    live(alice).endpoint(HOOK)
    job = processing_generation(alice)
    with pytest.raises(RuntimeError), transaction.atomic():
        lifecycle.fail_upstream(job)
        raise RuntimeError
    assert not Event.objects.exists() and not Delivery.objects.exists()


def test_each_wanting_endpoint_gets_one(alice: Cast, charlie: Cast) -> None:
    all_of_them = live(alice).endpoint(HOOK)
    failures = live(alice).endpoint(HOOK, event_types=["generation.failed", "quota.low"])
    live(alice).endpoint(HOOK, event_types=["generation.succeeded"])
    live(charlie).endpoint(HOOK)
    Api(alice.test_api_key).endpoint(HOOK)
    lifecycle.fail_upstream(processing_generation(alice))
    found = {str(row.endpoint_id) for row in Delivery.objects.all()}
    assert found == {all_of_them["id"], failures["id"]}
    assert len(set(Delivery.objects.values_list("pk", flat=True))) == 2


def test_a_test_keys_events_go_to_test_endpoints(alice: Cast) -> None:
    live(alice).endpoint(HOOK)
    test = Api(alice.test_api_key)
    made = test.endpoint(HOOK)
    lifecycle.cancel(queued_generation(alice, Mode.TEST), actor_id="alice")
    row = Delivery.objects.get()
    assert (str(row.endpoint_id), row.mode) == (made["id"], "test")
    assert live(alice).get("/api/v1/events")[1]["data"] == []
    assert len(test.get("/api/v1/events")[1]["data"]) == 1


def test_a_jobs_own_webhook_is_told_besides(alice: Cast) -> None:
    live(alice).endpoint(HOOK)
    job = processing_generation(alice)
    Generation.objects.filter(pk=job.pk).update(webhook="https://own.example.org/")
    lifecycle.fail_upstream(job)
    own = Delivery.objects.get(endpoint=None)
    other = Delivery.objects.exclude(endpoint=None).get()
    assert (own.url, own.host) == ("https://own.example.org/", "own.example.org")
    assert own.event == other.event and json.loads(own.body)["variationNumber"] == 0


def test_a_disabled_endpoint_keeps_what_it_missed(alice: Cast) -> None:
    made = live(alice).endpoint(HOOK)
    live(alice).send("patch", f"/api/v1/webhook-endpoints/{made['id']}", {"disabled": True})
    lifecycle.fail_upstream(processing_generation(alice))
    (row,) = live(alice).deliveries(made)
    assert (row["state"], row["error"], row["attempts"]) == ("failed", "endpoint_disabled", 0)


# --- Photos


def agency_with(photos: int) -> Any:
    return create_agency(name="Denise", photos=photos)


def take(agency: Any, photos: int) -> None:
    """As jobs hold them: one at a time."""
    from uuid import uuid4

    from accounts.quota import hold_photos
    from integrations.webhooks.quota_events import write_quota_event

    for _ in range(photos):
        job = {"agency_id": agency.pk, "mode": Mode.LIVE, "generation_id": uuid4()}
        left = hold_photos(**job, photos=1)
        write_quota_event(agency.pk, Mode.LIVE, held=1, left=left)


def test_low_once_and_exhausted_at_nothing(alice: Cast) -> None:
    for _ in range(10):
        queued_generation(alice)
    events = Event.objects.order_by("created_at")
    assert [(event.type, said(event)["data"]) for event in events] == [
        ("quota.low", {"available": 5, "threshold": 5}), ("quota.exhausted", {"available": 0}),
    ]  # fmt: skip
    assert {event.subject_id for event in events} == {alice.agency.pk}


@pytest.mark.parametrize(
    ("given", "threshold"), [(0, 5), (3, 5), (50, 5), (70, 7), (999, 99), (20_000, 100)]
)
def test_low_is_a_tenth_of_what_was_last_given(given: int, threshold: int) -> None:
    assert low_threshold(given) == threshold


@pytest.mark.parametrize("db_case", ["one lot", "two lots"])
def test_the_threshold_is_of_the_newest_lot(db: None, db_case: str) -> None:
    agency = agency_with(80)
    if db_case == "two lots":
        remove_photos(agency_id=agency.pk, mode=Mode.LIVE, photos=78, reason="x", actor_id="")
        grant_photos(agency=agency, mode=Mode.LIVE, photos=10, source=LotSource.PACK)
        grant_photos(agency=agency, mode=Mode.LIVE, photos=1, source=LotSource.GOODWILL)
        take(agency, 7)
        assert told() == []
        take(agency, 1)
    else:
        take(agency, 72)
    (event,) = Event.objects.all()
    assert said(event)["data"] == (
        {"available": 8, "threshold": 8}
        if db_case == "one lot"
        else {"available": 5, "threshold": 5}
    )


def test_it_is_told_again_when_they_run_low_again(db: None) -> None:
    agency = agency_with(6)
    take(agency, 3)
    assert told() == ["quota.low"]
    grant_photos(agency=agency, mode=Mode.LIVE, photos=6, source=LotSource.PACK)
    take(agency, 4)
    assert told() == ["quota.low", "quota.low"]


def test_a_hold_asks_nothing_more_while_there_are_many(db: None) -> None:
    from django.db import connection

    from integrations.webhooks.quota_events import write_quota_event

    agency = agency_with(200)
    with CaptureQueriesContext(connection) as queries:
        write_quota_event(agency.pk, Mode.LIVE, held=1, left=101)
    assert len(queries) == 0
    with CaptureQueriesContext(connection) as queries:
        write_quota_event(agency.pk, Mode.LIVE, held=1, left=50)
    assert len(queries) == 1


def test_the_types_are_the_published_ones() -> None:
    assert set(EventType.values) == {
        "generation.succeeded", "generation.failed", "generation.recovered", "quota.low",
        "quota.exhausted", "test.ping",
    }  # fmt: skip
