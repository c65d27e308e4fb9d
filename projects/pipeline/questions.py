"""The `get`s that a sweep makes: which id is asked for, and who learns what was heard."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from functools import partial
from uuid import UUID

from accounts.querysets import TenantQuerySet
from integrations.doors.clock import database_now
from integrations.iacrea import budgets
from integrations.iacrea.accounts import client_for
from integrations.iacrea.budgets import GETS
from integrations.iacrea.client import JobState
from integrations.iacrea.models import IacreaAccount
from projects import lifecycle
from projects.choices import Status
from projects.models import Generation
from projects.pipeline import due, late, poll
from projects.pipeline.calls import Calls
from projects.pipeline.poll import SPACING, Heard, next_poll

# Of what is being archived only when its links are dead: due.py.
BY_ITS_OWN_ID = frozenset({Status.PROCESSING, Status.ARCHIVING})


class Questions(Calls[Generation, Heard]):
    """One for a row at a time, and one each SPACING: its time is moved before it is asked."""

    def __init__(self, threads: int) -> None:
        super().__init__(threads, hear)
        self._slow: Mapping[UUID, IacreaAccount] = {}

    def due(self, now: datetime) -> TenantQuerySet[Generation]:
        return self._free(due.rows_to_ask(now))

    def due_again(self, now: datetime) -> TenantQuerySet[Generation]:
        return self._free(due.rows_to_look_at_again(now))

    def ask(self, row: Generation, *, now: datetime) -> None:
        """A live row: its own id, or the one of a callback."""
        if now >= due.deadline(row):
            lifecycle.expire(row)
        elif not self._may_ask(row.account_id, now):
            pass  # after a 429: it is due again at the next pass
        elif row.status in BY_ITS_OWN_ID:
            if due.claim(row, next_poll(row.status_since, now), last_polled_at=now):
                self._ask_for(row, row.upstream_id)
        else:
            self._ask_for_candidate(row, now)

    def ask_again(self, row: Generation, *, now: datetime) -> None:
        """A row that has ended."""
        known = late.known_id(row)
        if known is None:
            due.claim_look(row, now + SPACING if late.is_waiting(row) else None)
        elif due.claim_look(row, late.next_look(row, known.since, now), last_polled_at=now):
            known.mark_asked(now)
            self._ask_for(row, known.upstream_id)

    def _ask_for_candidate(self, row: Generation, now: datetime) -> None:
        candidate = late.candidate(row)
        if candidate is None:
            wait = SPACING if late.is_waiting(row) else timedelta(days=1)
            due.claim(row, min(now + wait, due.deadline(row)))
        elif due.claim(
            row, min(next_poll(candidate.since, now), due.deadline(row)), last_polled_at=now
        ):
            candidate.mark_asked(now)
            self._ask_for(row, candidate.upstream_id)

    def _ask_for(self, row: Generation, upstream_id: str) -> None:
        self.begin(row, partial(poll.ask, client_for(row.account), upstream_id))

    def _free(self, rows: TenantQuerySet[Generation]) -> TenantQuerySet[Generation]:
        asked = [row.pk for row in self.rows]
        self._slow, now = budgets.restricted(), database_now()
        full = [account for account in self._slow if not self._may_ask(account, now)]
        return rows.exclude(pk__in=asked).exclude(account_id__in=full)[: self.free]

    def _may_ask(self, account_id: UUID, now: datetime) -> bool:
        """Within what its last 429 left to the account."""
        account = self._slow.get(account_id)
        if account is None:
            return True
        under_way = [row for row in self.rows if row.account_id == account_id]
        return len(under_way) < budgets.allowed(account, GETS, now)


def hear(row: Generation, heard: Heard | None) -> None:
    """What is learned depends on what the row was when it was asked for."""
    state = heard.state if heard else None
    if heard and heard.retry_after:
        budgets.slow_down(row.account_id, GETS, heard.retry_after)
    if state:
        budgets.grow(row.account, GETS)
    if row.status == Status.ARCHIVING:
        poll.learn_links(row, state)  # also no answer: the old links are tried again
    elif heard and state:
        _learn(row, heard.upstream_id, state)


def _learn(row: Generation, upstream_id: str, state: JobState) -> None:
    if row.status == Status.PROCESSING:
        poll.learn(row, state)
    elif row.status == Status.UNCONFIRMED:
        late.learn_of_candidate(row, upstream_id, state)
    else:
        late.learn_of_ended(row, upstream_id, state)
