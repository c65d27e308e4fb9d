"""Scoped reads of projects. There is one way to get a tenant's object, and it takes the agency and
the mode; someone else's object raises DoesNotExist like one that never was."""

from functools import reduce
from operator import or_
from typing import Any, TypeVar
from uuid import UUID

from django.db.models import Model, Prefetch, Q

from accounts.choices import Mode
from accounts.models import Agency
from accounts.querysets import TenantQuerySet
from accounts.selectors import member_by_iacrea_id
from projects.choices import Source, Status
from projects.models import Generation, Picture, Project, Upload
from projects.transitions import public_word

Row = TypeVar("Row", bound=Model)


def projects_of(agency: Agency, mode: Mode) -> TenantQuerySet[Project]:
    rows = Project.objects.for_agency(agency, mode).filter(erased_at=None)
    return rows.select_related("photo", "author__user").order_by("-created_at")


def project_of(agency: Agency, mode: Mode, project_id: UUID) -> Project:
    return projects_of(agency, mode).get(pk=project_id)


def project_cards_of(agency: Agency, mode: Mode) -> TenantQuerySet[Project]:
    """Projects with the generations that their cards tell of: three queries for any number."""
    generations = Prefetch("generations", generations_of(agency, mode))
    return projects_of(agency, mode).prefetch_related(generations)


def generations_of(agency: Agency, mode: Mode) -> TenantQuerySet[Generation]:
    rows = Generation.objects.for_agency(agency, mode).prefetch_related("pictures")
    related = ("project", "photo", "mask", "account", "agency", "author")
    rows = rows.select_related(*related).defer("photo__operations", "mask__operations")
    return rows.order_by("created_at")


def generation_of(agency: Agency, mode: Mode, generation_id: UUID) -> Generation:
    return generations_of(agency, mode).get(pk=generation_id)


def generations_by(
    agency: Agency, mode: Mode, filters: dict[str, Any]
) -> TenantQuerySet[Generation]:
    """Those of a list of the API: `status` (iacrea's word), `room_type`, `project`, `member`,
    `created_after`, `created_before`."""
    rows = Generation.objects.for_agency(agency, mode).select_related("author")
    rows = _listed(agency, rows.prefetch_related("pictures"), filters)
    if word := filters.get("status"):
        rows = rows.filter(said_as(word))
    named = {name: filters[name] for name in ("room_type", "project") if name in filters}
    return rows.filter(**named)


def projects_by(agency: Agency, mode: Mode, filters: dict[str, Any]) -> TenantQuerySet[Project]:
    return _listed(agency, projects_of(agency, mode), filters)


def said_as(word: str) -> Q:
    """The rows of which public_word() makes this word."""
    started = [(status, flag) for status in Status for flag in (False, True)]
    known = [pair for pair in started if public_word(*pair) == word]
    return reduce(or_, [Q(status=status, upstream_started=flag) for status, flag in known])


def _listed(
    agency: Agency, rows: TenantQuerySet[Row], filters: dict[str, Any]
) -> TenantQuerySet[Row]:
    """The member is looked up first: by a join PostgreSQL cannot know whether they have a row or
    all of them, and reads all of them."""
    names = {"created_after": "created_at__gte", "created_before": "created_at__lt"}
    named = {names[name]: filters[name] for name in names if name in filters}
    if "member" in filters:
        author = member_by_iacrea_id(agency, filters["member"])
        rows = rows.filter(author=author) if author else rows.none()
    return rows.filter(**named)


def taken_over(agency: Agency, mode: Mode, upstream_id: UUID) -> Generation:
    """By the id that it has at iacrea, which the agency's software knows it by."""
    rows = generations_of(agency, mode).filter(source=Source.IMPORT)
    return rows.get(upstream_id=str(upstream_id))


def is_known(upstream_origin: str, upstream_id: UUID) -> bool:
    """Whether some generation, of whatever agency, is this job of iacrea's."""
    rows = Generation.objects.filter(upstream_origin=upstream_origin)
    return rows.filter(upstream_id=str(upstream_id)).exists()


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
