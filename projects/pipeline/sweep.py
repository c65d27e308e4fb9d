"""One pass after another over everything that is due. Idempotent: each row is claimed by moving a
time of it, and what breaks for one row does not stop the others."""

import logging
import time
from collections.abc import Callable, Iterable
from concurrent.futures import FIRST_COMPLETED, Future, wait
from datetime import datetime, timedelta
from functools import partial
from typing import Any, TypeVar

from django.db import close_old_connections
from django.db.models import Model

from integrations.doors.clock import database_now
from integrations.iacrea.accounts import client_for, paused_accounts
from integrations.iacrea.client import JobState
from integrations.webhooks import deliveries
from integrations.webhooks.models import Delivery
from projects import lifecycle, sweeper
from projects.models import Generation
from projects.pipeline import dispatch, due
from projects.pipeline.calls import Calls
from projects.pipeline.poll import ask, learn, next_poll

logger = logging.getLogger(__name__)
Row = TypeVar("Row", bound=Model)
# Below django-q2's `timeout` (150 s) with room for the calls that are then under way.
TERM_S = 50
IDLE_S = 0.5
BATCH = 100
# For each kind of call: receivers that hang do not hold up the polls.
THREADS = 16
# A row that cannot be handled must not be in front of the others at each pass.
SET_ASIDE = timedelta(minutes=1)


def run_term() -> None:
    """Sweep for one term, then hand over. Returns at once while another sweeps."""
    holder = sweeper.acquire()
    if holder is None:
        return
    sweep = Sweep()
    end = time.monotonic() + TERM_S
    while sweeper.renew(holder) and time.monotonic() < end:
        if not _pass(sweep):
            sweep.rest()
    # The hand-over comes first, so that a call that hangs does not delay the next term.
    sweeper.hand_over(holder)
    sweep.finish()


def _pass(sweep: "Sweep") -> int:
    try:
        return sweep.once()
    except Exception:
        logger.exception("a pass of the sweep failed; the next is tried")
        close_old_connections()  # a database that restarted is connected again
        return 0


class Sweep:
    """The passes of one term, and the calls that they began."""

    def __init__(self) -> None:
        self.polls: Calls[Generation, JobState | None] = Calls(THREADS, learn)
        self.posts: Calls[Delivery, deliveries.Outcome] = Calls(THREADS, deliveries.finish)

    def once(self) -> int:
        """Work on what is due and take what was answered; returns how much there was."""
        now = database_now()
        return (
            self._move(now)
            + self._poll(now)
            + self._post()
            + self.polls.conclude_done()
            + self.posts.conclude_done()
        )

    def rest(self) -> None:
        """Until a call is answered, or for IDLE_S."""
        calls: list[Future[Any]] = [*self.polls.under_way, *self.posts.under_way]
        if calls:
            wait(calls, IDLE_S, FIRST_COMPLETED)
        else:
            time.sleep(IDLE_S)

    def finish(self) -> None:
        """Conclude what is under way, which its own timeouts bound; begin nothing."""
        while self.polls.under_way or self.posts.under_way:
            if not self.polls.conclude_done() + self.posts.conclude_done():
                self.rest()
        self.polls.close()
        self.posts.close()

    def _move(self, now: datetime) -> int:
        paused, full = paused_accounts(), dispatch.is_full()

        def move(row: Generation) -> None:
            due.move(row, now=now, may_hint=not full and row.account_id not in paused)

        return _each(due.rows_to_move(now)[:BATCH], move, _set_aside)

    def _poll(self, now: datetime) -> int:
        asked = [row.pk for row in self.polls.rows]
        rows = due.rows_to_poll(now).exclude(pk__in=asked)[: self.polls.free]
        return _each(rows, partial(self._begin_poll, now=now), _set_aside)

    def _begin_poll(self, row: Generation, *, now: datetime) -> None:
        if now >= due.deadline(row):
            lifecycle.expire(row)
            return
        client = client_for(row.account)
        if due.claim(row, next_poll(row.status_since, now), last_polled_at=now):
            self.polls.begin(row, partial(ask, client, row.upstream_id))

    def _post(self) -> int:
        return _each(deliveries.due_deliveries(self.posts.free), self._begin_post, _leave)

    def _begin_post(self, row: Delivery) -> None:
        if deliveries.claim(row):
            self.posts.begin(row, partial(deliveries.send, row, row.agency.webhook_secret))


def _each(rows: Iterable[Row], work: Callable[[Row], None], leave: Callable[[Row], None]) -> int:
    """`work` on each row; one that cannot be handled is told loudly and left for later."""
    found = list(rows)
    for row in found:
        try:
            work(row)
        except Exception:
            logger.exception("the sweep cannot handle %s %s", type(row).__name__, row.pk)
            leave(row)
    return len(found)


def _set_aside(row: Generation) -> None:
    due.claim(row, database_now() + SET_ASIDE)


def _leave(_row: Delivery) -> None:
    """It was claimed, so that it is due again by itself, later."""
