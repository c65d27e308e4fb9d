"""What became of the photos of a period: numbers that add up, as on a bill."""

from collections import defaultdict
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from accounts.choices import EntryKind
from accounts.effects import EFFECTS, Effect
from accounts.models import Membership
from projects.usage.selectors import Moved, Used

# Photos in each bar of the chart, by author.
Charged = dict[UUID | None, list[int]]
# Of the chart; the last one is for everybody who has none of their own.
COLOURS = 6


@dataclass(frozen=True)
class Summary:
    """`carried` + `granted` + `refunded` - `adjusted` - `expired` - `charged` is what there is at
    the end: `available` and `held`. What was `given_back` had been held, and is in `available`."""

    carried: int
    granted: int
    refunded: int
    adjusted: int
    expired: int
    charged: int
    given_back: int
    held: int
    available: int
    listed: int

    @property
    def owned(self) -> int:
        return self.available + self.held


def summary_of(rows: list[Moved]) -> Summary:
    inside = [row for row in rows if row.place == 0]
    until = [row for row in rows if row.place <= 0]

    def photos(kind: EntryKind, refunds: int = 0) -> int:
        return sum(row.photos for row in inside if (row.kind, row.refunds) == (kind, refunds))

    return Summary(
        carried=_effects([row for row in rows if row.place < 0], _owned),
        granted=photos(EntryKind.GRANT),
        refunded=photos(EntryKind.GRANT, refunds=1),
        adjusted=photos(EntryKind.ADJUST),
        expired=photos(EntryKind.EXPIRE),
        charged=photos(EntryKind.CAPTURE),
        given_back=photos(EntryKind.RELEASE),
        held=_effects(until, lambda effect: effect.held),
        available=_effects(until, lambda effect: effect.available),
        listed=sum(row.listed for row in rows),
    )


@dataclass(frozen=True)
class MemberRow:
    """A line of the table by member; without a member: people who have left."""

    member: Membership | None
    pictures: int
    charged: int
    given_back: int
    share: int  # percent of all that was charged
    colour: str  # a class of parterre.css, as in the chart


def member_rows(
    usage: list[Used], people: Iterable[Membership], charged: list[UUID | None]
) -> list[MemberRow]:
    """First who is in the chart, in its order; then who was charged nothing."""
    known = {member.pk: member for member in people}
    total = sum(row.photos for row in usage if row.kind == EntryKind.CAPTURE)
    authors: defaultdict[UUID | None, list[Used]] = defaultdict(list)
    for row in usage:
        authors[row.author].append(row)
    order = [*charged, *(pk for pk in authors if pk not in charged)]
    return [
        _member_row(known.get(pk) if pk else None, authors[pk], total, colour_of(place))
        for place, pk in enumerate(order)
    ]


def colour_of(place: int) -> str:
    return f"c{min(place, COLOURS - 1)}"


def _member_row(member: Membership | None, usage: list[Used], total: int, colour: str) -> MemberRow:
    captured = [row for row in usage if row.kind == EntryKind.CAPTURE]
    charged = sum(row.photos for row in captured)
    return MemberRow(
        member=member,
        pictures=sum(row.pictures for row in captured),
        charged=charged,
        given_back=sum(row.photos for row in usage) - charged,
        share=round(100 * charged / total) if total else 0,
        colour=colour,
    )


def charged_by(usage: list[Used], steps: list[date]) -> Charged:
    """Photos charged in each bar, of each member who has any; the most first."""
    bars: defaultdict[UUID | None, list[int]] = defaultdict(lambda: [0] * len(steps))
    for row in usage:
        if row.kind == EntryKind.CAPTURE:
            bars[row.author][row.step] += row.photos
    return dict(sorted(bars.items(), key=lambda item: -sum(item[1])))


def _owned(effect: Effect) -> int:
    return effect.available + effect.held


def _effects(rows: list[Moved], of: Callable[[Effect], int]) -> int:
    return sum(row.photos * of(EFFECTS[EntryKind(row.kind)]) for row in rows)
