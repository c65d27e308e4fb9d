"""The health page tells of accounts, workers, the queue and what waits for people what their rows
say; and how its charts and times are made."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.utils import timezone
from django_q.models import OrmQ

from accounts.photo_requests import ask
from integrations.iacrea.models import IacreaAccount
from integrations.iacrea.probes import PAUSED_BY_PEOPLE
from integrations.webhooks.choices import DeliveryState
from integrations.webhooks.models import Delivery, WebhookEndpoint
from integrations.webhooks.services import send_ping
from projects import lifecycle
from projects.choices import WrongReason
from projects.desk import health
from projects.desk.endings import SLOTS, Ended, hours, outcomes, slots
from projects.desk.signs import Level, spell
from projects.keeping import complain
from projects.models import Complaint, Discrepancy, Lease
from tests.conftest import Cast
from tests.desk.unwell import ago, told
from tests.developers.pages import endpoint
from tests.garden import processing_generation, succeeded_generation

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("english")]


def test_accounts_that_are_held_up(alice: Cast, charlie: Cast) -> None:
    rows = IacreaAccount.objects.filter(built_in=False)
    rows.update(paused_at=timezone.now(), pause_reason=PAUSED_BY_PEOPLE)
    assert told("accounts")[1] == Level.WELL, "the agency has paused it"
    rows.filter(agency=alice.agency).update(pause_reason="status 401")
    soon = timezone.now() + timedelta(seconds=30)
    rows.filter(agency=charlie.agency).update(
        paused_at=None, tripped_until=soon, sends_wait_until=soon
    )
    words = "1 paused, 1 with an open breaker, 1 asked to slow down"
    assert told("accounts") == (words, Level.LOOK)
    for _ in range(2):
        IacreaAccount.objects.create(
            api_key="k", iacrea_user_id=uuid4(), paused_at=timezone.now(), name="lent"
        )
    assert told("accounts")[1] == Level.ACT
    rows.update(retired_at=timezone.now())
    assert told("accounts")[0].startswith("0 paused")


@pytest.mark.parametrize(
    ("seconds", "level"), [(59, Level.WELL), (61, Level.LOOK), (121, Level.ACT)]
)
def test_the_last_sign_of_life(db: None, seconds: float, level: Level) -> None:
    Lease.objects.create(name="canary:", expires_at=ago(seconds=3600))
    Lease.objects.create(name="canary:two", expires_at=ago(seconds=seconds))
    assert told("canary")[1] == level


def test_the_sweep(db: None) -> None:
    lease = Lease.objects.create(name="sweeper", expires_at=timezone.now() + timedelta(seconds=9))
    assert told("sweeper") == ("runs", Level.WELL)
    Lease.objects.filter(pk=lease.pk).update(expires_at=ago(seconds=1))
    assert told("sweeper") == ("does not run", Level.ACT)


@pytest.mark.parametrize(
    ("hints", "level"), [(99, Level.WELL), (100, Level.LOOK), (1000, Level.ACT)]
)
def test_hints_in_the_queue(db: None, hints: int, level: Level) -> None:
    before = health.read().queue
    waiting = OrmQ(key="parterre", payload="", lock=ago(seconds=1))
    OrmQ.objects.bulk_create(
        OrmQ(key=waiting.key, payload="", lock=waiting.lock) for _ in range(hints - before)
    )
    assert told("queue") == (str(hints), level)


def a_discrepancy(cast: Cast) -> Any:
    assert lifecycle.expire(processing_generation(cast))
    return Discrepancy.objects.all(), "created_at"


def a_complaint(cast: Cast) -> Any:
    job = succeeded_generation(cast)
    complain(job, author=cast.owner, reason=WrongReason.OTHER, text="a window")
    return Complaint.objects.all(), "created_at"


def a_request(cast: Cast) -> Any:
    ask(cast.owner, photos=10)
    return cast.agency.photo_requests.all(), "created_at"


def a_failing_endpoint(cast: Cast) -> Any:
    rows = WebhookEndpoint.objects.filter(pk=endpoint(cast).pk)
    rows.update(failing_since=timezone.now())
    return rows, "failing_since"


@pytest.mark.parametrize(
    ("name", "make", "days", "end"),
    [
        ("discrepancies", a_discrepancy, 1, {"closed_at": timezone.now(), "reason": "seen"}),
        ("complaints", a_complaint, 1, {"closed_at": timezone.now()}),
        ("photo_requests", a_request, 1, {"closed_at": timezone.now()}),
        ("failing_endpoints", a_failing_endpoint, 4, {"disabled_at": timezone.now()}),
    ],
)
def test_what_waits_for_people(
    alice: Cast, name: str, make: Callable[[Cast], Any], days: float, end: dict[str, Any]
) -> None:
    assert told(name) == ("0", Level.WELL)
    rows, moment = make(alice)
    assert told(name) == ("1, the oldest for 0 s", Level.LOOK)
    rows.update(**{moment: ago(days=days)})
    assert told(name)[1] == Level.ACT
    rows.update(**end)
    assert told(name) == ("0", Level.WELL)


@pytest.mark.parametrize(
    ("seconds", "level"), [(30, Level.WELL), (61, Level.LOOK), (601, Level.ACT)]
)
def test_messages_that_are_late(alice: Cast, seconds: float, level: Level) -> None:
    assert told("late_deliveries") == ("0", Level.WELL)
    rows = Delivery.objects.filter(pk=send_ping(endpoint(alice).pk).pk)
    rows.update(state=DeliveryState.PENDING, next_attempt_at=ago(seconds=-60))
    assert told("late_deliveries") == ("0", Level.WELL), "its turn is to come"
    rows.update(next_attempt_at=ago(seconds=seconds))
    assert told("late_deliveries")[1] == level
    rows.update(state=DeliveryState.FAILED)
    assert told("late_deliveries") == ("0", Level.WELL)


def test_the_steps_of_the_charts() -> None:
    now = timezone.now().replace(minute=43, second=10, microsecond=0)
    times = [(0, ""), (0, "timed_out"), (4, ""), (175, ""), (181, ""), (0, "canceled")]
    found = slots([Ended(now - timedelta(minutes=m), 10, code) for m, code in times], now)
    assert len(found) == SLOTS and [slot.at.minute for slot in found][-2:] == [35, 40]
    assert [(s.made, s.failed) for s in found if s.made or s.failed] == [(1, 0), (1, 0), (1, 1)]
    taken = [Ended(now - timedelta(hours=3), seconds) for seconds in (10.0, 20.0, 90.0)]
    (hour,) = [hour for hour in hours(taken, now) if hour.usual_s]
    assert (hour.usual_s, hour.late_s, hour.at.minute) == (20, 90, 0)
    assert outcomes([]).failed_share is None


def test_times_are_spelled() -> None:
    assert [spell(s) for s in (0, 119.4, 120, 90000)] == [
        "0 s", "119 s", "2\xa0minutes", "1\xa0day, 1\xa0hour",
    ]  # fmt: skip
