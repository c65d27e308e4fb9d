"""A paused account is looked at again by itself, at growing intervals: its Credits cost nothing."""

from datetime import timedelta

from django.db.models import F, Q, QuerySet

from integrations.doors.clock import database_now
from integrations.iacrea import credits, errors
from integrations.iacrea.accounts import PAUSED_BY_STAFF, PROBE_MINUTES, resume
from integrations.iacrea.client import Credit, IacreaClient
from integrations.iacrea.models import IacreaAccount

# The reason of a pause that only people end (connections.py).
PAUSED_BY_PEOPLE = "paused by the agency"
ENDED_BY_PEOPLE = (PAUSED_BY_PEOPLE, PAUSED_BY_STAFF)


def due_probes() -> QuerySet[IacreaAccount]:
    """The key is opened for one account at a time: one that cannot be stops no other."""
    due = Q(probe_at=None) | Q(probe_at__lte=database_now())
    rows = IacreaAccount.objects.filter(due).exclude(paused_at=None)
    return rows.exclude(pause_reason__in=ENDED_BY_PEOPLE).defer("api_key")


def claim(account: IacreaAccount) -> bool:
    """For one sweeper; the next look is then later than this one was."""
    minutes = PROBE_MINUTES[min(account.probes + 1, len(PROBE_MINUTES) - 1)]
    mine = IacreaAccount.objects.filter(pk=account.pk, probe_at=account.probe_at)
    later = database_now() + timedelta(minutes=minutes)
    return bool(mine.update(probe_at=later, probes=F("probes") + 1))


def ask(client: IacreaClient) -> Credit | None:
    """HTTP only, for a thread. None: nothing was learned, and the account stays paused."""
    try:
        return client.credit()
    except errors.IacreaError:
        return None


def conclude(account: IacreaAccount, credit: Credit | None) -> None:
    """With no photo left iacrea would only refuse the next job."""
    if credit:
        credits.saw(account, credit.total)
    if credit and credit.total > 0:
        resume(account)
