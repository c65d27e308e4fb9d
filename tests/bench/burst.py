"""What others wait while one agency drops thousands of jobs, in simulated time.

The product's own rule (projects/pipeline/fair.py) chooses. The law: 40 slots; a job is at iacrea as
law.py says; three workers, each busy with a send for a second; twenty other agencies that ask for a
picture now and then, together a quarter of what the slots can do.
"""

import heapq
import random
from collections import defaultdict, deque
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from itertools import count
from uuid import UUID

from django.conf import settings

from projects.pipeline.fair import Line, Load, Waiting, share
from tests.bench.bench import Bench
from tests.bench.law import MEAN_S, job_seconds
from tests.bench.report import Row
from tests.bench.rounds import percentile

SEED = 7
SEND_S = 1.0
OTHERS = 20
LOAD = 0.25
GOAL_S = 15
START = datetime(2026, 1, 1, tzinfo=UTC)
BIG, NOBODY = UUID(int=0), UUID(int=10**6)


class Fair:
    """The line of the product."""

    def __init__(self, slots: int) -> None:
        self._line = Line(slots, share(slots), defaultdict[UUID, Load](Load))

    def join(self, job: Waiting) -> None:
        self._line.join([job])

    def next(self, now: datetime) -> Waiting | None:
        return self._line.next(now, lambda _job: True)

    def end(self, job: Waiting) -> None:
        self._line.loads[job.agency_id].count -= 1


class FirstCome:
    """The control, which must fail."""

    def __init__(self, slots: int) -> None:
        self._free = slots
        self._queue: deque[Waiting] = deque()

    def join(self, job: Waiting) -> None:
        self._queue.append(job)

    def next(self, now: datetime) -> Waiting | None:
        if not self._free or not self._queue:
            return None
        self._free -= 1
        return self._queue.popleft()

    def end(self, job: Waiting) -> None:
        self._free += 1


@dataclass
class Simulation:
    rule: Fair | FirstCome
    chance: random.Random
    workers: int
    waits: list[float] = field(default_factory=list)  # of the others, in seconds
    events: list[tuple[float, int, Callable[[float], None]]] = field(default_factory=list)
    order: Iterator[int] = field(default_factory=count)

    def at(self, second: float, happens: Callable[[float], None]) -> None:
        heapq.heappush(self.events, (second, next(self.order), happens))

    def run(self) -> list[float]:
        while self.events:
            now, _order, happens = heapq.heappop(self.events)
            happens(now)
            self._serve(now)
        return self.waits

    def arrive(self, agency: UUID) -> Callable[[float], None]:
        def happens(now: float) -> None:
            self.rule.join(Waiting(UUID(int=next(self.order)), agency, NOBODY, _moment(now)))

        return happens

    def _serve(self, now: float) -> None:
        while self.workers and (job := self.rule.next(_moment(now))):
            self.workers -= 1
            if job.agency_id != BIG:
                self.waits.append(now - (job.since - START).total_seconds())
            self.at(now + SEND_S, self._sent)
            self.at(now + SEND_S + job_seconds(self.chance), self._ended(job))

    def _sent(self, now: float) -> None:
        self.workers += 1

    def _ended(self, job: Waiting) -> Callable[[float], None]:
        return lambda now: self.rule.end(job)


def measure(bench: Bench) -> Iterator[Row]:
    size = bench.size.burst
    ours, theirs = waits(Fair, size), waits(FirstCome, size)
    p99 = percentile(ours, 99)
    yield Row(
        f"others' p99 wait in a burst of {size} (simulated)",
        f"{p99:.1f} s, at most {max(ours):.1f} s",
        f"{percentile(theirs, 99):.0f} s, first come, first served",
        goal=f"≤ {GOAL_S} s",
        met=p99 <= GOAL_S,
    )


def waits(rule: type[Fair] | type[FirstCome], burst: int) -> list[float]:
    """The same arrivals for both rules: until the slots could have done all of the burst."""
    slots, chance = settings.DISPATCH_SLOTS, random.Random(SEED)
    simulation = Simulation(rule(slots), random.Random(SEED), settings.JOB_WORKERS)
    for _ in range(burst):
        simulation.at(0, simulation.arrive(BIG))
    rate, now = LOAD * slots / MEAN_S, 0.0
    while now < burst * MEAN_S / slots:
        now += chance.expovariate(rate)
        simulation.at(now, simulation.arrive(UUID(int=chance.randint(1, OTHERS))))
    return simulation.run()


def _moment(second: float) -> datetime:
    return START + timedelta(seconds=second)
