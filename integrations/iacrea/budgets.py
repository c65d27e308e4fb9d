"""How much may be asked of iacrea at once with an account. `generate` and `get` have a budget each:
a 429 halves its own and closes it for as long as iacrea said; each answer then lets it grow again,
by one for a whole round of answers, until there is no limit any more."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from django.conf import settings
from django.db.models import F, Q, Value
from django.db.models.functions import Coalesce, Greatest

from integrations.doors.clock import database_now
from integrations.iacrea.models import IacreaAccount

GETS_AT_ONCE = 16


@dataclass(frozen=True)
class Budget:
    """The two columns that it lives in."""

    name: str

    @property
    def at_once(self) -> str:
        return f"{self.name}_at_once"

    @property
    def wait_until(self) -> str:
        return f"{self.name}_wait_until"

    @property
    def most(self) -> int:
        return settings.JOB_WORKERS if self.name == "sends" else GETS_AT_ONCE


SENDS, GETS = Budget("sends"), Budget("gets")


def slow_down(account_id: UUID, budget: Budget, retry_after: int) -> None:
    """A 429. Those that were under way together are one sign, and halve it once."""
    now = database_now()
    until = now + timedelta(seconds=retry_after)
    account = IacreaAccount.objects.filter(pk=account_id)
    half = Greatest(Value(1.0), Coalesce(F(budget.at_once), Value(float(budget.most))) / 2)
    is_open = Q(**{budget.wait_until: None}) | Q(**{f"{budget.wait_until}__lte": now})
    if not account.filter(is_open).update(**{budget.at_once: half, budget.wait_until: until}):
        later = account.filter(**{f"{budget.wait_until}__lt": until})
        later.update(**{budget.wait_until: until})


def grow(account: IacreaAccount, budget: Budget) -> None:
    """An answer that is no 429."""
    if getattr(account, budget.at_once) is None:
        return  # the usual case costs no query
    row = IacreaAccount.objects.filter(pk=account.pk, **{f"{budget.at_once}__isnull": False})
    row.update(**{budget.at_once: F(budget.at_once) + Value(1.0) / F(budget.at_once)})
    row.filter(**{f"{budget.at_once}__gte": budget.most}).update(**{budget.at_once: None})


def allowed(account: IacreaAccount, budget: Budget, now: datetime) -> int:
    """How many calls may be under way, by the row as it was read."""
    waits: datetime | None = getattr(account, budget.wait_until)
    if waits and waits > now:
        return 0
    limit: float | None = getattr(account, budget.at_once)
    return budget.most if limit is None else int(limit)


def sends_allowed(account: IacreaAccount, now: datetime) -> int:
    """As allowed(), with what else stands in the way: a pause, or the circuit breaker."""
    if account.paused_at or (account.tripped_until and account.tripped_until > now):
        return 0
    most = allowed(account, SENDS, now)
    return min(most, 1) if account.tripped_until else most  # 1: the trial


def restricted() -> Mapping[UUID, IacreaAccount]:
    """The accounts with which less than usual may be done; the key is not opened."""
    free = Q(
        paused_at=None, tripped_until=None, sends_at_once=None, sends_wait_until=None,
        gets_at_once=None, gets_wait_until=None,
    )  # fmt: skip
    return IacreaAccount.objects.exclude(free).defer("api_key").in_bulk()
