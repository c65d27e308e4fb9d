"""The ledger's promise, against the real database."""

from datetime import date, timedelta
from uuid import uuid4

import pytest
from django.db import DatabaseError, IntegrityError, transaction
from django.utils import timezone

from accounts import quota
from accounts.choices import EntryKind, LotSource, Mode
from accounts.exceptions import NoPhotosLeft
from accounts.ledger_audit import differences
from accounts.models import LedgerEntry, PhotoLot, PhotoQuota
from accounts.selectors import credit_of
from tests.accounts.movements import balances, end, entries, given, hold, pass_days
from tests.conftest import Cast

pytestmark = pytest.mark.django_db


def test_a_hold_sets_photos_aside_and_a_capture_charges_them(alice: Cast) -> None:
    job = hold(alice, 2)
    assert balances(alice) == (8, 2, 0)
    assert end(alice, job, quota.capture_photos) == 2
    assert balances(alice) == (8, 0, 2)
    assert list(differences()) == []


def test_a_release_gives_back(alice: Cast) -> None:
    job = hold(alice)
    end(alice, job, quota.release_photos)
    assert balances(alice) == (10, 0, 0)


def test_test_mode_never_moves_the_live_balance(alice: Cast) -> None:
    quota.hold_photos(agency_id=alice.agency.pk, mode=Mode.TEST, generation_id=uuid4(), photos=5)
    assert balances(alice) == (10, 0, 0)
    assert balances(alice, Mode.TEST) == (995, 5, 0)


def test_no_photo_left_holds_nothing(alice: Cast) -> None:
    with pytest.raises(NoPhotosLeft):
        hold(alice, 11)
    assert balances(alice) == (10, 0, 0)
    assert not LedgerEntry.objects.filter(kind=EntryKind.HOLD).exists()


@pytest.mark.parametrize("first", [quota.capture_photos, quota.release_photos])
@pytest.mark.parametrize("second", [quota.capture_photos, quota.release_photos])
def test_a_hold_ends_once(alice: Cast, first, second) -> None:
    job = hold(alice)
    end(alice, job, first)
    before = balances(alice)
    with pytest.raises(IntegrityError), transaction.atomic():
        end(alice, job, second)
    assert balances(alice) == before


def test_one_hold_per_job_and_lot(alice: Cast) -> None:
    job = hold(alice)
    with pytest.raises(IntegrityError), transaction.atomic():
        quota.hold_photos(agency_id=alice.agency.pk, mode=Mode.LIVE, generation_id=job, photos=1)


def test_no_balance_below_zero(alice: Cast) -> None:
    for model in (PhotoQuota, PhotoLot):
        with pytest.raises(IntegrityError), transaction.atomic():
            model.objects.filter(agency=alice.agency).update(available=-1)


def test_the_ledger_is_append_only(alice: Cast) -> None:
    entries = LedgerEntry.objects.filter(agency=alice.agency)
    with pytest.raises(DatabaseError, match="append-only"), transaction.atomic():
        entries.update(quantity=1000)
    with pytest.raises(DatabaseError, match="append-only"), transaction.atomic():
        entries._raw_delete("default")


def test_lots_that_expire_first_are_taken_first(alice: Cast) -> None:
    soon = timezone.now() + timedelta(days=30)
    lot = quota.grant_photos(
        agency=alice.agency, mode=Mode.LIVE, photos=3, source=LotSource.SUBSCRIPTION,
        usable_until=soon, period=date(2026, 11, 1),
    )  # fmt: skip
    job = hold(alice, 4)
    taken = LedgerEntry.objects.filter(generation_id=job, lot=lot).get()
    assert taken.quantity == 3
    assert LedgerEntry.objects.filter(generation_id=job).count() == 2
    assert credit_of(alice.agency, Mode.LIVE) == {"total": 9, "subscription": 0, "extra": 9}


def test_an_expired_lot_is_not_held_from_and_a_release_gives_a_week(alice: Cast) -> None:
    job = hold(alice)
    PhotoLot.objects.filter(agency=alice.agency, mode=Mode.LIVE).update(
        usable_until=timezone.now() - timedelta(days=1)
    )
    with pytest.raises(NoPhotosLeft):
        hold(alice)
    end(alice, job, quota.release_photos)
    lot = PhotoLot.objects.get(agency=alice.agency, mode=Mode.LIVE)
    assert lot.usable_until > timezone.now() + timedelta(days=6)
    hold(alice)


def test_the_order_of_consumption(alice: Cast) -> None:
    """What expires first, never-expiring last, then by age."""
    older = PhotoLot.objects.get(agency=alice.agency, mode=Mode.LIVE)
    lots = [given(alice, 1, days=3), given(alice, 1), given(alice, 1, days=2)]
    job = hold(alice, 13)
    taken = LedgerEntry.objects.filter(generation_id=job).order_by("created_at")
    assert [entry.lot for entry in taken] == [lots[2], lots[0], older, lots[1]]


def test_what_expired_is_not_promised_before_the_sweep(alice: Cast) -> None:
    given(alice, 5, days=1)
    pass_days(alice, 2)
    assert balances(alice) == (10, 0, 0)
    assert credit_of(alice.agency, Mode.LIVE)["total"] == 10
    with pytest.raises(NoPhotosLeft) as error:
        hold(alice, 11)
    assert error.value.available == 10


def test_a_release_gives_a_week_to_what_comes_back_only(alice: Cast) -> None:
    given(alice, 5, days=1)
    job = hold(alice, 2)
    pass_days(alice, 2)
    end(alice, job, quota.release_photos)
    assert balances(alice) == (12, 0, 0) and entries(alice, "expire") == [3]
    pass_days(alice, 6.9)
    assert balances(alice) == (12, 0, 0)
    pass_days(alice, 0.2)
    assert balances(alice) == (10, 0, 0)


def test_a_release_shortens_nothing(alice: Cast) -> None:
    lot = given(alice, 5, days=30)
    end(alice, hold(alice), quota.release_photos)
    assert PhotoLot.objects.get(pk=lot.pk).usable_until == lot.usable_until


def test_a_job_of_another_agency_or_mode_is_no_job(alice: Cast, charlie: Cast) -> None:
    job = hold(alice)
    assert end(charlie, job, quota.release_photos) == 0
    wrong = {"agency_id": alice.agency.pk, "mode": Mode.TEST, "generation_id": job}
    assert quota.capture_photos(**wrong, reason="a test") == 0
    assert balances(alice) == (9, 1, 0)


def test_the_audit_finds_a_balance_that_lies(alice: Cast) -> None:
    PhotoQuota.objects.filter(agency=alice.agency, mode=Mode.LIVE).update(available=11)
    assert len(list(differences())) == 1
