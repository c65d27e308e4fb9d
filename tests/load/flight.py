"""So many jobs in flight at once: accepted, sent, kept by iacrea; then all end, and the books are
compared."""

import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from tests.load.product import Asker, Product, Rows

SAMPLE_S = 2.0
# All in flight, and nothing happens but polls.
HOLD_S = 60.0
# No job was sent, or ended, for so long.
STUCK_S = 180.0
COUNTS = """
SELECT count(*), count(*) FILTER (WHERE status = 'PROCESSING'),
       count(*) FILTER (WHERE status = 'SUCCEEDED'),
       coalesce(extract(epoch FROM max(now() - due_at) FILTER (
           WHERE status = 'PROCESSING' AND due_at < now())), 0)
FROM projects_generation WHERE agency_id = %s
"""
TOLD = """
SELECT count(*) FILTER (WHERE kind = 'hold'), count(*) FILTER (WHERE kind = 'capture'),
       count(*) FILTER (WHERE kind = 'release')
FROM accounts_ledgerentry WHERE agency_id = %s AND generation_id IS NOT NULL
"""
PICTURES = """
SELECT count(DISTINCT generation_id) FROM projects_picture
JOIN projects_generation AS job ON job.id = generation_id WHERE job.agency_id = %s
"""


@dataclass(frozen=True)
class Sample:
    """A line of the table; memory is RSS of a process and all below it."""

    seconds: float
    accepted: int
    in_flight: int
    succeeded: int
    web_mb: float
    worker_mb: float
    poll_late_s: float


class Flight:
    def __init__(self, running: Product, jobs: int, hold_s: float = HOLD_S) -> None:
        self._running, self._jobs, self._hold_s = running, jobs, hold_s
        self._asker, self._rows = Asker(running), Rows(running)
        self._began = time.monotonic()

    def fly(self) -> Iterator[Sample]:
        self._running.tell("hold")
        posting = self._asker.start(self._jobs)
        yield from self._until(lambda sample: sample.in_flight >= self._jobs)
        posting.join()
        end = time.monotonic() + self._hold_s
        yield from self._until(lambda _sample: time.monotonic() >= end)
        self._running.tell("let_go")
        yield from self._until(lambda sample: sample.succeeded >= self._jobs)

    def broken(self, taken_before: int) -> list[str]:
        """What was lost or doubled, by the rows and by what reached the upstream."""
        book = self._running.tell("book")
        held, captured, released = self._rows.one(TOLD, self._asker.agency_id)
        found = {
            "jobs": self._rows.one(COUNTS, self._asker.agency_id)[0],
            "holds": held,
            "captures": captured,
            "jobs with a picture": self._rows.one(PICTURES, self._asker.agency_id)[0],
            "submits": book["taken"] - taken_before,
        }
        wrong = [f"{found[name]} {name}, not {self._jobs}" for name in found
                 if found[name] != self._jobs]  # fmt: skip
        wrong += [f"{released} releases"] if released else []
        wrong += [f"{book['twice']} were sent twice"] if book["twice"] else []
        audit = self._running.manage("audit_ledger")
        return wrong + ([] if "0 differences" in audit else [audit])

    def _until(self, done: Callable[[Sample], bool]) -> Iterator[Sample]:
        """Samples, until one is as wished; stuck is who stands still for long."""
        moved, last = time.monotonic(), (-1, -1, -1)
        while True:
            sample = self._sample()
            yield sample
            if done(sample):
                return
            where = (sample.accepted, sample.in_flight, sample.succeeded)
            moved, last = (moved, last) if where == last else (time.monotonic(), where)
            assert time.monotonic() - moved < STUCK_S, f"{sample}\n{self._running.logs()}"
            time.sleep(SAMPLE_S)

    def _sample(self) -> Sample:
        accepted, in_flight, succeeded, late = self._rows.one(COUNTS, self._asker.agency_id)
        return Sample(
            time.monotonic() - self._began, accepted, in_flight, succeeded,
            self._running.megabytes("web"), self._running.megabytes("worker"), float(late),
        )  # fmt: skip
