"""An agency that used iacrea directly brings its pictures along: docs/moving-in.md."""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any
from uuid import UUID

from django.core.management.base import BaseCommand, CommandError

from accounts.lines import read_lines
from accounts.selectors import agency_named
from projects.choices import RoomType
from projects.moving_in import Brought, NotTaken, take_over

COLUMNS = {"generation_id", "user_id"}
MORE = {"original_url", "mask_url", "room_type"}


class Command(BaseCommand):
    help = "Take over the pictures of FILE.csv from iacrea, each free; safe to run again."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", type=Path, help="generation_id,user_id,original_url,mask_url")
        parser.add_argument("--agency", required=True, help="its name")

    def handle(self, *args: Any, **options: Any) -> None:
        agency = agency_named(options["agency"])
        if agency is None:
            raise CommandError("No such agency. `manage.py create_agency` makes one.")
        taken = known = failed = 0
        for number, line in read_lines(options["file"], COLUMNS, MORE):
            try:
                made = take_over(agency, _brought(line))
                taken, known = taken + bool(made), known + (made is None)
            except (NotTaken, ValueError) as problem:
                failed += 1
                self.stderr.write(f"line {number}: {problem}")
        self.stdout.write(f"{taken} taken over, {known} known before, {failed} not taken")
        if failed:
            raise CommandError("Mend these lines and run it again: the others are not taken twice.")


def _brought(line: dict[str, str]) -> Brought:
    room_type = line.get("room_type", "").upper()
    if room_type and room_type not in RoomType.values:
        raise ValueError(f"room_type is one of {', '.join(RoomType)}, or empty")
    return Brought(
        upstream_id=_uuid(line, "generation_id"),
        user_id=_uuid(line, "user_id"),
        original_url=line.get("original_url", ""),
        mask_url=line.get("mask_url", ""),
        room_type=room_type,
    )


def _uuid(line: dict[str, str], name: str) -> UUID:
    try:
        return UUID(line[name])
    except ValueError:
        raise ValueError(f"{name} {line[name]!r} is no UUID") from None
