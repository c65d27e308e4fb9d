"""How much of the storage an agency fills: photos, zones and pictures, of both modes."""

from dataclasses import dataclass
from uuid import UUID

from django.conf import settings
from django.db import transaction
from django.db.models import Count, Sum

from accounts.models import Agency, KeptBytes

GIB = 2**30
# A sum of fewer rows is no work; more are folded into one, once a minute.
FEW = 200


@dataclass(frozen=True)
class Room:
    """`kept` of at most `most` bytes."""

    kept: int
    most: int

    def has(self, coming: int) -> bool:
        return self.kept + coming <= self.most


def room_of(agency: Agency) -> Room:
    rows = KeptBytes.objects.filter(agency=agency)
    kept = rows.aggregate(bytes=Sum("bytes", default=0))["bytes"]
    return Room(max(0, kept), bytes_of(agency.storage_gb))


def bytes_of(gigabytes: int | None) -> int:
    """The agency's own figure, or everybody's."""
    return (gigabytes or settings.STORAGE_PER_AGENCY_GB) * GIB


def count(agency_id: UUID, change: int) -> None:
    """In the transaction that writes or deletes the row of a file."""
    KeptBytes.objects.create(agency_id=agency_id, bytes=change)


def fold() -> None:
    """Many changes into one. Whoever sums meanwhile sees either."""
    many = KeptBytes.objects.values("agency").annotate(rows=Count("pk")).filter(rows__gt=FEW)
    for agency_id in list(many.order_by().values_list("agency", flat=True)):
        _fold(agency_id)


@transaction.atomic
def _fold(agency_id: UUID) -> None:
    """Of two at once the second waits, and finds only what came since."""
    rows = list(KeptBytes.objects.select_for_update().filter(agency_id=agency_id).order_by("pk"))
    KeptBytes.objects.filter(pk__in=[row.pk for row in rows]).delete()
    count(agency_id, sum(row.bytes for row in rows))
