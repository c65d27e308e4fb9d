from argparse import ArgumentParser
from datetime import timedelta
from itertools import islice
from pathlib import Path
from typing import Any

from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError, no_translations
from django.utils import timezone

from projects import sweeper
from projects.backups import database, files, folder

SHOWN = 20


class Command(BaseCommand):
    help = (
        "Read what `backup` wrote into an empty database, and see to it that no job is sent again "
        "that may have been sent since. docs/backups.md"
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("folder", type=Path, help="the folder that `backup` printed")

    @no_translations
    def handle(self, *args: Any, **options: Any) -> None:
        facts, dump = folder.read(options["folder"])
        if not database.is_empty():
            raise CommandError(
                "There are tables in the database that DATABASE_URL names. Nothing is written "
                "over: make an empty one and name that."
            )
        database.load(dump)
        call_command("migrate", verbosity=0)
        self.stdout.write(f"Restored what there was at {facts.taken_at}.")
        self._recover()
        self._tell_missing()

    def _recover(self) -> None:
        """Of all jobs that wait: each was there when the backup was taken, also one whose host's
        clock goes ahead. The term of the sweep that was running then is over."""
        sweeper.stand_down()
        since = (timezone.now() + timedelta(days=1)).isoformat()
        call_command("recover_from_backup", since=since, stdout=self.stdout)

    def _tell_missing(self) -> None:
        lost = files.missing()
        for name in islice(lost, SHOWN):
            self.stdout.write(f"missing in the storage: {name}")
        if more := sum(1 for _ in lost):
            self.stdout.write(f"missing in the storage: {more} more")
