"""The circuit breaker of an iacrea account: three unclear endings in a minute, and nothing more is
sent with it for a while; then one send is let through, and its ending decides.

For each account and not for each upstream: a photo at which iacrea stumbles must stop the agency
that sends it, not its neighbours. An outage costs three unclear jobs for each account instead of
three in all, and their photos come back.

`tripped_until` is compared and set: however many workers there are, one wins the trial.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import transaction

from integrations.doors.alerts import alert
from integrations.doors.clock import database_now
from integrations.iacrea.models import IacreaAccount

LIMIT = 3
WITHIN_S = 60
PAUSE = timedelta(seconds=30)
# Longer than a send may last: a trial whose worker died is followed by another.
TRIAL = timedelta(seconds=180)


@dataclass(frozen=True)
class Admission:
    """Leave to send. `trial` is the value of `tripped_until` that stands for this trial."""

    trial: datetime | None = None


def admit(account: IacreaAccount) -> Admission | None:
    """None: nothing may be sent with it now."""
    seen, now = account.tripped_until, database_now()
    if seen is None:
        return Admission()
    if seen > now:
        return None
    trial = now + TRIAL
    return Admission(trial) if _swap(account, seen, trial) else None


def answered(account: IacreaAccount, admission: Admission) -> None:
    """iacrea said something that it means: a trial closes the breaker."""
    if admission.trial:
        _swap(account, admission.trial, None)


def told_nothing(account: IacreaAccount, admission: Admission) -> None:
    """Not sent at all: the next trial is made a while later."""
    if admission.trial:
        _swap(account, admission.trial, database_now() + PAUSE)


def unclear(account: IacreaAccount, admission: Admission) -> None:
    """Trip at the third in a minute, and again after each trial that ends so."""
    until = database_now() + PAUSE
    trial = admission.trial
    if _swap(account, trial, until) if trial else _count(account, until):
        alert("breaker_tripped", account=account.pk)


@transaction.atomic
def _count(account: IacreaAccount, until: datetime) -> bool:
    row = IacreaAccount.objects.defer("api_key").select_for_update().get(pk=account.pk)
    now = database_now().timestamp()
    row.unclear_at = [*(at for at in row.unclear_at if now - at < WITHIN_S), now][-LIMIT:]
    trips = len(row.unclear_at) == LIMIT and row.tripped_until is None
    if trips:
        row.tripped_until, row.unclear_at = until, []
    row.save(update_fields=["unclear_at", "tripped_until"])
    return trips


def _swap(account: IacreaAccount, seen: datetime, value: datetime | None) -> bool:
    rows = IacreaAccount.objects.filter(pk=account.pk, tripped_until=seen)
    return bool(rows.update(tripped_until=value))
