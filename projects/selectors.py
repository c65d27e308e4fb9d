"""Scoped reads of projects. There is one way to get a tenant's object, and it takes the agency and
the mode; someone else's object raises DoesNotExist like one that never was."""

from uuid import UUID

from django.db.models import Prefetch

from accounts.choices import Mode
from accounts.models import Agency
from accounts.querysets import TenantQuerySet
from projects.models import Generation, Picture, Project, Upload


def projects_of(agency: Agency, mode: Mode) -> TenantQuerySet[Project]:
    rows = Project.objects.for_agency(agency, mode).select_related("photo", "author__user")
    return rows.order_by("-created_at")


def project_of(agency: Agency, mode: Mode, project_id: UUID) -> Project:
    return projects_of(agency, mode).get(pk=project_id)


def project_cards_of(agency: Agency, mode: Mode) -> TenantQuerySet[Project]:
    """Projects with the generations that their cards tell of: three queries for any number."""
    generations = Prefetch("generations", generations_of(agency, mode))
    return projects_of(agency, mode).prefetch_related(generations)


def generations_of(agency: Agency, mode: Mode) -> TenantQuerySet[Generation]:
    rows = Generation.objects.for_agency(agency, mode).prefetch_related("pictures")
    return rows.select_related("project", "photo", "mask", "account", "agency").order_by(
        "created_at"
    )


def generation_of(agency: Agency, mode: Mode, generation_id: UUID) -> Generation:
    return generations_of(agency, mode).get(pk=generation_id)


def find_generation(agency: Agency, mode: Mode, generation_id: UUID) -> Generation | None:
    return generations_of(agency, mode).filter(pk=generation_id).first()


def upload_of(agency: Agency, mode: Mode, upload_id: UUID) -> Upload:
    return Upload.objects.for_agency(agency, mode).get(pk=upload_id)


def picture_of(agency: Agency, mode: Mode, picture_id: UUID) -> Picture:
    return Picture.objects.for_agency(agency, mode).get(pk=picture_id)


def input_file(token: str) -> Upload:
    """The photo or mask behind a link that nobody can guess."""
    return Upload.objects.get(token=token)


def result_picture(picture_id: UUID) -> Picture:
    """The picture behind a signed link."""
    return Picture.objects.select_related("generation").get(pk=picture_id)
