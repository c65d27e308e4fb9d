"""What the calendar does to photos: expiry, monthly grants, the daily refill of test mode."""

import logging
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta

import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone

from accounts import quota
from accounts.choices import LotSource, Mode
from accounts.ledger_audit import differences
from accounts.models import LedgerEntry, PhotoLot, PhotoQuota
from accounts.periods import day_of, end_of_month, month_of
from accounts.selectors import credit_of
from accounts.services import set_plan
from accounts.sweep import expire_lots, grant_due_subscriptions, refill_test_photos, sweep_photos
from tests.accounts.movements import balances, captured, end, entries, given, hold, pass_days
from tests.conftest import Cast

pytestmark = pytest.mark.django_db
MARCH = datetime(2027, 3, 10, 9, tzinfo=UTC)
APRIL = datetime(2027, 4, 1, 9, tzinfo=UTC)
JUNE = datetime(2027, 6, 20, 9, tzinfo=UTC)


def stored(cast: Cast) -> int:
    return PhotoQuota.objects.get(agency=cast.agency, mode=Mode.LIVE).available


# --- Expiry


def test_what_is_past_its_time_expires_once(alice: Cast, charlie: Cast) -> None:
    given(alice, 5, days=1)
    given(charlie, 7, days=3)
    pass_days(alice, 2)
    assert stored(alice) == 15
    assert [expire_lots(), expire_lots()] == [1, 0]
    assert stored(alice) == 10 and entries(alice, "expire") == [5]
    assert balances(charlie) == (17, 0, 0) and list(differences()) == []


def test_what_is_held_does_not_expire(alice: Cast) -> None:
    given(alice, 5, days=1)
    charged, given_back = hold(alice, 2), hold(alice, 1)
    pass_days(alice, 40)
    expire_lots()
    assert balances(alice) == (10, 3, 0) and entries(alice, "expire") == [2]
    end(alice, charged, quota.capture_photos)
    end(alice, given_back, quota.release_photos)
    assert [expire_lots(), balances(alice)] == [0, (11, 0, 2)]
    pass_days(alice, 7.1)
    assert [expire_lots(), balances(alice)] == [1, (10, 0, 2)]


def test_both_modes_expire(alice: Cast) -> None:
    given(alice, 5, days=1, mode=Mode.TEST)
    given(alice, 5, days=1)
    pass_days(alice, 2)
    assert expire_lots() == 2
    assert balances(alice, Mode.TEST) == (1000, 0, 0)


def test_a_batch_leaves_the_rest_for_the_next(alice: Cast, charlie: Cast) -> None:
    for cast in (alice, charlie):
        given(cast, 5, days=1)
        pass_days(cast, 2)
    assert [expire_lots(limit=1), expire_lots(limit=1), expire_lots(limit=1)] == [1, 1, 0]


def test_one_agency_that_cannot_be_moved_does_not_stop_the_others(
    alice: Cast, charlie: Cast, caplog: pytest.LogCaptureFixture
) -> None:
    for cast in (alice, charlie):
        given(cast, 5, days=1)
        pass_days(cast, 2)
    first, second = sorted((alice, charlie), key=lambda cast: cast.agency.pk)
    PhotoQuota.objects.filter(agency=first.agency, mode=Mode.LIVE).update(available=1)
    assert expire_lots() == 1 and entries(first, "expire") == []
    assert entries(second, "expire") == [5] and caplog.records[-1].levelno == logging.ERROR


# --- Subscriptions


def subscribe(cast: Cast, photos: int = 40) -> None:
    set_plan(agency=cast.agency, photos_per_month=photos, actor_id="dana")


def months(cast: Cast) -> list[date | None]:
    lots = PhotoLot.objects.filter(agency=cast.agency, source=LotSource.SUBSCRIPTION)
    return list(lots.order_by("created_at").values_list("period", flat=True))


def test_a_plan_gives_its_photos_once_a_month(alice: Cast, charlie: Cast) -> None:
    subscribe(alice)
    runs = [grant_due_subscriptions(now=now) for now in (MARCH, MARCH, APRIL, APRIL)]
    assert runs == [1, 0, 1, 0]
    assert months(alice) == [date(2027, 3, 1), date(2027, 4, 1)] and months(charlie) == []
    assert credit_of(alice.agency, Mode.LIVE) == {"total": 90, "subscription": 80, "extra": 10}
    assert balances(alice, Mode.TEST) == (1000, 0, 0) and list(differences()) == []


def test_photos_of_a_month_are_usable_until_its_end_in_paris(alice: Cast) -> None:
    subscribe(alice)
    grant_due_subscriptions(now=MARCH)
    lot = PhotoLot.objects.get(agency=alice.agency, source=LotSource.SUBSCRIPTION)
    assert lot.usable_until == datetime(2027, 3, 31, 22, tzinfo=UTC)  # midnight of summer time


def test_only_this_month_is_given_after_a_long_silence(alice: Cast) -> None:
    subscribe(alice)
    grant_due_subscriptions(now=MARCH)
    assert grant_due_subscriptions(now=JUNE) == 1
    assert months(alice) == [date(2027, 3, 1), date(2027, 6, 1)]


def test_another_plan_is_for_the_months_to_come(alice: Cast) -> None:
    subscribe(alice, 40)
    grant_due_subscriptions(now=MARCH)
    subscribe(alice, 100)
    assert grant_due_subscriptions(now=MARCH) == 0
    grant_due_subscriptions(now=APRIL)
    subscribe(alice, 0)
    assert grant_due_subscriptions(now=JUNE) == 0
    assert entries(alice, "grant") == [10, 40, 100]


def test_the_database_refuses_a_second_grant_of_a_month(alice: Cast) -> None:
    subscribe(alice)
    grant_due_subscriptions(now=MARCH)
    twin = {"agency": alice.agency, "mode": Mode.LIVE, "source": LotSource.SUBSCRIPTION}
    for period in (date(2027, 3, 1), None):
        with pytest.raises(IntegrityError), transaction.atomic():
            quota.grant_photos(**twin, photos=1, period=period)
    assert months(alice) == [date(2027, 3, 1)]


@pytest.mark.parametrize(
    ("utc", "day", "month", "end"),
    [
        ("2027-02-28T22:59", "2027-02-28", "2027-02-01", "2027-02-28T23:00"),
        ("2027-02-28T23:00", "2027-03-01", "2027-03-01", "2027-03-31T22:00"),
        ("2027-10-31T22:59", "2027-10-31", "2027-10-01", "2027-10-31T23:00"),
        ("2027-12-31T23:30", "2028-01-01", "2028-01-01", "2028-01-31T23:00"),
        ("2028-02-29T12:00", "2028-02-29", "2028-02-01", "2028-02-29T23:00"),
    ],
)
def test_days_and_months_are_those_of_paris(utc: str, day: str, month: str, end: str) -> None:
    moment = datetime.fromisoformat(utc).replace(tzinfo=UTC)
    assert (str(day_of(moment)), str(month_of(moment))) == (day, month)
    assert end_of_month(month_of(moment)) == datetime.fromisoformat(end).replace(tzinfo=UTC)


# --- Test mode


def spend_in_test_mode(cast: Cast, photos: int) -> None:
    job = hold(cast, photos, Mode.TEST)
    quota.capture_photos(
        agency_id=cast.agency.pk, mode=Mode.TEST, generation_id=job, reason="a test"
    )


def test_test_photos_are_filled_up_once_a_day(alice: Cast) -> None:
    today = timezone.now()
    assert refill_test_photos(now=today) == 0
    spend_in_test_mode(alice, 700)
    assert [refill_test_photos(now=today), refill_test_photos(now=today)] == [1, 0]
    assert balances(alice, Mode.TEST) == (1000, 0, 700)
    spend_in_test_mode(alice, 1)
    assert refill_test_photos(now=today) == 0
    assert refill_test_photos(now=today + timedelta(days=1)) == 1
    assert entries(alice, "grant", Mode.TEST) == [1000, 700, 1]
    assert balances(alice) == (10, 0, 0) and list(differences()) == []


def test_held_test_photos_are_not_filled_up_twice(alice: Cast) -> None:
    job = hold(alice, 400, Mode.TEST)
    spend_in_test_mode(alice, 100)
    refill_test_photos()
    quota.release_photos(
        agency_id=alice.agency.pk, mode=Mode.TEST, generation_id=job, reason="a test"
    )
    assert balances(alice, Mode.TEST) == (1000, 0, 100)


# --- All of it


def test_the_sweep_does_all_of_it_and_then_nothing(alice: Cast, charlie: Cast) -> None:
    given(alice, 5, days=1)
    pass_days(alice, 2)
    subscribe(charlie)
    spend_in_test_mode(alice, 1)
    assert [sweep_photos(), sweep_photos()] == [3, 0]


@pytest.mark.parametrize("work", [expire_lots, grant_due_subscriptions, refill_test_photos])
def test_with_nothing_due_nothing_is_written(alice: Cast, work: Callable[[], int]) -> None:
    captured(alice)
    before = LedgerEntry.objects.count()
    assert work() == 0 and LedgerEntry.objects.count() == before
