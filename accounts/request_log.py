"""The calls of agencies' software, kept for 30 days: written, read by their agency, forgotten."""

from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.db.models import Count, Q

from accounts.models import ApiRequest
from accounts.querysets import AgencyQuerySet
from integrations.doors.clock import database_now

KEPT = timedelta(days=30)
# Rows that are deleted at once, and how often in an hour.
SWEPT = 5000
MOST_BATCHES = 200
REFUSED, FAILED = Q(status__gte=400, status__lt=500), Q(status__gte=500)
RESULTS = {"accepted": Q(status__lt=400), "refused": REFUSED, "failed": FAILED}


def write(rows: list[ApiRequest]) -> None:
    ApiRequest.objects.bulk_create(rows)


def calls_of(agency: Any, *, since: datetime | None = None) -> AgencyQuerySet[ApiRequest]:
    """The newest first."""
    rows = ApiRequest.objects.for_agency(agency).select_related("api_key")
    rows = rows.filter(called_at__gte=since) if since else rows
    return rows.order_by("-called_at", "-pk")


def call_of(agency: Any, call_id: UUID) -> ApiRequest:
    return calls_of(agency).get(pk=call_id)


def named(text: str) -> Q:
    """By its request id, its idempotency key, or the id that it was about."""
    found = Q(request_id=text) | Q(idempotency_key=text)
    try:
        return found | Q(subject_id=UUID(text))
    except ValueError:
        return found


def counts_since(agency: Any, since: datetime) -> dict[str, int]:
    """How many calls there were since then, with each result."""
    counted = {name: Count("pk", filter=condition) for name, condition in RESULTS.items()}
    rows = ApiRequest.objects.for_agency(agency).filter(called_at__gte=since)
    counts: dict[str, int] = rows.aggregate(**counted)
    return counts


def forget_old() -> None:
    """What is kept no longer. A batch is one statement, so that nobody waits for it for long."""
    old = ApiRequest.objects.filter(called_at__lt=database_now() - KEPT).order_by()
    for _batch in range(MOST_BATCHES):
        rows, _of_each = ApiRequest.objects.filter(pk__in=old.values("pk")[:SWEPT]).delete()
        if rows < SWEPT:
            return
