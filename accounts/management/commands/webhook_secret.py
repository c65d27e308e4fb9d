from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.db import transaction

from accounts.audit import record
from accounts.selectors import agency_named


class Command(BaseCommand):
    help = "Print the secret that signs an agency's job webhooks; the audit keeps that it was read."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--agency", required=True, help="its name")

    @transaction.atomic
    def handle(self, *args: Any, **options: Any) -> None:
        agency = agency_named(options["agency"])
        if agency is None:
            raise CommandError("No such agency. `manage.py create_agency` makes one.")
        record(agency=agency, action="agency.webhook_secret_read", target=str(agency.pk))
        self.stdout.write(agency.webhook_secret)
