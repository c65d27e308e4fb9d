from typing import Any

from django.core.management.base import BaseCommand

from projects.kept_bytes import mend


class Command(BaseCommand):
    help = "Count anew what each agency's photos and pictures take of the storage; tells the rest."

    def handle(self, *args: Any, **options: Any) -> None:
        found = mend()
        for agency_id, missing in found:
            self.stdout.write(f"{agency_id}: {missing:+} bytes")
        self.stdout.write(f"{len(found)} agencies were counted wrongly")
