from typing import Any

from django.core.management.base import BaseCommand, CommandError

from accounts.ledger_audit import audit_and_tell


class Command(BaseCommand):
    help = "Recompute the photo ledger from its entries. Exit 1 and the differences, if any."

    def handle(self, *args: Any, **options: Any) -> None:
        entries, found = audit_and_tell()
        for line in found:
            self.stderr.write(line)
        if found:
            raise CommandError(f"{len(found)} difference(s) in the photo ledger")
        self.stdout.write(f"{entries} entries, 0 differences")
