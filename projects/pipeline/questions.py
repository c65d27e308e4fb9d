"""The `get`s that a sweep makes: which id is asked for, and who learns what was heard."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping
from concurrent.futures import CancelledError
from dataclasses import replace
from datetime import datetime, timedelta
from functools import partial
from math import inf
from threading import Event
from time import monotonic
from uuid import UUID

from accounts.querysets import TenantQuerySet
from integrations.doors.clock import database_now
from integrations.iacrea import budgets
from integrations.iacrea.accounts import client_for, openable
from integrations.iacrea.budgets import GETS
from integrations.iacrea.client import IacreaClient, JobState
from integrations.iacrea.models import IacreaAccount
from projects import lifecycle
from projects.choices import TERMINAL, Status
from projects.models import Generation
from projects.pipeline import due, late, poll
from projects.pipeline.calls import Calls
from projects.pipeline.poll import SPACING, Heard, next_poll

# Of what is being archived only when its links are dead: due.py.
BY_ITS_OWN_ID = frozenset({Status.PROCESSING, Status.ARCHIVING})
# What a claim allows for the wait for a thread: SPACING is between two gets, not two claims.
WAIT = timedelta(seconds=1)


class Questions(Calls[Generation, Heard]):
    """One for a row at a time, and one each SPACING: its time is moved before it is asked.

    Many are claimed at once, and wait for a thread: what a claim and a pass of the sweep cost is
    then shared by all of them.
    """

    def __init__(self, threads: int, *, ahead: int) -> None:
        super().__init__(threads, self.hear, ahead=ahead)
        self._slow: Mapping[UUID, IacreaAccount] = {}
        # By account: set by the thread that hears a 429, for the calls that wait.
        self._refused: defaultdict[UUID, Event] = defaultdict(Event)

    def take_due(self, now: datetime) -> list[Generation]:
        """Live rows: those that have an id of their own are claimed, all of them at once."""
        self._slow = budgets.restricted()
        rows = list(self._within_budgets(self._free(due.rows_to_ask(now), now), now))
        polled = [row for row in rows if _is_polled(row, now)]
        others = [row for row in rows if not _is_polled(row, now)]
        return self._claimed(polled, now) + others

    def due_again(self, now: datetime) -> TenantQuerySet[Generation]:
        """Rows that have ended."""
        return self._free(due.rows_to_look_at_again(now), now)

    def ask(self, row: Generation, *, now: datetime) -> None:
        """A live row: its own id, or the one of a callback."""
        if now >= due.deadline(row):
            lifecycle.expire(row)
        elif row.status in BY_ITS_OWN_ID:
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

    def hear(self, row: Generation, heard: Heard | None) -> None:
        """What is learned depends on what the row was when it was asked for."""
        state = heard.state if heard else None
        if heard and heard.retry_after:
            self._slow_down(row.account_id, heard.retry_after)
        if heard and heard.waited > WAIT.total_seconds():
            now = database_now()
            due.put_off(row, now + SPACING, last_polled_at=now)
        if state:
            budgets.grow(row.account, GETS)
        if row.status == Status.ARCHIVING:
            poll.learn_links(row, state)  # also no answer: the old links are tried again
        elif heard and state:
            _learn(row, heard.upstream_id, state)

    def give_back(self, row: Generation) -> None:
        """It was claimed, and not asked for: it is due."""
        if row.status in TERMINAL:
            due.claim_look(row, database_now())
        else:
            due.claim(row, database_now())

    def _claimed(self, rows: list[Generation], now: datetime) -> list[Generation]:
        some_wait = len(self.under_way) + len(rows) > self.threads
        asked = now + WAIT if some_wait else now
        times = {row: next_poll(row.status_since, asked) for row in rows}
        mine = due.claim_all(times, last_polled_at=asked) if times else []
        accounts = openable({row.account_id for row in mine})
        for row in mine:
            if account := accounts.get(row.account_id):
                row.account = account
        return mine

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
        refused, client = self._refused[row.account_id], client_for(row.account)
        self.begin(row, partial(_ask_unless, refused, monotonic(), client, upstream_id))

    def _slow_down(self, account_id: UUID, retry_after: int) -> None:
        """Once the budget says so, those that are claimed from now on may ask within it."""
        try:
            budgets.slow_down(account_id, GETS, retry_after)
        finally:
            self._refused.pop(account_id, None)

    def _free(self, rows: TenantQuerySet[Generation], now: datetime) -> TenantQuerySet[Generation]:
        """As many as there is room for, and none of an account that may ask nothing now."""
        asked = [row.pk for row in self.rows]
        counts = self._asked()
        full = [pk for pk in self._slow if counts[pk] >= self._allowed(pk, now)]
        return rows.exclude(pk__in=asked).exclude(account_id__in=full)[: self.free]

    def _within_budgets(self, rows: Iterable[Generation], now: datetime) -> Iterator[Generation]:
        """A row that is left out is due again at the next pass."""
        counts = self._asked()
        for row in rows:
            if counts[row.account_id] < self._allowed(row.account_id, now):
                counts[row.account_id] += 1
                yield row

    def _asked(self) -> Counter[UUID]:
        """How many are under way, by account."""
        return Counter(row.account_id for row in self.rows)

    def _allowed(self, account_id: UUID, now: datetime) -> float:
        """What its last 429 left to the account."""
        account = self._slow.get(account_id)
        return inf if account is None else budgets.allowed(account, GETS, now)


def _is_polled(row: Generation, now: datetime) -> bool:
    return row.status in BY_ITS_OWN_ID and now < due.deadline(row)


def _ask_unless(refused: Event, begun: float, client: IacreaClient, upstream_id: str) -> Heard:
    """In a thread. Those that waited when a 429 came are not asked: as if never begun."""
    if refused.is_set():
        raise CancelledError
    waited = monotonic() - begun
    heard = poll.ask(client, upstream_id)
    if heard.retry_after:
        refused.set()
    return replace(heard, waited=waited)


def _learn(row: Generation, upstream_id: str, state: JobState) -> None:
    if row.status == Status.PROCESSING:
        poll.learn(row, state)
    elif row.status == Status.UNCONFIRMED:
        late.learn_of_candidate(row, upstream_id, state)
    else:
        late.learn_of_ended(row, upstream_id, state)
