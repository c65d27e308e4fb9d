import logging
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.db import connection, transaction

from accounts.ledger_audit import audit
from accounts.models import LedgerEntry

logger = logging.getLogger(__name__)


class Command(BaseCommand):
    help = "Recompute the photo ledger from its entries. Exit 1 and the differences, if any."

    def handle(self, *args: Any, **options: Any) -> None:
        with _one_moment():
            found = list(audit())
            entries = LedgerEntry.objects.count()
        for line in found:
            self.stderr.write(line)
        if found:
            logger.error("the photo ledger has %s difference(s)", len(found))  # the alert
            raise CommandError(f"{len(found)} difference(s) in the photo ledger")
        self.stdout.write(f"{entries} entries, 0 differences")


@contextmanager
def _one_moment() -> Iterator[None]:
    """All sums are of one moment: a job that is charged meanwhile is no difference. SQLite's
    transactions are so by themselves."""
    outermost = not connection.in_atomic_block
    with transaction.atomic():
        if outermost and connection.vendor == "postgresql":
            with connection.cursor() as cursor:
                cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ")
        yield
