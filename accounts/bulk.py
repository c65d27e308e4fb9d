"""The ledger of jobs that were copied by the hundred thousand, for measuring (projects/bulk.py).

Beside accounts/quota.py the one place that writes entries: that many by its functions take hours.
"""

from collections.abc import Callable
from uuid import UUID

from accounts.choices import EntryKind, LotSource, Mode
from accounts.effects import EFFECTS
from accounts.models import Agency, LedgerEntry, PhotoLot, PhotoQuota
from accounts.quota import grant_photos, lock_quota
from accounts.selectors import ledger_of

FIELDS = ("available", "held", "consumed")
CopyEntry = Callable[[LedgerEntry, PhotoLot], int]  # returns how many copies it made


def grant_for(agency: Agency, jobs: int) -> PhotoLot:
    """Photos for as many jobs, of which nobody knows before the transaction ends."""
    return grant_photos(
        agency=agency, mode=Mode.LIVE, photos=jobs, source=LotSource.PACK, reason="seed_bulk"
    )


def copy_entries(agency: Agency, generation_id: UUID, lot: PhotoLot, copy: CopyEntry) -> None:
    """Have each entry of this job copied into the new lot, and move the balances by all of them."""
    quota = lock_quota(agency.pk, Mode.LIVE)
    lot.refresh_from_db()
    for entry in ledger_of(agency, Mode.LIVE).filter(generation_id=generation_id):
        photos = entry.quantity * copy(entry, lot)
        for row in (lot, quota):
            _move(row, EntryKind(entry.kind), photos)
    lot.save(update_fields=FIELDS)
    quota.save(update_fields=FIELDS)


def _move(row: PhotoLot | PhotoQuota, kind: EntryKind, photos: int) -> None:
    for field in FIELDS:
        setattr(row, field, getattr(row, field) + photos * getattr(EFFECTS[kind], field))
