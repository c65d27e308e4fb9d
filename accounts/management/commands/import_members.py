"""The people of an agency that used iacrea directly, with their user ids: docs/moving-in.md."""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any
from uuid import UUID

from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError
from django.core.validators import validate_email

from accounts.choices import Role
from accounts.exceptions import OtherMember, OwnerByOwners
from accounts.lines import read_lines
from accounts.models import Agency
from accounts.selectors import agency_named
from accounts.services import put_member

COLUMNS, MORE = {"email", "iacrea_user_id"}, {"name", "role"}
ROLES = [role for role in Role if role != Role.OWNER]


class Command(BaseCommand):
    help = "Make the people of FILE.csv members of an agency; safe to run again."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", type=Path, help="email,iacrea_user_id,name,role")
        parser.add_argument("--agency", required=True, help="its name")

    def handle(self, *args: Any, **options: Any) -> None:
        agency = agency_named(options["agency"])
        if agency is None:
            raise CommandError("No such agency. `manage.py create_agency` makes one.")
        made = kept = failed = 0
        for number, line in read_lines(options["file"], COLUMNS, MORE):
            try:
                is_new = _put(agency, line)
                made, kept = made + is_new, kept + (not is_new)
            except (ValueError, OtherMember, OwnerByOwners) as problem:
                failed += 1
                self.stderr.write(f"line {number}: {_why(problem)}")
        self.stdout.write(f"{made} added, {kept} known before, {failed} refused")
        if failed:
            raise CommandError("Mend these lines and run it again: nobody is added twice.")


def _put(agency: Agency, line: dict[str, str]) -> bool:
    role = line.get("role", "").lower()
    if role and role not in ROLES:
        raise ValueError(f"role is one of {', '.join(ROLES)}, or empty")
    try:
        validate_email(line["email"])
        key = UUID(line["iacrea_user_id"])
    except (ValidationError, ValueError):
        raise ValueError("an e-mail address and a UUID are needed") from None
    return put_member(
        agency=agency,
        iacrea_user_id=key,
        email=line["email"],
        name=line.get("name", "")[:150],
        role=Role(role) if role else None,
    )


def _why(problem: Exception) -> str:
    texts = {
        OtherMember: "another member has this iacrea_user_id",
        OwnerByOwners: "this person owns the agency: leave the role empty",
    }
    return texts.get(type(problem), str(problem))
