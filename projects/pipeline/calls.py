"""HTTP calls under way. They are made in threads, so that one that hangs keeps nobody waiting; they
are begun and concluded by the thread that has the database."""

import logging
from collections.abc import Callable
from concurrent.futures import CancelledError, Future, ThreadPoolExecutor, wait
from typing import Any, Generic, TypeVar

from django.db.models import Model

from integrations.doors.request_id import current, named

logger = logging.getLogger(__name__)
Row = TypeVar("Row", bound=Model)
Answer = TypeVar("Answer")


class Calls(Generic[Row, Answer]):
    """`conclude` gets each row with its answer, or None when the call broke. Up to `ahead` calls
    may wait for a thread; a subclass that has some says what becomes of one that is cancelled."""

    def __init__(
        self, threads: int, conclude: Callable[[Row, Answer | None], None], *, ahead: int = 0
    ) -> None:
        self.threads = threads
        self.most = threads + ahead
        self.conclude = conclude
        self.under_way: dict[Future[Answer], Row] = {}
        self._names: dict[Future[Answer], str] = {}  # of the agencies' calls that asked for them
        self._pool = ThreadPoolExecutor(threads)

    @property
    def free(self) -> int:
        return self.most - len(self.under_way)

    @property
    def has_waiting(self) -> bool:
        """For a thread."""
        return len(self.under_way) > self.threads

    @property
    def rows(self) -> list[Row]:
        return list(self.under_way.values())

    def begin(self, row: Row, ask: Callable[[], Answer]) -> None:
        name = current.get()
        call = self._pool.submit(_as, name, ask)
        self.under_way[call], self._names[call] = row, name

    def work_off(self, seconds: float) -> None:
        """Wait until half of them are made, or as many as can be in this time."""
        calls = list(self.under_way)
        wait(calls[: len(calls) // 2], seconds)

    def conclude_done(self) -> int:
        """Take what was answered; returns how many."""
        done = [call for call in self.under_way if call.done()]
        for call in done:
            with named(self._names.pop(call)):
                self._conclude(call, self.under_way.pop(call))
        return len(done)

    def cancel_waiting(self) -> None:
        """Of those that no thread has begun; they are concluded like the others."""
        # Not of the first: there is a thread for each, which may not have looked yet.
        for call in list(self.under_way)[self.threads :]:
            call.cancel()

    def close(self) -> None:
        self._pool.shutdown(wait=False, cancel_futures=True)

    def give_back(self, row: Row) -> None:
        """Its call was not made."""

    def _conclude(self, call: Future[Answer], row: Row) -> None:
        """What breaks for one row is told, and stops no other: each is due again by its claim."""
        try:
            if _was_cancelled(call):
                self.give_back(row)
                return
            if error := call.exception():
                logger.error("the call for %s broke", row.pk, exc_info=error)
            self.conclude(row, None if error else call.result())
        except Exception:
            logger.exception("the answer for %s could not be recorded", row.pk)


def _as(name: str, ask: Callable[[], Answer]) -> Answer:
    """A thread does not know what the one that began it was about."""
    with named(name):
        return ask()


def _was_cancelled(call: Future[Any]) -> bool:
    """From outside, or by itself."""
    return call.cancelled() or isinstance(call.exception(), CancelledError)
