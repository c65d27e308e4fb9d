"""A visitor's projects for the lab, made by the product's functions: a phone's photo in each."""

from functools import cache
from uuid import UUID

from django.db import transaction

from accounts.choices import Mode, Role
from accounts.models import Membership
from integrations.doors.images import NormalisedImage, read_mask, read_photo
from projects import lifecycle, services
from projects.choices import RoomType, Source, UploadKind
from projects.models import Generation, Project, Upload
from projects.pipeline.archive import keep
from projects.sharing.page import address_of
from projects.sharing.services import usual_link
from tests.bench.visitor import phone_photo
from tests.conftest import mask_bytes

# What is shown of a photo is never larger: the smaller file is only quicker to make.
CARD = (2048, 1536)


def projects(agency: str, count: int) -> dict[str, str]:
    """So many with a picture each, and one that has only its photo: ids of the newest of both, and
    the path of a link to the first."""
    owner = Membership.objects.select_related("agency").get(agency__name=agency, role=Role.OWNER)
    ready = [_with_picture(owner) for _ in range(count)]
    link = usual_link(project=Project.objects.get(pk=ready[-1]), author=owner)
    assert link
    return {
        "ready": str(ready[-1]),
        "zone": str(_with_photo(owner).pk),
        "share": address_of(link),
    }


@cache
def _photo() -> NormalisedImage:
    return read_photo(phone_photo(CARD))


def _with_photo(owner: Membership) -> Project:
    return services.start_project(
        agency=owner.agency, mode=Mode.LIVE, author=owner, title="Famille Martin", photo=_photo()
    )


@transaction.atomic  # a worker that sees the job before its end would help it
def _with_picture(owner: Membership) -> UUID:
    project = _with_photo(owner)
    job = _asked(project, owner)
    attempt = lifecycle.open_attempt(job, job.pk.hex * 2)
    assert attempt and lifecycle.bind(attempt, job.pk.hex, {})
    _again(job, lifecycle.found_result(job, ["http://127.0.0.1/result.png"]))
    keep(job, 0, phone_photo(CARD))
    _again(job, lifecycle.succeed(job))
    return project.pk


def _asked(project: Project, owner: Membership) -> Generation:
    mask: Upload = services.store_upload(
        agency=owner.agency, mode=Mode.LIVE, kind=UploadKind.MASK,
        image=read_mask(mask_bytes(CARD), size=CARD),
    )  # fmt: skip
    return services.create_generation(
        project=project, author=owner, source=Source.DASHBOARD, room_type=RoomType.TERRACE,
        photo=project.photo, zone=services.Zone(upload=mask),
    )  # fmt: skip


def _again(job: Generation, is_done: bool) -> None:
    assert is_done
    job.refresh_from_db()
