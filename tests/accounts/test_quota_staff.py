"""What staff may do with photos, and what is remembered of it."""

from datetime import timedelta
from uuid import UUID, uuid4

import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone

from accounts import quota
from accounts.choices import LotSource, Mode, StaffReason
from accounts.exceptions import AlreadyRefunded, NoPhotosLeft, NothingCaptured
from accounts.ledger_audit import differences
from accounts.models import AuditEntry, LedgerEntry, PhotoLot
from accounts.services import adjust_photos, grant_pack, refund_captured_photos, set_plan
from tests.accounts.movements import balances, captured, end, entries, given, hold, pass_days
from tests.conftest import Cast

pytestmark = pytest.mark.django_db


def adjust(cast: Cast, photos: int, lot_id: UUID | None = None) -> None:
    adjust_photos(
        agency=cast.agency, mode=Mode.LIVE, photos=photos, lot_id=lot_id, actor_id="dana",
        reason=StaffReason.CORRECTION, note="Typed a zero too many for Mrs Martin",
    )  # fmt: skip


def refund(cast: Cast, job: UUID, mode: Mode = Mode.LIVE) -> PhotoLot:
    return refund_captured_photos(
        agency=cast.agency, mode=mode, generation_id=job, actor_id="dana",
        reason=StaffReason.BAD_PICTURE, note="The pool is on the roof",
    )  # fmt: skip


def told(cast: Cast, action: str) -> AuditEntry:
    return AuditEntry.objects.get(agency=cast.agency, action=action)


def test_a_pack_is_given_with_a_reason(alice: Cast) -> None:
    until = timezone.now() + timedelta(days=90)
    lot = grant_pack(
        agency=alice.agency, mode=Mode.LIVE, photos=50, usable_until=until, actor_id="dana",
        reason=StaffReason.PURCHASE, note="Invoice 17",
    )  # fmt: skip
    lot.refresh_from_db()
    assert (lot.source, lot.available, lot.usable_until) == (LotSource.PACK, 50, until)
    entry, audit = lot.entries.get(), told(alice, "photos.granted")
    assert (entry.actor_id, entry.reason) == ("dana", "purchase")
    assert (audit.target, audit.actor_id, audit.reason) == (str(lot.pk), "dana", "Invoice 17")
    assert audit.detail == {"mode": "live", "photos": 50, "code": "purchase"}


def test_an_adjustment_removes_and_tells(alice: Cast) -> None:
    adjust(alice, 4)
    assert balances(alice) == (6, 0, 0) and list(differences()) == []
    entry = LedgerEntry.objects.get(kind="adjust")
    assert (entry.quantity, entry.actor_id, entry.reason) == (4, "dana", "correction")
    assert told(alice, "photos.adjusted").detail["photos"] == 4


def test_an_adjustment_takes_the_lot_that_it_names(alice: Cast) -> None:
    given(alice, 5, days=3)
    wrong = given(alice, 100)
    adjust(alice, 90, wrong.pk)
    wrong.refresh_from_db()
    assert wrong.available == 10 and balances(alice) == (25, 0, 0)


def test_an_adjustment_never_takes_what_is_held_or_is_another_s(alice: Cast, charlie: Cast) -> None:
    hold(alice, 8)
    theirs = given(charlie, 5)
    for photos, lot_id in ((3, None), (1, theirs.pk)):
        with pytest.raises(NoPhotosLeft):
            adjust(alice, photos, lot_id)
    assert balances(alice) == (2, 8, 0) and balances(charlie) == (15, 0, 0)
    assert not AuditEntry.objects.filter(action="photos.adjusted").exists()


@pytest.mark.parametrize("photos", [0, -5])
def test_an_adjustment_never_adds(alice: Cast, photos: int) -> None:
    with pytest.raises(ValueError, match="at least one"):
        adjust(alice, photos)
    assert balances(alice) == (10, 0, 0)


def test_what_was_charged_is_made_good_once(alice: Cast) -> None:
    given(alice, 2, days=1)
    job = captured(alice, 3)  # from two lots
    lot = refund(alice, job)
    assert balances(alice) == (12, 0, 3) and list(differences()) == []
    assert (lot.source, lot.usable_until) == (LotSource.GOODWILL, None)
    audit = told(alice, "photos.refunded")
    assert (audit.target, audit.reason) == (str(job), "The pool is on the roof")
    assert lot.entries.get().reason == "bad_picture"
    with pytest.raises(AlreadyRefunded):
        refund(alice, job)
    assert balances(alice) == (12, 0, 3)


def test_a_refund_outlives_the_lot_that_was_charged(alice: Cast) -> None:
    given(alice, 2, days=1)
    job = captured(alice, 2)
    pass_days(alice, 400)
    refund(alice, job)
    assert balances(alice) == (12, 0, 2)


def test_only_what_was_charged_here_is_made_good(alice: Cast, charlie: Cast) -> None:
    held, given_back = hold(alice), hold(alice)
    end(alice, given_back, quota.release_photos)
    theirs = captured(charlie)
    for job in (held, given_back, theirs, uuid4()):
        with pytest.raises(NothingCaptured):
            refund(alice, job)
    with pytest.raises(NothingCaptured):
        refund(charlie, theirs, Mode.TEST)
    assert entries(alice, "grant") == [10] and entries(charlie, "grant") == [10]


def test_the_database_refuses_a_second_refund(alice: Cast) -> None:
    job = captured(alice)
    refund(alice, job)
    twin = {"agency": alice.agency, "mode": Mode.LIVE, "source": LotSource.GOODWILL}
    with pytest.raises(IntegrityError), transaction.atomic():
        quota.grant_photos(**twin, photos=1, refunds=job)


def test_a_plan_is_set_with_a_trace(alice: Cast) -> None:
    for photos in (40, 100):
        plan = set_plan(
            agency=alice.agency, photos_per_month=photos, actor_id="dana", note="Signed today"
        )
    assert plan.photos_per_month == 100
    traces = AuditEntry.objects.filter(action="plan.set").order_by("created_at")
    assert [trace.detail["photos_per_month"] for trace in traces] == [40, 100]
    assert traces[0].reason == "Signed today" and traces[0].target == str(plan.pk)


def test_a_plan_takes_nothing_away(alice: Cast) -> None:
    with pytest.raises(IntegrityError), transaction.atomic():
        set_plan(agency=alice.agency, photos_per_month=-1, actor_id="dana")
