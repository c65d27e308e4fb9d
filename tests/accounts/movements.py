"""Short words for movements of an agency's live photos."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any
from uuid import UUID, uuid4

from django.utils import timezone

from accounts import quota
from accounts.choices import LotSource, Mode
from accounts.models import LedgerEntry, PhotoLot
from accounts.selectors import quota_of
from tests.conftest import Cast


def balances(cast: Cast, mode: Mode = Mode.LIVE) -> tuple[int, int, int]:
    row = quota_of(cast.agency, mode)
    return row.available, row.held, row.consumed


def given(cast: Cast, photos: int, *, days: float | None = None, mode: Mode = Mode.LIVE) -> Any:
    until = None if days is None else timezone.now() + timedelta(days=days)
    return quota.grant_photos(
        agency=cast.agency, mode=mode, photos=photos, source=LotSource.PACK, usable_until=until
    )


def hold(cast: Cast, photos: int = 1, mode: Mode = Mode.LIVE) -> UUID:
    job = uuid4()
    quota.hold_photos(agency_id=cast.agency.pk, mode=mode, generation_id=job, photos=photos)
    return job


def end(cast: Cast, job: UUID, function: Callable[..., int]) -> int:
    return function(agency_id=cast.agency.pk, mode=Mode.LIVE, generation_id=job, reason="a test")


def captured(cast: Cast, photos: int = 1) -> UUID:
    job = hold(cast, photos)
    end(cast, job, quota.capture_photos)
    return job


def pass_days(cast: Cast, days: float) -> None:
    """The lots of this agency are nearer to their end."""
    for lot in PhotoLot.objects.filter(agency=cast.agency).exclude(usable_until=None):
        earlier = lot.usable_until - timedelta(days=days)
        PhotoLot.objects.filter(pk=lot.pk).update(usable_until=earlier)


def entries(cast: Cast, kind: str, mode: Mode = Mode.LIVE) -> list[int]:
    rows = LedgerEntry.objects.for_agency(cast.agency, mode).filter(kind=kind)
    return list(rows.order_by("created_at").values_list("quantity", flat=True))
