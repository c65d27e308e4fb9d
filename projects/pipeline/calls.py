"""HTTP calls under way. They are made in threads, so that one that hangs keeps nobody waiting; they
are begun and concluded by the thread that has the database."""

import logging
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from typing import Generic, TypeVar

from django.db.models import Model

logger = logging.getLogger(__name__)
Row = TypeVar("Row", bound=Model)
Answer = TypeVar("Answer")


class Calls(Generic[Row, Answer]):
    """`conclude` gets each row with its answer, or None when the call broke."""

    def __init__(self, threads: int, conclude: Callable[[Row, Answer | None], None]) -> None:
        self.threads = threads
        self.conclude = conclude
        self.under_way: dict[Future[Answer], Row] = {}
        self._pool = ThreadPoolExecutor(threads)

    @property
    def free(self) -> int:
        return self.threads - len(self.under_way)

    @property
    def rows(self) -> list[Row]:
        return list(self.under_way.values())

    def begin(self, row: Row, ask: Callable[[], Answer]) -> None:
        self.under_way[self._pool.submit(ask)] = row

    def conclude_done(self) -> int:
        """Take what was answered; returns how many."""
        done = [call for call in self.under_way if call.done()]
        for call in done:
            self._conclude(call, self.under_way.pop(call))
        return len(done)

    def close(self) -> None:
        self._pool.shutdown(wait=False, cancel_futures=True)

    def _conclude(self, call: Future[Answer], row: Row) -> None:
        """What breaks for one row is told, and stops no other: each is due again by its claim."""
        try:
            if error := call.exception():
                logger.error("the call for %s broke", row.pk, exc_info=error)
            self.conclude(row, None if error else call.result())
        except Exception:
            logger.exception("the answer for %s could not be recorded", row.pk)
