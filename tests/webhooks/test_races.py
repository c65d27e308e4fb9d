"""Writes on endpoints and events at the same moment, each with a connection of its own."""

from functools import partial
from typing import Any
from uuid import uuid4

import pytest
from django.db import transaction

from accounts.choices import Mode
from accounts.quota import hold_photos
from integrations.webhooks import deliveries, resends, services
from integrations.webhooks.choices import EventType
from integrations.webhooks.deliveries import Outcome
from integrations.webhooks.events import write_event
from integrations.webhooks.exceptions import EndpointDisabled, StillPending, TooManyEndpoints
from integrations.webhooks.models import Delivery, DisabledReason, Event, WebhookEndpoint
from integrations.webhooks.quota_events import write_quota_event
from tests.conftest import Cast
from tests.projects.jobs import at_once

pytestmark = [
    pytest.mark.django_db(transaction=True),
    pytest.mark.usefixtures("ledger_may_be_flushed"),
]
HOOK = "https://hooks.example.org/"


def made(cast: Cast) -> WebhookEndpoint:
    return services.create_endpoint(agency=cast.agency, mode=Mode.LIVE, url=HOOK)


@transaction.atomic
def happen(cast: Cast) -> Event:
    job = {"agency_id": cast.agency.pk, "mode": Mode.LIVE, "subject_id": cast.agency.pk}
    return write_event(**job, event_type=EventType.GENERATION_FAILED, data={})


def refused(work: Any) -> bool:
    try:
        work()
    except (TooManyEndpoints, StillPending, EndpointDisabled):
        return True
    return False


@transaction.atomic
def hold(cast: Cast) -> None:
    job = {"agency_id": cast.agency.pk, "mode": Mode.LIVE}
    left = hold_photos(**job, generation_id=uuid4(), photos=1)
    write_quota_event(cast.agency.pk, Mode.LIVE, held=1, left=left)


def test_jobs_at_once_cross_the_threshold_once(alice: Cast) -> None:
    at_once(*[partial(hold, alice)] * 10)
    assert sorted(Event.objects.values_list("type", flat=True)) == ["quota.exhausted", "quota.low"]


def test_one_of_many_is_the_twentieth(alice: Cast) -> None:
    for _ in range(services.MOST_ENDPOINTS - 1):
        made(alice)
    works = [partial(refused, partial(made, alice))] * 6
    assert sorted(at_once(*works)) == [False] + [True] * 5
    assert WebhookEndpoint.objects.count() == services.MOST_ENDPOINTS


def test_events_go_on_while_their_endpoint_is_deleted(alice: Cast) -> None:
    """What changed is not undone because somebody took an endpoint away."""
    for _ in range(4):
        endpoint = made(alice)
        at_once(partial(services.delete_endpoint, endpoint.pk), *[partial(happen, alice)] * 5)
    assert Event.objects.count() == 20
    while rows := deliveries.due_deliveries(99):  # those that were written beside the deletion
        assert [deliveries.secrets_for(row) for row in rows] == [[]] * len(rows)
        for row in rows:
            deliveries.end_unsent(row)
    assert not Delivery.objects.filter(state="pending").exists()


def test_it_is_disabled_and_told_once(alice: Cast) -> None:
    endpoint = made(alice)
    off = partial(services.disable_endpoint, endpoint.pk, DisabledReason.GONE)
    events = [partial(happen, alice)] * 3
    found = at_once(*[off] * 4, *events)
    assert sorted(found[:4]) == [False, False, False, True]
    assert Event.objects.count() == 3


def test_a_disabling_and_a_resending_do_not_wait_for_each_other_for_ever(alice: Cast) -> None:
    for _ in range(4):
        endpoint = made(alice)
        for _event in range(6):
            happen(alice)
        failed = Delivery.objects.filter(endpoint=endpoint, event_type="generation.failed")
        half = list(failed.values_list("pk", flat=True)[:3])
        failed.filter(pk__in=half).update(state="failed", next_attempt_at=None)
        since = Event.objects.earliest("created_at").created_at
        again = partial(refused, partial(resends.resend_failed, endpoint.pk, since))
        off = partial(services.disable_endpoint, endpoint.pk, DisabledReason.REQUESTED)
        at_once(off, again, again, off)
        assert not failed.filter(state="pending").exists()
        services.delete_endpoint(endpoint.pk)


def test_one_of_many_sends_it_again(alice: Cast) -> None:
    endpoint = made(alice)
    row = services.send_ping(endpoint.pk)
    assert deliveries.claim(row)
    deliveries.finish(row, Outcome(204))
    works = [partial(refused, partial(resends.resend, endpoint.pk, row.pk))] * 5
    assert sorted(at_once(*works)) == [False] + [True] * 4


def test_rotations_at_once_leave_one_present_secret(alice: Cast) -> None:
    endpoint = made(alice)
    secrets = at_once(*[partial(services.rotate_secret, endpoint.pk)] * 5)
    assert len(set(secrets)) == 5
    assert endpoint.secrets.filter(signs_until=None).count() == 1
    assert endpoint.secrets.count() == services.MOST_SECRETS
