"""Scoped reads of the photo ledger, for the Usage page: sums, a page of movements with what was
left after each, and what they were for. docs/usage.md says what the numbers mean."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any, NamedTuple
from uuid import UUID

from django.db.models import (
    Case,
    Count,
    F,
    IntegerField,
    OuterRef,
    Q,
    QuerySet,
    Subquery,
    Sum,
    UUIDField,
    Value,
    When,
    Window,
)

from accounts.choices import EntryKind, Mode
from accounts.effects import EFFECTS
from accounts.models import Agency, LedgerEntry, Membership, PhotoRequest
from accounts.querysets import TenantQuerySet
from accounts.selectors import ledger_of
from projects.models import Generation
from projects.usage.asked import Asked
from projects.usage.periods import Period

NEWEST_FIRST = (F("created_at").desc(), F("pk").desc())
USED = (EntryKind.CAPTURE, EntryKind.RELEASE)
REFUND = Q(kind=EntryKind.GRANT, generation_id__isnull=False)
# What one entry does to the photos that can be used.
EFFECT = Case(
    *(When(kind=kind, then=F("quantity") * effect.available) for kind, effect in EFFECTS.items()),
    output_field=IntegerField(),
)
ABOUT = ("hold", "charge", "release", "refund")


class Moved(NamedTuple):
    """Photos of one kind. `place` is -1 before the period, 0 in it, 1 after it."""

    kind: str
    place: int
    refunds: int
    photos: int
    listed: int


class Used(NamedTuple):
    """What one member's jobs did in one bar of the chart; no author: one who has left."""

    author: UUID | None
    step: int
    kind: str
    photos: int
    pictures: int


class Person(NamedTuple):
    """A member; `asks_for` photos in a request that is open."""

    member: Membership
    asks_for: int | None
    asked_at: datetime | None


@dataclass(frozen=True)
class Listed:
    """A movement, and what could be used after it."""

    entry: LedgerEntry
    left: int


def moved(agency: Agency, mode: Mode, asked: Asked) -> list[Moved]:
    """Sums of the whole ledger, in one query; `listed` are the entries that the filters leave."""
    start, end = asked.period.start, asked.period.end
    place = Case(
        When(created_at__lt=start, then=-1),
        When(created_at__lt=end, then=0),
        default=1,
        output_field=IntegerField(),
    )
    refunds = Case(When(REFUND, then=1), default=0, output_field=IntegerField())
    rows = LedgerEntry.objects.for_agency(agency, mode).order_by()
    marked = rows.annotate(place=place, refunds=refunds)
    summed = marked.values_list("kind", "place", "refunds").annotate(
        photos=Sum("quantity"), listed=Count("pk", filter=_shown(agency, mode, asked))
    )
    return [Moved(*row) for row in summed]


def page_of(agency: Agency, mode: Mode, asked: Asked, rows: range) -> list[Listed]:
    """The newest first, in one query: those of these numbers among all that the filters leave."""
    if not rows:
        return []
    shown, ledger = _shown(agency, mode, asked), LedgerEntry.objects.for_agency(agency, mode)
    oldest = ledger.filter(shown).order_by(*NEWEST_FIRST).values("created_at")[rows[-1] : rows.stop]
    since = ledger.select_related("lot").filter(created_at__gte=Subquery(oldest))
    # A condition on a window is applied after it; one on what is shown would be applied before.
    found = since.annotate(left=Case(When(shown, then=_left_after(ledger)))).exclude(left=None)
    return [
        Listed(each, each.left) for each in found.order_by(*NEWEST_FIRST)[rows.start : rows.stop]
    ]


def _left_after(ledger: TenantQuerySet[LedgerEntry]) -> Any:
    """What could be used after an entry: all photos less what came since. So a page of new entries
    reads of the old ones only their sum; and what is held meanwhile is in both, or in neither."""
    total = ledger.order_by().values("agency").annotate(total=Sum(EFFECT)).values("total")
    newer = Window(Sum(EFFECT), order_by=NEWEST_FIRST)
    return Subquery(total, IntegerField()) - newer + EFFECT


def listed_of(agency: Agency, mode: Mode, asked: Asked) -> Iterator[Listed]:
    """All that the filters leave, the oldest first, each as it is read. What is left is counted
    here, over the others too."""
    shown = Case(When(_shown(agency, mode, asked), then=1), default=0, output_field=IntegerField())
    rows = ledger_of(agency, mode).annotate(shown=shown).order_by("created_at", "pk")
    left = 0
    if not asked.id:
        left = _left_before(agency, mode, asked.period.start)
        rows = rows.filter(created_at__gte=asked.period.start, created_at__lt=asked.period.end)
    for entry in rows.iterator():
        left += entry.quantity * EFFECTS[EntryKind(entry.kind)].available
        if entry.shown:
            yield Listed(entry, left)


def _left_before(agency: Agency, mode: Mode, moment: datetime) -> int:
    older = LedgerEntry.objects.for_agency(agency, mode).filter(created_at__lt=moment)
    return older.order_by().aggregate(left=Sum(EFFECT))["left"] or 0


def usage_of(agency: Agency, mode: Mode, period: Period) -> list[Used]:
    """By member and by bar of the chart. The bars are compared with, not computed from, the
    moments: SQLite would call Python for each row."""
    bounds = [When(created_at__lt=end, then=at) for at, end in enumerate(period.bounds())]
    step = Case(*bounds, default=len(bounds), output_field=IntegerField()) if bounds else Value(0)
    rows = LedgerEntry.objects.for_agency(agency, mode).order_by()
    rows = rows.filter(created_at__gte=period.start, created_at__lt=period.end)
    authors = Generation.objects.filter(pk=OuterRef("generation_id")).values("author")
    named = rows.filter(Q(kind__in=USED) | REFUND).annotate(
        author=Subquery(authors, UUIDField()), step=step
    )
    summed = named.values_list("author", "step", "kind").annotate(
        photos=Sum("quantity"), pictures=Count("generation_id", distinct=True)
    )
    return [Used(*row) for row in summed]


def jobs_of(agency: Agency, mode: Mode, ids: Iterable[UUID]) -> dict[UUID, Generation]:
    """What movements were for, with the other movements of each job: `hold`, `charge`, `release`
    and `refund` are ids of entries, each `…_at` its time; none where there is none."""
    rows = Generation.objects.for_agency(agency, mode).select_related("project", "author__user")
    rows = rows.defer("project__draft", "project__words")
    return rows.annotate(**_movements()).in_bulk(list(set(ids)))


def _movements() -> dict[str, Any]:
    kinds = {
        "hold": Q(kind=EntryKind.HOLD),
        "charge": Q(kind=EntryKind.CAPTURE),
        "release": Q(kind=EntryKind.RELEASE),
        "refund": REFUND,
    }
    mine = LedgerEntry.objects.filter(generation_id=OuterRef("pk")).order_by("created_at", "pk")
    found: dict[str, Any] = {}
    for name in ABOUT:
        rows: QuerySet[LedgerEntry] = mine.filter(kinds[name])
        found[name] = Subquery(rows.values("pk")[:1])
        found[f"{name}_at"] = Subquery(rows.values("created_at")[:1])
    return found


def people_of(agency: Agency) -> list[Person]:
    """By name; and who of them has asked for photos and waits."""
    waiting = PhotoRequest.objects.filter(author=OuterRef("pk"), closed_at=None)
    members = Membership.objects.for_agency(agency).select_related("user")
    found = members.order_by("user__name", "user__email").annotate(
        asks_for=Subquery(waiting.values("photos")),
        asked_at=Subquery(waiting.values("created_at")),
    )
    return [Person(member, member.asks_for, member.asked_at) for member in found]


def _shown(agency: Agency, mode: Mode, asked: Asked) -> Q:
    """The entries that the filters leave."""
    if asked.id:
        days = Q()
    else:
        days = Q(created_at__gte=asked.period.start, created_at__lt=asked.period.end)
    kind = Q(kind=asked.kind) if asked.kind else Q()
    jobs = Generation.objects.for_agency(agency, mode).order_by()
    by = Q(generation_id__in=jobs.filter(author=asked.member).values("pk")) if asked.member else Q()
    return days & kind & by & _by_id(jobs, asked.id)


def _by_id(jobs: TenantQuerySet[Generation], text: str) -> Q:
    """The beginning of the id of a movement, a lot, a picture or a project."""
    digits = text.replace("-", "")
    if not digits:
        return Q()
    if len(digits) > 32:
        return Q(pk__in=[])
    first, last = UUID(digits.ljust(32, "0")), UUID(digits.ljust(32, "f"))
    found = Q(generation_id__in=jobs.filter(project__gte=first, project__lte=last).values("pk"))
    for name in ("id", "lot", "generation_id"):
        found |= Q(**{f"{name}__gte": first, f"{name}__lte": last})
    return found
