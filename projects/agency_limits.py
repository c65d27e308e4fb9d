"""How much one agency may ask of an installation that others share."""

from django.conf import settings
from django.db import connection

from accounts.kept_bytes import Room, bytes_of, room_of
from accounts.models import Agency
from projects.choices import LIVE
from projects.exceptions import StorageFull, TooManyJobs
from projects.models import Generation

# By hand, since each job that is accepted asks. No more rows are counted than are allowed.
ASK = """\
SELECT
    (SELECT count(*) FROM (
        SELECT 1 FROM projects_generation
        WHERE agency_id = %s AND mode = %s AND status IN ({}) LIMIT %s
    ) AS live),
    (SELECT coalesce(sum(bytes), 0) FROM accounts_keptbytes WHERE agency_id = agency.id),
    storage_gb
FROM accounts_agency AS agency WHERE id = %s
"""


def check_job(job: Generation) -> None:
    """Raises TooManyJobs or StorageFull. Before the agency's photos are locked, which others wait
    for: calls at once may each see the last place, so there are at most as many too many as the web
    processes answer at once."""
    most, agency = settings.JOBS_PER_AGENCY, job.agency_id.hex
    asked = ASK.format(", ".join(["%s"] * len(LIVE)))
    with connection.cursor() as cursor:
        cursor.execute(asked, [agency, job.mode, *LIVE, most, agency])
        jobs, kept, gigabytes = cursor.fetchone()
    if jobs >= most:
        raise TooManyJobs(most)
    _check(Room(max(0, int(kept)), bytes_of(gigabytes)), 1)


def check_room(agency: Agency, coming: int) -> None:
    """Raises StorageFull. Uploads at once do not see each other: there may be as many files too
    many as the web processes take at once. Jobs in hand are not asked: what was accepted ends."""
    _check(room_of(agency), coming)


def _check(room: Room, coming: int) -> None:
    if not room.has(coming):
        raise StorageFull(room.most)
