"""All that support asks of one agency, in seven queries however much it has.

Numbers are one statement; lists are the newest rows, and the admin's own lists have the others.
"""

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta
from typing import Any
from uuid import UUID

from allauth.usersessions.models import UserSession
from django.db.models import (
    Case,
    CharField,
    Count,
    F,
    Model,
    OuterRef,
    Q,
    QuerySet,
    Subquery,
    Sum,
    Value,
    When,
)
from django.db.models.functions import Cast, Coalesce, Concat, NullIf
from django.utils import timezone

from accounts.choices import EntryKind, Mode
from accounts.models import (
    Agency,
    ApiKey,
    ApiRequest,
    AuditEntry,
    LedgerEntry,
    Membership,
    PhotoLot,
    PhotoRequest,
    StaffNote,
)
from accounts.models.lot import usable_at
from accounts.periods import start_of_month
from integrations.doors.clock import DatabaseNow
from integrations.webhooks.choices import DeliveryState
from integrations.webhooks.models import Delivery, WebhookEndpoint
from projects.choices import Status
from projects.models import Complaint, Discrepancy, Generation, ShareLink

WEEK = timedelta(days=7)
# Rows of a list, and of the shorter ones at the end.
MOST, NEWEST = 50, 10
REFUSED = 400

Rows = QuerySet[Any]
# By what is counted, and by which: {"held": {"live": 3}}.
Figures = dict[str, dict[str, int]]


@dataclass(frozen=True)
class AgencyPage:
    """The lists are asked for when the page shows them."""

    figures: Figures
    members: Rows
    keys: Rows
    endpoints: Rows
    notes: Rows
    audit: Rows


def agency_with(pk: UUID) -> Agency | None:
    """With its plan, and without its secret."""
    links = ShareLink.objects.filter(agency=OuterRef("pk")).order_by("-created_at")
    rows = Agency.objects.filter(pk=pk).select_related("plan").defer("webhook_secret")
    return rows.annotate(newest_link=Subquery(links.values("created_at")[:1])).first()


def page_of(agency: Agency) -> AgencyPage:
    return AgencyPage(
        figures=_figures(agency),
        members=_members(agency),
        keys=ApiKey.objects.filter(agency=agency).order_by("-created_at")[:MOST],
        endpoints=WebhookEndpoint.objects.filter(agency=agency, deleted_at=None)[:MOST],
        notes=StaffNote.objects.for_agency(agency).select_related("author")[:MOST],
        audit=AuditEntry.objects.for_agency(agency)[:NEWEST],
    )


def _members(agency: Agency) -> Rows:
    """Those that were removed come last."""
    sessions = UserSession.objects.filter(user=OuterRef("user_id")).order_by("-last_seen_at")
    seen = Coalesce(Subquery(sessions.values("last_seen_at")[:1]), "user__last_login")
    rows = Membership.objects.for_agency(agency).select_related("user").annotate(seen_at=seen)
    return rows.order_by(F("removed_at").desc(nulls_first=True), "created_at")[:MOST]


def _figures(agency: Agency) -> Figures:
    each = [*_photos(agency), *_errors(agency), *_open(agency)]
    found: Figures = defaultdict(dict)
    for what, which, number in each[0].union(*each[1:], all=True):
        found[what][which] = number
    return dict(found)


def _photos(agency: Agency) -> Iterator[Rows]:
    """As accounts/selectors.py: by the lots, since one may have expired since the last sweep."""
    lots, mode = PhotoLot.objects.filter(agency=agency), F("mode")
    usable = Sum("available", filter=usable_at(DatabaseNow()), default=0)
    yield _numbered("available", lots, mode, usable)
    yield _numbered("held", lots, mode, Sum("held"))
    yield _numbered("consumed", lots, mode, Sum("consumed"))
    month = start_of_month(timezone.now())  # a report: no round trip for its clock
    entries = LedgerEntry.objects.filter(agency=agency, mode=Mode.LIVE, created_at__gte=month)
    moved = entries.filter(kind__in=[EntryKind.GRANT, EntryKind.CAPTURE])
    yield _numbered("month", moved, F("kind"), Sum("quantity"))


def _errors(agency: Agency) -> Iterator[Rows]:
    """Of seven days, by their codes."""
    week = timezone.now() - WEEK
    jobs = Generation.objects.filter(agency=agency, mode=Mode.LIVE, status=Status.FAILED)
    yield _numbered("failed_jobs", jobs.filter(created_at__gte=week), F("failure_code"))
    calls = ApiRequest.objects.filter(agency=agency, called_at__gte=week, status__gte=REFUSED)
    status = Cast("status", CharField())
    yield _numbered("refused_calls", calls, Concat(status, Value(" "), F("code")))
    failed = Delivery.objects.filter(agency=agency, state=DeliveryState.FAILED)
    answer = Cast("status_code", CharField())
    why = Coalesce(NullIf("error", Value("")), answer, Value(""), output_field=CharField())
    yield _numbered("failed_deliveries", failed.filter(created_at__gte=week), why)


def _open(agency: Agency) -> Iterator[Rows]:
    """What waits for support; and links, by whether they still show something."""
    for name, model in OPEN.items():
        rows = model._default_manager.filter(agency=agency, closed_at=None)
        yield _numbered("open", rows, Value(name))
    over = ~Q(revoked_at=None) | Q(expires_at__lte=DatabaseNow())
    state = Case(When(over, then=Value("over")), default=Value("open"))
    yield _numbered("links", ShareLink.objects.filter(agency=agency), state)


OPEN: dict[str, type[Model]] = {
    "complaints": Complaint,
    "photo_requests": PhotoRequest,
    "discrepancies": Discrepancy,
}


def _numbered(what: str, rows: Rows, which: Any, number: Any = None) -> Rows:
    """One part of the statement: a number for each of `which`."""
    named = rows.order_by().annotate(what=Value(what), which=which).values("what", "which")
    counted: Rows = named.annotate(number=number or Count("pk"))
    return counted.values_list("what", "which", "number")
