"""Recompute every balance from the ledger's entries and compare it with what is stored."""

from collections.abc import Iterator
from typing import Any

from django.db.models import Sum

from accounts.choices import EntryKind
from accounts.models import LedgerEntry, PhotoLot, PhotoQuota
from accounts.quota import EFFECTS

Balances = dict[Any, dict[str, int]]
FIELDS = ("available", "held", "consumed")


def differences() -> Iterator[str]:
    """One line for each stored balance that its entries do not add up to."""
    lots = _recomputed("lot_id")
    for lot in PhotoLot.objects.all():
        yield from _compare(f"lot {lot.pk}", lot, lots.get(lot.pk))
    quotas = _recomputed("agency_id", "mode")
    for quota in PhotoQuota.objects.all():
        key = (quota.agency_id, quota.mode)
        yield from _compare(f"agency {quota.agency_id} ({quota.mode})", quota, quotas.get(key))


def _recomputed(*by: str) -> Balances:
    balances: Balances = {}
    for row in LedgerEntry.objects.order_by().values(*by, "kind").annotate(photos=Sum("quantity")):
        key = row[by[0]] if len(by) == 1 else tuple(row[name] for name in by)
        balance = balances.setdefault(key, dict.fromkeys(FIELDS, 0))
        for field in FIELDS:
            balance[field] += row["photos"] * getattr(EFFECTS[EntryKind(row["kind"])], field)
    return balances


def _compare(
    name: str, row: PhotoLot | PhotoQuota, entries: dict[str, int] | None
) -> Iterator[str]:
    for field in FIELDS:
        stored, expected = getattr(row, field), (entries or {}).get(field, 0)
        if stored != expected:
            yield f"{name}: {field} is {stored}, its entries add up to {expected}"
