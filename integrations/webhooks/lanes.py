"""Which messages are sent next. Arithmetic only: the rows are read in deliveries.py.

A lane is what hangs together: the messages to one endpoint, or to one host that jobs name. No more
than PER_LANE of it are under way at once, and no more than PER_AGENCY of an agency's, so that a
receiver that hangs delays nobody else.
"""

import random
from collections import Counter
from collections.abc import Iterable, Mapping
from typing import NamedTuple
from uuid import UUID

PER_LANE = 4
PER_AGENCY = 8


class Lane(NamedTuple):
    agency_id: UUID
    endpoint_id: UUID | None
    host: str


def places(free: int, waiting: Mapping[Lane, int], under_way: Iterable[Lane]) -> Mapping[Lane, int]:
    """How many of each lane may begin now: the turn is the agency's that has the fewest under way,
    then the lane's. Drawn by lot where they are equal: by age, those that always wait would always
    be first."""
    before = Counter(under_way)
    now = before.copy()
    while now.total() - before.total() < free:
        turn = _turn(waiting, before, now)
        if turn is None:
            break
        now[turn] += 1
    return now - before


def _turn(waiting: Mapping[Lane, int], before: Counter[Lane], now: Counter[Lane]) -> Lane | None:
    agencies: Counter[UUID] = Counter(lane.agency_id for lane in now.elements())
    may = [
        lane
        for lane, count in waiting.items()
        if now[lane] - before[lane] < count
        and now[lane] < PER_LANE
        and agencies[lane.agency_id] < PER_AGENCY
    ]
    random.shuffle(may)
    return min(may, key=lambda lane: (agencies[lane.agency_id], now[lane]), default=None)
