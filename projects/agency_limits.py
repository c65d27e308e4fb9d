"""How much one agency may ask of an installation that others share."""

from django.conf import settings

from accounts.choices import Mode
from accounts.kept_bytes import room_of
from accounts.models import Agency
from projects.choices import LIVE
from projects.exceptions import StorageFull, TooManyJobs
from projects.models import Generation


def check_jobs(job: Generation) -> None:
    """Raises TooManyJobs. Before the agency's photos are locked, which others wait for: calls at
    once may each see the last place, so there are at most as many too many as the web processes
    answer at once. No more rows are counted than are allowed."""
    most = settings.JOBS_PER_AGENCY
    live = Generation.objects.for_agency(job.agency_id, Mode(job.mode)).filter(status__in=LIVE)
    if live.order_by()[:most].count() >= most:
        raise TooManyJobs(most)


def check_room(agency: Agency, coming: int) -> None:
    """Raises StorageFull. Uploads at once do not see each other: there may be as many files too
    many as the web processes take at once. Jobs in hand are not asked: what was accepted ends."""
    room = room_of(agency)
    if not room.has(coming):
        raise StorageFull(room.most)
