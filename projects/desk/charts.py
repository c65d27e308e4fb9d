"""The charts of the health page as numbers of an SVG, which the template draws without a script or
a style: bars of what came in each step, and the same as a table. It is stretched to the page's
width, so its words stand beside it."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from projects.desk.endings import Hour, Slot

# In the SVG's own units.
HEIGHT, STEP, WIDTH = 100, 10, 7

Values = tuple[float, ...]


@dataclass(frozen=True)
class Bar:
    x: str
    y: str
    height: str
    colour: str  # a class of desk.css
    title: str


@dataclass(frozen=True)
class Chart:
    """`names` and `colours` are of the values at each moment. They stand upon each other, or behind
    each other where the later one has the earlier one in it."""

    title: str
    names: tuple[str, str]
    colours: tuple[str, str]
    steps: Sequence[tuple[datetime, Values]]
    stacked: bool

    @property
    def lines(self) -> list[tuple[str, Values]]:
        """Of the table: only where there is something."""
        return [(hour_of(at), values) for at, values in self.steps if any(values)]

    @property
    def most(self) -> float:
        tops = [sum(values) if self.stacked else max(values) for _at, values in self.steps]
        return max(tops, default=0)

    @property
    def width(self) -> int:
        return STEP * len(self.steps)

    @property
    def legend(self) -> list[tuple[str, str]]:
        return list(zip(self.names, self.colours, strict=True))

    @property
    def marks(self) -> list[str]:
        """Under the chart: its beginning, its middle and its end."""
        last = len(self.steps) - 1
        return [hour_of(self.steps[place][0]) for place in (0, last // 2, last)]

    @property
    def bars(self) -> Iterator[Bar]:
        for place, (at, values) in enumerate(self.steps):
            below = 0.0
            for value, colour in self._drawn(values):
                if value:
                    yield self._bar(place, below, value, colour, self._told(at, values))
                below += value if self.stacked else 0

    def _drawn(self, values: Values) -> list[tuple[float, str]]:
        """What is behind is drawn first."""
        pairs = list(zip(values, self.colours, strict=True))
        return pairs if self.stacked else pairs[::-1]

    def _bar(self, place: int, below: float, value: float, colour: str, title: str) -> Bar:
        unit = HEIGHT / self.most
        return Bar(
            x=str(place * STEP + (STEP - WIDTH) / 2),
            y=f"{HEIGHT - (below + value) * unit:.2f}",
            height=f"{value * unit:.2f}",
            colour=colour,
            title=title,
        )

    def _told(self, at: datetime, values: Values) -> str:
        each = [f"{name} {value}" for name, value in zip(self.names, values, strict=True)]
        return f"{hour_of(at)} · {' · '.join(each)}"


def made_chart(slots: Sequence[Slot]) -> Chart:
    steps: list[tuple[datetime, Values]] = [(slot.at, (slot.made, slot.failed)) for slot in slots]
    title = _("Pictures made and failed, in each five minutes of three hours")
    return Chart(title, (_("made"), _("failed")), ("made", "failed"), steps, stacked=True)


def times_chart(hours: Sequence[Hour]) -> Chart:
    steps: list[tuple[datetime, Values]] = [
        (hour.at, (round(hour.usual_s or 0), round(hour.late_s or 0))) for hour in hours
    ]
    title = _("How many seconds a picture took, in each hour of a day")
    names = (_("half within"), _("19 of 20 within"))
    return Chart(title, names, ("usual", "late"), steps, stacked=False)


def hour_of(moment: datetime) -> str:
    return date_format(timezone.localtime(moment), "H:i")
