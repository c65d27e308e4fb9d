"""Whose turn it is. Arithmetic only: the rows are read and written in dispatch.py."""

from collections import defaultdict, deque
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from uuid import UUID

NEVER = datetime.min.replace(tzinfo=UTC)
# Of the slots, while others wait.
SHARE = 0.75


@dataclass(frozen=True)
class Waiting:
    generation_id: UUID
    agency_id: UUID
    account_id: UUID
    since: datetime


@dataclass
class Load:
    """What an agency has in flight, and when it was last served."""

    count: int = 0
    served: datetime = NEVER


@dataclass
class Line:
    """The jobs that wait for one kind of work, those of one agency in the order of their turn."""

    slots: int
    cap: int
    loads: defaultdict[UUID, Load]
    queues: dict[UUID, deque[Waiting]] = field(default_factory=dict)

    def join(self, waiting: Iterable[Waiting]) -> None:
        for job in waiting:
            self.queues.setdefault(job.agency_id, deque()).append(job)

    def next(self, now: datetime, may: Callable[[Waiting], bool]) -> Waiting | None:
        """Of the agency with the fewest in flight, then the one served least recently, then the
        one that waits longest. `may` is asked of each job before it is taken."""
        while queue := self._turn():
            job = queue.popleft()
            if may(job):
                load = self.loads[job.agency_id]
                load.count, load.served = load.count + 1, now
                return job
        return None

    def _turn(self) -> deque[Waiting] | None:
        queues = {agency: queue for agency, queue in self.queues.items() if queue}
        mine = [agency for agency in queues if self._has_room(agency, alone=len(queues) == 1)]
        first = min(mine, key=lambda agency: self._order(agency, queues[agency]), default=None)
        return queues[first] if first else None

    def _has_room(self, agency: UUID, *, alone: bool) -> bool:
        count = self.loads[agency].count
        if not count:
            return True  # others whose jobs hang must not keep out one that has nothing in flight
        taken = sum(load.count for load in self.loads.values())
        return taken < self.slots and (alone or count < self.cap)

    def _order(self, agency: UUID, queue: deque[Waiting]) -> tuple[int, datetime, datetime]:
        load = self.loads[agency]
        return load.count, load.served, queue[0].since


def share(slots: int) -> int:
    return max(1, int(slots * SHARE))
