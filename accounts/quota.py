"""The only writer of the photo ledger. Each function is one movement inside the caller's
transaction (or its own), and takes the agency's quota row first, so that two never deadlock."""

from collections.abc import Iterator
from datetime import date, datetime, timedelta
from uuid import UUID

from django.db import transaction
from django.db.models import F

from accounts.choices import EntryKind, LotSource, Mode
from accounts.effects import EFFECTS
from accounts.exceptions import NoPhotosLeft
from accounts.models import Agency, LedgerEntry, PhotoLot, PhotoQuota
from accounts.quick_hold import hold_quickly
from integrations.doors.clock import database_now

# A photo that comes back to a lot about to expire can still be used for a week.
GRACE = timedelta(days=7)
# What test mode has at the start of each day.
TEST_PHOTOS = 1000


@transaction.atomic
def grant_photos(
    *,
    agency: Agency,
    mode: Mode,
    photos: int,
    source: LotSource,
    usable_until: datetime | None = None,
    period: date | None = None,
    refunds: UUID | None = None,
    actor_id: str = "",
    reason: str = "",
) -> PhotoLot:
    """Give an agency a lot of photos; `refunds` is the generation that it makes good."""
    lock_quota(agency.pk, mode)
    lot = PhotoLot.objects.create(
        agency=agency, mode=mode, source=source, usable_until=usable_until, period=period
    )
    _write(lot, EntryKind.GRANT, photos, refunds, actor_id, reason)
    return lot


def hold_photos(
    *, agency_id: UUID, mode: Mode, generation_id: UUID, photos: int, actor_id: str = ""
) -> int:
    """Set photos aside for a job: lots that expire first are taken first. Returns what is left.

    Raises NoPhotosLeft and writes nothing when there are not enough.
    """
    hold = (agency_id, mode, generation_id, photos, actor_id)
    left = hold_quickly(*hold)
    return _hold_from_lots(*hold) if left is None else left


@transaction.atomic
def _hold_from_lots(
    agency_id: UUID, mode: Mode, generation_id: UUID, photos: int, actor_id: str
) -> int:
    quota = lock_quota(agency_id, mode)
    for lot, taken in _take(_lots(agency_id, mode), photos):
        _write(lot, EntryKind.HOLD, taken, generation_id, actor_id, "accepted")
    return quota.available - photos


@transaction.atomic
def capture_photos(*, agency_id: UUID, mode: Mode, generation_id: UUID, reason: str) -> int:
    """Charge what was held for a job whose pictures are in the agency's hands; returns photos."""
    holds = _holds(agency_id, mode, generation_id)
    for hold in holds:
        _write(hold.lot, EntryKind.CAPTURE, hold.quantity, generation_id, "", reason)
    return sum(hold.quantity for hold in holds)


@transaction.atomic
def release_photos(
    *, agency_id: UUID, mode: Mode, generation_id: UUID, reason: str, actor_id: str = ""
) -> int:
    """Give back what was held, each photo to its own lot; returns photos."""
    # The longer life is for what comes back, not for what had expired and awaits the sweep.
    expire_photos(agency_id=agency_id, mode=mode)
    holds = _holds(agency_id, mode, generation_id)
    for hold in holds:
        _extend(hold.lot)
        _write(hold.lot, EntryKind.RELEASE, hold.quantity, generation_id, actor_id, reason)
    return sum(hold.quantity for hold in holds)


@transaction.atomic
def expire_photos(*, agency_id: UUID, mode: Mode) -> int:
    """Take away what is past its time and not held; returns photos."""
    lock_quota(agency_id, mode)
    lots = list(PhotoLot.objects.for_agency(agency_id, mode).past(database_now()))
    for lot in lots:
        _write(lot, EntryKind.EXPIRE, lot.available, None, "", "expired")
    return sum(lot.available for lot in lots)


@transaction.atomic
def remove_photos(
    *,
    agency_id: UUID,
    mode: Mode,
    photos: int,
    reason: str,
    actor_id: str,
    lot_id: UUID | None = None,
) -> None:
    """Take photos away, from one lot or in the order of consumption; never what is held.

    Raises NoPhotosLeft and writes nothing when there are not enough.
    """
    lock_quota(agency_id, mode)
    lots = [lot for lot in _lots(agency_id, mode) if lot_id in (None, lot.pk)]
    for lot, taken in _take(lots, photos):
        _write(lot, EntryKind.ADJUST, taken, None, actor_id, reason)


def lock_quota(agency_id: UUID, mode: Mode) -> PhotoQuota:
    """The agency's quota row, locked until the end of the transaction."""
    return PhotoQuota.objects.select_for_update().get(agency_id=agency_id, mode=mode)


def _lots(agency_id: UUID, mode: Mode) -> list[PhotoLot]:
    return list(PhotoLot.objects.for_agency(agency_id, mode).usable(database_now()))


def _take(lots: list[PhotoLot], photos: int) -> Iterator[tuple[PhotoLot, int]]:
    """Each lot with what is taken from it. All is known to be there before the first is."""
    available = sum(lot.available for lot in lots)
    if available < photos:
        raise NoPhotosLeft(photos, available)
    for lot in lots:
        taken = min(lot.available, photos)
        if taken:
            yield lot, taken
        photos -= taken


def _holds(agency_id: UUID, mode: Mode, generation_id: UUID) -> list[LedgerEntry]:
    lock_quota(agency_id, mode)
    entries = LedgerEntry.objects.for_agency(agency_id, mode).select_related("lot")
    holds = entries.filter(generation_id=generation_id, kind=EntryKind.HOLD)
    return list(holds.order_by("created_at", "pk"))


def _extend(lot: PhotoLot) -> None:
    grace = database_now() + GRACE
    PhotoLot.objects.filter(pk=lot.pk, usable_until__lt=grace).update(usable_until=grace)


def _write(
    lot: PhotoLot,
    kind: EntryKind,
    quantity: int,
    generation_id: UUID | None,
    actor_id: str,
    reason: str,
) -> None:
    """One entry, and the balances of its lot and its agency moved by its effect."""
    LedgerEntry.objects.create(
        agency_id=lot.agency_id,
        mode=lot.mode,
        lot=lot,
        kind=kind,
        quantity=quantity,
        generation_id=generation_id,
        actor_id=actor_id,
        reason=reason,
    )
    effect = EFFECTS[kind]
    moved = {
        "available": F("available") + quantity * effect.available,
        "held": F("held") + quantity * effect.held,
        "consumed": F("consumed") + quantity * effect.consumed,
    }
    PhotoLot.objects.filter(pk=lot.pk).update(**moved)
    PhotoQuota.objects.filter(agency_id=lot.agency_id, mode=lot.mode).update(**moved)
