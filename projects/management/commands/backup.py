from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, no_translations

from projects.backups import folder


class Command(BaseCommand):
    help = (
        "Write the database as one moment of it, while it is in use, and the list of the files "
        "that it names, into a new folder. Copy the storage afterwards. docs/backups.md"
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("folder", type=Path, help="where the new folder is made")

    @no_translations
    def handle(self, *args: Any, **options: Any) -> str:
        """Prints the folder's path only, for a script to take."""
        return str(folder.write(options["folder"]))
