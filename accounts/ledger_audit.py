"""Recompute everything from the ledger's entries and compare it with what is stored."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from django.db import connection, transaction
from django.db.models import Count, F, Q, Sum

from accounts.choices import EntryKind
from accounts.effects import EFFECTS
from accounts.models import LedgerEntry, PhotoLot, PhotoQuota
from accounts.models.ledger import ENDS
from integrations.doors.alerts import alert

Balances = dict[Any, dict[str, int]]
Check = Callable[[], Iterator[str]]
FIELDS = ("available", "held", "consumed")
NOTHING = dict.fromkeys(FIELDS, 0)
# What only the apps above know, such as which jobs still run; they add it when Django starts.
_checks: list[Check] = []


def register_check(check: Check) -> None:
    """Have `audit()` ask `check` too; each line that it yields is a difference."""
    if check not in _checks:
        _checks.append(check)


def audit_and_tell() -> tuple[int, list[str]]:
    """The number of entries and all differences; any at all is an alert."""
    with one_moment():
        entries, found = LedgerEntry.objects.count(), list(audit())
    if found:
        alert("ledger_difference", differences=len(found))
    return entries, found


def audit() -> Iterator[str]:
    """One line for each difference, in the ledger or between it and what it is kept for."""
    yield from differences()
    for check in _checks:
        yield from check()


@contextmanager
def one_moment() -> Iterator[None]:
    """All sums are of one moment: a job that is charged meanwhile is no difference. SQLite's
    transactions are so by themselves."""
    outermost = not connection.in_atomic_block
    with transaction.atomic():
        if outermost and connection.vendor == "postgresql":
            with connection.cursor() as cursor:
                cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ")
        yield


def differences() -> Iterator[str]:
    """One line for each thing of the ledger that its entries do not add up to."""
    lots = _recomputed("lot_id")
    for lot in PhotoLot.objects.order_by("created_at", "pk").iterator():
        yield from _compare(f"lot {lot.pk}", lot, lots.pop(lot.pk, NOTHING))
    yield from _quota_differences()
    yield from _badly_ended_holds()
    yield from _entries_of_others()


def _quota_differences() -> Iterator[str]:
    quotas = _recomputed("agency_id", "mode")
    for quota in PhotoQuota.objects.order_by("agency_id", "mode"):
        key = (quota.agency_id, quota.mode)
        yield from _compare(f"agency {key[0]} ({key[1]})", quota, quotas.pop(key, NOTHING))
    for agency_id, mode in quotas:
        yield f"agency {agency_id} ({mode}) has entries and no balance"


def _recomputed(*by: str) -> Balances:
    balances: Balances = {}
    for row in LedgerEntry.objects.order_by().values(*by, "kind").annotate(photos=Sum("quantity")):
        key = row[by[0]] if len(by) == 1 else tuple(row[name] for name in by)
        balance = balances.setdefault(key, dict(NOTHING))
        for field in FIELDS:
            balance[field] += row["photos"] * getattr(EFFECTS[EntryKind(row["kind"])], field)
    return balances


def _compare(name: str, row: PhotoLot | PhotoQuota, entries: dict[str, int]) -> Iterator[str]:
    for field in FIELDS:
        stored, expected = getattr(row, field), entries[field]
        if stored != expected:
            yield f"{name}: {field} is {stored}, its entries add up to {expected}"


def _badly_ended_holds() -> Iterator[str]:
    """In each lot a job has one hold, and at most one end, which is of as many photos."""
    held, ended = Q(kind=EntryKind.HOLD), Q(kind__in=ENDS)
    jobs = LedgerEntry.objects.filter(held | ended).order_by().values("generation_id", "lot_id")
    counted = jobs.annotate(
        holds=Count("pk", filter=held),
        ends=Count("pk", filter=ended),
        photos_held=Sum("quantity", filter=held, default=0),
        photos_ended=Sum("quantity", filter=ended, default=0),
    )
    unequal = Q(ends=1) & ~Q(photos_ended=F("photos_held"))
    for row in counted.filter(~Q(holds=1) | Q(ends__gt=1) | unequal):
        yield "generation {generation_id}, lot {lot_id}: {holds} hold(s) of {photos_held}, \
{ends} end(s) of {photos_ended}".format(**row)


def _entries_of_others() -> Iterator[str]:
    own = Q(agency_id=F("lot__agency_id"), mode=F("lot__mode"))
    for entry in LedgerEntry.objects.exclude(own).order_by("created_at", "pk"):
        yield f"entry {entry.pk} is of another agency or mode than its lot {entry.lot_id}"
