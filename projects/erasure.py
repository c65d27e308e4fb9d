"""Taking away what is a client's: photos, pictures and words. The ledger keeps its counts."""

from collections.abc import Iterable
from datetime import datetime
from uuid import UUID

from django.core.files.storage import default_storage
from django.db import transaction
from django.db.models import Q

from accounts import idempotency, kept_bytes, notifications
from accounts.choices import Mode
from integrations.doors.clock import database_now
from integrations.webhooks import retention
from projects import selectors, sizes
from projects.choices import LIVE
from projects.models import Complaint, Generation, Picture, Project, Upload
from projects.sharing import services as share_services

# Of each, from the bin, in one go.
BATCH = 100


@transaction.atomic
def erase_project(project: Project, *, removed_before: datetime | None = None) -> bool:
    """False while jobs of it are under way, or when it has left the bin: nothing is erased then."""
    jobs = list(Generation.objects.select_for_update().filter(project=project).order_by("pk"))
    if any(job.status in LIVE for job in jobs):
        return False
    rows = Project.objects.filter(pk=project.pk)
    # Locked after its jobs: so does every transition of a job.
    since = rows.select_for_update().get().removed_at
    if removed_before and not (since and since < removed_before):
        return False
    now = database_now()
    rows.update(title="", words="", photo=None, draft=[], draft_saved_at=None, erased_at=now)
    notifications.forget(project.agency_id, "project_id", [project.pk])
    share_services.end_links(project)
    _erase(jobs, {project.photo_id})
    return True


def empty_the_bin() -> int:
    """A batch of what is in it for too long; returns how much. What a job under way keeps from it
    goes another night."""
    before = database_now() - selectors.BIN_KEEPS
    old = Q(removed_at__lt=before, erased_at=None)
    projects = Project.objects.filter(old).order_by("removed_at")[:BATCH]
    jobs = Generation.objects.filter(old).order_by("removed_at").values_list("pk", flat=True)
    gone = sum(erase_project(project, removed_before=before) for project in projects)
    return gone + sum(_erase_removed(pk, before) for pk in jobs[:BATCH])


@transaction.atomic
def _erase_removed(generation_id: UUID, before: datetime) -> bool:
    """False: somebody has brought it back in this moment. What was made from it keeps its photo
    and its zone."""
    rows = Generation.objects.select_for_update().filter(pk=generation_id, erased_at=None)
    jobs = list(rows.filter(removed_at__lt=before))
    _erase(jobs, set())
    return bool(jobs)


def _erase(jobs: list[Generation], uploads: set[UUID | None]) -> None:
    """What these jobs have and say; of their uploads and those given, what nothing else uses."""
    ids = [job.pk for job in jobs]
    retention.forget(ids)
    for agency_id in {job.agency_id for job in jobs}:
        notifications.forget(agency_id, "generation_id", ids)
    for job in jobs:
        idempotency.forget(job.agency_id, Mode(job.mode), str(job.pk))
    used = uploads | {pk for job in jobs for pk in (job.photo_id, job.mask_id)}
    _erase_words(ids)
    share_services.blank_words(ids)
    files = [*_erase_pictures(ids), *_erase_uploads({pk for pk in used if pk})]
    # A file that stays behind is one that no row has: the nightly sweep takes it.
    transaction.on_commit(lambda: _delete(files), robust=True)


def _erase_words(jobs: list[UUID]) -> None:
    Complaint.objects.filter(generation__in=jobs).update(text="")
    Generation.objects.filter(pk__in=jobs).update(
        photo=None, mask=None, image_url="", mask_url="", polygon=None, webhook="", metadata={},
        note="", result_urls=[], erased_at=database_now(), look_again_at=None,
    )  # fmt: skip


def _erase_pictures(jobs: list[UUID]) -> list[str]:
    pictures = Picture.objects.filter(generation__in=jobs)
    rows = list(pictures)
    pictures.delete()
    uncount(rows)
    return [name for row in rows for name in row.files] + _sizes(rows)


def _erase_uploads(used: set[UUID]) -> list[str]:
    """But what another job or project uses as well."""
    uploads = Upload.objects.filter(pk__in=used - _used_elsewhere(used))
    rows = list(uploads)
    uploads.delete()
    uncount(rows)
    return [str(row.file.name) for row in rows] + _sizes(rows)


def uncount(rows: Iterable[Picture | Upload]) -> None:
    """Of the agencies' storage, in the transaction that deletes these."""
    for row in rows:
        kept_bytes.count(row.agency_id, -row.size)


def _sizes(rows: Iterable[Picture | Upload]) -> list[str]:
    return sizes.names_of(rows)


def _used_elsewhere(uploads: set[UUID]) -> set[UUID]:
    jobs = Generation.objects.filter(Q(photo__in=uploads) | Q(mask__in=uploads))
    projects = Project.objects.filter(photo__in=uploads)
    found = {pk for pair in jobs.values_list("photo", "mask") for pk in pair if pk}
    return found | {pk for pk in projects.values_list("photo", flat=True) if pk}


def _delete(files: list[str]) -> None:
    for name in files:
        default_storage.delete(name)
