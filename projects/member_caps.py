"""How many photos a member's live pictures may use in a month, where the agency says so."""

from datetime import datetime

from django.db.models import Sum

from accounts.choices import Mode
from accounts.models import Membership
from accounts.periods import start_of_month
from integrations.doors.clock import database_now
from projects.choices import Status
from projects.exceptions import MemberCapReached
from projects.models import Generation

GIVEN_BACK = (Status.FAILED, Status.CANCELED)


def left_of_cap(member: Membership, now: datetime | None = None) -> int | None:
    """Photos that the member may still use this month, below zero when it is overdrawn; None: as
    many as the agency has."""
    if member.monthly_cap is None:
        return None
    return member.monthly_cap - used_this_month(member, now)


def used_this_month(member: Membership, now: datetime | None = None) -> int:
    """Held or charged for the live pictures that the member began this month (Paris time)."""
    jobs = Generation.objects.for_agency(member.agency_id, Mode.LIVE).filter(
        author=member, created_at__gte=start_of_month(now or database_now())
    )
    kept = jobs.exclude(status__in=GIVEN_BACK)
    return int(kept.aggregate(photos=Sum("price", default=0))["photos"])


def check(job: Generation, now: datetime) -> None:
    """Raises MemberCapReached, which undoes the job. After its hold: that has locked the agency's
    photos, so of two jobs at once the second counts the first."""
    if job.author is None or job.mode != Mode.LIVE or not job.price:
        return
    left = left_of_cap(job.author, now)
    if left is not None and left < 0:
        raise MemberCapReached
