"""Reads for the team page, for all its members at once."""

from uuid import UUID

from django.db.models import Sum

from accounts.choices import Mode
from accounts.models import Agency
from accounts.periods import start_of_month
from integrations.doors.clock import database_now
from projects.member_caps import GIVEN_BACK
from projects.models import Generation


def used_this_month_in(agency: Agency) -> dict[UUID | None, int]:
    """What member_caps.used_this_month() counts, by member."""
    jobs = Generation.objects.for_agency(agency, Mode.LIVE).order_by()
    begun = jobs.filter(created_at__gte=start_of_month(database_now()))
    sums = begun.exclude(status__in=GIVEN_BACK).values_list("author").annotate(Sum("price"))
    return {author: photos or 0 for author, photos in sums}
