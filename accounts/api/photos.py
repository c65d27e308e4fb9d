"""`/api/v1/quota…`: how many photos there are, and every movement of them."""

from collections.abc import Iterator
from typing import Any

from django.http import StreamingHttpResponse
from django.http.response import HttpResponseBase
from django.utils.translation import gettext_lazy as _
from rest_framework import serializers
from rest_framework.exceptions import ValidationError
from rest_framework.request import Request
from rest_framework.response import Response

from accounts import selectors
from accounts.api.base import KeyedView
from accounts.choices import Scope
from accounts.models import LedgerEntry, PhotoLot
from integrations.doors.clock import utc
from integrations.doors.csv_download import csv_download
from integrations.doors.inputs import PageFilter, asked
from integrations.doors.pagination import paged_as

COLUMNS = ("id", "created_at", "kind", "photos", "generation", "lot", "source", "reason")


class EntryFilter(PageFilter):
    format = serializers.CharField(required=False)


class Quota(KeyedView):
    scope = Scope.QUOTA_READ

    def get(self, request: Request) -> Response:
        photos = selectors.quota_of(self.agency, self.mode)
        lots = selectors.lots_of(self.agency, self.mode)
        return Response({**vars(photos), "lots": [lot_object(lot) for lot in lots]})


class Entries(KeyedView):
    """A page of them, or all as CSV: `?format=csv`."""

    scope = Scope.QUOTA_READ

    def get(self, request: Request) -> HttpResponseBase:
        rows = selectors.ledger_of(self.agency, self.mode)
        form = asked(EntryFilter, request).get("format")
        if form == "csv":
            return as_csv(rows.order_by("created_at", "pk").iterator())
        if form is not None:
            raise ValidationError({"format": _("Enter csv, or leave it out.")})
        return paged_as(request, rows, entry_object)


def lot_object(lot: PhotoLot) -> dict[str, Any]:
    return {
        "id": str(lot.pk),
        "source": lot.source,
        "available": lot.available,
        "held": lot.held,
        "consumed": lot.consumed,
        "usable_until": utc(lot.usable_until) if lot.usable_until else None,
        "created_at": utc(lot.created_at),
    }


def entry_object(row: LedgerEntry) -> dict[str, Any]:
    return {
        "id": str(row.pk),
        "created_at": utc(row.created_at),
        "kind": row.kind,
        "photos": row.quantity,
        "generation": str(row.generation_id) if row.generation_id else None,
        "lot": str(row.lot_id),
        "source": row.lot.source,
        "reason": row.reason,
    }


def as_csv(rows: Iterator[LedgerEntry]) -> StreamingHttpResponse:
    """Each field is ours: none is a formula that a spreadsheet would run."""
    objects = map(entry_object, rows)
    return csv_download("entries.csv", COLUMNS, ([o[name] for name in COLUMNS] for o in objects))
