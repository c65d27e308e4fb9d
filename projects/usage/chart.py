"""Photos charged in each day or month, stacked by member: the numbers of an SVG that the template
draws. It is stretched to the page's width, so its words stand beside it, in HTML."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from projects.usage.periods import Period
from projects.usage.sums import COLOURS, Charged, colour_of

# In the SVG's own units, of which a bar has ten with the gap to the next one.
HEIGHT = 100
STEP, WIDTH = 10, 7
# Members with a colour of their own.
MOST = COLOURS - 1


@dataclass(frozen=True)
class Series:
    """A member, or all the others together; `colour` is a class of parterre.css."""

    name: str
    values: list[int]
    colour: str


@dataclass(frozen=True)
class Part:
    """A member's part of a bar: where it is, as text without a decimal comma, and its words."""

    x: str
    y: str
    height: str
    colour: str
    title: str


@dataclass(frozen=True)
class Line:
    """Of the table that says the same."""

    name: str
    values: list[int]
    total: int


@dataclass(frozen=True)
class Chart:
    period: Period
    series: list[Series]

    @property
    def steps(self) -> list[date]:
        return self.period.steps()

    @property
    def totals(self) -> list[int]:
        return [sum(series.values[at] for series in self.series) for at in range(len(self.steps))]

    @property
    def most(self) -> int:
        return max(self.totals)

    @property
    def width(self) -> int:
        return STEP * len(self.steps)

    @property
    def parts(self) -> Iterator[Part]:
        for at, day in enumerate(self.steps):
            below = 0
            for series in self.series:
                if photos := series.values[at]:
                    below += photos
                    yield self._part(at, day, below, photos, series)

    @property
    def lines(self) -> list[Line]:
        """Only of bars that there are."""
        names, totals = map(self.name_of, self.steps), self.totals
        values = zip(*(series.values for series in self.series), strict=True)
        rows = zip(names, values, totals, strict=True)
        return [Line(name, list(own), total) for name, own, total in rows if total]

    @property
    def marks(self) -> list[str]:
        """Under the chart: its beginning, its middle and its end."""
        names = [self.name_of(day) for day in self.steps]
        places = sorted({0, len(names) // 2, len(names) - 1})
        return [names[place] for place in places]

    def name_of(self, day: date) -> str:
        return date_format(day, "N Y" if self.period.is_by_month else "j N")

    def _part(self, at: int, day: date, below: int, photos: int, series: Series) -> Part:
        unit = HEIGHT / self.most
        told = ngettext("%(n)s photo", "%(n)s photos", photos) % {"n": photos}
        return Part(
            x=str(at * STEP + (STEP - WIDTH) / 2),
            y=f"{HEIGHT - below * unit:.2f}",
            height=f"{photos * unit:.2f}",
            colour=series.colour,
            title=_("%(day)s, %(who)s: %(photos)s")
            % {"day": self.name_of(day), "who": series.name, "photos": told},
        )


def chart_of(period: Period, charged: Charged, names: dict[UUID | None, str]) -> Chart | None:
    """None: nothing was charged. `charged` has the most first."""
    if not charged:
        return None
    series = [
        Series(names[pk], values, colour_of(place))
        for place, (pk, values) in enumerate(list(charged.items())[:MOST])
    ]
    rest = list(charged.values())[MOST:]
    if rest:
        others = [sum(values) for values in zip(*rest, strict=True)]
        series.append(Series(_("Others"), others, colour_of(MOST)))
    return Chart(period, series)
