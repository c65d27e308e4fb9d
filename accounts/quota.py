"""The only writer of the photo ledger. Each function is one movement inside the caller's
transaction (or its own), and takes the agency's quota row first, so that two never deadlock."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from django.db import transaction
from django.db.models import F, Q

from accounts.choices import EntryKind, LotSource, Mode
from accounts.exceptions import NoPhotosLeft
from accounts.models import Agency, LedgerEntry, PhotoLot, PhotoQuota
from integrations.doors.clock import database_now

# A photo that comes back to a lot about to expire can still be used for a week.
GRACE = timedelta(days=7)


@dataclass(frozen=True)
class Effect:
    """What one photo of an entry does to the balances of its lot and of its agency."""

    available: int = 0
    held: int = 0
    consumed: int = 0


EFFECTS = {
    EntryKind.GRANT: Effect(available=1),
    EntryKind.HOLD: Effect(available=-1, held=1),
    EntryKind.CAPTURE: Effect(held=-1, consumed=1),
    EntryKind.RELEASE: Effect(held=-1, available=1),
    EntryKind.EXPIRE: Effect(available=-1),
    EntryKind.ADJUST: Effect(available=-1),
}


@transaction.atomic
def grant_photos(
    *,
    agency: Agency,
    mode: Mode,
    photos: int,
    source: LotSource,
    usable_until: datetime | None = None,
    actor_id: str = "",
    reason: str = "",
) -> PhotoLot:
    """Give an agency a lot of photos."""
    lock_quota(agency.pk, mode)
    lot = PhotoLot.objects.create(
        agency=agency, mode=mode, source=source, usable_until=usable_until
    )
    _write(lot, EntryKind.GRANT, photos, None, actor_id, reason)
    return lot


@transaction.atomic
def hold_photos(
    *, agency_id: UUID, mode: Mode, generation_id: UUID, photos: int, actor_id: str = ""
) -> None:
    """Set photos aside for a job: lots that expire first are taken first.

    Raises NoPhotosLeft and writes nothing when there are not enough.
    """
    lock_quota(agency_id, mode)
    lots = _usable_lots(agency_id, mode)
    available = sum(lot.available for lot in lots)
    if available < photos:
        raise NoPhotosLeft(photos, available)
    for lot, taken in _take(lots, photos):
        _write(lot, EntryKind.HOLD, taken, generation_id, actor_id, "accepted")


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
    holds = _holds(agency_id, mode, generation_id)
    for hold in holds:
        _extend(hold.lot)
        _write(hold.lot, EntryKind.RELEASE, hold.quantity, generation_id, actor_id, reason)
    return sum(hold.quantity for hold in holds)


def lock_quota(agency_id: UUID, mode: Mode) -> PhotoQuota:
    """The agency's quota row, locked until the end of the transaction."""
    return PhotoQuota.objects.select_for_update().get(agency_id=agency_id, mode=mode)


def _usable_lots(agency_id: UUID, mode: Mode) -> list[PhotoLot]:
    usable = Q(usable_until=None) | Q(usable_until__gt=database_now())
    lots = PhotoLot.objects.filter(usable, agency_id=agency_id, mode=mode, available__gt=0)
    return list(lots.order_by(F("usable_until").asc(nulls_last=True), "created_at", "pk"))


def _take(lots: list[PhotoLot], photos: int) -> Iterator[tuple[PhotoLot, int]]:
    for lot in lots:
        taken = min(lot.available, photos)
        if taken:
            yield lot, taken
        photos -= taken


def _holds(agency_id: UUID, mode: Mode, generation_id: UUID) -> list[LedgerEntry]:
    lock_quota(agency_id, mode)
    holds = LedgerEntry.objects.filter(generation_id=generation_id, kind=EntryKind.HOLD)
    return list(holds.select_related("lot").order_by("created_at", "pk"))


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
    moved = {
        "available": F("available") + quantity * EFFECTS[kind].available,
        "held": F("held") + quantity * EFFECTS[kind].held,
        "consumed": F("consumed") + quantity * EFFECTS[kind].consumed,
    }
    PhotoLot.objects.filter(pk=lot.pk).update(**moved)
    PhotoQuota.objects.filter(agency_id=lot.agency_id, mode=lot.mode).update(**moved)
