"""Scoped reads of projects. There is one way to get a tenant's object, and it takes the agency and
the mode; someone else's object raises DoesNotExist like one that never was.

What is in the bin is nowhere, except for `any_…`: the agency's software has copies of its own to
manage, and `/api/v1` shows it until it is erased."""

from collections.abc import Collection, Iterable
from datetime import datetime, timedelta
from functools import reduce
from operator import or_
from typing import Any, NamedTuple, TypeVar
from uuid import UUID

from django.db.models import Exists, Model, OuterRef, Prefetch, Q
from django.utils import timezone

from accounts.choices import Mode
from accounts.models import Agency
from accounts.querysets import TenantQuerySet
from accounts.selectors import member_by_iacrea_id
from projects.choices import LIVE, Source, Status
from projects.models import Complaint, Generation, GenerationEvent, Picture, Project, Upload
from projects.transitions import public_word

Row = TypeVar("Row", bound=Model)
# How long the bin keeps what is removed.
BIN_KEEPS = timedelta(days=30)
# Lines of stories, of which an eighth or so tell of a picture.
RECENT_EVENTS = 2000
# By hand, since each page that waits asks it again and again.
RUNNING = """\
SELECT job.id, job.status, job.created_at, job.status_since, job.upstream_origin, project.version
FROM projects_generation AS job
JOIN projects_project AS project ON project.id = job.project_id
JOIN accounts_membership AS member ON member.agency_id = job.agency_id
JOIN accounts_user AS person ON person.id = member.user_id
WHERE job.project_id = %s AND job.mode = %s AND job.status IN ({})
    AND job.removed_at IS NULL AND project.removed_at IS NULL AND project.erased_at IS NULL
    AND member.id = %s AND member.removed_at IS NULL AND person.is_active
"""
VERSIONS = """\
SELECT project.id, project.version FROM projects_project AS project
JOIN accounts_membership AS member ON member.agency_id = project.agency_id
JOIN accounts_user AS person ON person.id = member.user_id
WHERE member.id = %s AND member.removed_at IS NULL AND person.is_active
    AND project.mode = %s AND project.removed_at IS NULL AND project.erased_at IS NULL
ORDER BY project.created_at DESC LIMIT %s OFFSET %s
"""
# By hand, since each job of an agency's software asks.
UPLOADS = "SELECT * FROM projects_upload WHERE agency_id = %s AND mode = %s AND id IN ({})"


class RunningJob(NamedTuple):
    """What a page that waits for a job asks about again and again."""

    project_version: int
    status: str
    created_at: datetime
    status_since: datetime
    upstream_origin: str


def any_projects_of(agency: Agency, mode: Mode) -> TenantQuerySet[Project]:
    rows = Project.objects.for_agency(agency, mode).filter(erased_at=None)
    rows = rows.select_related("photo", "author__user").defer("draft")
    return rows.order_by("-created_at")


def any_project_of(agency: Agency, mode: Mode, project_id: UUID) -> Project:
    return any_projects_of(agency, mode).get(pk=project_id)


def projects_of(agency: Agency, mode: Mode) -> TenantQuerySet[Project]:
    return any_projects_of(agency, mode).filter(removed_at=None)


def project_of(agency: Agency, mode: Mode, project_id: UUID) -> Project:
    return projects_of(agency, mode).get(pk=project_id)


def project_cards_of(agency: Agency, mode: Mode) -> TenantQuerySet[Project]:
    """Projects with the generations that their cards tell of: three queries for any number."""
    generations = Prefetch("generations", any_generations_of(agency, mode))
    return projects_of(agency, mode).prefetch_related(generations)


def any_generations_of(agency: Agency, mode: Mode) -> TenantQuerySet[Generation]:
    rows = Generation.objects.for_agency(agency, mode).prefetch_related("pictures")
    related = ("project", "photo", "mask", "account", "agency", "author")
    rows = rows.select_related(*related).defer(
        "photo__operations", "mask__operations", "project__draft"
    )
    return rows.order_by("created_at")


def any_generation_of(agency: Agency, mode: Mode, generation_id: UUID) -> Generation:
    return any_generations_of(agency, mode).get(pk=generation_id)


def generations_of(agency: Agency, mode: Mode) -> TenantQuerySet[Generation]:
    return any_generations_of(agency, mode).filter(removed_at=None, project__removed_at=None)


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
    return _listed(agency, any_projects_of(agency, mode), filters)


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
    rows = any_generations_of(agency, mode).filter(source=Source.IMPORT)
    return rows.get(upstream_id=str(upstream_id))


def is_known(upstream_origin: str, upstream_id: UUID) -> bool:
    """Whether some generation, of whatever agency, is this job of iacrea's."""
    rows = Generation.objects.filter(upstream_origin=upstream_origin)
    return rows.filter(upstream_id=str(upstream_id)).exists()


def find_generation(agency: Agency, mode: Mode, generation_id: UUID) -> Generation | None:
    """Also in the bin: a form that is sent twice asks for one picture, whatever became of it."""
    return any_generations_of(agency, mode).filter(pk=generation_id).first()


def removed_projects_of(agency: Agency, mode: Mode) -> TenantQuerySet[Project]:
    return any_projects_of(agency, mode).filter(removed_at__gt=timezone.now() - BIN_KEEPS)


def removed_generations_of(agency: Agency, mode: Mode) -> TenantQuerySet[Generation]:
    """Those that were removed by themselves: the others come back with their project."""
    rows = any_generations_of(agency, mode).filter(erased_at=None, project__removed_at=None)
    return rows.filter(removed_at__gt=timezone.now() - BIN_KEEPS)


def is_anything_removed(agency: Agency, mode: Mode) -> bool:
    projects, jobs = removed_projects_of(agency, mode), removed_generations_of(agency, mode)
    return projects.exists() or jobs.exists()


def any_upload_of(agency: Agency, mode: Mode, upload_id: UUID) -> Upload:
    return Upload.objects.for_agency(agency, mode).get(pk=upload_id)


def any_uploads_of(agency: Agency, mode: Mode, ids: Iterable[UUID]) -> dict[UUID, Upload]:
    wanted = [pk.hex for pk in ids]
    rows = Upload.objects.raw(UPLOADS.format(_marks(wanted)), [agency.pk.hex, mode, *wanted])
    return {row.pk: row for row in rows}


def upload_of(agency: Agency, mode: Mode, upload_id: UUID) -> Upload:
    """One that only things in the bin use is in the bin with them."""
    mine = Q(photo=OuterRef("pk")) | Q(mask=OuterRef("pk"))
    jobs, projects = Generation.objects.filter(mine), Project.objects.filter(photo=OuterRef("pk"))
    shown = jobs.filter(removed_at=None, project__removed_at=None)
    used = Q(Exists(shown)) | Q(Exists(projects.filter(removed_at=None)))
    unused = ~Q(Exists(jobs)) & ~Q(Exists(projects))
    return Upload.objects.for_agency(agency, mode).filter(used | unused).get(pk=upload_id)


def picture_of(agency: Agency, mode: Mode, picture_id: UUID) -> Picture:
    shown = {"generation__removed_at": None, "generation__project__removed_at": None}
    return Picture.objects.for_agency(agency, mode).filter(**shown).get(pk=picture_id)


def last_complaint(generation: Generation) -> Complaint | None:
    return Complaint.objects.filter(generation=generation).order_by("-created_at").first()


def running_in(project_id: UUID, mode: Mode, membership_id: UUID) -> list[RunningJob]:
    """The jobs that a member waits for on a project's page, in one query. None when that person is
    no member any more, or the project not this agency's."""
    said = [project_id.hex, mode, *LIVE, membership_id.hex]
    rows = Generation.objects.raw(RUNNING.format(_marks(LIVE)), said)
    return [
        RunningJob(
            project_version=vars(row)["version"],
            status=row.status,
            created_at=row.created_at,
            status_since=row.status_since,
            upstream_origin=row.upstream_origin,
        )
        for row in rows
    ]


def projects_seen_by(membership_id: UUID, mode: Mode) -> TenantQuerySet[Project]:
    """As `projects_of` that member's agency, who is looked up by the same query."""
    member = Q(
        agency__memberships=membership_id,
        agency__memberships__removed_at=None,
        agency__memberships__user__is_active=True,
    )
    rows = Project.objects.filter(member, mode=mode, erased_at=None, removed_at=None)
    return rows.order_by("-created_at")


def versions_seen_by(
    membership_id: UUID, mode: Mode, first: int, count: int
) -> list[tuple[UUID, int]]:
    """Of so many of `projects_seen_by`, from the one of that number on."""
    rows = Project.objects.raw(VERSIONS, [membership_id.hex, mode, count, first])
    return [(row.pk, row.version) for row in rows]


def recent_durations(upstream_origin: str) -> list[float]:
    """How many seconds the last pictures of an upstream took, of whatever agency. The newest lines
    of all stories are the one order by time that an index knows without the agency."""
    newest = GenerationEvent.objects.order_by("-pk").values_list("pk", flat=True).first() or 0
    told = Q(events__pk__gt=newest - RECENT_EVENTS, events__kind=Status.SUCCEEDED.lower())
    rows = Generation.objects.filter(told, upstream_origin=upstream_origin, recovered_from=None)
    times = rows.exclude(source=Source.IMPORT).values_list("created_at", "ended_at")
    return [(ended - began).total_seconds() for began, ended in times if ended]


def input_file(token: str) -> Upload:
    """The photo or mask behind a link that nobody can guess."""
    return Upload.objects.get(token=token)


def result_picture(picture_id: UUID) -> Picture:
    """The picture behind a signed link."""
    return Picture.objects.select_related("generation").get(pk=picture_id)


def _marks(values: Collection[object]) -> str:
    return ", ".join(["%s"] * len(values))
