"""Projects that nobody has changed for as long as their agency keeps them (`kept_months`). They go
to the bin; projects/erasure.py takes them out of it 30 days later."""

from calendar import monthrange
from datetime import date, datetime, timedelta
from uuid import UUID

from django.db import transaction
from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils import timezone

from accounts import audit
from accounts.models import Agency
from accounts.periods import day_of
from integrations.doors.clock import database_now
from projects import keeping
from projects.choices import LIVE
from projects.models import Generation, Project

# Of all agencies together, in one go.
BATCH = 100
# A project's page tells the day this long before it.
TOLD_BEFORE = timedelta(days=30)


def old_projects_of(
    agency: Agency, months: int | None, *, now: datetime | None = None
) -> QuerySet[Project]:
    """Of both modes. What a job under way keeps from the bin is not among them: it would stand at
    the head of every batch."""
    if months is None:
        return Project.objects.none()
    running = Generation.objects.filter(project=OuterRef("pk"), status__in=LIVE)
    before = months_before(now or database_now(), months)
    rows = Project.objects.filter(agency=agency, removed_at=None, erased_at=None)
    # A zone that somebody is drawing is no change of the project, but it is work.
    undrawn = Q(draft_saved_at=None) | Q(draft_saved_at__lt=before)
    return rows.filter(undrawn, ~Exists(running), updated_at__lt=before)


def count_old_projects(agency: Agency, months: int | None) -> int:
    """How many the next night takes when the agency keeps its projects for so long."""
    return old_projects_of(agency, months).count()


def bin_the_old() -> int:
    """A batch of what is kept for too long; returns how much. What somebody is at in this moment
    goes another night."""
    gone = 0
    for agency in Agency.objects.exclude(kept_months=None).order_by("created_at"):
        rows = old_projects_of(agency, agency.kept_months).order_by("updated_at")
        ids = rows.values_list("pk", flat=True)[: BATCH - gone]
        gone += sum(_bin(agency.pk, project_id) for project_id in ids)
    return gone


@transaction.atomic
def _bin(agency_id: UUID, project_id: UUID) -> bool:
    """False: in this moment it was changed or brought back, a picture of it was begun, or the
    agency keeps it for longer. So all of it is asked once more, of the locked row."""
    agency = Agency.objects.get(pk=agency_id)
    rows = old_projects_of(agency, agency.kept_months).select_for_update()
    project = rows.filter(pk=project_id).first()
    if project is None or not keeping.remove_project(project):
        return False
    detail = {"kept_months": agency.kept_months}
    audit.record(agency=agency, action="project.binned", target=str(project_id), detail=detail)
    return True


def months_before(moment: datetime, months: int) -> datetime:
    """The same day and time, by the operator's calendar; the last day of a month without it."""
    here = timezone.localtime(moment, timezone.get_default_timezone())
    year, month = _month(here, -months)
    day = min(here.day, monthrange(year, month)[1])
    return here.replace(year=year, month=month, day=day)


def bin_day_of(project: Project, months: int | None) -> date | None:
    """When the project goes to the bin unless it is changed; None while that is far away. On that
    day it becomes old, and goes in the first night after: never earlier than was told."""
    if months is None:
        return None
    touched = max(project.updated_at, project.draft_saved_at or project.updated_at)
    day, today = months_after(day_of(touched), months), day_of(timezone.now())
    return max(day, today) if day <= today + TOLD_BEFORE else None


def months_after(day: date, months: int) -> date:
    """The first one that `months_before` leads back to that day or later: in a month without it,
    the next month's first."""
    year, month = _month(day, months)
    last = monthrange(year, month)[1]
    if day.day <= last:
        return date(year, month, day.day)
    return date(year, month, last) + timedelta(days=1)


def _month(day: date, months: int) -> tuple[int, int]:
    """Year and month so many months later."""
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    return year, month + 1
