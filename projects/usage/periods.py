"""The days that the Usage page is about, in the operator's time zone, and the bars of its chart."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from django.utils import timezone

DAY = timedelta(days=1)
# Of a longer period the chart shows months.
MOST_DAYS = 62
MOST_YEARS = 5


@dataclass(frozen=True)
class Period:
    """From the first day to the last, both of them whole."""

    first: date
    last: date

    @property
    def start(self) -> datetime:
        return _midnight(self.first)

    @property
    def end(self) -> datetime:
        """When the day after the last one begins."""
        return _midnight(self.last + DAY)

    @property
    def is_by_month(self) -> bool:
        return (self.last - self.first).days >= MOST_DAYS

    def steps(self) -> list[date]:
        """The first day of each bar: every day, or every month of a long period."""
        found = [self.first]
        while (after := self._after(found[-1])) <= self.last:
            found.append(after)
        return found

    def bounds(self) -> list[datetime]:
        """When each bar ends, the last one excepted."""
        return [_midnight(day) for day in self.steps()[1:]]

    def _after(self, day: date) -> date:
        return next_month(day) if self.is_by_month else day + DAY


def presets(today: date) -> Iterator[tuple[str, Period]]:
    """This month, the last one, and twelve with this one, by their names in an address."""
    month = today.replace(day=1)
    last = (month - DAY).replace(day=1)
    yield "month", Period(month, next_month(month) - DAY)
    yield "last", Period(last, month - DAY)
    yield "year", Period(next_month(month).replace(year=next_month(month).year - 1), _end(month))


def next_month(day: date) -> date:
    """The first day of the month after that of `day`."""
    return (day.replace(day=1) + timedelta(days=32)).replace(day=1)


def _end(month: date) -> date:
    return next_month(month) - DAY


def _midnight(day: date) -> datetime:
    return datetime.combine(day, time.min, timezone.get_default_timezone())
