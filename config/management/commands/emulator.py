"""A thin wrapper: the emulator itself knows nothing of Django."""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand

from integrations.emulator import server


class Command(BaseCommand):
    help = "Run the stateful stand-in for iacrea."
    requires_system_checks = ()

    def add_arguments(self, parser: ArgumentParser) -> None:
        server.add_arguments(parser)

    def handle(self, *args: Any, **options: Any) -> None:
        raise SystemExit(server.run(options))
