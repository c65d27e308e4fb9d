"""What the endings of the last day say: how many pictures were made, how many were not, and how
long they took. Arithmetic only."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from math import ceil

from projects.choices import FailureCode

DAY, HOUR, SLOT = timedelta(hours=24), timedelta(hours=1), timedelta(minutes=5)
# The bars of the charts.
SLOTS, HOURS = 36, 24
# Fewer tell nothing.
ENOUGH = 5
# What the customer sent, or took back, says nothing of the service.
FAULTS = frozenset(FailureCode) - {FailureCode.INVALID_INPUT, FailureCode.CANCELED}


@dataclass(frozen=True)
class Ended:
    """A job's end; without a failure its picture was made."""

    at: datetime
    seconds: float
    failure: str = ""


@dataclass(frozen=True)
class Outcomes:
    made: int
    failed: int

    @property
    def failed_share(self) -> float | None:
        """None: too few to tell."""
        ended = self.made + self.failed
        return self.failed / ended if ended >= ENOUGH else None


@dataclass(frozen=True)
class Slot:
    """Five minutes from `at` on."""

    at: datetime
    made: int
    failed: int


@dataclass(frozen=True)
class Hour:
    """Half of the pictures that were made in it took `usual_s` at most, 19 of 20 `late_s`."""

    at: datetime
    usual_s: float | None
    late_s: float | None


def outcomes(ended: Iterable[Ended]) -> Outcomes:
    faults = [bool(each.failure) for each in ended if not each.failure or each.failure in FAULTS]
    return Outcomes(made=faults.count(False), failed=faults.count(True))


def since(ended: Iterable[Ended], moment: datetime) -> list[Ended]:
    return [each for each in ended if each.at > moment]


def times(ended: Iterable[Ended]) -> list[float]:
    """Of the pictures that were made, in seconds, the shortest first."""
    return sorted(each.seconds for each in ended if not each.failure)


def within(seconds: list[float], share: float) -> float | None:
    """In how much time this share of them was made."""
    return seconds[ceil(share * len(seconds)) - 1] if seconds else None


def slots(ended: Iterable[Ended], now: datetime) -> list[Slot]:
    """Up to the one that has begun."""
    parts = _parts(ended, SLOT)
    counted = ((at, outcomes(parts[at])) for at in _last(SLOTS, SLOT, now))
    return [Slot(at, each.made, each.failed) for at, each in counted]


def hours(ended: Iterable[Ended], now: datetime) -> list[Hour]:
    parts = _parts(ended, HOUR)
    taken = ((at, times(parts[at])) for at in _last(HOURS, HOUR, now))
    return [Hour(at, within(each, 0.5), within(each, 0.95)) for at, each in taken]


def _parts(ended: Iterable[Ended], step: timedelta) -> dict[datetime, list[Ended]]:
    parts: dict[datetime, list[Ended]] = defaultdict(list)
    for each in ended:
        parts[_begin(each.at, step)].append(each)
    return parts


def _last(count: int, step: timedelta, now: datetime) -> list[datetime]:
    present = _begin(now, step)
    return [present - step * back for back in reversed(range(count))]


def _begin(moment: datetime, step: timedelta) -> datetime:
    seconds = step.total_seconds()
    return datetime.fromtimestamp(moment.timestamp() // seconds * seconds, UTC)
