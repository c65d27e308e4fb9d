"""The ledger against the jobs that it is kept for; `manage.py audit_ledger` asks it too."""

from collections.abc import Iterator

from django.db.models import F, OuterRef, Subquery, Sum
from django.db.models.functions import Coalesce

from accounts.choices import EntryKind
from accounts.models import LedgerEntry
from accounts.selectors import open_holds
from projects.choices import TERMINAL
from projects.models import Generation


def differences() -> Iterator[str]:
    yield from _holds_of_other_jobs()
    yield from _charges_of_other_sums()


def _holds_of_other_jobs() -> Iterator[str]:
    """What runs holds its price; what has ended, or does not exist, holds nothing."""
    held = open_holds()
    live = Generation.objects.exclude(status__in=TERMINAL).filter(price__gt=0)
    prices = dict(live.values_list("pk", "price"))
    for job in sorted(held.keys() | prices.keys()):
        if held.get(job, 0) != prices.get(job, 0):
            yield f"generation {job}: {held.get(job, 0)} held, {prices.get(job, 0)} expected"


def _charges_of_other_sums() -> Iterator[str]:
    captures = LedgerEntry.objects.filter(kind=EntryKind.CAPTURE, generation_id=OuterRef("pk"))
    summed = captures.order_by().values("generation_id").annotate(photos=Sum("quantity"))
    jobs = Generation.objects.annotate(captured=Coalesce(Subquery(summed.values("photos")), 0))
    wrong = jobs.exclude(charged=F("captured")).order_by("pk")
    for job, charged, captured in wrong.values_list("pk", "charged", "captured"):
        yield f"generation {job}: charged is {charged}, its entries add up to {captured}"
