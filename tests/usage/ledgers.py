"""Ledgers for the tests of the Usage page, and what a naive loop makes of them."""

from collections.abc import Iterable
from datetime import datetime
from uuid import UUID, uuid4

from accounts.choices import EntryKind, Mode
from accounts.effects import EFFECTS
from accounts.models import LedgerEntry, PhotoLot
from tests.conftest import Cast

Move = tuple[EntryKind, int, datetime, UUID | None]
OF_A_JOB = {EntryKind.HOLD, EntryKind.CAPTURE, EntryKind.RELEASE}


def write(lot: PhotoLot, moves: Iterable[Move]) -> list[LedgerEntry]:
    """Entries at times of their own, past accounts/quota.py: the balances are not moved."""
    rows = [
        LedgerEntry(
            agency_id=lot.agency_id, mode=lot.mode, lot=lot, kind=kind, quantity=photos,
            generation_id=(job or uuid4()) if kind in OF_A_JOB else job, created_at=at,
        )
        for kind, photos, at, job in moves
    ]  # fmt: skip
    field = LedgerEntry._meta.get_field("created_at")
    field.auto_now_add = False
    try:
        return LedgerEntry.objects.bulk_create(rows, batch_size=500)
    finally:
        field.auto_now_add = True


def first_lot(cast: Cast) -> PhotoLot:
    return PhotoLot.objects.for_agency(cast.agency, Mode.LIVE).order_by("created_at")[0]


def naive_balances(cast: Cast) -> dict[UUID, int]:
    """What was left after each entry, counted one by one."""
    left, found = 0, {}
    rows = LedgerEntry.objects.for_agency(cast.agency, Mode.LIVE)
    for row in sorted(rows, key=lambda row: (row.created_at, str(row.pk))):
        left += row.quantity * EFFECTS[EntryKind(row.kind)].available
        found[row.pk] = left
    return found
