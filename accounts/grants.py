"""Photos that support gives or takes away, once for each page that was filled in."""

from datetime import datetime, timedelta
from uuid import UUID

from django.db import transaction
from django.utils import timezone

from accounts.choices import Mode, StaffReason
from accounts.models import Agency
from accounts.quota import lock_quota
from accounts.services import adjust_photos, grant_pack

DAY = timedelta(hours=24)
MOVES = ("photos.granted", "photos.adjusted", "photo_request.answered")


@transaction.atomic
def grant_once(
    *,
    agency: Agency,
    mode: Mode,
    photos: int,
    actor_id: str,
    reason: StaffReason,
    note: str,
    form_id: UUID,
    usable_until: datetime | None = None,
) -> bool:
    """False: the same page was sent before, and its photos are there."""
    if _was_sent(agency, mode, form_id):
        return False
    grant_pack(
        agency=agency, mode=mode, photos=photos, actor_id=actor_id, reason=reason, note=note,
        usable_until=usable_until, form_id=form_id,
    )  # fmt: skip
    return True


@transaction.atomic
def adjust_once(
    *,
    agency: Agency,
    mode: Mode,
    photos: int,
    actor_id: str,
    reason: StaffReason,
    note: str,
    form_id: UUID,
) -> bool:
    """False: the same page was sent before. Raises NoPhotosLeft."""
    if _was_sent(agency, mode, form_id):
        return False
    adjust_photos(
        agency=agency, mode=mode, photos=photos, actor_id=actor_id, reason=reason, note=note,
        form_id=form_id,
    )  # fmt: skip
    return True


def moved_in_a_day(agency: Agency, mode: Mode, *, besides: UUID) -> int:
    """Photos that staff gave the agency or took away in the last 24 hours, whoever did it, but for
    those of this page, which may have been sent before."""
    lately = agency.audit_entries.filter(created_at__gt=timezone.now() - DAY)
    moved = lately.filter(action__in=MOVES, detail__mode=mode)
    told = moved.values_list("detail", flat=True)
    return sum(each["photos"] for each in told if each.get("form") != str(besides))


def _was_sent(agency: Agency, mode: Mode, form_id: UUID) -> bool:
    lock_quota(agency.pk, mode)  # of two presses the second must see the first
    moved = agency.audit_entries.filter(action__in=MOVES)
    return moved.filter(detail__form=str(form_id)).exists()
