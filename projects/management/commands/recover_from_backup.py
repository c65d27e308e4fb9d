"""Run once after a backup was restored, with the worker stopped, before it is started again."""

from argparse import ArgumentParser
from datetime import datetime
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone
from django.utils.dateparse import parse_datetime

from projects import recovery, sweeper


class Command(BaseCommand):
    help = "Never send again what may have been sent after the restored backup was taken."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument(
            "--since", required=True, help="when the backup was taken, ISO 8601: 2026-11-25T03:00Z"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        since = _moment(options["since"])
        if sweeper.is_running():
            raise CommandError("A worker is running. Stop it, and run this again.")
        paused = recovery.pause_dispatch()
        doubted = recovery.doubt_restored(since)
        self.stdout.write(
            f"{len(doubted)} jobs are unconfirmed now, and none of them is sent again. "
            f"{paused} iacrea accounts are paused; an account is resumed in the admin."
        )
        for job in doubted:
            self.stdout.write(f"{job.pk} {job.created_at.isoformat()} {job.agency.name}")


def _moment(text: str) -> datetime:
    try:
        found = parse_datetime(text)
    except ValueError as error:
        raise CommandError(f"--since: {error}") from None
    if found is None:
        raise CommandError(f"--since: {text!r} is no time such as 2026-11-25T03:00Z")
    return found if timezone.is_aware(found) else timezone.make_aware(found)
