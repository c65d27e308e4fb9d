"""Writes on projects, uploads and jobs. Page, API and command call the same function."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID, uuid4

from django.core.files.base import ContentFile
from django.db import transaction
from django.db.models import F
from django.utils import timezone

from accounts import kept_bytes
from accounts.choices import Mode
from accounts.models import Agency, Membership
from integrations.doors.images import NormalisedImage
from integrations.doors.inserts import insert
from integrations.iacrea.accounts import account_for
from integrations.iacrea.models import IacreaAccount
from integrations.iacrea.services import CREATE_EXTERIOR
from projects import agency_limits, lifecycle, member_caps, sweeper
from projects.choices import RoomType, Source, Status, UploadKind
from projects.exceptions import (
    NoUpstream,
    SourceGone,
    SourceNotReady,
    SourceWithoutPhoto,
    TestModeUnavailable,
)
from projects.models import Generation, Project, Upload
from projects.words import plain
from projects.zones import Operations

Points = list[tuple[float, float]]
Metadata = dict[str, Any]


@dataclass(frozen=True)
class Zone:
    """The mask of a job: an image to store, an upload of ours, or a URL that a worker fetches.
    None of them: the parent's. `polygon` is of a photo that a worker fetches; `operations` are what
    the image was drawn with."""

    image: NormalisedImage | None = None
    operations: Operations = field(default_factory=list)
    upload: Upload | None = None
    url: str = ""
    polygon: Points | None = None


@dataclass(frozen=True)
class NewProject:
    """A job's own project: stored with the job or not at all."""

    agency: Agency
    mode: Mode
    author: Membership
    title: str = ""


def create_project(
    *,
    agency: Agency,
    mode: Mode,
    author: Membership | None,
    title: str = "",
    photo: Upload | None = None,
    project_id: UUID | None = None,
) -> Project:
    """A caller that may ask twice gives the id: the second time is an IntegrityError."""
    project = Project(
        id=project_id or uuid4(),
        agency=agency,
        mode=mode,
        author=author,
        title=title,
        words=plain(title),
        photo=photo,
    )
    insert(project)
    return project


def change_project(project: Project, **fields: Any) -> None:
    """`title`, `photo`. Pages that show it see that it changed."""
    if "title" in fields:
        fields["words"] = plain(fields["title"])
    rows = Project.objects.filter(pk=project.pk)
    rows.update(version=F("version") + 1, updated_at=timezone.now(), **fields)


@transaction.atomic
def start_project(
    *,
    agency: Agency,
    mode: Mode,
    author: Membership,
    title: str,
    photo: NormalisedImage,
    project_id: UUID | None = None,
) -> Project:
    """A project with its photo, as a page starts it. Raises StorageFull."""
    project = create_project(
        agency=agency, mode=mode, author=author, title=title, project_id=project_id
    )
    set_photo(project, keep_upload(agency=agency, mode=mode, kind=UploadKind.PHOTO, image=photo))
    return project


def keep_upload(*, agency: Agency, mode: Mode, kind: UploadKind, image: NormalisedImage) -> Upload:
    """A photo or mask that somebody sends. Raises StorageFull."""
    agency_limits.check_room(agency, len(image.data))
    return store_upload(agency=agency, mode=mode, kind=kind, image=image)


def store_upload(
    *,
    agency: Agency,
    mode: Mode,
    kind: UploadKind,
    image: NormalisedImage,
    operations: Operations | None = None,
) -> Upload:
    """Keep a photo or mask that integrations/doors/images.py has judged."""
    upload = Upload(
        agency=agency,
        mode=mode,
        kind=kind,
        width=image.width,
        height=image.height,
        size=len(image.data),
        sha256=image.sha256,
        operations=operations or [],
    )
    upload.file.save(f"{upload.pk.hex}-{upload.file_name}", ContentFile(image.data), save=False)
    with transaction.atomic():
        upload.save(force_insert=True)
        kept_bytes.count(agency.pk, upload.size)
    return upload


def discard_upload(upload: Upload) -> None:
    """Remove a file that nothing came to use, and its row."""
    with transaction.atomic():
        upload.delete()
        kept_bytes.count(upload.agency_id, -upload.size)
    upload.file.delete(save=False)


def set_photo(project: Project, photo: Upload) -> None:
    Project.objects.filter(pk=project.pk).update(photo=photo)
    project.photo = photo


@transaction.atomic
def create_generation(
    *,
    project: Project | NewProject,
    author: Membership,
    source: Source,
    room_type: RoomType,
    photo: Upload | None = None,
    image_url: str = "",
    zone: Zone,
    width: int | None = None,
    height: int | None = None,
    webhook: str = "",
    metadata: Metadata | None = None,
    generation_id: UUID | None = None,
) -> Generation:
    """Accept a job on a photo. Raises NoPhotosLeft or a NotAccepted, and then nothing is stored.
    `width` and `height` are what a caller says of the picture behind `image_url`, in pixels.

    A caller that may ask twice gives the id: the second time is an IntegrityError.
    """
    project_is_new = isinstance(project, NewProject)
    if isinstance(project, NewProject):
        project = create_project(**vars(project))
    with _mask_of(zone, project) as mask:
        job = Generation(
            id=generation_id or uuid4(),
            agency=project.agency,
            mode=project.mode,
            project=project,
            author=author,
            source=source,
            room_type=room_type,
            photo=photo,
            image_url=image_url,
            mask=mask,
            mask_url=zone.url,
            polygon=zone.polygon,
            width=photo.width if photo else width,
            height=photo.height if photo else height,
            webhook=webhook,
            metadata=metadata or {},
            account=_reachable(account_for(author, Mode(project.mode)), Mode(project.mode)),
            price=CREATE_EXTERIOR.photos_per_generation,
        )
        return _accept(job, project_is_new=project_is_new)


@transaction.atomic
def create_variation(
    *,
    parent: Generation,
    author: Membership,
    source: Source,
    room_type: RoomType,
    zone: Zone | None = None,
    original_url: str = "",
    webhook: str = "",
    metadata: Metadata | None = None,
    generation_id: UUID | None = None,
) -> Generation:
    """Accept another picture of the same photo, with the same zone or a new one. `original_url` is
    read only where we have no photo: of a picture that was made before the agency came."""
    _check_parent(parent, original_url)
    zone = zone or Zone()
    with _mask_of(zone, parent.project) as mask:
        job = Generation(
            id=generation_id or uuid4(),
            agency=parent.agency,
            mode=parent.mode,
            project=parent.project,
            author=author,
            source=source,
            parent=parent,
            root_id=parent.root_id or parent.pk,
            room_type=room_type,
            photo=parent.photo,
            image_url="" if parent.photo else original_url,
            mask=mask or (None if zone.url else parent.mask),
            mask_url=zone.url,
            width=parent.width,
            height=parent.height,
            webhook=webhook,
            metadata=metadata or {},
            account=_reachable(parent.account, Mode(parent.mode)),
            price=CREATE_EXTERIOR.photos_per_variation,
        )
        return _accept(job)


@contextmanager
def _mask_of(zone: Zone, project: Project) -> Iterator[Upload | None]:
    """The zone's upload. When the job is refused its row goes with the transaction, and its file
    here."""
    if zone.image is None:
        yield zone.upload
        return
    mask = store_upload(
        agency=project.agency,
        mode=Mode(project.mode),
        kind=UploadKind.MASK,
        image=zone.image,
        operations=zone.operations,
    )
    try:
        yield mask
    except Exception:
        mask.file.delete(save=False)
        raise


def _reachable(account: IacreaAccount | None, mode: Mode) -> IacreaAccount:
    if account is None or not account.origin:
        raise TestModeUnavailable if mode == Mode.TEST else NoUpstream
    return account


def _check_parent(parent: Generation, original_url: str) -> None:
    if parent.erased_at:
        raise SourceGone
    if parent.status != Status.SUCCEEDED:
        raise SourceNotReady
    if not parent.photo and not original_url:
        raise SourceWithoutPhoto


def _accept(job: Generation, *, project_is_new: bool = False) -> Generation:
    """Job, hold and event in one transaction. The sweep, which looks twice a second, tells a worker
    of it when it is its turn: to find that out here took longer than all the rest."""
    agency_limits.check_job(job)
    now, is_swept = sweeper.look()
    if not job.image_url and not job.mask_url:
        job.inputs_ready_at = now
    lifecycle.accept(job, now=now, actor_id=str(job.author_id or ""), project_is_new=project_is_new)
    member_caps.check(job, now)
    if not is_swept:
        # After the photos, whose lock others wait for: in the other order two batches could
        # deadlock.
        sweeper.ensure(now)
    return job
