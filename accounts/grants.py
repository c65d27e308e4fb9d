"""Photos that support gives, once for each page that was filled in."""

from datetime import datetime
from uuid import UUID

from django.db import transaction

from accounts import audit
from accounts.choices import Mode, StaffReason
from accounts.models import Agency
from accounts.quota import lock_quota
from accounts.services import grant_pack


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
    lock_quota(agency.pk, mode)  # of two presses the second must see the first
    if agency.audit_entries.filter(action="photos.form", target=str(form_id)).exists():
        return False
    grant_pack(
        agency=agency, mode=mode, photos=photos, actor_id=actor_id, reason=reason, note=note,
        usable_until=usable_until,
    )  # fmt: skip
    audit.record(
        agency=agency,
        action="photos.form",
        target=str(form_id),
        actor_id=actor_id,
        reason=note,
        detail={"photos": photos},
    )
    return True
