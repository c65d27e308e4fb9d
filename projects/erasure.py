"""Taking away what is a client's: photos, pictures and words. The ledger keeps its counts."""

from uuid import UUID

from django.core.files.storage import default_storage
from django.db import transaction
from django.db.models import Q

from accounts import idempotency
from accounts.choices import Mode
from integrations.doors.clock import database_now
from integrations.webhooks import retention
from projects.choices import LIVE
from projects.models import Generation, Picture, Project, Upload


@transaction.atomic
def erase_project(project: Project) -> bool:
    """False while jobs of it are under way: nothing is erased then."""
    jobs = Generation.objects.select_for_update().filter(project=project).order_by("pk")
    if any(job.status in LIVE for job in jobs):
        return False
    retention.forget([job.pk for job in jobs])
    for job in jobs:
        idempotency.forget(job.agency_id, Mode(job.mode), str(job.pk))
    files = [*_erase_pictures(project), *_erase_uploads(project)]
    now = database_now()
    Project.objects.filter(pk=project.pk).update(title="", words="", photo=None, erased_at=now)
    # A file that stays behind is one that no row has: the nightly sweep takes it.
    transaction.on_commit(lambda: _delete(files))
    return True


def _erase_pictures(project: Project) -> list[str]:
    pictures = Picture.objects.filter(generation__project=project)
    files = [name for row in pictures for name in (row.file.name, row.thumbnail.name) if name]
    pictures.delete()
    return files


def _erase_uploads(project: Project) -> list[str]:
    """Those of its jobs and its own, but what another project uses as well."""
    jobs = Generation.objects.filter(project=project)
    used = {pk for pair in jobs.values_list("photo", "mask") for pk in pair if pk}
    if project.photo_id:
        used.add(project.photo_id)
    jobs.update(
        photo=None, mask=None, image_url="", mask_url="", polygon=None, webhook="", metadata={},
        result_urls=[], erased_at=database_now(), look_again_at=None,
    )  # fmt: skip
    Project.objects.filter(pk=project.pk).update(photo=None)
    uploads = Upload.objects.filter(pk__in=used - _used_elsewhere(used))
    files = [str(upload.file.name) for upload in uploads]
    uploads.delete()
    return files


def _used_elsewhere(uploads: set[UUID]) -> set[UUID]:
    jobs = Generation.objects.filter(Q(photo__in=uploads) | Q(mask__in=uploads))
    projects = Project.objects.filter(photo__in=uploads)
    found = {pk for pair in jobs.values_list("photo", "mask") for pk in pair if pk}
    return found | {pk for pk in projects.values_list("photo", flat=True) if pk}


def _delete(files: list[str]) -> None:
    for name in files:
        default_storage.delete(name)
