"""After a backup was restored: what had been sent meanwhile must not be sent again (T20)."""

from datetime import datetime

from django.db.models import Q

from integrations.iacrea.accounts import pause
from integrations.iacrea.models import IacreaAccount
from projects import lifecycle
from projects.choices import Status
from projects.models import Generation

REASON = "restored from a backup"


def pause_dispatch() -> int:
    """First, so that nothing is sent while the rows are moved; returns how many accounts paused."""
    running = list(IacreaAccount.objects.filter(paused_at=None))
    for account in running:
        pause(account, REASON)
    return len(running)


def doubt_restored(since: datetime) -> list[Generation]:
    """Each job that may have been sent after the backup of `since` was taken, the oldest first."""
    rows = Generation.objects.filter(
        Q(status=Status.SUBMITTING) | Q(status=Status.QUEUED, created_at__lte=since)
    )
    jobs = rows.select_related("agency").order_by("created_at")
    return [job for job in jobs if lifecycle.restore(job)]
