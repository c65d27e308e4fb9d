from typing import Any

from django.core.management.base import BaseCommand, CommandError

from accounts.reencryption import encrypt_anew
from integrations.doors.crypto import KeyGone


class Command(BaseCommand):
    help = (
        "Write every secret anew under the first of ENCRYPTION_KEYS: put a new key in front, "
        "restart all processes, run this, then take the old one away."
    )

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            for name, rows in encrypt_anew():
                self.stdout.write(f"{rows:8} {name}")
        except KeyGone as error:
            raise CommandError(
                "None of ENCRYPTION_KEYS opens a row: put the key that is missing back at the end, "
                "then run this again. Nothing was lost."
            ) from error
