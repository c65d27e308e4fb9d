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
from integrations.doors.request_id import named
from integrations.iacrea import probes
from integrations.iacrea.accounts import client_for
from integrations.iacrea.client import Credit
from integrations.iacrea.models import IacreaAccount
from integrations.webhooks import deliveries
from integrations.webhooks.models import Delivery
from projects import sweeper
from projects.models import Generation
from projects.pipeline import dispatch, due, rings
from projects.pipeline.calls import Calls
from projects.pipeline.names import with_names
from projects.pipeline.questions import Questions

logger = logging.getLogger(__name__)
Row = TypeVar("Row", bound=Model)
# Below django-q2's `timeout` (150 s) with room for the calls that are then under way.
TERM_S = 50
IDLE_S = 0.5
BATCH = 100
# For each kind of call: receivers that hang do not hold up the polls, nor each other (lanes.py).
THREADS = 16
POSTS = 32
PROBES = 4
# Polls that are claimed before there is a thread for them. While some wait for one a pass makes
# only polls, for so long.
AHEAD = 7 * THREADS
POLLS_S = 0.5
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
        self.polls = Questions(THREADS, ahead=AHEAD)
        self.posts: Calls[Delivery, deliveries.Outcome] = Calls(POSTS, deliveries.finish)
        self.probes: Calls[IacreaAccount, Credit | None] = Calls(PROBES, probes.conclude)
        self.broken_rings: set[int] = set()  # attempts; the next term tries them again

    def once(self) -> int:
        """Work on what is due and take what was answered; returns how much there was."""
        rung = self._answer_rings()
        now = database_now()  # later than what a ring has made due
        begun = self._move(now) + self._poll(now) + self._post() + self._probe()
        return rung + begun + self._poll_on() + self._conclude_done()

    def rest(self) -> None:
        """Until a call is answered, or for IDLE_S."""
        if calls := self._under_way():
            wait(calls, IDLE_S, FIRST_COMPLETED)
        else:
            time.sleep(IDLE_S)

    def finish(self) -> None:
        """Conclude what is under way, which its own timeouts bound; begin nothing."""
        self.polls.cancel_waiting()
        while self._under_way():
            if not self._conclude_done():
                self.rest()
        for calls in (self.polls, self.posts, self.probes):
            calls.close()

    def _under_way(self) -> list[Future[Any]]:
        return [*self.polls.under_way, *self.posts.under_way, *self.probes.under_way]

    def _conclude_done(self) -> int:
        return sum(c.conclude_done() for c in (self.polls, self.posts, self.probes))

    def _answer_rings(self) -> int:
        rung = rings.rung_attempts(self.broken_rings)[:BATCH]
        return _each(rung, rings.answer, lambda attempt: self.broken_rings.add(attempt.pk))

    def _move(self, now: datetime) -> int:
        moved = _each(due.rows_to_move(now)[:BATCH], partial(due.move, now=now), _set_aside)
        return moved + dispatch.hand_out()

    def _poll(self, now: datetime) -> int:
        asked = self._ask(now)
        late = self.polls.due_again(now)
        return asked + _each(late, partial(self.polls.ask_again, now=now), _look_aside)

    def _poll_on(self) -> int:
        """While they are many: all else that a pass does costs as much as a dozen of them."""
        end, found = time.monotonic() + POLLS_S, 0
        while self.polls.has_waiting and (left := end - time.monotonic()) > 0:
            self.polls.work_off(left)
            found += self.polls.conclude_done() + self._ask(database_now())
        return found

    def _ask(self, now: datetime) -> int:
        return _each(self.polls.take_due(now), partial(self.polls.ask, now=now), _set_aside)

    def _post(self) -> int:
        due = deliveries.due_deliveries(self.posts.free, self.posts.rows)
        return _each(due, self._begin_post, deliveries.set_aside)

    def _begin_post(self, row: Delivery) -> None:
        secrets = deliveries.secrets_for(row)
        if not secrets:
            deliveries.end_unsent(row)
        elif deliveries.claim(row):
            self.posts.begin(row, partial(deliveries.send, row, *secrets))

    def _probe(self) -> int:
        return _each(probes.due_probes()[: self.probes.free], self._begin_probe, probes.claim)

    def _begin_probe(self, row: IacreaAccount) -> None:
        if probes.claim(row):
            self.probes.begin(row, partial(probes.ask, client_for(row)))


def _each(rows: Iterable[Row], work: Callable[[Row], None], leave: Callable[[Row], Any]) -> int:
    """`work` on each row; one that cannot be handled is told loudly and left for later."""
    found = list(with_names(rows))
    for row, name in found:
        with named(name):
            _try(row, work, leave)
    return len(found)


def _try(row: Row, work: Callable[[Row], None], leave: Callable[[Row], Any]) -> None:
    try:
        work(row)
    except Exception:
        logger.exception("the sweep cannot handle %s %s", type(row).__name__, row.pk)
        leave(row)


def _set_aside(row: Generation) -> None:
    due.claim(row, database_now() + SET_ASIDE)


def _look_aside(row: Generation) -> None:
    due.claim_look(row, database_now() + SET_ASIDE)
