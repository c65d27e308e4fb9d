"""The ledger's promise, against the real database."""

from datetime import timedelta
from uuid import uuid4

import pytest
from django.db import DatabaseError, IntegrityError, transaction
from django.utils import timezone

from accounts import quota
from accounts.choices import EntryKind, LotSource, Mode
from accounts.exceptions import NoPhotosLeft
from accounts.ledger_audit import differences
from accounts.models import LedgerEntry, PhotoLot, PhotoQuota
from accounts.selectors import credit_of, quota_of
from tests.conftest import Cast

pytestmark = pytest.mark.django_db


def balances(cast: Cast, mode: Mode = Mode.LIVE) -> tuple[int, int, int]:
    row = quota_of(cast.agency, mode)
    return row.available, row.held, row.consumed


def hold(cast: Cast, photos: int = 1):
    job = uuid4()
    quota.hold_photos(agency_id=cast.agency.pk, mode=Mode.LIVE, generation_id=job, photos=photos)
    return job


def end(cast: Cast, job, function):
    return function(agency_id=cast.agency.pk, mode=Mode.LIVE, generation_id=job, reason="a test")


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
        usable_until=soon,
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


def test_the_audit_finds_a_balance_that_lies(alice: Cast) -> None:
    PhotoQuota.objects.filter(agency=alice.agency, mode=Mode.LIVE).update(available=11)
    assert len(list(differences())) == 1
