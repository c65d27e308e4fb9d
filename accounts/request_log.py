"""The calls of agencies' software, kept for 30 days: written, read by their agency, forgotten."""

from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.db.models import Count, Q

from accounts.models import ApiRequest
from accounts.querysets import AgencyQuerySet
from integrations.doors.batches import delete_batch
from integrations.doors.clock import database_now

KEPT = timedelta(days=30)
# Rows that are deleted at once.
SWEPT = 1000
# What became of a call, by its status.
RESULTS = {"accepted": range(400), "refused": range(400, 500), "failed": range(500, 600)}


def write(rows: list[ApiRequest]) -> None:
    ApiRequest.objects.bulk_create(rows)


def calls_of(agency: Any) -> AgencyQuerySet[ApiRequest]:
    """The newest first."""
    rows = ApiRequest.objects.for_agency(agency).select_related("api_key")
    return rows.order_by("-called_at", "-pk")


def call_of(agency: Any, call_id: UUID) -> ApiRequest:
    return calls_of(agency).get(pk=call_id)


def result_of(status: int) -> str:
    return next(result for result, statuses in RESULTS.items() if status in statuses)


def ended_so(result: str) -> Q:
    """Calls with this result."""
    return Q(status__gte=RESULTS[result].start, status__lt=RESULTS[result].stop)


def named(text: str) -> Q:
    """By its request id, its idempotency key, or the id that it was about."""
    found = Q(request_id=text) | Q(idempotency_key=text)
    try:
        return found | Q(subject_id=UUID(text))
    except ValueError:
        return found


def counts_since(agency: Any, since: datetime) -> dict[str, int]:
    """How many calls there were since then, with each result."""
    counted = {result: Count("pk", filter=ended_so(result)) for result in RESULTS}
    rows = ApiRequest.objects.for_agency(agency).filter(called_at__gte=since)
    counts: dict[str, int] = rows.aggregate(**counted)
    return counts


def forget_old() -> int:
    """A batch of what is kept no longer; returns rows."""
    return delete_batch(ApiRequest.objects.filter(called_at__lt=database_now() - KEPT), SWEPT)
