"""The author of a picture has left its page: that it has ended is told to them, once.

Two lines of the job's story decide. `seen`: its author was shown the project's page after its end.
`mailed`: they were told, in the transaction of accounts/notifications.py that sends the mail, if
they want one.
"""

from collections.abc import Iterable
from datetime import datetime, timedelta
from uuid import UUID

from django.db import transaction
from django.db.models import Exists, OuterRef
from django.utils import timezone

from accounts.choices import NotificationKind
from accounts.models import Membership
from accounts.notifications import notify
from integrations.doors import queue
from projects.choices import TERMINAL, Source, Status
from projects.models import Generation, GenerationEvent

SEEN, MAILED = "seen", "mailed"
ENDS = [status.lower() for status in TERMINAL]
# An open page shows an end within seconds, one in the background within twenty.
PATIENCE = timedelta(minutes=2)
# What is older is no news any more: after an hour without workers nobody wants all of them.
STALE = timedelta(hours=1)
RECENT_EVENTS = 5000


def mark_seen(reader: Membership, shown: Iterable[Generation]) -> None:
    """What just ended, on a page that its author looks at. Nothing is asked of the database for
    what ended long ago."""
    since = timezone.now() - STALE
    fresh = [job.pk for job in shown if job.author_id == reader.pk and _ended_after(job, since)]
    if fresh:
        marked = GenerationEvent.objects.filter(generation__in=fresh, kind=SEEN)
        new = set(fresh) - set(marked.values_list("generation_id", flat=True))
        GenerationEvent.objects.bulk_create(
            GenerationEvent(generation_id=pk, kind=SEEN) for pk in new
        )


def tell_who_left() -> None:
    """Once a minute. A hint that is lost is given again a minute later, one that comes twice finds
    the mail taken."""
    for generation_id in _unseen():
        queue.enqueue("projects.tasks.mail_author", str(generation_id))


def tell_author(job: Generation) -> None:
    if job.author and job.author.user.is_active and not _is_gone(job):
        _tell(job.author, job)


def is_news(generation_id: UUID) -> bool:
    """Until its author has seen it, or it is in the bin."""
    job = Generation.objects.select_related("project").filter(pk=generation_id).first()
    seen = GenerationEvent.objects.filter(generation_id=generation_id, kind=SEEN)
    return job is not None and not _is_gone(job) and not seen.exists()


@transaction.atomic
def _tell(author: Membership, job: Generation) -> None:
    Generation.objects.select_for_update().get(pk=job.pk)  # the second sees the first
    told = GenerationEvent.objects.filter(generation_id=job.pk, kind__in=[SEEN, MAILED])
    if not told.exists():
        GenerationEvent.objects.create(generation_id=job.pk, kind=MAILED)
        ready = job.status == Status.SUCCEEDED
        kind = NotificationKind.READY if ready else NotificationKind.FAILED
        notify(author, kind, _facts(job))


def _unseen() -> list[UUID]:
    """Jobs of pages that ended some minutes ago, by the newest lines of all stories: of these the
    database need not read more than it must."""
    now = timezone.now()
    newest = GenerationEvent.objects.order_by("-pk").values_list("pk", flat=True).first() or 0
    told = GenerationEvent.objects.filter(
        generation=OuterRef("generation"), kind__in=[SEEN, MAILED]
    )
    ends = GenerationEvent.objects.filter(
        ~Exists(told), pk__gt=newest - RECENT_EVENTS, kind__in=ENDS,
        created_at__range=(now - STALE, now - PATIENCE), generation__source=Source.DASHBOARD,
    )  # fmt: skip
    return list(ends.values_list("generation_id", flat=True))


def _ended_after(job: Generation, since: datetime) -> bool:
    return job.source == Source.DASHBOARD and bool(job.ended_at and job.ended_at > since)


def _is_gone(job: Generation) -> bool:
    return bool(job.erased_at or job.removed_at or job.project.removed_at)


def _facts(job: Generation) -> dict[str, str]:
    return {
        "project_id": str(job.project_id),
        "project": job.project.title,
        "generation_id": str(job.pk),
        "room_type": job.room_type,
        "failure_code": job.failure_code,
        "failure_detail": job.failure_detail,
        "photos": str(job.price),
    }
