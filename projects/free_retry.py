"""Support starts a job again for an agency, free: the same photo and zone, held from a lot of
goodwill of exactly its price, given with it. One transaction, with its audit entry."""

from typing import Any
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from accounts import audit
from accounts.choices import LotSource, Mode, StaffReason
from accounts.quota import grant_photos, lock_quota
from accounts.staff.command import NotNow
from integrations.iacrea.services import CREATE_EXTERIOR
from projects import services
from projects.choices import RoomType, Source, Status
from projects.exceptions import NotAccepted
from projects.models import Generation


def check(job: Generation) -> None:
    if not job.is_terminal:
        raise NotNow(_("It has not ended."))
    if job.erased_at or job.removed_at or job.project.removed_at:
        raise NotNow(_("It was erased, or is in the bin."))
    if job.author is None or job.author.removed_at:
        raise NotNow(_("Whoever asked for it does not work there any more."))
    if not (job.photo_id or job.image_url) or not (job.mask_id or job.mask_url or job.polygon):
        raise NotNow(_("Its photo or its zone is not here."))


def retry(job: Generation, *, new_id: UUID, actor_id: str, reason: str) -> bool:
    """`new_id`: of the page that was filled in, so that a page sent twice starts one job. False:
    it was."""
    check(job)
    try:
        return _retry(job, new_id, actor_id, reason)
    except NotAccepted as refusal:
        raise NotNow(str(refusal)) from None


@transaction.atomic
def _retry(job: Generation, new_id: UUID, actor_id: str, reason: str) -> bool:
    lock_quota(job.agency_id, Mode(job.mode))  # of two presses the second must see the first
    if Generation.objects.filter(pk=new_id).exists():
        return False
    if photos := price_of(job):
        _give(job, photos, actor_id)
    _record(job, _started(job, new_id), actor_id, reason)
    return True


def price_of(job: Generation) -> int:
    """Of the new one, now: what the old one cost may be another price, or of another kind."""
    if _parent_of(job):
        return CREATE_EXTERIOR.photos_per_variation
    return CREATE_EXTERIOR.photos_per_generation


def _parent_of(job: Generation) -> Generation | None:
    """A variation is one again while the picture that it was made from is there."""
    parent = job.parent
    return parent if parent and parent.status == Status.SUCCEEDED and not parent.erased_at else None


def _give(job: Generation, photos: int, actor_id: str) -> None:
    grant_photos(
        agency=job.agency, mode=Mode(job.mode), photos=photos, source=LotSource.GOODWILL,
        actor_id=actor_id, reason=StaffReason.COURTESY,
    )  # fmt: skip


def _started(job: Generation, new_id: UUID) -> Generation:
    zone = services.Zone(upload=job.mask, url="" if job.mask else job.mask_url,
                         polygon=None if job.mask else job.polygon)  # fmt: skip
    common: dict[str, Any] = {
        "author": job.author, "source": Source(job.source), "room_type": RoomType(job.room_type),
        "zone": zone, "webhook": job.webhook, "metadata": job.metadata, "generation_id": new_id,
    }  # fmt: skip
    if parent := _parent_of(job):
        return services.create_variation(parent=parent, **common)
    return services.create_generation(
        project=job.project, photo=job.photo, image_url="" if job.photo else job.image_url,
        width=job.width, height=job.height, **common,
    )  # fmt: skip


def _record(job: Generation, again: Generation, actor_id: str, reason: str) -> None:
    audit.record(
        agency=job.agency, action="generation.retried_free", target=str(job.pk),
        actor_id=actor_id, reason=reason,
        detail={"again": str(again.pk), "photos": again.price},
    )  # fmt: skip
