from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from accounts.models import User
from accounts.selectors import user_with_email
from accounts.services import find_or_create_user
from accounts.staff_roles import NONE, ROLES, give_role

BY_COMMAND = "manage.py"


class Command(BaseCommand):
    help = (
        "Give a person a role at the support desk, in the place of what they had; `none` takes it "
        "away. With --new the account is made: its password is set by “Forgotten password”."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("email")
        parser.add_argument("role", choices=[*ROLES, NONE])
        parser.add_argument("--reason", required=True, help="it stays in the audit trail")
        parser.add_argument("--new", action="store_true", help="make the account if there is none")
        parser.add_argument("--name", default="", help="of a new account")

    def handle(self, *args: Any, **options: Any) -> None:
        reason = options["reason"].strip()
        if not reason:
            raise CommandError("Say why: --reason=…")
        user, role = self._user(**options), options["role"]
        changed = give_role(user, role, actor_id=BY_COMMAND, reason=reason)
        self.stdout.write(f"{user.email}: {role}" + ("" if changed else " already"))

    def _user(self, *, email: str, name: str, new: bool, **_options: Any) -> User:
        """An address with a mistake in it must not get in by itself."""
        if found := user_with_email(email):
            return found
        if not new:
            raise CommandError(f"Nobody has the address {email}. With --new an account is made.")
        return find_or_create_user(email=email, name=name)
