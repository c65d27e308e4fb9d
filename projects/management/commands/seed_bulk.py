"""Many ended generations in a database of their own, to measure lists and counts with."""

import json
from argparse import ArgumentParser
from collections.abc import Iterator
from typing import Any
from uuid import UUID, uuid4

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from accounts.models import Agency
from integrations.iacrea.onboarding import open_agency
from projects.bulk import seed
from projects.exceptions import NotAccepted

SURE = "--yes-this-is-a-test-database"


class Command(BaseCommand):
    help = "Write many ended generations, for measuring. They cannot be removed: the ledger stays."

    def add_arguments(self, parser: ArgumentParser) -> None:
        whose = parser.add_mutually_exclusive_group(required=True)
        whose.add_argument("--agency", type=UUID, help="id of one that there is")
        whose.add_argument("--new", type=int, metavar="COUNT", help="so many new agencies")
        parser.add_argument("--generations", type=int, required=True, help="of each agency")
        parser.add_argument(SURE, action="store_true", dest="sure", help="needed without DEBUG")

    def handle(self, *args: Any, **options: Any) -> None:
        """Prints a JSON object for each agency; of a new one with its keys."""
        if not settings.DEBUG and not options["sure"]:
            raise CommandError(f"DEBUG is off: this may be production. Give {SURE} if it is not.")
        if options["generations"] < 1:
            raise CommandError("--generations: give at least 1.")
        for told in _agencies(options["agency"], options["new"]):
            self._seed(Agency.objects.get(pk=told["agency_id"]), options["generations"])
            self.stdout.write(json.dumps(told))

    def _seed(self, agency: Agency, generations: int) -> None:
        try:
            for written in seed(agency, generations):
                self.stderr.write(f"{agency}: {written} of {generations}")
        except NotAccepted as problem:
            raise CommandError(f"{agency}: {problem}") from None


def _agencies(known: UUID | None, new: int) -> Iterator[dict[str, str]]:
    if known is None:
        yield from (_opened() for _ in range(new))
    elif Agency.objects.filter(pk=known).exists():
        yield {"agency_id": str(known)}
    else:
        raise CommandError(f"--agency {known}: there is none.")


def _opened() -> dict[str, str]:
    name = f"bulk-{uuid4().hex[:8]}"
    return open_agency(
        name=name, owner_email=f"{name}@example.org", photos=0, iacrea_api_key=f"key of {name}"
    ).as_dict()
