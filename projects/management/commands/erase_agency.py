"""An agency leaves, and all that it had goes: docs/privacy.md."""

from argparse import ArgumentParser
from typing import Any
from uuid import UUID

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from accounts.models import Agency
from projects.privacy.erasure.agency import erase_agency, is_erased
from projects.privacy.erasure.refusals import StillRunning
from projects.privacy.selectors.requests import due_at, open_request


class Command(BaseCommand):
    help = "Erase an agency for ever, at once. Safe to run again: it goes on where it was."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("agency_id", type=UUID)
        parser.add_argument("--confirm", required=True, help="the agency's name, as it stands")
        parser.add_argument("--actor", default="", help="id of who does it, for the audit trail")
        parser.add_argument(
            "--now",
            action="store_true",
            help="before the seven days in which it can be called back",
        )

    def handle(self, *args: Any, **options: Any) -> None:
        agency = Agency.objects.filter(pk=options["agency_id"]).first()
        if agency is None:
            raise CommandError("No such agency.")
        if is_erased(agency):
            self.stdout.write(f"{agency.pk} was erased before: nothing to do")
            return
        _check(agency, options["confirm"], options["now"])
        try:
            erase_agency(agency, actor_id=options["actor"])
        except StillRunning as problem:
            raise CommandError(f"These jobs are running: {problem}. Run it again later.") from None
        self.stdout.write(f"{agency.pk} is erased. What remains: docs/privacy.md")


def _check(agency: Agency, confirm: str, now: bool) -> None:
    if confirm != agency.name:
        raise CommandError(f"--confirm is not the name of this agency, {agency.name!r}.")
    waiting = open_request(agency)
    if waiting and not now and due_at(waiting) > timezone.now():
        day = timezone.localtime(due_at(waiting))
        raise CommandError(f"The agency can call it back until {day:%Y-%m-%d %H:%M}. (--now)")
